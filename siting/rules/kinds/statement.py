"""A sentence without a number: it is carried along to be read, and nothing is claimed about it."""

from __future__ import annotations

from siting.rules.base import Rule
from siting.rules.kinds.kind import Kind, conclude, leave, untested
from siting.rules.verdict import Check, Evidence
from siting.words import Phrase


def check(rule: Rule, seen: Evidence) -> Check:
    """Neither kept nor broken."""
    evidence = Phrase(
        f"无数量指标，由人工核对。条文：{rule.says.zh}",
        f"No number to test, for people to judge. The clause: {rule.says.en}",
    )
    return conclude(rule, seen, untested(float("nan"), evidence))


KIND = Kind(leave, check, units=("none",))

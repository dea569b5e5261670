"""At least so large a share of all seats is offered by certain operators."""

from __future__ import annotations

import math

from siting.rules.base import Rule
from siting.rules.kinds.kind import TOLERANCE, Finding, Kind, conclude, counted, leave, untested
from siting.rules.verdict import Check, Evidence
from siting.study import OPERATOR_NAMES
from siting.words import Phrase


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when the operators named have that share of the seats in the programme's area.

    Seats, because a plan decides seats; who enrols is not in it. Schools with unknown seats are left out.
    """
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    known = [school for school in seen.schools if not math.isnan(school.seats)]
    seats = sum(school.seats for school in known)
    if seats == 0:
        return untested(rule.value, Phrase("学位数不详，无从核查。", "No seats are known; nothing to test."))
    theirs = sum(school.seats for school in counted(rule, seen) if not math.isnan(school.seats))
    share, unknown = 100.0 * theirs / seats, len(seen.schools) - len(known)
    evidence = Phrase(
        f"{_who(rule).zh}学位占 {seats:,.0f} 个学位的 {share:.1f}%；学位不详未计 {unknown} 所。",
        f"{share:.1f} % of {seats:,.0f} seats are {_who(rule).en}; {unknown} schools with unknown seats are left out.",
    )
    return Finding(share >= rule.value - TOLERANCE, share, rule.value, (), evidence)


def _who(rule: Rule) -> Phrase:
    named = [words for operator, words in OPERATOR_NAMES.items() if operator in rule.operators]
    return Phrase("、".join(name.zh for name in named), ", ".join(name.en for name in named))


KIND = Kind(leave, check, units=("% of seats",), needs=frozenset({"value", "operators"}))

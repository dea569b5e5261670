"""A target in numbers that a siting plan cannot be tested against: it says which data are missing."""

from __future__ import annotations

from collections.abc import Mapping

from siting.rules.base import Rule
from siting.rules.kinds.kind import Kind, conclude, leave, untested
from siting.rules.verdict import Check, Evidence
from siting.words import Phrase

LACKS: Mapping[str, Phrase] = {
    "% enrolled": Phrase("缺分年龄适龄人口和在校（园）生名册", "children by single year of age, and who is enrolled"),
    "% retained": Phrase("缺九年前入学人数和本年毕业人数", "entrants nine years ago and this year's graduates"),
    "% of migrant pupils": Phrase(
        "方案中没有各校随迁子女登记数（学校表有此列的，见“指标”表）",
        "registered migrant pupils of each school, which no plan holds (where the schools do, see the indicators)",
    ),
}
"""The units of indicators, and what would have to be known to test them."""


def check(rule: Rule, seen: Evidence) -> Check:
    """Neither kept nor broken."""
    lacks = LACKS[rule.unit]
    evidence = Phrase(
        f"未核查：{lacks.zh}。条文：{rule.says.zh}", f"Not tested, for want of {lacks.en}. The clause: {rule.says.en}"
    )
    return conclude(rule, seen, untested(rule.value, evidence))


KIND = Kind(leave, check, units=tuple(LACKS), needs=frozenset({"value"}))

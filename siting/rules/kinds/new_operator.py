"""What is newly built is run by certain operators."""

from __future__ import annotations

from siting.rules.base import Rule
from siting.rules.kinds.kind import Finding, Kind, conclude, leave, listed, untested
from siting.rules.verdict import Check, Evidence, Served
from siting.study import OPERATOR_NAMES
from siting.words import Phrase


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every newly built school has one of the operators."""
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    built = [school for school in seen.schools if school.action == "new"]
    if not built:
        return untested(0.0, Phrase("没有新建学校。", "Nothing is newly built."))
    broken = [school for school in built if school.operator not in rule.operators]
    evidence = listed(
        [_name(school) for school in broken],
        Phrase(
            f"新建 {len(built)} 所均符合办学性质要求。", f"All {len(built)} new schools have the operator asked for."
        ),
        Phrase("新建学校办学性质不符", "New schools with another operator"),
    )
    return Finding(not broken, float(len(broken)), 0.0, tuple(school.name for school in broken), evidence)


def _name(school: Served) -> Phrase:
    operator = OPERATOR_NAMES[school.operator]
    return Phrase(f"{school.name}（{operator.zh}）", f"{school.name} ({operator.en})")


KIND = Kind(leave, check, units=("schools",), needs=frozenset({"operators"}))

"""Schools with fewer pupils than so many are named, so that they are looked after; none is closed for it."""

from __future__ import annotations

from siting.rules.base import Rule
from siting.rules.kinds.kind import Finding, Kind, conclude, counted, leave, listed
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase


def check(rule: Rule, seen: Evidence) -> Check:
    """Names the schools below the number. The sentence sets no limit, so it is neither kept nor broken."""
    small = sorted(
        (school for school in counted(rule, seen) if school.pupils < rule.value), key=lambda school: school.pupils
    )
    evidence = listed(
        [_name(school) for school in small],
        Phrase(f"没有不足 {rule.value:g} 名学生的学校。", f"No school has fewer than {rule.value:g} pupils."),
        Phrase(
            f"{len(small)} 所学校不足 {rule.value:g} 人，应予保障",
            f"{len(small)} schools below {rule.value:g} pupils need care",
        ),
    )
    where = tuple(school.name for school in small)
    return conclude(rule, seen, Finding(None, float(len(small)), rule.value, where, evidence))


def _name(school: Served) -> Phrase:
    return Phrase(f"{school.name}（{school.pupils:.0f} 人）", f"{school.name} ({school.pupils:.0f} pupils)")


KIND = Kind(leave, check, units=("pupils",), needs=frozenset({"value"}), may=frozenset({"operators"}))

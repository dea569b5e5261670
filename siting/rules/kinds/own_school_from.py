"""A village of at least so many residents runs its own school (大村独办)."""

from __future__ import annotations

from collections import Counter

from siting.rules.base import Rule
from siting.rules.kinds.kind import TOLERANCE, Finding, Kind, conclude, counted, listed, settle, untested
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence
from siting.words import Phrase


def restrict(rule: Rule, terms: Terms) -> Terms:
    """The lowest threshold of all rules is the one that counts."""
    return settle(terms, rule, own_school_from=rule.value) if rule.value < terms.own_school_from else terms


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when an open school stands in every village that reaches the threshold, its blocks added up."""
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    large = _large_villages(rule, seen)
    if not large:
        return untested(
            rule.value, Phrase(f"没有 {rule.value:,.0f} 人以上的村。", f"No village has {rule.value:,.0f} residents.")
        )
    part_of = dict(zip(seen.unit_id, seen.unit_part_of, strict=True))
    served = {part_of.get(school.unit_id, "") for school in counted(rule, seen)}
    broken = sorted((village for village in large if village not in served), key=lambda village: -large[village])
    names = _names(seen)
    evidence = listed(
        [_name(names[village], large[village]) for village in broken],
        Phrase(
            f"{len(large)} 个 {rule.value:,.0f} 人以上的村均有自己的学校。",
            f"All {len(large)} villages of {rule.value:,.0f} residents or more have a school of their own.",
        ),
        Phrase(
            f"{rule.value:,.0f} 人以上而没有自己学校的村",
            f"Villages of {rule.value:,.0f} residents or more without a school",
        ),
    )
    measured = large[broken[0]] if broken else min(large.values())
    return Finding(not broken, measured, rule.value, tuple(names[village] for village in broken), evidence)


def _large_villages(rule: Rule, seen: Evidence) -> dict[str, float]:
    total: Counter[str] = Counter()
    for village, people in zip(seen.unit_part_of, seen.residents.tolist(), strict=True):
        total[village] += people
    return {village: people for village, people in total.items() if people >= rule.value - TOLERANCE}


def _names(seen: Evidence) -> dict[str, str]:
    """The name of a village: its own unit's, else that of its first block."""
    names: dict[str, str] = {}
    for unit, name, village in zip(seen.unit_id, seen.unit_name, seen.unit_part_of, strict=True):
        if unit == village or village not in names:
            names[village] = name
    return names


def _name(village: str, residents: float) -> Phrase:
    return Phrase(f"{village}（{residents:,.0f} 人）", f"{village} ({residents:,.0f} residents)")


KIND = Kind(restrict, check, units=("residents",), needs=frozenset({"value"}), may=frozenset({"operators"}))

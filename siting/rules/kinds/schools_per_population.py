"""One school for every so many residents of a planning unit."""

from __future__ import annotations

import math
from collections import Counter

from siting.rules.base import Rule
from siting.rules.kinds.kind import TOLERANCE, Finding, Kind, conclude, counted, listed, settle, untested
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence
from siting.words import Phrase


def restrict(rule: Rule, terms: Terms) -> Terms:
    """A rule replaces the looser bounds before it."""
    if rule.lower > terms.per_school_lower:
        terms = settle(terms, rule, per_school_lower=rule.lower)
    return settle(terms, rule, per_school_upper=rule.upper) if rule.upper < terms.per_school_upper else terms


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every planning unit has between ceil(P / upper) and floor(P / lower) schools, and room for one."""
    return conclude(rule, seen, _found(rule, seen))


def allowed_counts(residents: float, lower: float, upper: float) -> tuple[int, int]:
    """The fewest and the most schools for so many residents; too few residents for the band may have one school."""
    fewest = math.ceil(residents / upper - TOLERANCE)
    return fewest, max(fewest, math.floor(residents / lower + TOLERANCE))


def _found(rule: Rule, seen: Evidence) -> Finding:
    residents: Counter[str] = Counter()
    for place, people in zip(seen.planning_unit, seen.residents.tolist(), strict=True):
        residents[place] += people
    if not residents:
        return untested(rule.upper, Phrase("没有规划单元。", "No planning units."))
    schools = Counter(school.planning_unit for school in counted(rule, seen))
    miss = {
        place: _miss(schools[place], *allowed_counts(people, rule.lower, rule.upper))
        for place, people in residents.items()
    }
    broken = sorted((place for place in residents if miss[place]), key=lambda place: -miss[place])
    names = [_name(rule, place, residents[place], schools[place]) for place in broken]
    measured = sum(residents.values()) / max(sum(schools[place] for place in residents), 1)
    return Finding(
        not broken, measured, rule.upper, tuple(broken), listed(names, _all_within(rule, residents), _outside(rule))
    )


def _miss(count: int, fewest: int, most: int) -> int:
    """Schools missing or too many."""
    return max(fewest - count, count - most, 0)


def _name(rule: Rule, place: str, residents: float, count: int) -> Phrase:
    fewest, most = allowed_counts(residents, rule.lower, rule.upper)
    return Phrase(
        f"{place}（{residents:,.0f} 人应设 {fewest}-{most} 所，现 {count} 所）",
        f"{place} ({residents:,.0f} residents, {fewest}-{most} schools expected, {count} there)",
    )


def _all_within(rule: Rule, residents: Counter[str]) -> Phrase:
    return Phrase(
        f"{len(residents)} 个规划单元均为每 {rule.lower:,.0f}-{rule.upper:,.0f} 人 1 所。",
        f"All {len(residents)} planning units have one school per {rule.lower:,.0f}-{rule.upper:,.0f} residents.",
    )


def _outside(rule: Rule) -> Phrase:
    return Phrase(
        f"不符合每 {rule.lower:,.0f}-{rule.upper:,.0f} 人 1 所的规划单元",
        f"Planning units without one school per {rule.lower:,.0f}-{rule.upper:,.0f} residents",
    )


KIND = Kind(restrict, check, units=("residents",), needs=frozenset({"lower", "upper"}), may=frozenset({"operators"}))

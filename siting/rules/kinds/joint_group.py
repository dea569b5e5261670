"""Smaller villages share one school as whole villages, together a school's service population (小村联办)."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from siting.rules.base import Rule
from siting.rules.kinds.kind import TOLERANCE, Finding, Kind, conclude, counted, listed, settle, untested, villages_of
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase, name_some


def restrict(rule: Rule, terms: Terms) -> Terms:
    """Catchments are made of whole villages."""
    return settle(terms, rule, is_joint=True)


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every shared catchment is in the band and no village is torn between schools.

    A village above the upper bound may be divided. An extended school with a seat for every pupil may serve more.
    """
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    groups = [school for school in counted(rule, seen) if len(villages_of(school, seen)) > 1]
    torn = _torn_villages(rule, seen)
    if not groups and not torn:
        return untested(rule.upper, Phrase("没有联办的学校。", "No villages share a school."))
    outside = sorted((group for group in groups if _miss(rule, group) > 0), key=lambda group: -_miss(rule, group))
    names = [*(_torn(village) for village in torn), *(_group(group, seen) for group in outside)]
    evidence = listed(names, _all_within(rule, groups, seen), _outside(rule))
    measured = outside[0].residents if outside else max((group.residents for group in groups), default=float("nan"))
    return Finding(not names, measured, rule.upper, (*torn, *(group.name for group in outside)), evidence)


def _torn_villages(rule: Rule, seen: Evidence) -> list[str]:
    """Villages whose blocks go to different schools although one school could serve them all."""
    schools, total = defaultdict(set), Counter[str]()
    for village, school, people in zip(seen.unit_part_of, seen.school.tolist(), seen.residents.tolist(), strict=True):
        schools[village].add(school)
        total[village] += people
    return [village for village in schools if len(schools[village]) > 1 and total[village] <= rule.upper + TOLERANCE]


def _miss(rule: Rule, group: Served) -> float:
    has_seats = group.action == "extend" and group.pupils <= group.seats + TOLERANCE
    above = 0.0 if has_seats else group.residents - rule.upper
    return max(rule.lower - group.residents - TOLERANCE, above - TOLERANCE, 0.0)


def _torn(village: str) -> Phrase:
    return Phrase(f"{village} 被分给不同学校", f"{village} is torn between schools")


def _group(group: Served, seen: Evidence) -> Phrase:
    names = dict(zip(seen.unit_id, seen.unit_name, strict=True))
    members, metres = name_some([names[member] for member in group.members]), _farthest(group, seen)
    return Phrase(
        f"{group.name} 联办 {members.zh}，共 {group.residents:,.0f} 人，最远 {metres:.0f} 米",
        f"{group.name} shared by {members.en}: {group.residents:,.0f} residents, farthest {metres:.0f} m",
    )


def _farthest(group: Served, seen: Evidence) -> float:
    """Metres of the farthest populated point of a catchment; 0 where nobody lives in it."""
    is_member = np.isin(np.array(seen.unit_id, dtype=object), group.members)
    theirs = is_member[seen.point_unit] & (seen.point_residents > 0)
    return float(seen.point_metres[theirs].max(initial=0.0))


def _all_within(rule: Rule, groups: list[Served], seen: Evidence) -> Phrase:
    farthest = max((_farthest(group, seen) for group in groups), default=0.0)
    return Phrase(
        f"{len(groups)} 所联办学校均由整村组成，服务 {rule.lower:,.0f}-{rule.upper:,.0f} 人，最远 {farthest:.0f} 米。",
        f"All {len(groups)} shared schools serve whole villages, {rule.lower:,.0f}-{rule.upper:,.0f} residents "
        f"together, farthest {farthest:.0f} m.",
    )


def _outside(rule: Rule) -> Phrase:
    return Phrase(
        f"联办应为整村、合计 {rule.lower:,.0f}-{rule.upper:,.0f} 人，不符合",
        f"Not whole villages of {rule.lower:,.0f}-{rule.upper:,.0f} residents together",
    )


KIND = Kind(restrict, check, units=("residents",), needs=frozenset({"lower", "upper"}), may=frozenset({"operators"}))

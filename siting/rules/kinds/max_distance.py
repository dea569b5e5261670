"""Residents live within so many metres, by road, of the school they are assigned to."""

from __future__ import annotations

import math

import numpy as np

from siting.rules.base import Rule
from siting.rules.kinds.kind import (
    TOLERANCE,
    Finding,
    Kind,
    conclude,
    listed,
    settle,
    settle_operators,
    untested,
)
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence
from siting.study import FloatArray
from siting.words import Phrase


def restrict(rule: Rule, terms: Terms) -> Terms:
    """The shortest radius of all rules is the one that counts."""
    terms = settle_operators(terms, rule)
    return settle(terms, rule, radius_m=rule.value) if rule.value < terms.radius_m else terms


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every resident's own road to the assigned school is within the distance, the limit included."""
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    if seen.point_residents.sum() == 0:
        return untested(rule.value, Phrase("没有人口，无从核查。", "Nobody lives here; nothing to test."))
    is_far = (seen.point_residents > 0) & ~(seen.point_metres <= rule.value + TOLERANCE)
    beyond = np.bincount(seen.point_unit[is_far], seen.point_residents[is_far], minlength=len(seen.unit_id))
    farthest = _farthest(seen)
    worst_first = np.argsort(-beyond, kind="stable")[: np.count_nonzero(beyond)]
    names = [_name(seen.unit_name[unit], beyond[unit], farthest[unit]) for unit in worst_first]
    measured = float(farthest.max())
    evidence = listed(names, _all_within(rule, seen, measured), _some_beyond(rule, seen, float(beyond.sum())))
    return Finding(not names, measured, rule.value, tuple(seen.unit_name[unit] for unit in worst_first), evidence)


def _farthest(seen: Evidence) -> FloatArray:
    """The farthest populated point of every unit (U,); inf where a unit has no school or no road leads to it."""
    metres = np.where(np.isnan(seen.point_metres), math.inf, seen.point_metres)
    farthest = np.zeros(len(seen.unit_id))
    is_lived_in = seen.point_residents > 0
    np.maximum.at(farthest, seen.point_unit[is_lived_in], metres[is_lived_in])
    return farthest


def _name(unit: str, residents: float, metres: float) -> Phrase:
    if math.isinf(metres):
        return Phrase(
            f"{unit}（{residents:,.0f} 人，无路可达或未分配）",
            f"{unit} ({residents:,.0f} residents, no road or no school)",
        )
    return Phrase(
        f"{unit}（{residents:,.0f} 人，最远 {metres:.0f} 米）", f"{unit} ({residents:,.0f} residents, {metres:.0f} m)"
    )


def _all_within(rule: Rule, seen: Evidence, farthest: float) -> Phrase:
    everybody = seen.point_residents.sum()
    return Phrase(
        f"{everybody:,.0f} 人全部在 {rule.value:g} 米以内，最远 {farthest:.0f} 米。",
        f"All {everybody:,.0f} residents are within {rule.value:g} m, the farthest at {farthest:.0f} m.",
    )


def _some_beyond(rule: Rule, seen: Evidence, beyond: float) -> Phrase:
    share = 1.0 - beyond / float(seen.point_residents.sum())
    return Phrase(
        f"覆盖 {share:.2%}，{beyond:,.0f} 人在 {rule.value:g} 米以外",
        f"{share:.2%} covered, {beyond:,.0f} residents beyond {rule.value:g} m",
    )


KIND = Kind(restrict, check, units=("m",), needs=frozenset({"value"}), may=frozenset({"operators"}))

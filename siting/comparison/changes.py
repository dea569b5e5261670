"""What moves between two plans: sites, the school of a unit, and who is within reach. Estates are told apart."""

from __future__ import annotations

import math
from collections.abc import Iterator

from siting.comparison.matching import Matched, apart_m, shared_units
from siting.comparison.records import Apart, Change, FarVillage, ReachChange, SiteChange, UnitChange, Where
from siting.comparison.views import View, metres_of
from siting.plan import Site

SOMEBODY = 0.5
"""Residents below which a remainder is arithmetic, not a person: grids spread people in fractions."""

WORST = 10
"""Villages named as the worst served."""

_ORDER: tuple[Change, ...] = ("gained", "lost", "changed", "kept")


def site_changes(found: Matched) -> tuple[SiteChange, ...]:
    """Every site of either plan, what is gained first and what stays last."""
    told = [_site(None, site) for site in found.other] + [_site(site, None) for site in found.base]
    told += [_site(before, after) for before, after in found.both]
    return tuple(sorted(told, key=lambda change: _ORDER.index(change.change)))


def _site(base: Site | None, other: Site | None) -> SiteChange:
    named = other or base
    assert named is not None
    return SiteChange(
        change=_change(base, other),
        name=named.name,
        township=named.township,
        base_id=base.id if base else "",
        other_id=other.id if other else "",
        base_action=base.action if base else "",
        other_action=other.action if other else "",
        base_classes=base.classes if base else 0.0,
        other_classes=other.classes if other else 0.0,
        base_seats=base.seats if base else 0.0,
        other_seats=other.seats if other else 0.0,
        base_residents=base.service_population if base else 0.0,
        other_residents=other.service_population if other else 0.0,
        moved_m=apart_m(base, other) if base and other else math.nan,
    )


def _change(base: Site | None, other: Site | None) -> Change:
    """What happens to a site; its action or its size makes the difference, not whom it serves."""
    if base is None:
        return "gained"
    if other is None:
        return "lost"
    is_same = base.action == other.action and _same(base.classes, other.classes) and _same(base.seats, other.seats)
    return "kept" if is_same else "changed"


def _same(one: float, two: float) -> bool:
    return one == two or (math.isnan(one) and math.isnan(two))


def unit_changes(base: View, other: View, found: Matched) -> tuple[UnitChange, ...]:
    """Units of both plans whose school is another one, the most residents first."""
    becomes = {before.id: after.id for before, after in found.both}
    moved = [
        _unit(base, other, unit)
        for unit in shared_units(base, other)
        if becomes.get(base.given[unit].site_id, _GONE[base.given[unit].site_id == ""]) != other.given[unit].site_id
    ]
    return tuple(sorted(moved, key=lambda change: (-change.residents, change.unit_id)))


_GONE = {True: "", False: "\0"}
"""What no school becomes, and what becomes of a school that only the base plan has: no id of the other."""


def _unit(base: View, other: View, unit: str) -> UnitChange:
    return UnitChange(
        unit_id=unit,
        name=other.area.units.name[other.row[unit]],
        township=other.township(unit),
        residents=other.residents(unit),
        base_site=base.given[unit].site_id,
        other_site=other.given[unit].site_id,
        base_school=base.school(unit),
        other_school=other.school(unit),
        base_m=metres_of(base.given[unit]),
        other_m=metres_of(other.given[unit]),
    )


def reach_changes(base: View, other: View) -> tuple[ReachChange, ...]:
    """Villages of both plans with people who come within the radius or fall out of it, the largest change first."""
    villages: dict[str, list[str]] = {}
    for unit in shared_units(base, other):
        villages.setdefault(other.village_id(unit), []).append(unit)
    told = [_reach(base, other, units) for units in villages.values()]
    somebody = [one for one in told if one.gained > SOMEBODY or one.lost > SOMEBODY]
    return tuple(sorted(somebody, key=lambda one: (-one.gained - one.lost, one.village_id)))


def _reach(base: View, other: View, units: list[str]) -> ReachChange:
    more = [come_within(base, other, unit) for unit in units]
    return ReachChange(
        village_id=other.village_id(units[0]),
        name=other.village(units[0]),
        township=other.township(units[0]),
        residents=sum(other.residents(unit) for unit in units),
        gained=sum(people for people in more if people > 0),
        lost=-sum(people for people in more if people < 0),
    )


def come_within(base: View, other: View, unit: str) -> float:
    """Residents of a unit who come within the radius (negative: fall out of it), as ``ReachChange`` counts them.

    A village nobody lived in before has nobody who could gain or lose.
    """
    before, after = base.residents(unit), other.residents(unit)
    if not (before > 0 and after > 0):
        return 0.0
    return (other.given[unit].covered / after - base.given[unit].covered / before) * after


def apart(base: View, other: View) -> tuple[Apart, ...]:
    """Units of one plan only, the other's first: they are new."""
    shared = set(shared_units(base, other))
    return (*_only(other, shared, "other"), *_only(base, shared, "base"))


def _only(view: View, shared: set[str], where: Where) -> Iterator[Apart]:
    for unit in view.given:
        if unit not in shared:
            name = view.area.units.name[view.row[unit]]
            yield Apart(unit, name, view.township(unit), view.residents(unit), where)


def worst_served(view: View) -> tuple[FarVillage, ...]:
    """The WORST villages whose residents walk farthest on average; villages without residents are not served badly."""
    villages: dict[str, list[str]] = {}
    for unit in view.given:
        if view.residents(unit) > 0:
            villages.setdefault(view.village_id(unit), []).append(unit)
    told = [_far(view, village, units) for village, units in villages.items()]
    return tuple(sorted(told, key=lambda one: (-one.mean_m, one.village_id))[:WORST])


def _far(view: View, village: str, units: list[str]) -> FarVillage:
    residents = sum(view.residents(unit) for unit in units)
    walked = sum(view.residents(unit) * metres_of(view.given[unit]) for unit in units)
    return FarVillage(
        village, view.village(units[0]), view.township(units[0]), residents, walked / residents, _most_go(view, units)
    )


def _most_go(view: View, units: list[str]) -> str:
    goes: dict[str, float] = {}
    for unit in units:
        goes[view.school(unit)] = goes.get(view.school(unit), 0.0) + view.residents(unit)
    return max(goes, key=lambda school: goes[school])

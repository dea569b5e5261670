"""Which sites and units of two plans are the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from siting.comparison.views import View
from siting.plan import Site

SAME_PLACE_M = 5.0
"""Metres within which two candidates of different ids are one place."""

SAME_ID_M = 200.0
"""Metres beyond which two new builds of one id are two places: generated candidates are numbered by village, and where
people crowd may differ between two study areas. An existing school is itself wherever it stands."""


class Matched(NamedTuple):
    """Sites of both plans that are one, in the base plan's order, and those that only one plan has."""

    both: tuple[tuple[Site, Site], ...]
    base: tuple[Site, ...]
    other: tuple[Site, ...]


def match_sites(base: View, other: View) -> Matched:
    """By id first; then the nearest of what is left, pair by pair, within SAME_PLACE_M."""
    same = {site.id: other.site[site.id] for site in base.part.sites if _is_same(site, other.site.get(site.id))}
    taken = {found.id for found in same.values()}
    left = [site for site in base.part.sites if site.id not in same]
    free = [site for site in other.part.sites if site.id not in taken]
    same |= _by_place(left, free)
    taken = {found.id for found in same.values()}
    return Matched(
        tuple((site, same[site.id]) for site in base.part.sites if site.id in same),
        tuple(site for site in base.part.sites if site.id not in same),
        tuple(site for site in other.part.sites if site.id not in taken),
    )


def _is_same(base: Site, other: Site | None) -> bool:
    if other is None:
        return False
    return (base.action, other.action) != ("new", "new") or apart_m(base, other) <= SAME_ID_M


def _by_place(left: list[Site], free: list[Site]) -> Mapping[str, Site]:
    near = sorted(
        (apart_m(one, two), one.id, two.id, two) for one in left for two in free if apart_m(one, two) <= SAME_PLACE_M
    )
    found: dict[str, Site] = {}
    for _, one, two, site in near:
        if one not in found and two not in {known.id for known in found.values()}:
            found[one] = site
    return found


def apart_m(one: Site, two: Site) -> float:
    """Metres between two sites, as the crow flies."""
    return math.hypot(one.x - two.x, one.y - two.y)


def shared_units(base: View, other: View) -> tuple[str, ...]:
    """Ids of units of both plans, in the base plan's order.

    A block is the same only where its community has the same blocks in both: divided otherwise, its numbers mean
    other people.
    """
    parts = _blocks(base), _blocks(other)

    def is_same(unit: str) -> bool:
        return unit in other.given and _of(base, parts[0], unit) == _of(other, parts[1], unit)

    return tuple(unit for unit in base.given if is_same(unit))


def _blocks(view: View) -> Mapping[str, frozenset[str]]:
    """The programme's units of every village or community, by its id."""
    found: dict[str, set[str]] = {}
    for unit in view.given:
        found.setdefault(view.village_id(unit), set()).add(unit)
    return {village: frozenset(units) for village, units in found.items()}


def _of(view: View, parts: Mapping[str, frozenset[str]], unit: str) -> frozenset[str]:
    return parts[view.village_id(unit)]

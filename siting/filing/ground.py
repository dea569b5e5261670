"""Where catchments lie: what adjoins them on the four sides, and the units cut off from their main piece (飞地).

Shapes are those given, else the land nearest to where people live: good enough to say who the neighbours are, no legal
boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from siting.export.catchment_annex import Ground
from siting.export.named import Named, listed, unit_names
from siting.plan import Plan, TierPlan
from siting.shapes import unit_shapes
from siting.study import FloatArray, IntArray, StudyArea
from siting.words import Phrase

TOUCH_M = 120.0
"""Shapes this near to each other adjoin: boundaries that are drawn, or smoothed, leave slivers between them."""

SIDES = (Phrase("东至", "east"), Phrase("南至", "south"), Phrase("西至", "west"), Phrase("北至", "north"))
MOST_NAMED = 2
"""Neighbours named on one side, those with the longest common border."""

NOBODY = Phrase("规划范围外", "beyond the study area")


def grounds(plan: Plan, area: StudyArea) -> Mapping[tuple[str, str], Ground]:
    """The ground of every catchment, by programme and site."""
    map_ = _drawn(area)
    return {
        (part.programme, site): _ground(map_, members, site_of)
        for part in plan.parts
        for site_of in (_site_of(part, map_),)
        for site, members in _members(part, map_).items()
    }


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Units (U,) as shapes, their residents, names and ids, and every pair (P, 2) of units that adjoin, both ways."""

    shape: np.ndarray
    residents: FloatArray
    unit_id: tuple[str, ...]
    names: Mapping[str, Named]
    pair: IntArray
    tree: shapely.STRtree

    def name(self, units: Iterable[int]) -> tuple[str, ...]:
        """Units by name; villages whose every block is among them by their own."""
        return listed((self.unit_id[unit] for unit in units), self.names)


def _drawn(area: StudyArea) -> _Drawn:
    shape = unit_shapes(area).geometry.to_numpy()
    tree = shapely.STRtree(shape)
    pair = tree.query(shape, "dwithin", distance=TOUCH_M).T
    apart = pair[pair[:, 0] != pair[:, 1]]
    return _Drawn(shape, area.units.residents, area.units.id, unit_names(area), apart, tree)


def _members(part: TierPlan, map_: _Drawn) -> Mapping[str, IntArray]:
    row = {unit: at for at, unit in enumerate(map_.unit_id)}
    return {site.id: np.array([row[unit] for unit in site.units], dtype=np.int64) for site in part.sites if site.units}


def _site_of(part: TierPlan, map_: _Drawn) -> dict[int, str]:
    row = {unit: at for at, unit in enumerate(map_.unit_id)}
    return {row[given.unit_id]: given.site_id for given in part.assignments}


def _ground(map_: _Drawn, members: IntArray, site_of: Mapping[int, str]) -> Ground:
    return Ground(_bounds(map_, members), map_.name(_cut_off(map_, members, site_of)))


# --- enclaves --------------------------------------------------------------------------------------------------


def _cut_off(map_: _Drawn, members: IntArray, site_of: Mapping[int, str]) -> list[int]:
    """Members outside the piece with the most residents. Pieces hold together where units adjoin, and where nothing
    but land of nobody lies between them."""
    piece = _pieces(map_, members)
    if piece.max(initial=0) == 0:
        return []
    piece = _bridged(map_, members, piece, site_of)
    people = np.bincount(piece, map_.residents[members])
    return [int(unit) for unit in members[piece != int(people.argmax())]]


def _pieces(map_: _Drawn, members: IntArray) -> IntArray:
    """The piece (M,) each member belongs to, by units that adjoin."""
    at = np.full(len(map_.shape), -1, dtype=np.int64)
    at[members] = np.arange(len(members))
    pair = at[map_.pair]
    return _components(pair[(pair >= 0).all(axis=1)], len(members))


def _components(pair: IntArray, count: int) -> IntArray:
    table = coo_matrix((np.ones(len(pair)), (pair[:, 0], pair[:, 1])), shape=(count, count))
    return np.asarray(connected_components(table, directed=False)[1], dtype=np.int64)


def _bridged(map_: _Drawn, members: IntArray, piece: IntArray, site_of: Mapping[int, str]) -> IntArray:
    """The pieces once those are joined between which no other school's unit lies on the shortest way."""
    lands = [shapely.union_all(map_.shape[members[piece == one]]) for one in range(int(piece.max()) + 1)]
    site, pairs = site_of[int(members[0])], []
    for one, land in enumerate(lands):
        for other in range(one + 1, len(lands)):
            way = shapely.shortest_line(land, lands[other])
            met = map_.tree.query(way, "intersects")
            if all(site_of.get(int(unit), "") in ("", site) for unit in met):
                pairs.append((one, other))
    return _components(np.array(pairs, dtype=np.int64).reshape(-1, 2), len(lands))[piece]


# --- bounds ----------------------------------------------------------------------------------------------------


def _bounds(map_: _Drawn, members: IntArray) -> Phrase:
    """东至…，南至…，西至…，北至…: the neighbours, each on the side where it adjoins."""
    met = _neighbours(map_, members)
    sides: list[list[tuple[float, int]]] = [[], [], [], []]
    centre = shapely.centroid(shapely.union_all(map_.shape[members]))
    for unit, touching in met.items():
        border = shapely.intersection(
            shapely.union_all(map_.shape[touching]), shapely.buffer(map_.shape[unit], TOUCH_M)
        )
        sides[_side(centre, shapely.centroid(border))].append((-float(border.area), unit))
    told = [_told(map_, side, found) for side, found in zip(SIDES, sides, strict=True)]
    return Phrase("，".join(one.zh for one in told), "; ".join(one.en for one in told))


def _neighbours(map_: _Drawn, members: IntArray) -> Mapping[int, list[int]]:
    """Units of others that adjoin some member, with the members they adjoin."""
    inside = np.isin(map_.pair, members)
    met: dict[int, list[int]] = {}
    for member, unit in map_.pair[inside[:, 0] & ~inside[:, 1]].tolist():
        met.setdefault(unit, []).append(member)
    return met


def _side(centre: shapely.Point, border: shapely.Point) -> int:
    """0 to the east, 1 south, 2 west, 3 north."""
    east, north = border.x - centre.x, border.y - centre.y
    if abs(east) >= abs(north):
        return 0 if east >= 0 else 2
    return 3 if north >= 0 else 1


def _told(map_: _Drawn, side: Phrase, found: list[tuple[float, int]]) -> Phrase:
    names = map_.name(unit for _, unit in sorted(found)[:MOST_NAMED])
    if not names:
        return Phrase(side.zh + NOBODY.zh, f"{side.en}: {NOBODY.en}")
    return Phrase(side.zh + "、".join(names), f"{side.en}: {', '.join(names)}")

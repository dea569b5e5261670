"""The school of a plan that is nearest to the people of each unit, by road."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siting.export.coverage_annex import Nearest, NearestTo
from siting.network.distances import nearest
from siting.network.ground import Ground, ground_of
from siting.network.snapping import snap
from siting.plan import Plan, Site, TierPlan
from siting.study import FloatArray, IntArray, StudyArea


def nearest_schools(plan: Plan, area: StudyArea) -> NearestTo:
    """The nearest school of every unit of every programme, among all schools the plan leaves open in it."""
    ground = ground_of(area)
    return {
        (part.programme, unit): found for part in plan.parts if part.sites for unit, found in _of_part(part, ground)
    }


def _of_part(part: TierPlan, ground: Ground) -> Iterator[tuple[str, Nearest]]:
    area = ground.area
    x, y = np.array([site.x for site in part.sites]), np.array([site.y for site in part.sites])
    which, metres = nearest(ground.network, snap(ground.network, x, y), ground.points)
    straight = np.hypot(x[which] - area.points.x, y[which] - area.points.y)
    order = np.argsort(area.points.unit, kind="stable")
    bounds = np.searchsorted(area.points.unit[order], np.arange(len(area.units) + 1))
    row = {unit: at for at, unit in enumerate(area.units.id)}
    for given in part.assignments:
        at = row[given.unit_id]
        here = order[bounds[at] : bounds[at + 1]]
        yield (
            given.unit_id,
            _of_unit(part.sites, which[here], metres[here], straight[here], area.points.residents[here]),
        )


def _of_unit(
    sites: tuple[Site, ...], which: IntArray, metres: FloatArray, straight: FloatArray, residents: FloatArray
) -> Nearest:
    """The school most residents are nearest to, the first of the plan where two have as many; nobody reached gives
    none. Places count alike where nobody lives."""
    weight = residents if residents.sum() > 0 else np.ones(len(residents))
    is_reached = np.isfinite(metres)
    if not len(which) or not is_reached.any():
        return Nearest("", np.inf, np.nan)
    most = int(np.bincount(which[is_reached], weight[is_reached]).argmax())
    lived = weight > 0
    road_m, straight_m = (float(np.average(each[lived], weights=weight[lived])) for each in (metres, straight))
    return Nearest(sites[most].name, road_m, straight_m)

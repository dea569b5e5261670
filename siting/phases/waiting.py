"""Who waits for a project: people whom no standing school covers, and pupils beyond the seats that stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.comparison.views import View
from siting.demand.needs import pupils_of
from siting.phases.near import Place, people_at, points_within, union
from siting.plan import Site
from siting.run import Study
from siting.study import FloatArray, Forecast, IntArray, StudyArea


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand of one programme's plan over the years (Y,) of a phase.

    standing: demand points within the radius of a school that stood before. pupils (S, F): of every site, by the years
    (F,) of the forecast, which is only that of the plan without one.
    """

    study: Study
    view: View
    years: tuple[int, ...]
    standing: IntArray
    pupils: FloatArray

    def site_pupils(self, site: Site) -> FloatArray:
        """Pupils of a site's units in every year of the forecast (F,)."""
        row: FloatArray = self.pupils[self.view.part.sites.index(site)]
        return row

    def waiting(self, site: Site, seats_before: float) -> FloatArray:
        """People (Y,) who wait for a project: residents of its units who will live within its radius and within that of
        no standing school, and its pupils beyond the seats there were (nan: nobody counted them, and none lack)."""
        people = self._residents(site) if site.action == "new" else np.zeros(len(self.years))
        seats = math.inf if math.isnan(seats_before) else seats_before
        pupils = np.nan_to_num(self.site_pupils(site))[in_years(self.study.area, self.years)]
        waiting: FloatArray = people + np.maximum(pupils - seats, 0.0)
        return waiting

    def _residents(self, site: Site) -> FloatArray:
        near = points_within(self.study, [Place(site.x, site.y)], self.view.part.radius_m)[0]
        people = people_at(self.study, np.setdiff1d(near, self.standing))
        own = np.array([self.view.row[unit] for unit in site.units], dtype=np.int64)
        found: FloatArray = people[own] @ _growth(self.study.area, self.years)[own]
        return found


def demand(study: Study, view: View, years: Sequence[int]) -> Demand:
    """The demand of a programme's plan."""
    before = [Place(site.x, site.y) for site in view.part.sites if site.action != "new"]
    standing = union(points_within(study, before, view.part.radius_m))
    return Demand(study, view, tuple(years), standing, _pupils(view, study.area.forecast))


def _pupils(view: View, ahead: Forecast | None) -> FloatArray:
    sites = list(view.part.sites)
    if ahead is None or view.part.tier not in ahead.children:
        return np.array([site.pupils for site in sites], dtype=np.float64).reshape(len(sites), 1)
    return pupils_of(sites, view.part.tier, view.area, ahead)


def in_years(area: StudyArea, years: Sequence[int]) -> IntArray:
    """Where years stand in the forecast (Y,); those before or after it are as its first or last, and without one all
    years are alike."""
    if area.forecast is None:
        return np.zeros(len(years), dtype=np.int64)
    first = int(area.forecast.year[0])
    return np.clip(np.array(years, dtype=np.int64) - first, 0, len(area.forecast.year) - 1)


def _growth(area: StudyArea, years: Sequence[int]) -> FloatArray:
    """Residents of every unit in every year (U, Y) as multiples of those in the year planned for."""
    ahead = area.forecast
    if ahead is None:
        return np.ones((len(area.units), len(years)))
    row: Mapping[str, int] = {unit: at for at, unit in enumerate(ahead.unit_id)}
    of = np.array([row[unit] for unit in area.units.part_of], dtype=np.int64)
    planned = ahead.residents[:, ahead.year_planned - int(ahead.year[0])][:, None]
    then = ahead.residents[:, in_years(area, years)]
    times: FloatArray = np.divide(then, planned, out=np.zeros_like(then), where=planned > 0)[of]
    return times

"""One programme of a finished plan, looked up by unit and by site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siting.finished import Finished
from siting.plan import Assignment, Site, TierPlan
from siting.project import Programme
from siting.rules.gather import terms_for
from siting.rules.terms import Terms
from siting.study import FloatArray, StudyArea


@dataclass(frozen=True, slots=True)
class View:
    """A programme of a plan. row maps a unit id to its position in the study area, given to its assignment (units of
    the programme only, in the plan's order), site a site id to the site."""

    part: TierPlan
    asked: Programme
    terms: Terms
    area: StudyArea
    row: Mapping[str, int]
    given: Mapping[str, Assignment]
    site: Mapping[str, Site]

    def residents(self, unit_id: str) -> float:
        """Residents of a unit."""
        return float(self.area.units.residents[self.row[unit_id]])

    def everybody(self) -> FloatArray:
        """Residents of the programme's units (U,)."""
        return np.array([self.residents(unit) for unit in self.given], dtype=np.float64)

    def metres(self) -> FloatArray:
        """Mean road metres of each unit's residents (U,), inf without a school."""
        return np.array([metres_of(given) for given in self.given.values()], dtype=np.float64)

    def village_id(self, unit_id: str) -> str:
        """The village or community a unit is, or was divided from."""
        return self.area.units.part_of[self.row[unit_id]]

    def village(self, unit_id: str) -> str:
        """Its name."""
        return self.area.units.village(self.row[unit_id])

    def township(self, unit_id: str) -> str:
        """The township a unit lies in."""
        return self.area.units.township[self.row[unit_id]]

    def school(self, unit_id: str) -> str:
        """The name of a unit's school, "" for none."""
        site = self.site.get(self.given[unit_id].site_id)
        return site.name if site else ""


def metres_of(given: Assignment) -> float:
    """Metres to school; inf without one."""
    return given.metres if given.site_id else float("inf")


def views(finished: Finished) -> Mapping[str, View]:
    """Every programme of a plan that its study asks for, by key."""
    asked = {programme.key: programme for programme in finished.project.programmes}
    row = {unit: k for k, unit in enumerate(finished.area.units.id)}
    return {
        part.programme: View(
            part=part,
            asked=asked[part.programme],
            terms=terms_for(finished.book, asked[part.programme]),
            area=finished.area,
            row=row,
            given={given.unit_id: given for given in part.assignments},
            site={site.id: site for site in part.sites},
        )
        for part in finished.plan.parts
        if part.programme in asked
    }

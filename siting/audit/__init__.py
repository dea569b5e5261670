"""What exists and whom it serves, before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from siting.audit.frames import coverage_frame, planning_units_frame, schools_frame, uncovered_frame, walks_frame
from siting.audit.walks import Ground, Walks, walk
from siting.network.ground import ground_of
from siting.progress import Step, Tell, quietly
from siting.project import Programme, Project, areas_of, programme_name
from siting.rules.base import RuleBook
from siting.rules.gather import terms_for
from siting.study import TIERS, Area, StudyArea, Tier
from siting.words import Phrase

__all__ = ["Audit", "audit", "audited"]


@dataclass(frozen=True, slots=True, eq=False)
class Audit:
    """What exists, as frames; every row names the key of its programme, a tier in an area ("kindergarten-rural").

    coverage (whole programmes), areas and townships: residents and children, how many are covered, the metres to the
    nearest school, schools and seats, and what straight lines would have claimed. schools: one row per school of a
    programme. planning_units: schools there against the fewest and most the rules allow. uncovered: units where
    somebody lives beyond the radius, by township, the most people first. walks: every unit's mean way and children.
    Where the rulebook promises no distance, whatever asks for a radius is nan and uncovered has no rows.
    notice is the study area's, to be shown wherever the numbers are.
    """

    notice: Phrase
    programmes: tuple[Programme, ...]
    coverage: pd.DataFrame
    areas: pd.DataFrame
    townships: pd.DataFrame
    schools: gpd.GeoDataFrame
    planning_units: pd.DataFrame
    uncovered: gpd.GeoDataFrame
    walks: pd.DataFrame


def audit(area: StudyArea, project: Project, book: RuleBook, tell: Tell = quietly) -> Audit:
    """Whom the existing schools serve: everybody by the road to the nearest school the rules count.

    Nearness is a fact, not a catchment: a school may be nearest for more people than it has room for.
    """
    walked = tuple(_walk_all(area, project, book, tell))
    return Audit(
        notice=area.notice,
        programmes=tuple(walks.programme for walks in walked),
        coverage=coverage_frame(walked),
        areas=coverage_frame(walked, ("area",)),
        townships=coverage_frame(walked, ("township_id", "township")),
        schools=schools_frame(area, walked),
        planning_units=planning_units_frame(walked, book),
        uncovered=uncovered_frame(area, walked),
        walks=walks_frame(walked),
    )


def audited(area: StudyArea, project: Project, book: RuleBook) -> tuple[Programme, ...]:
    """The study's programmes, then what they leave out: other areas of their tiers, and other tiers with schools.

    Such a tier is one programme where its rules speak of all areas alike, else one for each kind of area.
    """
    return (*project.programmes, *_left_out(area, project, book))


def _left_out(area: StudyArea, project: Project, book: RuleBook) -> Iterator[Programme]:
    known = {programme.tier for programme in project.programmes} | set(area.schools.tier)
    for tier in (tier for tier in TIERS if tier in known):
        asked = [areas_of(programme.area) for programme in project.programmes if programme.tier == tier]
        left: frozenset[Area] = areas_of("all").difference(*asked)
        for word in ("all", "urban", "rural", "city", "town"):
            if areas_of(word) <= left and not (word == "all" and _tells_areas_apart(book, tier)):
                left -= areas_of(word)
                if not areas_of(word).isdisjoint(area.units.area):
                    yield Programme(f"{tier}-{word}", tier, word)


def _tells_areas_apart(book: RuleBook, tier: Tier) -> bool:
    return any(rule.area != "all" for rule in book.of(tier, "all"))


def _walk_all(area: StudyArea, project: Project, book: RuleBook, tell: Tell) -> Iterator[Walks]:
    walked = ground_of(area)
    ground = Ground(area, walked.network, walked.points, project.pupils_per_1000)
    for programme in audited(area, project, book):
        name = programme_name(programme)
        tell(Step(Phrase(f"现状评价：{name.zh}", f"what exists: {name.en}")))
        yield walk(ground, programme, terms_for(book, programme))

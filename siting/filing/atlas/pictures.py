"""Maps that stand in the text of other documents, each a picture of its own with legend, scale and north arrow."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from siting.filing.atlas.frame import Frame, fitted
from siting.filing.atlas.ground import NEAR, Ground, ground_keys
from siting.filing.atlas.ink import Ink, Type, moved, paragraph, rect, shrunk, svg
from siting.filing.atlas.legend import Key, legend
from siting.filing.atlas.maps import Theme, map_marks
from siting.filing.atlas.places import BAR_HEIGHT, outline_of, place_frame, place_theme, plot_frame, plot_theme
from siting.filing.atlas.planned import outlines, plan_theme
from siting.filing.dossier import Dossier, Work
from siting.latest import kept_for_latest
from siting.plan import TierPlan

WIDTH, HEIGHT = 150.0, 110.0
"""Size of the pictures in mm."""

SIDE = 47.0
"""What stands beside the map: the legend, or the plot and the legend."""

NAMED = 30
"""So many projects at most are named on the map of their programme."""


class Pictures:
    """The ground of a dossier and its catchments, made once for all its pictures and sheets."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.ground = Ground(dossier.result.area)

    @cached_property
    def outlines(self) -> dict[str, gpd.GeoSeries]:
        """Catchments by programme and site."""
        return {part.programme: outlines(self.ground, part) for part in self.dossier.result.plan.parts}

    def outline(self, work: Work) -> BaseGeometry | None:
        """The catchment of a project, None where nobody is assigned to it."""
        return outline_of(self.outlines, work)

    def numbers(self, part: TierPlan) -> dict[str, str]:
        """The number within its programme of every project, by its site: that at the end of its code."""
        own = (work for work in self.dossier.works if work.part.programme == part.programme)
        return {work.site.id: work.code.rpartition("-")[2] for work in own}

    def names(self, part: TierPlan) -> dict[str, str]:
        """The same with the site's name, where there are few enough projects to write it on a map."""
        numbers = self.numbers(part)
        if len(numbers) > NAMED:
            return numbers
        return {site.id: f"{numbers[site.id]} {site.name}" for site in part.sites if site.id in numbers}


@kept_for_latest
def pictures(dossier: Dossier) -> Pictures:
    """What the pictures of a dossier share; that of the dossier last asked for is kept."""
    return Pictures(dossier)


def picture_of_programme(dossier: Dossier, part: TierPlan) -> str:
    """A programme of the plan on one map, as SVG of WIDTH x HEIGHT mm: schools by what is done with them."""
    made = pictures(dossier)
    theme = plan_theme(made.ground, part, made.numbers(part), made.outlines[part.programme])
    frame = fitted(made.ground.bounds, WIDTH - SIDE - 3.0, HEIGHT, 4.0)
    nearer = None if part.area == "rural" or made.ground.centre is None else _nearer(made.ground.centre, frame)
    return _beside(made, theme, frame, (*theme.keys, *ground_keys(made.ground)), below=nearer)


def _nearer(centre: tuple[float, float, float, float], frame: Frame) -> Frame | None:
    """The window of the centre beside a map, None where it would be hardly nearer."""
    nearer = replace(fitted(centre, SIDE, SIDE - BAR_HEIGHT, 1.0), height=SIDE)
    return nearer if nearer.scale < 0.8 * frame.scale else None


def picture_of_work(dossier: Dossier, work: Work) -> str:
    """A project's places and catchment, and beside them its illustrative plot, as SVG of WIDTH x HEIGHT mm."""
    made, outline = pictures(dossier), pictures(dossier).outline(work)
    theme = place_theme(made.ground, work, outline, dossier.settings.language)
    frame = place_frame(work, outline, WIDTH - SIDE - 3.0, HEIGHT)
    keys = (*theme.keys, *ground_keys(made.ground, frame.scale <= NEAR))
    if work.recommended.plot is None:
        return _beside(made, theme, frame, keys)
    own = plot_frame(work.recommended.plot, SIDE, SIDE)
    language = dossier.settings.language
    plot = map_marks(made.ground, plot_theme(work.recommended.plot, language), own, language, "plot")
    return _beside(made, theme, frame, keys, above=plot)


def _beside(
    made: Pictures, theme: Theme, frame: Frame, keys: tuple[Key, ...], above: str = "", below: Frame | None = None
) -> str:
    """A map, and to its right a legend: under another drawing, or over the map of a nearer window, if there is one."""
    language, left = made.dossier.settings.language, WIDTH - SIDE
    notice, foot = paragraph(made.dossier.said(made.dossier.result.area.notice), 0.0, 0.0, Type(1.9, "#8f1220"), SIDE)
    top = SIDE + 3.0 if above else 0.0
    room = HEIGHT - top - foot - 2.0 - (SIDE + 2.0 if below else 0.0)
    entries, tall = legend(keys, language, SIDE, 1, 2.3)
    near = map_marks(made.ground, theme, below, language, "near") if below else ""
    marks = [
        rect(0, 0, WIDTH, HEIGHT, Ink("#ffffff")),
        map_marks(made.ground, theme, frame, language, nearer=below),
        moved(above, left, 0.0),
        moved(shrunk(entries, tall, room), left, top + 1.0),
        moved(near, left, HEIGHT - foot - 1.0 - SIDE),
        moved(notice, left, HEIGHT - foot),
    ]
    return svg(marks, WIDTH, HEIGHT)

"""A whole page: the scene of a plan, or of what exists, drawn by Folium without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyproj import CRS
from shapely import MultiPoint

from siting.audit import Audit
from siting.latest import kept_for_latest
from siting.mapping.degrees import in_degrees
from siting.mapping.ground import ground_layers
from siting.mapping.looks import FILL_STEPS
from siting.mapping.offline import OfflineMap
from siting.mapping.programmes import audited_theme, programme_theme, tier_theme
from siting.mapping.scene import MapLayer, Scene, Theme, scene_data
from siting.mapping.tables import UnitTable, thinned, unit_table
from siting.mapping.villages import townships, units_layer
from siting.mapping.wording import WORDS
from siting.network.ground import ground_of
from siting.plan import Plan
from siting.rules.verdict import Check
from siting.shapes import unit_shapes
from siting.study import TIERS, StudyArea
from siting.words import Language, Phrase, name_some


def draw_plan(plan: Plan, area: StudyArea, language: Language = "zh", checks: tuple[Check, ...] = ()) -> str:
    """The plan as one HTML page that needs no network: a theme per programme, the first one shown."""
    units, ground = thinned(unit_shapes(area)), ground_of(area)
    themes = tuple(programme_theme(part, ground, units, checks) for part in plan.parts)
    title = Phrase(f"{area.name}学校布局规划图", f"{area.name}: school siting plan")
    return page_of(scene_of(area, title, PROGRAMME, themes, _shared(area), (unit_table(area, units),)), language)


def draw_audit(area: StudyArea, language: Language = "zh", audit: Audit | None = None) -> str:
    """What exists, without a plan: a theme per programme of an audit, or without one a theme per tier with schools."""
    units = thinned(unit_shapes(area))
    title = Phrase(f"{area.name}学校现状图", f"{area.name}: existing schools")
    choice = Phrase("学段", "Tier") if audit is None else PROGRAMME
    themes = tuple(_existing(area, audit))
    return page_of(scene_of(area, title, choice, themes, _shared(area), (unit_table(area, units),)), language)


PROGRAMME = Phrase("规划项目", "Programme")


def _existing(area: StudyArea, audit: Audit | None) -> Iterator[Theme]:
    if audit is None:
        yield from (tier_theme(tier, area) for tier in TIERS if tier in area.schools.tier)
    else:
        ground = ground_of(area)
        yield from (audited_theme(programme, audit, ground) for programme in audit.programmes)


@kept_for_latest
def _shared(area: StudyArea) -> tuple[MapLayer, ...]:
    return *ground_layers(area), units_layer(), townships(area)


def scene_of(
    area: StudyArea,
    title: Phrase,
    choice: Phrase,
    themes: tuple[Theme, ...],
    shared: tuple[MapLayer, ...],
    tables: tuple[UnitTable, ...],
) -> Scene:
    """A map of a place: its themes over the layers they share, and the units of which they speak."""
    return Scene(
        title=title,
        choice=choice,
        notice=area.notice,
        sources=_sources(area),
        bounds=_bounds(area),
        themes=themes,
        shared=shared,
        tables=tables,
    )


def _sources(area: StudyArea) -> Phrase:
    """The coordinates and the files a map is drawn from."""
    crs = CRS(area.crs)
    known = crs.geodetic_crs.name if crs.geodetic_crs else crs.name
    datum = {"China Geodetic Coordinate System 2000": "CGCS2000"}.get(known, known)
    said = Phrase(f"坐标系 {datum}（{area.crs}）", f"coordinates {datum} ({area.crs})")
    if not area.sources:
        return said
    files = name_some(sorted({file for file, _ in area.sources.values()}), most=2)
    return Phrase(f"{said.zh}；资料 {files.zh}", f"{said.en}; data {files.en}")


def _bounds(area: StudyArea) -> tuple[float, float, float, float]:
    """South, west, north, east of the boundary, or of where people live."""
    shown = area.boundary or MultiPoint(list(zip(area.points.x, area.points.y, strict=True)))
    west, south, east, north = in_degrees([shown], area.crs).total_bounds.tolist()
    return south, west, north, east


def page_of(scene: Scene, language: Language, words: Mapping[str, Phrase] | None = None) -> str:
    """The page of a scene in one language. words stand in for the usual ones of the panels."""
    said = {key: phrase.said_in(language) for key, phrase in {**WORDS, **(words or {})}.items()}
    drawn = {**scene_data(scene, language), "words": said, "fillSteps": FILL_STEPS}
    return OfflineMap(scene.title.said_in(language), drawn).to_html()

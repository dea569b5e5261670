"""What a programme of the plan proposes, and whom each school is to serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import geopandas as gpd
import numpy as np

from siting.filing.atlas import looks
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import Ink, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key, sign_key
from siting.filing.atlas.maps import Draw, Marks, Theme
from siting.filing.dossier import Work
from siting.frames import uncovered_frame
from siting.mapping.programmes import neighbour_colours, part_shapes
from siting.plan import Action, Site, TierPlan
from siting.study import FloatArray
from siting.words import Phrase

ORDER: tuple[Action, ...] = ("keep", "extend", "new")
"""From the bottom up: what is built lies over what stands."""

UNASSIGNED = Phrase("未分配学校", "assigned to no school")


def plan_theme(ground: Ground, part: TierPlan, numbers: Mapping[str, str], outlines: gpd.GeoSeries) -> Theme:
    """A programme's schools by what is done with them, catchments as outlines, who stays beyond the radius.

    numbers: what is written beside each site, by its id.
    """
    beyond = _beyond(ground, part)

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        marks.under = [shape(outline, frame, looks.OUTLINE) for outline in outlines]
        marks.put(beyond, looks.BEYOND, frame)
        _put_sites(marks, part.sites, numbers, frame)
        return marks

    return Theme(draw, tuple(_plan_keys(part, len(beyond) > 0)))


def _beyond(ground: Ground, part: TierPlan) -> FloatArray:
    """Seats (N, 2) of the units where somebody is not covered."""
    units = ground.area.units
    row = {unit: k for k, unit in enumerate(units.id)}
    rows = [row[unit] for unit in uncovered_frame(part, ground.area)["unit_id"]]
    return np.column_stack([units.x[rows], units.y[rows]])


def _put_sites(marks: Marks, sites: Sequence[Site], numbers: Mapping[str, str], frame: Frame) -> None:
    for action in ORDER:
        chosen = [site for site in sites if site.action == action]
        if chosen:
            marks.put(np.array([(site.x, site.y) for site in chosen]), looks.ACTIONS[action], frame)
    ranked = sorted(sites, key=lambda site: -ORDER.index(site.action))
    marks.labels.extend(numbered(((site.x, site.y, numbers.get(site.id, ""), site.action) for site in ranked), frame))


def works_marks(works: Sequence[Work]) -> Draw:
    """Signs of projects alone."""

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        _put_sites(marks, [work.site for work in works], {}, frame)
        return marks

    return draw


def numbered(places: Iterable[tuple[float, float, str, Action]], frame: Frame) -> Iterator[Label]:
    """The numbers of sites beside their signs, where the window shows them."""
    for x, y, number, action in places:
        place = np.array([[x, y]])
        if number and frame.shows(place)[0]:
            at = frame.at(place)[0]
            yield Label(number, float(at[0]), float(at[1]), looks.NUMBERS, looks.ACTIONS[action][1], must=True)


def action_keys(sites: Sequence[Site]) -> Iterator[Key]:
    """New builds, extensions and schools kept, those there are, with how many."""
    for action in reversed(ORDER):
        count = sum(site.action == action for site in sites)
        if count:
            said = looks.ACTION_WORDS[action]
            yield sign_key(looks.ACTIONS[action], Phrase(f"{said.zh}（{count}）", f"{said.en} ({count})"))


def _plan_keys(part: TierPlan, has_beyond: bool) -> Iterator[Key]:
    yield from action_keys(part.sites)
    if has_beyond:
        yield sign_key(looks.BEYOND, Phrase("仍有居民在服务半径外", "residents beyond the radius"))
    yield area_key(looks.OUTLINE, Phrase("服务范围界线", "catchment"))


# --- catchments --------------------------------------------------------------------------------------------------


def catchment_theme(ground: Ground, part: TierPlan, numbers: Mapping[str, str]) -> Theme:
    """A programme's catchments in colours that only tell neighbours apart, with the schools they belong to."""
    shapes = part_shapes(part, ground.units)
    colours = neighbour_colours(shapes)
    left_out = {given.unit_id for given in part.assignments if not given.site_id}
    nowhere = ground.units.geometry[ground.units["unit_id"].isin(left_out).to_numpy()]

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        inks = [looks.CATCHMENTS[colour] for colour in colours]
        marks.under = [shape(each, frame, ink) for each, ink in zip(shapes, inks, strict=True)]
        marks.under += [shape(each, frame, looks.UNCOUNTED) for each in nowhere]
        _put_sites(marks, part.sites, numbers, frame)
        return marks

    return Theme(draw, tuple(_catchment_keys(part, bool(left_out))))


def _catchment_keys(part: TierPlan, has_left_out: bool) -> Iterator[Key]:
    yield from action_keys(part.sites)
    said = Phrase("学区（颜色仅作区分）", "catchment (colours only tell apart)")
    yield area_key(Ink(looks.CATCHMENTS[0].fill, looks.CATCHMENTS[0].stroke, 0.22, opacity=0.5), said)
    if has_left_out:
        yield area_key(looks.UNCOUNTED, UNASSIGNED)


def outlines(ground: Ground, part: TierPlan) -> gpd.GeoSeries:
    """Catchments of a programme by site id."""
    return part_shapes(part, ground.units)

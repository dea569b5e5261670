"""Maps of a proposal: a programme over the whole area, and one small map per project."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.filing.atlas import looks
from siting.filing.atlas.frame import MM_PER_M, Frame, around, fitted
from siting.filing.atlas.ground import Ground, ground_keys, land, lines
from siting.filing.atlas.ink import Ink, Shape, Type, moved, rect, shape, sign, stroke, svg, within, words
from siting.filing.atlas.labels import Label, Paper, boxes_of
from siting.filing.atlas.legend import legend
from siting.filing.atlas.maps import FRAME, map_marks
from siting.filing.atlas.pictures import WIDTH, Pictures, picture_of_programme, pictures
from siting.filing.atlas.planned import plan_theme
from siting.filing.dossier import Place, Work
from siting.filing.proposal.blocks import Picture
from siting.filing.proposal.filed import Filed
from siting.plan import TierPlan
from siting.study import FloatArray
from siting.words import Language, Phrase

TALLEST = 160.0
"""Millimetres of a large map of the whole area with its legend below; as wide as the atlas's own pictures."""

FEW = 30
"""Projects that the numbers of a smaller map, with the legend beside it, leave room for."""

SMALL, SMALL_HEIGHT = 39.0, 36.0
"""Millimetres of a project's map."""

LEAST_SCALE = 8_000.0
NAME = Type(1.9, "#222222", has_rim=True)
MARK = Type(2.2, "#111111", is_strong=True, has_rim=True)
UNIT = Ink("", "#8a9aa8", 0.12)


def programme_picture(filed: Filed, part: TierPlan, works: Sequence[Work]) -> Picture:
    """What a programme builds, extends and keeps; numbers are those at the end of the projects' codes."""
    caption = filed.said(
        f"图　{filed.name(part)}规划布局（数字为项目编号末三位）", f"{filed.name(part)}: plan (numbers as in the codes)"
    )
    dossier = filed.dossier
    drawn = picture_of_programme(dossier, part) if len(works) <= FEW else _large(pictures(dossier), part)
    return Picture(drawn, caption, WIDTH)


def _large(made: Pictures, part: TierPlan) -> str:
    """A programme with many projects as a map as wide as the page, its legend below."""
    ground, language = made.ground, made.dossier.settings.language
    theme = plan_theme(ground, part, made.numbers(part), made.outlines[part.programme])
    keys, foot = legend((*theme.keys, *ground_keys(ground)), language, WIDTH, 4, 2.4)
    frame = _frame(ground, TALLEST - foot - 3.0)
    marks = [map_marks(ground, theme, frame, language), moved(keys, 0.0, frame.height + 2.5)]
    return svg(marks, WIDTH, frame.height + foot + 3.0)


def _frame(ground: Ground, tallest: float) -> Frame:
    """A window as wide as the page and as high as the area asks for, at a scale of two figures."""
    west, south, east, north = ground.bounds
    high = min(tallest, max(60.0, (WIDTH - 8.0) * (north - south) / max(east - west, 1.0) + 8.0))
    needed = MM_PER_M * max((east - west) / (WIDTH - 8.0), (north - south) / (high - 8.0), 1.0)
    step = 10.0 ** (math.floor(math.log10(needed)) - 1)
    return around((west + east) / 2.0, (south + north) / 2.0, WIDTH, high, step * math.ceil(needed / step))


# --- projects --------------------------------------------------------------------------------------------------


def project_picture(filed: Filed, work: Work, row: Mapping[str, int]) -> Picture:
    """A project's catchment and units, its school, the other places, and the roads near; row finds units by id."""
    made = pictures(filed.dossier)
    ground, outline = made.ground, made.outline(work)
    members = [row[unit] for unit in work.site.units if unit in row]
    shapes = ground.units.geometry.to_numpy()[members]
    places = (work.recommended, *work.alternatives)
    frame = _small_frame(shapes, places)
    language = filed.dossier.settings.language
    inside = [
        rect(0, 0, SMALL, SMALL_HEIGHT, looks.PAPER),
        *land(ground, frame),
        *((shape(outline, frame, looks.OWN_CATCHMENT),) if outline is not None else ()),
        *(shape(one, frame, UNIT) for one in shapes),
        *lines(ground, frame),
        *_plot(work, frame),
        *_schools(work, frame),
        *_places(work, frame),
        _names(ground, members, places, frame),
    ]
    drawn = [within(inside, frame, "one"), *_bar(frame), _north(language), rect(0, 0, SMALL, SMALL_HEIGHT, FRAME)]
    scale = f"1:{frame.scale:,.0f}"
    caption = Phrase(f"{work.code}　{scale}", f"{work.code}  {scale}").said_in(language)
    return Picture(svg(drawn, SMALL, SMALL_HEIGHT), caption, SMALL)


def _small_frame(shapes: FloatArray, places: Sequence[Place]) -> Frame:
    x, y = [place.x for place in places], [place.y for place in places]
    boxes = [(min(x), min(y), max(x), max(y))]
    if len(shapes):
        boxes.append(tuple(shapely.total_bounds(shapes).tolist()))
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return fitted((west, south, east, north), SMALL, SMALL_HEIGHT, 3.0, LEAST_SCALE)


def _plot(work: Work, frame: Frame) -> list[str]:
    plot = work.recommended.plot
    if plot is None or work.site.action != "new":
        return []
    ground: BaseGeometry = shapely.Polygon(plot.corners)
    return [shape(ground, frame, looks.PLOT)]


def _schools(work: Work, frame: Frame) -> list[str]:
    """The programme's other schools in the window."""
    others = [site for site in work.part.sites if site.id != work.site.id]
    at = frame.at(np.array([(site.x, site.y) for site in others]).reshape(-1, 2))
    return [
        _sign(looks.ACTIONS[site.action], x, y)
        for site, (x, y) in zip(others, at.tolist(), strict=True)
        if 0 <= x <= SMALL and 0 <= y <= SMALL_HEIGHT
    ]


def _sign(drawn: tuple[Shape, float, Ink], x: float, y: float, larger: float = 1.0) -> str:
    kind, size, ink = drawn
    return sign(kind, x, y, larger * size, ink)


def _places(work: Work, frame: Frame) -> list[str]:
    """The other places, then the plan's own over them."""
    here = (work.recommended, *work.alternatives)
    own, *others = frame.at(np.array([(place.x, place.y) for place in here])).tolist()
    drawn = [_sign(looks.ALTERNATIVE, x, y) for x, y in others]
    return [*drawn, _sign(looks.ACTIONS[work.site.action], own[0], own[1], 1.25)]


def _names(ground: Ground, members: Sequence[int], places: Sequence[Place], frame: Frame) -> str:
    """The numbers of the other places, then the villages where there is room."""
    units = ground.area.units
    at = frame.at(np.array([(place.x, place.y) for place in places]))
    paper = Paper(frame.width, frame.height)
    paper.take([*boxes_of(at, 3.2), (0.0, SMALL_HEIGHT - 6.0, 20.0, SMALL_HEIGHT), (SMALL - 6.0, 0.0, SMALL, 8.0)])
    marks = [Label(str(k), x, y, MARK, 2.6, must=True) for k, (x, y) in enumerate(at.tolist()[1:], 1)]
    seats = frame.at(np.column_stack([units.x[list(members)], units.y[list(members)]])).tolist()
    named = dict(zip((units.village(unit) for unit in members), seats, strict=True))
    return paper.set([*marks, *(Label(name, x, y, NAME) for name, (x, y) in named.items())])


def _bar(frame: Frame) -> list[str]:
    """A scale bar of 1, 2 or 5 times a power of ten metres, at most 15 mm long."""
    most = frame.metres(15.0)
    power = 10.0 ** math.floor(math.log10(most))
    metres = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)
    foot, long = SMALL_HEIGHT - 1.5, frame.mm(metres)
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    ticks = np.array([[1.5, foot - 1.0], [1.5, foot], [1.5 + long, foot], [1.5 + long, foot - 1.0]])
    return [
        rect(0.6, foot - 3.6, long + 2.4, 4.6, Ink("#ffffff", "", opacity=0.8)),
        stroke(ticks, Ink("", "#111111", 0.25)),
        words(said, 1.5 + long / 2.0, foot - 1.3, Type(1.9), "middle"),
    ]


def _north(language: Language) -> str:
    x = SMALL - 3.0
    arrow = np.array([[x, 3.2], [x - 1.1, 7.2], [x, 6.2], [x + 1.1, 7.2], [x, 3.2]])
    word = Phrase("北", "N").said_in(language)
    veil = rect(x - 2.2, 0.5, 4.4, 7.2, Ink("#ffffff", "", opacity=0.8))
    return veil + words(word, x, 2.8, Type(2.2), "middle") + stroke(arrow, Ink("#222222", "#222222", 0.15))

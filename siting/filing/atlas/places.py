"""The places of one project: where they lie, whom they would serve, and an illustrative plot with its corners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.filing.atlas import looks
from siting.filing.atlas.frame import Frame, around, fitted, nice_scale
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import Type, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key, sign_key
from siting.filing.atlas.maps import Marks, Theme
from siting.filing.dossier import Plot, Work
from siting.study import FloatArray
from siting.words import Language, Phrase

LEAST_SCALE = 10_000.0
"""Maps of a project's surroundings are no nearer than this."""

PLOT_SHARE = 0.45
"""A plot takes about so much of the width of its drawing."""

BAR_HEIGHT = 11.0
"""What the scale bar takes at the foot of a plot's drawing, in mm."""

NAMED = 14
"""So many villages at most are named on a map."""

RECOMMENDED = Phrase("推荐", "recommended")


def place_frame(work: Work, outline: BaseGeometry | None, width: float, height: float) -> Frame:
    """A window that holds the catchment and every place of a project above the scale bar."""
    xy = _places(work)
    west, south = xy.min(axis=0)
    east, north = xy.max(axis=0)
    if outline is not None and not outline.is_empty:
        box = outline.bounds
        west, south, east, north = min(west, box[0]), min(south, box[1]), max(east, box[2]), max(north, box[3])
    above_bar = fitted((west, south, east, north), width, height - BAR_HEIGHT, 4.0, LEAST_SCALE)
    return replace(above_bar, height=height)


def _places(work: Work) -> FloatArray:
    return np.array([(place.x, place.y) for place in (work.recommended, *work.alternatives)])


def place_theme(ground: Ground, work: Work, outline: BaseGeometry | None, language: Language) -> Theme:
    """The catchment, the recommended place, the alternatives as 备1, 备2, other schools of the programme, villages."""

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        if outline is not None:
            marks.under = [shape(outline, frame, looks.OWN_CATCHMENT)]
        others = [site for site in work.part.sites if site.id != work.site.id and site.action == "keep"]
        if others:
            marks.put(np.array([(site.x, site.y) for site in others]), looks.ACTIONS["keep"], frame)
        _put_plot(marks, work, frame)
        marks.put(_places(work)[1:], looks.ALTERNATIVE, frame)
        marks.put(_places(work)[:1], looks.ACTIONS[work.site.action], frame)
        marks.labels = [*_place_labels(work, frame, language), *_village_labels(ground, frame)]
        return marks

    return Theme(draw, tuple(place_keys(work)), has_towns=False)


def _put_plot(marks: Marks, work: Work, frame: Frame) -> None:
    plot = work.recommended.plot
    if plot is not None:
        marks.over.append(shape(shapely.Polygon(plot.corners), frame, looks.PLOT))


def _place_labels(work: Work, frame: Frame, language: Language) -> Iterator[Label]:
    xy = frame.at(_places(work)).tolist()
    for k, (x, y) in enumerate(xy):
        said = RECOMMENDED if k == 0 else alternative_name(k)
        look = Type(2.3, looks.NEW_COLOUR if k == 0 else "#111111", has_rim=True)
        yield Label(said.said_in(language), x, y, look, 3.2, must=True)


def alternative_name(k: int) -> Phrase:
    """What the k-th alternative, from 1, is called on a map."""
    return Phrase(f"备{k}", f"alt. {k}")


def _village_labels(ground: Ground, frame: Frame) -> Iterator[Label]:
    """Names of villages and communities in the window, the largest first, each once and not too many."""
    units = ground.area.units
    xy = np.column_stack([units.x, units.y])
    seen = np.flatnonzero(frame.shows(xy, 2.0))
    said: set[str] = set()
    for k in seen[np.argsort(-np.nan_to_num(units.residents[seen]), kind="stable")].tolist():
        name = units.village(k)
        if name not in said and len(said) < NAMED:
            said.add(name)
            x, y = frame.at(xy[[k]])[0].tolist()
            yield Label(name, x, y, Type(2.05, "#3a342e", has_rim=True))


def place_keys(work: Work) -> Iterator[Key]:
    """What the map of a project shows besides the ground."""
    yield sign_key(looks.ACTIONS[work.site.action], _recommended(work))
    yield sign_key(looks.ALTERNATIVE, Phrase("备选地点", "alternative"))
    yield sign_key(looks.ACTIONS["keep"], Phrase("现状保留学校", "school kept"))
    yield area_key(looks.OWN_CATCHMENT, Phrase("服务范围", "catchment"))
    yield area_key(looks.PLOT, Phrase("示意地块", "illustrative plot"))


def _recommended(work: Work) -> Phrase:
    said = looks.ACTION_WORDS[work.site.action]
    return Phrase(f"推荐地点（{said.zh}）", f"recommended ({said.en})")


# --- the plot ----------------------------------------------------------------------------------------------------


def plot_frame(plot: Plot, width: float, height: float) -> Frame:
    """A window that shows the roads beside a plot, which lies above the scale bar."""
    west, south = plot.corners.min(axis=0)
    east, north = plot.corners.max(axis=0)
    widest = max((east - west) / width, (north - south) / (height - BAR_HEIGHT))
    scale = nice_scale(1000.0 * widest / PLOT_SHARE)
    lower = BAR_HEIGHT / 2.0 * scale / 1000.0
    return around((west + east) / 2.0, (south + north) / 2.0 - lower, width, height, scale)


def plot_theme(plot: Plot, language: Language) -> Theme:
    """A plot with its corners J1, J2, ..., the lengths of its sides, and the word that it only illustrates."""

    def draw(frame: Frame) -> Marks:
        marks = Marks(over=[shape(shapely.Polygon(plot.corners), frame, looks.PLOT)])
        marks.put(plot.corners, ("circle", 1.1, looks.CORNER), frame)
        centre = frame.at(plot.corners.mean(axis=0, keepdims=True))[0]
        said = Phrase("示意", "illustrative").said_in(language)
        middle = Label(said, float(centre[0]), float(centre[1]), Type(2.4, "#8f1220"), must=True)
        marks.labels = [middle, *_corner_labels(plot, frame), *_side_labels(plot, frame)]
        return marks

    return Theme(draw, (), has_towns=False)


def _corner_labels(plot: Plot, frame: Frame) -> Iterator[Label]:
    """J1 ... outside the plot, away from its middle."""
    corners = frame.at(plot.corners)
    outwards = corners - corners.mean(axis=0)
    outwards /= np.maximum(np.hypot(*outwards.T), 1e-9)[:, None]
    for k, (x, y) in enumerate((corners + 2.6 * outwards).tolist(), 1):
        yield Label(f"J{k}", x, y, Type(2.1, "#111111", has_rim=True), must=True)


def _side_labels(plot: Plot, frame: Frame) -> Iterator[Label]:
    """Metres of every side, inside the plot beside its middle."""
    ends = np.roll(plot.corners, -1, axis=0)
    lengths = np.hypot(*(ends - plot.corners).T)
    middle, centre = (plot.corners + ends) / 2.0, plot.corners.mean(axis=0)
    inwards = centre - middle
    inwards /= np.maximum(np.hypot(*inwards.T), 1e-9)[:, None]
    at = frame.at(middle + inwards * frame.metres(2.6))
    for metres, (x, y) in zip(lengths[:2].tolist(), at[:2].tolist(), strict=True):
        yield Label(f"{metres:.1f} m", x, y, Type(1.7, "#333333", has_rim=True))


def outline_of(outlines: Mapping[str, gpd.GeoSeries], work: Work) -> BaseGeometry | None:
    """The catchment of a project, None where nobody is assigned to it."""
    shapes = outlines[work.part.programme]
    return shapes[work.site.id] if work.site.id in shapes.index else None

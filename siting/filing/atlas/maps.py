"""A map: the ground, what a theme lays over it, names, scale bar and north arrow, in one frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from siting.filing.atlas import looks
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.ground import Ground, land, town_labels
from siting.filing.atlas.ink import Ink, Shape, moved, rect, shape, sign, within
from siting.filing.atlas.labels import Box, Label, Paper, boxes_of
from siting.filing.atlas.legend import Key, north_arrow, scale_bar
from siting.study import FloatArray
from siting.words import Language

VEIL = Ink("#ffffff", "", opacity=0.85)
FRAME = Ink("", "#222222", 0.35)


@dataclass(slots=True)
class Marks:
    """What a theme draws in a window: marks under the roads and over them, names in order of rank, places taken."""

    under: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def put(self, xy: FloatArray, drawn: tuple[Shape, float, Ink], frame: Frame) -> None:
        """One sign at each of the places (N, 2) in metres that the window shows."""
        kind, size, ink = drawn
        seen = frame.at(xy[frame.shows(xy, -1.0)])
        self.over.extend(sign(kind, x, y, size, ink) for x, y in seen.tolist())
        self.taken.extend(boxes_of(seen, size))


Draw = Callable[[Frame], Marks]


@dataclass(frozen=True, slots=True)
class Theme:
    """What a map shows besides the ground: how it is drawn in a window, and its legend."""

    draw: Draw
    keys: tuple[Key, ...]
    has_towns: bool = True


def map_marks(
    ground: Ground, theme: Theme, frame: Frame, language: Language, name: str = "main", nearer: Frame | None = None
) -> str:
    """A framed map as marks from 0, 0. name tells apart the maps of one picture; nearer is the window of another one,
    which is outlined, and where what it names is left to it."""
    marks = theme.draw(frame)
    below = [rect(0, 0, frame.width, frame.height, looks.PAPER), *land(ground, frame)]
    outlined = "" if nearer is None else shape(shapely.box(*nearer.bounds), frame, looks.NEARER)
    furniture, taken = _furniture(ground, frame, language, marks.taken)
    page = Paper(frame.width, frame.height)
    page.take([*taken, *marks.taken])
    marks.labels = [label for label in marks.labels if nearer is None or not _lies_in(label, frame, nearer)]
    names = page.set(_in_order(ground, frame, marks, theme.has_towns))
    inside = within([*below, *marks.under, *ground.lines(frame), outlined, *marks.over, names], frame, name)
    return inside + furniture + rect(0, 0, frame.width, frame.height, FRAME)


def _lies_in(label: Label, frame: Frame, nearer: Frame) -> bool:
    """Whether a name's place is in a nearer window."""
    x, y = frame.west + frame.metres(label.x), frame.north - frame.metres(label.y)
    west, south, east, north = nearer.bounds
    return west <= x <= east and south <= y <= north


def _in_order(ground: Ground, frame: Frame, marks: Marks, has_towns: bool) -> Iterable[Label]:
    """Labels that must be set, then townships, then the others."""
    towns = list(town_labels(ground, frame)) if has_towns else []
    must = [label for label in marks.labels if label.must]
    return [*must, *towns, *(label for label in marks.labels if not label.must)]


def _furniture(ground: Ground, frame: Frame, language: Language, signs: list[Box]) -> tuple[str, list[Box]]:
    """Scale bar and north arrow where they hide least, and the boxes they take."""
    bar, bar_width, bar_height = scale_bar(frame, language)
    arrow, arrow_width, arrow_height = north_arrow(language)
    low = frame.height - bar_height - 1.5
    feet: list[Box] = [(x, low, x + bar_width, low + bar_height) for x in (1.5, frame.width - bar_width - 1.5)]
    tops: list[Box] = [(x, 1.5, x + arrow_width, 1.5 + arrow_height) for x in (frame.width - arrow_width - 1.5, 1.5)]
    foot, top = _emptiest(ground, frame, feet, signs), _emptiest(ground, frame, tops, signs)
    return _veiled(bar, foot) + _veiled(arrow, top), [foot, top]


def _emptiest(ground: Ground, frame: Frame, boxes: Sequence[Box], signs: list[Box]) -> Box:
    """The box with the fewest units and signs in it, of equals the first."""
    seats = frame.at(np.column_stack([ground.area.units.x, ground.area.units.y]))
    middles = (np.array(signs).reshape(-1, 4)[:, :2] + np.array(signs).reshape(-1, 4)[:, 2:]) / 2.0
    x, y = np.vstack([seats, middles, middles, middles]).T

    def hidden(box: Box) -> int:
        left, top, right, bottom = box
        return int(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).sum())

    return min(boxes, key=hidden)


def _veiled(marks: str, box: Box) -> str:
    left, top, right, bottom = box
    return rect(left, top, right - left, bottom - top, VEIL) + moved(marks, left, top)

"""Map sheets: a map of the whole study area, beside it legend, a nearer map of the centre, tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from siting.filing.atlas.frame import Frame, fitted, narrowed
from siting.filing.atlas.grids import Grid, flowed, height_of
from siting.filing.atlas.ground import Ground, ground_keys
from siting.filing.atlas.ink import Type, moved, paragraph, words
from siting.filing.atlas.legend import legend, ratio_of
from siting.filing.atlas.maps import Theme, map_marks
from siting.words import Language, Phrase

WIDTH, HEIGHT = 396.0, 249.0
"""Room on a sheet between title and foot, in mm."""

APART = 5.0
LEAST_SIDE = 122.0
HEADING = Type(3.0, is_strong=True)
NOTE = Type(2.3, "#444444")
LEAST_INSET, MOST_INSET = 78.0, 180.0
NEARER = 0.55
"""The map of the centre is drawn where its scale is at most so much of that of the whole."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet before it has a number: the kind of map, title, scale in words ("" for none), and what stands in its
    room, as marks from 0, 0."""

    kind: str
    title: Phrase
    scale: str
    body: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a map: tables from the top down, notes at the foot, and whether the centre is drawn nearer."""

    grids: tuple[Grid, ...] = ()
    notes: tuple[Phrase, ...] = ()
    has_inset: bool = True


def map_sheets(
    ground: Ground, kind: str, title: Phrase, theme: Theme, beside: Beside, language: Language
) -> Iterator[Sheet]:
    """The sheet of a theme, and after it those of the tables that found no room beside the map."""
    frame = county_frame(ground)
    left = frame.width + APART
    side = _side(ground, theme, beside, language, WIDTH - left)
    body = map_marks(ground, theme, frame, language, nearer=side.nearer) + moved(side.marks, left, 0.0)
    yield Sheet(kind, title, ratio_of(frame), body)
    yield from table_sheets(kind, title, side.rest, language)


def county_frame(ground: Ground) -> Frame:
    """The window of the whole study area, no wider than it takes."""
    frame = fitted(ground.bounds, WIDTH - LEAST_SIDE - APART, HEIGHT, 3.0)
    return narrowed(frame, ground.bounds, 9.0, 150.0)


@dataclass(frozen=True, slots=True)
class _Side:
    """What was drawn beside a map, the window of the nearer map, and the tables that found no room."""

    marks: str
    nearer: Frame | None
    rest: Sequence[Grid]


def _side(ground: Ground, theme: Theme, beside: Beside, language: Language, width: float) -> _Side:
    entries, tall = legend((*theme.keys, *ground_keys(ground)), language, width, 3 if width > 165 else 2)
    drawn = [words(Phrase("图例", "Legend").said_in(language), 0.0, 3.0, HEADING), moved(entries, 0.0, 5.0)]
    top = tall + 8.0
    notes, foot = _notes(beside.notes, language, width)
    drawn.append(moved(notes, 0.0, HEIGHT - foot))
    room = HEIGHT - foot - top - 1.0
    nearer = _nearer(ground, beside, width, room) if beside.has_inset else None
    if nearer is not None:
        drawn.append(moved(_inset(ground, theme, language, nearer), 0.0, top))
        top, room = top + nearer.height + 9.0, room - nearer.height - 9.0
    tables, rest = _tables(beside.grids, language, width, room)
    return _Side("".join([*drawn, moved(tables, 0.0, top)]), nearer, rest)


def _notes(notes: Iterable[Phrase], language: Language, width: float) -> tuple[str, float]:
    """Notes above each other, and their height."""
    drawn, tall = [], 0.0
    for note in notes:
        marks, height = paragraph(note.said_in(language), 0.0, tall, NOTE, width)
        drawn.append(marks)
        tall += height + 0.8
    return "".join(drawn), tall


def _nearer(ground: Ground, beside: Beside, width: float, room: float) -> Frame | None:
    """The window of the centre, as high as the tables leave room for; None where it would be hardly nearer."""
    needed = sum(height_of(grid, width) + 3.0 for grid in beside.grids)
    height = min(max(room - needed - 9.0, LEAST_INSET), MOST_INSET)
    if ground.centre is None or height > room:
        return None
    frame = fitted(ground.centre, width, height, 3.0)
    return frame if frame.scale <= NEARER * county_frame(ground).scale else None


def _inset(ground: Ground, theme: Theme, language: Language, frame: Frame) -> str:
    said = Phrase(f"中心城区放大图（{ratio_of(frame)}）", f"The centre ({ratio_of(frame)})").said_in(language)
    return words(said, 0.0, 3.0, HEADING) + moved(map_marks(ground, theme, frame, language, "inset"), 0.0, 4.6)


def _tables(grids: Sequence[Grid], language: Language, width: float, room: float) -> tuple[str, Sequence[Grid]]:
    """Tables above each other as far as there is room, and what is left of them."""
    drawn, top, rest = [], 0.0, []
    for grid in grids:
        made = flowed(grid, language, width, room - top)
        drawn.append(moved(made.marks, 0.0, top))
        top += made.height + 3.0
        if made.rest is not None:
            rest.append(made.rest)
    return "".join(drawn), rest


def table_sheets(kind: str, title: Phrase, grids: Iterable[Grid], language: Language) -> Iterator[Sheet]:
    """Whole sheets of tables."""
    said = Phrase(f"{title.zh}（续表）", f"{title.en} (table)")
    for grid in grids:
        left: Grid | None = grid
        while left is not None:
            made = flowed(left, language, WIDTH, HEIGHT)
            yield Sheet(kind, said, "", made.marks)
            left = made.rest

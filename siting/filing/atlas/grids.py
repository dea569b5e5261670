"""Tables on a sheet: short rows in one or more blocks beside each other, what finds no room is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from siting.filing.atlas.ink import Anchor, Ink, Type, fitting, moved, rect, stroke, words
from siting.words import Language, Phrase

STEP, CLOSE = 3.75, 3.1
"""Height of a row in mm, and the least it may have."""

TEXT = 2.15
HEAD = Ink("#ece8e1")
RULE = Ink("", "#b8b0a5", 0.1)
STRONG_RULE = Ink("", "#222222", 0.25)
TITLE = 4.75
"""Height of the title above a table."""

APART = 4.0
"""Between two blocks."""

WIDEST = 1.9
"""A block is at most so many times as wide as its table must be."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its width in mm where the table is as narrow as it may be, numbers end at the right."""

    header: Phrase
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under a title; rows hold a text for every column. foot: whether the last row is a total."""

    title: Phrase
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    has_total: bool = False

    @property
    def width(self) -> float:
        """Width in mm of one block as narrow as it may be."""
        return sum(column.width for column in self.columns)


@dataclass(frozen=True, slots=True)
class Flowed:
    """What found room: marks from 0, 0 and their height in mm; rest is the table of other rows, None without."""

    marks: str
    height: float
    rest: Grid | None


def flowed(grid: Grid, language: Language, width: float, height: float) -> Flowed:
    """As much of a table as so many mm hold, in even blocks as wide as the room allows; rows come nearer to each other,
    down to CLOSE, where that lets all of them in."""
    most = _most_blocks(grid, width)
    wanted = (height - TITLE) / (-(-len(grid.rows) // most) + 1)
    step = min(STEP, wanted) if wanted >= CLOSE else STEP
    room = int((height - TITLE) / step + 1e-9) - 1
    if room < 1:
        return Flowed("", 0.0, grid)
    shown = min(len(grid.rows), room * most)
    blocks = max(1, min(most, -(-shown // room)))
    each = -(-shown // blocks)
    block = min((width - APART * (blocks - 1)) / blocks, WIDEST * grid.width)
    title = words(grid.title.said_in(language), 0.0, 2.9, Type(2.7, is_strong=True))
    parts = [
        moved(_block(grid, language, (k * each, min(shown, (k + 1) * each)), (block, step)), k * (block + APART), 4.35)
        for k in range(blocks)
    ]
    rest = replace(grid, rows=grid.rows[shown:], title=_continued(grid.title)) if shown < len(grid.rows) else None
    return Flowed(title + "".join(parts), (each + 1) * step + TITLE, rest)


def height_of(grid: Grid, width: float) -> float:
    """How high all of a table is where it has so much width."""
    return (-(-len(grid.rows) // _most_blocks(grid, width)) + 1) * STEP + TITLE


def _most_blocks(grid: Grid, width: float) -> int:
    return max(1, int((width + APART) / (grid.width + APART)))


def _continued(title: Phrase) -> Phrase:
    return title if title.zh.endswith("（续）") else Phrase(f"{title.zh}（续）", f"{title.en} (continued)")


def _block(grid: Grid, language: Language, rows: tuple[int, int], size: tuple[float, float]) -> str:
    """Header and some rows, as wide and with rows as high as told."""
    width, step = size
    wide = [column.width * width / grid.width for column in grid.columns]
    left = np.concatenate([[0.0], np.cumsum(wide)[:-1]]).tolist()
    cells = list(zip(grid.columns, left, wide, strict=True))
    head = [column.header.said_in(language) for column in grid.columns]
    drawn = [rect(0, 0, width, step, HEAD), _row(cells, head, step, 0)]
    for k, row in enumerate(grid.rows[slice(*rows)], 1):
        is_total = grid.has_total and rows[0] + k == len(grid.rows)
        drawn += [_row(cells, row, step, k, is_total), _across(width, (k + 1) * step, RULE)]
    tall = (rows[1] - rows[0] + 1) * step
    return "".join([*drawn, _across(width, 0.0, STRONG_RULE), _across(width, tall, STRONG_RULE)])


def _across(width: float, y: float, ink: Ink) -> str:
    return stroke(np.array([[0.0, y], [width, y]]), ink)


Cell = tuple[Column, float, float]
"""A column, where it begins and how wide it is in mm."""


def _row(cells: Sequence[Cell], row: Sequence[str], step: float, at: int, is_strong: bool = False) -> str:
    return "".join(_cell(cell, said, at * step, step, is_strong) for cell, said in zip(cells, row, strict=True) if said)


def _cell(cell: Cell, said: str, y: float, step: float, is_strong: bool) -> str:
    column, x, room = cell
    size = fitting(said, min(TEXT, 0.6 * step), room - 1.0)
    anchor: Anchor = "end" if column.is_number else "start"
    place = x + room - 0.5 if column.is_number else x + 0.5
    return words(said, place, y + step / 2.0 + 0.36 * size, Type(size, is_strong=is_strong), anchor)

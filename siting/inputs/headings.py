"""Where a table's header stands: below titles and notes, above the data, in one line or in two."""

from __future__ import annotations

import re
from statistics import median

Rows = list[list[str]]

_NUMBER = re.compile(r"[-+]?[\d.,]+%?")


def header_position(rows: Rows) -> int | None:
    """The first row with two cells and more than half as many as the rows usually have; None where there is none.

    A title, or a line such as "填报单位：… 填报日期：…", has fewer.
    """
    filled = [sum(map(bool, row)) for row in rows]
    usual = median([cells for cells in filled if cells] or [0])
    return next((at for at, cells in enumerate(filled) if cells > max(1.0, usual / 2)), None)


def header_of(rows: Rows, top: int) -> tuple[list[str], int]:
    """The header at a position and the position of the last line it takes.

    Two lines are one header where merged groups (坐标) stand above their columns (经度, 纬度).
    """
    header = rows[top]
    below = rows[top + 1] if top + 1 < len(rows) else []
    width = max(len(header), len(below))
    over, under = (([*line, *[""] * width])[:width] for line in (header, below))
    if not _is_second_line(over, under):
        return header, top
    return [word or group for group, word in zip(over, under, strict=True)], top + 1


def _is_second_line(over: list[str], under: list[str]) -> bool:
    """True if a line leaves the first column to the one above, and names every column that has no word there."""
    last = max((at for at, word in enumerate(under) if word), default=-1)
    nameless = [at for at, word in enumerate(over[: last + 1]) if not word]
    first = next((at for at, word in enumerate(over) if word), 0)
    is_named = bool(nameless) and all(under[at] for at in nameless)
    return is_named and not under[first] and not any(_NUMBER.fullmatch(word) for word in under)

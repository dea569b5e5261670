"""Legends, scale bars and north arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siting.filing.atlas import looks
from siting.filing.atlas.frame import Frame, bar_metres
from siting.filing.atlas.ink import Ink, Shape, Type, fitting, moved, rect, sign, stroke, words
from siting.words import Language, Phrase

SWATCH = 8.0
"""Width of a legend's mark in mm."""

ROW = 4.6


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a mark in a box of SWATCH x 4 mm, and what it means."""

    mark: str
    words: Phrase


def area_key(ink: Ink, said: Phrase) -> Key:
    """An area's entry."""
    mark = rect(0.5, 0.4, SWATCH - 1.0, 3.2, ink)
    if ink.hatch_mm > 0:
        starts = np.arange(0.5, SWATCH - 3.2, ink.hatch_mm)
        mark += "".join(
            stroke(np.array([[x, 3.6], [x + 3.2, 0.4]]), Ink("", ink.stroke, 0.12)) for x in starts.tolist()
        )
    return Key(mark, said)


def line_key(inks: Sequence[Ink], said: Phrase) -> Key:
    """A line's entry; several inks lie on one another."""
    return Key("".join(stroke(np.array([[0.3, 2.0], [SWATCH - 0.3, 2.0]]), ink) for ink in inks), said)


def sign_key(drawn: tuple[Shape, float, Ink], said: Phrase) -> Key:
    """A sign's entry."""
    kind, size, ink = drawn
    return Key(sign(kind, SWATCH / 2.0, 2.0, size, ink), said)


def legend(keys: Sequence[Key], language: Language, width: float, columns: int, size: float = 2.5) -> tuple[str, float]:
    """A legend in columns of equal width, read downwards, as marks from 0, 0; and its height in mm."""
    rows = -(-len(keys) // columns)
    column = width / columns
    drawn = [_entry(key, language, column, size, (k // rows * column, k % rows * ROW)) for k, key in enumerate(keys)]
    return "".join(drawn), rows * ROW


def _entry(key: Key, language: Language, width: float, size: float, place: tuple[float, float]) -> str:
    said = key.words.said_in(language)
    fits = fitting(said, size, width - SWATCH - 2.5)
    return moved(key.mark + words(said, SWATCH + 1.2, 2.0 + 0.36 * fits, Type(fits)), *place)


def ratio_of(frame: Frame) -> str:
    """1:200 000."""
    return f"1:{frame.scale:,.0f}".replace(",", " ")


def scale_bar(frame: Frame, language: Language) -> tuple[str, float, float]:
    """A bar and the scale as 1:n, as marks from 0, 0; and width and height in mm."""
    metres = bar_metres(frame)
    long = frame.mm(metres)
    unit, each = ("km", 1000.0) if metres >= 1000.0 else ("m", 1.0)
    fills = ("#222222", "#ffffff") * 2
    bars = [rect(k * long / 4, 4.6, long / 4, 1.1, Ink(fill, "#222222", 0.15)) for k, fill in enumerate(fills)]
    at = [words(f"{metres * k / 2 / each:g}", long * k / 2, 3.7, looks.SMALL, "middle") for k in range(2)]
    at.append(words(f"{metres / each:g} {unit}", long, 3.7, looks.SMALL, "middle"))
    ratio = Phrase(f"比例尺 {ratio_of(frame)}", f"scale {ratio_of(frame)}").said_in(language)
    width = long + 8.0
    return moved("".join([*bars, *at, words(ratio, 0.0, 9.1, Type(2.4))]), 3.0, 0.6), width, 11.0


def north_arrow(language: Language) -> tuple[str, float, float]:
    """An arrow to the north of the grid, as marks from 0, 0; and width and height in mm."""
    left = stroke(np.array([[4.0, 4.0], [1.6, 13.0], [4.0, 11.2], [4.0, 4.0]]), Ink("#222222", "#222222", 0.2))
    right = stroke(np.array([[4.0, 4.0], [6.4, 13.0], [4.0, 11.2], [4.0, 4.0]]), Ink("#ffffff", "#222222", 0.2))
    north = words(Phrase("北", "N").said_in(language), 4.0, 3.2, Type(3.0, is_strong=True), "middle")
    return left + right + north, 8.0, 14.0

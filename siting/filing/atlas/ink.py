"""Marks on paper as SVG text, in millimetres: areas, lines, signs and words. Coordinates end at 0.01 mm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.filing.atlas.frame import Frame
from siting.filing.fonts import SANS, one_line
from siting.study import FloatArray

Anchor = Literal["start", "middle", "end"]
Shape = Literal["circle", "square", "triangle", "diamond", "half", "ring"]


@dataclass(frozen=True, slots=True)
class Ink:
    """How a mark is drawn: fill and stroke ("" for none), width of the stroke and dashes in mm, opacity of the fill.

    hatch_mm is the distance of diagonal lines in the stroke's colour over an area, 0 for none.
    """

    fill: str = ""
    stroke: str = ""
    width: float = 0.2
    dash: str = ""
    opacity: float = 1.0
    hatch_mm: float = 0.0

    def said(self) -> str:
        """As attributes of SVG."""
        fill = f'fill="{self.fill}"' if self.fill else 'fill="none"'
        clear = f' fill-opacity="{self.opacity:g}"' if self.fill and self.opacity < 1.0 else ""
        if not self.stroke or self.width <= 0:
            return fill + clear
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        joined = ' stroke-linejoin="round" stroke-linecap="round"' if not self.dash else ' stroke-linejoin="round"'
        return f'{fill}{clear} stroke="{self.stroke}" stroke-width="{self.width:g}"{dash}{joined}'


def svg(inside: Iterable[str], width: float, height: float) -> str:
    """A picture of so many mm."""
    size = f'width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{SANS}">{"".join(inside)}</svg>'


def within(inside: Iterable[str], frame: Frame, name: str) -> str:
    """Marks cut off at the window's edge; name is unlike that of any other cut in the picture."""
    edge = f'<clipPath id="{name}"><rect width="{frame.width:g}" height="{frame.height:g}"/></clipPath>'
    return f'<defs>{edge}</defs><g clip-path="url(#{name})">{"".join(inside)}</g>'


def shrunk(inside: str, tall: float, room: float) -> str:
    """Marks that are so high, made smaller where there is less room."""
    times = min(1.0, room / max(tall, 1e-9))
    return inside if times == 1.0 else f'<g transform="scale({times:.3f})">{inside}</g>'


def moved(inside: str, x: float, y: float) -> str:
    """Marks shifted to the right and down."""
    return f'<g transform="translate({x:g} {y:g})">{inside}</g>'


# --- shapes ------------------------------------------------------------------------------------------------------


def shape(ground: BaseGeometry, frame: Frame, ink: Ink) -> str:
    """A shape in metres, "" where the window shows nothing of it."""
    seen = frame.clipped(ground)
    if seen.is_empty:
        return ""
    drawn = f'<path d="{_path(seen, frame)}" fill-rule="evenodd" {ink.said()}/>'
    return drawn + (_hatched(seen, frame, ink) if ink.hatch_mm > 0 else "")


def _path(seen: BaseGeometry, frame: Frame) -> str:
    parts = shapely.get_parts(seen)
    dimension = shapely.get_dimensions(parts)
    areas = parts[dimension == 2]
    rings = shapely.get_rings(areas) if len(areas) else np.array([], dtype=object)
    return "".join([*(f"{ring}Z" for ring in _lines(rings, frame)), *_lines(parts[dimension == 1], frame)])


def _lines(lines: np.ndarray, frame: Frame) -> list[str]:
    """The path of every line; places nearer to the one before than 0.01 mm are left out, but for the last."""
    if not len(lines):
        return []
    xy, of = shapely.get_coordinates(lines, return_index=True)
    at = np.round(frame.at(xy), 2)
    is_end = np.append(of[1:] != of[:-1], True)
    keeps = np.append(True, (of[1:] != of[:-1]) | np.any(at[1:] != at[:-1], axis=1)) | is_end
    said = [f"{x:g} {y:g}" for x, y in at[keeps].tolist()]
    ends = np.flatnonzero(is_end[keeps]) + 1
    return ["M" + "L".join(said[start:end]) for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def way(mm: FloatArray) -> str:
    """The path through places (N, 2) in millimetres."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in np.round(mm, 2).tolist())


def _hatched(seen: BaseGeometry, frame: Frame, ink: Ink) -> str:
    """Diagonal lines over an area, in the same places in every area of the window."""
    west, south, east, north = frame.bounds
    step, high = frame.metres(ink.hatch_mm), north - south
    starts = np.arange(west - high, east, step)
    feet, heads = np.column_stack([starts, starts * 0 + south]), np.column_stack([starts + high, starts * 0 + north])
    rules = shapely.multilinestrings(shapely.linestrings(np.stack([feet, heads], axis=1)))
    lines = shapely.intersection(rules, shapely.make_valid(seen))
    parts = shapely.get_parts(lines)
    path = "".join(_lines(parts[shapely.length(parts) > 0], frame))
    return f'<path d="{path}" fill="none" stroke="{ink.stroke}" stroke-width="0.12"/>' if path else ""


def rect(x: float, y: float, width: float, height: float, ink: Ink) -> str:
    """A rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {ink.said()}/>'


def stroke(mm: FloatArray, ink: Ink) -> str:
    """A line through places (N, 2) in millimetres."""
    return f'<path d="{way(mm)}" {ink.said()}/>'


# --- signs -------------------------------------------------------------------------------------------------------


def sign(kind: Shape, x: float, y: float, size: float, ink: Ink) -> str:
    """A sign whose middle is at x, y and which is size mm across."""
    r = size / 2.0
    if kind in ("circle", "ring"):
        inner = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r * 0.4:.2f}" fill="{ink.stroke}"/>' if kind == "ring" else ""
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" {ink.said()}/>{inner}'
    around = "M" + "L".join(f"{x + r * dx:.2f} {y + r * dy:.2f}" for dx, dy in _CORNERS[kind])
    half = _upper_half(x, y, 0.9 * r) if kind == "half" else ""
    return f'<path d="{around}Z" {ink.said()}/>{half}'


def _upper_half(x: float, y: float, r: float) -> str:
    """White over the upper half of a square but its edge."""
    inner = 0.72 * r
    return f'<path d="M{x - inner:.2f} {y:.2f}h{2 * inner:.2f}v{-inner:.2f}h{-2 * inner:.2f}Z" fill="#ffffff"/>'


_SQUARE = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
_CORNERS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "square": _SQUARE,
    "half": _SQUARE,
    "triangle": ((0.0, -1.15), (1.08, 0.75), (-1.08, 0.75)),
    "diamond": ((0.0, -1.15), (1.0, 0.0), (0.0, 1.15), (-1.0, 0.0)),
}


# --- words -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Type:
    """How words are set: size in mm, colour, whether strong, and whether on a white rim, where they are never strong.

    family is "" for that of the whole picture."""

    size: float = 2.4
    colour: str = "#222222"
    is_strong: bool = False
    has_rim: bool = False
    family: str = ""


PLAIN = Type()


def words(text: str, x: float, y: float, look: Type = Type(), anchor: Anchor = "start") -> str:
    """Words whose base line begins, has its middle or ends at x, y."""
    said = escape(one_line(text))
    where = f'x="{x:.2f}" y="{y:.2f}" font-size="{look.size:g}" fill="{look.colour}"'
    held = "" if anchor == "start" else f' text-anchor="{anchor}"'
    family = f' font-family="{look.family}"' if look.family else ""
    return f"<text {where}{held}{family}{_line_around(look)}>{said}</text>"


def _line_around(look: Type) -> str:
    """A white rim below the letters, or a line in their own colour that makes them strong."""
    if look.has_rim:
        rim = 0.26 * look.size
        return f' stroke="#ffffff" stroke-width="{rim:.2f}" stroke-linejoin="round" paint-order="stroke"'
    return f' stroke="{look.colour}" stroke-width="{0.045 * look.size:.2f}"' if look.is_strong else ""


def width_of(text: str, size: float) -> float:
    """About how wide words of so many mm are; a little more rather than less."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in one_line(text))
    return size * (wide + 0.58 * (len(text) - wide))


def fitting(text: str, size: float, room: float) -> float:
    """The size at which words take no more than so many mm, at most the one given."""
    return min(size, size * room / max(width_of(text, size), 1e-9))


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Words in lines of no more than so many mm: broken between wide letters, or at blanks."""
    lines = [""]
    for piece in _PIECES.findall(one_line(text)):
        if width_of(lines[-1] + piece.rstrip(), size) > room and lines[-1]:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


_PIECES = re.compile(r"[\u2e80-\uffef][，。；：、）」》]*|[^\s\u2e80-\uffef]+\s*|\s+")
"""What may end a line: a wide letter with the marks that never begin one, or a western word."""


def paragraph(text: str, x: float, y: float, look: Type, room: float) -> tuple[str, float]:
    """Words in as many lines as they take, the first below y; and the height in mm."""
    lines, step = wrapped(text, look.size, room), 1.45 * look.size
    drawn = [words(line, x, y + look.size + k * step, look) for k, line in enumerate(lines)]
    return "".join(drawn), len(lines) * step

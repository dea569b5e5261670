"""Where the study's metres lie on paper: a window of the ground, its size in millimetres and its scale 1:n."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.study import FloatArray

MM_PER_M = 1000.0

STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
"""Scales are these times a power of ten: 1:200000, 1:75000."""

LEAST_SCALE = 500.0

BAR_MM = 44.0
"""A scale bar is no longer than this."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of the ground: west and north edge in metres of the study's CRS, width and height in mm, scale 1:n."""

    west: float
    north: float
    width: float
    height: float
    scale: float

    def at(self, xy: FloatArray) -> FloatArray:
        """Millimetres (N, 2) from the upper left corner of places (N, 2) in metres."""
        per_m = MM_PER_M / self.scale
        placed: FloatArray = (xy - np.array([self.west, self.north])) * np.array([per_m, -per_m])
        return placed

    def metres(self, mm: float) -> float:
        """How far so many millimetres are on the ground."""
        return mm * self.scale / MM_PER_M

    def mm(self, metres: float) -> float:
        """How long so many metres are on paper."""
        return metres * MM_PER_M / self.scale

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge in metres."""
        return (
            self.west,
            self.north - self.metres(self.height),
            self.west + self.metres(self.width),
            self.north,
        )

    def shows(self, xy: FloatArray, margin_mm: float = 0.0) -> np.ndarray:
        """Whether places (N, 2) in metres lie in the window, at least so far from its edge."""
        x, y = self.at(xy).T
        inside: np.ndarray = (
            (x >= margin_mm) & (x <= self.width - margin_mm) & (y >= margin_mm) & (y <= self.height - margin_mm)
        )
        return inside

    def clipped(self, shape: BaseGeometry) -> BaseGeometry:
        """What of a shape in metres the window shows, as fine as a tenth of a millimetre tells apart."""
        west, south, east, north = self.bounds
        edge = self.metres(2.0)
        seen = shapely.clip_by_rect(shape, west - edge, south - edge, east + edge, north + edge)
        return shapely.simplify(seen, self.metres(0.08), preserve_topology=False)


def nice_scale(n: float) -> float:
    """The least scale of STEPS that is at least so large a number."""
    n = max(n, LEAST_SCALE)
    power = 10.0 ** math.floor(math.log10(n))
    return next((step * power for step in STEPS if step * power >= n - 1e-6), 10.0 * power)


def fitted(
    bounds: tuple[float, float, float, float], width: float, height: float, margin: float, least: float = 0.0
) -> Frame:
    """A window of so many mm, at a nice scale of at least 1:least, with the bounds in its middle and a margin."""
    west, south, east, north = bounds
    across, up = (east - west) / (width - 2 * margin), (north - south) / (height - 2 * margin)
    scale = nice_scale(max(MM_PER_M * across, MM_PER_M * up, least))
    return around((west + east) / 2.0, (south + north) / 2.0, width, height, scale)


def around(x: float, y: float, width: float, height: float, scale: float) -> Frame:
    """A window of so many mm around a place."""
    half = scale / MM_PER_M / 2.0
    return Frame(x - width * half, y + height * half, width, height, scale)


def narrowed(frame: Frame, bounds: tuple[float, float, float, float], margin: float, least: float) -> Frame:
    """The window no wider than the bounds and a margin need, but at least so many mm."""
    width = min(frame.width, max(least, frame.mm(bounds[2] - bounds[0]) + 2 * margin))
    taken = frame.metres(frame.width - width) / 2.0
    return replace(frame, west=frame.west + taken, width=width)


def bar_metres(frame: Frame) -> float:
    """The metres a scale bar shows: 1, 2 or 5 times a power of ten."""
    most = frame.metres(min(BAR_MM, 0.6 * frame.width))
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)

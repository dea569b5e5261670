"""Class limits of maps that shade units: few, round, and printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from siting.study import FloatArray
from siting.words import Phrase

ROUND = tuple(step * 10.0**power for power in range(-1, 7) for step in (1.0, 2.0, 5.0))
"""Round numbers that limits are taken from."""


def density_limits(values: FloatArray, classes: int = 5) -> tuple[float, ...]:
    """Round limits, one fewer than classes, ascending, that part known values into classes as even as they allow."""
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return ROUND[3 : 3 + classes - 1]
    first, last = np.quantile(known, [0.15, 0.9])
    inner = [limit for limit in ROUND if first <= limit <= last] or [min(ROUND, key=lambda one: abs(one - first))]
    chosen = np.linspace(0, len(inner) - 1, min(classes - 1, len(inner))).round().astype(int)
    return tuple(inner[k] for k in dict.fromkeys(chosen.tolist()))


def metre_limits(metres: FloatArray, radius_m: float) -> tuple[float, ...]:
    """Limits of distances: half the radius, it, once and a half and twice as much; without a radius round metres that
    the known distances spread over."""
    if np.isfinite(radius_m):
        return (0.5 * radius_m, radius_m, 1.5 * radius_m, 2.0 * radius_m)
    known = metres[np.isfinite(metres)]
    middle = float(np.median(known)) if len(known) else 1000.0
    base = max([500.0, *(limit for limit in ROUND if limit <= middle / 1.5)])
    return (base, 2 * base, 3 * base, 5 * base)


def class_words(limits: Sequence[float], unit: Phrase) -> list[Phrase]:
    """Every class in words, its limits printed; a value on a limit belongs below it."""
    said = [f"≤{limits[0]:,g}", *(f"{low:,g}–{high:,g}" for low, high in pairwise(limits)), f">{limits[-1]:,g}"]
    return [Phrase(f"{words} {unit.zh}", f"{words} {unit.en}") for words in said]


def class_of(values: FloatArray, limits: Sequence[float]) -> np.ndarray:
    """The class of every value, from 0; meaningless where it is not finite."""
    return np.digitize(np.nan_to_num(values, posinf=np.inf), np.asarray(limits), right=True)

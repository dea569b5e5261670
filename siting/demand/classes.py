"""Classes and seats: whole classes for so many pupils, whole schools for so many classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from siting.demand.faults import outside, refuse
from siting.errors import Fault
from siting.study import FloatArray, Tier
from siting.words import Phrase

SeatMode = Literal["cohort", "indicator", "larger"]
SEAT_MODE_NAMES: Mapping[SeatMode, Phrase] = {
    "cohort": Phrase("按学龄人口", "by pupils"),
    "indicator": Phrase("按千人学位", "by seats per 1000 residents"),
    "larger": Phrase("两者取大", "the larger of the two"),
}

TOLERANCE = 1e-9
"""What a sum of pupils may be above a full class and still fill no further one."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """How a tier's seats come about: pupils per class, and the numbers of classes a school may have, () for any.

    Both are what the rulebook says (``class_size`` and ``class_menu``).
    """

    tier: Tier
    class_size: float
    menu: tuple[int, ...] = ()


def classes_for(pupils: FloatArray, capacity: Capacity) -> FloatArray:
    """Whole classes that hold so many pupils, any shape; nan where nobody counted pupils."""
    refuse(_faults(capacity))
    classes: FloatArray = np.ceil(pupils / capacity.class_size - TOLERANCE)
    return np.maximum(classes, 0.0)


def seats_for(pupils: FloatArray, capacity: Capacity) -> FloatArray:
    """Seats of the whole classes that hold so many pupils, any shape."""
    return classes_for(pupils, capacity) * capacity.class_size


def menu_classes(classes: FloatArray, capacity: Capacity) -> FloatArray:
    """The fewest classes, at least so many, that one or more schools of the menu have together; any shape.

    12/18/24/30/36: 20 classes take 24, 40 take 42 (12 + 30), none take none. Without a menu, as asked. nan stays nan.
    """
    refuse(_faults(capacity))
    if not capacity.menu or not np.isfinite(classes).any():
        return classes
    fewest = _fewest(int(np.nanmax(classes)), capacity.menu)
    wanted = np.nan_to_num(classes, nan=0.0).astype(np.int64)
    return np.where(np.isnan(classes), np.nan, fewest[wanted])


def seat_demand(mode: SeatMode, pupils: FloatArray, residents: FloatArray, seats_per_1000: float) -> FloatArray:
    """Seats asked for (U, Y): the pupils themselves, residents (U, Y) at so many seats per 1000, or the larger.

    The indicator dates from when 13 of 1000 were born a year: at 6 it offers about twice what is filled.
    """
    by_indicator = residents * seats_per_1000 / 1000.0
    if mode == "cohort":
        return pupils
    return by_indicator if mode == "indicator" else np.maximum(pupils, by_indicator)


def _fewest(most: int, menu: tuple[int, ...]) -> FloatArray:
    """(most + 1,) the least sum of menu sizes that is not below 0, 1, ... most classes."""
    end = most + max(menu)
    is_sum = np.zeros(end + 1, dtype=bool)
    is_sum[0] = True
    for total in range(1, end + 1):
        is_sum[total] = any(size <= total and is_sum[total - size] for size in menu)
    sums = np.flatnonzero(is_sum)
    return sums[np.searchsorted(sums, np.arange(most + 1))].astype(np.float64)


def _faults(capacity: Capacity) -> Iterator[Fault]:
    if not capacity.class_size > 0:
        yield Fault(
            "class_size",
            Phrase(f"班额为 {capacity.class_size:g}，应大于 0。", f"is {capacity.class_size:g}; it has to be above 0."),
            Phrase("请在规则库写明每班人数。", "State the pupils per class in the rulebook."),
        )
    menu = np.array(capacity.menu, dtype=np.float64)
    names = [f"{size}" for size in capacity.menu]
    yield from outside("class_menu", Phrase("班数", "numbers of classes"), names, menu, (1.0, np.inf))

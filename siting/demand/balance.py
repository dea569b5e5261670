"""Seats needed, there, lacking and to spare, per planning unit and year: 学位供需平衡."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from siting.demand.classes import Capacity, classes_for, menu_classes, seats_for
from siting.demand.faults import outside, refuse, rows
from siting.errors import Fault
from siting.study import FloatArray, IntArray, Tier
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Balance:
    """Seats of one tier in every planning unit (K) and year (Y); all tables are (K, Y).

    needed_seats are those of the whole classes that hold the pupils; seat_gap what of them is lacking, spare_seats
    what is there beyond them (one of the two is 0). added_classes are the classes of whole schools of the menu that
    close the gap; extensions may do with fewer. nan where pupils or the seats of some school were not counted.
    """

    tier: Tier
    planning_unit: tuple[str, ...]
    year: IntArray
    pupils: FloatArray
    needed_seats: FloatArray
    existing_seats: FloatArray
    seat_gap: FloatArray
    spare_seats: FloatArray
    added_classes: FloatArray


@dataclass(frozen=True, slots=True)
class SeatsThere:
    """Seats of a tier's schools (S): the planning unit each serves, and seats (S, Y) in every year.

    A school that opens or closes has 0 in the years it is shut; nan where nobody counted.
    """

    name: tuple[str, ...]
    planning_unit: tuple[str, ...]
    seats: FloatArray


def balance(
    planning_unit: Sequence[str], pupils: FloatArray, year: IntArray, there: SeatsThere, capacity: Capacity
) -> Balance:
    """The balance of a tier: planning_unit (U,) and pupils (U, Y) of the units, what is there, how seats come about.

    Planning units keep the order of the units; rounding to whole classes is per planning unit. Raises InputError for
    negative pupils or seats and schools in planning units that no unit belongs to.
    """
    places = tuple(dict.fromkeys(planning_unit))
    refuse(_faults(planning_unit, pupils, there))
    asked = _added(planning_unit, pupils, places)
    existing = _added(there.planning_unit, there.seats, places)
    needed = seats_for(asked, capacity)
    gap = np.maximum(needed - existing, 0.0)
    return Balance(
        tier=capacity.tier,
        planning_unit=places,
        year=year,
        pupils=asked,
        needed_seats=needed,
        existing_seats=existing,
        seat_gap=gap,
        spare_seats=np.maximum(existing - needed, 0.0),
        added_classes=menu_classes(classes_for(gap, capacity), capacity),
    )


def _added(of: Sequence[str], table: FloatArray, places: tuple[str, ...]) -> FloatArray:
    row = {place: at for at, place in enumerate(places)}
    total = np.zeros((len(places), table.shape[1]))
    np.add.at(total, np.array([row[place] for place in of], dtype=np.int64), table)
    return total


def _faults(planning_unit: Sequence[str], pupils: FloatArray, there: SeatsThere) -> Iterator[Fault]:
    yield from outside("demand", Phrase("学生数", "pupils"), planning_unit, pupils, (0.0, np.inf))
    yield from outside("schools", Phrase("学位数", "seats"), there.name, there.seats, (0.0, np.inf))
    known = set(planning_unit)
    is_astray = np.array([place not in known for place in there.planning_unit], dtype=bool)
    yield from rows(
        "schools",
        [f"{name} ({place})" for name, place in zip(there.name, there.planning_unit, strict=True)],
        is_astray,
        Phrase("所在片区没有单元", "are in planning units without units"),
        Phrase("请改正学校或村表中的片区名。", "Correct the planning unit of the school or of its villages."),
    )

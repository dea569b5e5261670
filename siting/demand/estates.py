"""New estates: who moves in, when, from where, how many pupils that makes, and whether the school is there in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from siting.demand.faults import Bools, outside, refuse, rows, unknown
from siting.demand.figures import OCCUPANCY
from siting.errors import Fault
from siting.study import FloatArray, IntArray
from siting.words import Phrase

Days = NDArray[np.datetime64]

TOLERANCE = 1e-6
"""People that adding up may lose."""


@dataclass(frozen=True, slots=True)
class Phases:
    """Phases of new estates (P): homes handed over together.

    unit (P,) is the position in Units of the unit each lies in. delivered (P,) are days (datetime64[D]).
    persons_per_dwelling (P,) of homes lived in; internal_share (P,) of families who move in from within the county,
    between 0 and 1 (0.7 where nobody asked, K-M).
    """

    estate: tuple[str, ...]
    phase: tuple[str, ...]
    unit: IntArray
    dwellings: FloatArray
    delivered: Days
    persons_per_dwelling: FloatArray
    internal_share: FloatArray
    file: str = "estates"

    def __len__(self) -> int:
        return len(self.estate)

    @property
    def name(self) -> tuple[str, ...]:
        """What each phase is called in messages: 锦绣园一期."""
        return tuple(f"{estate}{phase}" for estate, phase in zip(self.estate, self.phase, strict=True))


@dataclass(frozen=True, slots=True)
class Moved:
    """People or pupils of the units (U, Y) after estates have filled: those who came, and those who left for them.

    came_from (U, Y) is what each unit lost to the estates. The total grows by what comes from outside the county.
    """

    count: FloatArray
    came_from: FloatArray


def lived_in(phases: Phases, year: IntArray, ramp: tuple[float, ...] = OCCUPANCY.values) -> FloatArray:
    """Homes lived in (P, Y) on 31 August of every year (Y,).

    ramp is the share lived in during the first, second, ... year after delivery; the last stays (20/45/65/80/90 %,
    K-M). Before delivery nobody lives there. Raises InputError for phases without a date, and numbers out of range.
    """
    refuse(_faults(phases, ramp))
    since = years_since(phases, year)
    shares = np.array(ramp)[np.clip(since, 0, len(ramp) - 1)]
    return phases.dwellings[:, None] * np.where(since < 0, 0.0, shares)


def years_since(phases: Phases, year: IntArray) -> IntArray:
    """Completed years (P, Y) from delivery to 31 August of every year; below 0 where not delivered yet."""
    since: IntArray = year[None, :] - delivery_years(phases)[:, None]
    return since


def delivery_years(phases: Phases) -> IntArray:
    """The year (P,) of the first 31 August on or after each delivery."""
    months = phases.delivered.astype("datetime64[M]").astype(np.int64)
    years: IntArray = months // 12 + 1970 + (months % 12 >= 8)
    return years


def estate_residents(phases: Phases, year: IntArray, ramp: tuple[float, ...] = OCCUPANCY.values) -> FloatArray:
    """Residents of every phase (P, Y): homes lived in x persons per dwelling."""
    return lived_in(phases, year, ramp) * phases.persons_per_dwelling[:, None]


def estate_pupils(
    phases: Phases, year: IntArray, per_100: FloatArray, ramp: tuple[float, ...] = OCCUPANCY.values
) -> FloatArray:
    """Pupils of one tier in every phase (P, Y): homes lived in x pupils per 100 of them, per_100 (K,) by completed
    years since delivery (the last stays)."""
    names = [str(since) for since in range(len(per_100))]
    refuse(outside("yields", Phrase("每百户学生数", "pupils per 100 homes"), names, per_100, (0.0, np.inf)))
    since = np.clip(years_since(phases, year), 0, len(per_100) - 1)
    return lived_in(phases, year, ramp) * per_100[since] / 100.0


def move_in(
    phases: Phases, year: IntArray, theirs: FloatArray, at_home: FloatArray, origin: FloatArray | None = None
) -> Moved:
    """Units' people or pupils by year (Y,) once those of the phases, theirs (P, Y), have moved in.

    They are added where the phase lies and, the internal share of them, taken from where they lived, so that nobody
    is counted twice. at_home (U, Y) is what the units have without estates; movers leave them in proportion to
    at_home x origin, origin (U,) weighing where they come from (None: 1 everywhere; 0: nobody leaves the unit).
    A year in which some unit was not counted is nan for all: nobody knows whom to take away where. Raises InputError
    for phases in no unit, and where more would leave a unit than live in it.
    """
    refuse(_astray(phases, len(at_home)))
    weight = at_home if origin is None else at_home * origin[:, None]
    leaving = (phases.internal_share[:, None] * theirs).sum(axis=0)
    total = weight.sum(axis=0)
    is_known_empty = total == 0
    came_from = weight * np.where(is_known_empty, 0.0, leaving / np.where(is_known_empty, 1.0, total))
    refuse(_too_few(phases.file, year, leaving, came_from, at_home))
    arrived = np.zeros_like(at_home)
    np.add.at(arrived, phases.unit, theirs)
    return Moved(at_home + arrived - came_from, came_from)


def gap_months(phases: Phases, opening: Mapping[str, date]) -> Mapping[str, float]:
    """Months from an estate's first delivery to the opening of its school; below 0 where the school is there first.

    opening maps estates to a day; a month begun counts. nan for an estate whose school has no day. A kept
    promise (同步规划、同步建设、同步交付, 定发〔2021〕40号 四(六); P) is nought or below.
    """
    refuse(_dates(phases))
    first: dict[str, date] = {}
    for estate, day in zip(phases.estate, phases.delivered.astype("datetime64[D]").tolist(), strict=True):
        first[estate] = min(first.get(estate, day), day)
    return {estate: _months(day, opening.get(estate)) for estate, day in first.items()}


def lacking_seats(phases: Phases, theirs: FloatArray, seats: Mapping[str, FloatArray]) -> Mapping[str, FloatArray]:
    """Seats an estate's own school lacks in every year (Y,): pupils of its phases (P, Y) less its seats, or 0."""
    nothing = np.zeros(theirs.shape[1])
    estates = dict.fromkeys(phases.estate)
    of = np.array(phases.estate)
    return {name: np.maximum(theirs[of == name].sum(axis=0) - seats.get(name, nothing), 0.0) for name in estates}


def _months(first: date, opens: date | None) -> float:
    return float("nan") if opens is None else months_between(first, opens)


def months_between(first: date, opens: date) -> float:
    """Months from one day to another, a month begun counted whole; below 0 where the other comes first."""
    return float(12 * (opens.year - first.year) + opens.month - first.month + (opens.day > first.day))


def _faults(phases: Phases, ramp: tuple[float, ...]) -> Iterator[Fault]:
    yield from _dates(phases)
    for called, values, within in (
        (Phrase("户数", "dwellings"), phases.dwellings, (0.0, np.inf)),
        (Phrase("户均人口", "persons per dwelling"), phases.persons_per_dwelling, (0.0, 10.0)),
        (Phrase("县内迁入比例", "internal shares"), phases.internal_share, (0.0, 1.0)),
    ):
        yield from outside(phases.file, called, phases.name, values, within)
        yield from unknown(phases.file, called, phases.name, values, Phrase("请补填。", "Fill it in."))
    years = [str(since) for since in range(len(ramp))]
    yield from outside(phases.file, Phrase("入住率", "occupancy"), years, np.array(ramp), (0.0, 1.0))


def _dates(phases: Phases) -> Iterator[Fault]:
    is_undated: Bools = np.isnat(phases.delivered)
    yield from rows(
        phases.file,
        phases.name,
        is_undated,
        Phrase("没有交付日期", "have no day of delivery"),
        Phrase("请补填；只知年份的写该年8月31日。", "Fill it in; where only the year is known, write 31 August."),
    )


def _astray(phases: Phases, units: int) -> Iterator[Fault]:
    yield from rows(
        phases.file,
        phases.name,
        (phases.unit < 0) | (phases.unit >= units),
        Phrase("不在任何单元内", "lie in no unit"),
        Phrase("请改正位置，或把小区加入单元表。", "Correct where they lie, or add the estate to the units."),
    )


def _too_few(
    file: str, year: IntArray, leaving: FloatArray, came_from: FloatArray, at_home: FloatArray
) -> Iterator[Fault]:
    """Years in which more would leave than there are to leave."""
    is_over: Bools = (came_from > at_home + TOLERANCE).any(axis=0) | (leaving > came_from.sum(axis=0) + TOLERANCE)
    names = [
        f"{when} ({many:,.0f} / {there:,.0f})"
        for when, many, there in zip(year.tolist(), leaving.tolist(), at_home.sum(axis=0).tolist(), strict=True)
    ]
    yield from rows(
        file,
        names,
        is_over,
        Phrase("县内迁入新小区的人多于迁出地现有的人", "have more movers than the places they leave have people"),
        Phrase("请调低县内迁入比例或户数，或放宽迁出地。", "Lower the internal share, or let more units be left."),
    )

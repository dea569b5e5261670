"""How full a school is when it opens, at its peak and ten years on; and whether that is a school worth having."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from siting.demand.classes import Capacity, classes_for
from siting.demand.faults import outside, refuse, rows
from siting.demand.figures import LEAST_FILL, SMALL_SCHOOL
from siting.errors import Fault
from siting.study import FloatArray, IntArray
from siting.words import Phrase, both

LATER = 10
"""Years after opening at which a school is looked at again."""

TOLERANCE = 1e-6
"""What adding up may lose: a school exactly at a limit keeps it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Schools (S) of one tier and those they will serve: seats (S,), opens (S,) the year, pupils (S, Y).

    year (Y,) are consecutive. residents (S,) is the service population in the opening year, lower and upper (S,) the
    rule's band of it, 0 and inf where no rule speaks. An existing school opens in the first year.
    """

    name: tuple[str, ...]
    seats: FloatArray
    opens: IntArray
    year: IntArray
    pupils: FloatArray
    residents: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, slots=True)
class FillRates:
    """Pupils per seat on opening, at the peak (and its year) and ten years on, all (S,).

    nan where seats or pupils are unknown, where there are no seats, or where ten years on is beyond the years.
    """

    opening: FloatArray
    peak: FloatArray
    peak_year: IntArray
    later: FloatArray


@dataclass(frozen=True, slots=True)
class Viability:
    """One school's two verdicts, side by side: the rule counts people, a school lives by pupils.

    is_compliant: the service population is in the rule's band; None where nobody counted it. is_viable: pupils and fill
    rate reach the least on opening and ten years on, as far as known; None where neither is. is_crowded: more pupils
    than seats at the peak; None where that is unknown.
    """

    name: str
    is_compliant: bool | None
    is_viable: bool | None
    is_crowded: bool | None
    classes_on_opening: float
    evidence: Phrase


def fill_rates(opened: Opened) -> FillRates:
    """Pupils per seat of every school at the three moments; the peak is the highest year from opening on.

    Raises InputError for an opening outside the years and for negative seats or pupils.
    """
    refuse(_faults(opened))
    first, schools = int(opened.year[0]), np.arange(len(opened.name))
    open_at = opened.opens - first
    is_open = np.arange(len(opened.year))[None, :] >= open_at[:, None]
    while_open = np.where(is_open & ~np.isnan(opened.pupils), opened.pupils, -1.0)
    peak_at = while_open.argmax(axis=1)
    later_at = np.minimum(open_at + LATER, len(opened.year) - 1)
    is_later_known = open_at + LATER < len(opened.year)
    seats = np.where(opened.seats > 0, opened.seats, np.nan)
    return FillRates(
        opening=opened.pupils[schools, open_at] / seats,
        peak=np.where(while_open[schools, peak_at] < 0, np.nan, while_open[schools, peak_at]) / seats,
        peak_year=opened.year[peak_at],
        later=np.where(is_later_known, opened.pupils[schools, later_at], np.nan) / seats,
    )


def viability(
    opened: Opened,
    capacity: Capacity,
    least_pupils: float | None = None,
    least_fill: float = LEAST_FILL.value,
) -> tuple[Viability, ...]:
    """Both verdicts on every school.

    least_pupils: None takes 100 for primary and junior schools, below which a rural school counts as small (S), and no
    limit for the others. least_fill: 0.6 is a planner's assumption (K-L). 0 switches either off.
    """
    fill = fill_rates(opened)
    open_at = opened.opens - opened.year[0]
    classes = classes_for(opened.pupils[np.arange(len(opened.name)), open_at], capacity)
    usual = SMALL_SCHOOL.value if capacity.tier in ("primary", "junior") else 0.0
    least = (usual if least_pupils is None else least_pupils, least_fill)
    return tuple(_verdict(opened, fill, classes, school, least) for school in range(len(opened.name)))


def _verdict(
    opened: Opened, fill: FillRates, classes: FloatArray, school: int, least: tuple[float, float]
) -> Viability:
    rates = np.array([fill.opening[school], fill.later[school]])
    known = rates[~np.isnan(rates)] + TOLERANCE
    pupils = known * opened.seats[school]
    is_viable = bool((known >= least[1]).all() and (pupils >= least[0]).all()) if len(known) else None
    peak = float(fill.peak[school])
    return Viability(
        name=opened.name[school],
        is_compliant=_in_band(opened, school),
        is_viable=is_viable,
        is_crowded=None if np.isnan(peak) else peak > 1.0 + TOLERANCE,
        classes_on_opening=float(classes[school]),
        evidence=_evidence(opened, fill, school),
    )


def _in_band(opened: Opened, school: int) -> bool | None:
    people = float(opened.residents[school])
    if np.isnan(people):
        return None
    return bool(opened.lower[school] - TOLERANCE <= people <= opened.upper[school] + TOLERANCE)


def _evidence(opened: Opened, fill: FillRates, school: int) -> Phrase:
    people, seats = (_count(number[school]) for number in (opened.residents, opened.seats))
    peak_year = fill.peak_year[school]
    opening, peak, later = (_percent(rate[school]) for rate in (fill.opening, fill.peak, fill.later))
    return Phrase(
        f"服务人口 {people.zh} 人，学位 {seats.zh} 个；使用率：开办 {opening.zh}，"
        f"最高 {peak.zh}（{peak_year} 年），十年后 {later.zh}。",
        f"Serves {people.en} residents with {seats.en} seats; filled {opening.en} on opening, "
        f"{peak.en} at the peak ({peak_year}), {later.en} ten years on.",
    )


def _count(number: float) -> Phrase:
    return Phrase("不详", "unknown") if np.isnan(number) else both(f"{number:,.0f}")


def _percent(rate: float) -> Phrase:
    return Phrase("不详", "unknown") if np.isnan(rate) else both(f"{rate:.0%}")


def _faults(opened: Opened) -> Iterator[Fault]:
    first, last = int(opened.year[0]), int(opened.year[-1])
    yield from rows(
        "schools",
        [f"{name} ({year})" for name, year in zip(opened.name, opened.opens.tolist(), strict=True)],
        (opened.opens < first) | (opened.opens > last),
        Phrase(f"开办年份不在 {first}-{last} 年之内", f"open outside {first}-{last}"),
        Phrase("请改正开办年份，或把学生数推算到那一年。", "Correct the year, or project the pupils that far."),
    )
    yield from outside("schools", Phrase("学位数", "seats"), opened.name, opened.seats, (0.0, np.inf))
    yield from outside("demand", Phrase("学生数", "pupils"), opened.name, opened.pupils, (0.0, np.inf))

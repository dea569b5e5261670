"""Births by township and year, and the children they have become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from siting.demand.ages import AGES, Ages, Basis, methods
from siting.demand.faults import outside, refuse, rows, unknown
from siting.demand.shares import give_out
from siting.errors import Fault
from siting.study import FloatArray, Units
from siting.words import Phrase

BEFORE_SEPTEMBER = 8.0 / 12.0
"""Share of a calendar year's births that fall on or before 31 August, spread evenly over the months."""


@dataclass(frozen=True, slots=True)
class Births:
    """Births of places (townships or units) in consecutive calendar years: count (T, Y), nan where nobody counted.

    vintage is the last year in which births were counted. Later columns are a variant of an outlook made in the year
    outlook; 0 and "" where there are none.
    """

    place_id: tuple[str, ...]
    place: tuple[str, ...]
    first_year: int
    count: FloatArray
    vintage: int
    outlook: int = 0
    variant: str = ""
    file: str = "births"

    @property
    def last_year(self) -> int:
        """The last calendar year there is a column for."""
        return self.first_year + self.count.shape[1] - 1

    def in_year(self, year: int) -> FloatArray:
        """Births of a calendar year (T,), nan where nobody counted or the year has no column."""
        if not self.first_year <= year <= self.last_year:
            return np.full(len(self.place_id), np.nan)
        column: FloatArray = self.count[:, year - self.first_year]
        return column


def aged(births: Births, age: int, year: int) -> FloatArray:
    """Those born who are of an age on 31 August of a year (T,), before deaths and moves.

    A third of births(year - age - 1), born in its last four months, and two thirds of births(year - age).
    Source: entry to school at six by 31 August (义务教育法 art. 11 and its provincial rules; certainty C, K-H).
    """
    earlier, later = births.in_year(year - age - 1), births.in_year(year - age)
    return (1.0 - BEFORE_SEPTEMBER) * earlier + BEFORE_SEPTEMBER * later


def births_of_units(births: Births, units: Units) -> Births:
    """Births of townships shared out to their units by residents; every township's total is kept.

    Raises InputError for negative births, units whose township has no row, and townships with births and no unit.
    """
    refuse(_faults(births, units))
    row = {place: at for at, place in enumerate(births.place_id)}
    holder = np.array([row[township] for township in units.township_id], dtype=np.int64)
    count = give_out(births.count, holder, units.residents)
    return replace(births, place_id=units.id, place=units.name, count=count)


def ages_from_births(
    births: Births, units: Units, year: int, alive: FloatArray | None = None, basis: Basis = "resident"
) -> Ages:
    """Ages of every unit from its township's births, shared out by residents; ages no birth reaches are nan.

    alive (18,) is the share of births alive at each age (None: all of them). Children who moved in or out since
    birth are not in it. Against the nation's enrolment: 2024 kindergarten -0.3 %, primary +0.6 %, junior -2.9 %;
    2023 -1.6, +1.1 and -5.9 % (births before 2011 seem counted short). Raises InputError as ``births_of_units``, and
    for shares alive outside 0 to 1.
    """
    shares = np.ones(AGES) if alive is None else alive
    ages = [str(age) for age in range(AGES)]
    refuse(outside(births.file, Phrase("存活比例", "shares alive"), ages, shares, (0.0, 1.0)))
    theirs = births_of_units(births, units)
    count = np.column_stack([aged(theirs, age, year) * shares[age] for age in range(AGES)])
    return Ages(units.id, units.name, year, count, methods("births", count), basis)


def _faults(births: Births, units: Units) -> Iterator[Fault]:
    yield from outside(births.file, Phrase("出生人数", "births"), births.place, births.count, (0.0, np.inf))
    counted = Counter(births.place_id)
    twice = [counted[place] > 1 for place in births.place_id]
    yield from rows(
        births.file,
        births.place,
        np.array(twice, dtype=bool),
        Phrase("乡镇重复", "are of a township that is there twice"),
        Phrase("每个乡镇只留一行。", "Keep one row for each township."),
    )
    is_homeless = np.array([township not in counted for township in units.township_id], dtype=bool)
    names = [f"{name} ({township})" for name, township in zip(units.name, units.township, strict=True)]
    yield from rows(
        births.file,
        names,
        is_homeless,
        Phrase("所在乡镇没有出生数据", "lie in a township without births"),
        Phrase("请补上该乡镇，或改正乡镇代码。", "Add the township, or correct its code."),
    )
    known = set(units.township_id)
    is_lost = np.array([place not in known for place in births.place_id], dtype=bool)
    yield from rows(
        births.file,
        births.place,
        is_lost & (np.nansum(births.count, axis=1) > 0),
        Phrase("有出生数据而没有村、社区", "have births and no village or community"),
        Phrase("请在村表补上，或改正乡镇代码。", "Add its villages, or correct the township's code."),
    )
    cure = Phrase("请在村表补填常住人口。", "Fill in the residents in the table of villages.")
    yield from unknown(births.file, Phrase("常住人口", "count of residents"), units.name, units.residents, cure)

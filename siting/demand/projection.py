"""Single ages moved forward, one year of age a year, for up to fifteen years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from siting.demand.ages import AGES, Ages, Basis, Method, methods, of_tier
from siting.demand.births import Births, aged
from siting.demand.faults import outside, refuse
from siting.demand.outlook import VARIANT_NAMES, VARIANTS, BirthOutlook, Variant, births_ahead
from siting.errors import Fault
from siting.study import FloatArray, IntArray, Tier
from siting.words import Phrase, name_some

MOST_YEARS = 15
"""Farther ahead every child in school is the child of people who are children now: births have to be forecast, too."""


@dataclass(frozen=True, slots=True)
class Vintage:
    """What a forecast knew, always shown with it: in 2016 primary schools were to peak in 2027; they did in 2023.

    The years in which ages and births were last counted and the outlook of births was made, 0 where there is none;
    variant is "" without outlook.
    """

    ages: int
    births: int = 0
    outlook: int = 0
    variant: str = ""

    def said(self) -> Phrase:
        """The vintage in words."""
        zh, en = [f"年龄数据 {self.ages} 年"], [f"ages of {self.ages}"]
        if self.births:
            zh.append(f"出生数据至 {self.births} 年")
            en.append(f"births to {self.births}")
        for variant, name in VARIANT_NAMES.items():
            if variant == self.variant:
                zh.append(f"以后按 {self.outlook} 年所作{name.zh}")
                en.append(f"then the {name.en} variant of {self.outlook}")
        return Phrase("，".join(zh), ", ".join(en))


@dataclass(frozen=True, slots=True)
class Projection:
    """Children by single age, count (U, Y, 18), on 31 August of consecutive years (Y,), the first that of its ages.

    nan is an age nobody counted. method (18,) says how the ages of the first year came about.
    """

    unit_id: tuple[str, ...]
    name: tuple[str, ...]
    year: IntArray
    count: FloatArray
    vintage: Vintage
    method: tuple[Method | None, ...]
    basis: Basis

    def of(self, tier: Tier) -> FloatArray:
        """Children of a tier's ages (U, Y)."""
        return of_tier(self.count, tier)

    def in_year(self, year: int) -> Ages:
        """The ages of one of the years, with how each came about. Raises IndexError for any other year."""
        ahead = self.year.tolist().index(year) if year in self.year else -1
        if ahead < 0:
            raise IndexError(f"{year} is not among {self.year[0]}-{self.year[-1]}")
        count = self.count[:, ahead]
        method = (methods("births", count[:, :ahead]) + self.method)[:AGES]
        return Ages(self.unit_id, self.name, year, count, method, self.basis)


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to children between one 31 August and the next.

    survival (17,) is the share of those aged 0 to 16 alive a year on. net_migration broadcasts to (U, Y, 18): children
    who moved in less those who moved out, per child, by year ahead and the age they have at its end; -1 empties a unit.
    None stands for 1 and 0: nobody dies, nobody moves.
    """

    survival: FloatArray | None = None
    net_migration: FloatArray | None = None


NO_CHANGE = Change()


def project(ages: Ages, births: Births | None, years: int, change: Change = NO_CHANGE) -> Projection:
    """Ages of every unit in the year they were counted and in each of so many years after it.

    births are those of the units (``births_of_units``), known and ahead; without them, and in years without births,
    the youngest are nan. Births are counted where families live, so they are not moved in their first year.
    Nought years give the ages as they are. Raises InputError beyond fifteen years, for births of other units, shares
    alive outside 0 to 1 and migration below -1. Source: cohort survival; within fifteen years births are all that is
    needed of fertility (certainty C).
    """
    refuse(_faults(ages, births, years, change))
    survival = np.ones(AGES - 1) if change.survival is None else change.survival
    migration = _every_year(change.net_migration, len(ages), years)
    count = np.empty((len(ages), years + 1, AGES))
    count[:, 0] = ages.count
    for ahead in range(1, years + 1):
        count[:, ahead, 0] = np.nan if births is None else aged(births, 0, ages.year + ahead)
        count[:, ahead, 1:] = count[:, ahead - 1, :-1] * survival * (1.0 + migration[:, ahead - 1, 1:])
    return Projection(
        unit_id=ages.unit_id,
        name=ages.name,
        year=np.arange(ages.year, ages.year + years + 1),
        count=count,
        vintage=_vintage(ages, births),
        method=ages.method,
        basis=ages.basis,
    )


def project_variants(
    ages: Ages, births: Births, outlook: BirthOutlook, years: int, change: Change = NO_CHANGE
) -> Mapping[Variant, Projection]:
    """The same children and moves with low, middle and high births; births are the known ones of the units.

    In small places moves are less sure than births: ``project`` takes other moves for each variant.
    """
    return {variant: project(ages, births_ahead(births, outlook, variant), years, change) for variant in VARIANTS}


def migration_rate(net_people: FloatArray, residents: FloatArray, youth: float = 1.0) -> FloatArray:
    """Net migration per child (U, Y, 1) from net movers of all ages (U, Y) and residents (U,).

    Children move as everybody does, times youth. 0 where nobody lives.
    """
    lived_in = np.where(residents > 0, residents, np.inf)
    rate: FloatArray = youth * net_people / lived_in[:, None]
    return rate[:, :, None]


def _vintage(ages: Ages, births: Births | None) -> Vintage:
    if births is None:
        return Vintage(ages.year)
    return Vintage(ages.year, births.vintage, births.outlook, births.variant)


def _every_year(migration: FloatArray | None, units: int, years: int) -> FloatArray:
    shape = (units, years, AGES)
    return np.zeros(shape) if migration is None else np.broadcast_to(migration, shape)


def _faults(ages: Ages, births: Births | None, years: int, change: Change) -> Iterator[Fault]:
    if not 0 <= years <= MOST_YEARS:
        yield Fault(
            "projection",
            Phrase(
                f"要求推算 {years} 年（到 {ages.year + years} 年），只能 0-{MOST_YEARS} 年。",
                f"{years} years ahead were asked for (to {ages.year + years}); 0 to {MOST_YEARS} are allowed.",
            ),
            Phrase(
                "更远的年份要先推算育龄妇女与生育率；请缩短年限，或用较新的年龄数据。",
                "Farther on, fertility has to be projected, too: ask for fewer years, or begin with newer ages.",
            ),
        )
    if births is not None and births.place_id != ages.unit_id:
        places, units = name_some(list(births.place)), name_some(list(ages.name))
        yield Fault(
            births.file,
            Phrase(
                f"是 {places.zh} 的出生人数，不是各单元（{units.zh}）的。",
                f"has births of {places.en}, not of the units ({units.en}).",
            ),
            Phrase("请先按常住人口分到单元。", "Share them out to the units first."),
        )
    if change.survival is not None:
        names = [str(age) for age in range(len(change.survival))]
        yield from outside("survival", Phrase("存活比例", "shares alive"), names, change.survival, (0.0, 1.0))
    if change.net_migration is not None and 0 <= years <= MOST_YEARS:
        rate = _every_year(change.net_migration, len(ages), years)
        yield from outside("migration", Phrase("净迁移率", "net migration"), ages.name, rate, (-1.0, np.inf))

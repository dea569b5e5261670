"""Single ages of every unit from what a county has: births, registered ages, five-year groups, or shares of age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from siting.demand.ages import METHOD_NAMES, TIER_AGES, Ages, joined, year_of_31_august
from siting.demand.births import Births, aged, ages_from_births, births_of_units
from siting.demand.faults import refuse
from siting.demand.national import RESIDENTS_WAN, national_births, national_shares
from siting.demand.outlook import births_ahead, steady_outlook
from siting.demand.projection import NO_CHANGE, project
from siting.demand.register import ages_from_register
from siting.demand.shares import ages_from_shares
from siting.demand.sprague import ages_from_groups
from siting.errors import Fault
from siting.project import BirthVariant
from siting.study import TIERS, FloatArray, Remark, StudyArea, Units
from siting.words import Phrase

YOUNGEST = range(5)
"""Ages by which the nation's births are measured against a county's children: 0 to 4, a group of every count."""


@dataclass(frozen=True, slots=True)
class Known:
    """Single ages in the year of the newest data, and births of the units, known and ahead, to the last year asked."""

    ages: Ages
    births: Births


def base_year(area: StudyArea, asked: int | None) -> int:
    """The autumn of the newest data: births, ages, or the nation's births where the county has none of its own."""
    years = []
    if area.births is not None:
        years.append(area.births.first_year + area.births.count.shape[1] - 1)
    if area.ages is not None:
        years.append(year_of_31_august(area.ages.year, area.ages.month))
    nation = national_births().vintage
    return max(years) if years else min(nation, nation if asked is None else asked)


def known_ages(area: StudyArea, base: int, years: int, variant: BirthVariant) -> Known:
    """Ages of the units in the base year and births for so many years after it.

    Each age comes from the first of births, register, groups and shares that knows it in every unit. Children counted
    in the table of villages correct the shares. Raises InputError for births that do not fit the units.
    """
    counted = _counted(area, base)
    births = _to(_births(area, counted), base + years, variant)
    theirs = births_of_units(births, area.units)
    ages = None if area.births is None else ages_from_births(births, area.units, base)
    if counted is not None:
        aged_on = (
            project(counted, theirs, base - counted.year, NO_CHANGE).in_year(base) if base > counted.year else counted
        )
        later = replace(aged_on, remarks=counted.remarks)
        ages = later if ages is None else joined(ages, later)
    shares = _shares(area, base)
    if ages is None:
        return Known(shares, theirs)
    whole = joined(ages, shares)
    return Known(whole if "shares" in whole.method else replace(whole, remarks=ages.remarks), theirs)


def told(ages: Ages) -> Phrase:
    """Which ages came about how: 0-17 births moved forward."""
    runs: list[tuple[int, int, str]] = []
    for age, method in enumerate(ages.method):
        if runs and runs[-1][2] == (method or ""):
            runs[-1] = (runs[-1][0], age, method or "")
        else:
            runs.append((age, age, method or ""))
    names = {str(method): name for method, name in METHOD_NAMES.items()} | {"": Phrase("不详", "unknown")}
    zh = "、".join(f"{first}-{last} 岁{names[method].zh}" for first, last, method in runs)
    en = ", ".join(f"ages {first}-{last} {names[method].en}" for first, last, method in runs)
    return Phrase(zh, en)


# --- births ------------------------------------------------------------------------------------------------------


def _births(area: StudyArea, counted: Ages | None) -> Births:
    """The county's own births; without any, the nation's by residents, measured on the children that are counted."""
    born = area.births
    if born is not None:
        last = born.first_year + born.count.shape[1] - 1
        return Births(born.township_id, born.township, born.first_year, born.count, last, file=_file(area, "births"))
    nation = national_births()
    townships = dict(zip(area.units.township_id, area.units.township, strict=True))
    people = np.array([area.units.residents[_in(area.units, code)].sum() for code in townships])
    per_person = nation.count[0] / (RESIDENTS_WAN.value * 10_000.0) * _times(area, counted)
    count = people[:, None] * per_person[None, :]
    return Births(
        tuple(townships), tuple(townships.values()), nation.first_year, count, nation.vintage, file=nation.file
    )


def _in(units: Units, township: str) -> np.ndarray:
    return np.array([code == township for code in units.township_id], dtype=bool)


def _times(area: StudyArea, counted: Ages | None) -> float:
    """How many children of the youngest ages the county has for each the nation has among as many residents."""
    people = float(area.units.residents.sum())
    if area.ages is not None and area.ages.span == 5:
        young, year = float(area.ages.count[:, 0].sum()), year_of_31_august(area.ages.year, area.ages.month)
    elif counted is not None:
        young, year = float(counted.count[:, : len(YOUNGEST)].sum()), counted.year
    elif _is_counted(area, "kindergarten"):
        year, ages = national_births().vintage, TIER_AGES["kindergarten"]
        usual = float(national_shares(year)[ages.start : ages.stop].sum()) * people
        return float(area.units.children["kindergarten"].sum()) / usual if usual > 0 else 1.0
    else:
        return 1.0
    usual = float(np.nansum([aged(national_births(), age, year)[0] for age in YOUNGEST]))
    expected = usual / (RESIDENTS_WAN.value * 10_000.0) * people
    return young / expected if expected > 0 else 1.0


def _to(births: Births, year: int, variant: BirthVariant) -> Births:
    if births.last_year >= year:
        return births
    outlook = steady_outlook(births.last_year, births.last_year + 1, year - births.last_year)
    return births_ahead(births, outlook, variant)


# --- ages --------------------------------------------------------------------------------------------------------


def _counted(area: StudyArea, base: int) -> Ages | None:
    """Ages as the layer of ages counts them, on the 31 August before."""
    ages = area.ages
    if ages is None:
        return None
    refuse(_old(area, base))
    if ages.span == 1:
        return ages_from_register(area.units, ages.count, ages.year, ages.month, file=_file(area, "ages"))
    return ages_from_groups(area.units, ages.count, ages.year, ages.month)


OLDEST = 15
"""Ages counted longer ago say nothing of children: they were not born."""


def _old(area: StudyArea, base: int) -> Iterator[Fault]:
    if area.ages is not None and base - area.ages.year > OLDEST:
        yield Fault(
            _file(area, "ages"),
            Phrase(
                f"是 {area.ages.year} 年的，距最新出生数据（{base} 年）超过 {OLDEST} 年。",
                f"is of {area.ages.year}, more than {OLDEST} years before the newest births ({base}).",
            ),
            Phrase("请换较新的，或去掉该图层。", "Use a newer count, or leave the layer out."),
        )


def _shares(area: StudyArea, base: int) -> Ages:
    """Residents by the nation's shares of age, each tier's ages corrected to the children counted in every unit."""
    ages = ages_from_shares(area.units, _known_shares(base), base, file=_file(area, "villages"))
    count = np.array(ages.count)
    for tier in (tier for tier in TIERS if _is_counted(area, tier)):
        held = slice(TIER_AGES[tier].start, TIER_AGES[tier].stop)
        total = count[:, held].sum(axis=1)
        even = 1.0 / len(TIER_AGES[tier])
        of_tier = np.where(total[:, None] > 0, count[:, held] / np.where(total > 0, total, 1.0)[:, None], even)
        count[:, held] = of_tier * area.units.children[tier][:, None]
    return replace(ages, count=count, remarks=_remark_shares(area))


def _known_shares(base: int) -> FloatArray:
    """The nation's shares of the ages its births reach; where they do not, those of the nearest younger age."""
    shares = national_shares(base)
    known = np.flatnonzero(~np.isnan(shares))
    filled: FloatArray = np.interp(np.arange(len(shares)), known, shares[known])
    return filled


def _is_counted(area: StudyArea, tier: str) -> bool:
    counted = {str(name): held for name, held in area.units.children.items()}.get(tier)
    return counted is not None and not bool(np.isnan(counted).any())


def _remark_shares(area: StudyArea) -> tuple[Remark, ...]:
    corrected = [tier for tier in TIERS if _is_counted(area, tier)]
    if not corrected:
        return ()
    what = Phrase(
        "没有出生和分年龄数据的年龄，按全国年龄构成拆分村表的儿童数；表中儿童数视为最新一年的。",
        "ages without births or counts are the nation's shares of the children in this table, taken for this year's.",
    )
    return (Remark(_file(area, "villages"), what),)


def _file(area: StudyArea, layer: str) -> str:
    return area.sources[layer][0] if layer in area.sources else layer

"""附表2 and 附表3: children and the seats they need by township and year; seats there, planned and lacking."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.demand.balance import Balance
from siting.demand.classes import Capacity, seats_for
from siting.demand.needs import balances_now, capacities
from siting.demand.outlook import VARIANT_NAMES
from siting.demand.pupils import knows_pupils, unit_pupils
from siting.export.fields import (
    NO_UNIT,
    SCHOOLS_TABLE,
    SEATS,
    THE_PLAN,
    VILLAGES_TABLE,
    WORKED_OUT,
    YEAR,
    Annex,
    Field,
    blank,
    people,
    seats,
    share,
)
from siting.export.result import Result
from siting.export.tables import Table
from siting.filing.dossier import Dossier
from siting.study import TIER_NAMES, FloatArray, Forecast, StudyArea, Tier
from siting.words import Phrase

NAN = math.nan

YEARS = (2025, 2030, 2035)
"""The years of the plan (2025, 2030, 2035) that 附表3 asks for."""

FORECAST = Phrase("学龄人口推算", "the forecast")

MISSING = Phrase(
    "研究文件没有推算以后年份，{years} 年的数字留空，所列为方案采用的现状数据；在研究文件中加入 [layers.births]"
    "（分乡镇出生人数）或 [layers.ages]（分年龄人口），并写 [demand] year，即可补齐。",
    "The study looks at no year ahead: figures of {years} are blank, and what is listed are the data the plan was made "
    "for. Births by township ([layers.births]) or residents by age ([layers.ages]) with [demand] year would fill them.",
)


def _missing(years: Sequence[int]) -> Phrase:
    zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
    return Phrase(MISSING.zh.format(years=zh), MISSING.en.format(years=en))


# --- 附表2 -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Children:
    """Children of one township, year and tier; year nan where the study looks at none, rate and estates likewise."""

    township: str
    year: float
    tier: Tier
    children: float
    rate: float
    in_estates: float
    seats: float
    variant: Phrase


def children_of(dossier: Dossier) -> Iterator[Children]:
    """Tier by tier, year by year, every township in the order of the units."""
    result = dossier.result
    for tier, capacity in capacities(result.project, result.book).items():
        ahead = result.area.forecast
        if ahead is not None and tier in ahead.children:
            yield from _forecast(result, ahead, capacity)
        elif ahead is None and knows_pupils(result.area, tier, result.project.pupils_per_1000):
            yield from _now(result, capacity)


def _forecast(result: Result, ahead: Forecast, capacity: Capacity) -> Iterator[Children]:
    units, tier = result.area.units, capacity.tier
    of = {
        village: (township, kind)
        for village, township, kind in zip(units.part_of, units.township, units.kind, strict=True)
    }
    townships, estate = [of[unit][0] for unit in ahead.unit_id], [of[unit][1] == "estate" for unit in ahead.unit_id]
    children, rate = ahead.children[tier], ahead.rate[tier]
    whole, new = _summed(townships, children), _summed(townships, children * np.array(estate)[:, None])
    needed = seats_for(_table(whole) * rate, capacity)
    said = VARIANT_NAMES[result.project.ahead.births]
    for at, year in _marked(ahead):
        for row, (township, counted) in enumerate(whole.items()):
            yield Children(
                township, year, tier, float(counted[at]), rate, float(new[township][at]), float(needed[row, at]), said
            )


def _marked(ahead: Forecast) -> list[tuple[int, int]]:
    """Position and year: the first, the one planned for, those of the plan, and every fifth."""
    years = [int(year) for year in ahead.year]
    return [(at, year) for at, year in enumerate(years) if at == 0 or year == ahead.year_planned or year % 5 == 0]


def _now(result: Result, capacity: Capacity) -> Iterator[Children]:
    pupils = unit_pupils(result.area, capacity.tier, result.project.pupils_per_1000)
    whole = _summed(list(result.area.units.township), pupils[:, None])
    needed = seats_for(_table(whole), capacity)[:, 0]
    for (township, counted), asked in zip(whole.items(), needed.tolist(), strict=True):
        yield Children(township, NAN, capacity.tier, float(counted[0]), NAN, NAN, asked, NO_UNIT)


def _summed(places: Sequence[str], table: FloatArray) -> Mapping[str, FloatArray]:
    total = {place: np.zeros(table.shape[1]) for place in dict.fromkeys(places)}
    for place, row in zip(places, table, strict=True):
        total[place] += row
    return total


def _table(total: Mapping[str, FloatArray]) -> FloatArray:
    return np.array(list(total.values()))


def _group(one: Children) -> Phrase:
    tier = TIER_NAMES[one.tier]
    if math.isnan(one.year):
        return tier
    return Phrase(f"{one.year:.0f}年{tier.zh}", f"{tier.en}, {one.year:.0f}")


CHILDREN: Annex[Children] = Annex(
    Phrase("附表2 学龄人口预测", "2 Children ahead"),
    Phrase("附表2　学龄人口预测表", "Table 2. Children in the years ahead"),
    (
        Field(
            Phrase("乡镇（街道）", "township"),
            16,
            lambda one: one.township,
            Phrase("乡镇（街道）", "township"),
            VILLAGES_TABLE,
        ),
        Field(
            Phrase("年份", "year"),
            8,
            lambda one: one.year,
            Phrase(
                "该年 8 月 31 日；首年、规划年和逢 5、逢 0 年份",
                "31 August of that year: the first, the planned, every fifth",
            ),
            FORECAST,
            number=YEAR,
        ),
        Field(Phrase("学段", "tier"), 12, lambda one: TIER_NAMES[one.tier], Phrase("学段", "tier"), THE_PLAN),
        people(
            Phrase("适龄人口", "children"),
            11,
            lambda one: one.children,
            Phrase("该学段年龄的常住儿童", "resident children of the tier's ages"),
            FORECAST,
        ),
        share(
            Phrase("入学（园）率", "enrolment"),
            10,
            lambda one: one.rate,
            Phrase("学生数 ÷ 适龄人口，研究文件所写或通行值", "pupils per child, as the study says or usual"),
        ),
        blank(
            Phrase("随迁", "migrants"),
            9,
            Phrase("常住口径已含随迁子女，不另推算", "residents include migrants' children; not forecast apart"),
        ),
        people(
            Phrase("新建居住区增量", "of them in new estates"),
            11,
            lambda one: one.in_estates,
            Phrase("适龄人口中住在新建居住区的", "those of the children who live in new estates"),
            FORECAST,
        ),
        seats(
            Phrase("需求学位", "seats needed"),
            11,
            lambda one: one.seats,
            Phrase("整班数 × 每班人数，按乡镇取整", "whole classes x class size, rounded up by township"),
            WORKED_OUT,
        ),
        Field(
            Phrase("方案（高/中/低）", "variant of births"),
            12,
            lambda one: one.variant,
            Phrase("以后年份出生人口的方案", "the variant of births to come"),
            FORECAST,
        ),
    ),
    is_numbered=False,
)
"""附表2."""


def children_table(dossier: Dossier) -> Table:
    """附表2."""
    notes = [] if dossier.result.area.forecast else [_missing(YEARS)]
    if dossier.result.area.forecast:
        notes = [dossier.result.area.forecast.said]
    return CHILDREN.table(children_of(dossier), dossier.settings.language, _group, notes)


# --- 附表3 -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Supply:
    """Seats of one planning unit and tier: there, added by the plan, needed in the years that are asked for and in the
    one planned for."""

    place: str
    tier: Tier
    there: float
    added: float
    needed: Mapping[int, float]
    planned: float

    @property
    def gap(self) -> float:
        """Seats lacking once the plan is built; those to spare below 0."""
        return self.planned - self.there - self.added


def supply_of(dossier: Dossier) -> Iterator[Supply]:
    """Tier by tier, every planning unit in the order of the units."""
    added = _added(dossier)
    for held in _balances(dossier):
        at = _planned(dossier.result.area.forecast, held)
        year = {int(one): row for row, one in enumerate(held.year)}
        for row, place in enumerate(held.planning_unit):
            needed = {asked: float(held.needed_seats[row, year[asked]]) for asked in YEARS if asked in year}
            there, planned = float(held.existing_seats[row, at]), float(held.needed_seats[row, at])
            yield Supply(place, held.tier, there, added.get((place, held.tier), 0.0), needed, planned)


def _balances(dossier: Dossier) -> tuple[Balance, ...]:
    if dossier.ahead is not None:
        return tuple(one.balance for one in dossier.ahead.needs)
    result = dossier.result
    return balances_now(result.area, result.project, result.book)


def _planned(ahead: Forecast | None, held: Balance) -> int:
    return 0 if ahead is None else int(np.flatnonzero(held.year == ahead.year_planned)[0])


def _added(dossier: Dossier) -> Mapping[tuple[str, Tier], float]:
    """Seats the plan's projects add, by the planning unit they stand in and tier."""
    places = _place_of(dossier.result.area)
    total: dict[tuple[str, Tier], float] = {}
    for work in dossier.works:
        key = (places.get(work.site.unit_id, ""), work.part.tier)
        total[key] = total.get(key, 0.0) + work.seats_added
    return total


def _place_of(area: StudyArea) -> Mapping[str, str]:
    return dict(zip(area.units.id, area.units.planning_unit, strict=True))


def _reached(one: Supply) -> Phrase:
    if math.isnan(one.gap):
        return Phrase("不详", "unknown")
    return Phrase("达标", "yes") if one.gap <= 0 else Phrase("未达标", "no")


def _needed(year: int) -> Field[Supply]:
    return seats(
        Phrase(f"需求（{year}）", f"needed in {year}"),
        10,
        lambda one: one.needed.get(year, NAN),
        Phrase("该年整班数 × 每班人数，按片区取整", "whole classes x class size of that year, by planning unit"),
        FORECAST,
    )


def supply_annex(ahead: Forecast | None) -> Annex[Supply]:
    """附表3, its gap told for the year a plan is made for."""
    year = Phrase(f"{ahead.year_planned}年", str(ahead.year_planned)) if ahead else Phrase("本方案", "this plan's data")
    return Annex(
        Phrase("附表3 学位供需平衡", "3 Seats"),
        Phrase("附表3　学位供需平衡表", "Table 3. Seats there, planned and needed"),
        (
            Field(
                Phrase("片区", "planning unit"),
                16,
                lambda one: one.place,
                Phrase("规划片区", "planning unit"),
                VILLAGES_TABLE,
            ),
            Field(Phrase("学段", "tier"), 12, lambda one: TIER_NAMES[one.tier], Phrase("学段", "tier"), THE_PLAN),
            seats(
                Phrase("现状学位", "seats there"),
                10,
                lambda one: one.there,
                Phrase(
                    "片区内该学段全部学校的核定学位；有学校未统计的留空",
                    "of all its schools; blank where one is not counted",
                ),
                SCHOOLS_TABLE,
            ),
            blank(Phrase("在建", "being built"), 9, Phrase("在建学校的学位", "seats of schools being built"), SEATS),
            seats(
                Phrase("规划新增", "added by the plan"),
                10,
                lambda one: one.added,
                Phrase("方案在片区内新建、扩建增加的学位", "seats the plan adds in it"),
                THE_PLAN,
            ),
            *(_needed(one) for one in YEARS),
            seats(
                Phrase(f"需求（规划年：{year.zh}）", f"needed, planned for {year.en}"),
                12,
                lambda one: one.planned,
                Phrase("方案采用年份的需求学位", "seats needed in the year the plan is made for"),
                WORKED_OUT,
            ),
            Field(
                Phrase("缺口（+）/富余（-）", "lacking (+), to spare (-)"),
                12,
                lambda one: one.gap,
                Phrase(
                    "规划年需求 − 现状学位 − 规划新增", "needed in the year planned for, less seats there and added"
                ),
                WORKED_OUT,
                NO_UNIT,
                "+#,##0;-#,##0;0",
                True,
            ),
            Field(
                Phrase("是否达标", "enough"),
                9,
                _reached,
                Phrase("缺口不大于 0 为达标", "whether nothing is lacking"),
                WORKED_OUT,
            ),
        ),
        is_numbered=False,
    )


def supply_table(dossier: Dossier) -> Table:
    """附表3."""
    ahead = dossier.result.area.forecast
    lacking = [year for year in YEARS if ahead is None or year not in ahead.year]
    notes = [_missing(lacking)] if ahead is None else [_beyond(lacking)] if lacking else []
    annex, rows = supply_annex(ahead), list(supply_of(dossier))
    return annex.table(rows, dossier.settings.language, lambda one: TIER_NAMES[one.tier], (*notes, _NO_SUM))


_NO_SUM = Phrase(
    "各片区缺口与富余相抵后的合计不代表全域缺口：学生不能都到别的片区就学。",
    "Sums over planning units let seats to spare in one make up for what lacks in another, which pupils cannot.",
)


def _beyond(years: Sequence[int]) -> Phrase:
    zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
    return Phrase(f"{zh} 年不在推算年限内，留空。", f"{en}: outside the years of the forecast, left blank.")

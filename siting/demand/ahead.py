"""From a study area as its files have it to that of the year planned for: children, estates, the years in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np

from siting.demand.ages import of_tier
from siting.demand.enrolment import usual_rates
from siting.demand.estates import Phases, delivery_years, estate_residents, gap_months, lived_in, move_in, years_since
from siting.demand.faults import PER_CHILD, outside, refuse
from siting.demand.figures import OCCUPANCY
from siting.demand.ladder import base_year, known_ages, told
from siting.demand.projection import MOST_YEARS, Change, Vintage, migration_rate, project
from siting.demand.pupils import knows_pupils, unit_pupils
from siting.demand.settling import asked_estates, handed_over, promised, settled
from siting.demand.yields import yield_curve
from siting.errors import Fault, InputError
from siting.inputs.notes import did_you_mean
from siting.project import OVERALL, Ahead, Project
from siting.study import TIER_NAMES, TIERS, FloatArray, Forecast, IntArray, Remark, StudyArea, Tier
from siting.words import Phrase


def looked_ahead(area: StudyArea, project_: Project) -> tuple[StudyArea, tuple[Fault, ...]]:
    """The study area of the year planned for, with its forecast; and what is wrong with what was asked.

    Nothing asked, or looked ahead already, gives the same study area. ``Units.children`` become those who ask for a
    seat, residents those of that year, new estates units of their own.
    """
    if area.forecast is not None or not is_ahead(area, project_.ahead):
        return area, ()
    try:
        return _looked_ahead(area, project_, asked_estates(area, project_.ahead)), ()
    except InputError as flaw:
        return area, flaw.faults


def is_ahead(area: StudyArea, asked: Ahead) -> bool:
    """Whether a study looks ahead at all: at children growing up, or at estates filling."""
    return is_cohort(area, asked) or len(asked_estates(area, asked)) > 0


def is_cohort(area: StudyArea, asked: Ahead) -> bool:
    """Whether children are moved forward year by year: there are births or ages, or a year or migration is asked."""
    return area.births is not None or area.ages is not None or asked.year is not None or bool(asked.migration)


@dataclass(frozen=True, slots=True)
class _Years:
    """Residents and children (V, Y) of the units in consecutive years (Y,), the first that of the newest data."""

    year: IntArray
    planned: int
    residents: FloatArray
    children: Mapping[Tier, FloatArray]
    rate: Mapping[Tier, float]
    said: Phrase
    remarks: tuple[Remark, ...] = ()


def _looked_ahead(area: StudyArea, project_: Project, rows: gpd.GeoDataFrame) -> StudyArea:
    now = _cohort(area, project_) if is_cohort(area, project_.ahead) else _standing(area, project_, rows)
    if not len(rows):
        return _in_year(area, now, {})
    place = settled(area, rows)
    refuse(_undelivered(place.phases))
    filled, told_of = _filled(_with_rows(now, len(place.area.units)), place.phases, rows)
    return _in_year(place.area, replace(filled, remarks=(*filled.remarks, *told_of)), handed_over(place.phases))


# --- children ----------------------------------------------------------------------------------------------------


def _cohort(area: StudyArea, project_: Project) -> _Years:
    """Children by single-year cohorts from what the county has."""
    asked, base = project_.ahead, base_year(area, project_.ahead.year)
    planned = base if asked.year is None else asked.year
    refuse(_year_faults(project_, base, planned))
    rate = {**usual_rates(), **asked.enrolment}
    refuse(outside(project_.file.name, _ENROLMENT, list(rate), np.array(list(rate.values())), (0.0, PER_CHILD)))
    net = _net_people(area, project_)
    known = known_ages(area, base, MOST_YEARS, asked.births)
    moves = migration_rate(np.repeat(net[:, None], MOST_YEARS, axis=1), area.units.residents)
    children = project(known.ages, known.births, MOST_YEARS, Change(net_migration=moves))
    growth = (1.0 + moves[:, :1, 0]) ** np.arange(MOST_YEARS + 1)[None, :]
    said = _said(told(known.ages), _vintage(children.vintage, area), planned, rate)
    return _Years(
        year=children.year,
        planned=planned,
        residents=area.units.residents[:, None] * growth,
        children={tier: of_tier(children.count, tier) for tier in TIERS},
        rate=rate,
        said=said,
        remarks=(Remark(project_.file.name, said), *known.ages.remarks),
    )


_ENROLMENT = Phrase("入学（园）率", "enrolment rates")


def _standing(area: StudyArea, project_: Project, rows: gpd.GeoDataFrame) -> _Years:
    """Children as they are counted, or by the rate per 1000, the same every year: only estates were asked about."""
    phases = settled(area, rows).phases
    refuse(_undelivered(phases))
    first = delivery_years(phases)
    base, planned = int(first.min()) - 1, int(first.max()) + len(OCCUPANCY.values) - 1
    known = [tier for tier in TIERS if knows_pupils(area, tier, project_.pupils_per_1000)]
    now = {tier: unit_pupils(area, tier, project_.pupils_per_1000) for tier in known}
    planned = min(planned, base + MOST_YEARS)
    said = Phrase(
        f"没有出生和分年龄数据，现有儿童数逐年不变，只加入新建小区；规划年 {planned}。",
        f"without births or ages, children stay as they are and only new estates are added; planned for {planned}.",
    )
    years = np.ones((1, MOST_YEARS + 1))
    return _Years(
        year=np.arange(base, base + MOST_YEARS + 1),
        planned=planned,
        residents=area.units.residents[:, None] * years,
        children={tier: count[:, None] * years for tier, count in now.items()},
        rate=dict.fromkeys(TIERS, 1.0),
        said=said,
        remarks=(Remark(project_.file.name, said),),
    )


def _net_people(area: StudyArea, project_: Project) -> FloatArray:
    """People a year who come less those who go (U,), given out by residents. Raises InputError for unknown townships
    and for more leaving than there are."""
    units, asked = area.units, project_.ahead.migration
    refuse(_unknown_townships(area, project_))
    net = np.zeros(len(units))
    for place, people in asked.items():
        is_there = np.array(
            [place in (OVERALL, code, name) for code, name in zip(units.township_id, units.township, strict=True)]
        )
        residents = np.where(is_there, units.residents, 0.0)
        net += people * residents / max(float(residents.sum()), 1e-300)
    return net


def _unknown_townships(area: StudyArea, project_: Project) -> Iterator[Fault]:
    known = {OVERALL, *area.units.township_id, *area.units.township}
    for place in project_.ahead.migration:
        if place not in known:
            yield Fault(
                project_.file.name,
                Phrase(
                    f"[demand.migration] 中的乡镇“{place}”不在村表中。", f"[demand.migration] '{place}' has no units."
                ),
                did_you_mean(place, sorted(set(area.units.township))),
            )


def _year_faults(project_: Project, base: int, planned: int) -> Iterator[Fault]:
    if not base <= planned <= base + MOST_YEARS:
        yield Fault(
            project_.file.name,
            Phrase(
                f"[demand] year = {planned} 不在 {base}-{base + MOST_YEARS} 之内（数据最新到 {base} 年，最多推算 "
                f"{MOST_YEARS} 年）。",
                f"[demand] year = {planned} is not within {base}-{base + MOST_YEARS}: the newest data are of {base}, "
                f"and {MOST_YEARS} years ahead are the most.",
            ),
            Phrase("请改规划年，或换较新的出生、年龄数据。", "Plan for another year, or use newer births or ages."),
        )


def _vintage(vintage: Vintage, area: StudyArea) -> Phrase:
    """What was known when; births of the nation where the county has none of its own."""
    of = vintage.said()
    if area.births is not None:
        return of
    return Phrase(f"{of.zh}（以全国出生数按常住人口折算）", f"{of.en} (births of the nation, by residents)")


def _said(ages: Phrase, of: Phrase, planned: int, rate: Mapping[Tier, float]) -> Phrase:
    rates_zh = "、".join(f"{TIER_NAMES[tier].zh} {rate[tier]:g}" for tier in TIERS)
    rates_en = ", ".join(f"{TIER_NAMES[tier].en} {rate[tier]:g}" for tier in TIERS)
    return Phrase(
        f"规划年 {planned}。学龄人口：{ages.zh}；{of.zh}。入学（园）率：{rates_zh}。",
        f"planned for {planned}. Children: {ages.en}; {of.en}. Pupils per child: {rates_en}.",
    )


# --- estates -----------------------------------------------------------------------------------------------------


def _with_rows(now: _Years, units: int) -> _Years:
    """Rows of nobody for the units that were added."""
    more = ((0, units - len(now.residents)), (0, 0))
    children = {tier: np.pad(count, more) for tier, count in now.children.items()}
    return replace(now, residents=np.pad(now.residents, more), children=children)


def _filled(now: _Years, phases: Phases, rows: gpd.GeoDataFrame) -> tuple[_Years, tuple[Remark, ...]]:
    """The years with the estates filling: who comes is added there, and those from inside taken from where they lived.

    Homes lived in by the first year are in the counts already. A home has the children of any other place of the
    county, times what estates have more of in the years after delivery.
    """
    first = now.year[:1]
    residents = estate_residents(phases, now.year) - estate_residents(phases, first)
    homes = lived_in(phases, now.year) - lived_in(phases, first)
    since, people = years_since(phases, now.year), now.residents.sum(axis=0)
    children = {}
    for tier, count in now.children.items():
        times = yield_curve(1.0, tier)
        usual = phases.persons_per_dwelling[:, None] * (count.sum(axis=0) / np.where(people > 0, people, 1.0))[None, :]
        theirs = homes * usual * times[np.clip(since, 0, len(times) - 1)]
        children[tier] = move_in(phases, now.year, theirs, count).count
    moved = move_in(phases, now.year, residents, now.residents).count
    return replace(now, residents=moved, children=children), tuple(_about(phases, residents, now, rows))


def _about(phases: Phases, residents: FloatArray, now: _Years, rows: gpd.GeoDataFrame) -> Iterator[Remark]:
    """How many move in by the year planned for, and the schools that are promised too late."""
    ahead = now.planned - int(now.year[0])
    estates = len(set(phases.estate))
    from_inside = float((phases.internal_share * residents[:, ahead]).sum())
    total = float(residents[:, ahead].sum())
    yield Remark(
        phases.file,
        Phrase(
            f"{estates} 个新建小区在 {now.year[0]}-{now.planned} 年入住 {total:,.0f} 人，其中 {from_inside:,.0f} 人"
            f"由县内各村迁入，已从原住地扣除；{now.year[0]} 年以前入住的视为已计入村表。",
            f"{total:,.0f} people move into {estates} new estates in {now.year[0]}-{now.planned}, {from_inside:,.0f} "
            "of them from within the county, taken from where they lived; earlier ones are in the counts already.",
        ),
    )
    for estate, months in gap_months(phases, promised(rows)).items():
        if months > 0:
            yield Remark(phases.file, late(estate, months))


def late(estate: str, months: float) -> Phrase:
    """That an estate's school opens after its first families have moved in."""
    return Phrase(
        f"{estate}：配套学校比首期交付晚 {months:.0f} 个月开办"
        "（同步规划、同步建设、同步交付，定发〔2021〕40号 四(六)）",
        f"{estate}: its school opens {months:.0f} months after its first homes are handed over "
        "(planned, built and delivered together: 定发〔2021〕40号 四(六))",
    )


def _undelivered(phases: Phases) -> Iterator[Fault]:
    """Everything wrong with the phases, before anything is measured on them."""
    try:
        lived_in(phases, np.zeros(1, dtype=np.int64))
    except InputError as flaw:
        yield from flaw.faults


# --- the study area of a year ------------------------------------------------------------------------------------


def _in_year(area: StudyArea, years: _Years, delivered: Mapping[str, date]) -> StudyArea:
    """The study area as it is in the year planned for."""
    ahead = years.planned - int(years.year[0])
    residents = years.residents[:, ahead]
    pupils = {tier: count[:, ahead] * years.rate[tier] for tier, count in years.children.items()}
    known = {tier: count for tier, count in pupils.items() if not np.isnan(count).any()}
    forecast = Forecast(
        unit_id=area.units.id,
        year=years.year,
        year_planned=years.planned,
        residents=years.residents,
        children=years.children,
        rate=years.rate,
        delivered=delivered,
        said=years.said,
    )
    return replace(
        area,
        units=replace(area.units, residents=residents, children={**area.units.children, **known}),
        points=replace(area.points, residents=_at_points(area, residents)),
        remarks=(*area.remarks, *years.remarks),
        forecast=forecast,
    )


def _at_points(area: StudyArea, residents: FloatArray) -> FloatArray:
    """Residents at every demand point (N,): its share of its unit's, evenly where nobody lived."""
    unit, before = area.points.unit, area.units.residents
    is_in = unit >= 0
    lived = np.zeros(len(before))
    np.add.at(lived, unit[is_in], area.points.residents[is_in])
    points = np.bincount(unit[is_in], minlength=len(before))
    is_lived = (lived > 0) & (before > 0)
    times = np.where(is_lived, residents / np.where(is_lived, before, 1.0), 0.0)
    moved = np.where(is_lived[unit], area.points.residents * times[unit], (residents / np.maximum(points, 1))[unit])
    stays: FloatArray = np.where(is_in & (residents != before)[unit], moved, area.points.residents)
    return stays

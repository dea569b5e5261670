"""What a phase comes to: its plan's projects in years within the budgets, what stands after it, what it is worth."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from siting.comparison.views import View, views
from siting.errors import Fault, InputError
from siting.export import Result
from siting.indicators import covered_share
from siting.phases.asked import Asked
from siting.phases.near import Lost, Place, lost_reach, people_at, points_within, union, units_of
from siting.phases.projects import Granted, Wish, project_of, settled, wishes
from siting.phases.records import Allowed, Closure, Indicator, PhaseRecord, Project, Schedule, YearTotal
from siting.phases.schedule import POSTPONED, Timetable, Waiting, timetable
from siting.phases.standing import Begun, Gone, Opened, opened_at
from siting.phases.waiting import Demand, demand
from siting.plan import Site
from siting.project import Phase, areas_of
from siting.run import Study, study_of
from siting.study import IntArray
from siting.words import Phrase, name_some


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record of a phase, and the schools it opens."""

    record: PhaseRecord
    opened: tuple[Opened, ...]


def outcome(at: Asked, first: Begun, result: Result) -> Outcome:
    """What a phase comes to whose plan is there. Raises InputError where a closure leaves people without the school
    they had."""
    study = study_of(result.project, result.book, result.area)
    demands = [demand(study, view, at.phase.years) for view in views(result).values()]
    asked = wishes(demands)
    table = timetable(_waiting(at.phase, asked))
    granted = tuple(_granted(at.phase, asked, table))
    _refuse_lost(at, first, study, demands, granted)
    projects = (
        *(settled(one, result.book) for one in at.phase.fixed),
        *(project_of(one, at, result.book, first.stand.converted) for one in granted),
    )
    record = PhaseRecord(
        number=at.number,
        name=at.phase.name,
        first=at.phase.first,
        last=at.phase.last,
        folder=at.key,
        money_wan=at.phase.money_wan,
        annual_wan=at.phase.annual_wan,
        annual_projects=at.phase.annual_projects,
        left_wan=at.phase.money_wan - spent(one for one in projects if one.year == one.year),
        allowed=tuple(_allowed(view) for view in views(result).values()),
        projects=tuple(sorted(projects, key=_by_year)),
        closures=tuple(_closure(one) for one in first.gone),
        years=tuple(_year_total(year, projects, at.phase) for year in at.phase.years),
        indicators=tuple(_indicator(one, granted) for one in demands),
        schedule=Schedule(
            table.value, table.bound, (table.value - table.bound) / max(abs(table.value), 1.0), table.status
        ),
    )
    opened = frozenset((one.wish.programme, one.wish.site.id) for one in granted if one.year is not None)
    return Outcome(record, opened_of(result, opened))


def opened_of(result: Result, opened: Collection[tuple[str, str]]) -> tuple[Opened, ...]:
    """Some projects of a plan, by programme and site, as schools that stand from now on."""
    return tuple(
        opened_at(result, part, site)
        for part in result.plan.parts
        for site in part.sites
        if site.action != "keep" and (part.programme, site.id) in opened
    )


# --- years -----------------------------------------------------------------------------------------------------


def _waiting(phase: Phase, asked: Sequence[Wish]) -> Waiting:
    """The projects and what settled ones leave of the budgets."""
    years, fixed = len(phase.years), phase.fixed
    people = np.array([wish.waiting for wish in asked], dtype=np.float64).reshape(len(asked), years)
    return Waiting(
        people=people,
        money=np.nan_to_num(np.array([wish.money_wan for wish in asked], dtype=np.float64)),
        annual_money=np.array(
            [phase.annual_wan - sum(one.money_wan for one in fixed if one.year == y) for y in phase.years]
        ),
        annual_count=np.array([phase.annual_projects - sum(one.year == y for one in fixed) for y in phase.years]),
        total_money=phase.money_wan - sum(one.money_wan for one in fixed),
        earliest=np.array([_earliest(phase, wish) for wish in asked], dtype=np.int64),
        required=np.array([wish.is_required for wish in asked], dtype=bool),
    )


def _earliest(phase: Phase, wish: Wish) -> int:
    """The position of the first year in which a project may open."""
    return max(0, phase.new_from - phase.first) if wish.site.action == "new" else 0


def _granted(phase: Phase, asked: Sequence[Wish], table: Timetable) -> Iterator[Granted]:
    left = _left(phase, asked, table)
    for wish, opens in zip(asked, table.opens.tolist(), strict=True):
        if opens == POSTPONED:
            yield Granted(wish, None, _lacking(phase, wish, left))
        else:
            yield Granted(wish, phase.first + opens)


def _left(phase: Phase, asked: Sequence[Wish], table: Timetable) -> Waiting:
    """What of the budgets nobody uses."""
    before, opens = _waiting(phase, asked), table.opens
    is_in = opens[:, None] == np.arange(len(phase.years))[None, :]
    spent = before.money @ is_in
    return replace(
        before,
        annual_money=before.annual_money - spent,
        annual_count=before.annual_count - is_in.sum(axis=0),
        total_money=before.total_money - float(spent.sum()),
    )


def _lacking(phase: Phase, wish: Wish, left: Waiting) -> Phrase:
    """What keeps a project out of every year."""
    money = float(np.nan_to_num(wish.money_wan))
    if money > left.total_money + TOLERANCE:
        short = money - left.total_money
        return Phrase(f"本期资金差 {short:,.0f} 万元", f"the phase lacks {short:,.0f} (10,000 yuan)")
    has_place = (left.annual_count >= 1) & (np.arange(len(phase.years)) >= _earliest(phase, wish))
    if not has_place.any():
        return Phrase("各年项目数已满", "every year has all the projects it may have")
    most = float(left.annual_money[has_place].max())
    if money > most + TOLERANCE:
        return Phrase(
            f"有名额的年份资金至多余 {most:,.0f} 万元，需 {money:,.0f} 万元",
            f"no year with room has more than {most:,.0f} left of the {money:,.0f} it costs (10,000 yuan)",
        )
    return Phrase("限定的搜索未能排入", "the search stopped before it found a year")


TOLERANCE = 1e-6


def spent(projects: Iterable[Project]) -> float:
    """The money of projects; those that nobody can price are left out."""
    return float(sum(one.money_wan for one in projects if not math.isnan(one.money_wan)))


def _by_year(one: Project) -> tuple[float, bool, str, str, str]:
    year = math.inf if math.isnan(one.year) else one.year
    return year, one.state != "fixed", one.programme, one.action, one.site


def _year_total(year: int, projects: Sequence[Project], phase: Phase) -> YearTotal:
    here = [one for one in projects if one.year == year]
    still = [one for one in projects if one.waiting and not one.year <= year]
    return YearTotal(
        year=year,
        new=sum(one.action == "new" for one in here),
        extend=sum(one.action in ("extend", "rebuild") for one in here),
        other=sum(one.action == "relocate" for one in here),
        seats_added=float(sum(one.seats_added for one in here if not math.isnan(one.seats_added))),
        money_wan=spent(here),
        waiting=float(sum(one.waiting[year - phase.first] for one in still)),
    )


# --- what was closed -------------------------------------------------------------------------------------------


def _closure(one: Gone) -> Closure:
    return Closure(one.id, one.name, one.tier, one.to, one.reason, needs_hearing=True)


def _refuse_lost(at: Asked, first: Begun, study: Study, demands: Sequence[Demand], granted: Sequence[Granted]) -> None:
    """InputError where a unit had a school within the radius before a closure, and what stands after the phase leaves
    fewer of its people one."""
    faults = [fault for one in demands for fault in _lost(at, first.gone, study, one, granted)]
    if faults:
        raise InputError(tuple(faults))


def _lost(at: Asked, gone: Sequence[Gone], study: Study, one: Demand, granted: Sequence[Granted]) -> Iterator[Fault]:
    view, area = one.view, dict(zip(study.area.units.part_of, study.area.units.area, strict=True))
    counted = view.terms.operators
    closed = [
        its
        for its in gone
        if its.tier == view.part.tier
        and (not counted or its.operator in counted)
        and area.get(its.village) in areas_of(view.part.area)
    ]
    if not closed or math.isinf(view.part.radius_m):
        return
    left = [Place(site.x, site.y) for site in standing_after(view, granted)]
    lost = list(lost_reach(study, [Place(its.x, its.y) for its in closed], left, view.part.radius_m, view.part.area))
    if lost:
        yield Fault(study.project.file.name, _who_lost(at, view, closed, lost, study), WAY_OUT)


WAY_OUT = Phrase(
    "请在同一期用 require_site 就近先建后撤（资金和名额要够），改期撤并，或不撤并。",
    "Require a site near them in the same phase, with the means to build it, close it in a later phase, or do not "
    "close it.",
)


def _who_lost(at: Asked, view: View, closed: Sequence[Gone], lost: Sequence[Lost], study: Study) -> Phrase:
    names, radius = study.area.units.name, view.part.radius_m
    far = {
        one.unit: ("无路可达", "no road")
        if math.isinf(one.metres)
        else (f"{one.metres:,.0f} 米", f"{one.metres:,.0f} m")
        for one in lost
    }
    zh = name_some(
        [f"{names[one.unit]}（{one.before:.0%}→{one.after:.0%}，最近 {far[one.unit][0]}）" for one in lost]
    ).zh
    en = name_some(
        [f"{names[one.unit]} ({one.before:.0%} to {one.after:.0%}, nearest {far[one.unit][1]})" for one in lost]
    ).en
    schools = name_some([one.name for one in closed])
    return Phrase(
        f"{at.where}撤并或转型 {schools.zh} 后，{len(lost)} 个单元 {radius:g} 米内有学校的居民减少：{zh}。",
        f"{at.where}once {schools.en} is closed or converted, fewer residents of {len(lost)} units have a school "
        f"within {radius:g} m: {en}.",
    )


# --- what it is worth ------------------------------------------------------------------------------------------


def standing_after(view: View, granted: Sequence[Granted]) -> list[Site]:
    """Sites of a programme's plan that stand after the phase."""
    left_out = {one.wish.site.id for one in granted if one.year is None and one.wish.programme == view.part.programme}
    return [site for site in view.part.sites if site.action != "new" or site.id not in left_out]


def _indicator(one: Demand, granted: Sequence[Granted]) -> Indicator:
    part, study = one.view.part, one.study
    own = {its.wish.site.id: its for its in granted if its.wish.programme == part.programme}
    added = {site: its.wish.seats_added for site, its in own.items()}
    after = standing_after(one.view, granted)
    before_seats = sum(site.seats - added.get(site.id, 0.0) for site in part.sites if site.seats == site.seats)
    opened_seats = sum(its.wish.seats_added for its in own.values() if its.year is not None)
    pupils = float(sum(site.pupils for site in part.sites))
    lead = part.stages[0]
    near = points_within(study, [Place(site.x, site.y) for site in after], part.radius_m)
    return Indicator(
        programme=part.programme,
        residents=float(study.area.units.residents[units_of(study.area.units, part.area)].sum()),
        covered_before=_share(one, one.standing),
        covered_after=_share(one, union(near)),
        covered_if_all=covered_share(part, study.area),
        schools=len(after),
        pupils=pupils,
        seats_before=float(before_seats),
        seats_after=float(before_seats + opened_seats),
        fill_before=pupils / before_seats if before_seats > 0 else math.nan,
        fill_after=pupils / (before_seats + opened_seats) if before_seats + opened_seats > 0 else math.nan,
        goal=lead.goal,
        value=lead.value,
        bound=lead.bound,
        gap=lead.gap,
    )


def _share(one: Demand, points: IntArray) -> float:
    """Share of a programme's residents who live at some demand points; nan where no distance is promised."""
    here = units_of(one.study.area.units, one.view.part.area)
    everybody = float(one.study.area.units.residents[here].sum())
    if math.isinf(one.view.part.radius_m) or not everybody > 0:
        return math.nan
    return float(people_at(one.study, points)[here].sum()) / everybody


def _allowed(view: View) -> Allowed:
    budget = view.asked.budget
    new, extend = (math.nan if count is None else float(count) for count in (budget.new, budget.extend))
    return Allowed(view.part.programme, new, extend, budget.new_exact, budget.extend_exact)

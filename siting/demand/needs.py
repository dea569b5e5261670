"""What a county needs year by year: seats per planning unit, and how full every proposal of a plan will be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from siting.demand.balance import Balance, SeatsThere, balance
from siting.demand.classes import Capacity
from siting.demand.estates import gap_months
from siting.demand.pupils import knows_pupils, unit_pupils
from siting.demand.settling import asked_estates, estate_id, handed_over, promised, settled_phases
from siting.demand.viability import FillRates, Opened, Viability, fill_rates, viability
from siting.plan import Plan, Site, TierPlan
from siting.project import Programme, Project
from siting.rules.base import RuleBook
from siting.rules.gather import terms_for
from siting.rules.terms import Terms
from siting.study import FloatArray, Forecast, StudyArea, Tier


@dataclass(frozen=True, slots=True)
class Needs:
    """The balance of one tier in every planning unit and year, and the children (K, Y) its pupils come from."""

    balance: Balance
    children: FloatArray
    rate: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A school a plan builds or extends: how full it will be, and whether that is a school worth having.

    pupils (Y,) of the units assigned to it, moved through the years of the forecast.
    """

    programme: Programme
    site: Site
    opens: int
    pupils: FloatArray
    opening: float
    peak: float
    peak_year: int
    later: float
    verdict: Viability


@dataclass(frozen=True, slots=True)
class EstateNeeds:
    """An estate: its homes, residents and pupils when it is full of them, and the months its school comes late.

    delivered is the day of its first homes, school_opens that of its school; None, and gap_months nan, where no day is
    promised.
    """

    name: str
    township: str
    dwellings: float
    residents: float
    peak_pupils: Mapping[Tier, float]
    delivered: date
    school_opens: date | None
    gap_months: float


def needs(area: StudyArea, project: Project, book: RuleBook) -> tuple[Needs, ...]:
    """The needs of every tier that is planned for; none without a forecast.

    area is that of the year planned for. A tier's seats come about as its first programme's rules say.
    """
    ahead = area.forecast
    if ahead is None:
        return ()
    place = _planning_units(area, ahead)
    return tuple(
        _of_tier(area, ahead, place, capacity)
        for tier, capacity in capacities(project, book).items()
        if tier in ahead.children
    )


def balances_now(area: StudyArea, project: Project, book: RuleBook) -> tuple[Balance, ...]:
    """The balance of every tier that is planned for and whose pupils are known, with the pupils a plan is made for: one
    year, that of the area, whichever it is (year 0)."""
    return tuple(
        balance_now(area, unit_pupils(area, tier, project.pupils_per_1000), capacity)
        for tier, capacity in capacities(project, book).items()
        if knows_pupils(area, tier, project.pupils_per_1000)
    )


def balance_now(area: StudyArea, pupils: FloatArray, capacity: Capacity) -> Balance:
    """The balance of a tier whose pupils are given (U,) with the seats there are: one year, called 0."""
    year = np.zeros(1, dtype=np.int64)
    return balance(area.units.planning_unit, pupils[:, None], year, _seats(area, capacity.tier, 1), capacity)


def proposals(plan: Plan, area: StudyArea, project: Project, book: RuleBook) -> tuple[Proposal, ...]:
    """Every school the plan builds or extends, in its order; none without a forecast. They open in the year planned."""
    ahead = area.forecast
    if ahead is None:
        return ()
    asked = {programme.key: programme for programme in project.programmes}
    return tuple(
        proposal
        for part in plan.parts
        if part.programme in asked and part.tier in ahead.children
        for proposal in _of_part(part, asked[part.programme], terms_for(book, asked[part.programme]), area, ahead)
    )


def estate_needs(area: StudyArea, project: Project) -> tuple[EstateNeeds, ...]:
    """The estates that fill in a forecast, in their order."""
    ahead = area.forecast
    rows = asked_estates(area, project.ahead)
    if ahead is None or not len(rows):
        return ()
    phases = settled_phases(area, rows)
    first, opens = handed_over(phases), promised(rows)
    late, row = gap_months(phases, opens), {unit: at for at, unit in enumerate(ahead.unit_id)}
    of = {unit: at for at, unit in reversed(list(enumerate(area.units.part_of)))}
    return tuple(
        EstateNeeds(
            name=name,
            township=area.units.township[of[unit]],
            dwellings=float(sum(d for d, e in zip(phases.dwellings.tolist(), phases.estate, strict=True) if e == name)),
            residents=float(ahead.residents[row[unit]].max()),
            peak_pupils={tier: float(ahead.pupils(tier)[row[unit]].max()) for tier in ahead.children},
            delivered=first[unit],
            school_opens=opens.get(name),
            gap_months=months,
        )
        for name, months in late.items()
        for unit in (estate_id(name),)
    )


# --- needs -------------------------------------------------------------------------------------------------------


def capacities(project: Project, book: RuleBook) -> Mapping[Tier, Capacity]:
    """How the seats of each tier that is planned for come about, as the rules of its first programme say."""
    terms: dict[Tier, Terms] = {}
    for programme in project.programmes:
        terms.setdefault(programme.tier, terms_for(book, programme))
    return {tier: Capacity(tier, said.class_size, said.menu) for tier, said in terms.items()}


def _planning_units(area: StudyArea, ahead: Forecast) -> tuple[str, ...]:
    """The planning unit of each village and estate of the forecast (V)."""
    of = dict(zip(area.units.part_of, area.units.planning_unit, strict=True))
    return tuple(of[unit] for unit in ahead.unit_id)


def _of_tier(area: StudyArea, ahead: Forecast, place: tuple[str, ...], capacity: Capacity) -> Needs:
    there = _seats(area, capacity.tier, len(ahead.year))
    of_tier = balance(place, ahead.pupils(capacity.tier), ahead.year, there, capacity)
    row = {unit: at for at, unit in enumerate(of_tier.planning_unit)}
    children = np.zeros_like(of_tier.pupils)
    np.add.at(children, np.array([row[unit] for unit in place], dtype=np.int64), ahead.children[capacity.tier])
    return Needs(of_tier, children, ahead.rate[capacity.tier])


def _seats(area: StudyArea, tier: Tier, years: int) -> SeatsThere:
    schools = area.schools
    rows = [row for row, its in enumerate(schools.tier) if its == tier and schools.unit[row] >= 0]
    return SeatsThere(
        name=tuple(schools.name[row] for row in rows),
        planning_unit=tuple(area.units.planning_unit[schools.unit[row]] for row in rows),
        seats=np.repeat(schools.seats[rows][:, None], years, axis=1),
    )


# --- proposals ---------------------------------------------------------------------------------------------------


def _of_part(
    part: TierPlan, programme: Programme, terms: Terms, area: StudyArea, ahead: Forecast
) -> Iterator[Proposal]:
    sites = [site for site in part.sites if site.action != "keep"]
    if not sites:
        return
    opened = _opened(sites, terms, pupils_of(sites, part.tier, area, ahead), ahead)
    full = fill_rates(opened)
    verdicts = viability(opened, Capacity(part.tier, terms.class_size, terms.menu))
    for at, (site, verdict) in enumerate(zip(sites, verdicts, strict=True)):
        yield _proposal(programme, site, ahead, opened.pupils[at], full, at, verdict)


def _proposal(
    programme: Programme,
    site: Site,
    ahead: Forecast,
    pupils: FloatArray,
    full: FillRates,
    at: int,
    verdict: Viability,
) -> Proposal:
    return Proposal(
        programme=programme,
        site=site,
        opens=ahead.year_planned,
        pupils=pupils,
        opening=float(full.opening[at]),
        peak=float(full.peak[at]),
        peak_year=int(full.peak_year[at]),
        later=float(full.later[at]),
        verdict=verdict,
    )


def _opened(sites: list[Site], terms: Terms, pupils: FloatArray, ahead: Forecast) -> Opened:
    return Opened(
        name=tuple(site.name for site in sites),
        seats=np.array([site.seats for site in sites]),
        opens=np.full(len(sites), ahead.year_planned, dtype=np.int64),
        year=ahead.year,
        pupils=pupils,
        residents=np.array([site.service_population for site in sites]),
        lower=np.full(len(sites), terms.lower),
        upper=np.full(len(sites), terms.upper),
    )


def pupils_of(sites: list[Site], tier: Tier, area: StudyArea, ahead: Forecast) -> FloatArray:
    """Pupils (S, Y) of the units assigned to each site; a block has its share of its village's."""
    at, of_unit = {unit: place for place, unit in enumerate(area.units.id)}, pupils_ahead(tier, area, ahead)
    pupils = np.zeros((len(sites), len(ahead.year)))
    for place, site in enumerate(sites):
        members = np.array([at[unit] for unit in site.units], dtype=np.int64)
        pupils[place] = of_unit[members].sum(axis=0)
    return pupils


def pupils_ahead(tier: Tier, area: StudyArea, ahead: Forecast) -> FloatArray:
    """Pupils (U, Y) of every unit in the years of the forecast; a block has its share of its village's."""
    units, planned = area.units, ahead.year_planned - int(ahead.year[0])
    row = {unit: at for at, unit in enumerate(ahead.unit_id)}
    village = np.array([row[unit] for unit in units.part_of], dtype=np.int64)
    whole = ahead.residents[village, planned]
    share = np.where(whole > 0, units.residents / np.where(whole > 0, whole, 1.0), 1.0)
    pupils: FloatArray = ahead.pupils(tier)[village] * share[:, None]
    return pupils

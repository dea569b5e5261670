"""Counts, money, waiting and delivery dates of a plan over years, added up again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

from siting.finished import Made
from siting.rules.gather import terms_for
from siting.study import Forecast
from siting.verify.delivery import OF_ESTATE, Homes
from siting.verify.flaws import Flaw, differ, said_of
from siting.verify.phase_view import Seen, is_open, site_of
from siting.verify.seat_price import seat_price_flaws
from siting.verify.stated import Stated, number, unlike

SPREAD = 0.3
"""An estimate's band either way."""

FINE = 1e-6

SPARED = 1e-5
"""Share of the waiting that a timetable which is proved may have too much, through rounding."""

OPENS = (8, 31)
"""Schools open on the last day of August, for the months from an estate's first homes."""

LIKE = {"new": ("new",), "extend": ("extend", "rebuild")}
"""Actions that use up either count."""

COUNTED = {"new": "新建", "extend": "扩建"}
"""Either count in Chinese."""


def name_of(one: Stated) -> str:
    """A project in messages."""
    return f"{one['programme']} {one['site']}".strip()


# --- counts ----------------------------------------------------------------------------------------------------


def count_flaws(seen: Sequence[Seen], base: Made) -> Iterator[Flaw]:
    """More projects in a year, a phase or all phases than allowed; years and allowances told otherwise."""
    for one in seen:
        yield from _year_counts(one)
        yield from _allowed_flaws(one)
    for programme in base.project.programmes:
        terms = terms_for(seen[-1].result.book, programme)
        for word, whole in (("new", terms.new), ("extend", terms.extend)):
            done = sum(_done(one, programme.key, word) for one in seen)
            if whole is not None and done > whole:
                zh, en = (
                    f"各期共{COUNTED[word]} {done} 所，总名额 {whole} 所",
                    f"has {done} ({word}) in all phases of {whole} allowed",
                )
                yield said_of(programme.key, zh, en)


def _done(one: Seen, key: str, word: str) -> int:
    """Projects of a phase that open and use up a count of a programme."""
    return sum(its["programme"] == key and its["action"] in LIKE[word] and is_open(its) for its in one.projects)


def _year_counts(one: Seen) -> Iterator[Flaw]:
    for year in one.stated["years"]:
        here = [its for its in one.projects if number(its["year"]) == year["year"]]
        if len(here) > one.phase.annual_projects + FINE:
            most = f"{one.phase.annual_projects:g}"
            zh, en = f"年开办 {len(here)} 个项目，至多 {most} 个", f"has {len(here)} projects of {most} allowed"
            yield said_of(str(year["year"]), zh, en)
        for word, actions in (*LIKE.items(), ("other", ("relocate",))):
            count = sum(its["action"] in actions for its in here)
            yield from unlike(str(year["year"]), word, float(count), year[word], FINE)


def _allowed_flaws(one: Seen) -> Iterator[Flaw]:
    """Allowances that are not those the phase was planned with, or more than the study allows in it."""
    told = {its["programme"]: its for its in one.stated["allowed"]}
    for programme in one.result.project.programmes:
        its, key = told.get(programme.key), programme.key
        if its is None:
            yield said_of(key, "缺少本期名额", "has no allowance told")
            continue
        for word, most in (("new", programme.budget.new), ("extend", programme.budget.extend)):
            yield from unlike(key, word, math.nan if most is None else float(most), its[word], FINE)
        exact = (programme.budget.new_exact, programme.budget.extend_exact)
        if (its["new_exact"], its["extend_exact"]) != exact:
            yield said_of(key, "的名额是否为“恰好”写错", "is told wrongly of what it has to do exactly")
        entry = one.phase.budgets.get(key)
        for word, limit in (("new", entry.new), ("extend", entry.extend)) if entry else ():
            done = _done(one, key, word)
            if limit is not None and done > limit:
                zh, en = (
                    f"本期{COUNTED[word]} {done} 所，名额 {limit} 所",
                    f"has {done} ({word}) in the phase of {limit} allowed",
                )
                yield said_of(key, zh, en)


# --- money -----------------------------------------------------------------------------------------------------


def money_flaws(seen: Sequence[Seen], costs: Sequence[Stated]) -> Iterator[Flaw]:
    """Prices of seats, seats and money that are not so, sums that do not add up, and more money than there is."""
    for one in costs:
        yield from seat_price_flaws(one["tier"], one["tier"], one["wan_yuan"])
    cost = {one["tier"]: number(one["wan_yuan"]) for one in costs}
    for each in seen:
        for its in each.chosen:
            yield from _price_flaws(each, its, cost)
        yield from _spent_flaws(each)


def _price_flaws(one: Seen, its: Stated, cost: dict[str, float]) -> Iterator[Flaw]:
    added = float(one.sides[its["programme"]].site[its["site"]]["added"])
    money = added * cost.get(its["tier"], math.nan)
    yield from unlike(name_of(its), "seats_added", added, its["seats_added"])
    yield from unlike(name_of(its), "money_wan", money, its["money_wan"])
    yield from unlike(name_of(its), "money_low_wan", money * (1.0 - SPREAD), its["money_low_wan"])
    yield from unlike(name_of(its), "money_high_wan", money * (1.0 + SPREAD), its["money_high_wan"])


def _spent_flaws(one: Seen) -> Iterator[Flaw]:
    whole = 0.0
    for year in one.stated["years"]:
        here = [its for its in one.projects if number(its["year"]) == year["year"]]
        money, seats = _sum(here, "money_wan"), _sum(here, "seats_added")
        whole += money
        yield from unlike(str(year["year"]), "money_wan", money, year["money_wan"])
        yield from unlike(str(year["year"]), "seats_added", seats, year["seats_added"])
        yield from _too_dear(f"{year['year']}", money, one.phase.annual_wan)
    yield from _too_dear(f"{one.phase.first}-{one.phase.last}", whole, one.phase.money_wan)
    yield from unlike(one.stated["folder"], "left_wan", one.phase.money_wan - whole, one.stated["left_wan"])


def _sum(projects: Sequence[Stated], key: str) -> float:
    values = (number(its[key]) for its in projects)
    return math.fsum(value for value in values if not math.isnan(value))


def _too_dear(where: str, money: float, most: float) -> Iterator[Flaw]:
    if money > most + 0.05:
        zh, en = f"年投资 {money:,.0f} 万元，限额 {most:,.0f}", f"spends {money:,.0f} (10,000 yuan) of {most:,.0f}"
        yield said_of(where, zh, en)


# --- waiting ---------------------------------------------------------------------------------------------------


def waiting_flaws(one: Seen) -> Iterator[Flaw]:
    """Resident-years that are not the sums of the people who wait, year by year, and a bound that is none."""
    years, total = list(one.phase.years), 0.0
    for its in one.chosen:
        people = [number(value) for value in its["waiting"]]
        if len(people) != len(years) or not all(value >= 0.0 for value in people):
            yield said_of(name_of(its), "的逐年等待人数残缺", "does not tell who waits in every year")
            continue
        waited = math.fsum(p for year, p in zip(years, people, strict=True) if _is_waiting(its, year))
        total += waited
        yield from unlike(name_of(its), "waited", waited, its["waited"])
    for at, year in enumerate(one.stated["years"]):
        rows = [its for its in one.chosen if len(its["waiting"]) == len(years) and _is_waiting(its, year["year"])]
        still = math.fsum(number(its["waiting"][at]) for its in rows)
        yield from unlike(str(year["year"]), "waiting", still, year["waiting"])
    told = one.stated["schedule"]
    yield from unlike(one.stated["folder"], "schedule", total, told["value"])
    yield from _bound_flaws(one, number(told["value"]), number(told["bound"]), told)
    if told["status"] == "optimal":
        yield from _sooner_flaws(one, SPARED * max(1.0, total))


def _is_waiting(its: Stated, year: int) -> bool:
    return not number(its["year"]) <= year


def _bound_flaws(one: Seen, value: float, bound: float, told: Stated) -> Iterator[Flaw]:
    where, is_proved = one.stated["folder"], told["status"] == "optimal"
    if not bound <= value + FINE * max(1.0, value) or (is_proved and differ(value, bound)):
        zh, en = f"的下界 {bound:,.1f} 与值 {value:,.1f} 不符", f"has a bound of {bound:,.1f} on {value:,.1f}"
        yield said_of(where, zh, en)
    yield from unlike(where, "gap", (value - bound) / max(abs(value), 1.0), told["gap"], FINE)


def _sooner_flaws(one: Seen, enough: float) -> Iterator[Flaw]:
    """Projects that alone could open sooner and spare people more waiting than is rounding: years of which that is so
    are not proved to be the best."""
    years = list(one.phase.years)
    for its in one.chosen:
        for at, year in enumerate(years):
            then = zip(years[at:], its["waiting"][at:], strict=False)
            spared = math.fsum(number(people) for later, people in then if _is_waiting(its, later))
            if spared > enough and _could_open(one, its, year):
                zh = f"可提前到 {year} 年开办，少等 {spared:,.0f} 人年，排期却写为已证明最少"
                en = f"could open in {year} and spare {spared:,.0f} resident-years; its year is told as proved"
                yield said_of(name_of(its), zh, en)
                break


def _could_open(one: Seen, its: Stated, year: int) -> bool:
    """Whether a project has room in a year, all others as they are."""
    phase, here = one.phase, [other for other in one.projects if number(other["year"]) == year]
    if len(here) + 1 > phase.annual_projects + FINE or (its["action"] == "new" and year < phase.new_from):
        return False
    unspent = math.inf if is_open(its) else phase.money_wan - _sum([p for p in one.projects if is_open(p)], "money_wan")
    left = min(phase.annual_wan - _sum(here, "money_wan"), unspent)
    return _sum([its], "money_wan") <= left - FINE


# --- estates ---------------------------------------------------------------------------------------------------


def delivery_flaws(one: Seen) -> Iterator[Flaw]:
    """Estates whose first homes come before the school they are assigned to, told otherwise or not at all."""
    ahead = one.result.area.forecast
    for its in one.chosen:
        expected = _late(one, its, ahead) if ahead is not None else {}
        told = {late["estate"]: late for late in its["late"]}
        for estate in sorted(expected.keys() | told.keys()):
            delivered, months = expected.get(estate, ("", 0.0))
            said = told.get(estate, {"delivered": "", "months": 0.0})
            if said["delivered"] != delivered:
                zh = f"与小区 {estate} 首期交付 {delivered or '（不晚）'} 的间隔写为 {said['delivered'] or '无'}"
                en = f"is told of {estate} as {said['delivered'] or 'nothing'}, not {delivered or 'nothing'}"
                yield said_of(name_of(its), zh, en)
            yield from unlike(f"{name_of(its)} {estate}", "months", months, said["months"], FINE)


def _late(one: Seen, its: Stated, ahead: Forecast) -> dict[str, tuple[str, float]]:
    """Estates in a new school's catchment that are lived in before it opens: the day, and the months."""
    site = site_of(one, its)
    if site is None or site.action != "new" or not is_open(its):
        return {}
    units, found = one.result.area.units, dict[str, tuple[str, float]]()
    for unit in site.units:
        row = units.id.index(unit)
        village = units.part_of[row]
        if village in ahead.delivered and units.residents[row] > 0:
            day = ahead.delivered[village]
            months = Homes(0.0, day, date(int(number(its["year"])), *OPENS)).gap_months
            if months > 0:
                found[village.removeprefix(OF_ESTATE)] = (day.isoformat(), months)
    return found

"""The projects of a phase: what its plan builds and extends, with a year or without, and what is settled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from siting.comparison.figures import added_at_sites, seat_wan_yuan
from siting.comparison.money import SPREAD
from siting.demand.estates import months_between
from siting.demand.viability import FillRates, Opened, fill_rates
from siting.export.tables import responsible
from siting.phases.asked import Asked
from siting.phases.records import Late, Project, State
from siting.phases.waiting import Demand
from siting.plan import Site
from siting.project import FixedProject
from siting.rules.base import RuleBook
from siting.study import FloatArray
from siting.words import Phrase

OPENS = (8, 31)
"""Month and day on which a school opens, for the months from the first homes of an estate to it."""

NOTHING = Phrase("", "")


@dataclass(frozen=True, slots=True)
class Wish:
    """A project of a programme's plan that a year is looked for. waiting (Y,): people who wait while it is not open;
    money_wan is nan where nobody can price it."""

    demand: Demand
    site: Site
    seats_added: float
    money_wan: float
    waiting: FloatArray

    @property
    def programme(self) -> str:
        """Its programme's key."""
        return self.demand.view.part.programme

    @property
    def is_required(self) -> bool:
        """Whether a change of its phase, or of one before, requires it."""
        own = ("require", self.site.id, self.demand.view.part.tier)
        return any((lock.word, lock.site, lock.tier) == own for lock in self.demand.study.project.locks)

    @property
    def order(self) -> tuple[bool, float, str, str]:
        """Extensions before new builds, then cheaper ones, then by id."""
        money = math.inf if math.isnan(self.money_wan) else self.money_wan
        return self.site.action == "new", money, self.programme, self.site.id


def wishes(demands: Sequence[Demand]) -> tuple[Wish, ...]:
    """Every project of the plan, in the order in which equal ones come first."""
    return tuple(sorted((wish for one in demands for wish in _wishes(one)), key=lambda wish: wish.order))


def _wishes(one: Demand) -> Iterator[Wish]:
    added, cost = added_at_sites(one.view), seat_wan_yuan(one.view.part.tier)
    for site in one.view.part.sites:
        if site.action != "keep":
            before = 0.0 if site.action == "new" else site.seats - added[site.id]
            yield Wish(one, site, added[site.id], added[site.id] * cost, one.waiting(site, before))


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of a wish: its year (None: none), and why it has none."""

    wish: Wish
    year: int | None
    lacking: Phrase = NOTHING


def project_of(one: Granted, at: Asked, book: RuleBook, converted: frozenset[str]) -> Project:
    """The record of a wish."""
    wish, site, part = one.wish, one.wish.site, one.wish.demand.view.part
    state: State = "opens" if one.year is not None else "unfunded" if at.is_last else "postponed"
    waits = len(at.phase.years) if one.year is None else one.year - at.phase.first
    full = _fill(wish, one.year)
    return Project(
        state=state,
        programme=part.programme,
        tier=part.tier,
        site=site.id,
        name=site.name,
        township=site.township,
        action="new" if site.action == "new" else "extend",
        year=math.nan if one.year is None else float(one.year),
        classes_before=site.classes_before,
        classes=site.classes,
        seats_added=wish.seats_added,
        money_wan=wish.money_wan,
        money_low_wan=wish.money_wan * (1.0 - SPREAD),
        money_high_wan=wish.money_wan * (1.0 + SPREAD),
        waiting=tuple(wish.waiting.tolist()),
        waited=float(wish.waiting[:waits].sum()),
        opening=full["opening"],
        peak=full["peak"],
        peak_year=full["peak_year"],
        later=full["later"],
        clause=site.clause,
        responsible=responsible(part, book),
        reason=site.reason,
        needs_hearing=site.id in converted,
        late=tuple(_late(wish, one.year)),
        lacking=one.lacking,
    )


_UNKNOWN = dict.fromkeys(("opening", "peak", "peak_year", "later"), math.nan)


def _fill(wish: Wish, year: int | None) -> Mapping[str, float]:
    """Pupils per seat on opening, at the peak, and ten years on; unknown without a forecast of the year."""
    ahead = wish.demand.study.area.forecast
    pupils = wish.demand.site_pupils(wish.site)
    if ahead is None or year is None or len(pupils) != len(ahead.year) or year not in ahead.year:
        return _UNKNOWN
    full: FillRates = fill_rates(
        Opened(
            name=(wish.site.name,),
            seats=np.array([wish.site.seats]),
            opens=np.array([year], dtype=np.int64),
            year=ahead.year,
            pupils=pupils[None, :],
            residents=np.array([wish.site.service_population]),
            lower=np.zeros(1),
            upper=np.full(1, np.inf),
        )
    )
    return {name: float(getattr(full, name)[0]) for name in _UNKNOWN}


def _late(wish: Wish, year: int | None) -> Iterator[Late]:
    """Estates whose people go to a new school that opens after their first homes are handed over."""
    area = wish.demand.study.area
    if area.forecast is None or year is None or wish.site.action != "new":
        return
    row = wish.demand.view.row
    served = [row[unit] for unit in wish.site.units if area.units.residents[row[unit]] > 0]
    for estate in dict.fromkeys(area.units.part_of[unit] for unit in served):
        delivered = area.forecast.delivered.get(estate)
        months = months_between(delivered, date(year, *OPENS)) if delivered else 0.0
        if delivered and months > 0:
            yield Late(estate.partition(":")[2], delivered.isoformat(), months)


def settled(one: FixedProject, book: RuleBook) -> Project:
    """The record of a project that is settled elsewhere."""
    charged = [rule.responsible for rule in book.rules if rule.tier == one.tier and rule.responsible]
    return Project(
        state="fixed",
        programme=one.programme,
        tier=one.tier,
        site=one.name,
        name=one.name,
        township="",
        action=one.action,
        year=float(one.year),
        classes_before=math.nan,
        classes=one.classes,
        seats_added=math.nan,
        money_wan=one.money_wan,
        money_low_wan=one.money_wan,
        money_high_wan=one.money_wan,
        waiting=(),
        waited=0.0,
        **_UNKNOWN,
        clause="",
        responsible=charged[0] if charged else "",
        reason=Phrase("已定项目", "settled elsewhere"),
        needs_hearing=False,
        late=(),
        lacking=NOTHING,
    )

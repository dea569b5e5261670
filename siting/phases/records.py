"""What a plan over years says of itself, as phases.json holds it. Money is in 10,000 yuan, an estimate without land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from siting.project import FixedAction
from siting.study import Tier
from siting.words import Phrase

KIND, VERSION = "siting phases", 1

State = Literal["opens", "fixed", "postponed", "unfunded"]
"""A project opens in a year; is settled elsewhere; waits for the next phase; or, after the last, for means."""


@dataclass(frozen=True, slots=True)
class Late:
    """An estate that a new school serves, the day of its first homes, and the months from then to the opening."""

    estate: str
    delivered: str
    months: float


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a phase. programme is "", and site the name, for a settled one that no programme plans.

    year is nan where it opens in none. waiting: people in every year of the phase who wait while it is not open;
    waited: resident-years until it opens, or to the end of the phase. opening, peak and later: pupils per seat; nan
    where nothing is known. lacking: why it has no year. needs_hearing: it stands at a converted school.
    """

    state: State
    programme: str
    tier: Tier
    site: str
    name: str
    township: str
    action: FixedAction
    year: float
    classes_before: float
    classes: float
    seats_added: float
    money_wan: float
    money_low_wan: float
    money_high_wan: float
    waiting: tuple[float, ...]
    waited: float
    opening: float
    peak: float
    peak_year: float
    later: float
    clause: str
    responsible: str
    reason: Phrase
    needs_hearing: bool
    late: tuple[Late, ...]
    lacking: Phrase


@dataclass(frozen=True, slots=True)
class Closure:
    """A tier of a school that is closed, or becomes one of another tier; always after a hearing."""

    school: str
    name: str
    tier: Tier
    becomes: Tier | None
    reason: Phrase
    needs_hearing: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a programme may do in a phase besides settled projects; nan where unlimited."""

    programme: str
    new: float
    extend: float
    new_exact: bool
    extend_exact: bool


@dataclass(frozen=True, slots=True)
class YearTotal:
    """The projects that open in a year, settled ones among them, their money, and the people still waiting in it."""

    year: int
    new: int
    extend: int
    other: int
    seats_added: float
    money_wan: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """One programme at the end of a phase: residents and pupils of its last year.

    Before is before the phase builds, without the schools it closes: covered_before is the share of residents within
    the radius of a school that stands then, covered_after of one that stands after the phase; covered_if_all: of the
    school they are assigned to, were every project built. fill: pupils per seat. value, bound, gap: of the leading
    goal, given what earlier phases built.
    """

    programme: str
    residents: float
    covered_before: float
    covered_after: float
    covered_if_all: float
    schools: int
    pupils: float
    seats_before: float
    seats_after: float
    fill_before: float
    fill_after: float
    goal: str
    value: float
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Resident-years of waiting in a phase, a bound on them, and whether they are proved to be the fewest."""

    value: float
    bound: float
    gap: float
    status: Literal["optimal", "stopped early"]


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    """One phase. money_wan, annual_wan, annual_projects: its limits, inf where there are none; left_wan: what its
    projects leave of the money, inf where that is not limited."""

    number: int
    name: Phrase
    first: int
    last: int
    folder: str
    money_wan: float
    annual_wan: float
    annual_projects: float
    left_wan: float
    allowed: tuple[Allowed, ...]
    projects: tuple[Project, ...]
    closures: tuple[Closure, ...]
    years: tuple[YearTotal, ...]
    indicators: tuple[Indicator, ...]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class SeatCost:
    """What a seat of a tier is estimated to cost, and where that is from; nan where nobody said."""

    tier: Tier
    wan_yuan: float
    source: str


@dataclass(frozen=True, slots=True)
class PlanOverYears:
    """The whole plan over years."""

    name: str
    notice: Phrase
    seat_cost: tuple[SeatCost, ...]
    phases: tuple[PhaseRecord, ...]

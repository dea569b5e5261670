"""Projects into years: the fewest resident-years of waiting within the budgets, as a program over whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from siting.location.highs import solve
from siting.location.instance import BoolArray
from siting.location.program import Effort, Program, Rows
from siting.study import FloatArray, IntArray

POSTPONED = -1

EFFORT = Effort(nodes=2_000, seconds=60.0)
"""For either search; the clock stands behind the nodes."""

ROUNDING = 1e-7
"""Share of the waiting by which the second search may be worse through rounding."""

Status = Literal["optimal", "stopped early"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits for projects (P), in the order in which equal ones come first, in years (Y), and the budgets.

    people (P, Y) wait in a year in which a project is not open. money (P,). annual_money, annual_count
    (Y,): what is left for them in a year; total_money in all. inf where unlimited. earliest (P,): the position of the
    first year in which each may open (None: any). required (P,): those of which as many open as can, whoever waits
    (None: none).
    """

    people: FloatArray
    money: FloatArray
    annual_money: FloatArray
    annual_count: FloatArray
    total_money: float
    earliest: IntArray | None = None
    required: BoolArray | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The position of every project's year (P,), POSTPONED where it has none; resident-years of waiting, a bound on
    them, and whether they are proved to be the fewest."""

    opens: IntArray
    value: float
    bound: float
    status: Status


def timetable(asked: Waiting) -> Timetable:
    """The years that leave the fewest resident-years of waiting once as many required projects open as can; of equal
    ones that in which projects come earlier, the first ones before all. What is postponed waits in every year.

    No projects give none. Raises SolverError where the solver's claim does not add up.
    """
    projects, years = asked.people.shape
    if not projects:
        return Timetable(np.zeros(0, dtype=np.int64), 0.0, 0.0, "optimal")
    cost = waited_if(asked.people)
    program, start = _with_required(asked, _program(asked), _nothing(projects, years))
    least = solve(program.with_cost(cost.ravel()), EFFORT, start=start)
    assert least.x is not None  # everything postponed is a plan
    kept = program.with_row(cost.ravel(), least.value + ROUNDING * max(1.0, least.value), "kept: waiting")
    early = solve(kept.with_cost(in_order(projects, years).ravel()), EFFORT, start=least.x)
    x = least.x if early.x is None else early.x
    opens = np.argmax(np.round(x).reshape(projects, years + 1), axis=1)
    value = float(cost[np.arange(projects), opens].sum())
    is_proved = value - least.bound <= 1e-6 * max(1.0, value)
    return Timetable(
        opens=np.where(opens == years, POSTPONED, opens),
        value=value,
        bound=value if is_proved else least.bound,
        status="optimal" if is_proved else "stopped early",
    )


def _with_required(asked: Waiting, program: Program, start: FloatArray) -> tuple[Program, FloatArray]:
    """The program in which no more required projects are postponed than have to be, and a start for it."""
    if asked.required is None or not asked.required.any():
        return program, start
    postponed = np.zeros((len(asked.required), asked.people.shape[1] + 1))
    postponed[asked.required, -1] = 1.0
    fewest = solve(program.with_cost(postponed.ravel()), EFFORT, start=start)
    assert fewest.x is not None  # everything postponed is a plan
    return program.with_row(postponed.ravel(), round(fewest.value) + 0.5, "kept: required"), fewest.x


def waited_if(people: FloatArray) -> FloatArray:
    """Resident-years of waiting (P, Y + 1) of each project if it opens in each year; in the last column if in none."""
    return np.pad(np.cumsum(people, axis=1), ((0, 0), (1, 0)))


def in_order(projects: int, years: int) -> FloatArray:
    """What breaks ties (P, Y + 1): years to the opening, those of the first projects counted more."""
    return np.outer(np.arange(projects, 0, -1.0), np.arange(years + 1.0))


def _nothing(projects: int, years: int) -> FloatArray:
    start = np.zeros((projects, years + 1))
    start[:, years] = 1.0
    return start.ravel()


def _program(asked: Waiting) -> Program:
    """Unknowns (P, Y + 1): project p opens in year y, the last column not at all."""
    projects, years = asked.people.shape
    column = np.arange(projects * (years + 1)).reshape(projects, years + 1)
    every, rows = np.ones(projects * (years + 1)), Rows(projects * (years + 1))
    row = np.repeat(np.arange(projects), years + 1)
    rows.add("once", [str(one) for one in range(projects)], [(row, column.ravel(), every)], 1.0, 1.0)
    year, money = np.tile(np.arange(years), projects), np.repeat(asked.money, years)
    opening = column[:, :years].ravel()
    names = [str(one) for one in range(years)]
    rows.add("money of year", names, [(year, opening, money)], -np.inf, asked.annual_money)
    rows.add("projects of year", names, [(year, opening, np.ones(len(year)))], -np.inf, asked.annual_count)
    rows.add("money", [""], [(np.zeros(len(year), dtype=np.int64), opening, money)], -np.inf, asked.total_money)
    return rows.program(np.zeros(len(every)), _allowed(asked).ravel(), np.ones(len(every), dtype=bool))


def _allowed(asked: Waiting) -> FloatArray:
    """1 where a project may open in a year (P, Y + 1), 0 where that is too early."""
    projects, years = asked.people.shape
    earliest = np.zeros(projects, dtype=np.int64) if asked.earliest is None else asked.earliest
    return (np.arange(years + 1)[None, :] >= earliest[:, None]).astype(np.float64)

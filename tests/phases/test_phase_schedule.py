"""Projects into years, against trying every year of every project."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from siting.phases.schedule import POSTPONED, Timetable, Waiting, in_order, timetable, waited_if
from siting.study import IntArray

INF = np.inf


def waiting(
    people: list[list[float]],
    money: list[float],
    annual_money: float = INF,
    annual_count: float = INF,
    total: float = INF,
) -> Waiting:
    years = len(people[0]) if people else 0
    return Waiting(
        people=np.array(people, dtype=np.float64).reshape(len(people), years),
        money=np.array(money, dtype=np.float64),
        annual_money=np.full(years, annual_money),
        annual_count=np.full(years, annual_count),
        total_money=total,
    )


def tried(asked: Waiting) -> tuple[float, float, float]:
    """The fewest required projects postponed, then the fewest resident-years of waiting, and of equal ones the least
    that breaks ties, over every timetable."""
    projects, years = asked.people.shape
    cost, late = waited_if(asked.people), in_order(projects, years)
    every, rows = [], np.arange(projects)
    for opens in product(range(years + 1), repeat=projects):
        at = np.array(opens)
        is_in = at[:, None] == np.arange(years)[None, :]
        spent = asked.money @ is_in
        early = np.zeros(projects) if asked.earliest is None else asked.earliest
        fits = (
            (at >= early).all()
            and (spent <= asked.annual_money).all()
            and (is_in.sum(axis=0) <= asked.annual_count).all()
        )
        if fits and spent.sum() <= asked.total_money:
            waited = round(float(cost[rows, at].sum()), 6)
            every.append((left_out(asked, at), waited, float(late[rows, at].sum())))
    return min(every)


def left_out(asked: Waiting, at: IntArray) -> float:
    return 0.0 if asked.required is None else float((at[asked.required] == asked.people.shape[1]).sum())


def worth(asked: Waiting, table: Timetable) -> tuple[float, float, float]:
    projects, years = asked.people.shape
    at, rows = np.where(table.opens == POSTPONED, years, table.opens), np.arange(projects)
    return (
        left_out(asked, at),
        round(float(waited_if(asked.people)[rows, at].sum()), 6),
        float(in_order(projects, years)[rows, at].sum()),
    )


def test_without_limits_everything_opens_at_once() -> None:
    table = timetable(waiting([[5, 5], [0, 0], [9, 9]], [1, 1, 1]))
    assert table.opens.tolist() == [0, 0, 0]
    assert (table.value, table.bound, table.status) == (0.0, 0.0, "optimal")


def test_one_a_year_the_largest_queue_first() -> None:
    """30 people wait for the second, 20 for the first, 10 for the third: 20 x 1 + 10 x 2 = 40 resident-years."""
    table = timetable(waiting([[20, 20, 20], [30, 30, 30], [10, 10, 10]], [1, 1, 1], annual_count=1))
    assert table.opens.tolist() == [1, 0, 2]
    assert table.value == table.bound == 40.0


def test_of_equal_ones_the_first_comes_first() -> None:
    assert timetable(waiting([[7, 7], [7, 7]], [4, 4], annual_count=1)).opens.tolist() == [0, 1]


def test_money_of_a_year_goes_to_those_for_whom_most_wait() -> None:
    """12 a year: the first (10) alone leaves 6 + 6 waiting, the others (6 each) together leave 10."""
    table = timetable(waiting([[10, 10], [6, 6], [6, 6]], [10, 6, 6], annual_money=12))
    assert table.opens.tolist() == [1, 0, 0]
    assert table.value == 10.0


def test_what_the_phase_cannot_pay_is_postponed() -> None:
    """20 in all: the two cheaper ones, for whom 8 + 8 wait, before the dear one with 15."""
    table = timetable(waiting([[15, 15], [8, 8], [8, 8]], [15, 10, 10], total=20))
    assert table.opens.tolist() == [POSTPONED, 0, 0]
    assert table.value == 30.0


def test_people_who_come_later_wait_later() -> None:
    """Nobody waits for the first before its estate is handed over in the second year."""
    table = timetable(waiting([[0, 50], [10, 10]], [1, 1], annual_count=1))
    assert table.opens.tolist() == [1, 0]
    assert table.value == 0.0


def test_a_project_nobody_waits_for_opens_where_there_is_room() -> None:
    table = timetable(waiting([[0, 0], [9, 9]], [1, 1], annual_count=1))
    assert table.opens.tolist() == [1, 0]


def test_building_takes_time() -> None:
    """The first may open in the second year at the earliest; until then the second has the year."""
    asked = waiting([[30, 30, 30], [5, 5, 5]], [1, 1], annual_count=1)
    table = timetable(replace(asked, earliest=np.array([1, 0])))
    assert table.opens.tolist() == [1, 0]
    assert table.value == 30.0


def test_what_is_required_comes_before_those_for_whom_more_wait() -> None:
    """One of two can be paid: the second is required, and the first has the queue."""
    asked = replace(waiting([[30, 30], [5, 5]], [4, 4], total=4), required=np.array([False, True]))
    table = timetable(asked)
    assert table.opens.tolist() == [POSTPONED, 0]
    assert table.value == table.bound == 60.0
    poor = timetable(replace(asked, total_money=3.0))
    assert poor.opens.tolist() == [POSTPONED, POSTPONED] and poor.status == "optimal"


def test_no_projects() -> None:
    table = timetable(Waiting(np.zeros((0, 3)), np.zeros(0), np.full(3, INF), np.full(3, INF), INF))
    assert (len(table.opens), table.value, table.status) == (0, 0.0, "optimal")


@pytest.mark.parametrize("seed", range(30))
def test_no_timetable_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    projects, years = int(random.integers(1, 6)), int(random.integers(1, 4))
    people = random.integers(0, 40, (projects, years)).astype(float) * random.integers(0, 2, (projects, 1))
    asked = Waiting(
        people=np.maximum.accumulate(people, axis=1),
        money=random.integers(1, 9, projects).astype(float),
        annual_money=random.integers(0, 16, years).astype(float) if seed % 2 else np.full(years, INF),
        annual_count=random.integers(0, 3, years).astype(float) if seed % 3 else np.full(years, INF),
        total_money=float(random.integers(0, 25)) if seed % 5 else INF,
        earliest=random.integers(0, years, projects) if seed % 7 else None,
        required=random.random(projects) < 0.4 if seed % 4 else None,
    )
    table = timetable(asked)
    assert worth(asked, table) == pytest.approx(tried(asked))
    assert table.status == "optimal"
    assert table.bound <= table.value + 1e-9

from __future__ import annotations

import csv
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from siting.errors import SolverError
from siting.location.classics.frontier import frontier
from siting.location.classics.p_median import p_median, p_medians
from siting.location.classics.solution import Solution

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "location"


def stopped(sites: list[int], value: float, bound: float) -> Solution:
    """An answer that is not proved, with everybody at its first site."""
    nobody = np.full(3, sites[0] if sites else -1)
    return Solution(np.array(sites, dtype=np.int64), nobody, value, bound, "stopped early", ())


def test_a_street_with_every_number_of_schools() -> None:
    """Villages at 0, 1, 3 and 7 km. One school at 1: 1 + 0 + 2 + 6 = 9 (or at 3: 3 + 2 + 0 + 4 = 9); two: 1 and 7, 3;
    three: 1; four: 0."""
    at = np.array([0.0, 1.0, 3.0, 7.0])
    found = frontier(p_medians(np.abs(at[:, None] - at), np.ones(4)), range(1, 5))
    assert [one.value for one in found] == [9.0, 3.0, 1.0, 0.0]
    assert all(one.status == "optimal" and len(one.open) == p for p, one in enumerate(found, start=1))


def test_each_count_is_solved_once_ascending_and_answered_in_order() -> None:
    asked: list[int] = []

    def solve(p: int) -> Solution:
        asked.append(p)
        return stopped(list(range(p)), 10.0 - p, 0.0)

    assert [len(one.open) for one in frontier(solve, [3, 1, 3, 2])] == [3, 1, 3, 2]
    assert asked == [1, 2, 3]
    assert frontier(solve, []) == ()


def test_a_better_answer_with_fewer_sites_is_taken_with_others_beside() -> None:
    """Sites 1 and 4 are worth 20, more than 30 with three sites: 0 is opened beside them."""
    answers = {2: stopped([1, 4], 20.0, 10.0), 3: stopped([2, 3, 5], 30.0, 9.0), 5: stopped([0, 1, 2, 3, 4], 25.0, 8.0)}
    found = frontier(answers.__getitem__, answers)
    assert [one.open.tolist() for one in found] == [[1, 4], [0, 1, 4], [0, 1, 2, 3, 4]]
    assert [one.value for one in found] == [20.0] * 3 and found[1].assigned.tolist() == [1, 1, 1]


def test_a_bound_with_more_sites_is_one_with_fewer() -> None:
    """11 holds for two sites as well; 20 closes the answer with one."""
    answers = {1: stopped([0], 21.0, 9.0), 2: stopped([0, 1], 20.0, 10.0), 3: stopped([0, 1, 2], 20.0, 20.0)}
    answers[3] = replace(answers[3], status="optimal")
    found = frontier(answers.__getitem__, answers)
    assert [one.bound for one in found] == [20.0] * 3
    assert [one.status for one in found] == ["stopped early", "optimal", "optimal"]


def test_where_more_is_better_it_is_the_other_way_round() -> None:
    """Covered: 50 with two sites are 50 with three; at most 60 with three are at most 60 with two."""
    answers = {2: stopped([1, 2], 50.0, 70.0), 3: stopped([0, 1, 4], 45.0, 60.0)}
    found = frontier(answers.__getitem__, answers)
    assert [one.value for one in found] == [50.0, 50.0] and [one.bound for one in found] == [60.0, 60.0]
    assert found[1].open.tolist() == [0, 1, 2]


def test_what_three_sites_cannot_do_two_cannot() -> None:
    nothing = Solution(np.zeros(0, dtype=np.int64), np.full(3, -1), np.inf, np.inf, "infeasible", ())
    found = frontier({2: stopped([], np.inf, 5.0), 3: nothing}.__getitem__, [2, 3])
    assert [one.status for one in found] == ["infeasible"] * 2


def test_a_bound_that_disagrees_is_refused() -> None:
    answers = {1: stopped([0], 20.0, 9.0), 2: stopped([0, 1], 22.0, 21.0)}
    with pytest.raises(SolverError, match=r"bound of 21\.0 for 2 sites.*worth 20\.0"):
        frontier(answers.__getitem__, [1, 2])


@pytest.mark.parametrize("holes", [0.0, 0.5])
def test_the_frontier_is_what_each_count_alone_would_be(holes: float) -> None:
    for seed in range(15):
        random = np.random.default_rng(seed)
        metres = random.integers(0, 50, (14, 7)).astype(float)
        metres[random.random((14, 7)) < holes] = np.inf
        weight = random.integers(0, 9, 14).astype(float)
        found = frontier(p_medians(metres, weight, fixed=[2]), range(1, 8))
        alone = [p_median(metres, weight, p, fixed=[2]) for p in range(1, 8)]
        assert [one.value for one in found] == [one.value for one in alone], seed
        assert all(more.value <= fewer.value for fewer, more in pairwise(found))


@pytest.mark.skipif(not FOLDER.is_dir(), reason="reference data not given")
@pytest.mark.parametrize(("name", "sites"), [("zy", 105), ("gongyi", 135)])
def test_every_count_of_a_published_county(name: str, sites: int) -> None:
    def columns(file: str, *names: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        with (FOLDER / name / file).open(encoding="utf-8") as lines:
            return np.array([[float(row[n]) for n in names] for row in csv.DictReader(lines)])

    here, there = columns("demand.csv", "x_m", "y_m"), columns("sites.csv", "x_m", "y_m")
    metres = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    found = frontier(p_medians(metres, columns("demand.csv", "population")[:, 0]), range(1, sites + 1))
    assert {one.status for one in found} == {"optimal"}
    assert all(more.value <= fewer.value for fewer, more in pairwise(found))

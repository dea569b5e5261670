from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from location.classics.load_cases import Case, case, least

from siting.errors import InputError, SolverError
from siting.location.classics import capacitated
from siting.location.classics.capacitated import capacitated_location, capacitated_p_median
from siting.location.classics.solution import Solution

DATA = Path(os.environ.get("SITING_REFERENCE_DATA", ""))


LONG = 600.0
"""Enough for the loops to be compiled on a slow machine, too."""


def median(one: Case, p: int | None = None) -> Solution:
    return capacitated_p_median(
        one.metres, one.weight, one.demand, one.capacity, one.p if p is None else p, fixed=one.fixed, seconds=LONG
    )


def location(one: Case) -> Solution:
    return capacitated_location(
        one.metres, one.weight, one.demand, one.capacity, one.fixed_cost, lower=one.lower, fixed=one.fixed, seconds=LONG
    )


def is_right(found: Solution, best: float) -> bool:
    if best == np.inf:
        return found.status == "infeasible" and found.value == np.inf
    return found.status == "optimal" and abs(found.value - best) <= 1e-5 * max(1.0, best)


def test_a_site_that_is_full_sends_the_next_one_on() -> None:
    # Three hamlets of 5; the school next door holds 10, so one walks to the other: 1 + 1 + 4 = 6, not 1 + 1 + 2.
    metres = np.array([[1.0, 9.0], [1.0, 9.0], [2.0, 4.0]])
    found = capacitated_p_median(metres, np.ones(3), np.full(3, 5.0), 10.0, 2)
    assert (found.value, found.bound, found.status) == (6.0, 6.0, "optimal")
    assert found.assigned.tolist() == [0, 0, 1] and found.open.tolist() == [0, 1]


def test_weight_and_load_are_two_things() -> None:
    # Both cannot have site 0 (load 2 + 2 > 3); moving the light one costs 1 x 9, the heavy one 5 x 9.
    metres = np.array([[1.0, 10.0], [1.0, 10.0]])
    found = capacitated_p_median(metres, np.array([5.0, 1.0]), np.array([2.0, 2.0]), 3.0, 2)
    assert found.assigned.tolist() == [0, 1] and found.value == 5.0 + 10.0


def test_a_cheap_site_is_worth_a_walk() -> None:
    # Both sites: 1 + 1 + 7 + 6 = 15; the first alone 1 + 5 + 7 = 13, the second alone 5 + 1 + 6 = 12.
    metres = np.array([[1.0, 5.0], [5.0, 1.0]])
    found = capacitated_location(metres, np.ones(2), np.ones(2), np.inf, np.array([7.0, 6.0]))
    assert found.value == 12.0 and found.open.tolist() == [1]


def test_a_lower_load_closes_a_site_or_fills_it() -> None:
    # The second site needs 2: alone it serves both for 5 + 1 + 1 = 7, the first serves both for 1 + 5 + 3 = 9.
    metres = np.array([[1.0, 5.0], [5.0, 1.0]])
    found = capacitated_location(metres, np.ones(2), np.ones(2), 9.0, np.array([3.0, 1.0]), lower=np.array([0.0, 2.0]))
    assert found.value == 7.0 and found.assigned.tolist() == [1, 1]


@pytest.mark.parametrize("seed", range(60))
def test_small_medians_are_as_good_as_trying_everything(seed: int) -> None:
    one = replace(case(seed), lower=np.zeros(4))
    assert is_right(median(one), least(replace(one, fixed_cost=np.zeros(4)).loads(one.p)))


@pytest.mark.parametrize("seed", range(60))
def test_small_locations_are_as_good_as_trying_everything(seed: int) -> None:
    assert is_right(location(case(seed)), least(case(seed).loads(None)))


def test_two_methods_that_disagree_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacitated, "search_tree", lambda one, prices, until: one.search.prove(one.search.value))
    monkeypatch.setattr(capacitated, "finish_sites", lambda one, prices, open_sites, effort: None)
    monkeypatch.setattr(capacitated, "improve_parts", lambda one, prices, until: None)
    with pytest.raises(SolverError, match="capacitated"):
        for seed in range(100):
            median(replace(case(seed), lower=np.zeros(4)))


@pytest.mark.parametrize("seed", range(5))
def test_renumbered_sites_and_units_give_the_same_value(seed: int) -> None:
    one, chance = case(seed + 500, 12, 5), np.random.default_rng(seed)
    unit, site = chance.permutation(12), chance.permutation(5)
    other = replace(
        one,
        metres=one.metres[np.ix_(unit, site)],
        weight=one.weight[unit],
        demand=one.demand[unit],
        capacity=one.capacity[site],
        lower=one.lower[site],
        fixed_cost=one.fixed_cost[site],
        fixed=tuple(np.flatnonzero(np.isin(site, one.fixed)).tolist()),
    )
    assert location(one).value == pytest.approx(location(other).value)
    assert median(one).value == pytest.approx(median(other).value)


@pytest.mark.parametrize("seed", range(3))
def test_one_more_site_is_never_worse(seed: int) -> None:
    one = replace(case(seed + 700, 14, 6), fixed=())
    values = [median(one, p).value for p in range(1, 7)]
    assert all(after <= before + 1e-6 for before, after in itertools.pairwise(values))


@pytest.mark.parametrize("p", [8, None])
def test_there_is_an_answer_however_short_the_time(p: int | None) -> None:
    chance = np.random.default_rng(4)
    units, sites = chance.uniform(0, 10, (300, 2)), chance.uniform(0, 10, (20, 2))
    metres = np.hypot(*(units[:, None] - sites[None]).transpose(2, 0, 1))
    demand, capacity = np.ones(300), 60.0
    if p is None:
        found = capacitated_location(metres, demand, demand, capacity, 30.0, seconds=1e-6)
    else:
        found = capacitated_p_median(metres, demand, demand, capacity, p, seconds=1e-6)
    assert found.status == "stopped early"
    assert 0.0 < found.bound < found.value < np.inf
    assert np.bincount(found.assigned).max() <= capacity


def test_nobody_who_has_no_pair_can_be_served() -> None:
    found = capacitated_p_median(np.array([[1.0], [np.inf]]), np.ones(2), np.ones(2), 5.0, 1)
    assert found.status == "infeasible" and found.assigned.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"demand": np.array([1.0, -1.0])}, "demand"),
        ({"capacity": np.array([1.0, np.nan])}, "capacity"),
        ({"weight": np.array([1.0, np.inf])}, "weight"),
        ({"p": 3}, "p"),
        ({"fixed": (2,)}, "fixed"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changed: dict[str, object], word: str) -> None:
    good = Case(np.ones((2, 2)), np.ones(2), np.ones(2), np.ones(2), np.zeros(2), np.zeros(2), 1, ())
    with pytest.raises(InputError, match=word):
        median(replace(good, **changed))  # type: ignore[arg-type]


def test_an_answer_that_overloads_a_site_is_refused() -> None:
    loads = Case(np.ones((2, 1)), np.ones(2), np.ones(2), np.ones(1), np.zeros(1), np.zeros(1), 1, ()).loads(1)
    with pytest.raises(SolverError, match="overloads"):
        loads.value(np.array([0]), np.array([0, 0]))


@pytest.mark.skipif(not (DATA / "or_library" / "pmedcap1.txt").is_file(), reason="SITING_REFERENCE_DATA not set")
def test_the_first_published_problems_are_proved() -> None:
    words = np.array((DATA / "or_library" / "pmedcap1.txt").read_text().split(), dtype=float)[1:]
    for _ in range(2):
        best, units, p, capacity = words[1], int(words[2]), int(words[3]), words[4]
        rows, words = words[5 : 5 + 4 * units].reshape(units, 4), words[5 + 4 * units :]
        apart = np.floor(np.hypot(*(rows[:, None, k] - rows[None, :, k] for k in (1, 2))))
        found = capacitated_p_median(apart, np.ones(units), rows[:, 3], capacity, p)
        assert (found.value, found.status) == (best, "optimal")

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from location.counties import at_random, town

from siting.location.annealing import annealed
from siting.location.decision import Decision, loads, measure, over
from siting.location.instance import Arcs, Instance

SCHOOLS = 3


def three_schools(seed: int, units: int = 9, lower: float = 0.0) -> Instance:
    """Units that may all go to any of three schools, which have few more seats than there are pupils; some would be
    covered worse at the last."""
    chance = np.random.default_rng(seed)
    residents = np.round(chance.uniform(400, 1600, units))
    pupils = residents * chance.uniform(0.06, 0.08, units)
    unit, site = np.repeat(np.arange(units), SCHOOLS), np.tile(np.arange(SCHOOLS), units)
    return Instance(
        unit_id=tuple(f"u{i}" for i in range(units)),
        site_id=("a", "b", "c"),
        residents=residents,
        pupils=pupils,
        is_existing=np.ones(SCHOOLS, dtype=bool),
        seats=np.array([0.42, 0.38, 0.3]) * pupils.sum(),
        extended_seats=np.full(SCHOOLS, np.nan),
        upper=np.full(SCHOOLS, np.inf),
        extended_upper=np.full(SCHOOLS, np.inf),
        arcs=Arcs(
            unit,
            site,
            np.round(chance.uniform(100, 3000, SCHOOLS * units)),
            np.where((site == SCHOOLS - 1) & (unit < 2), residents[unit], 0.0),
        ),
        lower=lower,
        goals=("uncovered", "over", "under", "walk"),
    )


def all_open(one: Instance, arc: np.ndarray) -> Decision:
    return Decision(arc, np.ones(len(one.site_id), dtype=bool), np.zeros(len(one.site_id), dtype=bool))


def every_division(one: Instance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All ways to send units to three schools without a seat too few or anybody uncovered: the school of every unit
    (W, I), the residents of each school (W, J), and the walk (W,), the longest first."""
    site = np.array(list(product(range(SCHOOLS), repeat=len(one.unit_id))))
    pairs = SCHOOLS * np.arange(len(one.unit_id)) + site
    residents, pupils = (
        np.stack([(of * (site == j)).sum(axis=1) for j in range(SCHOOLS)], axis=1) for of in (one.residents, one.pupils)
    )
    walk = walk_price(one)[pairs].sum(axis=1)
    fitting = np.flatnonzero((pupils <= one.seats).all(axis=1) & (one.arcs.uncovered[pairs].sum(axis=1) == 0.0))
    fitting = fitting[np.argsort(-walk[fitting])]
    return site[fitting], residents[fitting], walk[fitting]


def walk_price(one: Instance) -> np.ndarray:
    return one.residents[one.arcs.unit] * one.arcs.metres


@pytest.mark.parametrize("lower", [0.0, 3000.0])
def test_three_schools_mostly_find_the_best_division_of_all_from_the_worst(lower: float) -> None:
    is_best = []
    for seed in range(10):
        one = three_schools(seed, lower=lower)
        site, carried, walk = every_division(one)
        start = all_open(one, SCHOOLS * np.arange(len(one.unit_id)) + site[0])
        least = np.minimum(lower, carried[0]) - 1e-6
        best = walk[(carried >= least).all(axis=1)].min()
        ways = [annealed(one, start, walk_price(one), turn) for turn in range(3)]
        for way in ways:
            assert over(one, way) <= 1e-6
            assert measure(one, way, "uncovered") == 0.0
            assert (loads(one, way, one.residents) >= least).all()
            assert best - 1.0 <= measure(one, way, "walk") <= measure(one, start, "walk")
        is_best.append(min(measure(one, way, "walk") for way in ways) <= best + 1.0)
    assert sum(is_best) >= 7


@pytest.mark.parametrize("seed", range(4))
def test_in_towns_no_school_is_worse_off_and_the_walk_is_no_longer(seed: int) -> None:
    one = town(seed, blocks=120, candidates=20)
    start = at_random(one, seed)
    found = annealed(one, start, walk_price(one), 0)
    assert (found.is_open == start.is_open).all()
    for goal in ("uncovered", "over", "under"):
        assert measure(one, found, goal) <= measure(one, start, goal) + 1e-6
    assert measure(one, found, "walk") < measure(one, start, "walk")


def test_the_same_turn_goes_the_same_way_and_another_turn_another() -> None:
    one = town(1, blocks=120, candidates=20)
    start = at_random(one, 1)
    first, again, other = (annealed(one, start, walk_price(one), turn).arc for turn in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_unit_too_large_for_any_school_stays_alone() -> None:
    one = three_schools(3)
    large = one.residents.copy()
    large[0] = 20_000.0
    upper, seats = np.full(SCHOOLS, 12_000.0), np.full(SCHOOLS, np.inf)
    one = replace(one, residents=large, upper=upper, seats=seats, is_alone_free=True)
    sites = np.array([0, *(1 + np.arange(8) % 2)])
    start = all_open(one, SCHOOLS * np.arange(9) + sites)
    found = annealed(one, start, walk_price(one), 0)
    assert (found.site(one) == 0).tolist() == [True, *[False] * 8]
    assert over(one, found) == 0.0


def test_where_nobody_has_a_choice_nothing_moves() -> None:
    one = three_schools(0)
    only = replace(one, arcs=one.arcs.take(np.arange(len(one.unit_id)) * SCHOOLS))
    here = all_open(only, np.arange(9))
    assert np.array_equal(annealed(only, here, walk_price(only), 0).arc, here.arc)


def test_where_nobody_lives_nothing_moves() -> None:
    one = three_schools(0)
    nobody = np.zeros(0)
    empty = replace(one, unit_id=(), residents=nobody, pupils=nobody, arcs=one.arcs.take(np.zeros(0, dtype=np.int64)))
    here = all_open(empty, np.zeros(0, dtype=np.int64))
    assert len(annealed(empty, here, nobody, 0).arc) == 0

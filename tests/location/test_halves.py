from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from location.brute import small
from location.counties import at_random, town

from siting.location.construct import first_decision
from siting.location.decision import Decision, loads, measure, over, violations
from siting.location.halves import shared_anew
from siting.location.instance import Arcs, Instance
from siting.location.search import possible


def two_schools(seed: int, units: int = 11, lower: float = 0.0) -> Instance:
    """Units that may all go to either of two schools, which have hardly more seats than there are pupils."""
    chance = np.random.default_rng(seed)
    residents = np.round(chance.uniform(400, 1600, units))
    pupils = residents * chance.uniform(0.06, 0.08, units)
    unit, site = np.repeat(np.arange(units), 2), np.tile([0, 1], units)
    seats = np.array([0.55, 0.46]) * pupils.sum()
    return Instance(
        unit_id=tuple(f"u{i}" for i in range(units)),
        site_id=("a", "b"),
        residents=residents,
        pupils=pupils,
        is_existing=np.array([True, True]),
        seats=seats,
        extended_seats=np.full(2, np.nan),
        upper=np.full(2, np.inf),
        extended_upper=np.full(2, np.inf),
        arcs=Arcs(unit, site, np.round(chance.uniform(100, 3000, 2 * units)), np.zeros(2 * units)),
        lower=lower,
        goals=("over", "under", "walk"),
    )


def every_division(one: Instance) -> dict[tuple[int, ...], tuple[float, float, float]]:
    """Over, under and walk of all ways to send units to two schools."""
    found = {}
    for sites in product((0, 1), repeat=len(one.unit_id)):
        decision = Decision(2 * np.arange(len(sites)) + np.array(sites), one.is_existing, np.zeros(2, dtype=bool))
        found[sites] = (measure(one, decision, "over"), measure(one, decision, "under"), measure(one, decision, "walk"))
    return found


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("lower", [0.0, 4000.0])
def test_two_schools_find_the_best_division_of_all(seed: int, lower: float) -> None:
    one = two_schools(seed, lower=lower)
    every = every_division(one)
    fitting = [sites for sites, (too_many, _, _) in every.items() if too_many <= 1e-9]
    start = max(fitting, key=lambda sites: every[sites][2])
    decision = Decision(2 * np.arange(len(start)) + np.array(start), one.is_existing, np.zeros(2, dtype=bool))
    found = shared_anew(one, decision, one.residents[one.arcs.unit] * one.arcs.metres)
    before = loads(one, decision, one.residents)
    best = min(
        every[sites][2]
        for sites in fitting
        if all(
            sum(r for r, s in zip(one.residents, sites, strict=True) if s == j) >= min(lower, before[j]) - 1e-6
            for j in (0, 1)
        )
    )
    assert over(one, found) <= 1e-9
    assert measure(one, found, "walk") == pytest.approx(best, abs=2.0)
    assert measure(one, found, "walk") < measure(one, decision, "walk") or len(fitting) < 30


def test_towns_walk_less_and_no_school_is_worse_off() -> None:
    for seed in range(3):
        one = town(seed, blocks=120, candidates=20)
        decision = at_random(one, seed)
        found = shared_anew(one, decision, one.residents[one.arcs.unit] * one.arcs.metres)
        assert (found.is_open == decision.is_open).all()
        assert measure(one, found, "walk") < measure(one, decision, "walk")
        assert measure(one, found, "uncovered") == pytest.approx(measure(one, decision, "uncovered"))
        carried, before = loads(one, found, one.pupils), loads(one, decision, one.pupils)
        assert (carried <= np.maximum(before, one.seats) + 1e-6).all()
        served, then = loads(one, found, one.residents), loads(one, decision, one.residents)
        assert (served >= np.minimum(then, one.lower) - 1e-6).all()


@pytest.mark.parametrize("seed", range(20))
def test_small_cases_stay_possible_and_no_earlier_goal_is_worse(seed: int) -> None:
    one = possible(replace(small(seed), cost_fixed=0.0))
    decision = first_decision(one)
    found = shared_anew(one, decision, one.residents[one.arcs.unit] * one.arcs.metres)
    assert violations(one, found) == ()
    for goal in one.goals:
        assert measure(one, found, goal) <= measure(one, decision, goal) + 1e-6

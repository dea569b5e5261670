from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from location.brute import all_values, best, grown, least, small

from siting.location import Instance, News, StagedSolution, solve
from siting.location import large as large_module
from siting.location.decision import measure, quietly, violations
from siting.location.large import solve_large
from siting.location.search import by_assignment, by_groups, possible

SEEDS = range(40)


def answered(
    method: Callable[..., StagedSolution | None], seed: int, asked: Callable[[int], Instance] = small
) -> tuple[Instance, StagedSolution | None]:
    one = possible(asked(seed))
    return one, method(one, time.perf_counter() + 60, quietly)


def agrees(one: Instance, solution: StagedSolution) -> None:
    """Values add up, bounds hold against trying everything, and what is called optimal is."""
    assert violations(one, solution.decision) == ()
    every, kept = all_values(one), ()
    for stage in solution.stages:
        truth = least(every, kept)
        assert stage.value == pytest.approx(measure(one, solution.decision, stage.goal))
        assert stage.bound <= truth + 1e-4 * max(1.0, truth)
        assert stage.value >= truth - 1e-4 * max(1.0, truth)
        if stage.status == "optimal":
            assert stage.value == pytest.approx(truth, rel=1e-5, abs=1e-4)
        kept = (*kept, stage.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_solve_finds_the_best_of_all_decisions(seed: int) -> None:
    one = small(seed)
    solution = solve(one, 60)
    assert [stage.goal for stage in solution.stages] == list(one.goals)
    assert {stage.status for stage in solution.stages} == {"optimal"}
    assert [s.value for s in solution.stages] == pytest.approx(best(all_values(one)), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_assignment_finds_the_best_of_all_decisions(seed: int) -> None:
    one, solution = answered(by_assignment, seed)
    assert solution is not None
    agrees(one, solution)
    assert [s.value for s in solution.stages] == pytest.approx(best(all_values(one)), rel=1e-6, abs=1e-3)


def test_groups_find_the_best_of_all_decisions_wherever_they_answer() -> None:
    answers = [answered(by_groups, seed) for seed in range(1, 200, 4)]
    said = [(one, solution) for one, solution in answers if solution is not None]
    for one, solution in said:
        agrees(one, solution)
        assert [s.value for s in solution.stages] == pytest.approx(best(all_values(one)), rel=1e-6, abs=1e-3)
    assert len(said) >= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_split_and_settle_is_honest(seed: int) -> None:
    one, solution = answered(solve_large, seed)
    assert solution is not None
    agrees(one, solution)


@pytest.mark.parametrize("seed", SEEDS)
def test_split_and_settle_is_honest_with_clusters(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_module, "MOST_PAIRS", 0)
    monkeypatch.setattr(large_module, "CLUSTERS", 3)
    one, solution = answered(solve_large, seed)
    assert solution is not None
    agrees(one, solution)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_method_is_right_where_one_site_has_an_upper_bound_of_its_own(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = grown(seed)
    solution = solve(one, 60)
    assert [s.value for s in solution.stages] == pytest.approx(best(all_values(one)), rel=1e-6, abs=1e-3)
    for method in (by_groups, by_assignment, solve_large):
        free, said = answered(method, seed, lambda seed: replace(grown(seed), cost_fixed=0.0))
        if said is not None:
            agrees(free, said)
    monkeypatch.setattr(large_module, "MOST_PAIRS", 0)
    monkeypatch.setattr(large_module, "CLUSTERS", 3)
    free, said = answered(solve_large, seed, lambda seed: replace(grown(seed), cost_fixed=0.0))
    assert said is not None
    agrees(free, said)


@pytest.mark.parametrize("seed", range(8))
def test_a_case_renumbered_is_worth_the_same(seed: int) -> None:
    one = small(seed)
    chance = np.random.default_rng(seed)
    units, sites = chance.permutation(5), chance.permutation(4)
    place_of_unit, place_of_site = np.argsort(units), np.argsort(sites)
    arcs = replace(one.arcs, unit=place_of_unit[one.arcs.unit], site=place_of_site[one.arcs.site])
    order = np.lexsort((arcs.site, arcs.unit))
    other = replace(
        one,
        unit_id=tuple(one.unit_id[i] for i in units),
        site_id=tuple(one.site_id[j] for j in sites),
        residents=one.residents[units],
        pupils=one.pupils[units],
        is_existing=one.is_existing[sites],
        seats=one.seats[sites],
        extended_seats=one.extended_seats[sites],
        upper=one.upper[sites],
        extended_upper=one.extended_upper[sites],
        arcs=type(arcs)(arcs.unit[order], arcs.site[order], arcs.metres[order], arcs.uncovered[order]),
    )
    values = [stage.value for stage in solve(one, 60).stages]
    assert [stage.value for stage in solve(other, 60).stages] == pytest.approx(values)


@pytest.mark.parametrize("seed", range(12))
def test_one_more_allowed_site_never_makes_the_walk_longer(seed: int) -> None:
    whole = replace(small(seed), goals=("uncovered", "walk"))
    fewer = replace(whole, arcs=whole.arcs.take(whole.arcs.site != 3))
    one = replace(whole, arcs=replace(whole.arcs, uncovered=np.zeros(len(whole.arcs))))
    less = replace(fewer, arcs=replace(fewer.arcs, uncovered=np.zeros(len(fewer.arcs))))
    with_it, without = solve(one, 60).stages, solve(less, 60).stages
    assert tuple(s.value for s in with_it) <= tuple(s.value + 1e-3 for s in without)


def test_the_same_question_gets_the_same_plan() -> None:
    first, second = (answered(solve_large, 3)[1] for _ in range(2))
    assert first is not None and second is not None
    assert first.decision.arc.tolist() == second.decision.arc.tolist()
    assert [s.bound for s in first.stages] == [s.bound for s in second.stages]


def test_news_comes_for_every_goal() -> None:
    told: list[News] = []
    solve(small(0), 60, told.append)
    assert {news.goal for news in told} == set(small(0).goals)


def test_a_unit_without_any_pair_stays_without_a_school_and_counts_as_uncovered() -> None:
    one = replace(small(0), arcs=small(0).arcs.take(small(0).arcs.unit != 2))
    solution = solve(one, 60)
    assert solution.decision.arc[2] == -1
    assert solution.stages[0].value >= one.residents[2]

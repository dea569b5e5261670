from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from location.brute import all_values, best, small
from location.counties import beside, town

from siting.location import StagedSolution, solve
from siting.location import parts as parts_module
from siting.location import search as search_module
from siting.location.decision import measure, quietly, violations
from siting.location.instance import Budget, Instance
from siting.location.parts import in_parts, parts_of
from siting.location.search import by_assignment, by_parts
from siting.location.shares import must_share, shared_out
from siting.study import FloatArray

SEEDS = range(80)


def limited(seed: int, new: float, like: Instance | None = None) -> Instance:
    """A small case with so many new schools and no other budget, crowded enough to want them."""
    one = replace(small(seed), budget=Budget(new=new))
    one = replace(one, seats=np.where(one.is_existing, np.fmin(one.seats, 60.0), one.seats))
    return one if like is None else replace(one, lower=like.lower, is_alone_free=like.is_alone_free, goals=like.goals)


def best_share(pair: tuple[Instance, Instance], most: int) -> FloatArray:
    """The best sum of two cases over every way to share new schools, each found by trying all decisions."""
    alone = [
        [np.array(best(all_values(replace(one, budget=Budget(new=float(k)))))) for k in range(min(most, 2) + 1)]
        for one in pair
    ]
    sums = [first + second for k, first in enumerate(alone[0]) for second in alone[1][: most - k + 1]]
    return min(sums, key=lambda goals: tuple(np.round(goals, 3)))


@pytest.fixture(autouse=True)
def _every_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "GATHERED", 0)
    monkeypatch.setattr(search_module, "by_groups", lambda *_: None)


def in_pair(seed: int, most: int) -> tuple[Instance, Instance]:
    first = limited(seed, most)
    return first, limited(seed + 400, most, first)


@pytest.mark.parametrize("most", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_new_schools_go_where_they_do_most(seed: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.location.shares.EFFORT", 99.0)
    pair = in_pair(seed, most)
    whole = beside(*pair)
    solution = by_parts(whole, time.perf_counter() + 60, quietly)
    assert solution is not None
    assert violations(whole, solution.decision) == ()
    expected = best_share(pair, most)
    assert [measure(whole, solution.decision, goal) for goal in whole.goals] == pytest.approx(expected, abs=1e-3)
    assert [stage.value for stage in solution.stages] == pytest.approx(expected, abs=1e-3)
    assert {stage.status for stage in solution.stages} == {"optimal"}


def test_what_small_parts_build_is_asked_before_what_else_is_best_with_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that is more than the largest can spare, nothing after the cost is asked of them with all there is."""
    monkeypatch.setattr("siting.location.shares.EFFORT", 99.0)
    asked: list[Instance] = []

    def answer(one: Instance, _: object) -> StagedSolution:
        asked.append(one)
        return by_assignment(one, time.perf_counter() + 60, quietly)

    spared = 0
    for seed in SEEDS:
        whole = beside(*in_pair(seed, 1))
        *small, _ = parts = parts_of(whole)
        up_to_cost = whole.goals[: whole.goals.index("cost") + 1]
        asked.clear()
        in_parts(whole, parts, answer, quietly)
        heads = [one for one in asked if one.goals != whole.goals]
        assert [one.goals for one in heads] in ([], [up_to_cost] * len(small))
        assert [one.unit_id for one in heads] in ([], [part.instance.unit_id for part in small])
        first = asked[len(heads)].unit_id, asked[len(heads)].budget.new
        spared += bool(heads) and first != (small[0].instance.unit_id, 1.0)
    assert spared > 0


def test_most_of_these_cases_want_more_than_there_is() -> None:
    wanting = 0
    for seed in SEEDS:
        alone = [
            by_assignment(replace(one, budget=Budget(new=1.0)), time.perf_counter() + 9, quietly)
            for one in in_pair(seed, 1)
        ]
        wanting += sum(int(each.decision.is_open[2:].sum()) for each in alone) > 1
    assert wanting >= 20


def opened(said: StagedSolution, goal: str) -> StagedSolution:
    """An answer, one goal of which is said not to be proved by half."""
    stages = [
        replace(stage, bound=stage.value / 2, status="stopped early") if stage.goal == goal else stage
        for stage in said.stages
    ]
    return replace(said, stages=tuple(stages))


@pytest.mark.parametrize("goal", ["cost", "walk"])
def test_an_open_goal_of_a_part_is_open_in_the_whole(goal: str) -> None:
    pair = in_pair(4, 1)
    whole = beside(*pair)
    proved = by_parts(whole, time.perf_counter() + 60, quietly)
    assert proved is not None

    def answer(one: Instance, _: object) -> StagedSolution:
        return opened(by_assignment(one, time.perf_counter() + 60, quietly), goal)

    solution = in_parts(whole, parts_of(whole), answer, quietly)
    assert solution is not None
    at = whole.goals.index(goal)
    for k, (stage, sure) in enumerate(zip(solution.stages, proved.stages, strict=True)):
        assert stage.bound <= sure.value + 1e-3 if k <= at else stage.bound >= 0.0
    assert solution.stages[at].status == "stopped early"
    assert all(stage.status == "optimal" for stage in solution.stages[:at])


def test_more_answers_than_it_is_worth_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siting.location.shares.EFFORT", 0.0)
    asked: list[Instance] = []
    pair = next(in_pair(seed, 1) for seed in SEEDS if _wants_two(in_pair(seed, 1)))
    said = [by_assignment(one, time.perf_counter() + 9, quietly) for one in pair]

    def answer(one: Instance) -> StagedSolution:
        asked.append(one)
        return by_assignment(one, time.perf_counter() + 9, quietly)

    assert shared_out(1, pair, said, answer) is None
    assert asked == []


def _wants_two(pair: tuple[Instance, Instance]) -> bool:
    said = [by_assignment(one, time.perf_counter() + 9, quietly) for one in pair]
    return all(each.decision.is_open[2:].any() for each in said)


def test_a_part_must_share_where_seats_are_too_few_without_the_new_ones() -> None:
    one = replace(limited(4, 2.0), seats=np.array([10.0, 10.0, 90.0, 90.0]), extended_seats=np.full(4, np.nan))
    one = replace(one, goals=("uncovered", "over", "walk"), pupils=np.full(5, 20.0))
    here = replace(one, arcs=one.arcs.take(one.is_existing[one.arcs.site]))
    reaching = replace(one, arcs=beside(one).arcs)
    served = float(reaching.pupils[~reaching.may_lack].sum())
    assert must_share(2, reaching, 1) == (served > 110.0)
    assert must_share(2, reaching, 2) == (served > 20.0)
    assert not must_share(2, reaching, 0)
    assert not must_share(2, replace(here, goals=("uncovered", "walk")), 2)


def test_towns_that_share_new_schools_are_as_good_as_answered_together(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = [town(seed, blocks=40, candidates=12) for seed in (1, 2)]
    whole = replace(beside(*towns), budget=Budget(new=3.0, extend=99.0))
    monkeypatch.setattr(search_module, "FEW_PAIRS", 0)
    monkeypatch.setattr(search_module, "FEWEST_PAIRS", 0)
    monkeypatch.setattr("siting.location.shares.EFFORT", 9.0)
    shared = solve(whole, 120)
    together = by_assignment(whole, time.perf_counter() + 120, quietly)
    assert shared.method == "parts"
    assert (shared.decision.is_open & ~whole.is_existing).sum() <= 3
    for stage, other in zip(shared.stages, together.stages, strict=True):
        assert stage.bound <= other.value + 1e-3
        assert other.bound <= stage.value + 1e-3
        if stage.value > other.value + 1e-3 or other.value > stage.value + 1e-3:
            break

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from location.brute import all_values, best, small
from location.counties import beside, town

from siting.location import News, StagedSolution, solve
from siting.location import parts as parts_module
from siting.location import search as search_module
from siting.location.decision import measure, quietly, violations
from siting.location.instance import Budget, Instance
from siting.location.parts import in_parts, parts_of
from siting.location.search import by_assignment, by_parts

SEEDS = range(4, 60, 4)
"""Every fourth small case has the usual order of goals."""


def free(seed: int, like: Instance | None = None) -> Instance:
    """A small case without budgets; with the lower bound and the exemption of another."""
    one = replace(small(seed), budget=Budget())
    return one if like is None else replace(one, lower=like.lower, is_alone_free=like.is_alone_free)


def a_pair(seed: int) -> tuple[Instance, Instance]:
    first = free(seed)
    return first, free(seed + 400, first)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_add_up_to_the_best_of_each(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "GATHERED", 0)
    monkeypatch.setattr(search_module, "by_groups", lambda *_: None)
    pair = a_pair(seed)
    whole = beside(*pair)
    solution = by_parts(whole, time.perf_counter() + 60, quietly)
    assert solution is not None
    assert violations(whole, solution.decision) == ()
    expected = np.sum([best(all_values(one)) for one in pair], axis=0)
    assert [stage.value for stage in solution.stages] == pytest.approx(expected, rel=1e-6, abs=1e-3)
    assert [measure(whole, solution.decision, goal) for goal in whole.goals] == pytest.approx(expected, abs=1e-3)
    assert {stage.status for stage in solution.stages} == {"optimal"}


def test_every_unit_site_and_pair_is_in_one_part() -> None:
    whole = beside(*(free(seed) for seed in (4, 8, 12)))
    whole = replace(whole, arcs=whole.arcs.take(whole.arcs.unit != 3))
    parts = parts_of(whole)
    for held, count in (("units", len(whole.unit_id)), ("sites", len(whole.site_id)), ("pairs", len(whole.arcs))):
        assert sorted(np.concatenate([getattr(part, held) for part in parts])) == list(range(count))
    for part in parts:
        arcs = part.instance.arcs
        assert (part.units[arcs.unit] == whole.arcs.unit[part.pairs]).all()
        assert (part.sites[arcs.site] == whole.arcs.site[part.pairs]).all()


def test_a_budget_that_the_parts_spend_twice_is_spent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "GATHERED", 0)
    wishful = [replace(free(seed), goals=("uncovered", "walk"), upper=np.full(4, np.inf)) for seed in (4, 8)]
    whole = replace(beside(*wishful), budget=Budget(new=1.0))
    monkeypatch.setattr(search_module, "FEW_PAIRS", 0)
    found = solve(whole, 60)
    assert (found.decision.is_open & ~whole.is_existing).sum() <= 1


def test_a_budget_to_be_spent_exactly_leaves_the_whole_as_it_is() -> None:
    whole = replace(beside(free(4), free(8)), budget=Budget(1.0, 1.0, new_exact=True))
    assert len(parts_of(whole)) == 1


def unproved(one: Instance, goal: str) -> StagedSolution:
    """The right answer, one goal of which is said to be open."""
    said = by_assignment(one, time.perf_counter() + 60, quietly)
    opened = [
        replace(stage, value=stage.value, bound=0.0, status="stopped early") if stage.goal == goal else stage
        for stage in said.stages
    ]
    return replace(said, stages=tuple(opened))


def test_what_a_part_may_give_way_in_loosens_the_later_bounds_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "GATHERED", 0)
    dear = next(seed for seed in SEEDS if best(all_values(free(seed)))[2] > 0)
    pair = free(dear), free(dear + 400, free(dear))
    whole = beside(*pair)
    parts = parts_of(whole)

    def answer(one: Instance, _: object) -> StagedSolution:
        return unproved(one, "cost") if one.unit_id[0].startswith("0-") else unproved(one, "none")

    solution = in_parts(whole, parts, answer, quietly)
    assert solution is not None
    cost, under, walk = solution.stages[2:]
    assert cost.status == "stopped early"
    sure = [unproved(one, "none").stages for one in pair]
    assert under.bound <= sum(stages[3].value for stages in sure) + 1e-6
    other = pair[1]
    nearest = np.full(len(other.unit_id), np.inf)
    np.minimum.at(nearest, other.arcs.unit, other.arcs.metres)
    nearest[~np.isfinite(nearest)] = 0.0
    assert walk.bound <= sure[0][4].value + float((other.residents * nearest).sum()) + 1e-6
    assert walk.bound <= walk.value


def test_towns_side_by_side_are_what_each_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "GATHERED", 0)
    monkeypatch.setattr(search_module, "FEW_PAIRS", 300)
    towns = [replace(town(seed, blocks=60, candidates=20), budget=Budget()) for seed in (1, 2)]
    alone = [solve(one, 60) for one in towns]
    heard: list[News] = []
    together = solve(beside(*towns), 120, heard.append)
    assert together.method == "parts"
    for k, stage in enumerate(together.stages):
        assert stage.value == pytest.approx(sum(each.stages[k].value for each in alone), rel=1e-3, abs=1.0)
        assert stage.bound <= stage.value
    last = {news.goal: news.value for news in heard}
    assert last["walk"] == pytest.approx(together.stages[-1].value, rel=1e-6)

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from location.counties import town
from scipy import sparse

from siting.errors import SolverError
from siting.location import highs
from siting.location.clusters import clustered
from siting.location.program import Effort, Late, Outcome, Program
from siting.location.relaxation import Relaxation, relaxation_of
from siting.location.tree import listed, search
from siting.project import Goal

GOALS: tuple[Goal, ...] = ("over", "cost", "under", "walk")


def split(seed: int, blocks: int = 60, candidates: int = 14) -> Relaxation:
    one = town(seed, blocks=blocks, candidates=candidates)
    return relaxation_of(clustered(one, blocks))


def by_highs(asked: Relaxation, goal: Goal) -> Outcome:
    return highs.solve(asked.program.with_cost(asked.model.cost(goal)), Effort(nodes=20_000))


def least_over(asked: Relaxation) -> Relaxation:
    return asked.at_most("over", by_highs(asked, "over").value)


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_comes_to_what_another_one_comes_to(seed: int) -> None:
    asked = split(seed)
    for goal in GOALS:
        mine, other = asked.searched(asked.model.cost(goal), Effort(nodes=2000)), by_highs(asked, goal)
        assert mine.status == other.status == "optimal" and mine.x is not None
        assert mine.value == pytest.approx(other.value, rel=1e-6, abs=1e-4)
        assert mine.bound == pytest.approx(mine.value, rel=1e-6, abs=1e-4)
        assert asked.program.worst_row(mine.x)[0] <= 0.02  # a millionth of a school of 20,000
        asked = asked.at_most(goal, other.value)


@pytest.mark.parametrize("seed", range(6))
def test_a_cost_below_the_least_is_refuted(seed: int) -> None:
    asked = least_over(split(seed))
    least = by_highs(asked, "cost").value
    below = asked.at_most("cost", least - 0.5)
    said = below.searched(asked.model.cost("walk"), Effort(nodes=2000))
    assert said.status == "infeasible" and said.x is None and said.bound == np.inf
    at_least = asked.at_most("cost", least)
    assert at_least.searched(asked.model.cost("walk"), Effort(nodes=2000)).status == "optimal"


@pytest.mark.parametrize("seed", range(4))
def test_a_tree_that_stops_early_has_a_bound_all_the_same(seed: int) -> None:
    asked = least_over(split(seed)).at_most("cost", 9.0)
    best = by_highs(asked, "walk")
    for nodes in (1, 2, 4, 8):
        said = asked.searched(asked.model.cost("walk"), Effort(nodes=nodes))
        assert said.bound <= best.value * (1 + 1e-7) <= said.value * (1 + 2e-7) + 1e-6
    rough = asked.searched(asked.model.cost("walk"), Effort(nodes=2000, gap=0.05))
    assert rough.bound <= best.value * (1 + 1e-7) and rough.value <= best.value * 1.06


def test_nothing_above_what_is_there_is_a_plan() -> None:
    asked = least_over(split(1)).at_most("cost", 9.0)
    best = by_highs(asked, "walk").value
    walk = asked.model.cost("walk")
    below = asked.searched(walk, Effort(nodes=2000), above=best * 0.99)
    assert below.x is None and best * 0.99 * (1 - 1e-8) <= below.bound <= best
    assert asked.searched(walk, Effort(nodes=2000), above=best * 1.01).value == pytest.approx(best)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("nodes", [3, 10_000])
def test_a_list_has_every_choice_of_openings_that_is_cheap_enough(seed: int, nodes: int) -> None:
    asked = least_over(split(seed, blocks=30, candidates=6)).at_most("cost", 9.0)
    program = asked.program.with_cost(asked.model.cost("walk"))
    openings = np.flatnonzero(program.is_whole)
    above = 1.05 * by_highs(asked, "walk").value
    left = listed(program, asked.model.links, (openings,), Effort(nodes=nodes), lambda: above)
    for choice in itertools.product((0.0, 1.0), repeat=len(openings)):
        x = np.array(choice)
        homes = [one for one in left if (one.lower[openings] <= x).all() and (x <= one.upper[openings]).all()]
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[openings] = upper[openings] = x
        value = highs.solve(program.with_bounds(lower, upper).relaxed()).value
        if value < above * (1 - 1e-6):
            assert min(one.bound for one in homes) <= value * (1 + 1e-6)
        assert len(homes) <= (1 if nodes > 3 else 2)
    assert nodes == 3 or all((one.lower[openings] == one.upper[openings]).all() for one in left)


def test_a_plan_that_does_not_keep_its_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = least_over(split(1))
    honest = highs.Standing.ask

    def lying(standing: highs.Standing, enough: float = np.inf, is_rough: bool = False) -> highs.Answer:
        said = honest(standing, enough, is_rough)
        return replace(said, said=replace(said.said, x=np.zeros(len(said.said.x))))

    monkeypatch.setattr(highs.Standing, "ask", lying)
    with pytest.raises(SolverError, match=r"the plan breaks|above the plan's"):
        asked.searched(asked.model.cost("walk"), Effort(nodes=2000))


def knapsack() -> Program:
    """Three plots of 4, 4 and 5 hundred places at 3, 3 and 5; places for 7 hundred: the first two, 6."""
    return Program(
        cost=np.array([3.0, 3.0, 5.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        is_whole=np.ones(3, dtype=bool),
        matrix=sparse.csr_array(np.array([[4.0, 4.0, 5.0]])),
        row_lower=np.array([7.0]),
        row_upper=np.array([np.inf]),
        sentences=(("places", ("",)),),
    )


NONE_LATE = Late(slice(0, 0), np.zeros(0, dtype=np.int64))


def test_sums_of_whole_unknowns_are_unknowns() -> None:
    wider = knapsack().with_sums([np.array([0, 1]), np.zeros(0, dtype=np.int64), np.array([2])])
    assert wider.text(["a", "b", "c", "ab", "cc"]).splitlines()[1:4] == [
        "places | 7 <= 4 a + 4 b + 5 c",
        "sum | a + b - ab = 0",
        "sum | c - cc = 0",
    ]
    assert wider.upper.tolist() == [1, 1, 1, 2, 1] and wider.is_whole.all()
    said = search(knapsack(), NONE_LATE, [np.array([0, 1])], Effort())
    assert (said.status, said.value, said.bound) == ("optimal", 6.0, pytest.approx(6.0))
    assert said.x is not None and said.x.tolist() == [1, 1, 0]


def test_any_prices_prove_something_and_the_best_prove_all_there_is() -> None:
    program = knapsack()
    # 5.25 is the least with parts of plots: one whole and three quarters of one of the cheap ones.
    assert program.least(np.array([0.75])) == pytest.approx(5.25)
    chance = np.random.default_rng(3)
    for price in chance.normal(0, 2, (50, 1)):
        assert program.least(price) <= 5.25 + 1e-9


def test_what_is_impossible_is_proved_by_prices() -> None:
    standing = highs.Standing(knapsack(), NONE_LATE, 10.0)
    assert standing.ask().bound == pytest.approx(5.25)
    standing.limit(np.zeros(3), np.array([1.0, 0.0, 0.0]))
    assert standing.ask().bound == np.inf
    standing.limit(np.zeros(3), np.ones(3))
    assert standing.ask().bound == pytest.approx(5.25)
    assert standing.ask(enough=5.0).bound >= 5.0


@pytest.mark.parametrize("seed", range(4))
def test_late_rows_change_no_answer(seed: int) -> None:
    asked = least_over(split(seed)).at_most("cost", 9.0)
    program = asked.program.with_cost(asked.model.cost("walk"))
    late, whole = asked.model.links, highs.solve(program.relaxed())
    said = highs.Standing(program, late, 10.0).ask()
    assert said.bound == pytest.approx(whole.value, rel=1e-7)
    assert program.excess(said.said.x).max() <= 1e-5
    rough = highs.Standing(program, late, 10.0).ask(is_rough=True)
    assert rough.bound <= said.bound * (1 + 1e-9)
    assert len(rough.said.row) == len(program.row_lower)

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import two_plans

from siting.comparison import no_regret, only_in_one, proposed_sites, regret_table

PLANS, FUTURES, GOALS = ("A", "B", "C"), ("low", "high"), ("uncovered", "cost")
VALUE = np.array([[[0, 9], [50, 9]], [[20, 6], [20, 6]], [[10, 7], [40, 5]]], dtype=np.float64)
"""Best: low 0 and 6, high 20 and 5. Regrets: A (0, 3) (30, 4); B (20, 0) (0, 1); C (10, 1) (20, 0)."""


def test_regrets_of_three_plans_in_two_futures() -> None:
    table = regret_table(PLANS, FUTURES, GOALS, VALUE)
    assert table.regret.tolist() == [[[0, 3], [30, 4]], [[20, 0], [0, 1]], [[10, 1], [20, 0]]]
    assert table.greatest.tolist() == [[30, 4], [20, 1], [20, 1]]
    assert table.mean.tolist() == [[15, 3.5], [10, 0.5], [15, 0.5]]
    assert (table.least_regret("uncovered"), table.least_mean("cost")) == ("B", "B")


def test_weights_say_how_likely_a_future_is() -> None:
    table = regret_table(PLANS, FUTURES, GOALS, VALUE, weight=(3, 1))
    assert table.mean[:, 0].tolist() == [7.5, 15, 12.5]
    assert table.least_mean("uncovered") == "A"


def test_a_plan_not_tried_in_a_future_is_not_chosen_and_sets_no_mark() -> None:
    value = VALUE.copy()
    value[0, 1] = math.nan
    table = regret_table(PLANS, FUTURES, GOALS, value)
    assert np.isnan(table.greatest[0]).all()
    assert table.regret[1:].tolist() == [[[20, 0], [0, 1]], [[10, 1], [20, 0]]]
    assert regret_table(("A",), ("low",), ("cost",), np.full((1, 1, 1), np.nan)).least_regret("cost") == ""


def test_a_future_no_plan_survives_gives_no_regret() -> None:
    value = np.array([[[math.inf]], [[math.inf]]])
    assert regret_table(("A", "B"), ("war",), ("uncovered",), value).regret.tolist() == [[[0]], [[0]]]
    one = regret_table(("A", "B"), ("war",), ("uncovered",), np.array([[[math.inf]], [[3.0]]]))
    assert one.regret.tolist() == [[[math.inf]], [[0]]]


def test_the_best_of_its_own_future_regrets_nothing_there() -> None:
    random = np.random.default_rng(3)
    value = random.integers(0, 99, (4, 5, 2)).astype(np.float64)
    table = regret_table("ABCD", "12345", GOALS, value)
    assert (table.regret >= 0).all()
    assert (table.regret.min(axis=0) == 0).all()


@pytest.mark.parametrize("weight", [(1,), (-1, 2), (0, 0)])
def test_odd_weights_are_refused(weight: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="2 weights"):
        regret_table(PLANS, FUTURES, GOALS, VALUE, weight)


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"value is \(3, 2, 2\)"):
        regret_table(("A",), FUTURES, GOALS, VALUE)


def test_sites_right_whatever_happens_and_sites_that_pay_once() -> None:
    """N2 and the extension of S5 in the base, N6 in the other; the third plan has N2 3 m away under another id."""
    base, other = two_plans.base().plan, two_plans.other().plan
    (part,) = base.parts
    moved = [replace(site, id="N2-b", x=site.x + 3.0) if site.id == "N2" else site for site in part.sites]
    third = replace(base, parts=(replace(part, sites=tuple(moved)),))
    plans = {"low": base, "high": third}
    assert [(site.site_id, site.scenarios) for site in no_regret(plans)] == [
        ("N2", ("low", "high")), ("S5", ("low", "high")),
    ]  # fmt: skip
    assert only_in_one(plans) == ()
    plans["estate"] = other
    assert no_regret(plans) == ()
    assert [site.site_id for site in only_in_one(plans)] == ["N6"]
    assert [site.site_id for site in proposed_sites(plans)] == ["N2", "S5", "N6"]

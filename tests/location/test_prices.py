from __future__ import annotations

import numpy as np
import pytest
from location.brute import all_values, least, small

from siting.location.prices import Prices, price_bound
from siting.location.search import possible


@pytest.mark.parametrize("seed", range(60))
def test_any_prices_bound_every_goal_from_below(seed: int) -> None:
    one = possible(small(seed))
    chance, values = np.random.default_rng(seed), all_values(one)
    kept: dict[str, float] = {}
    for goal in one.goals:
        truth = least(values, tuple(kept.values()))
        prices = Prices(
            unit=one.residents * chance.uniform(0, 3) * (1000 if goal == "walk" else 1),
            upper=chance.uniform(0, 2, 4),
            seats=chance.uniform(0, 2, 4),
            lower=chance.uniform(0, 2, 4),
            cover=float(chance.uniform(0, 2)),
        )
        for steps in (1, 40):
            assert price_bound(one, goal, kept, prices, truth, steps) <= truth + 1e-6 * max(1.0, truth)
        kept[goal] = truth


def test_steps_lift_the_bound_of_the_walk_to_its_value() -> None:
    # Without bounds, seats and budgets in the way every unit walks to its nearest site: the prices find that sum.
    one = possible(small(2))
    nearest = [one.arcs.metres[one.arcs.unit == i].min() * one.residents[i] for i in np.unique(one.arcs.unit)]
    free = type(one)(
        **{name: getattr(one, name) for name in ("unit_id", "site_id", "residents", "pupils", "is_existing", "arcs")},
        seats=np.full(4, np.inf),
        extended_seats=np.full(4, np.nan),
        upper=np.full(4, np.inf),
        extended_upper=np.full(4, np.inf),
        goals=("walk",),
    )
    nothing = Prices(np.zeros(5), np.zeros(4), np.zeros(4), np.zeros(4))
    assert price_bound(free, "walk", {}, nothing, sum(nearest), 500) == pytest.approx(sum(nearest), rel=0.01)

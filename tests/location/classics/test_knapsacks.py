from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from siting.location.classics.knapsacks import enough, packed


@pytest.mark.parametrize("seed", range(60))
def test_enough_of_few_things_costs_the_least_of_all_choices(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count, need = int(chance.integers(0, 8)), int(chance.integers(1, 30))
    size = np.minimum(chance.integers(0, 12, count), need)
    cost = chance.uniform(0.0, 5.0, count)
    choices = [np.array(choice, dtype=bool) for choice in product((False, True), repeat=count)]
    least = min((cost[choice].sum() for choice in choices if size[choice].sum() >= need), default=np.inf)
    taken = np.zeros(count, dtype=np.bool_)
    assert enough(cost, size, need, taken) == pytest.approx(least)
    if np.isfinite(least):
        assert size[taken].sum() >= need
        assert cost[taken].sum() == pytest.approx(least)


@pytest.mark.parametrize("seed", range(60))
def test_no_choice_that_fits_gains_more_than_what_is_packed(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count, room = int(chance.integers(1, 9)), float(chance.integers(1, 30))
    gain, size = chance.uniform(0.1, 5.0, count), chance.uniform(0.5, 12.0, count)
    order = np.argsort(-gain / size)
    gain, size = gain[order], size[order]
    choices = [np.array(choice, dtype=bool) for choice in product((False, True), repeat=count)]
    most = max(gain[choice].sum() for choice in choices if size[choice].sum() <= room)
    taken = np.zeros(count, dtype=np.bool_)
    assert packed(gain, size, room, 10_000, taken) == pytest.approx(most)
    assert gain[taken].sum() == pytest.approx(most)
    assert packed(gain, size, room, 1, np.zeros(count, dtype=np.bool_)) >= most - 1e-9

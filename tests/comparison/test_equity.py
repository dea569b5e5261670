from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.comparison.equity import gini, mean, quantile


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_gini_of_a_hand() -> None:
    """1 person walks 0, 1 walks 1000 m: sum of differences 2 x 1000, over 2 x 2^2 x 500 = 4000: 0.5.
    3 people walk 100 m, 1 walks 500 m: 2 x 3 x 400 = 2400, over 2 x 4^2 x 200 = 6400: 0.375."""
    assert gini(floats(0, 1000), floats(1, 1)) == 0.5
    assert gini(floats(100, 500), floats(3, 1)) == pytest.approx(0.375)
    assert gini(floats(700, 700), floats(5, 1)) == pytest.approx(0, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 400)), min_size=1, max_size=12))
def test_gini_is_that_of_every_pair_of_people(units: list[tuple[int, int]]) -> None:
    metres, residents = (np.array(column, dtype=np.float64) for column in zip(*units, strict=True))
    everybody = residents.sum()
    if everybody == 0:
        assert math.isnan(gini(metres, residents))
        return
    if (metres * residents).sum() == 0:
        assert gini(metres, residents) == 0
        return
    apart = np.abs(metres[:, None] - metres[None, :])
    middle = (metres * residents).sum() / everybody
    brute = (residents[:, None] * residents[None, :] * apart).sum() / (2 * everybody**2 * middle)
    assert gini(metres, residents) == pytest.approx(brute, abs=1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=8), st.sampled_from([0.5, 0.9, 1.0])
)
def test_quantiles_are_those_of_a_queue_of_people(units: list[tuple[int, int]], share: float) -> None:
    metres, residents = (np.array(column, dtype=np.float64) for column in zip(*units, strict=True))
    queue = sorted(far for far, people in units for _ in range(people))
    assert quantile(metres, residents, share) == queue[math.ceil(share * len(queue) - 1e-9) - 1]


def test_nobody_says_nothing_and_no_road_is_an_answer() -> None:
    assert math.isnan(quantile(floats(5), floats(0), 0.5))
    assert math.isnan(quantile(floats(), floats(), 0.5))
    assert quantile(floats(100, math.inf), floats(1, 9), 0.9) == math.inf
    assert gini(floats(100, 100, math.inf), floats(1, 1, 9)) == 0
    assert math.isnan(gini(floats(math.inf), floats(3)))
    assert mean(floats(100, 300, math.inf, 5), floats(1, 3, 2, math.nan)) == 250
    assert math.isnan(mean(floats(math.inf), floats(1)))

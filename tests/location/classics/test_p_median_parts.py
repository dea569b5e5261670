from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from siting.location.classics.interchange import interchange
from siting.location.classics.lagrangean import FREE, OPEN, SHUT, Climb, Rows, State, ascend, narrowed, priced
from siting.location.classics.pairs import pairs_between, pairs_of
from siting.study import FloatArray


def rows_of(metres: FloatArray) -> Rows:
    pairs = pairs_of(metres)
    return Rows(pairs.start, pairs.site, pairs.metres)


def case(seed: int, units: int = 12, sites: int = 8) -> FloatArray:
    return np.random.default_rng(seed).integers(1, 30, (units, sites)).astype(float)


def best(metres: FloatArray, p: int) -> dict[tuple[int, ...], float]:
    return {c: float(metres[:, list(c)].min(axis=1).sum()) for c in combinations(range(metres.shape[1]), p)}


def free(metres: FloatArray) -> State:
    sites = metres.shape[1]
    return State(np.median(metres, axis=1), np.zeros(sites, np.int8), np.zeros(sites), np.zeros(sites, dtype=bool))


def test_prices_by_hand() -> None:
    """Units pay 5 and 4. Site 0 costs them 2 and 9: it earns 2 - 5 = -3. Site 1, 4 and 1: (4 - 5) + (1 - 4) = -4.
    One site open: 5 + 4 - 4 = 5, which is what site 1 costs."""
    gain = np.zeros(2)
    assert priced(rows_of(np.array([[2.0, 4.0], [9.0, 1.0]])), np.array([5.0, 4.0]), gain) == 9.0
    assert gain.tolist() == [-3.0, -4.0]


@pytest.mark.parametrize("p", [1, 3, 7])
def test_any_prices_give_a_bound(p: int) -> None:
    random = np.random.default_rng(p)
    for seed in range(30):
        metres, gain = case(seed), np.zeros(8)
        total = priced(rows_of(metres), random.random(12) * 40 - 5, gain)
        assert total + np.sort(gain)[:p].sum() <= min(best(metres, p).values()) + 1e-9


@pytest.mark.parametrize("p", [2, 4])
def test_an_ascent_bounds_and_settles_rightly(p: int) -> None:
    """What is settled below a cut just above the optimum agrees with every best choice."""
    settled = 0
    for seed in range(40):
        metres, state = case(seed), free(case(seed))
        values = best(metres, p)
        least = min(values.values())
        reached = ascend(rows_of(metres), np.ones(12), state, Climb(p, least + 0.5, np.inf, 200, 1.5))
        assert reached.bound <= least + 1e-9 <= reached.value + 2e-9
        assert reached.value == pytest.approx(float(metres[:, state.plan].min(axis=1).sum()))
        settled += int((state.standing != FREE).sum())
        for choice in (c for c, value in values.items() if value == least):
            is_open = np.isin(np.arange(8), choice)
            assert is_open[state.standing == OPEN].all() and not is_open[state.standing == SHUT].any()
    assert settled > 100


def test_an_ascent_says_where_one_answer_or_none_is_left() -> None:
    metres = case(0)
    state = free(metres)
    state.standing[:] = [1, 1, -1, -1, -1, -1, -1, -1]
    value = float(metres[:, :2].min(axis=1).sum())
    assert ascend(rows_of(metres), np.ones(12), state, Climb(2, np.inf, np.inf, 9, 1.0))[:2] == (value, value)
    assert ascend(rows_of(metres), np.ones(12), state, Climb(1, np.inf, np.inf, 9, 1.0)).bound == np.inf
    assert ascend(rows_of(metres), np.ones(12), state, Climb(3, np.inf, np.inf, 9, 1.0)).bound == np.inf


def test_narrowed_rows_end_at_an_open_site() -> None:
    rows = narrowed(rows_of(np.array([[1.0, 2.0, 3.0, 4.0]])), np.array([SHUT, FREE, OPEN, FREE], dtype=np.int8))
    assert rows.site.tolist() == [1, 2] and rows.cost.tolist() == [2.0, 3.0] and rows.start.tolist() == [0, 2]


def test_interchange_by_hand() -> None:
    """Three villages at 0, 4 and 5 km, all of them sites: with 4 and 5 open they walk 4 + 0 + 0 km; one swap leads to
    0 + 1 + 0 or 0 + 0 + 1, and no other gains."""
    at = np.array([0.0, 4.0, 5.0])
    is_open = np.array([False, True, True])
    assert interchange(rows_of(np.abs(at[:, None] - at)), 100.0, is_open, np.zeros(3, dtype=bool), 50) == 1
    assert is_open[0] and is_open.sum() == 2


@pytest.mark.parametrize("holes", [0.0, 0.4])
def test_interchange_ends_where_no_swap_gains(holes: float) -> None:
    for seed in range(60):
        metres, random = case(seed, 15, 9), np.random.default_rng(seed)
        metres[random.random((15, 9)) < holes] = np.inf
        is_open, must_stay = np.zeros(9, dtype=bool), np.zeros(9, dtype=bool)
        is_open[random.permutation(9)[:4]] = True
        must_stay[np.flatnonzero(is_open)[:1]] = True
        before = with_lacking(metres, is_open)
        interchange(rows_of(metres), 1000.0, is_open, must_stay, 1000)
        after = with_lacking(metres, is_open)
        assert after <= before and is_open.sum() == 4 and is_open[must_stay].all()
        for out in np.flatnonzero(is_open & ~must_stay):
            for new in np.flatnonzero(~is_open):
                swapped = is_open.copy()
                swapped[[out, new]] = False, True
                assert with_lacking(metres, swapped) >= after


def with_lacking(metres: FloatArray, is_open: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    return float(np.minimum(metres[:, is_open].min(axis=1), 1000.0).sum())


def test_pairs_come_in_rows_the_nearest_first() -> None:
    """Of equal metres the first site comes first, in whatever order the pairs are given."""
    for seed in range(40):
        random = np.random.default_rng(seed)
        units, sites = random.integers(1, 7, 2)
        cell = random.permutation(units * sites)[: random.integers(0, units * sites + 1)]
        metres = random.integers(0, 4, len(cell)).astype(float)
        table = np.full((units, sites), np.inf)
        table[cell // sites, cell % sites] = metres
        listed = [(i, table[i, j], j) for i in range(units) for j in range(sites) if table[i, j] < np.inf]
        for pairs in (pairs_of(table), pairs_between(cell // sites, cell % sites, metres, units, sites)):
            found = zip(pairs.unit.tolist(), pairs.metres.tolist(), pairs.site.tolist(), strict=True)
            assert list(found) == sorted(listed) and pairs.units == units and pairs.sites == sites

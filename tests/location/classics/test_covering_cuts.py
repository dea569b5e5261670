from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from siting.location.classics.cover_cross import Crossing, crossed
from siting.location.classics.cover_cuts import cuts_of, fewest_cut, most_cut
from siting.location.classics.cover_sets import Cover, cover_of
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray


def some_seconds() -> float:
    return 10.0


def cover(within: BoolArray, weight: FloatArray) -> Cover:
    units, sites = within.shape
    return cover_of(sparse.csr_array(within.astype(float)), np.arange(units), np.arange(sites), weight)


def ring(units: int) -> Cover:
    """Every site lies between two neighbours of a ring and covers both."""
    within = np.eye(units, dtype=bool)
    return cover(within | np.roll(within, 1, axis=1), np.ones(units))


def by_chance(seed: int) -> Cover:
    chance = np.random.default_rng(seed)
    units, sites = int(chance.integers(3, 14)), int(chance.integers(3, 9))
    within = chance.random((units, sites)) < chance.uniform(0.2, 0.6)
    within[np.arange(units), chance.integers(sites, size=units)] = True
    within = within[:, within.any(axis=0)]
    return cover(within, chance.integers(1, 6, units).astype(float))


def choices(case: Cover) -> list[tuple[int, ...]]:
    sites = range(len(case.site))
    return [chosen for p in range(len(sites) + 1) for chosen in combinations(sites, p)]


def is_covered(case: Cover, chosen: tuple[int, ...]) -> BoolArray:
    return np.asarray(case.table[:, list(chosen)].sum(axis=1) > 0)


@pytest.mark.parametrize("units", [3, 5, 7])
def test_an_odd_ring_needs_more_than_half_as_many_sites(units: int) -> None:
    """Every site half open covers all: units / 2. Of 3, 5 and 7 units two, three and four sites are needed."""
    said = fewest_cut(ring(units), 5, some_seconds)
    assert said.priced.bound == pytest.approx((units + 1) / 2)
    assert len(said.cuts) >= 1


def test_an_even_ring_needs_half_as_many() -> None:
    assert fewest_cut(ring(6), 5, some_seconds).priced.bound == pytest.approx(3.0)


@pytest.mark.parametrize("seed", range(40))
def test_whole_answers_keep_every_cut(seed: int) -> None:
    case, chance = by_chance(seed), np.random.default_rng(seed)
    odd = [chance.permutation(len(case.unit))[:size] for size in (3, 5, 7) if size <= len(case.unit)]
    members = np.zeros((len(odd), len(case.unit)))
    for row, units in zip(members, odd, strict=True):
        row[units] = 1.0
    cuts = cuts_of(case, sparse.csr_array(members))
    for chosen in choices(case):
        is_open = np.isin(case.site, chosen).astype(float)
        uncovered = (~is_covered(case, chosen)).astype(float)
        assert (cuts.sites @ is_open + cuts.units @ uncovered >= cuts.least).all()


def test_open_sites_count_towards_a_cut() -> None:
    """Of three sites that two of three units share, two must be open: once one is, one of the others."""
    cuts = cuts_of(ring(3), sparse.csr_array(np.ones((1, 3))))
    assert cuts.sites.toarray().tolist() == [[1, 1, 1]] and cuts.least.tolist() == [2]
    left = cuts.once_open(np.array([True, False, False]), np.array([1, 2]))
    assert left.sites.toarray().tolist() == [[1, 1]] and left.least.tolist() == [1]
    assert len(cuts.once_open(np.array([True, True, False]), np.array([2]))) == 0


@pytest.mark.parametrize("seed", range(40))
def test_bounds_by_cuts_against_trying_everything(seed: int) -> None:
    case = by_chance(seed)
    few = fewest_cut(case, 5, some_seconds).priced
    covers = [chosen for chosen in choices(case) if is_covered(case, chosen).all()]
    assert few.bound <= min(len(chosen) for chosen in covers) + 1e-9
    for j in range(len(case.site)):
        assert few.bound + few.if_opened[j] <= min(len(c) for c in covers if j in c) + 1e-9
        assert few.bound + few.if_closed[j] <= min((len(c) for c in covers if j not in c), default=np.inf) + 1e-9
    for p in range(1, len(case.site)):
        much = most_cut(case, p, 5, some_seconds).priced
        values = {c: float(case.weight[is_covered(case, c)].sum()) for c in choices(case) if len(c) == p}
        for j in range(len(case.site)):
            assert much.bound - much.if_opened[j] >= max(values[c] for c in values if j in c) - 1e-6
            assert much.bound - much.if_closed[j] >= max(values[c] for c in values if j not in c) - 1e-6


def test_crossed_answers_have_as_many_sites_and_get_better() -> None:
    chance = np.random.default_rng(1)
    home, place = chance.uniform(0, 10_000, (300, 2)), chance.uniform(0, 10_000, (60, 2))
    within = np.hypot(*(home[:, None] - place[None]).T).T <= 1_500
    case = cover(within[:, within.any(axis=0)], np.ones(300))
    told = list[IntArray]()
    crossed(case, np.arange(8), np.arange(len(case.site)), Crossing(8, 150, 20_000, 1), told.append, lambda: True)
    values = [float(is_covered(case, tuple(sites)).sum()) for sites in told]
    assert all(len(np.unique(sites)) == 8 for sites in told)
    assert max(values) > is_covered(case, tuple(range(8))).sum()

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from location.classics.load_cases import case

from siting.location.classics.catchments import catchments, partition_of, without_cuts
from siting.location.classics.knapsack_prices import priced
from siting.location.classics.market import market_of, offer_of


@pytest.mark.parametrize("seed", range(12))
def test_every_catchment_within_the_gap_is_listed_once(seed: int) -> None:
    # Two in three have lower loads. Every set of units is weighed against the bound with its site open.
    loads = replace(case(seed, 7, 3), lower=np.full(3, seed % 3 * 3.0), fixed=()).loads(2)
    market, pays = market_of(loads), np.full(7, 20.0)
    offer = offer_of(market)
    upper = priced(market, pays, 1000, offer) + 25.0
    found = catchments(market, without_cuts(pays), upper, 10_000, offer)
    assert found is not None
    listed = [_name(loads.pairs.unit, found, c) for c in range(len(found.site))]
    assert len(set(listed)) == len(listed)
    worth = np.sort(offer.worth)
    for j, size in itertools.product(range(3), range(8)):
        mine = np.flatnonzero(loads.pairs.site == j)
        for some in itertools.combinations(mine.tolist(), size):
            unit = loads.pairs.unit[list(some)]
            cost = loads.cost[list(some)].sum() + loads.fixed_cost[j] - pays[unit].sum()
            others = worth[:1].sum() if offer.worth[j] != worth[0] else worth[1:2].sum()
            held = loads.lower[j] <= loads.demand[unit].sum() <= loads.capacity[j]
            if held and pays.sum() + cost + others <= upper - 1e-6:
                assert (j, tuple(sorted(unit.tolist()))) in listed


def test_too_many_catchments_are_none() -> None:
    loads = replace(case(1, 7, 3), capacity=np.full(3, np.inf)).loads(2)
    market = market_of(loads)
    offer = offer_of(market)
    priced(market, np.full(7, 20.0), 1000, offer)
    assert catchments(market, without_cuts(np.full(7, 20.0)), 1e6, 10, offer) is None


def test_everybody_otherwise_leaves_everybody_out() -> None:
    loads = replace(case(1, 7, 3), capacity=np.full(3, np.inf)).loads(2)
    market = market_of(loads)
    offer = offer_of(market)
    upper = priced(market, np.full(7, 20.0), 1000, offer) + 1.0
    found = catchments(market, without_cuts(np.full(7, 20.0)), upper, 10_000, offer)
    assert found is not None
    open_sites, assigned = partition_of(loads, found, np.append(np.zeros(len(found.site)), 1.0))
    assert open_sites.tolist() == [] and set(assigned.tolist()) == {-1}


def _name(unit: np.ndarray, found: object, c: int) -> tuple[int, tuple[int, ...]]:
    pairs = found.pair[found.begin[c] : found.begin[c + 1]]  # type: ignore[attr-defined]
    return int(found.site[c]), tuple(sorted(unit[pairs].tolist()))  # type: ignore[attr-defined]

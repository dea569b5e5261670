from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from location.classics.load_cases import case, least

from siting.location import highs
from siting.location.classics.catchment_cuts import bounds_of, cost_of, cut_more, tightened
from siting.location.classics.catchments import (
    Catchments,
    Charges,
    catchments,
    partition_of,
    partition_program,
    without_cuts,
)
from siting.location.classics.knapsack_prices import priced
from siting.location.classics.load_columns import cut_prices
from siting.location.classics.load_search import LoadSearch, Prices, first_prices, priced_root
from siting.location.classics.loads import Loads
from siting.location.classics.market import market_of, offer_of
from siting.location.classics.solution import Search

CUTS = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 6]])


def median(seed: int) -> Loads:
    return replace(case(seed, 7, 4), fixed=(), lower=np.full(4, seed % 3 * 3.0)).loads(2)


def everything(loads: Loads) -> Catchments:
    """Every set of units at every site that holds it."""
    site, begin, pair = [], [0], list[int]()
    for j in range(loads.pairs.sites):
        mine = np.flatnonzero(loads.pairs.site == j).tolist()
        for some in itertools.chain.from_iterable(itertools.combinations(mine, k) for k in range(len(mine) + 1)):
            load = loads.demand[loads.pairs.unit[list(some)]].sum() if some else 0.0
            if loads.lower[j] <= load <= loads.capacity[j]:
                site.append(j)
                pair += some
                begin.append(len(pair))
    return Catchments(np.array(site), np.array(begin), np.array(pair, dtype=np.int64))


def asked(loads: Loads, found: Catchments, charges: Charges) -> np.ndarray:
    """What catchments cost at the charges, added up unit by unit and cut by cut."""
    cost = cost_of(loads, found)
    for c in range(len(cost)):
        units = set(loads.pairs.unit[found.pair[found.begin[c] : found.begin[c + 1]]].tolist())
        cost[c] -= sum(charges.pays[i] for i in units)
        cost[c] -= sum(fee for cut, fee in zip(charges.cuts, charges.fees, strict=True) if len(units & set(cut)) >= 2)
    return cost


@pytest.mark.parametrize("seed", range(20))
def test_charges_with_cuts_bound_what_trying_everything_finds(seed: int) -> None:
    loads = median(seed)
    chance = np.random.default_rng(seed)
    charges = Charges(chance.uniform(5, 40, 7), CUTS, -chance.uniform(0, 10, 3))
    prices = Prices(market_of(loads), charges.pays, offer_of(market_of(loads)))
    priced(prices.market, charges.pays, 1000, prices.offer)
    without = prices.bound
    prices.charge(charges)
    rest = everything(loads)
    of_sites = [np.min(asked(loads, rest, charges)[rest.site == j], initial=np.inf) for j in range(4)]
    exact = charges.pays.sum() + charges.fees.sum() + np.sort(of_sites)[:2].sum()
    assert prices.bound == pytest.approx(max(without, exact), abs=1e-6)
    assert prices.bound <= least(loads) + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_catchments_are_listed_by_what_they_cost_with_cuts(seed: int) -> None:
    loads = median(seed)
    charges = Charges(np.full(7, 20.0), CUTS, np.array([-1.0, -4.0, -9.0]))
    prices = Prices(market_of(loads), charges.pays, offer_of(market_of(loads)))
    priced(prices.market, charges.pays, 1000, prices.offer)
    prices.offer.bound[0] = -np.inf
    prices.charge(charges)
    upper = prices.bound + 15.0
    found = catchments(prices.market, charges, upper, 10_000, prices.tight)
    assert found is not None
    rest = everything(loads)
    when_used = bounds_of(loads, rest.site, asked(loads, rest, charges))[1]
    wanted = when_used + charges.pays.sum() + charges.fees.sum() <= upper - 1e-6
    assert {name(found, c) for c in range(len(found.site))} >= {name(rest, c) for c in np.flatnonzero(wanted)}


@pytest.mark.parametrize("seed", range(30))
def test_what_cuts_leave_holds_the_best_answer(seed: int) -> None:
    loads = median(seed)
    best, rest = least(loads), everything(loads)
    if best == np.inf:
        return
    tight = tightened(loads, rest, without_cuts(first_prices(loads)), best, 0, 60.0)
    assert tight.bound <= best + 1e-6
    outcome = highs.solve(partition_program(loads, tight.found, 10 * best + 10, tight.charges.cuts))
    assert outcome.x is not None
    assert loads.value(*partition_of(loads, tight.found, outcome.x)) == pytest.approx(best)


def test_two_of_three_units_are_together_in_one_catchment_only() -> None:
    # Half of each pair of three units adds up to one and a half catchments with two of them.
    loads = replace(case(1, 3, 3), metres=np.ones((3, 3)), capacity=np.full(3, np.inf), lower=np.zeros(3)).loads(3)
    pairs = np.array([[loads.pairs.start[i] + j for i in two] for j, two in enumerate(((0, 1), (0, 2), (1, 2)))])
    found = Catchments(np.arange(3), np.arange(0, 7, 2), pairs.ravel())
    more = cut_more(loads, found, np.full(3, 0.5), without_cuts(np.zeros(3)))
    assert more is not None and more.cuts.tolist() == [[0, 1, 2]]
    assert cut_more(loads, found, np.full(3, 1 / 3), without_cuts(np.zeros(3))) is None


@pytest.mark.parametrize("seed", range(30))
def test_cut_prices_stay_below_the_best_answer(seed: int) -> None:
    loads = replace(case(seed, 8, 4), fixed=()).loads(None if seed % 2 else 2)
    one = LoadSearch(loads, Search(8, 60.0))
    prices = priced_root(one)
    before = prices.bound
    if not np.isfinite(before):
        return
    cut_prices(one, prices, 20.0)
    assert before <= prices.bound <= least(loads) + 1e-6 * max(1.0, abs(before))


def name(found: Catchments, c: int) -> tuple[int, tuple[int, ...]]:
    return int(found.site[c]), tuple(sorted(found.pair[found.begin[c] : found.begin[c + 1]].tolist()))

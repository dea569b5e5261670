from __future__ import annotations

import itertools

import numpy as np
import pytest
from location.classics.load_cases import case, least

from siting.location.classics import site_tree
from siting.location.classics.knapsack_prices import priced
from siting.location.classics.load_search import LoadSearch, Prices, first_prices
from siting.location.classics.loads import Loads, loads_of
from siting.location.classics.market import Market, Offer, market_of, offer_of
from siting.location.classics.site_choice import decided
from siting.location.classics.site_groups import grouped, numbers
from siting.location.classics.site_tree import search_tree
from siting.location.classics.solution import Search
from siting.study import IntArray

SITES = 7
NEIGHBOURS = np.array([0.0, 1.0, 10.0, 11.0])


def limited(seed: int) -> tuple[Loads, Market, Offer]:
    """A case some of whose sites stand as in some choice of sites, and whose groups have about as many open."""
    chance = np.random.default_rng(seed)
    metres = chance.random((12, SITES)) * 50
    loads = loads_of(metres, (np.ones(12), np.ones(12)), (0.0, 6.0), chance.random(SITES) * 60, p=2 + seed % 4)
    market = grouped(market_of(loads), loads)
    some = set(chance.choice(SITES, market.p, replace=False).tolist())
    counts = np.array([len(group & some) for group in members(market)])
    fewest = counts[SITES:] - chance.integers(0, 2, SITES - 1)
    most = counts[SITES:] + chance.integers(0, 2, SITES - 1)
    stand = np.where(chance.random(SITES) < 0.2, 2 * counts[:SITES] - 1, 0).astype(np.int8)
    return loads, market._replace(least=fewest, most=most, stand=stand), offer_of(market)


def members(market: Market) -> list[set[int]]:
    """The sites of every site and group."""
    found = [{j} for j in range(len(market.stand))]
    for one, two in market.halves:
        found.append(found[one] | found[two])
    return found


def allowed(market: Market) -> list[IntArray]:
    """Every set of p sites that stands as asked, with as many of each group as asked."""
    sets = [np.array(some) for some in itertools.combinations(range(SITES), market.p)]
    must, never = np.flatnonzero(market.stand > 0), np.flatnonzero(market.stand < 0)
    sets = [some for some in sets if np.isin(must, some).all() and not np.isin(never, some).any()]
    groups = members(market)[SITES:]
    limits = list(zip(groups, market.least, market.most, strict=True))
    return [some for some in sets if all(low <= len(group & set(some)) <= high for group, low, high in limits)]


@pytest.mark.parametrize("seed", range(60))
def test_sites_of_groups_are_the_cheapest_that_are_allowed(seed: int) -> None:
    loads, market, offer = limited(seed)
    pays = first_prices(loads)
    bound = priced(market, pays, 0, offer)
    worth = {tuple(some): pays.sum() + offer.worth[some].sum() for some in allowed(market)}
    assert bound == pytest.approx(min(worth.values()))
    assert worth[tuple(np.flatnonzero(offer.is_open))] == pytest.approx(bound)
    for upper in (bound + 5.0, bound + 20.0):
        ways = np.array([np.isin(np.arange(SITES), some) for some, value in worth.items() if value <= upper])
        expected = np.where(ways.all(axis=0), 1, np.where(ways.any(axis=0), 0, -1))
        np.testing.assert_array_equal(decided(market, upper, offer), np.where(market.stand, market.stand, expected))


def test_a_number_is_in_doubt_only_where_there_is_a_choice() -> None:
    loads = loads_of(np.abs(np.arange(12.0)[:, None] - NEIGHBOURS), (np.ones(12), np.ones(12)), (0.0, 6.0), p=2)
    market = grouped(market_of(loads), loads)
    assert {frozenset(group) for group in members(market)[4:]} == {frozenset(s) for s in ({0, 1}, {2, 3}, {0, 1, 2, 3})}
    offer = offer_of(market)
    offer.often[:] = 0.9, 0.5, 0.3, 0.3
    number, off = numbers(market, offer)
    pair, other = (4 + k for k in ((0, 1) if market.halves[0].max() < 2 else (1, 0)))
    np.testing.assert_allclose(number[[0, 1, 2, 3, pair, other, 6]], [0.9, 0.5, 0.3, 0.3, 1.4, 0.6, 2.0])
    np.testing.assert_allclose(off[[0, 1, 2, 3, pair, other, 6]], [0.1, 0.5, 0.3, 0.3, 0.4, 0.4, 0.0])
    settled = market._replace(most=np.where(np.arange(3) == pair - 4, 1, market.most), stand=np.int8([1, 0, 0, -1]))
    number, off = numbers(settled, offer)
    assert (number[pair], off[pair], number[3], off[0]) == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("seed", range(40))
def test_a_tree_over_groups_finds_what_trying_everything_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_tree, "FEW_PAIRS", 0)
    monkeypatch.setattr(site_tree, "FEW_CATCHMENTS", 0)
    one = case(seed, 6, 5)
    loads = one.loads(one.p)
    if (np.diff(loads.pairs.start) == 0).any():
        return
    search = LoadSearch(loads, Search(loads.pairs.units, 600.0, False))
    market = market_of(loads)
    prices = Prices(market, first_prices(loads), offer_of(market))
    search.search.prove(priced(market, prices.pays, 0, prices.offer))
    search_tree(search, prices, 0.0)
    assert search.search.value == pytest.approx(least(loads))
    assert search.search.bound == pytest.approx(least(loads))

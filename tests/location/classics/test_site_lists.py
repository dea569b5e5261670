from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from location.classics.load_cases import Case, case, least

from siting.location.classics import capacitated
from siting.location.classics.load_search import Prices
from siting.location.classics.loads import Loads
from siting.location.classics.site_lists import Sites, can_list, listed_sites
from siting.location.program import Effort
from siting.study import FloatArray

SITES = 5


def at(one: Case, opened: tuple[bool, ...]) -> Loads:
    """The instance with exactly these sites."""
    loads = one.loads(None)
    is_open = np.array(opened)
    kept = loads.pairs.take(is_open[loads.pairs.site])
    cost = np.where(is_open, loads.fixed_cost, 0.0)
    return replace(loads, pairs=kept, is_fixed=is_open, fixed_cost=cost)


def by_set(one: Case) -> dict[tuple[bool, ...], float]:
    """What the best answer is worth at every set of sites that may be open."""
    found = {}
    for opened in itertools.product((False, True), repeat=SITES):
        if all(opened[j] for j in one.fixed) and any(opened):
            loads = at(one, opened)
            closed = ~loads.is_fixed
            found[opened] = least(replace(loads, fixed_cost=np.where(closed, 1e6, loads.fixed_cost)))
    return found


def places(stand: FloatArray, opened: tuple[bool, ...]) -> bool:
    """Whether a set of sites is among those that stand so."""
    is_open = np.array(opened)
    return bool((is_open | (stand < 1)).all() and (~is_open | (stand > -1)).all())


def listed(one: Case, upper: float, nodes: int) -> list[Sites]:
    return listed_sites(one.loads(None), lambda: upper, Effort(nodes=nodes))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("nodes", [1, 2, 5, 1000])
def test_every_set_of_sites_that_is_cheap_enough_is_in_the_list(seed: int, nodes: int) -> None:
    one = case(seed, 5, SITES)
    worth = by_set(one)
    upper = 1.2 * min(worth.values()) if np.isfinite(min(worth.values())) else np.inf
    left = listed(one, upper, nodes)
    for opened, value in worth.items():
        homes = [sites for sites in left if places(sites.stand.astype(float), opened)]
        if value < upper:
            assert min(sites.bound for sites in homes) <= value * (1 + 1e-7) + 1e-6
        assert len(homes) <= 1 or nodes < 1000


@pytest.mark.parametrize("seed", range(12))
def test_a_whole_list_holds_sets_each_by_itself(seed: int) -> None:
    left = listed(case(seed, 5, SITES), 1e4, 10_000)
    assert all((sites.stand != 0).all() for sites in left)


def test_a_limit_that_falls_leaves_less() -> None:
    one = case(3, 5, SITES)
    best = min(by_set(one).values())
    limits = itertools.chain([10 * best] * 3, itertools.repeat(1.01 * best))
    falling = listed_sites(one.loads(None), lambda: next(limits), Effort())
    assert len(falling) < len(listed(one, 10 * best, 10_000))
    assert min(sites.bound for sites in falling) <= best


def test_what_nobody_can_hold_leaves_nothing() -> None:
    one = case(1, 5, SITES)
    assert listed(replace(one, capacity=np.full(SITES, one.demand.sum() / SITES - 1.0)), np.inf, 1000) == []


def test_sites_are_listed_where_some_are_in_doubt_and_cost() -> None:
    one = case(3, 5, SITES)
    assert can_list(one.loads(None)) and not can_list(one.loads(3))
    assert not can_list(replace(one, fixed=tuple(range(SITES))).loads(None))


@pytest.mark.parametrize("seed", range(40))
def test_sets_that_are_listed_are_decided_as_by_trying_everything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_at_all(one: object, prices: Prices, *rest: object) -> float:
        return prices.bound

    for other in ("cut_prices", "finished", "improve_parts"):
        monkeypatch.setattr(capacitated, other, none_at_all)
    monkeypatch.setattr(capacitated, "SMALL", 0)
    one = case(seed)
    found, best = capacitated.solve_loads(one.loads(None), 60.0), least(one.loads(None))
    assert found.value == pytest.approx(best) if np.isfinite(best) else found.status == "infeasible"
    assert found.status in ("optimal", "infeasible")

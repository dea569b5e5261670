from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from siting.errors import InputError
from siting.location.classics.adjacency import Adjacency, broken
from siting.location.classics.contiguous_ground import Cooling, annealed, grown
from siting.location.classics.contiguous_parts import redrawn
from siting.location.classics.contiguous_prices import Fenced, charged, cut_off, fences_of
from siting.location.classics.contiguous_search import ground_of
from siting.location.classics.contiguous_seed import drawn_near, near_sets, without_contiguity
from siting.location.classics.contiguous_whole import whole_program
from siting.location.classics.load_search import first_prices
from siting.location.classics.loads import Loads, loads_of
from siting.location.classics.market import market_of, offer_of
from siting.location.program import Effort
from siting.study import IntArray

SQUARE = np.array([[0, 1], [1, 2], [3, 4], [4, 5], [6, 7], [7, 8], [0, 3], [3, 6], [1, 4], [4, 7], [2, 5], [5, 8]])
"""Nine villages in a square; sites in two corners."""

CORNERS = Adjacency(SQUARE, np.array([0, 8]))

HALVES = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])


def square(seed: int, capacity: float = np.inf) -> Loads:
    rng = np.random.default_rng(seed)
    metres = rng.integers(0, 9, (9, 2)).astype(float)
    return loads_of(metres, (np.ones(9), rng.integers(1, 4, 9).astype(float)), (0.0, capacity), fixed=range(2))


def is_in_one_piece(assigned: IntArray) -> bool:
    graph = nx.Graph(SQUARE.tolist())
    parts = [np.flatnonzero(assigned == j).tolist() for j in (0, 1)]
    return assigned[0] == 0 and assigned[8] == 1 and all(nx.is_connected(graph.subgraph(part)) for part in parts)


def test_a_whole_plan_has_nothing_broken() -> None:
    assert broken(CORNERS, HALVES).tolist() == []


def test_an_enclave_is_broken() -> None:
    spoiled = HALVES.copy()
    spoiled[7], spoiled[4] = 0, 1  # village 7 lies between 4, 6 and 8, all at the other site; 6 is alone now
    assert broken(CORNERS, spoiled).tolist() == [6, 7]


def test_a_catchment_without_its_home_is_broken_throughout() -> None:
    spoiled = HALVES.copy()
    spoiled[8] = 0
    assert broken(CORNERS, spoiled).tolist() == [5, 6, 7, 8]


def test_who_goes_nowhere_is_not_broken_but_breaks() -> None:
    spoiled = np.array([0, -1, 0, -1, 0, 1, 1, 1, 1])
    assert broken(CORNERS, spoiled).tolist() == [2, 4]


@pytest.mark.parametrize("neighbours", [np.array([0, 1]), np.array([[0, -1]]), np.array([[0.5, 1]])])
def test_an_adjacency_of_no_pairs_of_positions_is_refused(neighbours: IntArray) -> None:
    with pytest.raises(InputError, match="neighbours"):
        Adjacency(neighbours, np.array([0]))


def test_neighbours_are_listed_once_in_both_directions() -> None:
    start, near = Adjacency(np.array([[1, 0], [0, 1], [1, 2], [2, 2]]), np.array([0])).beside(4)
    assert start.tolist() == [0, 1, 3, 4, 4] and near.tolist() == [1, 0, 2, 1]


def test_pieces_come_with_what_lies_around_them() -> None:
    beside = [part.tolist() for part in np.split(CORNERS.beside(9)[1], CORNERS.beside(9)[0][1:-1])]
    assert list(cut_off(beside, 0, {0, 1, 5, 6})) == [({5}, {2, 4, 8}), ({6}, {3, 7})]


@pytest.mark.parametrize("seed", range(8))
def test_walks_and_programs_keep_catchments_in_one_piece(seed: int) -> None:
    loads = square(seed, 12.0)
    start, near = CORNERS.beside(9)
    ground = ground_of(loads, start, near, CORNERS.home)
    is_open = np.ones(2, dtype=bool)
    first = grown(ground, is_open)
    walked = annealed(ground, first, is_open, Cooling(20_000, 4.0, 0.1, 3.0, seed))
    beside = [part.tolist() for part in np.split(near, start[1:-1])]
    drawn = redrawn(ground, beside, walked, np.arange(2), 3.0)

    def worth(assigned: IntArray) -> float:
        over = np.maximum(0.0, loads.carried(assigned) - 12.0).sum()
        return float(ground.cost[np.arange(9), assigned].sum() + 3.0 * over)

    assert is_in_one_piece(first) and is_in_one_piece(walked) and is_in_one_piece(drawn)
    assert worth(drawn) <= worth(walked) <= worth(first)


def priced_square(loads: Loads) -> Fenced:
    """The square with room for prices, and no separators yet."""
    market = market_of(loads)
    return Fenced(
        market._replace(cost=market.cost.copy()), market.cost, offer_of(market), fences_of(CORNERS, market, 9)
    )


@pytest.mark.parametrize("seed", range(8))
def test_bounds_with_separators_stay_below_the_optimum(seed: int) -> None:
    loads = square(seed, 12.0)
    fenced = priced_square(loads)
    least, _ = whole_program(loads, CORNERS, Effort(seconds=10.0))
    bound = fenced.climb(first_prices(loads), np.zeros(0), least + 1.0, (10, 100, 100, 0.5))
    assert bound <= least + 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_a_program_with_separators_knows_what_answers_may_be_worth(seed: int) -> None:
    loads = square(seed, 12.0)
    fenced = priced_square(loads)
    bound, answer = whole_program(loads, CORNERS, Effort(seconds=10.0))
    fenced.climb(first_prices(loads), np.zeros(0), min(bound, 1e3) + 1.0, (10, 100, 100, 0.5))
    known = fenced.fences.by_units(fenced.market)
    assert (answer is None) == (bound == np.inf)
    if answer is not None:
        assert loads.value(*answer) == pytest.approx(bound)
        assert is_in_one_piece(answer[1])
        assert whole_program(loads, CORNERS, Effort(seconds=10.0), bound + 1.0, known)[0] == pytest.approx(bound)
    assert whole_program(loads, CORNERS, Effort(seconds=10.0), min(bound, 1e3) - 0.5, known) == (np.inf, None)


def test_a_separator_moves_costs_between_pairs_and_adds_none() -> None:
    loads = square(0)
    market = market_of(loads)
    fences = fences_of(CORNERS, market, 9)
    fences.add(0, {0, 5}, loads.demand)
    cost = market.cost.copy()
    charged(market.cost, fences.rows(), np.array([2.0]), cost)
    # Village 5 pays 2 to go to site 0; its neighbours 2, 4 and 8 are paid 2.
    assert (cost - market.cost).tolist() == [0, 0, -2, 0, -2, 2, 0, 0, -2] + [0] * 9


def test_near_sets_differ_by_one_site_and_keep_those_open_anyway() -> None:
    # Sites 0 and 1 are open, 0 anyway: 1 may go, or make room for 2 or 3; or one of these comes as well.
    near = near_sets(loads_of(np.ones((4, 4)), (np.ones(4), np.ones(4)), (0.0, 9.0), fixed=[0]), np.array([0, 1]))
    assert sorted(sites.tolist() for sites in near) == [[0], [0, 1, 2], [0, 1, 3], [0, 2], [0, 3]]
    of_two = loads_of(np.ones((4, 4)), (np.ones(4), np.ones(4)), (0.0, 9.0), p=2, fixed=[0])
    assert sorted(sites.tolist() for sites in near_sets(of_two, np.array([0, 1]))) == [[0, 2], [0, 3]]


def test_answers_near_the_best_hold_and_come_the_cheapest_first() -> None:
    rng = np.random.default_rng(4)
    loads = loads_of(rng.integers(1, 30, (12, 5)), (np.ones(12), np.ones(12)), (0.0, 5.0), 8.0)
    first = without_contiguity(loads, 5.0)
    found = drawn_near(loads, first, 5.0)
    assert found[0].value == first.value and len(found) > 1
    assert all(answer.value == loads.value(answer.open, answer.assigned) for answer in found)
    assert [answer.value for answer in found] == sorted(answer.value for answer in found)


def test_without_time_catchments_stay_as_they_are() -> None:
    start, near = CORNERS.beside(9)
    beside = [part.tolist() for part in np.split(near, start[1:-1])]
    ground = ground_of(square(0), start, near, CORNERS.home)
    assert redrawn(ground, beside, HALVES, np.arange(2), 3.0, Effort(seconds=0.0)) is HALVES

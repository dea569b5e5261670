from __future__ import annotations

import csv
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from siting.errors import InputError
from siting.location.classics.adjacency import Adjacency, broken
from siting.location.classics.capacitated import assignment, capacitated_location, capacitated_p_median
from siting.location.classics.p_median import p_median
from siting.location.classics.solution import Solution
from siting.study import FloatArray, IntArray

DATA = Path(os.environ.get("SITING_REFERENCE_DATA", ""))

ROW = np.array([[0, 1], [1, 2], [2, 3]])
"""Four villages in a row."""


@dataclass(frozen=True, slots=True)
class Town:
    """A small grid with sites at some units: metres (I, J), amounts (I,), limits and costs (J,)."""

    touching: IntArray
    home: IntArray
    metres: FloatArray
    weight: FloatArray
    demand: FloatArray
    capacity: FloatArray
    fixed_cost: FloatArray
    p: int

    @property
    def adjacency(self) -> Adjacency:
        return Adjacency(self.touching, self.home)


def town(seed: int) -> Town:
    """2 x 4 units, some borders closed but never all, and metres that are no distances, so that enclaves pay."""
    rng = np.random.default_rng(seed)
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(2, 4))
    keep = nx.Graph(nx.random_spanning_tree(grid, seed=seed).edges)
    keep.add_edges_from([edge for edge in grid.edges if rng.random() < 0.5])
    home = np.sort(rng.choice(8, 3, replace=False))
    return Town(
        np.array(keep.edges),
        home,
        rng.integers(0, 20, (8, 3)).astype(float),
        rng.integers(1, 5, 8).astype(float),
        rng.integers(1, 6, 8).astype(float),
        rng.integers(8, 18, 3).astype(float),
        rng.integers(0, 60, 3).astype(float),
        int(rng.integers(1, 4)),
    )


def is_in_one_piece(one: Town, assigned: IntArray) -> bool:
    graph = nx.Graph(one.touching.tolist())
    parts = {int(j): np.flatnonzero(assigned == j).tolist() for j in assigned}
    return all(one.home[j] in part and nx.is_connected(graph.subgraph(part)) for j, part in parts.items())


def least(one: Town, p: int | None, capacity: FloatArray, fixed_cost: FloatArray, lower: float = 0.0) -> float:
    """The least cost over every way to send 8 units to 3 sites; an open site holds its home at least."""
    best = np.inf
    for way in itertools.product(range(3), repeat=8):
        assigned = np.array(way)
        used = np.unique(assigned)
        load = np.bincount(assigned, weights=one.demand, minlength=3)
        if (p is not None and len(used) != p) or (load > capacity).any() or (load[used] < lower).any():
            continue
        cost = float((one.weight * one.metres[np.arange(8), assigned]).sum() + fixed_cost[used].sum())
        if cost < best and is_in_one_piece(one, assigned):
            best = cost
    return best


def agrees(one: Town, found: Solution, best: float) -> bool:
    if best == np.inf:
        return found.status == "infeasible" and found.value == found.bound == np.inf
    right = abs(found.value - best) <= 1e-6 * max(1.0, best) and found.bound <= best * (1 + 1e-9)
    return right and is_in_one_piece(one, found.assigned) and not len(broken(one.adjacency, found.assigned))


def test_a_village_beyond_another_catchment_goes_with_it() -> None:
    # Sites in the villages at both ends. The third prefers the first site, but the second village does not:
    # 0 + 1 + 9 + 0 with both at the last site; 0 + 5 + 2 + 0 = 7 with both at the first. An enclave would cost 3.
    metres = np.array([[0.0, 9.0], [5.0, 1.0], [2.0, 9.0], [9.0, 0.0]])
    found = p_median(metres, np.ones(4), 2, contiguous=Adjacency(ROW, np.array([0, 3])))
    assert (found.value, found.bound, found.status) == (7.0, 7.0, "optimal")
    assert found.assigned.tolist() == [0, 0, 0, 1]
    assert p_median(metres, np.ones(4), 2).value == 3.0


def test_an_open_site_holds_its_own_village() -> None:
    # The second site is next to its village but dearer there: free it would go to the first site for 0.
    metres = np.array([[0.0, 9.0], [0.0, 9.0], [0.0, 4.0], [0.0, 1.0]])
    found = assignment(metres, np.ones(4), np.ones(4), np.inf, contiguous=Adjacency(ROW, np.array([0, 3])))
    assert found.value == 1.0 and found.assigned.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_p_median_against_every_way(seed: int) -> None:
    one = town(seed)
    found = p_median(one.metres, one.weight, one.p, contiguous=one.adjacency)
    assert agrees(one, found, least(one, one.p, np.full(3, np.inf), np.zeros(3)))


@pytest.mark.parametrize("seed", range(5, 10))
def test_capacitated_p_median_against_every_way(seed: int) -> None:
    one = town(seed)
    found = capacitated_p_median(one.metres, one.weight, one.demand, one.capacity, one.p, contiguous=one.adjacency)
    assert agrees(one, found, least(one, one.p, one.capacity, np.zeros(3)))


@pytest.mark.parametrize("seed", range(10, 15))
def test_capacitated_location_against_every_way(seed: int) -> None:
    one = town(seed)
    found = capacitated_location(
        one.metres, one.weight, one.demand, one.capacity, one.fixed_cost, lower=6.0, contiguous=one.adjacency
    )
    assert agrees(one, found, least(one, None, one.capacity, one.fixed_cost, 6.0))


@pytest.mark.parametrize("seed", range(15, 20))
def test_assignment_against_every_way(seed: int) -> None:
    one = town(seed)
    room = one.capacity + 6
    found = assignment(one.metres, one.weight, one.demand, room, contiguous=one.adjacency)
    assert agrees(one, found, least(one, 3, room, np.zeros(3)))


def test_the_same_town_renumbered_is_worth_the_same() -> None:
    one, order = town(3), np.random.default_rng(0).permutation(8)
    place = np.argsort(order)
    there = Adjacency(place[one.touching], place[one.home])
    here = p_median(one.metres, one.weight, 2, contiguous=one.adjacency)
    found = p_median(one.metres[order], one.weight[order], 2, contiguous=there)
    assert here.value == found.value and here.status == found.status


def test_contiguity_never_makes_a_plan_cheaper() -> None:
    for seed in range(5):
        one = town(seed)
        free = p_median(one.metres, one.weight, one.p)
        assert p_median(one.metres, one.weight, one.p, contiguous=one.adjacency).value >= free.value


def county(seed: int, side: int, sites: int) -> Town:
    """A grid of side x side villages; sites at some, with room for a little more than all."""
    rng = np.random.default_rng(seed)
    grid = nx.grid_2d_graph(side, side)
    at = np.array(grid.nodes, dtype=float)
    touching = np.array(nx.convert_node_labels_to_integers(grid).edges)
    home = np.sort(rng.choice(side * side, sites, replace=False))
    demand = rng.integers(3, 12, side * side).astype(float)
    metres = np.hypot(*(at[:, None] - at[home][None]).transpose(2, 0, 1))
    room = np.full(sites, np.ceil(1.6 * demand.sum() / sites))
    return Town(touching, home, metres, demand, demand, room, rng.integers(20, 60, sites).astype(float), 0)


def test_a_county_is_drawn_in_one_piece_and_near_its_bound() -> None:
    one = county(1, 8, 9)
    found = capacitated_location(
        one.metres, one.weight, one.demand, one.capacity, one.fixed_cost, contiguous=one.adjacency, seconds=4.0
    )
    load = np.bincount(found.assigned, weights=one.demand, minlength=9)
    free = capacitated_location(one.metres, one.weight, one.demand, one.capacity, one.fixed_cost, seconds=3.0)
    assert is_in_one_piece(one, found.assigned) and (load <= one.capacity).all()
    assert found.bound <= found.value and found.value >= free.bound - 1e-6 and found.gap < 0.05


def test_what_does_not_fit_together_is_refused_by_name() -> None:
    metres = np.zeros((4, 1))
    with pytest.raises(InputError, match="2 units reach no site: 2, 3"):
        p_median(metres, np.ones(4), 1, contiguous=Adjacency(np.array([[0, 1], [2, 3]]), np.array([0])))
    with pytest.raises(InputError, match="home: has 2 sites"):
        p_median(metres, np.ones(4), 1, contiguous=Adjacency(ROW, np.array([0, 1])))
    with pytest.raises(InputError, match="neighbours: holds 3"):
        p_median(metres[:3], np.ones(3), 1, contiguous=Adjacency(ROW, np.array([0])))


def test_two_schools_in_one_village_cannot_both_be_open() -> None:
    # Both would have to serve the village they lie in.
    found = p_median(np.ones((4, 2)), np.ones(4), 2, contiguous=Adjacency(ROW, np.array([1, 1])))
    assert found.status == "infeasible" and found.assigned.tolist() == [-1] * 4


def table_of(name: str) -> list[dict[str, str]]:
    with (DATA / "districting" / name).open() as lines:
        return list(csv.DictReader(lines))


@pytest.mark.skipif(not (DATA / "districting").is_dir(), reason="reference data elsewhere")
def test_a_published_county_is_in_one_piece() -> None:
    rows = table_of("zya1.csv")
    place = {row["id"]: k for k, row in enumerate(rows)}
    table = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    home = np.flatnonzero(table["capacity"])
    at = np.column_stack([table["x_m"], table["y_m"]])
    kilometres = np.hypot(*(at[:, None] - at[home][None]).transpose(2, 0, 1)) / 1000
    touching = np.array([[place[row["a"]], place[row["b"]]] for row in table_of("adjacency_zy.csv")])
    people = table["population"]
    found = capacitated_location(
        kilometres,
        people,
        people,
        table["capacity"][home],
        table["fixed_cost"][home],
        contiguous=Adjacency(touching, home),
        seconds=30.0,
    )
    # The published answer without contiguity is 4428.23.
    assert not len(broken(Adjacency(touching, home), found.assigned))
    assert found.value > 4428.22 and found.bound <= found.value < 4900

"""Where contiguous catchments are drawn first: at the sites that are best when catchments may lie in pieces, and at
sets of sites that differ from them by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.location.classics.load_moves import settled
from siting.location.classics.load_search import LoadSearch, finish_sites, is_whole, priced_root
from siting.location.classics.loads import Loads
from siting.location.classics.neighbourhoods import improve_parts
from siting.location.classics.site_tree import search_tree
from siting.location.classics.solution import Search
from siting.location.program import Effort
from siting.study import FloatArray, IntArray

ROOT_NODES = 200
"""Nodes of the program for the sites that the prices open."""


@dataclass(frozen=True, slots=True)
class Seed:
    """The best answer whose catchments may lie in pieces, -1 throughout where none was found: open (P,), assigned (I,),
    its bound, and what sites charge per demand (J,)."""

    open: IntArray
    assigned: IntArray
    bound: float
    guide: FloatArray


def seeded(loads: Loads, seconds: float) -> Seed:
    """An instance searched without contiguity."""
    one = LoadSearch(loads, Search(loads.pairs.units, seconds, is_whole(loads)))
    prices = priced_root(one)
    if np.isfinite(prices.bound) and not one.is_done:
        finish_sites(one, prices, one.search.open, Effort(nodes=ROOT_NODES, seconds=seconds / 6))
        improve_parts(one, prices, seconds / 2)
        search_tree(one, prices, 0.0)
    return Seed(one.search.open, one.assigned, one.search.bound, prices.offer.price)


def near_sets(loads: Loads, sites: IntArray) -> list[IntArray]:
    """Sets of sites with one exchanged, or where their number is free, one more or one less."""
    rest = np.setdiff1d(np.arange(loads.pairs.sites), sites)
    loose = sites[~loads.is_fixed[sites]]
    found = [np.sort(np.append(np.setdiff1d(sites, j), k)) for j in loose for k in rest]
    if loads.p is None:
        found += [np.setdiff1d(sites, j) for j in loose] + [np.sort(np.append(sites, k)) for k in rest]
    return found


def drawn_near(loads: Loads, sites: IntArray, guide: FloatArray) -> list[tuple[float, IntArray, IntArray]]:
    """Answers at sets of sites near some, catchments in pieces: value, sites and assigned, the cheapest first."""
    found = []
    for near in near_sets(loads, sites):
        assigned = settled(loads, near, guide, 0)
        if assigned is not None and loads.is_held(near, assigned):
            found.append((loads.value(near, assigned), near, assigned))
    return sorted(found, key=lambda answer: answer[0])

"""From road segments to a network and its connected pieces."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from siting.network.graph import RoadNetwork
from siting.study import LINK, IntArray, Roads

FRAGMENT_SHARE = 0.01
"""Pieces with a smaller share of all nodes are fragments; the largest piece never is."""


def build_network(roads: Roads) -> RoadNetwork:
    """The network of a study area's roads; parallel edges are kept, each with its own length."""
    component = _component(roads)
    size = np.bincount(component)
    is_small = size < FRAGMENT_SHARE * len(roads.x)
    is_small[:1] = False
    usable = np.flatnonzero(~is_small[component[roads.tail]] & (roads.road_class != LINK))
    return RoadNetwork(
        x=roads.x,
        y=roads.y,
        tail=roads.tail,
        head=roads.head,
        length_m=roads.length_m,
        component=component,
        is_fragment=is_small[component],
        usable=usable,
        tree=edge_tree(roads, usable),
    )


def edge_tree(roads: Roads | RoadNetwork, edges: IntArray) -> shapely.STRtree:
    """The spatial index of some edges."""
    ends = np.stack((roads.tail[edges], roads.head[edges]), axis=1)
    return shapely.STRtree(shapely.linestrings(np.stack((roads.x[ends], roads.y[ends]), axis=2)))


def _component(roads: Roads) -> IntArray:
    """The connected piece of every node (V,), by falling size, equal sizes by their first node."""
    nodes = len(roads.x)
    edges = coo_array((np.ones(len(roads.tail), dtype=np.int8), (roads.tail, roads.head)), shape=(nodes, nodes))
    _, label = connected_components(edges, directed=False)
    _, first, piece, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(len(size))
    return number[piece]

"""The same distances by SciPy and by pandana. Road graphs are given to SciPy as it wants them, that is not timed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from siting.network.graph import RoadNetwork

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

CHUNK_BYTES = 2**28
"""SciPy's rows are as long as there are nodes: so much is asked for at a time."""


def graph_of(network: RoadNetwork) -> sparse.csr_array:
    """Every edge in both directions; of parallel edges the shortest."""
    a, b = np.concatenate((network.tail, network.head)), np.concatenate((network.head, network.tail))
    metres = np.concatenate((network.length_m, network.length_m))
    order = np.lexsort((metres, b, a))
    order = order[(np.diff(a[order], prepend=-1) != 0) | (np.diff(b[order], prepend=-1) != 0)]
    return sparse.csr_array((metres[order], (a[order], b[order])), shape=(len(network.x), len(network.x)))


def scipy_rows(graph: sparse.csr_array, sites: Whole, cutoff_m: float) -> Iterator[tuple[Whole, Floats]]:
    """Some sites, and their rows of metres to all nodes, inf beyond the cutoff."""
    step = max(1, CHUNK_BYTES // (8 * graph.shape[0]))
    for first in range(0, len(sites), step):
        some = sites[first : first + step]
        yield some, dijkstra(graph, indices=some, limit=cutoff_m)


def scipy_bounded(graph: sparse.csr_array, sites: Whole, cutoff_m: float) -> int:
    """Rows as SciPy makes them, thrown away again; how many sites."""
    return sum(len(some) for some, _ in scipy_rows(graph, sites, cutoff_m))


def scipy_pairs(graph: sparse.csr_array, sites: Whole, cutoff_m: float) -> list[tuple[Whole, Whole, Floats]]:
    """Pairs within the cutoff and their metres, chunk by chunk."""
    pairs = []
    for _, rows in scipy_rows(graph, sites, cutoff_m):
        row, node = np.nonzero(np.isfinite(rows))
        pairs.append((row, node, rows[row, node]))
    return pairs


def scipy_dense(graph: sparse.csr_array, sites: Whole) -> Floats:
    """Metres from all sites to all nodes."""
    return np.asarray(dijkstra(graph, indices=sites))


def scipy_nearest(graph: sparse.csr_array, sites: Whole) -> tuple[Floats, Whole]:
    """Metres from every node to its nearest site, and which node that is."""
    metres, _, site = dijkstra(graph, indices=sites, min_only=True, return_predecessors=True)
    return np.asarray(metres), np.asarray(site, dtype=np.int64)


def pandana_bounded(network: RoadNetwork, sites: Whole, cutoff_m: float) -> int:
    """Pairs within the cutoff by pandana, its network built anew; how many."""
    import pandas as pd
    from pandana import Network

    with _quiet():
        tail, head = pd.Series(network.tail), pd.Series(network.head)
        metres = pd.DataFrame({"metres": network.length_m})
        streets = Network(pd.Series(network.x), pd.Series(network.y), tail, head, metres)
        return sum(len(streets.nodes_in_range(some, cutoff_m)) for some in np.array_split(sites, len(sites) // 200 + 1))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing reaches the terminal: pandana's machine code prints what it does."""
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)

"""A bound on the fewest sites from regions that are covered one by one, each by whole sites.

What a site costs is divided among the regions of the units it covers, as the prices of the linear program divide it.
What every region costs at least then adds up to no more than the whole does, and to more than the linear program says,
as only sites on a border are used in part. Source: cost splitting, Guignard and Kim (1987); regions by the second
eigenvector of who shares sites with whom, Fiedler (1975).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import eigsh

from siting.location import highs
from siting.location.classics.cover_program import program
from siting.location.classics.cover_sets import Cover
from siting.location.instance import BoolArray
from siting.location.program import Effort
from siting.study import FloatArray, IntArray

UNITS = 750
"""A region has about so many units at most: a tree covers these within half a minute."""

AT_ONCE = 2
"""Regions that are covered side by side."""

LONGEST = 0.6
"""Share of the time left that one region may take."""

SMALL = 1e-9
"""What a site costs at least in a region it covers some unit of, before its costs are made one again."""

BESIDE_ZERO = -1e-3
"""Near which the smallest eigenvalues are looked for, none of which is below zero."""


@dataclass(frozen=True, slots=True)
class _Region:
    """Some of the whole's units (U,) and its sites (S,) that cover any of them; what each of these units pays and each
    of these sites costs here."""

    units: BoolArray
    sites: BoolArray
    price: FloatArray
    cost: FloatArray


def regional_bound(cover: Cover, open_sites: BoolArray, seconds: float) -> float:
    """No fewer sites than this cover everybody. open_sites (S,): some that do, from which every region begins; seconds
    stop a region early, whose bound counts all the same."""
    until = time.perf_counter() + seconds
    count = -(-len(cover.unit) // UNITS)
    regions = list(_regions(cover, count, seconds))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return float(sum(threads.map(lambda region: _least(cover, region, open_sites, until), regions)))


def _regions(cover: Cover, count: int, seconds: float) -> Iterator[_Region]:
    """So many regions, every site's cost of one divided among them by the prices of the units it covers there."""
    table, units = cover.table, np.arange(len(cover.unit))
    said = highs.duals(program(cover, None), max(seconds, 0.01)).row
    price = np.maximum(said, 0.0) if len(said) == len(units) else np.zeros(len(units))
    masks = [np.isin(units, own) for own in _divided(table @ table.T, units, count)]
    cost = np.array([table.T @ ((price + SMALL) * mask) for mask in masks])
    cost /= cost.sum(axis=0)
    for mask, own in zip(masks, cost, strict=True):
        yield _Region(mask, own > 0.0, price[mask], own[own > 0.0])


def _least(cover: Cover, region: _Region, open_sites: BoolArray, until: float) -> float:
    """What a region costs at least: what whole sites cost, as far as the time goes, or what prices say."""
    here = program(cover.keep(region.units, region.sites), None).with_cost(region.cost)
    effort = Effort(seconds=LONGEST * (until - time.perf_counter()))
    said = highs.solve(here, effort, open_sites[region.sites].astype(float))
    return max(0.0, here.least(region.price), said.bound)


def _divided(shared: sparse.csr_array, units: IntArray, count: int) -> Iterator[IntArray]:
    """Some units in so many regions of about the same size; shared (U, U): sites that cover both."""
    if count <= 1:
        yield units
        return
    order = units[np.argsort(_along(sparse.csr_array(shared[units][:, units])), kind="stable")]
    middle = len(units) * (count // 2) // count
    yield from _divided(shared, np.sort(order[:middle]), count // 2)
    yield from _divided(shared, np.sort(order[middle:]), count - count // 2)


def _along(shared: sparse.csr_array) -> FloatArray:
    """Where units stand along the direction in which they hang together least; pieces one after another."""
    pieces, piece = csgraph.connected_components(shared, directed=False)
    if pieces > 1:
        return np.asarray(piece, dtype=float)
    ties = sparse.coo_array(shared)
    apart = ties.row != ties.col
    near = sparse.csr_array((np.ones(apart.sum()), (ties.row[apart], ties.col[apart])), shape=shared.shape)
    begin = np.linspace(1.0, 2.0, shared.shape[0])
    laplacian = sparse.csc_array(sparse.diags_array(near.sum(axis=1)) - near)
    least, along = eigsh(laplacian, k=2, sigma=BESIDE_ZERO, which="LM", v0=begin)
    return np.asarray(along[:, np.argmax(least)], dtype=float)

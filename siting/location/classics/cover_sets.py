"""Who covers whom, made smaller without changing the answer: copies merged, dominated units and sites left out.

Source: reductions of set covering, Toregas and ReVelle (1973).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from siting.compiled import compiled, within
from siting.location.classics.checks import refused
from siting.location.classics.pairs import Pairs, pairs_of
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

SignArray = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Cover:
    """Units and the sites that cover them, by place among unit (U,) and site (S,), which say who they are.

    Rows per unit: start (U+1,), by (A,) ascending. Rows per site: first (S+1,), covers (A,). weight (U,).
    """

    unit: IntArray
    site: IntArray
    weight: FloatArray
    start: IntArray
    by: IntArray
    first: IntArray
    covers: IntArray

    def keep(self, units: BoolArray, sites: BoolArray) -> Cover:
        """The units and sites that are kept."""
        table = sparse.csr_array(self.table[np.flatnonzero(units)][:, np.flatnonzero(sites)])
        return cover_of(table, self.unit[units], self.site[sites], self.weight[units])

    @property
    def table(self) -> sparse.csr_array:
        """The same as a sparse matrix of ones (U, S)."""
        shape = (len(self.unit), len(self.site))
        return sparse.csr_array((np.ones(len(self.by)), self.by, self.start), shape=shape)

    def parts(self) -> list[Cover]:
        """Pieces that share no unit and no site, the smallest first."""
        total = len(self.unit) + len(self.site)
        row = np.repeat(np.arange(len(self.unit)), np.diff(self.start))
        links = sparse.coo_array((np.ones(len(self.by)), (row, self.by + len(self.unit))), shape=(total, total))
        count, label = sparse.csgraph.connected_components(links, directed=False)
        unit, site = label[: len(self.unit)], label[len(self.unit) :]
        order = np.argsort(np.bincount(site, minlength=count), kind="stable")
        return [self.keep(unit == k, site == k) for k in order]


def cover_of(table: sparse.csr_array, unit: IntArray, site: IntArray, weight: FloatArray) -> Cover:
    """The units (U,) and sites (S,) of a sparse matrix (U, S)."""
    rows, columns = sparse.csr_array(table), sparse.csr_array(sparse.csr_array(table).T)
    rows.sort_indices()
    columns.sort_indices()
    parts = (rows.indptr, rows.indices, columns.indptr, columns.indices)
    return Cover(unit, site, weight, *(np.asarray(part, dtype=np.int64) for part in parts))


def pairs_within(within: BoolArray | Pairs) -> Pairs:
    """Pairs of a boolean matrix (I, J), all 0 metres long; pairs stay as they are. Raises InputError on others."""
    if isinstance(within, Pairs):
        return within
    table = np.asarray(within)
    if table.ndim != 2 or table.dtype != np.bool_:
        kind = f"{table.ndim} axes of {table.dtype}"
        raise refused("within", f"为 {table.ndim} 维 {table.dtype}", f"has {kind}", "(I, J) bool")
    return pairs_of(np.where(table, 0.0, np.inf))


def covered(pairs: Pairs, weight: FloatArray) -> Cover:
    """Units and sites as given."""
    table = sparse.csr_array((np.ones(len(pairs)), pairs.site, pairs.start), shape=(pairs.units, pairs.sites))
    return cover_of(table, np.arange(pairs.units), np.arange(pairs.sites), weight)


def opened(cover: Cover, sites: IntArray) -> Cover:
    """What is left to do once sites, by place, are open: without them and without whom they cover."""
    is_open = np.zeros(len(cover.site), dtype=bool)
    is_open[sites] = True
    return cover.keep(cover.table @ is_open.astype(float) == 0, ~is_open)


def merged(cover: Cover) -> Cover:
    """Units covered by the same sites as one unit of their weight together; those of no weight or site left out."""
    chance = np.random.default_rng(len(cover.site))
    marks = cover.table @ chance.integers(1, 1 << 20, (len(cover.site), 3)).astype(float)
    _, sample, group = np.unique(marks, axis=0, return_index=True, return_inverse=True)
    group = group.ravel()
    if not _are_alike(cover, sample[group]):
        return cover
    weight = np.bincount(group, weights=cover.weight, minlength=len(sample))
    kept = np.zeros(len(cover.unit), dtype=bool)
    kept[sample[(weight > 0) & (np.diff(cover.start)[sample] > 0)]] = True
    whole = np.zeros(len(cover.unit))
    whole[sample] = weight
    fewer = cover.keep(kept, np.ones(len(cover.site), dtype=bool))
    return Cover(fewer.unit, fewer.site, whole[kept], fewer.start, fewer.by, fewer.first, fewer.covers)


def _are_alike(cover: Cover, other: IntArray) -> bool:
    """Whether every unit is covered by the same sites as another (U,)."""
    size = np.diff(cover.start)
    if (size != size[other]).any():
        return False
    place = np.arange(len(cover.by)) - np.repeat(cover.start[:-1] - cover.start[other], size)
    return bool((cover.by == cover.by[place]).all())


def without_dominated_sites(cover: Cover) -> Cover:
    """Without the sites that cover nobody or only units another site covers too; of equal sites the first stays."""
    gone = _inside(cover.first, cover.covers, cover.start, cover.by, _signs(len(cover.unit)))
    return cover if not gone.any() else cover.keep(np.ones(len(cover.unit), dtype=bool), ~gone)


def without_implied_units(cover: Cover) -> Cover:
    """Without the units that are covered whenever another unit is."""
    gone = _around(cover.start, cover.by, cover.first, cover.covers, _signs(len(cover.site)))
    return cover if not gone.any() else cover.keep(~gone, np.ones(len(cover.site), dtype=bool))


def reduced(cover: Cover) -> tuple[Cover, IntArray]:
    """The hard core of covering everybody, and the sites (K,) that are open in some best answer whatever the core's."""
    forced: list[IntArray] = []
    size = -1
    while size != len(cover.by):
        size = len(cover.by)
        cover = without_implied_units(cover)
        alone = np.unique(cover.by[cover.start[:-1][np.diff(cover.start) == 1]])
        forced.append(cover.site[alone])
        cover = without_dominated_sites(opened(cover, alone))
    return cover, np.concatenate(forced)


def _signs(length: int) -> SignArray:
    """A bit for every member of a set: a set lies in another only if its bits do."""
    return np.uint64(1) << np.random.default_rng(length).integers(0, 64, length).astype(np.uint64)


@within
def _summary(start: IntArray, item: IntArray, back: IntArray, sign: SignArray) -> tuple[SignArray, IntArray]:
    """Of every set its members' bits and its rarest member."""
    bits, rare = np.zeros(len(start) - 1, dtype=np.uint64), np.zeros(len(start) - 1, dtype=np.int64)
    for i in range(len(start) - 1):
        least = len(item) + 1
        for a in range(start[i], start[i + 1]):
            j = item[a]
            bits[i] |= sign[j]
            if back[j + 1] - back[j] < least:
                least, rare[i] = back[j + 1] - back[j], j
    return bits, rare


@within
def _lies_in(start: IntArray, item: IntArray, i: int, k: int) -> bool:
    """Whether set i is part of set k, both ascending."""
    b = start[k]
    for a in range(start[i], start[i + 1]):
        while b < start[k + 1] and item[b] < item[a]:
            b += 1
        if b == start[k + 1] or item[b] != item[a]:
            return False
    return True


@compiled
def _inside(start: IntArray, item: IntArray, back: IntArray, owner: IntArray, sign: SignArray) -> BoolArray:
    """Sets that are empty or part of another; of equal ones the first stays."""
    bits, rare = _summary(start, item, back, sign)
    gone = np.zeros(len(bits), dtype=np.bool_)
    for i in range(len(bits)):
        size = start[i + 1] - start[i]
        gone[i] = size == 0
        for t in range(back[rare[i]], back[rare[i] + 1] if size else back[rare[i]]):
            k = owner[t]
            other = start[k + 1] - start[k]
            if k == i or gone[k] or other < size or (other == size and k > i) or bits[i] & ~bits[k]:
                continue
            if _lies_in(start, item, i, k):
                gone[i] = True
                break
    return gone


@compiled
def _around(start: IntArray, item: IntArray, back: IntArray, owner: IntArray, sign: SignArray) -> BoolArray:
    """Sets another set is part of; of equal ones the first stays. No set is empty."""
    bits, rare = _summary(start, item, back, sign)
    gone = np.zeros(len(bits), dtype=np.bool_)
    for i in range(len(bits)):
        if gone[i]:
            continue
        size = start[i + 1] - start[i]
        for t in range(back[rare[i]], back[rare[i] + 1]):
            k = owner[t]
            other = start[k + 1] - start[k]
            if k == i or gone[k] or other < size or (other == size and k < i) or bits[i] & ~bits[k]:
                continue
            gone[k] = _lies_in(start, item, i, k)
    return gone

"""Allowed pairs of units and sites, in rows per unit with the cheapest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled
from siting.location.classics.checks import refused
from siting.study import FloatArray, IntArray

SiteArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Allowed pairs (A) of I units and J sites: start (I+1,) where each unit's row begins; site, metres (A,).

    Within a row the shortest pair comes first, of equal ones that of the first site. A pair that is absent is not
    allowed.
    """

    start: IntArray
    site: SiteArray
    metres: FloatArray
    sites: int

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.site)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.start) - 1

    @property
    def unit(self) -> SiteArray:
        """The unit of every pair (A,)."""
        return np.repeat(np.arange(self.units, dtype=np.int32), np.diff(self.start))

    def take(self, keep: NDArray[np.bool_]) -> Pairs:
        """The pairs that are kept (A,)."""
        start = np.concatenate(([0], np.cumsum(keep)))[self.start]
        return Pairs(start, self.site[keep], self.metres[keep], self.sites)


@dataclass(frozen=True, slots=True)
class Doors:
    """The same pairs in rows per site: start (J+1,), unit (A,), and pair (A,), their places in the rows per unit."""

    start: IntArray
    unit: SiteArray
    pair: IntArray


def pairs_of(metres: FloatArray | Pairs) -> Pairs:
    """Pairs of a matrix (I, J) in which inf means not allowed; pairs stay as they are. Raises InputError on nan, on
    negative numbers and where the matrix is no matrix."""
    if isinstance(metres, Pairs):
        return metres
    table = np.asarray(metres, dtype=float)
    if table.ndim != 2:
        raise refused("metres", f"{table.ndim} 维", f"has {table.ndim} axes", "(I, J)")
    unit, column = np.nonzero(~(table >= 0))
    _refuse(unit, column, table[unit, column])
    is_allowed = table < np.inf
    site = np.broadcast_to(np.arange(table.shape[1], dtype=np.int32), table.shape)[is_allowed]
    start = np.concatenate(([0], np.cumsum(is_allowed.sum(axis=1))))
    return _sorted(Pairs(start, site, table[is_allowed], table.shape[1]))


def pairs_between(unit: IntArray, site: IntArray, metres: FloatArray, units: int, sites: int) -> Pairs:
    """Pairs of three columns (A,) in any order: unit, site, metres. Raises InputError on nan and negative numbers."""
    wrong = ~(metres >= 0)
    _refuse(unit[wrong], site[wrong], metres[wrong])
    order = np.argsort(unit, kind="stable")
    start = np.searchsorted(unit[order], np.arange(units + 1))
    return _sorted(Pairs(start, site[order].astype(np.int32), metres[order].astype(float), sites))


def _refuse(unit: IntArray, site: IntArray, metres: FloatArray) -> None:
    if len(metres):
        where = f"[{unit[0]}, {site[0]}] = {metres[0]}"
        raise refused("metres", f"{len(metres)} 处不是非负数：{where}", f"{len(metres)} are no metres: {where}", ">= 0")


def _sorted(pairs: Pairs) -> Pairs:
    """The same pairs, sorted in place within their rows."""
    _sort_rows(pairs.start, pairs.site, pairs.metres)
    return pairs


@compiled
def _sort_rows(start: IntArray, site: SiteArray, metres: FloatArray) -> None:
    for i in range(len(start) - 1):
        first, last = start[i], start[i + 1]
        near, who = metres[first:last].copy(), site[first:last].copy()
        order = np.argsort(near)
        for a in range(first, last):
            k = order[a - first]
            metres[a], site[a] = near[k], who[k]
            while a > first and metres[a - 1] == metres[a] and site[a - 1] > site[a]:
                site[a - 1], site[a] = site[a], site[a - 1]
                a -= 1


@compiled
def nearest_open(start: IntArray, site: SiteArray, is_open: NDArray[np.bool_]) -> IntArray:
    """The first pair in every unit's row (I,) whose site is open, -1 where there is none."""
    pair = np.full(len(start) - 1, -1, np.int64)
    for i in range(len(pair)):
        for a in range(start[i], start[i + 1]):
            if is_open[site[a]]:
                pair[i] = a
                break
    return pair


def doors_of(pairs: Pairs) -> Doors:
    """The pairs in rows per site, in the order of units."""
    order = np.argsort(pairs.site, kind="stable")
    start = np.searchsorted(pairs.site[order], np.arange(pairs.sites + 1))
    return Doors(start, pairs.unit[order], order)

"""Rows that whole answers keep and linear ones break: of an odd number of units no site counts for half more than once.

Each unit's row says that its open sites, or 1 where it stays uncovered, are at least 1. An odd number of rows is added
up, halved and rounded up. Source: zero-half cuts, Caprara and Fischetti (1996).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from siting.compiled import compiled, within
from siting.location import highs
from siting.location.classics.cover_prices import Priced
from siting.location.classics.cover_program import program
from siting.location.classics.cover_sets import Cover
from siting.location.instance import BoolArray
from siting.location.program import Program
from siting.study import FloatArray, IntArray

LARGEST = 7
"""Rows added up at most."""

BROKEN = 0.95
"""What odd sums and slack of rows worth adding up come to at most; a cut is broken below 1."""

WORSE = 0.05
"""By how much more rows may make a sum worse that still more may make better."""

TINY = 1e-4
"""A site that is open by less is closed."""

SHARED = 0.2
"""Share of a unit's open sites that it has in common with rows it is added to, at least."""

SHARE = 4
"""New cuts that a unit belongs to at most."""

FEWEST_NEW = 500

LITTLE = 1e-4
"""A round that raises the bound by a smaller share is the last."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Whose rows each cut adds up, a matrix of ones (K, U), how often it counts every site (K, S), and the least that
    sites and uncovered units of a whole answer come to (K,)."""

    units: sparse.csr_array
    sites: sparse.csr_array
    least: FloatArray

    def __len__(self) -> int:
        return len(self.least)

    def and_those(self, other: Cuts) -> Cuts:
        """These and others."""
        pairs = (self.units, other.units), (self.sites, other.sites)
        units, sites = (sparse.csr_array(sparse.vstack(pair)) for pair in pairs)
        return Cuts(units, sites, np.concatenate([self.least, other.least]))

    def only(self, chosen: IntArray) -> Cuts:
        """Those by place."""
        return Cuts(sparse.csr_array(self.units[chosen]), sparse.csr_array(self.sites[chosen]), self.least[chosen])

    def once_open(self, is_open: BoolArray, kept: IntArray) -> Cuts:
        """What they ask of the sites that are kept, by place, once others (S,) are open and the rest closed; for
        answers that cover everybody."""
        least = self.least - self.sites @ is_open.astype(float)
        left = Cuts(self.units, sparse.csr_array(self.sites[:, kept]), least)
        return left.only(np.flatnonzero(least > 0))


@dataclass(frozen=True, slots=True)
class Cut:
    """A bound by prices of units and cuts, and the cuts."""

    priced: Priced
    cuts: Cuts


def cuts_of(cover: Cover, members: sparse.csr_array) -> Cuts:
    """The cuts that add up the rows of an odd number of units each: members is a matrix of ones (K, U)."""
    sites = sparse.csr_array(members @ cover.table)
    sites.data = np.ceil(sites.data / 2)
    return Cuts(members, sites, (np.diff(members.indptr) + 1) / 2)


def no_cuts(cover: Cover) -> Cuts:
    """None yet."""
    return cuts_of(cover, sparse.csr_array((0, len(cover.unit))))


def with_cuts(plain: Program, cuts: Cuts, has_uncovered: bool) -> Program:
    """A program of covering with its cuts as further rows; has_uncovered: it has columns for uncovered units."""
    rows = sparse.hstack([cuts.sites, cuts.units]) if has_uncovered else cuts.sites
    return replace(
        plain,
        matrix=sparse.csr_array(sparse.vstack([plain.matrix, rows])),
        row_lower=np.concatenate([plain.row_lower, cuts.least]),
        row_upper=np.concatenate([plain.row_upper, np.full(len(cuts), np.inf)]),
        sentences=(*plain.sentences, ("odd", ("",) * len(cuts))),
    )


def fewest_cut(cover: Cover, rounds: int, left: Callable[[], float]) -> Cut:
    """No fewer sites than the bound cover everybody. left: seconds that may be spent yet."""

    def priced(price: FloatArray, pays: FloatArray, cuts: Cuts) -> Priced:
        rest = 1.0 - cover.table.T @ price - cuts.sites.T @ pays
        bound = float(price.sum() + cuts.least @ pays + np.minimum(rest, 0.0).sum())
        return Priced(bound, np.maximum(rest, 0.0), np.maximum(-rest, 0.0))

    return _cut(cover, None, rounds, left, priced)


def most_cut(cover: Cover, p: int, rounds: int, left: Callable[[], float]) -> Cut:
    """No p sites, p < S, cover more weight than the bound. left: seconds that may be spent yet."""

    def priced(price: FloatArray, pays: FloatArray, cuts: Cuts) -> Priced:
        lost = cover.weight - price - cuts.units.T @ pays
        worth = cover.table.T @ price + cuts.sites.T @ pays
        order = np.argsort(-worth, kind="stable")
        saved = float(price.sum() + cuts.least @ pays + np.minimum(lost, 0.0).sum())
        is_in = np.zeros(len(worth), dtype=bool)
        is_in[order[:p]] = True
        last, next_one = worth[order[p - 1]], worth[order[p]]
        bound = float(cover.weight.sum() - saved + worth[order[:p]].sum())
        return Priced(bound, np.where(is_in, 0.0, last - worth), np.where(is_in, worth - next_one, 0.0))

    return _cut(cover, p, rounds, left, priced)


def _cut(
    cover: Cover,
    p: int | None,
    rounds: int,
    left: Callable[[], float],
    priced: Callable[[FloatArray, FloatArray, Cuts], Priced],
) -> Cut:
    """Linear programs, each with the cuts that the last one's answer breaks; their prices are added up by priced."""
    units, sites, plain = len(cover.unit), len(cover.site), program(cover, p)
    cuts, sign = no_cuts(cover), 1.0 if p is None else -1.0
    best = Cut(priced(np.zeros(units), np.zeros(0), cuts), cuts)
    for _ in range(rounds):
        before, seconds = best.priced.bound, left()
        said = highs.duals(with_cuts(plain, cuts, p is not None), max(left(), 0.01))
        if len(said.row) != len(plain.row_lower) + len(cuts):
            break
        price, pays = np.maximum(said.row[:units], 0.0), np.maximum(said.row[len(plain.row_lower) :], 0.0)
        found = priced(price, pays, cuts)
        if sign * (found.bound - before) > 0:
            best = Cut(found, cuts.only(np.flatnonzero(pays > 0)))
        if len(cuts) and sign * (found.bound - before) < LITTLE * abs(before):
            break
        if left() <= seconds - left():
            break
        members = _broken(cover, said.x[:sites], said.x[sites:])
        if not members.shape[0] or left() <= 0:
            break
        cuts = cuts.and_those(cuts_of(cover, members))
    return best


class _Rows(NamedTuple):
    """Rows per unit and per site as in Cover, of sites open in part (S,); slack, and what is open of each row (U,)."""

    start: IntArray
    by: IntArray
    first: IntArray
    covers: IntArray
    part: FloatArray
    slack: FloatArray
    mass: FloatArray


def _broken(cover: Cover, is_open: FloatArray, uncovered: FloatArray) -> sparse.csr_array:
    """Units (K, U) whose rows, added up, halved and rounded up, a linear answer breaks."""
    lost = uncovered if len(uncovered) else np.zeros(len(cover.unit))
    used = np.flatnonzero(is_open > TINY)
    table = sparse.csr_array(cover.table[:, used])
    mass = table @ is_open[used]
    slack = np.maximum(mass + lost - 1.0, 0.0) + lost
    unit = _different(table, slack)
    table = sparse.csr_array(table[unit])
    back = sparse.csr_array(table.T)
    start, by, first, covers = (
        np.asarray(part, dtype=np.int64) for part in (table.indptr, table.indices, back.indptr, back.indices)
    )
    rows, size, sums = _odd_sets(_Rows(start, by, first, covers, is_open[used], slack[unit], mass[unit]))
    kept = _chosen(unit[rows], size, sums, len(cover.unit))
    which = np.repeat(np.arange(len(kept)), [len(one) for one in kept])
    member = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    return sparse.csr_array((np.ones(len(member)), (which, member)), shape=(len(kept), len(cover.unit)))


def _different(table: sparse.csr_array, slack: FloatArray) -> IntArray:
    """Of the units with the same open sites the one of least slack, where that is little."""
    marks = table @ np.random.default_rng(table.shape[1]).random(table.shape[1])
    order = np.lexsort((slack, marks))
    is_first = np.diff(marks[order], prepend=-1.0) > 0
    return np.asarray(np.sort(order[is_first & (slack[order] < BROKEN)]))


def _chosen(rows: IntArray, size: IntArray, sum_: FloatArray, units: int) -> list[IntArray]:
    """The most broken ones (N, LARGEST), none twice, no unit in too many."""
    kept = dict[tuple[int, ...], IntArray]()
    times = np.zeros(units, dtype=np.int64)
    for place in np.argsort(sum_, kind="stable"):
        one = np.sort(rows[place, : size[place]])
        if times[one].max() < SHARE and tuple(one) not in kept:
            kept[tuple(one)] = one
            times[one] += 1
        if len(kept) >= max(FEWEST_NEW, units // 4):
            break
    return list(kept.values())


@compiled
def _odd_sets(given: _Rows) -> tuple[IntArray, IntArray, FloatArray]:
    """Around every row the odd number of rows, grown by the best two at a time, that is most broken: the rows
    (N, LARGEST), how many, and what their odd sums and slack come to."""
    units, start, by = len(given.slack), given.start, given.by
    rows, size, sums = np.zeros((units, LARGEST), dtype=np.int64), np.zeros(units, dtype=np.int64), np.zeros(units)
    is_odd, mark = np.zeros(len(given.part), dtype=np.bool_), np.full(len(given.part), -1)
    over, pair, one = np.zeros(units), np.zeros(2, dtype=np.int64), np.zeros(LARGEST, dtype=np.int64)
    count = 0
    for i in range(units):
        one[0], length, best, least, idle = i, 1, 1, np.inf, given.slack[i]
        is_odd[:] = False
        is_odd[by[start[i] : start[i + 1]]] = True
        while length + 2 <= LARGEST:
            found = _best_two(given, one[:length], is_odd, idle, mark, over, pair)
            if found > least + WORSE:
                break
            for k in pair:
                one[length] = k
                length += 1
                idle += given.slack[k]
                for j in by[start[k] : start[k + 1]]:
                    is_odd[j] = not is_odd[j]
            if found < least - 1e-6:
                least, best = found, length
        if least < BROKEN:
            rows[count], size[count], sums[count] = one, best, least
            count += 1
    return rows[:count], size[:count], sums[:count]


@within
def _best_two(
    given: _Rows, one: IntArray, is_odd: BoolArray, idle: float, mark: IntArray, over: FloatArray, pair: IntArray
) -> float:
    """What odd sums and slack come to with the best two further rows, which pair becomes; inf for none."""
    odd = np.flatnonzero(is_odd)
    near, best = _touched(given, odd, over), np.inf
    is_near = over[near] >= SHARED * given.mass[near]
    over[near] = 0.0
    for k in near[is_near]:
        if given.slack[k] + idle >= BROKEN or (one == k).any():
            continue
        row = given.by[given.start[k] : given.start[k + 1]]
        mark[row] = k
        now = np.append(odd[mark[odd] != k], row[~is_odd[row]])
        mark[row] = -1
        sum_ = idle + given.slack[k] + given.part[now].sum()
        for r in _touched(given, now, over):
            with_r = sum_ + given.mass[r] + given.slack[r] - 2 * over[r]
            over[r] = 0.0
            if with_r < best - 1e-9 and r != k and not (one == r).any():
                best = with_r
                pair[0], pair[1] = k, r
    return best


@within
def _touched(given: _Rows, sites: IntArray, over: FloatArray) -> IntArray:
    """The rows that sites belong to; over becomes what each has of them."""
    most = 0
    for j in sites:
        most += given.first[j + 1] - given.first[j]
    rows, count = np.empty(most, dtype=np.int64), 0
    for j in sites:
        for i in given.covers[given.first[j] : given.first[j + 1]]:
            if over[i] == 0.0:
                rows[count] = i
                count += 1
            over[i] += given.part[j]
    return rows[:count]

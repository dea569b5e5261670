"""Interchange: one open site is given up for another as long as somebody gains by it.

What every pair of sites would gain is kept in books, and only the units concerned are booked again.
Source: Teitz and Bart (1968); Whitaker (1983); the books of Resende and Werneck (2007).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siting.compiled import compiled, within
from siting.location.classics.lagrangean import Rows
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

ROUNDING = 1e-10
"""Gains smaller than this share of what is at stake are rounding."""


class Books(NamedTuple):
    """first, second (I,): places in the rows of the two cheapest open pairs, the end of the row where there is none;
    gain (J,): what opening a site saves; loss (P,): what closing the site of a slot costs; both (J, P): what is
    counted too much when both are done."""

    first: IntArray
    second: IntArray
    gain: FloatArray
    loss: FloatArray
    both: FloatArray


@compiled
def interchange(rows: Rows, lacking: float, is_open: BoolArray, must_stay: BoolArray, most: int) -> int:
    """Swap sites in is_open (J,) until no swap gains, or so many times; how many swaps there were.

    lacking is what a unit costs that has no open site. must_stay (J,) sites are never given up.
    """
    slots = np.flatnonzero(is_open)
    slot = np.full(len(is_open), -1, np.int64)
    for k in range(len(slots)):
        slot[slots[k]] = k
    units, sites = len(rows.start) - 1, len(is_open)
    books = Books(
        np.zeros(units, np.int64),
        np.zeros(units, np.int64),
        np.zeros(sites),
        np.zeros(len(slots)),
        np.zeros((sites, len(slots))),
    )
    for i in range(units):
        _look(rows, i, is_open, books)
        _book(rows, i, slot, books, lacking, 1.0)
    for swaps in range(most):
        out, new, saved = _best(books, slots, is_open, must_stay)
        if saved <= ROUNDING * (lacking + books.loss[out]):
            return swaps
        _swap(rows, slots[out], new, is_open, slot, books, lacking)
        slots[out] = new
    return most


@within
def _look(rows: Rows, i: int, is_open: BoolArray, books: Books) -> None:
    """Find the two cheapest open pairs of a unit."""
    end = rows.start[i + 1]
    a = rows.start[i]
    while a < end and not is_open[rows.site[a]]:
        a += 1
    books.first[i] = a
    a = min(a + 1, end)
    while a < end and not is_open[rows.site[a]]:
        a += 1
    books.second[i] = a


@within
def _book(rows: Rows, i: int, slot: IntArray, books: Books, lacking: float, sign: float) -> None:
    """Write what a unit has to say about every swap into the books, or take it out again."""
    end, first, second = rows.start[i + 1], books.first[i], books.second[i]
    cost = rows.cost[first] if first < end else lacking
    other = rows.cost[second] if second < end else lacking
    of = slot[rows.site[first]] if first < end else -1
    if of >= 0:
        books.loss[of] += sign * (other - cost)
    for a in range(rows.start[i], second):
        if a == first:
            continue
        j, there = rows.site[a], rows.cost[a]
        if there < cost:
            books.gain[j] += sign * (cost - there)
        if of >= 0:
            books.both[j, of] += sign * (other - max(there, cost))


@within
def _best(books: Books, slots: IntArray, is_open: BoolArray, must_stay: BoolArray) -> tuple[int, int, float]:
    """The swap that saves most, which is no more than opening alone: slot to give up, site to open, what it saves."""
    out, new, most = 0, 0, 0.0
    for j in range(len(is_open)):
        if is_open[j] or books.gain[j] <= most:
            continue
        for k in range(len(slots)):
            saved = books.gain[j] - books.loss[k] + books.both[j, k]
            if saved > most and not must_stay[slots[k]]:
                out, new, most = k, j, saved
    return out, new, most


@within
def _swap(rows: Rows, old: int, new: int, is_open: BoolArray, slot: IntArray, books: Books, lacking: float) -> None:
    """Close one site and open another; the units that used, would use or will use one of them are booked again."""
    is_open[old], is_open[new] = False, True
    slot[new] = slot[old]
    for i in range(len(books.first)):
        if _concerns(rows, i, old, new, books):
            _book(rows, i, slot, books, lacking, -1.0)
            _look(rows, i, is_open, books)
            _book(rows, i, slot, books, lacking, 1.0)


@within
def _concerns(rows: Rows, i: int, old: int, new: int, books: Books) -> bool:
    end = rows.start[i + 1]
    for a in (books.first[i], books.second[i]):
        if a < end and rows.site[a] == old:
            return True
    for a in range(rows.start[i], books.second[i]):  # noqa: SIM110
        if rows.site[a] == new:
            return True
    return False

"""An instance as arrays for the loops, and room for what its sites do at given prices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.location.classics.loads import Loads
from siting.location.classics.pairs import SiteArray, doors_of
from siting.study import FloatArray, IntArray

LIGHTEST = 0.01
"""Prices of lighter units than this share of the mean move as if they had it."""


class Market(NamedTuple):
    """An instance for the loops. Pairs in rows per site: start (J+1,), unit, cost, pair (A,); demand (I,); per site
    capacity, lower, fixed_cost, stand (J,): 1 open anyway, -1 closed, 0 free. p: sites to open, -1 for any number.
    rank (A,): the place of a pair among its unit's, the shortest first; those from first to before last (I,) count.
    halves (G, 2): groups of sites, where they matter, how far their halves are apart (J + G,), sites first; least,
    most (G,): how many of each are open."""

    start: IntArray
    unit: SiteArray
    cost: FloatArray
    pair: IntArray
    demand: FloatArray
    scale: FloatArray
    capacity: FloatArray
    lower: FloatArray
    fixed_cost: FloatArray
    stand: NDArray[np.int8]
    p: int
    rank: SiteArray
    first: SiteArray
    last: SiteArray
    halves: IntArray
    apart: FloatArray
    least: IntArray
    most: IntArray


class Offer(NamedTuple):
    """What sites do at given prices. Per site (J,): worth, what it adds to the bound when open, fixed cost included;
    whole, how much of that comes from taking nobody in part; price of one more of its limit; is_open, and how often
    lately. share (A,) of every pair taken, in rows per site; served (A,), how much of it lately, in rows per unit.
    bound (1,). gain, rate, order (A,): what every pair gains, that for each of its unit's size, and the pairs of each
    site, the best rate first."""

    worth: FloatArray
    whole: FloatArray
    price: FloatArray
    share: FloatArray
    is_open: NDArray[np.bool_]
    often: FloatArray
    served: FloatArray
    bound: FloatArray
    gain: FloatArray
    rate: FloatArray
    order: IntArray


def market_of(loads: Loads) -> Market:
    """An instance as arrays for the loops."""
    doors = doors_of(loads.pairs)
    return Market(
        doors.start.astype(np.int64),
        doors.unit,
        loads.cost[doors.pair],
        doors.pair.astype(np.int64),
        loads.demand,
        _scale(loads.weight),
        loads.capacity,
        loads.lower,
        loads.fixed_cost,
        loads.is_fixed.astype(np.int8),
        -1 if loads.p is None else loads.p,
        (doors.pair - loads.pairs.start[doors.unit]).astype(np.int32),
        np.zeros(loads.pairs.units, dtype=np.int32),
        np.diff(loads.pairs.start).astype(np.int32),
        np.zeros((0, 2), dtype=np.int64),
        np.ones(loads.pairs.sites),
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
    )


def _scale(weight: FloatArray) -> FloatArray:
    """How much faster the price of a heavy unit moves than that of a light one."""
    typical = float(weight.mean()) or 1.0
    return np.maximum(weight / typical, LIGHTEST)


def offer_of(market: Market) -> Offer:
    """Room for what sites do."""
    sites = len(market.capacity)
    shares, is_open = np.zeros(len(market.unit)), np.zeros(sites, dtype=np.bool_)
    return Offer(
        np.zeros(sites),
        np.zeros(sites),
        np.zeros(sites),
        shares,
        is_open,
        np.full(sites, 0.5),
        shares.copy(),
        np.zeros(1),
        shares.copy(),
        shares.copy(),
        np.arange(len(shares)),
    )

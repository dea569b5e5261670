"""The best prices with cuts: catchments join a program with nothing whole as long as one gains anything, and cuts over
three units as long as its shares break any.

Source: column generation for this problem, Ceselli and Righini (2005); prices between the last and the best ones,
Wentges (1997).
"""

from __future__ import annotations

import numpy as np

from siting.location import highs
from siting.location.classics.catchment_cuts import DEAR, SMALL_COST, asked_of, cost_of, cut_more, kept
from siting.location.classics.catchments import Catchments, Charges, catchments, partition_program
from siting.location.classics.load_search import FEW_CATCHMENTS, LoadSearch, Prices
from siting.location.program import Program
from siting.study import FloatArray

FIRST = 4_000
"""Catchments to begin with, no more."""

WIDTHS = (2e-3, 1e-3, 5e-4, 2e-4)
"""How far above the bound they are listed, relative to it."""

KEPT = 500
"""Catchments that stay from one round of cuts to the next."""

STEPS = 400
"""Programs between two rounds of cuts."""

BETWEEN = 0.7
"""Where prices lie between the last ones and the best."""

ROUNDS = 40
"""Rounds of cuts at most. A round that raises the bound by less than this share has done little:"""

LITTLE = 3e-4
PATIENCE = 1
"""So many such rounds are the last ones."""

ENOUGH = 2e-4
"""Prices are good enough, and cuts are next, where the program is worth no more than so much above their bound."""


def cut_prices(one: LoadSearch, prices: Prices, seconds: float) -> None:
    """Better charges for prices, as long as cuts raise the bound; where catchments can be listed, and are not few."""
    till, waited = one.search.left - seconds, 0
    if catchments(prices.market, prices.charges, one.search.upper, FEW_CATCHMENTS, prices.tight) is not None:
        return
    found = _first(prices)
    if found is None or len(prices.charge(prices.charges).site) == 0:
        return
    for _ in range(ROUNDS):
        before = prices.bound
        found, x = _climbed(one, prices, found, till)
        one.search.prove(min(prices.bound, one.search.value))
        waited = 0 if prices.bound > before + LITTLE * abs(before) else waited + 1
        more = cut_more(one.loads, kept(found, x > SMALL_COST), x[x > SMALL_COST], prices.charges)
        if more is None or waited >= PATIENCE or one.search.left < till or prices.bound > one.search.upper:
            return
        found, prices.charges = _cheapest(one, prices, found), more


def _cheapest(one: LoadSearch, prices: Prices, found: Catchments) -> Catchments:
    """The catchments that cost least at the prices."""
    asked = asked_of(one.loads, found, cost_of(one.loads, found), prices.charges) - prices.tight.worth[found.site]
    keep = np.zeros(len(asked), dtype=bool)
    keep[np.argsort(asked, kind="stable")[:KEPT]] = True
    return kept(found, keep)


def _first(prices: Prices) -> Catchments | None:
    for width in WIDTHS:
        limit = prices.bound + width * max(1.0, abs(prices.bound))
        found = catchments(prices.market, prices.charges, limit, FIRST, prices.tight)
        if found is not None:
            return found
    return None


def _climbed(one: LoadSearch, prices: Prices, found: Catchments, till: float) -> tuple[Catchments, FloatArray]:
    """Catchments with those that joined, and how much of each is used; the best charges are the prices' now."""
    dear = DEAR * max(1.0, abs(one.target(prices.bound)))
    for _ in range(STEPS):
        program = partition_program(one.loads, found, dear, prices.charges.cuts)
        said = highs.duals(program, max(one.search.left - till, 0.1))
        worth = float(program.cost @ said.x)
        joining = _joining(one, prices, program, said.row)
        is_over = one.search.left < till or prices.bound > one.search.upper
        if is_over or len(joining.site) == 0 or worth - prices.bound < ENOUGH * abs(worth):
            break
        found = _joined(found, joining)
    return found, np.append(said.x[:-1], np.zeros(len(found.site) + 1 - len(said.x)))


def _joining(one: LoadSearch, prices: Prices, program: Program, row: FloatArray) -> Catchments:
    """Catchments that gain by the prices of rows, found at prices between these and the best ones, else at these."""
    last = Charges(row[program.rows("assign")], prices.charges.cuts, np.minimum(row[program.rows("cut")], 0.0))
    opened, count = row[program.rows("one catchment")], row[program.rows("count")].sum()
    for share in (BETWEEN, 0.0):
        new = prices.charge(_between(prices.charges, last, share))
        asked = asked_of(one.loads, new, cost_of(one.loads, new), last) - opened[new.site] - count
        gains = asked < -SMALL_COST * max(1.0, abs(prices.bound))
        if gains.any():
            break
    return kept(new, gains)


def _between(best: Charges, last: Charges, share: float) -> Charges:
    return Charges(share * best.pays + (1 - share) * last.pays, last.cuts, share * best.fees + (1 - share) * last.fees)


def _joined(one: Catchments, other: Catchments) -> Catchments:
    begin = np.concatenate([one.begin, other.begin[1:] + one.begin[-1]])
    return Catchments(np.append(one.site, other.site), begin, np.append(one.pair, other.pair))

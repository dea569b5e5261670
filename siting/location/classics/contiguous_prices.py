"""Bounds of contiguous catchments: a unit that is cut off pays its site, the units around it are paid.

A separator says of one site: a unit goes there only with one of the units around the piece it lies in. That holds in
every contiguous answer, so any prices >= 0 of separators give a bound, as any prices of units do.
Source: relax and cut, Lucena (2005); separators as in Fischetti and others (2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from siting.compiled import compiled, within
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.knapsack_prices import LATELY, MEMORY, WAIT, _serve, _unmet
from siting.location.classics.market import Market, Offer
from siting.location.classics.site_choice import CELLS, choose
from siting.location.program import Rows
from siting.study import FloatArray, IntArray

Fence = tuple[int, list[int]]
"""A pair, and the pairs one of which it needs beside it."""


Separator = tuple[int, int, list[int]]
"""A unit, a site, and the units one of which it needs beside it to go there."""


class Separators(NamedTuple):
    """Separators (M) by positions of pairs in rows per site: lone (M,), site (M,), begin (M+1,), around (K,)."""

    lone: IntArray
    site: IntArray
    begin: IntArray
    around: IntArray


@dataclass(slots=True)
class Fences:
    """The separators found so far, each once, and the ground they stand on: beside, the neighbours of every unit;
    home (J,); place (I, J) the position of every pair in rows per site, -1 for none."""

    beside: list[list[int]]
    home: list[int]
    place: IntArray
    known: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)

    def add(self, site: int, members: set[int], heavy: FloatArray) -> None:
        """The separators that a catchment lacks: one for the heaviest (I,) unit of every piece that is cut off."""
        for piece, border in cut_off(self.beside, self.home[site], members):
            unit = max(piece, key=lambda i: (heavy[i], i))
            around = {self.home[site]} if self.home[site] not in members else border
            places = sorted(int(self.place[k, site]) for k in around if self.place[k, site] >= 0)
            self.known.setdefault((int(self.place[unit, site]), tuple(places)), site)

    def rows(self) -> Separators:
        """What is known, as arrays."""
        sizes = [len(around) for _, around in self.known]
        return Separators(
            np.array([lone for lone, _ in self.known], dtype=np.int64),
            np.array(list(self.known.values()), dtype=np.int64),
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            np.array([a for _, around in self.known for a in around], dtype=np.int64),
        )

    def by_units(self, market: Market) -> list[Separator]:
        """What is known, by units."""
        unit = market.unit.tolist()
        return [(unit[lone], site, [unit[a] for a in around]) for (lone, around), site in self.known.items()]


def fences_of(adjacency: Adjacency, market: Market, units: int) -> Fences:
    """No separators yet."""
    start, near = adjacency.beside(units)
    place = np.full((units, len(adjacency.home)), -1, dtype=np.int64)
    place[market.unit, np.repeat(np.arange(len(adjacency.home)), np.diff(market.start))] = np.arange(len(market.unit))
    return Fences([part.tolist() for part in np.split(near, start[1:-1])], adjacency.home.tolist(), place)


def add_fences(rows: Rows, fences: list[Fence]) -> None:
    """One row for each fence."""
    row = np.repeat(np.arange(len(fences)), [len(around) for _, around in fences])
    around = np.array([a for _, some in fences for a in some], dtype=np.int64)
    lone = np.array([a for a, _ in fences], dtype=np.int64)
    entries = [(np.arange(len(fences)), lone, np.ones(len(lone))), (row, around, -np.ones(len(row)))]
    rows.add("connected", [""] * len(fences), entries, -np.inf, 0.0)


def cut_off(beside: list[list[int]], home: int, members: set[int]) -> Iterator[tuple[set[int], set[int]]]:
    """The pieces of a catchment without its home, each with the units around it."""
    rest = set(members)
    rest -= _piece(beside, home, rest) if home in rest else set()
    while rest:
        piece = _piece(beside, min(rest), rest)
        rest -= piece
        yield piece, {k for i in piece for k in beside[i]} - piece


def _piece(beside: list[list[int]], first: int, members: set[int]) -> set[int]:
    piece, waiting = {first}, [first]
    while waiting:
        found = [k for k in beside[waiting.pop()] if k in members and k not in piece]
        piece.update(found)
        waiting.extend(found)
    return piece


@dataclass(slots=True)
class Fenced:
    """An instance with its fences, and room for what sites do: base (A,) what pairs cost before separators are paid."""

    market: Market
    base: FloatArray
    offer: Offer
    fences: Fences

    def climb(self, pays: FloatArray, fees: FloatArray, target: float, plan: tuple[int, int, int, float]) -> float:
        """The best bound over rounds of steps from the prices, which become the best ones; fees (M,) of separators.

        plan: rounds, steps of each, nodes of a knapsack, length of the first step. Every round looks for separators.
        """
        rounds, steps, nodes, length = plan
        best = -np.inf
        for _ in range(rounds):
            rows = self.fences.rows()
            fees.resize(len(rows.lone), refcheck=False)
            how = (steps, nodes, length)
            best = max(best, apart(self.market, self.base, rows, (pays, fees), target, how, self.offer))
            if best >= target:
                break
            self.look()
            length *= 0.8
        return best

    def look(self) -> None:
        """Separators for what is cut off in the catchments that the prices make."""
        for j in np.flatnonzero(self.offer.is_open).tolist():
            part = slice(self.market.start[j], self.market.start[j + 1])
            self.fences.add(j, set(self.market.unit[part][self.offer.share[part] > 0].tolist()), self.market.demand)


@compiled
def charged(base: FloatArray, rows: Separators, fees: FloatArray, cost: FloatArray) -> None:
    """What pairs cost (A,) once separators are paid for."""
    cost[:] = base
    for r in np.flatnonzero(fees):
        cost[rows.lone[r]] += fees[r]
        for a in rows.around[rows.begin[r] : rows.begin[r + 1]]:
            cost[a] -= fees[r]


@compiled
def offered(market: Market, pays: FloatArray, nodes: int, offer: Offer) -> float:
    """The bound at the prices, as of knapsack_prices.priced, small knapsacks and the choice of sites exact."""
    are_people = np.all(market.demand % 1 == 0)
    for j in range(len(market.capacity)):
        offer.worth[j] = np.inf
        if market.stand[j] >= 0 and (market.capacity[j] > CELLS or not are_people):
            _serve(market, pays, j, nodes, offer)
        elif market.stand[j] >= 0:
            _serve(market, pays, j, 0, offer)
            if offer.price[j] > 0.0:
                _pack(market, pays, j, offer)
    taken = choose(market, offer)
    offer.bound[0] = np.sum(pays) + taken
    return offer.bound[0]


@within
def _pack(market: Market, pays: FloatArray, j: int, offer: Offer) -> None:
    """The whole units that a site gains most by, person by person."""
    begin, end = market.start[j], market.start[j + 1]
    gain, size = pays[market.unit[begin:end]] - market.cost[begin:end], market.demand[market.unit[begin:end]]
    room, some = int(market.capacity[j]), np.flatnonzero((gain > 0.0) & (size > 0.0))
    most, taken = np.zeros(room + 1), np.zeros((len(some), room + 1), np.bool_)
    for k in range(len(some)):
        heads, more = int(size[some[k]]), gain[some[k]]
        for n in range(room, heads - 1, -1):
            if most[n - heads] + more > most[n]:
                most[n], taken[k, n] = most[n - heads] + more, True
    offer.share[begin:end][some] = 0.0
    n = room
    for k in range(len(some) - 1, -1, -1):
        if taken[k, n]:
            offer.share[begin + some[k]] = 1.0
            n -= int(size[some[k]])
    whole = market.fixed_cost[j] - most[room] - np.sum(gain[(gain > 0.0) & (size == 0.0)])
    offer.whole[j] = max(0.0, whole - offer.worth[j])
    offer.worth[j] = max(whole, offer.worth[j])


@within
def _torn(rows: Separators, fees: FloatArray, offer: Offer) -> FloatArray:
    """By how much each separator (M,) is broken by what open sites take; negative where fees may fall."""
    torn = np.zeros(len(fees))
    for r in range(len(fees)):
        if offer.is_open[rows.site[r]]:
            torn[r] = offer.share[rows.lone[r]]
            for a in rows.around[rows.begin[r] : rows.begin[r + 1]]:
                torn[r] -= offer.share[a]
            if fees[r] == 0.0:
                torn[r] = max(0.0, torn[r])
    return torn


@compiled
def apart(
    market: Market,
    base: FloatArray,
    rows: Separators,
    prices: tuple[FloatArray, FloatArray],
    target: float,
    plan: tuple[int, int, float],
    offer: Offer,
) -> float:
    """The best bound over so many steps from the prices of units and separators, which become the best ones.

    plan: steps, nodes of each knapsack, and the length of the first step.
    """
    pays, fees = prices
    steps, nodes, length = plan
    best, best_pays, best_fees, waited = -np.inf, pays.copy(), fees.copy(), 0
    way, turn = np.zeros(len(pays)), np.zeros(len(fees))
    for _ in range(steps):
        charged(base, rows, fees, market.cost)
        bound = offered(market, pays, nodes, offer)
        offer.often[:] += LATELY * (offer.is_open - offer.often)
        waited += 1
        if bound > best:
            waited = 0 if bound > best + 1e-6 * abs(best) else waited
            best, best_pays[:], best_fees[:] = bound, pays, fees
        if waited >= WAIT:
            length, waited = length / 2, 0
        way = _unmet(market, offer) + MEMORY * way
        turn = _torn(rows, fees, offer) + MEMORY * turn
        size = np.sum(way * way * market.scale) + np.sum(turn * turn)
        if best >= target or length < 1e-4 or size <= 1e-12 * np.sum(market.scale):
            break
        step = length * (target - bound) / size
        pays += step * way * market.scale
        fees[:] = np.maximum(0.0, fees + step * turn)
    pays[:], fees[:] = best_pays, best_fees
    charged(base, rows, fees, market.cost)
    offered(market, pays, nodes, offer)
    return best

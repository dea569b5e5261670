"""Bounds of p-median problems from prices: what each unit pays to be served, instead of having to be.

Any prices give a valid bound. Better ones come from steps along what the last ones left unmet, part of the step
before kept; on the way, sites are settled that no better answer can open, or can do without.
Source: Lagrangean relaxation of the p-median, Cornuejols, Fisher and Nemhauser (1977) and Beasley (1985); steps of
Polyak (1969), kept in part as by Camerini, Fratta and Maffioli (1975).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.compiled import compiled, within
from siting.location.classics.pairs import SiteArray
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

StandingArray = NDArray[np.int8]

OPEN, FREE, SHUT = 1, 0, -1

KEPT = 0.6
"""Share of the last direction that is kept in the next."""

MEMORY = 0.95
"""Share of what was that stays when a site's openings are averaged."""

PATIENCE = 15
"""Steps without a better bound after which they become half as long."""

SHORTEST = 1e-4
"""Steps shorter than this share of the way to the target lead nowhere."""


class Rows(NamedTuple):
    """What pairs cost: start (I+1,) where each unit's row begins; site, cost (A,), the cheapest of a row first."""

    start: IntArray
    site: SiteArray
    cost: FloatArray


class State(NamedTuple):
    """What an ascent works on, in place: pays (I,) the prices; standing (J,) OPEN, FREE or SHUT; share (J,) how often
    each site was chosen of late; plan (J,) the best choice."""

    pays: FloatArray
    standing: StandingArray
    share: FloatArray
    plan: BoolArray


class Climb(NamedTuple):
    """How to ascend: p sites open; cut, a bound from which nothing is left to be found; target, what the bound
    cannot pass; the steps, and the length of the first."""

    p: int
    cut: float
    target: float
    steps: int
    length: float


class Reached(NamedTuple):
    """Where an ascent ended: bound, the value of its best plan, and the length of the last step.

    The bound is infinite where no answer is left, and the value of the only one where one is left.
    """

    bound: float
    value: float
    length: float


@compiled
def ascend(rows: Rows, pace: FloatArray, state: State, climb: Climb) -> Reached:
    """Better prices, sites settled on the way. pace (I,) is how fast a unit's price moves."""
    sites = len(state.standing)
    pays, gain, is_chosen = state.pays.copy(), np.zeros(sites), np.zeros(sites, np.bool_)
    step = np.zeros(len(pays))
    best, value, length, target, waited = -np.inf, np.inf, climb.length, climb.target, 0
    for _ in range(climb.steps):
        bound = priced(rows, pays, gain)
        room, free = _room(state.standing, climb.p)
        if room < 0 or free < room:
            return Reached(np.inf, value, length)
        taken, last, spare = _choose(gain, state.standing, room, is_chosen)
        bound += taken
        found = _unmet(rows, pays, is_chosen, step)
        if found < value:
            value, target = found, min(target, found)
            _keep(is_chosen, state.plan)
        if room == 0 or free == room:
            return Reached(found, value, length)
        _remember(is_chosen, state.share)
        waited += 1
        if bound > best:
            waited = 0 if bound > best + 1e-5 * abs(bound) else waited
            best = bound
            _keep(pays, state.pays)
        _settle(gain, is_chosen, state.standing, last, spare, climb.cut - bound)
        if waited >= PATIENCE:
            length, waited = length / 2, 0
        size = (pace * step * step).sum()
        if best >= climb.cut or size == 0 or length < SHORTEST:
            break
        goal = target if target < np.inf else best + 0.1 * abs(best)
        pays += length * (goal - bound) / size * pace * step
    return Reached(best, value, length)


@compiled
def priced(rows: Rows, pays: FloatArray, gain: FloatArray) -> float:
    """The sum of the prices; gain (J,) becomes what each site earns by the units that pay more than it costs them."""
    gain.fill(0.0)
    total = 0.0
    for i in range(len(pays)):
        total += pays[i]
        for a in range(rows.start[i], rows.start[i + 1]):
            if rows.cost[a] >= pays[i]:
                break
            gain[rows.site[a]] += rows.cost[a] - pays[i]
    return total


@within
def _keep(one: NDArray[Any], kept: NDArray[Any]) -> None:
    for k in range(len(one)):
        kept[k] = one[k]


@within
def _remember(is_chosen: BoolArray, share: FloatArray) -> None:
    for j in range(len(share)):
        share[j] = MEMORY * share[j] + (1 - MEMORY) * is_chosen[j]


@within
def _room(standing: StandingArray, p: int) -> tuple[int, int]:
    """How many free sites must open, and how many there are."""
    room, free = p, 0
    for j in range(len(standing)):
        if standing[j] == OPEN:
            room -= 1
        elif standing[j] == FREE:
            free += 1
    return room, free


@within
def _choose(gain: FloatArray, standing: StandingArray, room: int, is_chosen: BoolArray) -> tuple[float, float, float]:
    """The open sites and the free ones that gain most: their gain in all, that of the last one and of the next."""
    last, taken, left, spare = -np.inf, 0.0, room, np.inf
    if room > 0:
        last = np.sort(gain[standing == FREE])[room - 1]
    for j in range(len(gain)):
        is_chosen[j] = standing[j] == OPEN or (standing[j] == FREE and gain[j] < last)
        taken += gain[j] * is_chosen[j]
        left -= is_chosen[j] and standing[j] == FREE
    for j in range(len(gain)):
        if standing[j] != FREE or is_chosen[j]:
            continue
        if left > 0 and gain[j] == last:
            is_chosen[j] = True
            taken += last
            left -= 1
        else:
            spare = min(spare, gain[j])
    return taken, last, spare


@compiled
def _settle(
    gain: FloatArray, is_chosen: BoolArray, standing: StandingArray, last: float, spare: float, missing: float
) -> None:
    """Shut the free sites whose opening, and open those whose closing, would raise the bound by what is missing."""
    for j in range(len(gain)):
        if standing[j] != FREE:
            continue
        if is_chosen[j] and spare - gain[j] >= missing:
            standing[j] = OPEN
        elif not is_chosen[j] and gain[j] - last >= missing:
            standing[j] = SHUT


@within
def _unmet(rows: Rows, pays: FloatArray, is_chosen: BoolArray, step: FloatArray) -> float:
    """The cost of the chosen sites, inf where somebody has none; step (I,) turns towards who is served by none, and
    away from who is served by many."""
    value = 0.0
    for i in range(len(pays)):
        served, nearest = 0.0, np.inf
        for a in range(rows.start[i], rows.start[i + 1]):
            if rows.cost[a] >= pays[i] and nearest < np.inf:
                break
            if is_chosen[rows.site[a]]:
                nearest = min(nearest, rows.cost[a])
                served += rows.cost[a] < pays[i]
        value += nearest
        step[i] = 1.0 - served + KEPT * step[i]
    return value


@compiled
def narrowed(rows: Rows, standing: StandingArray) -> Rows:
    """The rows without shut sites, and none beyond the first open one."""
    start = np.zeros(len(rows.start), np.int64)
    site, cost, filled = np.empty_like(rows.site), np.empty_like(rows.cost), 0
    for i in range(len(start) - 1):
        for a in range(rows.start[i], rows.start[i + 1]):
            if standing[rows.site[a]] == SHUT:
                continue
            site[filled], cost[filled] = rows.site[a], rows.cost[a]
            filled += 1
            if standing[rows.site[a]] == OPEN:
                break
        start[i + 1] = filled
    return Rows(start, site[:filled].copy(), cost[:filled].copy())

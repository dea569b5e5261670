"""Bounds from prices: who needs a school, and what each school asks of its users, priced instead of required.

Any prices give a valid bound; good ones come from a linear program and from steps against what they leave unmet.
Source: Lagrangean relaxation of location problems, Geoffrion and McBride (1978); steps of Polyak (1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from siting.compiled import compiled
from siting.location.assignment import AssignmentModel
from siting.location.clusters import Clusters
from siting.location.highs import Duals
from siting.location.instance import BoolArray, Instance
from siting.location.program import Program
from siting.project import Goal
from siting.study import FloatArray, IntArray

MOSTLY = 0.3
"""Share of a candidate above which the linear program counts as opening it."""

SITE_SCALE = 0.05
"""How fast a site's prices move beside a unit's, per resident."""

TRIES, SHORTEST = 12, 2.0**-10
"""Steps without a better bound after which they become half as long, down to a share of the first."""


@dataclass(frozen=True, slots=True)
class Prices:
    """unit (I,): what a unit pays for a school. upper, seats, lower (J,): per resident or pupil above what the site
    holds, and per resident below its lower bound. cover: per resident beyond the radius, where cover is kept."""

    unit: FloatArray
    upper: FloatArray
    seats: FloatArray
    lower: FloatArray
    cover: float = 0.0


@dataclass(frozen=True, slots=True)
class Priced:
    """A bound, and in the shape of prices what they leave unmet."""

    bound: float
    unmet: Prices


def site_prices(one: Instance, program: Program, said: Duals) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the upper bound, the seats and the lower bound of each site are priced at (J,), 0 where it has none."""
    sites = len(one.site_id)
    upper, seats, lower = np.zeros((3, sites))
    for family, rows, place in (
        (upper, "residents above the upper bound", np.arange(sites)),
        (seats, "pupils above the seats", np.flatnonzero(np.isfinite(one.seats))),
        (lower, "residents below the lower bound", np.arange(sites)),
    ):
        price = np.abs(said.row[program.rows(rows)])
        family[place[: len(price)]] = price
    return upper, seats, lower


@dataclass(frozen=True, slots=True)
class Room:
    """What one more resident and one more pupil at each site (J,) is worth in resident-metres."""

    residents: FloatArray
    pupils: FloatArray

    @classmethod
    def of(cls, one: Instance, program: Program, said: Duals) -> Room:
        """As a linear program prices it."""
        residents, pupils, _ = site_prices(one, program, said)
        return cls(residents, pupils)

    def of_pairs(self, one: Instance) -> FloatArray:
        """What each pair costs (A,): its walk and the room it takes."""
        arcs = one.arcs
        people = arcs.metres + self.residents[arcs.site]
        return one.residents[arcs.unit] * people + one.pupils[arcs.unit] * self.pupils[arcs.site]


def prices_of(
    one: Instance, clusters: Clusters, model: AssignmentModel, program: Program, said: Duals, goal: Goal
) -> Prices:
    """Prices as a linear program of clusters says; where a cluster is more than a unit, each unit pays what its
    cheapest school among those the program opens would cost it."""
    upper, seats, lower = site_prices(one, program, said)
    scale = float(np.abs(model.cost("uncovered")).max(initial=1.0))
    cover = float(np.abs(said.row[program.rows("kept: uncovered")]).sum()) / scale
    if clusters.is_exact:
        return Prices(said.row[program.rows("assign")], upper, seats, lower, cover)
    prices = Prices(np.zeros(len(one.unit_id)), upper, seats, lower, cover)
    is_open = one.is_existing.copy()
    is_open[model.candidate] = said.x[model.columns.opened] > MOSTLY
    return replace(prices, unit=_cheapest(_market(one, goal, {}), prices, is_open))


def _cheapest(market: _Market, prices: Prices, is_open: BoolArray) -> FloatArray:
    arcs = market.one.arcs
    cost, _ = _profits(market, prices)
    least = np.full(len(prices.unit), np.inf)
    np.minimum.at(least, arcs.unit, np.where(is_open[arcs.site], cost, np.inf))
    return _finite(least)


def price_bound(
    one: Instance, goal: Goal, values: Mapping[Goal, float], prices: Prices, target: float, steps: int
) -> float:
    """The best bound of a goal over so many steps from the prices.

    values are those of the earlier goals, which are kept; target is a value the bound cannot pass.
    """
    market = _market(one, goal, values)
    prices = _within(market, prices)
    best, best_prices, length, waited = -np.inf, prices, 1.0, 0
    for _ in range(steps):
        priced = _priced(market, prices)
        waited += 1
        if priced.bound > best:
            best, best_prices, waited = priced.bound, prices, 0
        if target - best <= 1e-6 * max(1.0, target) or length < SHORTEST:
            break
        if waited >= TRIES:
            length, waited, prices = length / 2, 0, best_prices
            priced = _priced(market, prices)
        prices = _stepped(market, prices, priced, length * (target - priced.bound))
    return best


@dataclass(frozen=True, slots=True)
class _Market:
    """What stays the same at any prices. fixed (A,): what a pair costs; counted (I,): residents as they count against
    an upper bound; upper, seats (J,) and how much more of them an extension brings."""

    one: Instance
    goal: Goal
    values: Mapping[Goal, float]
    fixed: FloatArray
    counted: FloatArray
    may_lack: BoolArray
    upper: FloatArray
    seats: FloatArray
    more_upper: FloatArray
    more_seats: FloatArray


def _market(one: Instance, goal: Goal, values: Mapping[Goal, float]) -> _Market:
    """A unit that may exceed an upper bound alone counts as much as the least bound, no more."""
    grown_upper = np.where(one.can_extend, one.extended_upper, one.upper)
    grown_seats = np.where(one.can_extend, one.extended_seats, one.seats)
    upper, seats = np.where(np.isfinite(grown_upper), one.upper, np.inf), one.seats
    return _Market(
        one=one,
        goal=goal,
        values=values,
        fixed=one.residents[one.arcs.unit] * one.arcs.metres * (goal == "walk"),
        counted=np.minimum(one.residents, one.upper.min(initial=np.inf)) if one.is_alone_free else one.residents,
        may_lack=one.may_lack,
        upper=upper,
        seats=seats,
        more_upper=np.where(np.isfinite(upper), _finite(grown_upper) - _finite(upper), 0.0),
        more_seats=np.where(np.isfinite(seats), _finite(grown_seats) - _finite(seats), 0.0),
    )


def _finite(x: FloatArray) -> FloatArray:
    return np.where(np.isfinite(x), x, 0.0)


def _within(market: _Market, prices: Prices) -> Prices:
    """The prices moved to where they are allowed; what has no limit has no price."""
    over, under = _most(market, "over"), _most(market, "under")
    return replace(
        prices,
        upper=np.clip(prices.upper, 0.0, over) * np.isfinite(market.upper),
        seats=np.clip(prices.seats, 0.0, over) * np.isfinite(market.seats),
        lower=np.clip(prices.lower, 0.0, under),
        cover=max(prices.cover, 0.0) * ("uncovered" in market.values),
    )


def _most(market: _Market, goal: Goal) -> float:
    """The largest price of a goal's excess: 1 in its own stage, any where it is kept, 0 where it comes later."""
    return 1.0 if market.goal == goal else (np.inf if goal in market.values else 0.0)


def _priced(market: _Market, prices: Prices) -> Priced:
    """The least a decision can be worth when every excess is paid for. prices must be within what is allowed."""
    one, arcs = market.one, market.one.arcs
    upper, seats = _finite(market.upper), _finite(market.seats)
    cost, gained = _profits(market, prices)
    standing = gained + prices.lower * one.lower - prices.upper * upper - prices.seats * seats
    growing = -prices.upper * market.more_upper - prices.seats * market.more_seats
    is_open, is_extended = _chosen(market, standing, growing)
    lost = np.where(market.may_lack, np.minimum(_cover(market, prices) * one.residents - prices.unit, 0.0), 0.0)
    bound = prices.unit.sum() + lost.sum() + standing[is_open].sum() + growing[is_extended].sum()
    bound += _projects(market, is_open, is_extended) - _forgiven(market, prices)
    served, load, uncovered = _used(
        arcs.unit, arcs.site, cost, is_open, arcs.uncovered, (one.residents, market.counted, one.pupils)
    )
    unmet = Prices(
        unit=1.0 - served - (lost < 0),
        upper=load[1] - upper * is_open - market.more_upper * is_extended,
        seats=load[2] - seats * is_open - market.more_seats * is_extended,
        lower=one.lower * is_open - load[0],
        cover=uncovered + float(one.residents[lost < 0].sum()) - market.values.get("uncovered", 0.0),
    )
    return Priced(float(bound), unmet)


def _cover(market: _Market, prices: Prices) -> float:
    return 1.0 if market.goal == "uncovered" else prices.cover


def _profits(market: _Market, prices: Prices) -> tuple[FloatArray, FloatArray]:
    """What each pair costs at the prices (A,), and what each site gains by the pairs that cost less than nothing."""
    one, arcs = market.one, market.one.arcs
    fixed = market.fixed + _cover(market, prices) * arcs.uncovered
    weights = (one.residents, market.counted, one.pupils)
    return _added(arcs.unit, arcs.site, fixed, prices.unit, weights, (-prices.lower, prices.upper, prices.seats))


_Three = tuple[FloatArray, FloatArray, FloatArray]


@compiled
def _added(
    unit: IntArray, site: IntArray, fixed: FloatArray, pays: FloatArray, weights: _Three, prices: _Three
) -> tuple[FloatArray, FloatArray]:
    cost, gained = np.empty(len(unit)), np.zeros(len(prices[0]))
    (first, second, third), (one, two, three) = weights, prices
    for a in range(len(unit)):
        i, j = unit[a], site[a]
        asked = first[i] * one[j] + second[i] * two[j] + third[i] * three[j]
        cost[a] = fixed[a] + asked - pays[i]
        gained[j] += min(cost[a], 0.0)
    return cost, gained


@compiled
def _used(
    unit: IntArray, site: IntArray, cost: FloatArray, is_open: BoolArray, uncovered: FloatArray, weights: _Three
) -> tuple[FloatArray, FloatArray, float]:
    """How often each unit is served by pairs that gain, the three loads of each site (3, J), residents uncovered."""
    served, load, beyond = np.zeros(len(weights[0])), np.zeros((3, len(is_open))), 0.0
    first, second, third = weights
    for a in range(len(unit)):
        i, j = unit[a], site[a]
        if cost[a] < 0.0 and is_open[j]:
            served[i] += 1.0
            beyond += uncovered[a]
            load[0, j], load[1, j], load[2, j] = load[0, j] + first[i], load[1, j] + second[i], load[2, j] + third[i]
    return served, load, beyond


def _projects(market: _Market, is_open: BoolArray, is_extended: BoolArray) -> float:
    one = market.one
    new = float((is_open & ~one.is_existing).sum())
    return (one.cost_new * new + one.cost_extend * float(is_extended.sum())) * (market.goal == "cost")


def _forgiven(market: _Market, prices: Prices) -> float:
    """What the values that earlier goals may keep are worth at the prices."""
    values = market.values
    over = max(prices.upper.max(initial=0.0), prices.seats.max(initial=0.0))
    under = prices.lower.max(initial=0.0)
    forgiven = values.get("uncovered", 0.0) * prices.cover
    return float(forgiven + values.get("over", 0.0) * over + values.get("under", 0.0) * under)


def _chosen(market: _Market, standing: FloatArray, growing: FloatArray) -> tuple[BoolArray, BoolArray]:
    """The candidates to open and the sites to extend that cost least, within budget and kept cost."""
    one, is_cost = market.one, market.goal == "cost"
    builds, grows = np.flatnonzero(~one.is_existing), np.flatnonzero(one.can_extend)
    build_cost, grow_cost = standing[builds] + one.cost_new * is_cost, growing[grows] + one.cost_extend * is_cost
    builds, grows = builds[np.argsort(build_cost, kind="stable")], grows[np.argsort(grow_cost, kind="stable")]
    new, extend = _best_counts(market, np.sort(build_cost), np.sort(grow_cost))
    is_open, is_extended = one.is_existing.copy(), np.zeros(len(one.site_id), dtype=bool)
    is_open[builds[:new]], is_extended[grows[:extend]] = True, True
    return is_open, is_extended


def _best_counts(market: _Market, build: FloatArray, grow: FloatArray) -> tuple[int, int]:
    """How many to open and to extend, the sorted costs of each given."""
    one, budget = market.one, market.one.budget
    new, extend = np.arange(len(build) + 1), np.arange(len(grow) + 1)
    total = np.add.outer(np.concatenate([[0.0], build.cumsum()]), np.concatenate([[0.0], grow.cumsum()]))
    costs = np.add.outer(one.cost_new * new, one.cost_extend * extend)
    is_possible = costs <= market.values.get("cost", np.inf) + 1e-6
    is_possible &= _allowed(new, budget.new, budget.new_exact)[:, None]
    is_possible &= _allowed(extend, budget.extend, budget.extend_exact)[None, :]
    n, m = np.unravel_index(np.where(is_possible, total, np.inf).argmin(), total.shape)
    return int(n), int(m)


def _allowed(count: IntArray, most: float, is_exact: bool) -> BoolArray:
    return count == most if is_exact else count <= most


def _stepped(market: _Market, prices: Prices, priced: Priced, missing: float) -> Prices:
    """Prices one step further along what they left unmet."""
    unmet, unit, site = priced.unmet, np.maximum(market.one.residents, 1.0) ** 2, SITE_SCALE**2
    families = (unmet.upper, unmet.seats, unmet.lower)
    size = float((unit * unmet.unit**2).sum() + site * sum(float((f**2).sum()) for f in families))
    length = missing / max(size, 1e-12)
    moved = Prices(
        prices.unit + length * unit * unmet.unit,
        prices.upper + length * site * unmet.upper,
        prices.seats + length * site * unmet.seats,
        prices.lower + length * site * unmet.lower,
        prices.cover + length * site * unmet.cover,
    )
    return _within(market, moved)

"""Bounds from prices: who needs a school, and what each school asks of its users, priced instead of required.

Any prices give a valid bound; good ones come from a linear program and from steps against what they leave unmet.
Source: Lagrangean relaxation of location problems, Geoffrion and McBride (1978); steps of Polyak (1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

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

TRIES = 12
"""Steps without a better bound after which they become half as long."""


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


def prices_of(
    one: Instance, clusters: Clusters, model: AssignmentModel, program: Program, said: Duals, goal: Goal
) -> Prices:
    """Prices as a linear program of clusters says; where a cluster is more than a unit, each unit pays what its
    cheapest school among those the program opens would cost it."""
    sites = len(one.site_id)
    upper, seats, lower = np.zeros((3, sites))
    for family, rows, place in (
        (upper, "residents above the upper bound", np.arange(sites)),
        (seats, "pupils above the seats", np.flatnonzero(np.isfinite(one.seats))),
        (lower, "residents below the lower bound", np.arange(sites)),
    ):
        price = np.abs(said.row[program.rows(rows)])
        family[place[: len(price)]] = price
    scale = float(np.abs(model.cost("uncovered")).max(initial=1.0))
    cover = float(np.abs(said.row[program.rows("kept: uncovered")]).sum()) / scale
    if clusters.is_exact:
        return Prices(said.row[program.rows("assign")], upper, seats, lower, cover)
    prices = Prices(np.zeros(len(one.unit_id)), upper, seats, lower, cover)
    is_open = one.is_existing.copy()
    is_open[model.candidate] = said.x[model.columns.opened] > MOSTLY
    return replace(prices, unit=_cheapest(one, goal, prices, is_open))


def _cheapest(one: Instance, goal: Goal, prices: Prices, is_open: BoolArray) -> FloatArray:
    cost = np.where(is_open[one.arcs.site], _pair_cost(one, goal, prices), np.inf)
    least = np.full(len(one.unit_id), np.inf)
    np.minimum.at(least, one.arcs.unit, cost)
    return _finite(least)


def price_bound(
    one: Instance, goal: Goal, values: Mapping[Goal, float], prices: Prices, target: float, steps: int
) -> float:
    """The best bound of a goal over so many steps from the prices.

    values are those of the earlier goals, which are kept; target is a value the bound cannot pass.
    """
    prices = _within(one, goal, values, prices)
    best, best_prices, length, waited = -np.inf, prices, 1.0, 0
    for _ in range(steps):
        priced = _priced(one, goal, values, prices)
        waited += 1
        if priced.bound > best:
            best, best_prices, waited = priced.bound, prices, 0
        if target - best <= 1e-6 * max(1.0, target):
            break
        if waited >= TRIES:
            length, waited, prices = length / 2, 0, best_prices
            priced = _priced(one, goal, values, prices)
        prices = _stepped(one, goal, values, prices, priced, length * (target - priced.bound))
    return best


def _most(goal: Goal, priced: Goal, values: Mapping[Goal, float]) -> float:
    """The largest price of a goal's excess: 1 in its own stage, any where it is kept, 0 where it comes later."""
    return 1.0 if priced == goal else (np.inf if priced in values else 0.0)


def _within(one: Instance, goal: Goal, values: Mapping[Goal, float], prices: Prices) -> Prices:
    """The prices moved to where they are allowed."""
    over, under = _most(goal, "over", values), _most(goal, "under", values)
    return replace(
        prices,
        upper=np.clip(prices.upper, 0.0, over) * np.isfinite(one.upper),
        seats=np.clip(prices.seats, 0.0, over) * np.isfinite(one.seats),
        lower=np.clip(prices.lower, 0.0, under),
        cover=max(prices.cover, 0.0) * ("uncovered" in values),
    )


def _priced(one: Instance, goal: Goal, values: Mapping[Goal, float], prices: Prices) -> Priced:
    """The least a decision can be worth when every excess is paid for. prices must be within what is allowed."""
    arcs, sites = one.arcs, len(one.site_id)
    weight = _capped(one)
    cover = 1.0 if goal == "uncovered" else prices.cover
    cost = _pair_cost(one, goal, prices) - prices.unit[arcs.unit]
    gained = np.bincount(arcs.site, weights=np.minimum(cost, 0.0), minlength=sites)
    upper, seats = _finite(np.full(sites, one.upper)), _finite(one.seats)
    standing = gained + prices.lower * one.lower - prices.upper * upper - prices.seats * seats
    more_upper, more_seats = _growth(one)
    growing = -prices.upper * more_upper - prices.seats * more_seats
    is_open, is_extended = _chosen(one, goal, values, standing, growing)
    lost = np.where(one.may_lack, np.minimum(cover * one.residents - prices.unit, 0.0), 0.0)
    projects = one.cost_new * (is_open & ~one.is_existing).sum() + one.cost_extend * is_extended.sum()
    bound = (
        prices.unit.sum()
        + lost.sum()
        + standing[is_open].sum()
        + growing[is_extended].sum()
        + projects * (goal == "cost")
    )
    bound -= _forgiven(goal, values, prices)
    used = (cost < 0) & is_open[arcs.site]
    unmet = Prices(
        unit=(1.0 - np.bincount(arcs.unit[used], minlength=len(one.unit_id)) - (lost < 0)).astype(np.float64),
        upper=_load(one, weight, used) - upper * is_open - more_upper * is_extended,
        seats=_load(one, one.pupils, used) - seats * is_open - more_seats * is_extended,
        lower=one.lower * is_open - _load(one, one.residents, used),
        cover=float(arcs.uncovered[used].sum() + one.residents[lost < 0].sum()) - values.get("uncovered", 0.0),
    )
    return Priced(float(bound), unmet)


def _pair_cost(one: Instance, goal: Goal, prices: Prices) -> FloatArray:
    """What each pair costs at the prices (A,), before the unit's own payment."""
    unit, site = one.arcs.unit, one.arcs.site
    cover = 1.0 if goal == "uncovered" else prices.cover
    metres = one.arcs.metres * (goal == "walk") - prices.lower[site]
    crowd = _capped(one)[unit] * prices.upper[site] + one.pupils[unit] * prices.seats[site]
    return cover * one.arcs.uncovered + one.residents[unit] * metres + crowd


def _capped(one: Instance) -> FloatArray:
    """Residents as they count against an upper bound (I,): a unit that may exceed it alone counts as much as it."""
    return np.minimum(one.residents, one.upper) if one.is_alone_free else one.residents


def _finite(x: FloatArray) -> FloatArray:
    return np.where(np.isfinite(x), x, 0.0)


def _growth(one: Instance) -> tuple[FloatArray, FloatArray]:
    """Residents and pupils a site holds more once extended (J,)."""
    upper = np.where(one.can_extend & np.isfinite(one.upper), one.extended_upper - one.upper, 0.0)
    seats = np.where(one.can_extend & np.isfinite(one.seats), one.extended_seats - one.seats, 0.0)
    return _finite(upper), _finite(seats)


def _load(one: Instance, weight: FloatArray, used: BoolArray) -> FloatArray:
    carried = np.bincount(one.arcs.site[used], weights=weight[one.arcs.unit[used]], minlength=len(one.site_id))
    return carried.astype(np.float64)


def _forgiven(goal: Goal, values: Mapping[Goal, float], prices: Prices) -> float:
    """What the values that earlier goals may keep are worth at the prices."""
    over = max(prices.upper.max(initial=0.0), prices.seats.max(initial=0.0))
    forgiven = values.get("uncovered", 0.0) * prices.cover
    if goal != "over":
        forgiven += values.get("over", 0.0) * over
    if goal != "under":
        forgiven += values.get("under", 0.0) * prices.lower.max(initial=0.0)
    return float(forgiven)


def _chosen(
    one: Instance, goal: Goal, values: Mapping[Goal, float], standing: FloatArray, growing: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """The candidates to open and the sites to extend that cost least, within budget and kept cost."""
    builds, grows = np.flatnonzero(~one.is_existing), np.flatnonzero(one.can_extend)
    build_cost = standing[builds] + one.cost_new * (goal == "cost")
    grow_cost = growing[grows] + one.cost_extend * (goal == "cost")
    builds, grows = builds[np.argsort(build_cost, kind="stable")], grows[np.argsort(grow_cost, kind="stable")]
    new, extend = _best_counts(one, values.get("cost", np.inf), np.sort(build_cost), np.sort(grow_cost))
    is_open, is_extended = one.is_existing.copy(), np.zeros(len(one.site_id), dtype=bool)
    is_open[builds[:new]], is_extended[grows[:extend]] = True, True
    return is_open, is_extended


def _best_counts(one: Instance, kept: float, build: FloatArray, grow: FloatArray) -> tuple[int, int]:
    """How many to open and to extend, the sorted costs of each given."""
    new, extend = np.arange(len(build) + 1), np.arange(len(grow) + 1)
    total = np.add.outer(np.concatenate([[0.0], build.cumsum()]), np.concatenate([[0.0], grow.cumsum()]))
    is_possible = np.add.outer(one.cost_new * new, one.cost_extend * extend) <= kept + 1e-6
    is_possible &= _allowed(new, one.budget.new, one.budget.new_exact)[:, None]
    is_possible &= _allowed(extend, one.budget.extend, one.budget.extend_exact)[None, :]
    n, m = np.unravel_index(np.where(is_possible, total, np.inf).argmin(), total.shape)
    return int(n), int(m)


def _allowed(count: IntArray, most: float, is_exact: bool) -> BoolArray:
    return count == most if is_exact else count <= most


def _stepped(
    one: Instance, goal: Goal, values: Mapping[Goal, float], prices: Prices, priced: Priced, missing: float
) -> Prices:
    """Prices one step further along what they left unmet."""
    unmet, unit, site = priced.unmet, np.maximum(one.residents, 1.0) ** 2, SITE_SCALE**2
    families = (unmet.upper, unmet.seats, unmet.lower)
    size = float((unit * unmet.unit**2).sum() + site * sum(float((f**2).sum()) for f in families))
    length = missing / max(size, 1e-12)
    moved = Prices(
        prices.unit + length * unit * unmet.unit,
        prices.upper + length * site * unmet.upper,
        prices.seats + length * site * unmet.seats,
        prices.lower + length * site * unmet.lower,
        prices.cover + length * site * unmet.cover * (goal != "uncovered"),
    )
    return _within(one, goal, values, moved)

"""The assignment formulation: which unit goes to which site, which sites open or grow, and what overflows.

Strong form: a unit may use a candidate only as far as that candidate is open, pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from siting.location.decision import Decision, loads, seat_bounds, upper_bounds
from siting.location.instance import BoolArray, Instance
from siting.location.program import Late, Program, Rows
from siting.project import Goal
from siting.study import FloatArray, IntArray

LINKS = "only where open"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each family of unknowns begins: pairs, units without a school, opened candidates, extensions,
    residents over, pupils over, residents under, and large units that share."""

    pair: slice
    none: slice
    opened: slice
    extended: slice
    over: slice
    seat_over: slice
    under: slice
    shares: slice

    @property
    def width(self) -> int:
        """Number of unknowns."""
        return int(self.shares.stop)


@dataclass(frozen=True, slots=True)
class AssignmentModel:
    """An instance as a program. candidate, growing: sites of the opened and extended columns; large: pairs of
    units that alone exceed the upper bound."""

    instance: Instance
    columns: Columns
    candidate: IntArray
    growing: IntArray
    large: IntArray
    program: Program

    @property
    def links(self) -> Late:
        """The rows that tie pairs to their candidates: most of all rows, and few matter; those of a unit together, as
        it turns from one candidate to the next."""
        arcs = self.instance.arcs
        return Late(self.program.rows(LINKS), arcs.unit[~self.instance.is_existing[arcs.site]])

    def cost(self, goal: Goal) -> FloatArray:
        """A goal as an objective (N,)."""
        one, at, arcs = self.instance, self.columns, self.instance.arcs
        weights = np.zeros(at.width)
        if goal == "uncovered":
            weights[at.pair], weights[at.none] = arcs.uncovered, one.residents
        elif goal == "over":
            weights[at.over] = weights[at.seat_over] = 1.0
        elif goal == "cost":
            weights[at.opened], weights[at.extended] = one.cost_new, one.cost_extend
        elif goal == "under":
            weights[at.under] = 1.0
        else:
            weights[at.pair] = one.residents[arcs.unit] * arcs.metres
        return weights

    def decision(self, x: FloatArray) -> Decision:
        """The decision a vector of unknowns stands for."""
        one, at = self.instance, self.columns
        arc = np.full(len(one.unit_id), -1)
        used = np.flatnonzero(x[at.pair] > 0.5)
        arc[one.arcs.unit[used]] = used
        is_open, is_extended = one.is_existing.copy(), np.zeros(len(one.site_id), dtype=bool)
        is_open[self.candidate] = x[at.opened] > 0.5
        is_extended[self.growing] = x[at.extended] > 0.5
        return Decision(arc, is_open, is_extended)

    def unknowns(self, decision: Decision) -> FloatArray:
        """The vector of unknowns of a decision, every slack as small as it can be."""
        one, at = self.instance, self.columns
        x = np.zeros(at.width)
        x[at.pair][decision.arc[decision.arc >= 0]] = 1.0
        x[at.none] = decision.arc < 0
        x[at.opened], x[at.extended] = decision.is_open[self.candidate], decision.is_extended[self.growing]
        residents, pupils = loads(one, decision, one.residents), loads(one, decision, one.pupils)
        x[at.over] = np.maximum(residents - upper_bounds(one, decision), 0.0)
        x[at.seat_over] = np.maximum(pupils - seat_bounds(one, decision), 0.0)
        x[at.under] = np.where(decision.is_open, np.maximum(one.lower - residents, 0.0), 0.0)
        members = loads(one, decision, np.ones(len(one.unit_id)))
        x[at.shares] = (x[at.pair][self.large] > 0.5) & (members[one.arcs.site[self.large]] > 1)
        return x


def assignment_model(instance: Instance) -> AssignmentModel:
    """The instance as arrays, row by row with its sentence."""
    candidate = np.flatnonzero(~instance.is_existing)
    growing = np.flatnonzero(instance.can_extend)
    large = _large_pairs(instance)
    columns = _columns(instance, len(candidate), len(growing), len(large))
    rows = Rows(columns.width)
    _write_assign(rows, instance, columns)
    _write_links(rows, instance, columns, candidate)
    _write_lack(rows, instance, columns, candidate)
    _write_upper(rows, instance, columns, candidate, growing, large)
    _write_shares(rows, instance, columns, large)
    _write_seats(rows, instance, columns, candidate, growing)
    _write_lower(rows, instance, columns, candidate)
    _write_budget(rows, instance, columns)
    program = rows.program(np.zeros(columns.width), _upper_limits(instance, columns), _is_whole(columns))
    return AssignmentModel(instance, columns, candidate, growing, large, program)


def _large_pairs(instance: Instance) -> IntArray:
    if not instance.is_alone_free:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(instance.residents[instance.arcs.unit] > instance.upper[instance.arcs.site])


def _columns(instance: Instance, opened: int, extended: int, large: int) -> Columns:
    units, sites = len(instance.unit_id), len(instance.site_id)
    ends = np.cumsum([0, len(instance.arcs), units, opened, extended, sites, sites, sites, large])
    return Columns(*(slice(int(a), int(b)) for a, b in pairwise(ends)))


def _upper_limits(one: Instance, at: Columns) -> FloatArray:
    upper = np.full(at.width, np.inf)
    for family in (at.pair, at.none, at.opened, at.extended, at.shares):
        upper[family] = 1.0
    upper[at.none] = one.may_lack
    return upper


def _is_whole(at: Columns) -> BoolArray:
    whole = np.zeros(at.width, dtype=bool)
    for family in (at.pair, at.none, at.opened, at.extended):
        whole[family] = True
    return whole


def _places(family: slice) -> IntArray:
    return np.arange(family.start, family.stop)


def _write_assign(rows: Rows, one: Instance, at: Columns) -> None:
    units = np.arange(len(one.unit_id))
    rows.add(
        "assign",
        one.unit_id,
        [(one.arcs.unit, _places(at.pair), np.ones(len(one.arcs))), (units, _places(at.none), np.ones(len(units)))],
        1.0,
        1.0,
    )


def _write_links(rows: Rows, one: Instance, at: Columns, candidate: IntArray) -> None:
    pairs = np.flatnonzero(~one.is_existing[one.arcs.site])
    column_of = np.full(len(one.site_id), -1)
    column_of[candidate] = _places(at.opened)
    line = np.arange(len(pairs))
    names = [f"{one.unit_id[one.arcs.unit[a]]} at {one.site_id[one.arcs.site[a]]}" for a in pairs]
    rows.add(
        LINKS,
        names,
        [
            (line, at.pair.start + pairs, np.ones(len(pairs))),
            (line, column_of[one.arcs.site[pairs]], -np.ones(len(pairs))),
        ],
        -np.inf,
        0.0,
    )


def _write_lack(rows: Rows, one: Instance, at: Columns, candidate: IntArray) -> None:
    pairs = np.flatnonzero(one.may_lack[one.arcs.unit])
    column_of = np.full(len(one.site_id), -1)
    column_of[candidate] = _places(at.opened)
    line, ones = np.arange(len(pairs)), np.ones(len(pairs))
    names = [f"{one.unit_id[one.arcs.unit[a]]}, {one.site_id[one.arcs.site[a]]}" for a in pairs]
    entries = [
        (line, at.none.start + one.arcs.unit[pairs], ones),
        (line, column_of[one.arcs.site[pairs]], ones),
    ]
    rows.add("without a school only where none is open", names, entries, -np.inf, 1.0)


def _write_upper(
    rows: Rows, one: Instance, at: Columns, candidate: IntArray, growing: IntArray, large: IntArray
) -> None:
    if not np.isfinite(one.upper).all():
        return
    arcs, sites = one.arcs, np.arange(len(one.site_id))
    alone = one.residents[arcs.unit[large]] - one.upper[arcs.site[large]]
    entries = [
        (arcs.site, _places(at.pair), one.residents[arcs.unit]),
        (sites, _places(at.over), -np.ones(len(sites))),
        (candidate, _places(at.opened), -one.upper[candidate]),
        (growing, _places(at.extended), (one.upper - one.extended_upper)[growing]),
        (arcs.site[large], at.pair.start + large, -alone),
        (arcs.site[large], _places(at.shares), alone),
    ]
    rows.add(
        "residents above the upper bound", one.site_id, entries, -np.inf, np.where(one.is_existing, one.upper, 0.0)
    )


def _write_shares(rows: Rows, one: Instance, at: Columns, large: IntArray) -> None:
    pairs = [
        (k, int(a), int(b))
        for k, a in enumerate(large)
        for b in np.flatnonzero(one.arcs.site == one.arcs.site[a])
        if b != a
    ]
    shares, first, second = (np.array([p[k] for p in pairs], dtype=np.int64) for k in range(3))
    line, ones = np.arange(len(pairs)), np.ones(len(pairs))
    names = [f"{one.unit_id[one.arcs.unit[a]]} with {one.unit_id[one.arcs.unit[b]]}" for _, a, b in pairs]
    entries = [
        (line, at.pair.start + first, ones),
        (line, at.pair.start + second, ones),
        (line, at.shares.start + shares, -ones),
    ]
    rows.add("a large unit shares", names, entries, -np.inf, 1.0)


def _write_seats(rows: Rows, one: Instance, at: Columns, candidate: IntArray, growing: IntArray) -> None:
    counted = np.flatnonzero(np.isfinite(one.seats))
    line_of = np.full(len(one.site_id), -1)
    line_of[counted] = np.arange(len(counted))
    pairs = np.flatnonzero(line_of[one.arcs.site] >= 0)
    new = candidate[line_of[candidate] >= 0]
    opened = _places(at.opened)[line_of[candidate] >= 0]
    grown = line_of[growing] >= 0
    growth = (one.extended_seats - one.seats)[growing[grown]]
    entries = [
        (line_of[one.arcs.site[pairs]], at.pair.start + pairs, one.pupils[one.arcs.unit[pairs]]),
        (np.arange(len(counted)), at.seat_over.start + counted, -np.ones(len(counted))),
        (line_of[new], opened, -one.seats[new]),
        (line_of[growing[grown]], _places(at.extended)[grown], -growth),
    ]
    high = np.where(one.is_existing[counted], one.seats[counted], 0.0)
    rows.add("pupils above the seats", [one.site_id[j] for j in counted], entries, -np.inf, high)


def _write_lower(rows: Rows, one: Instance, at: Columns, candidate: IntArray) -> None:
    if one.lower <= 0:
        return
    sites = np.arange(len(one.site_id))
    entries = [
        (one.arcs.site, _places(at.pair), one.residents[one.arcs.unit]),
        (sites, _places(at.under), np.ones(len(sites))),
        (candidate, _places(at.opened), np.full(len(candidate), -one.lower)),
    ]
    rows.add("residents below the lower bound", one.site_id, entries, np.where(one.is_existing, one.lower, 0.0), np.inf)


def _write_budget(rows: Rows, one: Instance, at: Columns) -> None:
    for word, family, most, is_exact in (
        ("new builds", at.opened, one.budget.new, one.budget.new_exact),
        ("extensions", at.extended, one.budget.extend, one.budget.extend_exact),
    ):
        places = _places(family)
        if np.isfinite(most) and len(places):
            entry = (np.zeros(len(places), dtype=np.int64), places, np.ones(len(places)))
            rows.add("budget", [word], [entry], most if is_exact else -np.inf, most)

"""A first decision, made by hand: every unit at its best open site, candidates open only where they must be."""

from __future__ import annotations

import numpy as np

from siting.location.decision import Decision
from siting.location.instance import Arcs, BoolArray, Instance
from siting.study import FloatArray, IntArray


def first_decision(instance: Instance) -> Decision:
    """Existing sites as they are; where new builds are unlimited, a candidate for every unit that has no other site;
    and as many candidates and extensions as an exact budget asks for."""
    one = instance
    is_open = reaching_all(one, one.is_existing)
    if one.budget.new_exact:
        is_open[np.flatnonzero(~one.is_existing)[: int(one.budget.new)]] = True
    is_extended = np.zeros(len(one.site_id), dtype=bool)
    if one.budget.extend_exact:
        is_extended[np.flatnonzero(one.can_extend)[: int(one.budget.extend)]] = True
    return at_best(one, is_open, is_extended)


def at_best(one: Instance, is_open: BoolArray, is_extended: BoolArray) -> Decision:
    """Every unit at the open site that leaves least of it uncovered, of equal ones the nearest."""
    return Decision(by_unit(one, _best(one, is_open[one.arcs.site])), is_open, is_extended)


def firsts(arcs: Arcs, order: IntArray) -> IntArray:
    """The first pair of each unit in an order that is sorted by unit (units that have one)."""
    return order[np.unique(arcs.unit[order], return_index=True)[1]]


def ranked(arcs: Arcs, is_usable: BoolArray, key: FloatArray) -> tuple[IntArray, IntArray]:
    """The usable pairs unit by unit, least key first, of equal ones the first site; and the place of each among its
    unit's, from 0."""
    pairs = np.flatnonzero(is_usable)
    pairs = pairs[np.lexsort((pairs, key[pairs], arcs.unit[pairs]))]
    unit = arcs.unit[pairs]
    return pairs, np.arange(len(pairs)) - np.searchsorted(unit, unit)


def by_unit(one: Instance, pairs: IntArray) -> IntArray:
    """Pairs, at most one a unit, as the pair of each unit (I,), -1 for none."""
    arc = np.full(len(one.unit_id), -1)
    arc[one.arcs.unit[pairs]] = pairs
    return arc


def reaching_all(one: Instance, is_open: BoolArray) -> BoolArray:
    """Open sites (J,), and where new builds are unlimited a candidate for every unit that no open site reaches."""
    is_open = is_open.copy()
    if not np.isfinite(one.budget.new):
        is_open[one.arcs.site[_best(one, ~_reached(one, is_open)[one.arcs.unit])]] = True
    return is_open


def _reached(one: Instance, is_open: BoolArray) -> BoolArray:
    """Units with a pair at an open site (I,)."""
    reached = np.zeros(len(one.unit_id), dtype=bool)
    reached[one.arcs.unit[is_open[one.arcs.site]]] = True
    return reached


def _best(one: Instance, allowed: BoolArray) -> IntArray:
    """The allowed pair of each unit that leaves least uncovered, of equal ones the shortest (units that have one)."""
    arcs = one.arcs
    pairs = np.flatnonzero(allowed)
    order = pairs[np.lexsort((arcs.site[pairs], arcs.metres[pairs], arcs.uncovered[pairs], arcs.unit[pairs]))]
    return firsts(arcs, order)

"""The p-median problem as programs over whole numbers, for what the tree does not answer alone."""

from __future__ import annotations

import numpy as np

from siting.location.classics import lagrangean
from siting.location.classics.lagrangean import OPEN, SHUT, StandingArray
from siting.location.classics.pairs import Pairs
from siting.location.program import Program, Rows
from siting.study import FloatArray, IntArray


def p_median_program(pairs: Pairs, weight: FloatArray, p: int, fixed: IntArray) -> Program:
    """Sites (J) and pairs (A) as columns: every unit uses one pair, of an open site; p sites are open.

    Source: ReVelle and Swain (1970).
    """
    sites, pair = pairs.sites, np.arange(len(pairs))
    column, unit = sites + pair, pairs.unit.astype(np.int64)
    rows = Rows(sites + len(pairs))
    one = np.ones(len(pairs))
    rows.add("assign", [f"unit {i}" for i in range(pairs.units)], [(unit, column, one)], 1.0, 1.0)
    uses = [f"unit {i} at site {j}" for i, j in zip(unit, pairs.site, strict=True)]
    rows.add("open", uses, [(pair, column, one), (pair, pairs.site.astype(np.int64), -one)], -np.inf, 0.0)
    _add_count(rows, sites, p)
    cost = np.concatenate([np.zeros(sites), np.repeat(weight, np.diff(pairs.start)) * pairs.metres])
    return _program(rows, sites, fixed).with_cost(cost)


def narrow_program(rows: lagrangean.Rows, standing: StandingArray, p: int) -> Program:
    """The same of narrowed rows (I) and where their sites stand (J)."""
    pairs = Pairs(rows.start, rows.site, rows.cost, len(standing))
    program = p_median_program(pairs, np.ones(pairs.units), p, np.flatnonzero(standing == OPEN))
    upper = program.upper.copy()
    upper[: pairs.sites][standing == SHUT] = 0.0
    return program.with_bounds(program.lower, upper)


def covering(pairs: Pairs, p: int, fixed: IntArray) -> Program:
    """Sites (J) as columns: every unit has an open one among its pairs; p sites are open."""
    rows = Rows(pairs.sites)
    entries = [(pairs.unit.astype(np.int64), pairs.site.astype(np.int64), np.ones(len(pairs)))]
    rows.add("reach", [f"unit {i}" for i in range(pairs.units)], entries, 1.0, np.inf)
    _add_count(rows, pairs.sites, p)
    return _program(rows, pairs.sites, fixed)


def _add_count(rows: Rows, sites: int, p: int) -> None:
    site = np.arange(sites)
    rows.add("count", ("",), [(np.zeros(sites, dtype=np.int64), site, np.ones(sites))], float(p), float(p))


def _program(rows: Rows, sites: int, fixed: IntArray) -> Program:
    lower, is_whole = np.zeros(rows.width), np.arange(rows.width) < sites
    lower[fixed] = 1.0
    return rows.program(lower, np.ones(rows.width), is_whole)

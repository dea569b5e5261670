"""A capacitated problem as one program: a column for every pair, then one for every site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.location.classics.loads import Loads
from siting.location.program import Program, Rows
from siting.study import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class LoadColumns:
    """Where the pairs (A) and the sites (J) stand among the columns."""

    pairs: int
    sites: int

    @property
    def opened(self) -> slice:
        """The columns of the sites."""
        return slice(self.pairs, self.pairs + self.sites)


def columns_of(loads: Loads) -> LoadColumns:
    """Where everything stands."""
    return LoadColumns(len(loads.pairs), loads.pairs.sites)


def load_rows(loads: Loads) -> tuple[LoadColumns, Rows]:
    """The sentences: everybody is assigned, to open sites, which hold their loads, and are as many as asked."""
    pairs, names = loads.pairs, [f"{j}" for j in range(loads.pairs.sites)]
    columns = columns_of(loads)
    rows, pair = Rows(len(pairs) + pairs.sites), np.arange(len(pairs))
    unit, site = pairs.unit.astype(np.int64), pairs.site.astype(np.int64)
    opened = len(pairs) + np.arange(pairs.sites)
    rows.add("assign", [f"{i}" for i in range(pairs.units)], [(unit, pair, np.ones(len(pairs)))], 1.0, 1.0)
    rows.add(
        "open before use",
        [f"{i} at {j}" for i, j in zip(unit, site, strict=True)],
        [(pair, pair, np.ones(len(pairs))), (pair, opened[site], -np.ones(len(pairs)))],
        -np.inf,
        0.0,
    )
    for family, limit, low, high in (
        ("capacity", loads.capacity, -np.inf, 0.0),
        ("lower load", np.where(loads.lower > 0, loads.lower, np.inf), 0.0, np.inf),
    ):
        said = np.flatnonzero(np.isfinite(limit))
        row = np.full(pairs.sites, -1)
        row[said] = np.arange(len(said))
        held = row[site] >= 0
        entries = [
            (row[site[held]], pair[held], loads.demand[unit[held]]),
            (row[said], opened[said], -limit[said]),
        ]
        rows.add(family, [names[j] for j in said], entries, low, high)
    if loads.p is not None:
        rows.add(
            "count", [""], [(np.zeros(pairs.sites, dtype=np.int64), opened, np.ones(pairs.sites))], loads.p, loads.p
        )
    return columns, rows


def load_program(loads: Loads) -> tuple[LoadColumns, Program]:
    """The whole problem as a program."""
    columns, rows = load_rows(loads)
    return columns, program_of(loads, rows)


def program_of(loads: Loads, rows: Rows) -> Program:
    """The program that sentences about an instance make."""
    lower = np.concatenate([np.zeros(len(loads.pairs)), loads.is_fixed.astype(float)])
    program = rows.program(lower, np.ones(rows.width), np.ones(rows.width, dtype=bool))
    return program.with_cost(np.concatenate([loads.cost, loads.fixed_cost]))


def plan_of(loads: Loads, columns: LoadColumns, x: FloatArray) -> tuple[IntArray, IntArray]:
    """Open sites and the site of every unit, as a solution of the program says."""
    assigned = np.full(loads.pairs.units, -1, dtype=np.int64)
    used = np.flatnonzero(x[: columns.pairs] > 0.5)
    assigned[loads.pairs.unit[used]] = loads.pairs.site[used]
    return np.flatnonzero(x[columns.opened] > 0.5), assigned

"""Which sites may be open, set by set: units may be split, and a linear program's tree leaves few sets that are cheap
enough.

Where sites cost much and hold little more than is needed, the sets of sites are what is in doubt: at a given set the
prices prove nearly everything. Source: location before assignment, Geoffrion and Graves (1974).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from siting.location.classics.load_program import load_rows, program_of
from siting.location.classics.loads import Loads
from siting.location.program import Effort, Late
from siting.location.tree import listed

MOST_PAIRS = 20_000
"""More pairs than this take a linear program too long."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Answers that are left: none is worth less than bound; where sites stand (J,) in them, as in a market."""

    bound: float
    stand: NDArray[np.int8]


def can_list(loads: Loads) -> bool:
    """Whether sets of sites are worth listing: some cost, and a linear program of all pairs is soon asked."""
    return loads.p is None and not loads.is_fixed.all() and len(loads.pairs) <= MOST_PAIRS


def listed_sites(loads: Loads, upper: Callable[[], float], effort: Effort) -> list[Sites]:
    """Where all answers are that are worth less than upper, which may fall: one set of sites each, or what the effort
    leaves of the tree."""
    columns, rows = load_rows(loads)
    opened = np.arange(rows.width)[columns.opened]
    if np.isfinite(loads.capacity).all():
        entries = [(np.zeros(len(opened), dtype=np.int64), opened, loads.capacity)]
        rows.add("hold everybody", [""], entries, float(loads.demand.sum()), np.inf)
    program = replace(program_of(loads, rows), is_whole=np.arange(rows.width) >= columns.pairs)
    late = Late(program.rows("open before use"), loads.pairs.unit.astype(np.int64))
    left = listed(program, late, (opened,), effort, upper)
    stands = [one.lower[opened] - (one.upper[opened] == 0.0) for one in left]
    return [Sites(one.bound, stand.astype(np.int8)) for one, stand in zip(left, stands, strict=True)]

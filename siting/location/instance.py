"""One siting question as arrays: units i, sites j, allowed pairs, and what the rules allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.project import Goal
from siting.study import FloatArray, IntArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arcs:
    """Allowed pairs (A): unit, site; mean road metres; the unit's residents left uncovered there.

    solve takes them in any order; what it calls relies on their being sorted by unit and then by site.
    """

    unit: IntArray
    site: IntArray
    metres: FloatArray
    uncovered: FloatArray

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.unit)

    def take(self, keep: BoolArray | IntArray) -> Arcs:
        """The pairs that are kept, or at these positions."""
        return Arcs(self.unit[keep], self.site[keep], self.metres[keep], self.uncovered[keep])


@dataclass(frozen=True, slots=True)
class Budget:
    """Projects that may be done: at most new and extend (inf: unlimited), exactly so many where stated."""

    new: float = float("inf")
    extend: float = float("inf")
    new_exact: bool = False
    extend_exact: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """One programme: I units, J sites. Existing sites are open; the others are candidates.

    residents, pupils (I,). is_existing (J,). seats (J,): of an existing school as it stands (inf if nobody
    counted), of a candidate at its largest size. extended_seats (J,): after the largest extension, nan where
    none is possible. lower: residents per school; upper (J,): the same, of a site as it stands, inf at every site or
    at none; extended_upper (J,): of a site once extended. is_alone_free: a unit served alone by a school may exceed
    the upper bound. goals in strict order; cost_new and cost_extend weigh projects. cost_fixed is the weight of
    projects that are done in any case and that the budget leaves out: required candidates stand among the existing
    sites, schools that are extended in any case have the seats and the upper bound they will have.
    """

    unit_id: tuple[str, ...]
    site_id: tuple[str, ...]
    residents: FloatArray
    pupils: FloatArray
    is_existing: BoolArray
    seats: FloatArray
    extended_seats: FloatArray
    upper: FloatArray
    extended_upper: FloatArray
    arcs: Arcs
    lower: float = 0.0
    is_alone_free: bool = False
    budget: Budget = Budget()
    goals: tuple[Goal, ...] = ("uncovered", "over", "cost", "under", "walk")
    cost_new: float = 3.0
    cost_extend: float = 1.0
    cost_fixed: float = 0.0

    @property
    def can_extend(self) -> BoolArray:
        """Existing sites that can be extended (J,)."""
        return self.is_existing & np.isfinite(self.extended_seats)

    @property
    def may_lack(self) -> BoolArray:
        """Units that may end without a school (I,): those without an allowed pair, and where new builds are limited
        those whose allowed sites are all candidates. Even they go to school wherever an allowed site is open."""
        has_pair, has_existing = np.zeros((2, len(self.unit_id)), dtype=bool)
        has_pair[self.arcs.unit] = True
        has_existing[self.arcs.unit[self.is_existing[self.arcs.site]]] = True
        return ~has_pair | (~has_existing & bool(np.isfinite(self.budget.new)))

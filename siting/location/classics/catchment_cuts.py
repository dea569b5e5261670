"""Fewer catchments for a partition: cuts over three units raise the bound, and what lies above the limit is left out.

Of the catchments that hold two or three of the same three units only one can be chosen. All catchments are in a list
and are priced by looking at each, so a cut makes that no harder.
Source: subset rows, Jepsen, Petersen, Spoorendonk and Pisinger (2008); columns listed and left out by their reduced
costs, Baldacci, Christofides and Mingozzi (2008).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from siting.compiled import compiled
from siting.location import highs
from siting.location.classics.catchments import Catchments, Charges, cuts_of, partition_program
from siting.location.classics.loads import Loads
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

FIRST = 1_500
"""Catchments of the first program with nothing whole, and how many join it at a time:"""

MORE = 600
CUTS = 40
"""Cuts that are added at a time; in how many of these a unit may be; and by how much each is broken at least."""

CUTS_PER_UNIT = 6
BROKEN = 0.04
ROUNDS = 60
"""Rounds of cuts at most."""

LITTLE = 0.02
"""A round that leaves out a smaller share of the catchments has done little; so many in a row are the last ones."""

PATIENCE = 5
SMALL_COST = 1e-7
DEAR = 2.0
"""What everybody served otherwise costs there, in limits."""


class Tight(NamedTuple):
    """Catchments that are left, the charges that left the others out, and a bound of all answers made of catchments."""

    found: Catchments
    charges: Charges
    bound: float


def tightened(loads: Loads, found: Catchments, charges: Charges, limit: float, few: int, seconds: float) -> Tight:
    """What is left of the catchments (found, all that answers worth no more than limit may use).

    charges: to begin with. It ends with few catchments, when cuts do little, or when seconds are over.
    """
    one = _Tightening(loads, found, charges, limit, time.perf_counter() + seconds)
    one.begin()
    waited = 0
    if len(one.found.site) <= few:
        return Tight(one.found, one.charges, one.bound)
    for _ in range(ROUNDS):
        before = len(one.found.site)
        x = one.climb()
        if len(one.found.site) <= few or waited >= PATIENCE or time.perf_counter() > one.until or not one.cut(x):
            break
        waited = waited + 1 if len(one.found.site) > before * (1 - LITTLE) else 0
    return Tight(one.found, one.charges, one.bound)


def kept(found: Catchments, keep: BoolArray) -> Catchments:
    """Some of the catchments (C,)."""
    sizes = np.diff(found.begin)
    begin = np.concatenate(([0], np.cumsum(sizes[keep])))
    return Catchments(found.site[keep], begin, found.pair[np.repeat(keep, sizes)])


@dataclass(slots=True)
class _Tightening:
    """The list as it stands: what every catchment costs (C,), which are active (C,) in the program with nothing whole,
    and the best bound."""

    loads: Loads
    found: Catchments
    charges: Charges
    limit: float
    until: float
    cost: FloatArray = field(default_factory=lambda: np.zeros(0))
    is_active: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    bound: float = -np.inf

    def begin(self) -> None:
        """Costs, and the catchments that cost least at the first prices active."""
        self.cost = cost_of(self.loads, self.found)
        self.is_active = np.zeros(len(self.cost), dtype=bool)
        self._leave_out()
        asked = self._asked()
        self.is_active[np.argsort(asked, kind="stable")[:FIRST]] = True

    def climb(self) -> FloatArray:
        """The best prices: active catchments until no other costs less than nothing; how much of each (C,) is used."""
        while True:
            active = np.flatnonzero(self.is_active)
            program = partition_program(
                self.loads, kept(self.found, self.is_active), DEAR * max(1.0, abs(self.limit)), self.charges.cuts
            )
            said = highs.duals(program, max(self.until - time.perf_counter(), 0.1))
            fees = np.minimum(said.row[program.rows("cut")], 0.0)
            self.charges = self.charges._replace(pays=said.row[program.rows("assign")], fees=fees)
            more = self._asked() - said.row[program.rows("one catchment")][self.found.site]
            more -= said.row[program.rows("count")].sum()
            x = np.zeros(len(self.cost))
            x[active] = said.x[:-1]
            joining = np.flatnonzero((more < -SMALL_COST * max(1.0, abs(self.limit))) & ~self.is_active)
            joining = joining[np.argsort(more[joining], kind="stable")[:MORE]]
            self.is_active[joining] = True
            x = x[self._leave_out()]
            if len(joining) == 0 or not self.is_active.any() or time.perf_counter() > self.until:
                return x

    def cut(self, x: FloatArray) -> bool:
        """Add cuts that the shares (C,) break; whether there are any."""
        more = cut_more(self.loads, kept(self.found, x > SMALL_COST), x[x > SMALL_COST], self.charges)
        self.charges = more or self.charges
        return more is not None

    def _asked(self) -> FloatArray:
        """What catchments (C,) cost at the prices of units and cuts."""
        return asked_of(self.loads, self.found, self.cost, self.charges)

    def _leave_out(self) -> BoolArray:
        """Leave out what no answer within the limit uses; which catchments (C,) stay."""
        bound, when_used = bounds_of(self.loads, self.found.site, self._asked())
        paid = float(self.charges.pays.sum() + self.charges.fees.sum())
        self.bound = max(self.bound, paid + bound)
        keep = when_used + paid <= self.limit + SMALL_COST * max(1.0, abs(self.limit))
        self.found, self.cost, self.is_active = kept(self.found, keep), self.cost[keep], self.is_active[keep]
        return keep


def cut_more(loads: Loads, found: Catchments, x: FloatArray, charges: Charges) -> Charges | None:
    """The charges with cuts that shares x (C,) of catchments break, those without a fee forgotten; None where there
    are none."""
    units = loads.pairs.units
    broken, by = _broken(found.begin, loads.pairs.unit[found.pair], x, units)
    chosen = _spread(broken, by, units)
    counts = charges.fees < -SMALL_COST
    cuts = np.concatenate([charges.cuts[counts], broken[chosen]])
    fees = np.append(charges.fees[counts], np.zeros(len(chosen)))
    return charges._replace(cuts=cuts, fees=fees) if len(chosen) else None


def cost_of(loads: Loads, found: Catchments) -> FloatArray:
    """What catchments cost (C,), their sites included."""
    column = np.repeat(np.arange(len(found.site)), np.diff(found.begin))
    walks = np.bincount(column, weights=loads.cost[found.pair], minlength=len(found.site))
    return np.asarray(loads.fixed_cost[found.site] + walks)


def asked_of(loads: Loads, found: Catchments, cost: FloatArray, charges: Charges) -> FloatArray:
    """What catchments, which cost so much (C,), cost at charges (C,)."""
    return np.asarray(_asked(found.begin, loads.pairs.unit[found.pair].astype(np.int64), cost, charges))


def bounds_of(loads: Loads, site: IntArray, asked: FloatArray) -> tuple[float, FloatArray]:
    """The least that one catchment each of as many sites as must be open can ask, and that with each catchment used
    (C,). site, asked (C,)."""
    least = np.full(loads.pairs.sites, np.inf)
    np.minimum.at(least, site, asked)
    free = np.flatnonzero(~loads.is_fixed)
    free = free[np.argsort(least[free], kind="stable")]
    count = int((least[free] < 0).sum()) if loads.p is None else loads.p - int(loads.is_fixed.sum())
    is_open = loads.is_fixed.copy()
    is_open[free[:count]] = True
    bound = float(least[is_open].sum()) if count <= len(free) else np.inf
    if bound == np.inf:
        return bound, np.full(len(asked), np.inf)
    dearest = 0.0 if loads.p is None else (least[free[count - 1]] if count > 0 else -np.inf)
    return bound, bound + asked - np.where(is_open, least, dearest)[site]


@compiled
def _asked(begin: IntArray, unit: IntArray, cost: FloatArray, charges: Charges) -> FloatArray:
    """Costs less the prices of units, and less the fees of the cuts that have two of a catchment's units."""
    pays, cuts, fees = charges
    first, cut = cuts_of(np.arange(len(pays)), cuts, len(pays))
    asked, times = cost.copy(), np.zeros(len(cuts), np.int64)
    for c in range(len(cost)):
        for i in unit[begin[c] : begin[c + 1]]:
            asked[c] -= pays[i]
            for r in cut[first[i] : first[i + 1]]:
                times[r] += 1
                asked[c] -= fees[r] if times[r] == 2 else 0.0
        for i in unit[begin[c] : begin[c + 1]]:
            times[cut[first[i] : first[i + 1]]] = 0
    return asked


@compiled
def _broken(begin: IntArray, unit: IntArray, x: FloatArray, units: int) -> tuple[IntArray, FloatArray]:
    """Three units each (R, 3) two of which are together in catchments whose shares x (C,) add up to more than one, and
    by how much more (R,)."""
    has = np.zeros((units, len(x)))
    for c in range(len(x)):
        has[unit[begin[c] : begin[c + 1]], c] = 1.0
    pair = (has * x) @ has.T
    three, by = [np.int64(0)][:0], [0.0][:0]
    for a in range(units):
        for b in range(a + 1, units):
            for d in range(b + 1, units):
                total = pair[a, b] + pair[a, d] + pair[b, d]
                if total > 1.0 + BROKEN:
                    total -= 2 * np.sum(has[a] * has[b] * has[d] * x)
                if total > 1.0 + BROKEN:
                    three.extend((np.int64(a), np.int64(b), np.int64(d)))
                    by.append(total - 1.0)
    return np.array(three, dtype=np.int64).reshape(-1, 3), np.array(by)


def _spread(broken: IntArray, by: FloatArray, units: int) -> IntArray:
    """The cuts that are broken most, no unit in too many of them."""
    chosen, times = list[int](), np.zeros(units, dtype=np.int64)
    for r in np.argsort(-by, kind="stable"):
        if len(chosen) < CUTS and times[broken[r]].max() < CUTS_PER_UNIT:
            chosen.append(int(r))
            times[broken[r]] += 1
    return np.array(chosen, dtype=np.int64)

"""Contiguous catchments at given sites: grown, annealed, then redrawn a few neighbours at a time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from siting.location.classics.adjacency import Adjacency
from siting.location.classics.contiguous_ground import Cooling, Ground, annealed, grown
from siting.location.classics.contiguous_parts import PART, redrawn
from siting.location.classics.contiguous_seed import Answer
from siting.location.classics.loads import Loads
from siting.location.classics.solution import Search
from siting.location.instance import BoolArray
from siting.project import SEED
from siting.study import FloatArray, IntArray

STEPS_PER_UNIT = 10_000
MOST_STEPS = 3_000_000
"""Steps of a walk, per unit and in all."""

WALKS = ((8.0, 1.0), (64.0, 1 / 3))
"""Prices of load outside its limits, in what sending one more person to the second nearest site costs, and how warm."""

PRESSURE = 64.0
"""The same price when drafts are compared."""

QUICKER = 6
"""How many times fewer steps a walk takes from catchments that were wanted."""

LONG_WALKS = 4
"""Longer walks before catchments are redrawn."""

TOGETHER = 5
"""Catchments that are redrawn together."""

HARDER = 4.0
"""By how much load outside its limits costs more when a plan that has some cannot be redrawn any better."""

LEVELS = 3
"""How often it gets dearer."""

AT_ONCE = 2
"""Drafts that are drawn at the same time."""

HOPELESS = 1.015
"""A draft worth more than this times the best answer is not redrawn."""


@dataclass(slots=True)
class Draft:
    """Contiguous catchments (I,) at some sites, what they cost, and the load outside its limits."""

    sites: IntArray
    assigned: IntArray
    cost: float
    outside: float
    is_redrawn: bool = False

    def worth(self, price: float) -> float:
        """The cost with the load outside its limits at a price."""
        return self.cost + price * self.outside


@dataclass(slots=True)
class Drawing:
    """One instance, its ground, where the search stands, and the drafts made at sets of sites, room for so many."""

    loads: Loads
    adjacency: Adjacency
    ground: Ground
    beside: list[list[int]]
    search: Search
    drafts: dict[bytes, Draft | None] = field(default_factory=dict)
    room: int = 0

    def attempt(self, sites: IntArray, wanted: IntArray | None = None) -> None:
        """Catchments at a set of sites, if it is new; wanted (I,): catchments in pieces that they are mended from."""
        key = sites.astype(np.int64).tobytes()
        if key in self.drafts or not self._is_possible(sites):
            return
        self.drafts[key] = self._drafted(sites.astype(np.int64), wanted)

    def attempt_each(self, wanted: Sequence[Answer], till: float) -> None:
        """Catchments at sets of sites, mended from answers that lie in pieces, as long as these are worth less
        than the best answer and more than a number of seconds is left."""

        def attempted(answer: Answer) -> None:
            if answer.value < self.search.value and self.search.left > till:
                self.attempt(answer.open, answer.assigned)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(attempted, wanted))

    def refine(self, count: int, till: float) -> None:
        """Redraw the most promising drafts that were not, until a number of seconds is left."""
        drafts = [draft for draft in self.drafts.values() if draft is not None and not draft.is_redrawn]
        drafts.sort(key=self._promise)
        drafts = drafts[:count]
        turns = [-(-(len(drafts) - k) // AT_ONCE) for k in range(len(drafts))]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda draft, turns: self._refined(draft, turns, till), drafts, turns))

    def _refined(self, draft: Draft, turns: int, till: float) -> None:
        """Redraw a draft if it may be better than the best answer, in one of so many turns that share the time."""
        if self._promise(draft) < self.search.value * HOPELESS and self.search.left > till:
            self._redraw(draft, self.search.left - (self.search.left - till) / turns)

    def refine_at(self, sites: IntArray, till: float) -> None:
        """Draw catchments at a set of sites and redraw them, if that is new."""
        self.attempt(sites)
        draft = self.drafts.get(sites.astype(np.int64).tobytes())
        if draft is not None and not draft.is_redrawn and self._promise(draft) < self.search.value * HOPELESS:
            self._redraw(draft, till)

    def _mended(self, is_open: BoolArray, wanted: IntArray | None) -> IntArray:
        """Catchments grown from the homes, first to where they were wanted."""
        cost = self.ground.cost
        if wanted is not None:
            cost = cost.copy()
            cost[np.arange(len(wanted)), wanted] -= 2 * cost[np.isfinite(cost)].max() + 1.0
        return np.asarray(grown(self.ground._replace(cost=cost), is_open))

    def _promise(self, draft: Draft) -> float:
        return draft.worth(PRESSURE * self.person(draft.sites))

    def person(self, sites: IntArray) -> float:
        """What sending one more person to the second nearest site costs, in the middle of all units."""
        cost = np.sort(self.ground.cost[:, sites], axis=1)
        if len(sites) == 1:
            return 1.0
        seen = np.isfinite(cost[:, 1]) & (self.ground.demand > 0)
        more = (cost[seen, 1] - cost[seen, 0]) / self.ground.demand[seen]
        return float(np.median(more[more > 0])) if (more > 0).any() else 1.0

    def _is_possible(self, sites: IntArray) -> bool:
        homes = self.ground.home[sites]
        own = np.isfinite(self.ground.cost[homes, sites]).all()
        holds = self.ground.capacity[sites].sum() >= self.ground.demand.sum() * (1 - 1e-9)
        return bool(len(sites) and own and holds and len(np.unique(homes)) == len(sites))

    def _drafted(self, sites: IntArray, wanted: IntArray | None) -> Draft | None:
        """Walks one after the other, each from where the last one ended, load outside its limits ever dearer."""
        is_open = np.zeros(self.loads.pairs.sites, dtype=bool)
        is_open[sites] = True
        assigned = self._mended(is_open, wanted)
        if (assigned < 0).any():
            return None
        found = []
        for pressure, warmth in WALKS:
            hot, price = warmth * self._hot(sites), pressure * self.person(sites)
            steps = _steps(len(assigned)) // (1 if wanted is None else QUICKER)
            cooling = Cooling(steps, hot, hot / 10, price, SEED)
            assigned = np.asarray(annealed(self.ground, assigned, is_open, cooling))
            found.append(self._draft(sites, assigned))
        return min(found, key=self._promise)

    def _draft(self, sites: IntArray, assigned: IntArray) -> Draft:
        load = self.loads.carried(assigned)[sites]
        cost = float(self.ground.cost[np.arange(len(assigned)), assigned].sum() + self.loads.fixed_cost[sites].sum())
        over = np.maximum(0.0, load - self.ground.capacity[sites]) + np.maximum(0.0, self.ground.lower[sites] - load)
        if self.loads.is_held(sites, assigned):
            self.search.offer(sites, assigned, self.loads.value(sites, assigned))
        return Draft(sites, assigned, cost, float(over.sum()))

    def _redraw(self, draft: Draft, till: float) -> None:
        """Long walks, then neighbouring catchments redrawn until no group gets better; while load lies outside its
        limits it gets dearer and the groups grow."""
        draft.is_redrawn = True
        self._walk_on(draft, till)
        for level in range(LEVELS):
            self._settle(draft, TOGETHER + level, PRESSURE / 2 * HARDER**level * self.person(draft.sites), till)
            if draft.outside <= 0 or self.search.left < till:
                return

    def _walk_on(self, draft: Draft, till: float) -> None:
        """Walks that begin where the best of them ended."""
        for seed in range(LONG_WALKS):
            if self.search.left < till:
                return
            found = self._draft(draft.sites, self._shaken(draft, SEED + 1 + seed))
            if self._promise(found) < self._promise(draft):
                draft.assigned, draft.cost, draft.outside = found.assigned, found.cost, found.outside

    def _settle(self, draft: Draft, together: int, price: float, till: float) -> None:
        """Redraw groups of catchments until none gets better."""
        still, at = 0, 0
        while self.search.left > till and still < len(draft.sites):
            group = self._group(draft, draft.sites[at % len(draft.sites)], together)
            effort = replace(PART, seconds=min(PART.seconds, max(self.search.left - till, 0.1)))
            assigned = redrawn(self.ground, self.beside, draft.assigned, group, price, effort)
            still = still + 1 if assigned is draft.assigned else 0
            at += 1
            self._take(draft, assigned)

    def _shaken(self, draft: Draft, seed: int) -> IntArray:
        """The catchments after a walk that begins with them."""
        is_open = np.zeros(self.loads.pairs.sites, dtype=bool)
        is_open[draft.sites] = True
        hot, price = self._hot(draft.sites) / 2, PRESSURE / 2 * self.person(draft.sites)
        cooling = Cooling(3 * _steps(len(draft.assigned)), hot, hot / 20, price, seed)
        return np.asarray(annealed(self.ground, draft.assigned, is_open, cooling))

    def _take(self, draft: Draft, assigned: IntArray) -> None:
        found = self._draft(draft.sites, assigned)
        draft.assigned, draft.cost, draft.outside = found.assigned, found.cost, found.outside

    def _hot(self, sites: IntArray) -> float:
        """What sending a usual unit to its second nearest site costs."""
        return self.person(sites) * float(np.mean(self.ground.demand)) or 1.0

    def _group(self, draft: Draft, site: int, together: int) -> IntArray:
        """A site and those nearest to it by catchments that touch."""
        group, edge = [int(site)], [int(site)]
        while edge and len(group) < together:
            border = self._touching(draft.assigned, edge)
            edge = [j for j in border if j not in group]
            group += edge[: together - len(group)]
        return np.sort(np.asarray(group, dtype=np.int64))

    def _touching(self, assigned: IntArray, sites: list[int]) -> list[int]:
        """The catchments beside some, those with the longest common border first."""
        beside = [assigned[k] for i in np.flatnonzero(np.isin(assigned, sites)) for k in self.beside[i]]
        found, times = np.unique(np.asarray(beside, dtype=np.int64), return_counts=True)
        return [int(found[k]) for k in np.argsort(-times, kind="stable")]


def _steps(units: int) -> int:
    return min(STEPS_PER_UNIT * units, MOST_STEPS)


def ground_of(loads: Loads, start: IntArray, near: IntArray, home: IntArray) -> Ground:
    """An instance for the loops."""
    cost: FloatArray = np.full((loads.pairs.units, loads.pairs.sites), np.inf)
    cost[loads.pairs.unit, loads.pairs.site] = loads.cost
    return Ground(start, near, home, cost, loads.demand, loads.lower, loads.capacity)

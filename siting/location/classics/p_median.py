"""The p-median problem: p sites open, everybody at the nearest of them, the least weight times metres in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from siting.errors import SolverError
from siting.location import highs
from siting.location.classics import checks
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.contiguous import solve_contiguous
from siting.location.classics.lagrangean import FREE, OPEN, Rows, State, priced
from siting.location.classics.loads import loads_of
from siting.location.classics.p_median_program import covering, p_median_program
from siting.location.classics.p_median_tree import Hunt, Medians, hunted
from siting.location.classics.pairs import Pairs, nearest_open, pairs_of
from siting.location.classics.solution import CLOSED, SMALL, Search, Solution, assigned_metres
from siting.location.instance import BoolArray
from siting.location.program import Effort
from siting.study import FloatArray, IntArray

COVERED = 2_000_000
"""Pairs up to which a solver is asked for sites that reach everybody."""

WHOLE = 1e9
"""Values below this are told apart as whole numbers."""


def p_median(
    metres: FloatArray | Pairs,
    weight: FloatArray,
    p: int,
    *,
    fixed: Iterable[int] = (),
    contiguous: Adjacency | None = None,
    seconds: float = 60.0,
) -> Solution:
    """The p sites from which everybody is reached with the least weight times metres.

    metres (I, J), inf where a pair is not allowed, or Pairs; weight (I,); fixed are sites that are open. A unit
    without weight needs a site as well. Infeasible where p sites cannot reach everybody over allowed pairs.
    contiguous: units that touch, where catchments must be in one piece; then some do not go to the nearest site.
    Raises InputError on what makes no sense, SolverError where two methods disagree on a small problem.
    Source: Hakimi (1964), ReVelle and Swain (1970); solved by prices, interchange and a tree.
    """
    if contiguous is not None:
        loads = loads_of(metres, (weight, weight), (0.0, np.inf), p=p, fixed=fixed)
        return solve_contiguous(loads, contiguous, seconds)
    return p_medians(metres, weight, fixed=fixed, seconds=seconds)(p)


def p_medians(
    metres: FloatArray | Pairs, weight: FloatArray, *, fixed: Iterable[int] = (), seconds: float = 60.0
) -> PMedians:
    """The problem of `p_median` for any p, to be called with p: what one p taught serves the next.

    seconds are for each p. A frontier is `frontier(p_medians(metres, weight), range(1, 31))`.
    """
    pairs = pairs_of(metres)
    weight = checks.column("weight", weight, pairs.units)
    sites = checks.positions("fixed", fixed, pairs.sites)
    cost = np.repeat(weight, np.diff(pairs.start))
    cost *= pairs.metres
    problem = _problem(pairs, weight, sites, cost)
    return PMedians(pairs, weight, sites, seconds, problem, _are_whole(cost, problem.most))


@dataclass(slots=True)
class PMedians:
    """The p-median problem for any p. pays (I,) and open are where the last search ended."""

    pairs: Pairs
    weight: FloatArray
    fixed: IntArray
    seconds: float
    problem: Medians
    is_whole: bool
    pays: FloatArray | None = None
    open: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __call__(self, p: int) -> Solution:
        """The p-median for one p."""
        p = checks.count(p, self.fixed, self.pairs.sites)
        search = Search(self.pairs.units, self.seconds, self.is_whole)
        hunt = Hunt(self.problem, p, search, lambda plan: self._offer(search, plan), lambda: self._cover(search, p))
        if (np.diff(self.pairs.start) == 0).any():
            search.prove(np.inf)
        else:
            self._hunt(hunt)
        if len(self.pairs) <= SMALL:
            self._agree(search, p)
        return search.solution()

    def _hunt(self, hunt: Hunt) -> None:
        state = self._state(hunt.p)
        hunted(hunt, state)
        self.pays, self.open = state.pays, hunt.search.open

    def _state(self, p: int) -> State:
        """Where a search for p begins: prices and sites of the last one, as far as they go."""
        sites = self.pairs.sites
        pays = _second_nearest(self.problem.rows, sites, p) if self.pays is None else self.pays
        gain = np.zeros(sites)
        priced(self.problem.rows, pays, gain)
        rank = np.ones(sites)
        rank[self.open], rank[self.fixed] = 0.0, -1.0
        plan = np.zeros(sites, dtype=bool)
        plan[np.lexsort((gain, rank))[:p]] = True
        standing = np.where(self.problem.is_fixed, OPEN, FREE).astype(np.int8)
        return State(pays, standing, plan.astype(float), plan)

    def _offer(self, search: Search, plan: BoolArray) -> bool:
        """Take a plan if everybody has a site and it is better, added up from the pairs."""
        pair = nearest_open(self.pairs.start, self.pairs.site, plan)
        if (pair < 0).any():
            return False
        value = assigned_metres(pair, self.weight, self.pairs.metres[pair])
        return search.offer(np.flatnonzero(plan), self.pairs.site[pair].astype(np.int64), value)

    def _cover(self, search: Search, p: int) -> BoolArray | None:
        """Some p sites that reach everybody, if they are found; where there are none, the search is told."""
        if len(self.pairs) > COVERED:
            return None
        effort = Effort(nodes=1_000, seconds=search.left / 2)
        outcome = highs.solve(covering(self.pairs, p, self.fixed), effort)
        if outcome.status == "infeasible":
            search.prove(np.inf)
        return None if outcome.x is None else outcome.x > 0.5

    def _agree(self, search: Search, p: int) -> None:
        """Solve the problem once more as one program. Raises SolverError where it says something else."""
        outcome = highs.solve(p_median_program(self.pairs, self.weight, p, self.fixed), Effort(seconds=self.seconds))
        bound = np.inf if outcome.status == "infeasible" else outcome.bound
        room = CLOSED * max(1.0, abs(outcome.value) if outcome.x is not None else 1.0)
        if search.value < bound - room or search.bound > outcome.value + room:
            ours = f"value {search.value}, bound {search.bound}"
            raise SolverError(f"p-median, p = {p}: {ours}; as one program value {outcome.value}, bound {bound}")


def _problem(pairs: Pairs, weight: FloatArray, fixed: IntArray, cost: FloatArray) -> Medians:
    """A unit without weight that may go anywhere does not count."""
    is_fixed = np.zeros(pairs.sites, dtype=bool)
    is_fixed[fixed] = True
    length = np.diff(pairs.start)
    counts = (weight > 0) | (length < pairs.sites)
    rows = Rows(pairs.start.astype(np.int64), pairs.site.astype(np.int32), cost)
    if not counts.all():
        keep = np.repeat(counts, length)
        rows = Rows(np.concatenate(([0], np.cumsum(length[counts]))), rows.site[keep], cost[keep])
    dearest = cost[pairs.start[1:][length > 0] - 1]
    pace = weight[counts]
    pace[pace == 0] = pace[pace > 0].min(initial=1.0)
    return Medians(rows, pace, is_fixed, 1.0 + 10.0 * dearest.max(initial=0.0), 1.0 + 1.001 * dearest.sum())


def _are_whole(cost: FloatArray, most: float) -> bool:
    """Whether every answer is a whole number that sums of prices can be told from the next."""
    return most < WHOLE and bool((cost == np.rint(cost)).all())


def _second_nearest(rows: Rows, sites: int, p: int) -> FloatArray:
    """What the second nearest of p sites costs each unit (I,), were they spread evenly."""
    last = np.diff(rows.start) - 1
    return rows.cost[rows.start[:-1] + np.minimum(last, 2 * sites // p)]

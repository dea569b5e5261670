"""Trees over what opens: first over how many, then over which, with the linear program at every node.

Where units may be split, what is whole are a few openings, and a linear program comes nearly as good as they do once it
is settled how many are new and how many are extended: half a school is cheap, but half of one more in the sum is not.
So sums are branched on before single sites. Every node goes on from the last corner with other limits, and its bound
is what its prices prove. Source: A. Land and A. Doig, An automatic method of solving discrete programming problems,
1960.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from siting.location.highs import Answer, Standing, checked
from siting.location.instance import BoolArray
from siting.location.program import Effort, Late, Outcome, Program
from siting.study import FloatArray, IntArray

WHOLE = 1e-6
"""How far from a whole number is whole."""

SAME = 1e-9
"""Share of a value by which a better one must be better."""


@dataclass(frozen=True, slots=True, order=True)
class _Node:
    """Limits (N,) of the unknowns, and a bound from the node before; born is its turn, the later first among equals."""

    bound: float
    born: int
    lower: FloatArray = field(compare=False)
    upper: FloatArray = field(compare=False)


def search(program: Program, late: Late, sums: Sequence[IntArray], effort: Effort, above: float = np.inf) -> Outcome:
    """The best plan and the bound of a program in which few unknowns are whole.

    late are rows of which few matter; sums are families of whole unknowns whose sums are branched on first. A plan
    worth more than above is of no use. Raises SolverError where a plan does not keep the rows.
    """
    said = _Tree(program.with_sums(sums), len(program.cost), late, effort, above).search()
    return checked(program, said if said.x is None else replace(said, x=said.x[: len(program.cost)]))


@dataclass(frozen=True, slots=True)
class Left:
    """Plans that are left: none of them is worth less than bound, and all keep the limits (N,) of the unknowns."""

    bound: float
    lower: FloatArray
    upper: FloatArray


def listed(
    program: Program, late: Late, sums: Sequence[IntArray], effort: Effort, above: Callable[[], float]
) -> list[Left]:
    """Where all plans are that are worth less than above, as of search: every choice of what is whole by itself, or
    several together where the effort ends before. above is asked again and again, and may fall."""
    listing = _Listing(program.with_sums(sums), len(program.cost), late, effort, above)
    listing.search()
    width = len(program.cost)
    return [Left(node.bound, node.lower[:width], node.upper[:width]) for node in listing.left + listing.ended]


class _Tree:
    """A tree being searched: nodes that are left, the best plan so far, and the least bound of what was given up."""

    def __init__(self, program: Program, first_sum: int, late: Late, effort: Effort, above: float) -> None:
        self.program, self.first_sum, self.effort = program, first_sum, effort
        self.until = time.perf_counter() + effort.seconds
        self.standing = Standing(program, late, effort.seconds)
        self.single = program.is_whole & (np.arange(len(program.cost)) < first_sum)
        self.budgets = _rows_of(program, self.single)
        self.left: list[_Node] = []
        self.born = count()
        self.x: FloatArray | None = None
        self.value, self.given_up = above, np.inf

    def search(self) -> Outcome:
        """Node after node, from each to one that follows from it, else to the one with the least bound."""
        node: _Node | None = self._node(-np.inf, self.program.lower, self.program.upper)
        nodes = 0
        while node is not None and nodes < self.effort.nodes and time.perf_counter() < self.until:
            nodes += 1
            node = self._followed(node) or self._next()
        if node is not None:
            heapq.heappush(self.left, node)
        return self._outcome()

    def _outcome(self) -> Outcome:
        bound = min([self.value, self.given_up, *(node.bound for node in self.left)])
        is_over = bound >= self._enough()
        status = "stopped early" if not is_over else "optimal" if np.isfinite(bound) else "infeasible"
        return Outcome(status, self.x, self.value if self.x is not None else np.inf, bound)

    def _enough(self) -> float:
        """The bound from which on a node is of no use."""
        if not np.isfinite(self.value):
            return np.inf
        share = self.effort.gap if self.x is not None else 0.0
        return self.value - max(share * abs(self.value), SAME * max(1.0, abs(self.value)))

    def _node(self, bound: float, lower: FloatArray, upper: FloatArray) -> _Node:
        return _Node(bound, -next(self.born), lower, upper)

    def _next(self) -> _Node | None:
        return heapq.heappop(self.left) if self.left and self.left[0].bound < self._enough() else None

    def _followed(self, node: _Node) -> _Node | None:
        """The node asked; one that follows from it, the other is left."""
        answer, place = self._asked(node)
        if place >= 0 and self.x is None and node.born == 0:
            self._rounded_up(answer.said.x)
        bound = max(node.bound, answer.bound)
        is_of_use = bound < self._enough() and np.isfinite(answer.bound)
        if place >= 0 and is_of_use:
            return self._branched(node, bound, place, float(answer.said.x[place]))
        self.given_up = min(self.given_up, bound)
        if is_of_use:
            self._keep(answer.said.x)
        return None

    def _asked(self, node: _Node) -> tuple[Answer, int]:
        """What the program answers in a node, and the unknown to branch on: -1 where all are whole."""
        self.standing.limit(node.lower, node.upper)
        answer = self.standing.ask(self._enough(), is_rough=True)
        place = self._branching(answer)
        if place < 0 and np.isfinite(answer.bound):
            answer = self.standing.ask(self._enough())
            place = self._branching(answer)
        return answer, place

    def _rounded_up(self, x: FloatArray) -> None:
        """A first plan, with whatever is open in part: where sums and budgets allow it, it may be as good as any."""
        whole = np.where(self.single, np.ceil(x - WHOLE), 0.0)
        if self.program.excess(whole)[self.budgets].max(initial=0.0) > WHOLE:
            return
        self.standing.limit(
            *(np.where(self.single, whole, limit) for limit in (self.program.lower, self.program.upper))
        )
        answer = self.standing.ask(self._enough())
        if np.isfinite(answer.bound) and answer.bound < self._enough():
            self._keep(answer.said.x)

    def _keep(self, x: FloatArray) -> None:
        whole = np.where(self.program.is_whole, np.round(x), x)
        value = float(self.program.cost @ whole)
        if value < self.value:
            self.x, self.value = whole, value

    def _branching(self, answer: Answer) -> int:
        """The unknown to branch on: the last sums first, then what is farthest from whole; -1 where all are whole, or
        there is no answer."""
        if not np.isfinite(answer.bound):
            return -1
        x = answer.said.x
        off = np.where(self.program.is_whole, np.abs(x - np.round(x)), 0.0)
        split = np.flatnonzero(off > WHOLE)
        if len(split) == 0:
            return -1
        sums = split[split >= self.first_sum]
        return int(sums[0] if len(sums) else split[np.argmax(off[split])])

    def _branched(self, node: _Node, bound: float, place: int, at: float) -> _Node:
        """The side that is nearer, of a single site the one where it opens; the other is left."""
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[place], upper[place] = np.ceil(at), np.floor(at)
        is_up = place < self.first_sum or at - np.floor(at) >= 0.5
        above, below = (lower, node.upper), (node.lower, upper)
        heapq.heappush(self.left, self._node(bound, *(below if is_up else above)))
        return self._node(bound, *(above if is_up else below))


class _Listing(_Tree):
    """A tree in which no plan makes others useless: what is whole in an answer is branched on all the same, until
    prices settle every single unknown. The least bound comes first."""

    def __init__(
        self, program: Program, first_sum: int, late: Late, effort: Effort, above: Callable[[], float]
    ) -> None:
        super().__init__(program, first_sum, late, effort, np.inf)
        self.above = above
        self.ended: list[_Node] = []

    def _enough(self) -> float:
        return self.above()

    def _followed(self, node: _Node) -> _Node | None:
        answer, place = self._asked(node)
        bound = max(node.bound, answer.bound)
        if bound >= self._enough() or answer.bound == np.inf:
            return None
        if answer.bound == -np.inf:
            self.ended.append(replace(node, bound=bound))
            return None
        node = self._settled(replace(node, bound=bound), answer)
        free = np.flatnonzero(self.single & (node.lower < node.upper))
        if place < 0 and len(free) == 0:
            self.ended.append(node)
            return None
        if place < 0:  # an open one stays open; where there is none, a closed one closed
            place, at = int(free[np.argmax(answer.said.x[free])]), 0.5
        else:
            at = float(answer.said.x[place])
        heapq.heappush(self.left, self._branched(node, bound, place, at))
        return None

    def _settled(self, node: _Node, answer: Answer) -> _Node:
        """The node with every single unknown fixed that prices fix: otherwise it would cost too much."""
        dearer, room = self.program.dearer(answer.said.row), max(self._enough() - answer.bound, 0.0)
        lower = np.where(self.single & (-dearer > room), node.upper, node.lower)
        upper = np.where(self.single & (dearer > room), node.lower, node.upper)
        return replace(node, lower=lower, upper=upper)


def _rows_of(program: Program, some: BoolArray) -> IntArray:
    """Rows in which nothing but some unknowns (N,) stands."""
    entries = abs(program.matrix).sign()
    inside, every = entries @ some, entries.sum(axis=1)
    return np.flatnonzero((inside == every) & (every > 0))

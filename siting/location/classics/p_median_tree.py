"""The search for p medians: prices and interchange first, then a tree over the sites that are left in doubt.

Source: the tree of Christofides and Beasley (1982), best bound first, a site open in one branch and shut in the other.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siting.location import highs
from siting.location.classics.interchange import interchange
from siting.location.classics.lagrangean import (
    FREE,
    OPEN,
    SHORTEST,
    SHUT,
    Climb,
    Rows,
    StandingArray,
    State,
    ascend,
    narrowed,
)
from siting.location.classics.p_median_program import narrow_program
from siting.location.classics.solution import CLOSED, Search
from siting.location.instance import BoolArray
from siting.study import FloatArray

NODES = 20_000
"""Nodes of the tree after which the search ends."""

QUICK = 100
"""Nodes of a first tree, whose prices are stepped along, and of a second, whose prices a linear program says."""

EXACT = 50_000
"""Pairs up to which a linear program says prices."""

LENGTH = 1.5
"""Length of the first step: this share of the way to the target."""

STEPS = 100
"""Steps between two looks at the clock, and at a node of the tree."""

ROUNDING = 1e-3
"""A bound this much above a whole number lies above it."""

SWAPS = 50
"""Swaps between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Medians:
    """What does not change while p medians are sought: rows of costs; pace (I,) how fast prices move; is_fixed (J,);
    lacking, what a unit costs that has no open site; most, what no answer is worth more than."""

    rows: Rows
    pace: FloatArray
    is_fixed: BoolArray
    lacking: float
    most: float


@dataclass(frozen=True, slots=True)
class Hunt:
    """One search: the problem, p, where the search stands. offer takes a plan, cover finds one that reaches all."""

    problem: Medians
    p: int
    search: Search
    offer: Callable[[BoolArray], object]
    cover: Callable[[], BoolArray | None]

    @property
    def cut(self) -> float:
        """A bound from which on nothing better than the best answer is left."""
        value = self.search.value
        if value == np.inf:
            return self.problem.most
        return value - 1 + ROUNDING if self.search.is_whole else value - CLOSED / 2 * max(1.0, value)

    def improve(self, rows: Rows, plan: BoolArray, must_stay: BoolArray) -> None:
        """Interchange from a plan of p sites, in place, and offer what comes of it."""
        while interchange(rows, self.problem.lacking, plan, must_stay, SWAPS) == SWAPS and self.search.left > 0:
            pass
        self.offer(plan)

    def reach(self) -> None:
        """Begin with any plan that reaches everybody, where none was found."""
        plan = self.cover() if self.search.assigned is None else None
        if plan is not None:
            self.improve(self.problem.rows, plan, self.problem.is_fixed)

    def climb(self, length: float, steps: int = STEPS) -> Climb:
        """The next steps."""
        return Climb(self.p, float(self.cut), float(self.search.value), steps, length)

    def prove(self, bound: float) -> None:
        """Take a bound; one from which nothing is left to be found is the value of the best answer."""
        self.search.prove(self.search.value if bound >= self.cut else bound)


class Node(NamedTuple):
    """What is left to be searched: its bound, its number, and where its ascent ended."""

    bound: float
    number: int
    state: State


Better = Callable[[Hunt, Rows, Node], Node]


def hunted(hunt: Hunt, state: State) -> None:
    """Search from the prices and the plan of a state, whose prices end as the root's best."""
    hunt.improve(hunt.problem.rows, state.plan, hunt.problem.is_fixed)
    hunt.reach()
    rows, bound = _root(hunt, state)
    for better, nodes in ((_stepped, QUICK), (_priced, QUICK), (_stepped, NODES)):
        if bound < hunt.cut and hunt.search.left > 0:
            root = better(hunt, rows, Node(bound, 0, state))
            bound = _tree(hunt, rows, root, nodes, better)
    hunt.prove(bound)


def _root(hunt: Hunt, state: State) -> tuple[Rows, float]:
    """Ascend and interchange in turn, from long steps again after a better answer; the rows left, and the bound."""
    rows, bound, length, steps = hunt.problem.rows, -np.inf, LENGTH, STEPS
    while length >= SHORTEST and bound < hunt.cut and hunt.search.left > 0:
        value, began = hunt.search.value, time.perf_counter()
        reached = ascend(rows, hunt.problem.pace, state, hunt.climb(length, steps))
        steps = _steps_left(hunt.search.left, (time.perf_counter() - began) / steps)
        bound, length = max(bound, reached.bound), reached.length
        rows = narrowed(rows, state.standing)
        _interchange(hunt, rows, state)
        hunt.prove(bound)
        length = LENGTH if hunt.search.value < value else length
    return rows, bound


def _steps_left(left: float, each: float) -> int:
    """As many steps as the clock allows, where it allows less than usual."""
    return STEPS if left > STEPS * each else max(1, int(left / each))


def _interchange(hunt: Hunt, rows: Rows, state: State) -> None:
    """Interchange from the best choice and from the sites chosen most often."""
    often = np.zeros(len(state.plan), dtype=bool)
    often[np.lexsort((-state.share, -state.standing))[: hunt.p]] = True
    for plan in (state.plan, often):
        hunt.improve(rows, plan, state.standing == OPEN)


def _tree(hunt: Hunt, rows: Rows, root: Node, nodes: int, better: Better) -> float:
    """The least bound of what is left in the tree after so many nodes, best first."""
    heap, number = [root], 0
    while heap and heap[0].bound < hunt.cut and number < nodes and hunt.search.left > 0:
        node = heapq.heappop(heap)
        for standing in _branches(node.state):
            number += 1
            child = better(hunt, rows, Node(node.bound, number, _copy(node.state, standing)))
            if child.bound < hunt.cut:
                heapq.heappush(heap, child)
    return min([node.bound for node in heap], default=np.inf)


def _branches(state: State) -> list[StandingArray]:
    """The site most in doubt, once open and once shut."""
    doubt = np.where(state.standing == FREE, np.abs(state.share - 0.5), np.inf)
    site = int(doubt.argmin())
    branches = [state.standing.copy(), state.standing.copy()]
    branches[0][site], branches[1][site] = OPEN, SHUT
    return branches


def _copy(state: State, standing: StandingArray) -> State:
    return State(state.pays.copy(), standing, state.share.copy(), state.plan.copy())


def _stepped(hunt: Hunt, rows: Rows, node: Node, steps: int = STEPS) -> Node:
    """A node with its prices stepped along, and the best answer its plan leads to."""
    own = narrowed(rows, node.state.standing)
    reached = ascend(own, hunt.problem.pace, node.state, hunt.climb(LENGTH / 2, steps))
    if reached.bound < hunt.cut or reached.value < hunt.search.value:
        _interchange(hunt, own, node.state)
    return node._replace(bound=max(node.bound, reached.bound))


def _priced(hunt: Hunt, rows: Rows, node: Node) -> Node:
    """A node with the prices of its linear program, where steps alone do not close it."""
    node = _stepped(hunt, rows, node)
    own, state = narrowed(rows, node.state.standing), node.state
    if node.bound >= hunt.cut or len(own.site) > EXACT:
        return node
    said = highs.duals(narrow_program(own, state.standing, hunt.p), hunt.search.left)
    if len(said.row) == 0:
        return node
    state.pays[:] = said.row[: len(state.pays)]
    state.share[:] = said.x[: len(state.share)]
    node = _stepped(hunt, rows, node, 1)
    state.share[:] = said.x[: len(state.share)]
    return node

"""The search for p medians: prices and interchange first, then a tree over the sites that are left in doubt.

Source: the tree of Christofides and Beasley (1982), best bound first, a site open in one branch and shut in the other.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

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
from siting.location.classics.solution import CLOSED, Search
from siting.location.instance import BoolArray
from siting.study import FloatArray

NODES = 20_000
"""Nodes of the tree after which the search ends."""

LENGTH = 1.5
"""Length of the first step: this share of the way to the target."""

STEPS = 60
"""Steps between two looks at the clock, and at a node of the tree."""

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
    """One search: the problem, p, where the search stands; offer takes a plan, cover finds one that reaches everybody."""

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
        return value - 1 + 1e-6 if self.search.is_whole else value - CLOSED / 2 * max(1.0, value)

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

    def climb(self, length: float) -> Climb:
        """The next steps."""
        return Climb(self.p, float(self.cut), float(self.search.value), STEPS, length)

    def prove(self, bound: float) -> None:
        """Take a bound; one from which nothing is left to be found is the value of the best answer."""
        self.search.prove(self.search.value if bound >= self.cut else bound)


class Node(NamedTuple):
    """What is left to be searched: its bound, its number, and where its ascent ended."""

    bound: float
    number: int
    state: State


def hunted(hunt: Hunt, state: State) -> None:
    """Search from the prices and the plan of a state, which end as the root's best."""
    rows, bound = _root(hunt, state)
    if bound < hunt.cut:
        bound = _tree(hunt, rows, Node(bound, 0, state))
    hunt.prove(bound)


def _root(hunt: Hunt, state: State) -> tuple[Rows, float]:
    """Ascend and interchange in turn; the rows that are left, and the bound."""
    rows, bound, length = hunt.problem.rows, -np.inf, LENGTH
    while length >= SHORTEST and bound < hunt.cut and hunt.search.left > 0:
        reached = ascend(rows, hunt.problem.pace, state, hunt.climb(length))
        bound, length = max(bound, reached.bound), reached.length
        rows = narrowed(rows, state.standing)
        hunt.improve(rows, state.plan, state.standing == OPEN)
        hunt.reach()
        hunt.prove(bound)
    return rows, bound


def _tree(hunt: Hunt, rows: Rows, root: Node) -> float:
    """The least bound of what is left in the tree."""
    heap, number = [root], 0
    while heap and heap[0].bound < hunt.cut and number < NODES and hunt.search.left > 0:
        node = heapq.heappop(heap)
        for standing in _branches(node.state):
            number += 1
            child = _child(hunt, rows, node, standing, number)
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


def _child(hunt: Hunt, rows: Rows, node: Node, standing: StandingArray, number: int) -> Node:
    state = State(node.state.pays.copy(), standing, node.state.share.copy(), np.zeros(len(standing), dtype=bool))
    reached = ascend(narrowed(rows, standing), hunt.problem.pace, state, hunt.climb(LENGTH / 2))
    if reached.value < hunt.search.value:
        hunt.improve(rows, state.plan, hunt.problem.is_fixed)
    return Node(max(node.bound, reached.bound), number, state)

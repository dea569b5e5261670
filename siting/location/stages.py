"""Goals in strict order: each is solved, its value fixed, and the next one begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from siting.errors import SolverError
from siting.location.decision import Decision, News, StagedSolution, StageResult, Tell, measure, violations
from siting.location.instance import Instance
from siting.location.program import Outcome, Program
from siting.project import Goal
from siting.study import FloatArray

Search = Callable[[Program, FloatArray | None, Goal], Outcome]
"""Improves a start: program with its objective, the vector it starts from (None: from nothing), the goal's name."""


class Model(Protocol):
    """A formulation: a program, goals as objectives, and the way between decisions and unknowns."""

    @property
    def instance(self) -> Instance:
        """The question."""
        ...

    @property
    def program(self) -> Program:
        """The question as arrays, without an objective."""
        ...

    def cost(self, goal: Goal) -> FloatArray:
        """A goal as an objective."""
        ...

    def decision(self, x: FloatArray) -> Decision:
        """The decision behind the unknowns."""
        ...

    def unknowns(self, decision: Decision) -> FloatArray:
        """The unknowns of a decision."""
        ...


Touch = Callable[[Decision, Goal, bool], Decision]
"""Makes a decision no worse in the strict order, for the sake of one goal: before the search for it, or, where that
stopped early, after it."""


def solve_in_order(
    model: Model, start: Decision | None, search: Search, tell: Tell, method: str, touch: Touch | None = None
) -> StagedSolution | None:
    """The best decision found goal by goal, with each goal's value and bound; None where none was found at all.

    touch improves a decision before the search for a goal, and what a search that stopped early has left.
    Raises SolverError where a stage's decision is impossible, or is not worth what its program says.
    """
    one, program, decision = model.instance, model.program, start
    found: list[tuple[float, float]] = []
    for goal in one.goals:
        began = time.perf_counter()
        weights = model.cost(goal)
        if touch is not None and decision is not None:
            decision = touch(decision, goal, False)
        vector = None if decision is None else model.unknowns(decision)
        outcome = _searched(program.with_cost(weights), vector, goal, search)
        decision = _agreed(model, outcome, goal) if outcome.x is not None else decision
        if decision is None:
            return None
        if touch is not None and not _is_closed(measure(one, decision, goal), outcome.bound):
            decision = touch(decision, goal, True)
        found.append((outcome.bound, time.perf_counter() - began))
        value = measure(one, decision, goal)
        tell(News(goal, value, min(outcome.bound, value)))
        program = kept(program, weights, value, goal)
    return None if decision is None else StagedSolution(decision, results(one, decision, found), method)


def results(one: Instance, decision: Decision, found: list[tuple[float, float]]) -> tuple[StageResult, ...]:
    """The record of a decision; found holds bound and seconds of each goal."""
    return tuple(
        _result(goal, measure(one, decision, goal), bound, seconds)
        for goal, (bound, seconds) in zip(one.goals, found, strict=True)
    )


def _result(goal: Goal, value: float, bound: float, seconds: float) -> StageResult:
    is_closed = _is_closed(value, bound)
    least = value if is_closed else max(bound, 0.0)
    return StageResult(goal, value, least, "optimal" if is_closed else "stopped early", seconds)


def _is_closed(value: float, bound: float) -> bool:
    return value - bound <= 1e-6 * max(1.0, value)


def _searched(program: Program, start: FloatArray | None, goal: Goal, search: Search) -> Outcome:
    """A start that cannot be improved needs no search; no goal is ever below zero."""
    if start is not None and float(program.cost @ start) <= 1e-9:
        return Outcome("optimal", start, 0.0, 0.0)
    return search(program, start, goal)


def _agreed(model: Model, outcome: Outcome, goal: Goal) -> Decision:
    """The outcome's decision, after it was added up from the instance alone."""
    assert outcome.x is not None
    decision = model.decision(outcome.x)
    faults = violations(model.instance, decision)
    if faults:
        raise SolverError(f"stage {goal}: {'; '.join(faults[:3])}")
    value = measure(model.instance, decision, goal)
    if value > outcome.value + _rounding(model.instance, value, goal):
        raise SolverError(f"stage {goal}: the program says {outcome.value}, the plan adds up to {value}")
    return decision


def _rounding(one: Instance, value: float, goal: Goal) -> float:
    """How much less than its plan adds up to a program may say: a solver's unknown is whole within a millionth, and
    what is over or under is counted in people, so it is out by as much of the largest unit."""
    largest = float(one.residents.max(initial=1.0)) if goal in ("over", "under") else 1.0
    return 1e-5 * max(1.0, abs(value), largest)


def kept(program: Program, weights: FloatArray, value: float, goal: Goal) -> Program:
    """The program in which a goal may not become worse (by more than rounding)."""
    scale = float(np.abs(weights).max(initial=0.0))
    if scale == 0.0:
        return program
    slack = 1e-7 * max(1.0, value)
    return program.with_row(weights / scale, (value + slack) / scale, f"kept: {goal}")

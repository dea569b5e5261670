from __future__ import annotations

import numpy as np
import pytest
from location.test_program import three_by_two

from siting.errors import SolverError
from siting.location.assignment import assignment_model
from siting.location.construct import at_best
from siting.location.program import Outcome, Program
from siting.location.stages import solve_in_order
from siting.project import Goal
from siting.study import FloatArray


def _said_less_by(less: float) -> None:
    """A solver that leaves less over in the north than its plan adds up to: Ash and Birch are 800 on 700, 100 over."""
    one = three_by_two()
    model = assignment_model(one)
    plan = at_best(one, np.array([True, True]), np.array([True, False]))

    def search(program: Program, start: FloatArray | None, goal: Goal) -> Outcome:
        x = model.unknowns(plan)
        x[model.columns.over.start] -= less if goal == "over" else 0.0
        value = float(program.cost @ x)
        return Outcome("optimal", x, value, value)

    solution = solve_in_order(model, None, search, lambda news: None, "damaged")
    assert solution is not None
    assert {stage.goal: stage.value for stage in solution.stages}["over"] == pytest.approx(100.0)


def test_what_whole_numbers_are_rounded_by_is_no_wrong_claim() -> None:
    # Whole within a millionth: 600 residents times 1e-6 are 6e-4 people; the 600 of Ash allow 6e-3.
    _said_less_by(6e-4)


def test_a_tenth_of_a_person_is_a_wrong_claim() -> None:
    with pytest.raises(SolverError, match=r"stage over: the program says 99\.9, the plan adds up to 100"):
        _said_less_by(0.1)

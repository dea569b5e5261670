from __future__ import annotations

import numpy as np
from scipy import sparse

from siting.location.assignment import assignment_model
from siting.location.instance import Arcs, Budget, Instance
from siting.location.program import Program


def three_by_two() -> Instance:
    """Ash, Birch and Cedar; the school in the north can be extended, the plot in the south can be built on.

    Cedar reaches only the plot. Ash alone is larger than the upper bound.
    """
    return Instance(
        unit_id=("Ash", "Birch", "Cedar"),
        site_id=("north", "south"),
        residents=np.array([600.0, 200.0, 300.0]),
        pupils=np.array([60.0, 20.0, 30.0]),
        is_existing=np.array([True, False]),
        seats=np.array([70.0, 90.0]),
        extended_seats=np.array([100.0, np.nan]),
        upper=np.full(2, 500.0),
        extended_upper=np.array([700.0, 500.0]),
        arcs=Arcs(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([300.0, 400.0, 500.0, 600.0]), np.zeros(4)),
        lower=250.0,
        is_alone_free=True,
        budget=Budget(new=1, extend=1, extend_exact=True),
    )


def test_a_program_reads_as_text() -> None:
    program = Program(
        cost=np.array([3.0, -1.0, 0.0]),
        lower=np.array([0.0, -np.inf, 0.0]),
        upper=np.array([1.0, 4.5, np.inf]),
        is_whole=np.array([True, False, False]),
        matrix=sparse.csr_array(np.array([[1.0, -2.5, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])),
        row_lower=np.array([-np.inf, 1.0, 0.0]),
        row_upper=np.array([2.0, 1.0, 0.0]),
        sentences=(("at most", ("here",)), ("together", ("",))),
    )
    assert program.text(["plot", "walk", "slack"]).splitlines() == [
        "minimise | 3 plot - walk",
        "at most: here | plot - 2.5 walk <= 2",
        "together | walk + slack = 1",
        "row 0 | 0 = 0",
        "whole | 0 <= plot <= 1",
        "real | walk <= 4.5",
        "real | 0 <= slack",
    ]


def test_only_a_unit_that_may_lack_a_school_can() -> None:
    model = assignment_model(three_by_two())
    assert model.program.upper[model.columns.none].tolist() == [0.0, 0.0, 1.0]


def test_a_broken_row_is_named() -> None:
    model = assignment_model(three_by_two())
    x = np.zeros(model.columns.width)
    x[model.columns.pair], x[model.columns.extended] = [1, 1, 0, 1], 1
    x[model.columns.over], x[model.columns.under] = [200, 0], [0, 0]
    size, sentence = model.program.worst_row(x)
    # 600 + 200 in the north, at most 500 + 200 extended + 200 over; Cedar goes to a plot that is not open: 300 over.
    assert (size, sentence) == (300.0, "residents above the upper bound: south")

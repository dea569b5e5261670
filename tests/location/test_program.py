from __future__ import annotations

import numpy as np

from siting.location.assignment import assignment_model
from siting.location.instance import Arcs, Budget, Instance


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
        extended_upper=np.array([700.0, 500.0]),
        arcs=Arcs(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([300.0, 400.0, 500.0, 600.0]), np.zeros(4)),
        lower=250.0,
        upper=500.0,
        is_alone_free=True,
        budget=Budget(new=1, extend=1, extend_exact=True),
    )


def sentences() -> list[str]:
    """Every row as its sentence and its sum: coefficient and unknown by unknown."""
    model = assignment_model(three_by_two())
    at, program = model.columns, model.program
    names = [
        *("Ash>north", "Birch>north", "Birch>south", "Cedar>south"),
        *("no school: Ash", "no school: Birch", "no school: Cedar"),
        *("open south", "extend north"),
        *("over north", "over south", "seats over north", "seats over south", "under north", "under south"),
        "Ash shares",
    ]
    assert len(names) == at.width
    rows = program.matrix.toarray()
    return [
        f"{program.sentence(m)} | {program.row_lower[m]:g} <= "
        + " ".join(f"{w:+g} {name}" for w, name in zip(rows[m], names, strict=True) if w)
        + f" <= {program.row_upper[m]:g}"
        for m in range(len(rows))
    ]


def test_every_row_says_its_sentence() -> None:
    assert sentences() == [
        "assign: Ash | 1 <= +1 Ash>north +1 no school: Ash <= 1",
        "assign: Birch | 1 <= +1 Birch>north +1 Birch>south +1 no school: Birch <= 1",
        "assign: Cedar | 1 <= +1 Cedar>south +1 no school: Cedar <= 1",
        "only where open: Birch at south | -inf <= +1 Birch>south -1 open south <= 0",
        "only where open: Cedar at south | -inf <= +1 Cedar>south -1 open south <= 0",
        "without a school only where none is open: Cedar, south | -inf <= +1 no school: Cedar +1 open south <= 1",
        "residents above the upper bound: north | -inf <= "
        "+500 Ash>north +200 Birch>north -200 extend north -1 over north +100 Ash shares <= 500",
        "residents above the upper bound: south | -inf <= "
        "+200 Birch>south +300 Cedar>south -500 open south -1 over south <= 0",
        "a large unit shares: Ash with Birch | -inf <= +1 Ash>north +1 Birch>north -1 Ash shares <= 1",
        "pupils above the seats: north | -inf <= "
        "+60 Ash>north +20 Birch>north -30 extend north -1 seats over north <= 70",
        "pupils above the seats: south | -inf <= "
        "+20 Birch>south +30 Cedar>south -90 open south -1 seats over south <= 0",
        "residents below the lower bound: north | 250 <= +600 Ash>north +200 Birch>north +1 under north <= inf",
        "residents below the lower bound: south | 0 <= "
        "+200 Birch>south +300 Cedar>south -250 open south +1 under south <= inf",
        "budget: new builds | -inf <= +1 open south <= 1",
        "budget: extensions | 1 <= +1 extend north <= 1",
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

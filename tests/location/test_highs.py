from __future__ import annotations

import itertools
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
from scipy import sparse

from siting.errors import SolverError
from siting.location import highs
from siting.location.program import Outcome, Program

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "solver_regression"


def two_sites() -> Program:
    """Three plots at 2, 3 and 4; at least two must be built: 2 + 3 = 5."""
    return Program(
        cost=np.array([2.0, 3.0, 4.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        is_whole=np.ones(3, dtype=bool),
        matrix=sparse.csr_array(np.ones((1, 3))),
        row_lower=np.array([2.0]),
        row_upper=np.array([np.inf]),
        sentences=(("at least two", ("",)),),
    )


def test_an_answer_is_added_up_again() -> None:
    outcome = highs.solve(two_sites(), start=np.ones(3))
    assert outcome.status == "optimal" and outcome.x is not None
    assert outcome.x.tolist() == [1, 1, 0] and outcome.value == outcome.bound == 5.0


def test_what_cannot_be_is_called_infeasible() -> None:
    outcome = highs.solve(replace(two_sites(), row_lower=np.array([4.0])))
    assert outcome.status == "infeasible" and outcome.x is None


@pytest.mark.parametrize("seed", range(20))
def test_plans_that_are_worth_too_much_are_of_no_use(seed: int) -> None:
    chance = np.random.default_rng(seed)
    cost, rows = chance.integers(1, 30, 12).astype(float), chance.integers(0, 9, (3, 12)).astype(float)
    program = Program(
        cost, np.zeros(12), np.ones(12), np.ones(12, bool), sparse.csr_array(rows), rows.sum(1) / 2, np.full(3, np.inf)
    )
    plans = np.array(list(itertools.product((0.0, 1.0), repeat=12)))
    best = float((plans @ cost)[(plans @ rows.T >= rows.sum(1) / 2).all(axis=1)].min())
    for above in (best - 5.0, best - 0.5):
        said = highs.solve(program, above=above)
        assert said.x is None and said.status == "infeasible" and said.bound == above
    for above in (best, best + 0.5, best + 40.0):
        said = highs.solve(program, above=above)
        assert said.x is not None and said.value == best and said.bound == pytest.approx(best)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Outcome("optimal", np.array([1.0, 1.0, 0.0]), 4.0, 4.0), "claimed objective 4.0, plan costs 5.0"),
        (Outcome("optimal", np.array([1.0, 1.0, 0.0]), 5.0, 6.0), "claimed bound 6.0 above the plan's 5.0"),
        (Outcome("optimal", np.array([1.0, 0.0, 0.0]), 2.0, 2.0), "the plan breaks 'at least two' by 1.0"),
        (Outcome("optimal", np.array([1.0, 2.0, 0.0]), 8.0, 5.0), "the plan breaks 'column 1' by 1.0"),
    ],
)
def test_a_claim_that_does_not_fit_its_plan_is_refused(said: Outcome, words: str) -> None:
    with pytest.raises(SolverError, match=words):
        highs.checked(two_sites(), said)


def test_a_claim_that_fits_is_taken() -> None:
    assert highs.checked(two_sites(), Outcome("optimal", np.array([1.0, 1.0, 0.0]), 5.0, 5.0)).value == 5.0


def test_the_version_that_was_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "version", lambda: "1.16.0")
    with pytest.raises(SolverError, match=r"HiGHS 1\.16\.0 claims wrong optima"):
        highs.solve(two_sites())


def test_the_version_that_was_wrong_cannot_be_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [line for line in project["project"]["dependencies"] if line.startswith("highspy")]
    assert asked == ["highspy>=1.14,!=1.16.0"]
    assert highs.version() not in highs.REFUSED_VERSIONS


@pytest.mark.skipif(not (FOLDER / "start.txt").is_file(), reason="SITING_REFERENCE_DATA not set")
def test_village_groups_need_146_sites_however_the_search_starts() -> None:
    program = read_mps(FOLDER / "village_groups.mps")
    start = np.loadtxt(FOLDER / "start.txt")
    assert program.worst_row(start)[0] <= 1e-6
    outcome = highs.solve(program, start=start)
    assert outcome.status == "optimal"
    assert (outcome.value, outcome.bound) == (pytest.approx(146), pytest.approx(146))


def read_mps(path: Path) -> Program:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(path))
    model = solver.getLp()
    matrix = model.a_matrix_
    parts = (np.array(matrix.value_), np.array(matrix.index_), np.array(matrix.start_))
    shape = (model.num_row_, model.num_col_)
    is_rowwise = matrix.format_ == highspy.MatrixFormat.kRowwise
    body = (
        sparse.csr_array(parts, shape=shape) if is_rowwise else sparse.csr_array(sparse.csc_array(parts, shape=shape))
    )
    whole = [kind == highspy.HighsVarType.kInteger for kind in model.integrality_]
    return Program(
        cost=np.array(model.col_cost_),
        lower=np.array(model.col_lower_),
        upper=np.array(model.col_upper_),
        is_whole=np.array(whole),
        matrix=body,
        row_lower=np.array(model.row_lower_),
        row_upper=np.array(model.row_upper_),
    )

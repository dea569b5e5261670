"""The only place that has heard of HiGHS. Its word is taken for nothing that can be added up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import highspy
import numpy as np

from siting.errors import SolverError
from siting.location.program import Effort, Late, Outcome, Program
from siting.project import SEED
from siting.study import FloatArray, IntArray

REFUSED_VERSIONS = ("1.16.0",)
"""Given a feasible start, 1.16.0 claims 144 where the plan it returns costs 146."""

FEASIBLE = 1e-5
"""Largest violation of a row that is still called rounding, relative to the row's size."""

USUAL = Effort()

USUAL_TOLERANCE, CLOSER = 1e-6, 1e-9
"""How far whole unknowns and rows of a tree may be off. To the first alone, 1.15.1 says of a few programs that keep a
goal at its least that nothing is possible, though there is a plan that keeps every row."""

WIDE, TALL = 3_000, 1_000
"""Unknowns and rows above which a linear program is solved by interior points, which is some ten times faster there."""

LIFT = 1e-4
"""Share of its value by which rows that were broken must lift a linear program for others to be asked."""

BROKEN = 1e-6
"""How far off such a row is when it is broken."""

FEW_WHOLE = 0.5
"""Share of whole unknowns below which a tree begins so too: where most are whole, its searches want corners."""

PROBING = 1 << 15
"""The rule of its presolve that fixes whole unknowns one after another to see what follows: nothing does where a tree's
other unknowns are split units, and that takes as long as the program itself."""

News = Callable[[float, float], None]


def _fresh() -> highspy.Highs:
    return highspy.Highs()  # type: ignore[no-untyped-call]


def version() -> str:
    """The solver's version."""
    return str(_fresh().version())


def solve(
    program: Program,
    effort: Effort = USUAL,
    start: FloatArray | None = None,
    news: News | None = None,
    above: float = np.inf,
) -> Outcome:
    """Search a program. Raises SolverError where the claim and the returned plan disagree.

    A plan worth more than above is of no use: where no other is left, none is returned, and the bound is above.
    That no plan is possible is a claim that no plan shows to be wrong: it is believed where the search says so twice,
    once to the usual tolerance and once to a closer one.
    """
    if version() in REFUSED_VERSIONS:
        raise SolverError(f"HiGHS {version()} claims wrong optima when given a start; install another version")
    ask = _Ask(effort, start, news, above)
    said = _said(program, ask, USUAL_TOLERANCE)
    if said.status == "infeasible" and program.is_whole.any():
        said = _said(program, ask, CLOSER)
    if said.value <= above or above == np.inf:
        return said
    if said.status in ("optimal", "infeasible") or said.bound >= above:
        return Outcome("infeasible", None, np.inf, above)
    return replace(said, x=None, value=np.inf)


class _Ask(NamedTuple):
    """How a program is searched, as in solve."""

    effort: Effort
    start: FloatArray | None
    news: News | None
    above: float


def _said(program: Program, ask: _Ask, tolerance: float) -> Outcome:
    solver, start, news = _prepared(program, ask.effort), ask.start, ask.news
    solver.setOptionValue("mip_feasibility_tolerance", tolerance)
    solver.setOptionValue("objective_bound", float(ask.above))
    if start is not None:
        solver.setSolution(_as_solution(start))
    if news is not None:
        _listen(solver, news)
    solver.run()
    if _is_cut_off(solver):
        return Outcome("infeasible", None, np.inf, ask.above)
    return checked(program, claim(solver, program))


@dataclass(frozen=True, slots=True)
class Duals:
    """What the linear program answers: its solution (N,) and the price of every row (M,)."""

    x: FloatArray
    row: FloatArray


def duals(program: Program, seconds: float) -> Duals:
    """The prices of a program with nothing whole. They are hints: whoever builds a bound on them adds it up again."""
    solver = _prepared(program.relaxed(), Effort(seconds=seconds))
    if _is_large(program):
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("run_crossover", "off")
    solver.run()
    said = solver.getSolution()
    return Duals(*(np.asarray(part, dtype=float) for part in (said.col_value, said.row_dual)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a standing program answers: bound, the least its objective can be as its prices prove (inf: nothing is
    possible, -inf: it was not found out), and what the linear program says."""

    bound: float
    said: Duals


class Standing:
    """A linear program that is asked again and again, with other limits of its unknowns, and goes on from corner to
    corner. Of its late rows it has those that an answer has broken, with their kin."""

    def __init__(self, program: Program, late: Late, seconds: float) -> None:
        self._program, self._until = program, time.perf_counter() + seconds
        self._kin = np.full(len(program.row_lower), -1)
        self._kin[late.rows] = late.kin
        self._asked = np.flatnonzero(self._kin < 0)
        self._lower, self._upper = program.lower, program.upper
        self._corner: highspy.HighsBasis | None = None
        self._solver = _prepared(program.with_rows(self._asked).relaxed(), Effort(seconds=seconds))
        self._solver.setOptionValue("solver", "simplex")

    def limit(self, lower: FloatArray, upper: FloatArray) -> None:
        """Other limits (N,) from now on."""
        other = np.flatnonzero((lower != self._lower) | (upper != self._upper))
        if len(other):
            self._solver.changeColsBounds(len(other), other, lower[other], upper[other])
        self._lower, self._upper = lower, upper

    def ask(self, enough: float = np.inf, is_rough: bool = False) -> Answer:
        """The answer, or one whose bound is enough; is_rough: or one of fewer rows, where more hardly lift it."""
        bound = -np.inf
        while True:
            said, former = self._said(enough), bound
            bound = self._bound(said)
            if _is_cut_off(self._solver) and bound < enough:  # it says that it is enough, its prices do not prove it
                said = self._said(np.inf)
                bound = self._bound(said)
            is_still = is_rough and bound - former <= LIFT * max(1.0, abs(bound))
            if not np.isfinite(bound) or bound >= enough or is_still:
                return Answer(bound, said)
            broken = (self._kin >= 0) & (self._program.excess(said.x) > BROKEN)
            if not broken.any():
                return Answer(bound, said)
            self._add(np.flatnonzero((self._kin >= 0) & np.isin(self._kin, self._kin[broken])))

    def _said(self, enough: float) -> Duals:
        """What it answers, from the last corner that was best for something."""
        solver, status = self._solver, _status(self._solver)
        if self._corner is not None and status != "optimal":
            missing = len(self._asked) - len(self._corner.row_status)
            self._corner.row_status = [*self._corner.row_status, *[highspy.HighsBasisStatus.kBasic] * missing]
            solver.setBasis(self._corner)
        solver.setOptionValue("objective_bound", float(enough))
        solver.setOptionValue("time_limit", solver.getRunTime() + max(self._until - time.perf_counter(), 0.01))
        solver.run()
        if _status(solver) == "optimal":
            self._corner = solver.getBasis()
        said = solver.getSolution()
        return Duals(np.asarray(said.col_value, dtype=float), self._in_all(said.row_dual))

    def _in_all(self, price: Sequence[float]) -> FloatArray:
        """Prices of the rows that are asked, of all rows (M,)."""
        row = np.zeros(len(self._kin))
        if len(price) == len(self._asked):
            row[self._asked] = price
        return row

    def _bound(self, said: Duals) -> float:
        if _status(self._solver) == "infeasible":
            return np.inf if self._is_impossible() else -np.inf
        if _status(self._solver) != "optimal" and not _is_cut_off(self._solver):
            return -np.inf
        return self._within(self._program).least(said.row)

    def _within(self, program: Program) -> Program:
        return program.with_bounds(self._lower, self._upper)

    def _is_impossible(self) -> bool:
        """Whether prices prove it; where they do not, it is said once more from the start."""
        _, has_ray, ray = self._solver.getDualRay()  # type: ignore[attr-defined]
        free = self._within(self._program.with_cost(np.zeros_like(self._program.cost)))
        if has_ray and max(free.least(self._in_all(ray)), free.least(-self._in_all(ray))) > 0.0:
            return True
        self._solver.clearSolver()
        self._corner = None
        self._said(np.inf)
        return _status(self._solver) == "infeasible"

    def _add(self, rows: IntArray) -> None:
        more = self._program.with_rows(rows)
        entries = (more.matrix.nnz, more.matrix.indptr[:-1], more.matrix.indices, more.matrix.data)
        self._solver.addRows(len(rows), more.row_lower, more.row_upper, *entries)
        self._asked, self._kin[rows] = np.append(self._asked, rows), -1


def _is_cut_off(solver: highspy.Highs) -> bool:
    """Whether it says that nothing is better than the limit it was given."""
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kObjectiveBound)


def _is_large(program: Program) -> bool:
    return len(program.cost) > WIDE and len(program.row_lower) > TALL


def claim(solver: highspy.Highs, program: Program) -> Outcome:
    """What the solver says, in our words."""
    info = solver.getInfo()
    status = _status(solver)
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(solver.getSolution().col_value, dtype=float) if has_plan else None
    value = info.objective_function_value if has_plan else float("inf")
    bound = info.mip_dual_bound if program.is_whole.any() else (value if status == "optimal" else -np.inf)
    return Outcome(status, x, float(value), float(bound))


def checked(program: Program, said: Outcome) -> Outcome:
    """The claim with its value added up again; refused where plan, value and bound do not fit together."""
    if said.x is None:
        return said
    x = np.where(program.is_whole, np.round(said.x), said.x)
    value = float(program.cost @ x)
    _refuse_if(
        abs(value - said.value) > 1e-6 * max(1.0, abs(value)), f"claimed objective {said.value}, plan costs {value}"
    )
    _refuse_if(said.bound > value + 1e-6 * max(1.0, abs(value)), f"claimed bound {said.bound} above the plan's {value}")
    size, sentence = program.worst_row(x)
    scale = max(1.0, float(np.abs(program.matrix.data).max(initial=0.0)))
    _refuse_if(size > FEASIBLE * scale, f"the plan breaks '{sentence}' by {size}")
    return Outcome(said.status, x, value, min(said.bound, value))


def _refuse_if(is_wrong: bool, words: str) -> None:
    if is_wrong:
        raise SolverError(f"HiGHS {version()}: {words}")


def _prepared(program: Program, effort: Effort) -> highspy.Highs:
    solver = _fresh()
    for name, setting in {
        "output_flag": False,
        "threads": 1,
        "random_seed": SEED,
        "time_limit": float(max(effort.seconds, 0.01)),
        "mip_max_nodes": int(effort.nodes),
        "mip_rel_gap": effort.gap,
        "mip_abs_gap": 1e-6,
        "mip_allow_restart": effort.begins_again,
    }.items():
        solver.setOptionValue(name, setting)
    if _is_large(program) and program.is_whole.mean() < FEW_WHOLE:
        solver.setOptionValue("presolve_rule_off", PROBING)
        solver.setOptionValue("mip_lp_solver", "ipm")
    solver.passModel(_as_model(program))
    return solver


def _as_model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    matrix = program.matrix
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    if program.is_whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in program.is_whole]
    return model


def _as_solution(x: FloatArray) -> highspy.HighsSolution:
    solution = highspy.HighsSolution()
    solution.col_value = list(x)
    return solution


def _status(solver: highspy.Highs) -> str:
    words = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    }
    return words.get(solver.getModelStatus(), "stopped early")


def _listen(solver: highspy.Highs, news: News) -> None:
    def tell(event: highspy.HighsCallbackEvent) -> None:
        news(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    solver.cbMipImprovingSolution.subscribe(tell)

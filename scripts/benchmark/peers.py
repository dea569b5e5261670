"""What others make of the same work: spopt's p-median, and one plain program for covering. Installed by [bench]."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer's answer: its value, added up from the sites it opens, inf without an answer; whether it says optimal;
    its bound, nan where it says none; and the seconds it took, building its model included."""

    value: float
    is_optimal: bool
    bound: float
    seconds: float


def spopt_p_median(metres: Floats, weight: Floats, p: int, solver: str, seconds: float) -> Peer:
    """spopt's PMedian through PuLP; solver: HiGHS or CBC."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        from spopt.locate import PMedian

        began = time.perf_counter()
        maker = {"HiGHS": pulp.HiGHS, "CBC": pulp.PULP_CBC_CMD}[solver]
        model = PMedian.from_cost_matrix(metres, weight, p_facilities=p)
        status = model.problem.solve(maker(msg=False, timeLimit=max(seconds, 1.0)))
        took = time.perf_counter() - began
    opened = [j for j, is_open in enumerate(model.fac_vars) if (is_open.value() or 0.0) > 0.5]
    value = float(weight @ metres[:, opened].min(axis=1)) if len(opened) == p else float("inf")
    is_optimal = status == pulp.LpStatusOptimal and model.problem.sol_status == pulp.LpSolutionOptimal
    return Peer(value, is_optimal, float("nan"), took)


def plain_covering(reach: sparse.csr_array, weight: Floats | None, p: int, seconds: float) -> Peer:
    """Covering as one program given to HiGHS by SciPy: reach (I, J) in rows per unit; maximal with a weight and p,
    set covering without a weight."""
    began = time.perf_counter()
    units, sites = reach.shape
    if weight is None:
        cost = np.ones(sites)
        limits = [LinearConstraint(reach, 1.0, np.inf)]
    else:
        cost = np.concatenate([np.zeros(sites), -weight])
        told = sparse.hstack([reach, -sparse.eye_array(units)], format="csr")
        count = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(units)])[None, :])
        limits = [LinearConstraint(told, 0.0, np.inf), LinearConstraint(count, -np.inf, p)]
    whole = np.concatenate([np.ones(sites), np.zeros(len(cost) - sites)])
    spent = time.perf_counter() - began
    said = milp(
        cost, integrality=whole, bounds=Bounds(0.0, 1.0), constraints=limits, options={"time_limit": seconds - spent}
    )
    took = time.perf_counter() - began
    value = float("inf") if said.x is None else _covered(reach, weight, said.x[:sites] > 0.5)
    bound = float("nan") if said.mip_dual_bound is None else abs(float(said.mip_dual_bound))
    return Peer(value, said.status == 0, bound, took)


def _covered(reach: sparse.csr_array, weight: Floats | None, is_open: NDArray[np.bool_]) -> float:
    if weight is None:
        return float(is_open.sum())
    return float(weight[(reach @ is_open.astype(float)) > 0.5].sum())

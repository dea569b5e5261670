"""How evenly a plan treats people: distances to school over all residents of a programme."""

from __future__ import annotations

import math

import numpy as np

from siting.study import FloatArray


def quantile(metres: FloatArray, residents: FloatArray, share: float) -> float:
    """The least distance within which at least a share of the residents have their school.

    metres, residents (U,). Everybody of a unit stands at the unit's mean. Units without residents, or where nobody
    counted them, say nothing; no residents at all give nan, and inf is an answer: so many have no school to walk to.
    Source: definition 1 of Hyndman and Fan (1996), "Sample quantiles in statistical packages", with weights.
    """
    metres, residents = _lived_in(metres, residents)
    if not len(metres):
        return math.nan
    order = np.argsort(metres, kind="stable")
    reached = np.cumsum(residents[order])
    first = int(np.searchsorted(reached, share * reached[-1] * (1.0 - 1e-12)))
    return float(metres[order][min(first, len(order) - 1)])


def gini(metres: FloatArray, residents: FloatArray) -> float:
    """Gini coefficient of the distance to school: 0 where all walk the same way, near 1 where few walk everything.

    metres, residents (U,). G = sum over u, v of P_u P_v |d_u - d_v| / (2 P^2 mean(d)). Residents without a school
    (inf) are left out and told elsewhere; nobody left gives nan, nobody walking at all gives 0.
    Source: Gini (1912); for distances to facilities Drezner, Drezner and Guyse (2009), "Equitable service by a
    facility: minimizing the Gini coefficient". Computed from sorted distances.
    """
    metres, residents = _lived_in(metres, residents)
    is_served = np.isfinite(metres)
    metres, residents = metres[is_served], residents[is_served]
    everybody, walked = float(residents.sum()), float((residents * metres).sum())
    if everybody == 0:
        return math.nan
    if walked == 0:
        return 0.0
    order = np.argsort(metres, kind="stable")
    people, far = residents[order], metres[order]
    below = np.cumsum(people) - people
    above = everybody - below - people
    return float((people * far * (below - above)).sum() / (everybody * walked))


def mean(metres: FloatArray, residents: FloatArray) -> float:
    """Mean metres of residents who have a school, metres and residents (U,); nan where nobody has one."""
    metres, residents = _lived_in(metres, residents)
    is_served = np.isfinite(metres)
    everybody = float(residents[is_served].sum())
    return float((metres * residents)[is_served].sum()) / everybody if everybody > 0 else math.nan


def _lived_in(metres: FloatArray, residents: FloatArray) -> tuple[FloatArray, FloatArray]:
    somebody = (residents > 0) & ~np.isnan(metres)
    return metres[somebody], residents[somebody]

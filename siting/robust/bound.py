"""The least the leading goal can be in one scenario, whatever set of sites is chosen."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array, csr_array

from siting.network.distances import ROUNDING_M, bounded_distances
from siting.network.ground import Ground
from siting.network.snapping import snap
from siting.plan import TierPlan
from siting.programme.question import Question, ask
from siting.project import Programme
from siting.rules.gather import terms_for
from siting.run import Study
from siting.study import FloatArray

LEADING = "uncovered"
"""The only leading goal that a scenario's own bound speaks of for every set; of any other goal only 0 is known."""


def least_leading(study: Study, programme: Programme, free: TierPlan) -> float:
    """No set of sites within the budget leaves fewer residents uncovered; 0 where another goal leads.

    free is the scenario's own plan. A set forbids sites, and then units may be sent to schools that the free question
    does not let them use (their own is not built, or none of the near ones). The free plan's bound is therefore lowered
    by what such pairs could cover more than the schools that may be open anyway: those that stand there, and where new
    builds are unlimited all. Nor is less uncovered than with every site open.
    """
    if not free.stages or free.stages[0].goal != LEADING:
        return 0.0
    ground = Ground(study.area, study.network, study.points)
    question = ask(ground, programme, terms_for(study.book, programme), study.project)
    within, residents = _within(ground, question), question.instance.residents
    most = np.asarray(within.max(axis=1).toarray()).ravel() if within.nnz else np.zeros(len(residents))
    least = float((residents - np.minimum(most, residents)).sum())
    return max(least, free.stages[0].bound - float(_strayed(question, within).sum()), 0.0)


def _within(ground: Ground, question: Question) -> csr_array:
    """Residents of each unit (row) within the radius of each site (column); all where no distance is promised."""
    units, sites = len(question.unit), len(question.sites)
    if math.isinf(question.terms.radius_m):
        return csr_array(np.tile(question.instance.residents[:, None], (1, sites)))
    gates = snap(ground.network, question.sites.x, question.sites.y)
    near = bounded_distances(ground.network, gates, ground.points, question.terms.radius_m + ROUNDING_M)
    place = np.full(len(ground.area.units) + 1, -1)
    place[question.unit] = np.arange(units)
    unit = place[ground.area.points.unit[near.point]]
    site = np.repeat(np.arange(sites), np.diff(near.start))
    here = unit >= 0
    people = ground.area.points.residents[near.point]
    return coo_array((people[here], (unit[here], site[here])), shape=(units, sites)).tocsr()


def _strayed(question: Question, within: csr_array) -> FloatArray:
    """What each unit (I,) could have covered at most by pairs the question does not allow, above what its best school
    that may be open in any case covers."""
    one = question.instance
    arcs, standing = one.arcs, np.zeros(len(one.unit_id))
    covered = one.residents[arcs.unit] - arcs.uncovered
    stays = one.is_existing[arcs.site] | (question.terms.new is None)
    np.maximum.at(standing, arcs.unit[stays], covered[stays])
    pairs = within.tocoo()
    row, column = pairs.coords
    is_allowed = np.isin(row * len(one.site_id) + column, arcs.unit * len(one.site_id) + arcs.site)
    most = np.zeros(len(one.unit_id))
    np.maximum.at(most, row[~is_allowed], pairs.data[~is_allowed])
    return np.maximum(most - standing, 0.0)

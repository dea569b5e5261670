"""Units that lie close together as one, so that what holds for the clusters holds for the units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from siting.compiled import bare, compiled
from siting.location.instance import Arcs, Instance
from siting.study import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Clusters:
    """An instance whose units are clusters of another's: of (I,) says which.

    It is generous. Every decision of the first, read as shares of clusters, is one of the second that is worth no
    more in any goal but the walk: a cluster may go wherever one of its units may, with the best of their cover and
    the fewest of their pupils per resident. Roads are means, so a walk of clusters guides but bounds nothing.
    """

    instance: Instance
    of: IntArray

    @property
    def is_exact(self) -> bool:
        """Whether every cluster is a unit."""
        return len(self.instance.unit_id) == len(self.of)


def clustered(one: Instance, most: int) -> Clusters:
    """At most so many clusters; every unit its own where there are no more units."""
    if len(one.unit_id) <= most:
        return Clusters(one, np.arange(len(one.unit_id)))
    start = np.searchsorted(one.arcs.unit, np.arange(len(one.unit_id) + 1))
    of = _gathered(start, one.arcs.site, one.arcs.metres, _kind(one), most)
    return Clusters(_generous(one, of), of)


def _kind(one: Instance) -> IntArray:
    """Units of one kind may share a cluster (I,): those that may lack a school do so alone, as do those too large
    for some upper bound, and those without residents."""
    is_alone = one.may_lack | (one.residents > one.upper.min(initial=np.inf)) | (one.residents <= 0)
    return np.where(is_alone, 1 + np.arange(len(is_alone)), 0)


@compiled
def _gathered(start: IntArray, site: IntArray, metres: FloatArray, kind: IntArray, most: int) -> IntArray:
    """Farthest-first: the unit farthest from all centres becomes the next centre, the others go to the nearest."""
    units = len(start) - 1
    of, far, centre, count = np.zeros(units, np.int64), np.full(units, np.inf), 0, 0
    of[:] = -1
    while count < most or far[centre] == np.inf:
        for i in range(units):
            apart = _apart(start, site, metres, centre, i) if kind[i] == 0 and kind[centre] == 0 else np.inf
            if i == centre:
                apart = 0.0
            if apart < far[i]:
                far[i], of[i] = apart, count
        count += 1
        centre = int(np.argmax(far))
        if far[centre] == 0.0:
            break
    return of


@bare
def _apart(start: IntArray, site: IntArray, metres: FloatArray, i: int, k: int) -> float:
    """Largest difference of two units' roads to a site that both may use; inf where they share less than half."""
    a, b, apart, shared = start[i], start[k], 0.0, 0
    while a < start[i + 1] and b < start[k + 1]:
        if site[a] == site[b]:
            apart = max(apart, abs(metres[a] - metres[b]))
            shared += 1
        step_a, step_b = site[a] <= site[b], site[b] <= site[a]
        a, b = a + step_a, b + step_b
    most = max(start[i + 1] - start[i], start[k + 1] - start[k])
    return apart if 2 * shared >= most else np.inf


def _generous(one: Instance, of: IntArray) -> Instance:
    count, sites, arcs = int(of.max()) + 1, len(one.site_id), one.arcs
    residents = np.bincount(of, weights=one.residents, minlength=count).astype(np.float64)
    pupils = residents * _least(of, one.pupils, one.residents, count)
    cell, place = np.unique(of[arcs.unit] * sites + arcs.site, return_inverse=True)
    unit, site = cell // sites, cell % sites
    share = _least(place, arcs.uncovered, one.residents[arcs.unit], len(cell))
    metres = np.bincount(place, weights=arcs.metres) / np.bincount(place)
    return replace(
        one,
        unit_id=tuple(f"cluster {c}" for c in range(count)),
        residents=residents,
        pupils=pupils,
        arcs=Arcs(unit, site, metres, share * residents[unit]),
    )


def _least(group: IntArray, part: FloatArray, whole: FloatArray, count: int) -> FloatArray:
    """The least share part / whole in each group; 0 where there is no whole."""
    share = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    least = np.full(count, np.inf)
    np.minimum.at(least, group, share)
    return least

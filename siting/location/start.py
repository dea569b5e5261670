"""What a plan has decided, by the names of places and sites: where the search for a like question begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siting.location.construct import at_best, reaching_all
from siting.location.decision import Decision, violations
from siting.location.instance import BoolArray, Instance
from siting.study import IntArray


@dataclass(frozen=True, slots=True)
class Start:
    """Ids of the candidates a plan opens and of the schools it extends, and the site of every unit by its id."""

    opened: frozenset[str]
    extended: frozenset[str]
    site_of: Mapping[str, str]


def decision_from(one: Instance, start: Start) -> Decision | None:
    """The start as a decision on another question, as far as its places are there: units that are new, or whose site
    is gone, go to their best open one. None where it is not allowed here."""
    is_open = reaching_all(one, one.is_existing | _named(one, start.opened))
    decision = at_best(one, is_open, one.can_extend & _named(one, start.extended))
    stays = np.flatnonzero((one.arcs.site == site_before(one, start)[one.arcs.unit]) & is_open[one.arcs.site])
    decision.arc[one.arcs.unit[stays]] = stays
    return None if violations(one, decision) else decision


def site_before(one: Instance, start: Start) -> IntArray:
    """The site every unit had (I,), -1 for those that had none which is here."""
    row = {site: j for j, site in enumerate(one.site_id)}
    return np.array([row.get(start.site_of.get(unit, ""), -1) for unit in one.unit_id], dtype=np.int64)


def _named(one: Instance, ids: frozenset[str]) -> BoolArray:
    return np.array([site in ids for site in one.site_id], dtype=bool)

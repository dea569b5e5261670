"""Small villages that share a school, as set partitioning over every group that fits.

Where few villages lie within reach of a site, all groups can be listed, and choosing among them is far easier
than assigning pair by pair. Source: set partitioning, Garfinkel and Nemhauser (1969).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.location.decision import Decision
from siting.location.instance import BoolArray, Instance
from siting.location.program import Program, Rows
from siting.project import Goal
from siting.study import FloatArray, IntArray

MOST_GROUPS = 400_000


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of whole units at a site (G): site; arcs of its members in rows: start (G+1,), arc; residents."""

    site: IntArray
    start: IntArray
    arc: IntArray
    residents: FloatArray

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True, slots=True)
class GroupModel:
    """An instance as a choice among groups; the unknowns are the groups."""

    instance: Instance
    groups: Groups
    program: Program

    def cost(self, goal: Goal) -> FloatArray:
        """A goal as an objective (G,)."""
        one, groups = self.instance, self.groups
        if goal == "cost":
            return np.where(one.is_existing[groups.site], 0.0, one.cost_new)
        if goal == "under":
            return np.maximum(one.lower - groups.residents, 0.0)
        if goal == "over":
            return np.zeros(len(groups))
        per_arc = one.arcs.uncovered if goal == "uncovered" else one.residents[one.arcs.unit] * one.arcs.metres
        return _sums(groups, per_arc)

    def decision(self, x: FloatArray) -> Decision:
        """The decision a choice of groups stands for."""
        one, groups = self.instance, self.groups
        chosen = x > 0.5
        arcs = groups.arc[np.repeat(chosen, np.diff(groups.start))]
        arc = np.full(len(one.unit_id), -1)
        arc[one.arcs.unit[arcs]] = arcs
        is_open = one.is_existing.copy()
        is_open[groups.site[chosen]] = True
        return Decision(arc, is_open, np.zeros(len(one.site_id), dtype=bool))

    def unknowns(self, decision: Decision) -> FloatArray:
        """The groups of a decision. Empty if one of them is not listed."""
        wanted: dict[int, list[int]] = {int(j): [] for j in np.flatnonzero(decision.is_open)}
        for a in decision.arc[decision.arc >= 0]:
            wanted[int(self.instance.arcs.site[a])].append(int(a))
        keys = {(j, *sorted(arcs)) for j, arcs in wanted.items()}
        groups = self.groups
        rows = (
            (int(j), *groups.arc[a:b].tolist())
            for j, a, b in zip(groups.site, groups.start[:-1], groups.start[1:], strict=True)
        )
        return np.array([float(row in keys) for row in rows])


def list_groups(instance: Instance, most: int = MOST_GROUPS) -> Groups | None:
    """Every group of units that a site can serve without overflow; None where there would be too many.

    An existing site also has the empty group. A unit too large for the upper bound forms a group alone.
    """
    order = np.argsort(instance.arcs.site, kind="stable")
    bounds = np.searchsorted(instance.arcs.site[order], np.arange(len(instance.site_id) + 1))
    found: list[tuple[int, tuple[int, ...]]] = []
    for j in range(len(instance.site_id)):
        arcs = order[bounds[j] : bounds[j + 1]]
        room = most - len(found)
        listed = _groups_at(instance, j, arcs, room)
        if listed is None:
            return None
        found += [(j, members) for members in listed]
    return _packed(instance, found)


def _groups_at(one: Instance, j: int, arcs: IntArray, room: int) -> list[tuple[int, ...]] | None:
    """Subsets of a site's arcs within its bounds, each in rising order."""
    residents, pupils = one.residents[one.arcs.unit[arcs]], one.pupils[one.arcs.unit[arcs]]
    groups: list[tuple[int, ...]] = [()] if one.is_existing[j] else []
    open_ends: list[tuple[int, float, float, tuple[int, ...]]] = [(0, 0.0, 0.0, ())]
    while open_ends:
        first, people, children, members = open_ends.pop()
        for k in range(first, len(arcs)):
            total, seated = people + residents[k], children + pupils[k]
            is_alone = not members and one.is_alone_free
            if seated > one.seats[j] + 1e-9 or (total > one.upper + 1e-9 and not is_alone):
                continue
            grown = (*members, int(arcs[k]))
            groups.append(grown)
            if len(groups) > room:
                return None
            if total <= one.upper:
                open_ends.append((k + 1, total, seated, grown))
    return groups


def _packed(one: Instance, found: list[tuple[int, tuple[int, ...]]]) -> Groups:
    start = np.cumsum([0, *(len(members) for _, members in found)])
    arc = np.array([a for _, members in found for a in members], dtype=np.int64)
    groups = Groups(np.array([j for j, _ in found], dtype=np.int64), start, arc, np.zeros(len(found)))
    residents = _sums(groups, one.residents[one.arcs.unit])
    return Groups(groups.site, start, arc, residents)


def _sums(groups: Groups, per_arc: FloatArray) -> FloatArray:
    """The sum over each group's members (G,)."""
    line = np.repeat(np.arange(len(groups)), np.diff(groups.start))
    return np.bincount(line, weights=per_arc[groups.arc], minlength=len(groups)).astype(np.float64)


def group_model(instance: Instance, groups: Groups) -> GroupModel:
    """Each unit in one chosen group, each existing site with one group, each candidate with at most one."""
    rows = Rows(len(groups))
    member = np.repeat(np.arange(len(groups)), np.diff(groups.start))
    unit = instance.arcs.unit[groups.arc]
    rows.add("assign", instance.unit_id, [(unit, member, np.ones(len(member)))], 1.0, 1.0)
    every = np.arange(len(groups))
    low = np.where(instance.is_existing, 1.0, -np.inf)
    rows.add("one group at", instance.site_id, [(groups.site, every, np.ones(len(groups)))], low, 1.0)
    _write_budget(rows, instance, groups)
    width = len(groups)
    program = rows.program(np.zeros(width), np.ones(width), np.ones(width, dtype=bool))
    return GroupModel(instance, groups, program)


def _write_budget(rows: Rows, one: Instance, groups: Groups) -> None:
    new = np.flatnonzero(~one.is_existing[groups.site])
    if np.isfinite(one.budget.new) and len(new):
        entry = (np.zeros(len(new), dtype=np.int64), new, np.ones(len(new)))
        low = one.budget.new if one.budget.new_exact else -np.inf
        rows.add("budget", ["new builds"], [entry], low, one.budget.new)


def best_covering(instance: Instance) -> BoolArray:
    """Pairs (A,) that leave no more of a unit uncovered than its best pair, up to the tolerance."""
    least = np.full(len(instance.unit_id), np.inf)
    np.minimum.at(least, instance.arcs.unit, instance.arcs.uncovered)
    allowed = least + instance.tolerance * instance.residents + 1e-6
    return instance.arcs.uncovered <= allowed[instance.arcs.unit]

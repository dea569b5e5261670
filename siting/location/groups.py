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
    """Groups of whole units at a site (G): site; arcs of its members in rows: start (G+1,), arc; residents;
    needs_extension where the members' children fill more than the seats the school has today."""

    site: IntArray
    start: IntArray
    arc: IntArray
    residents: FloatArray
    needs_extension: BoolArray

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
            return np.where(one.is_existing[groups.site], one.cost_extend * groups.needs_extension, one.cost_new)
        if goal == "under":
            return np.maximum(one.lower - groups.residents, 0.0)
        if goal == "over":
            return np.zeros(len(groups))
        per_arc = one.arcs.uncovered if goal == "uncovered" else one.residents[one.arcs.unit] * one.arcs.metres
        return _sums(groups.start, per_arc[groups.arc])

    def decision(self, x: FloatArray) -> Decision:
        """The decision a choice of groups stands for."""
        one, groups = self.instance, self.groups
        chosen = x > 0.5
        arcs = groups.arc[np.repeat(chosen, np.diff(groups.start))]
        arc = np.full(len(one.unit_id), -1)
        arc[one.arcs.unit[arcs]] = arcs
        is_open = one.is_existing.copy()
        is_open[groups.site[chosen]] = True
        is_extended = np.zeros(len(one.site_id), dtype=bool)
        is_extended[groups.site[chosen & groups.needs_extension]] = True
        return Decision(arc, is_open, is_extended)

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
    seats = one.extended_seats[j] if one.can_extend[j] else one.seats[j]
    groups: list[tuple[int, ...]] = [()] if one.is_existing[j] else []
    open_ends: list[tuple[int, float, float, tuple[int, ...]]] = [(0, 0.0, 0.0, ())]
    while open_ends:
        first, people, children, members = open_ends.pop()
        for k in range(first, len(arcs)):
            total, seated = people + residents[k], children + pupils[k]
            is_alone = not members and one.is_alone_free
            if seated > seats + 1e-9 or (total > one.upper + 1e-9 and not is_alone):
                continue
            grown = (*members, int(arcs[k]))
            groups.append(grown)
            if len(groups) > room:
                return None
            if total <= one.upper:
                open_ends.append((k + 1, total, seated, grown))
    return groups


def _packed(one: Instance, found: list[tuple[int, tuple[int, ...]]]) -> Groups:
    site = np.array([j for j, _ in found], dtype=np.int64)
    start = np.cumsum([0, *(len(members) for _, members in found)])
    arc = np.array([a for _, members in found for a in members], dtype=np.int64)
    residents = _sums(start, one.residents[one.arcs.unit[arc]])
    pupils = _sums(start, one.pupils[one.arcs.unit[arc]])
    return Groups(site, start, arc, residents, one.is_existing[site] & (pupils > one.seats[site] + 1e-9))


def _sums(start: IntArray, per_member: FloatArray) -> FloatArray:
    """The sum over each row's members (G,)."""
    return np.diff(np.concatenate([[0.0], np.cumsum(per_member)])[start])


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
    is_new = ~one.is_existing[groups.site]
    for word, counted, most, is_exact in (
        ("new builds", is_new, one.budget.new, one.budget.new_exact),
        ("extensions", groups.needs_extension, one.budget.extend, one.budget.extend_exact),
    ):
        places = np.flatnonzero(counted)
        if np.isfinite(most) and len(places):
            entry = (np.zeros(len(places), dtype=np.int64), places, np.ones(len(places)))
            rows.add("budget", [word], [entry], most if is_exact else -np.inf, most)


def best_covering(instance: Instance) -> BoolArray:
    """Pairs (A,) that leave no more of a unit uncovered than its best pair."""
    least = np.full(len(instance.unit_id), np.inf)
    np.minimum.at(least, instance.arcs.unit, instance.arcs.uncovered)
    return instance.arcs.uncovered <= least[instance.arcs.unit] + 1e-6

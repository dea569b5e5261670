"""Small villages that share a school, as set partitioning over every group that fits.

Where few villages lie within reach of a site, all groups can be listed, and choosing among them is far easier
than assigning pair by pair. Source: set partitioning, Garfinkel and Nemhauser (1969).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siting.compiled import compiled
from siting.location.decision import Decision
from siting.location.instance import BoolArray, Instance
from siting.location.program import Program, Rows
from siting.project import Goal
from siting.study import FloatArray, IntArray

MOST_GROUPS = 400_000
MOST_PER_PAIR = 30
"""Where sites hold so many units that there are more groups for every pair, pairs are far easier to choose among."""


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
        """Number of groups."""
        return len(self.site)


class _Doors(NamedTuple):
    """Pairs by site, start (J+1,): their residents and pupils, and what each site can hold."""

    start: IntArray
    residents: FloatArray
    pupils: FloatArray
    upper: FloatArray
    seats: FloatArray
    is_existing: BoolArray
    is_alone_free: bool


class _Sheet(NamedTuple):
    """Where groups are written: site and size (G,), places of the members one after another."""

    site: IntArray
    size: IntArray
    place: IntArray


@dataclass(frozen=True, slots=True)
class GroupModel:
    """An instance as a choice among groups. The unknowns are the groups, then the units without any pair (N)."""

    instance: Instance
    groups: Groups
    lacking: IntArray
    program: Program

    def cost(self, goal: Goal) -> FloatArray:
        """A goal as an objective (N,)."""
        lost = self.instance.residents[self.lacking] * (goal == "uncovered")
        return np.concatenate([self._group_cost(goal), lost])

    def _group_cost(self, goal: Goal) -> FloatArray:
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
        chosen = x[: len(groups)] > 0.5
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
        return np.array([*(float(row in keys) for row in rows), *np.ones(len(self.lacking))])


def list_groups(instance: Instance, most: int = MOST_GROUPS) -> Groups | None:
    """Every group of units that a site can serve without overflow; None where there would be too many.

    An existing site also has the empty group. A unit too large for the upper bound forms a group alone if it may.
    """
    one, most = instance, min(most, MOST_PER_PAIR * len(instance.arcs))
    order = np.argsort(one.arcs.site, kind="stable")
    start = np.searchsorted(one.arcs.site[order], np.arange(len(one.site_id) + 1)).astype(np.int64)
    doors = _Doors(start, *_weights(one, order), *_rooms(one), one.is_existing, one.is_alone_free)
    groups, members = _enumerate(doors, most, _blank(0, 0))
    if groups > most:
        return None
    sheet = _blank(groups, members)
    _enumerate(doors, most, sheet)
    return _packed(one, sheet.site, np.concatenate([[0], np.cumsum(sheet.size)]), order[sheet.place])


def _blank(groups: int, members: int) -> _Sheet:
    return _Sheet(np.empty(groups, np.int64), np.empty(groups, np.int64), np.empty(members, np.int64))


def _weights(one: Instance, order: IntArray) -> tuple[FloatArray, FloatArray]:
    unit = one.arcs.unit[order]
    return one.residents[unit], one.pupils[unit]


def _rooms(one: Instance) -> tuple[FloatArray, FloatArray]:
    """Residents and pupils each site can hold at its largest (J,)."""
    upper = np.where(one.can_extend, one.extended_upper, one.upper)
    seats = np.where(one.can_extend, one.extended_seats, one.seats)
    return upper + 1e-9, seats + 1e-9


@compiled
def _enumerate(doors: _Doors, most: int, sheet: _Sheet) -> tuple[int, int]:
    """Number of groups and of their members; written down too where there is space. Stops above most groups."""
    groups, members, keeps = 0, 0, len(sheet.site) > 0
    start = doors.start
    for j in range(len(start) - 1):
        if doors.is_existing[j]:
            if keeps:
                sheet.site[groups], sheet.size[groups] = j, 0
            groups += 1
        stack = np.empty(start[j + 1] - start[j] + 1, np.int64)
        people, children = np.zeros(len(stack)), np.zeros(len(stack))
        depth, k = 0, start[j]
        while depth > 0 or k < start[j + 1]:
            if k == start[j + 1]:
                depth -= 1
                k = stack[depth] + 1
                continue
            total, seated = people[depth] + doors.residents[k], children[depth] + doors.pupils[k]
            is_within = total <= doors.upper[j]
            if seated <= doors.seats[j] and (is_within or (doors.is_alone_free and depth == 0)):
                stack[depth] = k
                if keeps:
                    sheet.site[groups], sheet.size[groups] = j, depth + 1
                    sheet.place[members : members + depth + 1] = stack[: depth + 1]
                groups, members = groups + 1, members + depth + 1
                if groups > most:
                    return groups, members
                if is_within:
                    depth += 1
                    people[depth], children[depth] = total, seated
            k += 1
    return groups, members


def _packed(one: Instance, site: IntArray, start: IntArray, arc: IntArray) -> Groups:
    residents = _sums(start, one.residents[one.arcs.unit[arc]])
    pupils = _sums(start, one.pupils[one.arcs.unit[arc]])
    is_free = (np.diff(start) == 1) & one.is_alone_free
    is_tight = (pupils > one.seats[site] + 1e-9) | ((residents > one.upper[site] + 1e-9) & ~is_free)
    return Groups(site, start, arc, residents, one.is_existing[site] & is_tight)


def _sums(start: IntArray, per_member: FloatArray) -> FloatArray:
    """The sum over each row's members (G,)."""
    return np.diff(np.concatenate([[0.0], np.cumsum(per_member)])[start])


def group_model(instance: Instance, groups: Groups) -> GroupModel:
    """Each unit in one chosen group, each existing site with one group, each candidate with at most one."""
    lacking = np.setdiff1d(np.arange(len(instance.unit_id)), instance.arcs.unit)
    every, width = np.arange(len(groups)), len(groups) + len(lacking)
    rows = Rows(width)
    member = np.repeat(np.arange(len(groups)), np.diff(groups.start))
    unit = instance.arcs.unit[groups.arc]
    entries = [
        (unit, member, np.ones(len(member))),
        (lacking, len(groups) + np.arange(len(lacking)), np.ones(len(lacking))),
    ]
    rows.add("assign", instance.unit_id, entries, 1.0, 1.0)
    low = np.where(instance.is_existing, 1.0, -np.inf)
    rows.add("one group at", instance.site_id, [(groups.site, every, np.ones(len(groups)))], low, 1.0)
    _write_budget(rows, instance, groups)
    program = rows.program(np.zeros(width), np.ones(width), np.ones(width, dtype=bool))
    return GroupModel(instance, groups, lacking, program)


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

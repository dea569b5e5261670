"""A frontier judged anew from its file and the plans of its points, by code that has never met the one that made it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from siting.plan import TierPlan
from siting.rules.verdict import Check
from siting.verify.flaws import Flaw, said_of, told_check
from siting.verify.stated import Stated, number, read_record, unlike
from siting.words import Phrase

FILE = "frontier.json"

LEADING = "uncovered"
"""The goal that a further new build never makes worse where it comes first."""

SOMEBODY = 0.5
"""Fewer people than this are nobody."""

FINE = 1e-6

SHAPE = {
    "programme": str, "announced": None, "goal": str, "enough": None, "is_enough_proved": bool,
    "points": [{
        "new": int, "built": int, "extended": int, "known": None, "least": None, "brings": None, "goals": dict,
    }],
}  # fmt: skip


def point_counts(text: str) -> tuple[int, ...]:
    """The numbers of new builds that a file speaks of; none where it is no frontier."""
    stated, damage = read_record(text, FILE, "siting frontier", SHAPE)
    return () if damage else tuple(dict.fromkeys(one["new"] for one in stated["points"]))


def programme_of(text: str) -> str:
    """The programme a file speaks of; "" where it is no frontier."""
    stated, damage = read_record(text, FILE, "siting frontier", SHAPE)
    return "" if damage else str(stated["programme"])


def verify_frontier(text: str, parts: Mapping[int, TierPlan], announced: Mapping[str, int | None]) -> tuple[Check, ...]:
    """Whether the text of frontier.json is what the plans of its points add up to.

    parts maps numbers of new builds to their plans; announced a programme to its budget's number. Checks FRONTIER-FILE
    first, alone where the file is none; then -POINTS (each number once, what it builds, every goal's value and bound),
    -GOAL, -KNOWN (known, least, brings) and -ENOUGH (enough, its proof, the announced number).
    """
    stated, damage = read_record(text, FILE, "siting frontier", SHAPE)
    damage = damage or [*_shape_flaws(stated, parts)]
    file = _check("FILE", damage, 1, Phrase("个文件完整", "file is whole"))
    if damage:
        return (file,)
    points = stated["points"]
    plans = [parts[one["new"]] for one in points]
    goal = _goal(plans)
    known, least = _lent(plans, goal)
    count = len(points)
    return (
        file,
        _check("POINTS", list(_point_flaws(points, plans)), count, Phrase("个方案如实写明", "points are as planned")),
        _check("GOAL", list(_goal_flaws(stated, plans, goal)), 1, Phrase("个目标选对", "goal is the right one")),
        _check("KNOWN", list(_known_flaws(points, known, least)), count, Phrase("个点的值与下界相符", "points add up")),
        _check("ENOUGH", list(_enough_flaws(stated, known, least, announced)), count, _ENOUGH),
    )


_ENOUGH = Phrase("个点的够用数、证明与公布数相符", "points bear out what is enough, its proof and what is announced")


def _check(name: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"FRONTIER-{name}", flaws, count, what, FILE)


def _shape_flaws(stated: Stated, parts: Mapping[int, TierPlan]) -> Iterator[Flaw]:
    """Points that are not 0, 1, 2, ... new builds, that have no plan, or one of another programme."""
    counts = [one["new"] for one in stated["points"]]
    if not counts or counts != list(range(len(counts))):
        yield said_of(
            "points", f"应为新建 0、1、2…… 所，实为 {counts}", f"should be 0, 1, 2, ... new builds, not {counts}"
        )
    for count in counts:
        if count not in parts or parts[count].programme != stated["programme"]:
            yield said_of(
                f"new_{count}", f"不是 {stated['programme']} 的方案", f"holds no plan of {stated['programme']}"
            )


def _point_flaws(points: Sequence[Stated], plans: Sequence[TierPlan]) -> Iterator[Flaw]:
    for one, part in zip(points, plans, strict=True):
        where = f"new_{one['new']}"
        for key, action in (("built", "new"), ("extended", "extend")):
            yield from unlike(where, key, float(sum(site.action == action for site in part.sites)), one[key])
        if one["built"] > one["new"]:
            yield said_of(where, f"建了 {one['built']} 所", f"builds {one['built']}")
        goals = [stage.goal for stage in part.stages]
        if list(one["goals"]) != goals:
            yield said_of(
                where,
                f"的目标应为 {'、'.join(goals)}，写为 {'、'.join(one['goals'])}",
                f"has the goals {', '.join(goals)}, told as {', '.join(one['goals'])}",
            )
            continue
        for stage in part.stages:
            told = one["goals"][stage.goal]
            said = told if isinstance(told, dict) else {}
            yield from unlike(where, f"{stage.goal} value", stage.value, said.get("value"), FINE)
            yield from unlike(where, f"{stage.goal} bound", stage.bound, said.get("bound"), FINE)


def _goal(plans: Sequence[TierPlan]) -> int:
    """The place of the first goal, projects aside, that is not nothing in every plan; the first where there is none."""
    for place, stage in enumerate(plans[0].stages):
        if stage.goal != "cost" and any(part.stages[place].value >= SOMEBODY for part in plans):
            return place
    return 0


def _goal_flaws(stated: Stated, plans: Sequence[TierPlan], goal: int) -> Iterator[Flaw]:
    name = plans[0].stages[goal].goal
    if stated["goal"] != name:
        yield said_of("goal", f"应为 {name}，写为 {stated['goal']}", f"should be {name}, and is {stated['goal']}")


def _lent(plans: Sequence[TierPlan], goal: int) -> tuple[list[float], list[float]]:
    """What every point is known to reach, and what it cannot beat.

    Where cover comes first and is looked at, fewer builds reach no less than more, so that points lend each other what
    they know: a value to all that build more, a bound to all that build fewer.
    """
    stages = [part.stages[goal] for part in plans]
    known, least = [one.value for one in stages], [min(one.bound, one.value) for one in stages]
    if goal == 0 and stages[0].goal == LEADING:
        every = range(len(stages))
        return [min(known[k] for k in every if k <= one) for one in every], [
            max(least[k] for k in every if k >= one) for one in every
        ]
    return known, least


def _known_flaws(points: Sequence[Stated], known: list[float], least: list[float]) -> Iterator[Flaw]:
    for place, one in enumerate(points):
        where = f"new_{one['new']}"
        brings = known[place - 1] - known[place] if place else math.nan
        yield from unlike(where, "known", known[place], one["known"], FINE)
        yield from unlike(where, "least", least[place], one["least"], FINE)
        yield from unlike(where, "brings", brings, one["brings"], FINE)
        if number(one["least"]) > number(one["known"]) + FINE * max(1.0, abs(number(one["known"]))):
            yield said_of(where, "的下界高于已知值", "has a bound above what is known")


def _enough_flaws(
    stated: Stated, known: list[float], least: list[float], announced: Mapping[str, int | None]
) -> Iterator[Flaw]:
    enough = next((count for count, value in enumerate(known) if value < SOMEBODY), None)
    is_proved = enough is not None and min(least[:enough], default=math.inf) >= SOMEBODY
    key = stated["programme"]
    if key not in announced:
        yield said_of(key, "不是研究文件的项目", "is no programme of the study")
    expected = {"enough": enough, "is_enough_proved": is_proved, "announced": announced.get(key)}
    for word, value in expected.items():
        if stated[word] != value:
            yield said_of(word, f"应为 {_said(value)}，写为 {_said(stated[word])}",
                          f"should be {_said(value)}, and is {_said(stated[word])}")  # fmt: skip


def _said(value: object) -> str:
    """A value as the file has it."""
    return "null" if value is None else str(value).lower()

"""A back-test judged anew from its file, both plans and the table of schools, by code that has never met its maker."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from siting.finished import Finished
from siting.plan import Stage
from siting.project import areas_of
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.verify.compared_changes import reach_flaws
from siting.verify.flaws import Flaw, said_of, told_check
from siting.verify.stated import Side, Stated, number, other_flaws, read_record, sides, told_flaws, unlike
from siting.words import Phrase

FILE = "backtest.json"
MARK = "real:"
FINE = 1e-6

_SITE = {"id": str, "name": str, "township": str, "year": None, "real_residents": None, "best_residents": None}
NUMBERS = ("real", "real_bound", "best", "best_bound", "regret", "at_least", "at_most")
SHAPE = {
    "programme": str, "tier": str, "area": str, "radius_m": None, "since": int, "built": int, "unknown": int,
    "goals": [{"goal": str, **dict.fromkeys(NUMBERS)}],
    "shared": [_SITE], "real_only": [_SITE], "best_only": [_SITE], "gained": None, "lost": None,
    "reach": [{"village_id": str, "name": str, "township": str, "residents": None, "gained": None, "lost": None}],
}  # fmt: skip


def question_of(text: str) -> tuple[str, int] | None:
    """The programme and the year a file looks back on; None where it is no back-test."""
    stated, damage = read_record(text, FILE, "siting backtest", SHAPE)
    return None if damage else (stated["programme"], stated["since"])


def verify_backtest(text: str, area: StudyArea, real: Finished, best: Finished) -> tuple[Check, ...]:
    """Whether the text of backtest.json is what both plans add up to.

    area is the study's own, where the schools still stand; real and best are the plans with the place they were made
    for. Checks BACKTEST-FILE first, alone where the file is none; then -PAST (each school opened since then is a place,
    built on by the one plan, and both build as many and extend nothing), -GOALS (values, bounds, regrets, what was
    saved), -SITES and -REACH.
    """
    stated, damage = read_record(text, FILE, "siting backtest", SHAPE)
    damage = damage or [*_plan_flaws(stated, real, best)]
    file = _check("FILE", damage, 1, Phrase("个文件完整", "file is whole"))
    if damage:
        return (file,)
    before, after = sides(real)[stated["programme"]], sides(best)[stated["programme"]]
    opened, count = _opened(stated, area, before), len(stated["goals"])
    unknown = sum(math.isnan(area.schools.opened_year[row]) for row in _own(area, before))
    past = list(_past_flaws(stated, opened, unknown, before, after))
    return (
        file,
        _check("PAST", past, len(opened), _PAST),
        _check("GOALS", list(_goal_flaws(stated["goals"], before, after)), count, Phrase("个目标相符", "goals add up")),
        _check("SITES", list(_site_flaws(stated, opened, before, after)), len(opened), _SITES),
        _check("REACH", list(_people_flaws(stated, before, after)), len(stated["reach"]), _REACH),
    )


_PAST = Phrase("所已开办的学校都作为备选地块", "schools that opened are places to choose among")
_SITES = Phrase("处实际校址与两个方案相符", "real places are as the plans have them")
_REACH = Phrase("个村的可达变化相符", "villages gain and lose reach as told")


def _check(name: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"BACKTEST-{name}", flaws, count, what, FILE)


def _plan_flaws(stated: Stated, *plans: Finished) -> Iterator[Flaw]:
    """Plans that do not answer the programme, and it alone."""
    key = stated["programme"]
    for word, judged in zip(("real", "best"), plans, strict=True):
        if [part.programme for part in judged.plan.parts] != [key] or list(sides(judged)) != [key]:
            yield said_of(word, f"不是 {key} 一个项目的方案", f"is no plan of {key} alone")


# --- the past ----------------------------------------------------------------------------------------------------


def _opened(stated: Stated, area: StudyArea, side: Side) -> Mapping[str, int]:
    """Schools of the programme that opened in or after the year, as the ids of their places, with their years."""
    return {
        MARK + area.schools.id[row]: int(area.schools.opened_year[row])
        for row in _own(area, side)
        if area.schools.opened_year[row] >= stated["since"]
    }


def _own(area: StudyArea, side: Side) -> list[int]:
    """Schools that the programme counts; one that lies in no unit is none of them."""
    schools, here, operators = area.schools, areas_of(side.programme.area), side.terms.operators
    return [
        row
        for row in range(len(schools))
        if schools.tier[row] == side.programme.tier
        and schools.unit[row] >= 0
        and area.units.area[schools.unit[row]] in here
        and (not operators or schools.operator[row] in operators)
    ]


def _past_flaws(stated: Stated, opened: Mapping[str, int], unknown: int, before: Side, after: Side) -> Iterator[Flaw]:
    for key, value in (("built", len(opened)), ("unknown", unknown)):
        if stated[key] != value:
            yield said_of(key, f"应为 {value}，写为 {stated[key]}", f"should be {value}, and is {stated[key]}")
    yield from told_flaws(_built(before), opened, Phrase("新建", "a new build of the real sites"))
    for word, side in (("real", before), ("best", after)):
        count, grown = len(_built(side)), int((side.sites["action"] == "extend").sum())
        if count != len(opened) or grown:
            yield said_of(
                word,
                f"的方案应新建 {len(opened)} 所、不扩建，实为 {count} 所、扩建 {grown} 所",
                f"should build {len(opened)} and extend none, and builds {count} and extends {grown}",
            )
        for school in set(side.sites.index) & {place.removeprefix(MARK) for place in opened}:
            yield said_of(school, f"仍在 {word} 方案中", f"still stands in the plan '{word}'")


def _built(side: Side) -> list[str]:
    return [str(id_) for id_ in side.sites.index[side.sites["action"] == "new"]]


# --- goals -------------------------------------------------------------------------------------------------------


def _goal_flaws(goals: Sequence[Stated], before: Side, after: Side) -> Iterator[Flaw]:
    """Numbers of each goal that are not those of the plans, and bounds that contradict a plan."""
    order = [stage.goal for stage in before.part.stages]
    if [one["goal"] for one in goals] != order or order != [stage.goal for stage in after.part.stages]:
        yield said_of("goals", f"应为 {'、'.join(order)}", f"should be {', '.join(order)}")
        return
    still = True
    for one, real, best in zip(goals, before.part.stages, after.part.stages, strict=True):
        slack = FINE * max(1.0, abs(real.value))
        if still and real.value < best.bound - slack:
            yield said_of(
                one["goal"],
                f"的下界 {best.bound:,.2f} 高于实际选址已达到的 {real.value:,.2f}",
                f"has a bound of {best.bound:,.2f}, and the real sites reach {real.value:,.2f}",
            )
        for key, value in _figures(real, best, still).items():
            yield from unlike(one["goal"], key, value, one[key], FINE)
        still = still and abs(real.value - best.value) <= FINE * max(1.0, abs(real.value), abs(best.value))


def _figures(real: Stage, best: Stage, still: bool) -> Mapping[str, float]:
    """What is to be told of a goal; still: whether the plans are equal in every goal before it."""
    low, high = real.bound - best.value, real.value - best.bound
    return {
        "real": real.value,
        "real_bound": real.bound,
        "best": best.value,
        "best_bound": best.bound,
        "regret": real.value - best.value,
        "at_least": (low if low > 0 else 0.0) if still else math.nan,
        "at_most": (high if high > 0 else 0.0) if still else math.nan,
    }


# --- sites and people ----------------------------------------------------------------------------------------------


def _site_flaws(stated: Stated, opened: Mapping[str, int], before: Side, after: Side) -> Iterator[Flaw]:
    real, best = set(_built(before)), set(_built(after))
    groups = {
        "shared": (real & best, Phrase("共有", "shared")),
        "real_only": (real - best, Phrase("仅实际", "real only")),
        "best_only": (best - real, Phrase("仅最好方案", "best only")),
    }
    for key, (expected, what) in groups.items():
        yield from told_flaws([row["id"] for row in stated[key]], expected, what)
        for row in stated[key]:
            if row["id"] in expected:
                yield from _row_flaws(row, opened, before.site.get(row["id"]), after.site.get(row["id"]))


def _row_flaws(row: Stated, opened: Mapping[str, int], before: Stated | None, after: Stated | None) -> Iterator[Flaw]:
    site = before or after or {}
    expected = {"name": site["name"], "township": site["township"], "year": opened.get(row["id"])}
    yield from other_flaws(row["id"], expected, row)
    for key, side in (("real_residents", before), ("best_residents", after)):
        yield from unlike(row["id"], key, math.nan if side is None else side["residents"], row[key])


def _people_flaws(stated: Stated, before: Side, after: Side) -> Iterator[Flaw]:
    yield from reach_flaws(stated["reach"], before, after)
    for key in ("gained", "lost"):
        yield from unlike("reach", key, sum(number(row[key]) for row in stated["reach"]), stated[key], FINE)

"""What is proved about a programme in plain words, and what is not: never more than its stages' bounds say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from siting.export.proof import PROVED, prove
from siting.filing.proposal.shown import many
from siting.plan import Stage, TierPlan
from siting.project import Programme, goal_name
from siting.rules.verdict import Check
from siting.words import Phrase

SAME = 1e-6
"""Points that are rounding."""


def is_proved(stage: Stage) -> bool:
    """Whether nothing better is possible: the search ended by itself, and value and bound are one."""
    return stage.status == "optimal" and not math.isnan(stage.bound) and stage.gap <= PROVED


def is_confirmed(part: TierPlan, checks: Iterable[Check]) -> bool:
    """Whether the verifier found the stages of a programme as they are written."""
    return any(one.rule == "PLAN-STAGES" and one.programme == part.programme and one.kept is True for one in checks)


def fewest(part: TierPlan, asked: Programme, checks: Iterable[Check]) -> Phrase:
    """Whether a plan with fewer projects is possible, as far as that is known."""
    if not is_confirmed(part, checks):
        return Phrase(
            "核查程序未能确认本类各目标的结果、下界与差距，因此不作“不存在更少的新建方案”的判断。",
            "The verifier could not confirm the goals' values, bounds and gaps, so nothing is said to be the fewest.",
        )
    at = next((row for row, stage in enumerate(part.stages) if stage.goal == "cost"), None)
    if at is None:
        return Phrase("研究没有把建设项目数列为目标，未作证明。", "Projects are no goal; nothing is proved of them.")
    return _fewest(part, asked, part.stages[at], premise(part, part.stages[:at]))


def _fewest(part: TierPlan, asked: Programme, stage: Stage, kept: Phrase) -> Phrase:
    if stage.status == "infeasible" or math.isnan(stage.bound) or math.isnan(stage.value):
        return Phrase(
            "求解没有得到建设项目数的下界，不能判断是否存在更少的新建方案。",
            "No bound on the number of projects was found; whether fewer would do is not known.",
        )
    value, bound = _points(stage, stage.value), _bare(stage, stage.bound)
    if not is_proved(stage):
        least = _least_new(part, asked, stage)
        return Phrase(
            f"尚未证明建设项目最少：{kept.zh}，本方案为{value.zh}，已知任何方案不低于{bound.zh}，差距 {stage.gap:.2%}，"
            f"可能存在更少的方案。{least.zh}",
            f"Not proved to be the fewest: {kept.en}, the plan has {value.en}; no plan can have less than {bound.en} "
            f"(gap {stage.gap:.2%}), so fewer may do.{least.en}",
        )
    fewer = _no_fewer(part, asked, stage)
    return Phrase(
        f"{fewer.zh}（已证明）：{kept.zh}，本方案为{value.zh}，任何方案都不低于{bound.zh}，差距 0。",
        f"{fewer.en} (proved): {kept.en}, the plan has {value.en} and no plan can have less than {bound.en}, gap 0.",
    )


def _no_fewer(part: TierPlan, asked: Programme, stage: Stage) -> Phrase:
    """What a proved sum of points says of new builds, where the points are those of the plan's own projects."""
    new, extend = part.count("new"), part.count("extend")
    if abs(_weighed(asked, new, extend) - stage.value) > SAME * max(1.0, stage.value):
        return Phrase("不存在建设项目计分更低的方案", "No plan has fewer points of projects")
    if not new and not extend:
        return Phrase("不需要任何建设项目", "No project is needed")
    if not new:
        return Phrase(
            f"不存在更少的建设方案：没有新建为 0 而扩建少于 {extend} 所的方案",
            f"No smaller plan exists: none without new builds has fewer than {many(extend, 'extension')}",
        )
    least = f"扩建不多于 {extend} 所" if extend else "不扩建"
    most = f"with at most {many(extend, 'extension')}" if extend else "without extensions"
    return Phrase(
        f"不存在更少的新建方案：{least}而新建少于 {new} 所的方案不存在",
        f"No plan with fewer new builds exists: none {most} has fewer than {many(new, 'new build')}",
    )


def _least_new(part: TierPlan, asked: Programme, stage: Stage) -> Phrase:
    """How many new builds any plan with no more extensions needs, by the bound."""
    new, extend = part.count("new"), part.count("extend")
    if abs(_weighed(asked, new, extend) - stage.value) > SAME * max(1.0, stage.value) or asked.cost_new <= 0:
        return Phrase("", "")
    least = max(0, math.ceil((stage.bound - asked.cost_extend * extend) / asked.cost_new - SAME))
    return Phrase(
        f"由下界可知，扩建不多于 {extend} 所时新建不会少于 {least} 所（本方案 {new} 所）。",
        f" By the bound, with at most {many(extend, 'extension')} a plan needs {many(least, 'new build')} or more "
        f"(this one has {new}).",
    )


def _weighed(asked: Programme, new: int, extend: int) -> float:
    return asked.cost_new * new + asked.cost_extend * extend


def premise(part: TierPlan, before: Sequence[Stage]) -> Phrase:
    """Under what a goal is reached: what was given, and the earlier goals kept where they stand."""
    kept = [(goal_name(stage.goal, part.radius_m), _points(stage, stage.value), stage) for stage in before]
    zh = "、".join(f"{goal.zh}{'为' if stage.value == 0 else '不多于'}{value.zh}" for goal, value, stage in kept)
    en = ", ".join(f"{goal.en} at most {value.en}" for goal, value, _ in kept)
    return Phrase(
        f"在所给人口、路网、现有学校、备选地点、条款和名额之下{'，保持' if zh else ''}{zh}",
        "with the residents, roads, schools, candidate places, rules and budgets as given" + (f", {en}" if en else ""),
    )


def open_goals(part: TierPlan, checks: Iterable[Check]) -> Phrase:
    """Which goals of a programme are proved, and which are not with the gap of each."""
    if not part.stages or not is_confirmed(part, checks):
        return Phrase("", "")
    left = [stage for stage in part.stages if not is_proved(stage)]
    if not left:
        return Phrase("其余各目标同样依次证明为最优（见附件1）。", "The other goals are proved best too (annex 1).")
    named = [(goal_name(stage.goal, part.radius_m), gap_of(stage)) for stage in left]
    zh = f"未证明最优的目标：{'、'.join(f'{goal.zh}（{gap.zh}）' for goal, gap in named)}"
    en = f"Not proved best: {', '.join(f'{goal.en} ({gap.en})' for goal, gap in named)}"
    if len(left) == len(part.stages):
        return Phrase(f"{zh}（见附件1）。", f"{en} (annex 1).")
    return Phrase(f"{zh}；其余目标已依次证明（见附件1）。", f"{en}; the others are proved in their order (annex 1).")


def gap_of(stage: Stage) -> Phrase:
    """How far value and bound lie apart."""
    if stage.status == "infeasible":
        return Phrase("无可行方案", "no plan")
    if math.isnan(stage.bound) or math.isnan(stage.gap):
        return Phrase("无下界", "no bound")
    return Phrase(f"差距 {stage.gap:.2%}", f"gap {stage.gap:.2%}")


def meaning(stage: Stage) -> Phrase:
    """What a stage proves, in a sentence; a search that stopped early proves nothing, however near its bound."""
    if stage.gap <= PROVED and not is_proved(stage) and stage.status != "infeasible" and not math.isnan(stage.bound):
        value = _points(stage, stage.value)
        return Phrase(
            f"结果{value.zh}与下界相同，但求解提前停止，不作为已证明。",
            f"The value {value.en} meets the bound, but the search stopped early; it is not taken as proved.",
        )
    return prove(stage)


def _bare(stage: Stage, value: float) -> Phrase:
    """A number with its unit but not what that stands for, which has been said before."""
    said = _points(stage, value)
    return Phrase(said.zh.partition("（")[0], said.en.partition(" (")[0])


def _points(stage: Stage, value: float) -> Phrase:
    shown = f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"
    return Phrase(f" {shown} {stage.unit.zh}", f"{shown} {stage.unit.en}")

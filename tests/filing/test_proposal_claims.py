from __future__ import annotations

import math
from dataclasses import replace

import pytest
import six_villages

from siting.filing.proposal.claims import fewest, meaning, open_goals
from siting.plan import Stage, TierPlan
from siting.rules.verdict import Check
from siting.words import Phrase, both

POINTS = Phrase("分（新建 3 分、扩建 1 分）", "points (3 a new build, 1 an extension)")
ASKED = six_villages.project().programmes[0]


def _cost(bound: float, status: str = "optimal", value: float = 4.0) -> Stage:
    gap = (value - bound) / max(value, 1.0)
    return Stage("cost", POINTS, value, bound, gap, status, 0.1)


def _part(cost: Stage | None) -> TierPlan:
    """One new build and one extension: 4 points."""
    part = six_villages.part()
    kept = tuple(stage for stage in part.stages if stage.goal != "cost" or cost is not None)
    return replace(part, stages=tuple(cost if cost and stage.goal == "cost" else stage for stage in kept))


def _confirmed(kept: bool | None = True) -> tuple[Check, ...]:
    return (Check("PLAN-STAGES", "kindergarten-rural", "must", kept, 0.0, 0.0, (), both(""), ""),)


def test_a_proved_cost_says_that_no_smaller_plan_exists() -> None:
    said = fewest(_part(_cost(4.0)), ASKED, _confirmed())
    assert said.zh.startswith("不存在更少的新建方案：扩建不多于 1 所而新建少于 1 所的方案不存在（已证明）")
    assert "服务半径外人口为 0 人" in said.zh
    assert "any plan" not in said.en
    assert said.en.startswith(
        "No plan with fewer new builds exists: none with at most 1 extension has fewer than 1 new build ("
    )


def test_without_extensions_the_sentence_is_about_new_builds_alone() -> None:
    part = replace(_part(_cost(3.0, value=3.0)), sites=tuple(s for s in six_villages.part().sites if s.id != "S5"))
    assert "不扩建而新建少于 1 所" in fewest(part, ASKED, _confirmed()).zh


def test_points_that_are_not_those_of_the_projects_claim_no_number_of_new_builds() -> None:
    said = fewest(_part(_cost(7.0, value=7.0)), ASKED, _confirmed())
    assert said.zh.startswith("不存在建设项目计分更低的方案（已证明）")
    assert "新建少于" not in said.zh


def test_an_open_gap_is_said_with_what_the_bound_allows() -> None:
    """40 points of 12 new builds and 4 extensions; at least 30.5: (30.5 - 4) / 3 = 8.83, so 9 new builds at least."""
    new, extension = six_villages.part().sites[1:]
    part = replace(_part(_cost(30.5, "stopped early", 40.0)), sites=(new,) * 12 + (extension,) * 4)
    said = fewest(part, ASKED, _confirmed())
    assert said.zh.startswith("尚未证明建设项目最少")
    assert "可能存在更少的方案" in said.zh
    assert "新建不会少于 9 所（本方案 12 所）" in said.zh
    assert "不存在" not in said.zh
    assert "with at most 4 extensions a plan needs 9 new builds or more (this one has 12)" in said.en


@pytest.mark.parametrize(
    ("stage", "checks"),
    [
        (_cost(4.0, "stopped early"), _confirmed()),
        (_cost(math.nan), _confirmed()),
        (_cost(3.9), _confirmed()),
        (_cost(4.0, "infeasible"), _confirmed()),
        (None, _confirmed()),
        (_cost(4.0), ()),
        (_cost(4.0), _confirmed(kept=False)),
        (_cost(4.0), _confirmed(kept=None)),
    ],
)
def test_nothing_is_called_proved_that_is_not(stage: Stage | None, checks: tuple[Check, ...]) -> None:
    said = fewest(_part(stage), ASKED, checks)
    assert "（已证明）" not in said.zh
    assert "(proved)" not in said.en
    assert "No plan" not in said.en


def test_goals_left_open_are_named_with_their_gap() -> None:
    walk = Stage("walk", Phrase("人·米", "resident-metres"), 100.0, 90.0, 0.1, "stopped early", 1.0)
    part = six_villages.part()
    part = replace(part, stages=(*part.stages[:-1], walk))
    said = open_goals(part, _confirmed())
    assert said.zh == "未证明最优的目标：就学路程（差距 10.00%）；其余目标已依次证明（见附件1）。"
    assert open_goals(part, ()).zh == ""
    assert "其余" not in open_goals(replace(part, stages=(walk,)), _confirmed()).zh


def test_a_search_that_stopped_at_its_bound_is_not_called_proved() -> None:
    assert "不作为已证明" in meaning(_cost(4.0, "stopped early")).zh
    assert "已证明没有更少" in meaning(_cost(4.0)).zh

"""A frontier is checked by damage: one spoiled file for each sentence the check can say.

Searches that stopped early leave 50 (bound 10), 60 (40), 30 (20) and 0 (0) residents uncovered with 0 to 3 new builds.
Lent to each other: known 50, 50, 30, 0; least 40, 40, 20, 0. Three are enough, and no fewer; two are announced.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import small_county

from siting.budgets import frontier_of
from siting.budgets.written import frontier_to_json
from siting.plan import TierPlan
from siting.rules.verdict import Check
from siting.verify.frontier import point_counts, verify_frontier

Spoil = Callable[[dict[str, Any]], object]
KEY = "kindergarten-rural"
ANNOUNCED = {KEY: 2}


def _part(new: int, *pairs: tuple[float, float]) -> TierPlan:
    """A plan with so many new builds and goals, each a value and a bound."""
    made = small_county.tier_plan()
    kept, built, grown = made.sites
    stages = tuple(
        small_county.stage(goal, *pair) for goal, pair in zip(("uncovered", "cost", "over"), pairs, strict=True)
    )
    some = tuple(replace(built, id=f"N{k}") for k in range(new))
    return replace(made, stages=stages, sites=(kept, *some, *((grown,) if new == 1 else ())))


PARTS = {
    new: _part(new, pair, (3.0 * new, 3.0 * new), (9.0, 9.0))
    for new, pair in enumerate([(50.0, 10.0), (60.0, 40.0), (30.0, 20.0), (0.0, 0.0)])
}
TEXT = frontier_to_json(frontier_of(2, list(PARTS.items())))


def broken(text: str, parts: dict[int, TierPlan] = PARTS, announced: dict[str, int | None] = ANNOUNCED) -> list[Check]:
    return [check for check in verify_frontier(text, parts, announced) if not check.kept]


def test_a_right_file_is_kept_in_every_word_and_says_what_paper_says() -> None:
    checks = verify_frontier(TEXT, PARTS, ANNOUNCED)
    assert [check.rule.removeprefix("FRONTIER-") for check in checks] == ["FILE", "POINTS", "GOAL", "KNOWN", "ENOUGH"]
    assert all(check.kept and check.source == "frontier.json" for check in checks)
    told = json.loads(TEXT)
    assert [(one["known"], one["least"]) for one in told["points"]] == [(50, 40), (50, 40), (30, 20), (0, 0)]
    assert (told["enough"], told["is_enough_proved"], told["announced"]) == (3, True, 2)
    assert point_counts(TEXT) == (0, 1, 2, 3)


def point(place: int, **changes: Any) -> Spoil:
    return lambda content: content["points"][place].update(changes)


def goal(place: int, name: str, **changes: Any) -> Spoil:
    return lambda content: content["points"][place]["goals"][name].update(changes)


SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "a key is missing": ("FILE", lambda c: c.pop("enough"), "enough 缺失"),
    "a key is unknown": ("FILE", lambda c: c.update(proof=1), "proof 缺失、多余"),
    "a point left out": ("FILE", lambda c: c["points"].pop(1), "应为新建 0、1、2…… 所，实为 [0, 2, 3]"),
    "a point twice": ("FILE", lambda c: c["points"].append(c["points"][0]), "实为 [0, 1, 2, 3, 0]"),
    "no points": ("FILE", lambda c: c["points"].clear(), "实为 []"),
    "a point without a plan": ("FILE", lambda c: c["points"].append({**c["points"][3], "new": 4}), "new_4 不是"),
    "of another programme": ("FILE", lambda c: c.update(programme="x"), "new_0 不是 x 的方案"),
    "built": ("POINTS", point(2, built=1), "new_2 的 built 写为 1，重算为 2"),
    "built too many": ("POINTS", point(2, built=5), "new_2 建了 5 所"),
    "extended": ("POINTS", point(1, extended=0), "new_1 的 extended 写为 0，重算为 1"),
    "a goal left out": ("POINTS", lambda c: c["points"][0]["goals"].pop("over"), "写为 uncovered、cost"),
    "a goal's value": ("POINTS", goal(1, "uncovered", value=50.0), "new_1 的 uncovered value 写为 50，重算为 60"),
    "a goal's bound": ("POINTS", goal(0, "cost", bound=1.0), "new_0 的 cost bound 写为 1，重算为 0"),
    "a goal that is none": ("POINTS", lambda c: c["points"][0]["goals"].update(cost=0), "new_0 的 cost value 写为 nan"),
    "another goal": ("GOAL", lambda c: c.update(goal="over"), "goal 应为 uncovered，写为 over"),
    "known": ("KNOWN", point(1, known=60.0), "new_1 的 known 写为 60，重算为 50"),
    "least": ("KNOWN", point(0, least=45.0), "new_0 的 least 写为 45，重算为 40"),
    "a bound above what is known": ("KNOWN", point(3, least=1.0), "new_3 的下界高于已知值"),
    "what it brings": ("KNOWN", point(2, brings=30.0), "new_2 的 brings 写为 30，重算为 20"),
    "what the first brings": ("KNOWN", point(0, brings=0.0), "new_0 的 brings 写为 0，重算为 nan"),
    "enough": ("ENOUGH", lambda c: c.update(enough=2), "enough 应为 3，写为 2"),
    "never enough": ("ENOUGH", lambda c: c.update(enough=None), "enough 应为 3，写为 null"),
    "no proof": ("ENOUGH", lambda c: c.update(is_enough_proved=False), "is_enough_proved 应为 true，写为 false"),
    "another number announced": ("ENOUGH", lambda c: c.update(announced=3), "announced 应为 2，写为 3"),
}  # fmt: skip


@pytest.mark.parametrize(("check", "spoil", "said"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_caught_where_it_is_wrong(check: str, spoil: Spoil, said: str) -> None:
    content = json.loads(TEXT)
    spoil(content)
    found = broken(json.dumps(content))
    assert [one.rule for one in found] == [f"FRONTIER-{check}"]
    assert said in found[0].evidence.zh


@pytest.mark.parametrize(
    ("text", "said"), [("{", "不是有效的 JSON"), ('{"format": "siting frontier", "version": 2}', "不是第 1 版")]
)
def test_a_file_that_is_none(text: str, said: str) -> None:
    (check,) = verify_frontier(text, PARTS, ANNOUNCED)
    assert (check.rule, check.kept) == ("FRONTIER-FILE", False)
    assert said in check.evidence.zh
    assert point_counts(text) == ()


def test_a_programme_the_study_does_not_ask_for() -> None:
    (check,) = broken(TEXT, announced={"primary-urban": 5})
    assert "kindergarten-rural 不是研究文件的项目" in check.evidence.zh


def test_where_everybody_is_covered_the_next_goal_is_looked_at_and_nothing_is_lent() -> None:
    """over: 80, 20 (bound 0), 25 and 0; enough with 3, and not proved, for one build might do."""
    overs = [(80.0, 80.0), (20.0, 0.0), (25.0, 25.0), (0.0, 0.0)]
    parts = {new: _part(new, (0.0, 0.0), (3.0 * new, 3.0 * new), pair) for new, pair in enumerate(overs)}
    text = frontier_to_json(frontier_of(2, list(parts.items())))
    assert broken(text, parts) == []
    told = json.loads(text)
    assert (told["goal"], told["enough"], told["is_enough_proved"]) == ("over", 3, False)
    told["is_enough_proved"] = True
    assert "is_enough_proved 应为 false" in broken(json.dumps(told), parts)[0].evidence.zh


def test_a_frontier_of_other_plans_is_not_believed() -> None:
    found = broken(TEXT, {**PARTS, 2: PARTS[1]})
    assert {check.rule for check in found} == {"FRONTIER-POINTS", "FRONTIER-KNOWN"}


@pytest.mark.parametrize("proved", [True, False])
def test_nothing_is_needed_where_nobody_is_left_out(proved: bool) -> None:
    parts = {0: _part(0, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))}
    told = json.loads(frontier_to_json(frontier_of(None, list(parts.items()))))
    assert (told["enough"], told["is_enough_proved"]) == (0, True)
    told["is_enough_proved"] = proved
    assert (broken(json.dumps(told), parts, {KEY: None}) == []) is proved

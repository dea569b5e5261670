"""A robust choice is checked by damage: one spoiled file for each sentence the check can say.

Futures a and b, of weights 1 and 3. Set A is that of a (N2 built, S5 extended), set B that of b (N6 built, S5 too).

uncovered, cost  in a         in b         mean          regrets       greatest
A                1700, 4      2400, 4      2225, 4       0, 500        500, 1
B                2300, 3      2000, 3      2075, 3       600, 100      600, 0
own              1700, 4      1900, 3
bounds           1500         1800         1725

B has the smaller mean, A the smaller greatest regret. S5 is in both, N2 and N6 in one each.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import small_county

from siting.comparison import no_regret, only_in_one, proposed_sites
from siting.plan import Plan, Site
from siting.robust import ProgrammeChoice, choose
from siting.robust.sets import SiteSet
from siting.robust.written import robust_to_json
from siting.rules.verdict import Check
from siting.verify.robust import scenario_keys, verify_robust
from siting.words import both

Spoil = Callable[[dict[str, Any]], object]
KEY = "kindergarten-rural"
GOALS = ("uncovered", "cost")
KEPT, N2, S5 = small_county.tier_plan().sites
N6 = replace(N2, id="N6", name="第6村幼儿园", x=N2.x + 4000.0)


def _plan(values: tuple[float, float], *sites: Site) -> Plan:
    stages = tuple(small_county.stage(goal, value, value) for goal, value in zip(GOALS, values, strict=True))
    part = replace(small_county.tier_plan(), stages=stages, sites=(KEPT, *sites))
    return replace(small_county.plan(), parts=(part,))


def _set(name: str, *new: str) -> SiteSet:
    return SiteSet(both(name), frozenset(new), frozenset({"S5"}))


OWN = {"a": _plan((1700.0, 4.0), N2, S5), "b": _plan((1900.0, 3.0), N6, S5)}
SETS = (_set("A", "N2"), _set("B", "N6"))
VALUE = np.array([[[1700.0, 4.0], [2400.0, 4.0]], [[2300.0, 3.0], [2000.0, 3.0]]])


def _choice(
    value: np.ndarray = VALUE,
    plans: dict[str, Plan] = OWN,
    sets: tuple[SiteSet, ...] = SETS,
    weight: tuple[float, ...] = (1.0, 3.0),
    least: tuple[float, ...] = (1500.0, 1800.0),
) -> ProgrammeChoice:
    names = [f"情景{key}" for key in plans]
    own = np.array([[stage.value for stage in plan.parts[0].stages] for plan in plans.values()])
    judged = choose([one.name.zh for one in sets], names, GOALS, value, own, weight)
    best = dict(zip(names, plans.values(), strict=True))
    return ProgrammeChoice(
        programme=KEY,
        tier="kindergarten",
        area="rural",
        radius_m=1500.0,
        sets=sets,
        table=judged.table,
        key=tuple(plans),
        weight=weight,
        least=least,
        mean=judged.mean,
        by_mean=judged.by_mean,
        by_regret=judged.by_regret,
        proposed=proposed_sites(best),
        steady=no_regret(best),
        single=only_in_one(best),
    )


TEXT = robust_to_json((_choice(),))


def broken(text: str, own: dict[str, Plan] = OWN) -> list[Check]:
    return [check for check in verify_robust(text, OWN["a"], own) if not check.kept]


def test_a_right_file_is_kept_in_every_word_and_says_what_paper_says() -> None:
    checks = verify_robust(TEXT, OWN["a"], OWN)
    assert [check.rule.removeprefix("ROBUST-") for check in checks] == [
        "FILE", "PROGRAMMES", "PLANS", "SETS", "REGRETS", "MEANS", "BOUNDS", "CHOICE", "SITES",
    ]  # fmt: skip
    assert all(check.kept and check.source == "robust.json" for check in checks)
    (told,) = json.loads(TEXT)["programmes"]
    assert told["mean_value"] == [[2225.0, 4.0], [2075.0, 3.0]]
    assert told["greatest_regret"] == [[500.0, 1.0], [600.0, 0.0]]
    assert (told["by_mean"]["set"], told["by_mean"]["bound"], told["by_regret"]["set"]) == (1, 1725.0, 0)
    assert told["by_mean"]["gap"] == pytest.approx(350 / 2075)
    assert told["no_regret"] == ["S5"]
    assert scenario_keys(TEXT) == ("a", "b")


def _one(content: dict[str, Any]) -> dict[str, Any]:
    return content["programmes"][0]


def put(value: object, *place: Any) -> Spoil:
    """A value somewhere in the programme's record."""

    def spoil(content: dict[str, Any]) -> None:
        *way, last = place
        held = _one(content)
        for step in way:
            held = held[step]
        held[last] = value

    return spoil


SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "a key is missing": ("FILE", lambda c: _one(c).pop("sets"), "programmes[0].sets 缺失"),
    "a key is unknown": ("FILE", lambda c: c.update(programs=[]), "programs 缺失、多余"),
    "a table is ragged": ("FILE", lambda c: _one(c)["value"][1].pop(), f"{KEY} value 应为 2 x 2 x 2 个数"),
    "a table is too deep": ("FILE", put([[0.0], 0.0], "mean_value", 0), f"{KEY} mean_value 应为 2 x 2 个数"),
    "a scenario without a plan": ("FILE", put("c", "scenarios", 1, "key"), f"c 没有 {KEY} 的方案"),
    "a weight below nothing": ("FILE", put(-1.0, "scenarios", 0, "weight"), "weight 应不小于 0"),
    "a programme twice": ("PROGRAMMES", lambda c: c["programmes"].append(_one(c)), "的项目应列出 1 次，实为 2 次"),
    "a programme left out": ("PROGRAMMES", lambda c: c["programmes"].clear(), f"{KEY} 的项目应列出 1 次，实为 0 次"),
    "an own value": ("PLANS", put(1800.0, "own_value", 0, 0), "own_value uncovered 写为 1,800，重算为 1,700"),
    "a site from nowhere": ("SETS", put(["N9"], "sets", 0, "new"), "A 的 N9（new）不在任何方案中"),
    "a school never extended": ("SETS", put(["S0", "S5"], "sets", 0, "extend"), "A 的 S0（extend）不在任何方案中"),
    "a set twice": ("SETS", put(["N2"], "sets", 1, "new"), "B 与 A 是同一组合"),
    "a regret": ("REGRETS", put(400.0, "regret", 0, 1, 0), "A / 情景b 的 regret uncovered 写为 400，重算为 500"),
    "a greatest regret": ("REGRETS", put(300.0, "greatest_regret", 1, 0), "B 的 greatest_regret uncovered 写为 300"),
    "a mean": ("MEANS", put(2000.0, "mean_value", 1, 0), "B 的 mean_value uncovered 写为 2,000，重算为 2,075"),
    "a mean regret": ("MEANS", put(0.0, "mean_regret", 0, 0), "A 的 mean_regret uncovered 写为 0，重算为 375"),
    "a value": ("MEANS", put(2100.0, "value", 0, 1, 0), "mean_value uncovered 写为 2,225，重算为 2,000"),
    "a bound above a set's value": ("BOUNDS", put(1750.0, "scenarios", 0, "bound"), "下界 1,750 高于本情景方案的值"),
    "a bound above a value of a set": ("BOUNDS", put(2050.0, "scenarios", 1, "bound"), "高于“B”的值 2,000"),
    "an unknown bound": ("BOUNDS", put(None, "scenarios", 0, "bound"), "情景a 的下界 nan 高于"),
    "the mean's bound": ("BOUNDS", put(1800.0, "by_mean", "bound"), "by_mean 的 bound 写为 1,800，重算为 1,725"),
    "the regret's bound": ("BOUNDS", put(1.0, "by_regret", "bound"), "by_regret 的 bound 写为 1，重算为 0"),
    "the gap": ("BOUNDS", put(0.0, "by_mean", "gap"), "by_mean 的 gap 写为 0，重算为 0.1687"),
    "the other set by the mean": ("CHOICE", put(0, "by_mean", "set"), "by_mean 应选 B，写为 A"),
    "no set by the regret": ("CHOICE", put(-1, "by_regret", "set"), "by_regret 应选 A，写为 none"),
    "a proof that is none": ("CHOICE", put(True, "by_regret", "is_proved"), "is_proved 应为 false"),
    "a no-regret site left out": ("SITES", put([], "no_regret"), "S5 的无悔校址应列出 1 次，实为 0 次"),
    "a no-regret site invented": ("SITES", put(["S5", "N2"], "no_regret"), "N2 的无悔校址应列出 0 次"),
    "a single site left out": ("SITES", lambda c: _one(c)["only_in_one"].pop(), "N6 / 情景b 的只在一个情景有用应列"),
    "a single site elsewhere": ("SITES", put("情景b", "only_in_one", 0, "scenario"), "N2 / 情景b 的只在一个"),
}  # fmt: skip


@pytest.mark.parametrize(("check", "spoil", "said"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_caught_where_it_is_wrong(check: str, spoil: Spoil, said: str) -> None:
    content = json.loads(TEXT)
    spoil(content)
    found = broken(json.dumps(content))
    assert f"ROBUST-{check}" in {one.rule for one in found}
    assert said in next(one for one in found if one.rule == f"ROBUST-{check}").evidence.zh


@pytest.mark.parametrize(
    ("text", "said"), [("{", "不是有效的 JSON"), ('{"format": "siting robust", "version": 2}', "不是第 1 版")]
)
def test_a_file_that_is_none(text: str, said: str) -> None:
    (check,) = verify_robust(text, OWN["a"], OWN)
    assert (check.rule, check.kept) == ("ROBUST-FILE", False)
    assert said in check.evidence.zh
    assert scenario_keys(text) == ()


def test_sites_in_one_place_are_one_whatever_their_names() -> None:
    near = replace(N2, id="N2-b", x=N2.x + 3.0)
    plans = {"a": OWN["a"], "b": _plan((1900.0, 3.0), near, S5)}
    text = robust_to_json((_choice(plans=plans, sets=(_set("A", "N2"), _set("B", "N2-b"))),))
    assert json.loads(text)["programmes"][0]["no_regret"] == ["N2", "S5"]
    assert broken(text, plans) == []


def test_a_choice_of_other_plans_is_not_believed() -> None:
    found = broken(TEXT, {**OWN, "b": _plan((1850.0, 3.0), N2)})
    assert {check.rule for check in found} == {"ROBUST-PLANS", "ROBUST-SETS", "ROBUST-SITES"}


@pytest.mark.parametrize("seed", range(20))
def test_any_choice_is_told_as_the_check_adds_it_up(seed: int) -> None:
    """Values of any size, some unknown, some without end; weights that may be nothing; plans of any sites."""
    random = np.random.default_rng(seed)
    value = random.integers(0, 50, (3, 3, 2)) * random.choice([1.0, 1.0 / 3.0, 1e6])
    value[random.random(value.shape) < 0.1] = random.choice([np.nan, np.inf])
    plans = {}
    for key in "abc":
        some = [one for one in (N2, N6, S5) if random.random() < 0.6]
        plans[key] = _plan((float(random.integers(0, 50)), float(random.integers(0, 5))), *some)
    weight = tuple(float(one) for one in random.integers(0, 3, 3) + (np.arange(3) == 0))
    sites = {site.id for plan in plans.values() for site in plan.parts[0].sites if site.action == "new"}
    whole = tuple(SiteSet(both(name), frozenset(sorted(sites)[:k]), frozenset()) for k, name in enumerate("ABC"))
    sets = whole[: len(sites) + 1]
    text = robust_to_json((_choice(value[: len(sets)], plans, sets, weight, (0.0, 0.0, 0.0)),))
    assert [check.evidence.zh for check in broken(text, plans)] == []

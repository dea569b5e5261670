"""The checker of comparisons is tested by damage: one spoiled file for each sentence it can say."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import two_plans
from test_locks import VETO, locked, other_in_the_same_place

from siting.comparison import compare, comparison_to_json
from siting.plan import Action, Assignment, Site
from siting.rules.verdict import Check
from siting.verify.comparison import verify_comparison

Spoil = Callable[[dict[str, Any]], object]


def _text() -> str:
    return comparison_to_json(compare(two_plans.base(), two_plans.other()))


def broken(text: str, other: two_plans.Made | None = None) -> list[Check]:
    return [check for check in verify_comparison(text, two_plans.base(), other or two_plans.other()) if not check.kept]


def test_a_right_comparison_is_kept_in_every_word() -> None:
    checks = verify_comparison(_text(), two_plans.base(), two_plans.other())
    assert [check.rule.removeprefix("COMPARISON-") for check in checks] == [
        "FILE", "PROGRAMMES", "TOTALS", "DIFFERENCES", "FIGURES", "EQUITY", "SITES", "UNITS", "REACH", "APART", "WORST",
    ]  # fmt: skip
    assert all(check.kept and check.source == "comparison.json" for check in checks)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "不是有效的 JSON"), ("[]", "不是第 1 版"), ('{"format": "siting plan", "version": 1}', "不是第 1 版")],
)
def test_a_file_that_is_none(text: str, said: str) -> None:
    (check,) = verify_comparison(text, two_plans.base(), two_plans.other())
    assert (check.rule, check.kept) == ("COMPARISON-FILE", False)
    assert said in check.evidence.zh


def _one(content: dict[str, Any]) -> dict[str, Any]:
    return content["programmes"][0]


def _pair(content: dict[str, Any], of: str, key: str) -> dict[str, Any]:
    return next(pair for pair in _one(content)[of] if pair["key"] == key)


def _row(content: dict[str, Any], of: str, key: str, value: str) -> dict[str, Any]:
    return next(row for row in _one(content)[of] if row[key] == value)


def put(of: str, key: str, value: str, **changes: object) -> Spoil:
    """A row of a list with some of its values changed."""
    return lambda content: _row(content, of, key, value).update(changes)


def shift(of: str, key: str, **more: float) -> Spoil:
    """A measure and its difference changed alike, so that only the value is wrong."""

    def spoil(content: dict[str, Any]) -> None:
        pair = _pair(content, of, key)
        for side, by in more.items():
            pair[side] += by
        pair["difference"] = pair["other"] - pair["base"]

    return spoil


def drop(of: str, key: str, value: str) -> Spoil:
    return lambda content: _one(content)[of].remove(_row(content, of, key, value))


def twice(of: str, key: str, value: str) -> Spoil:
    return lambda content: _one(content)[of].append(dict(_row(content, of, key, value)))


def _renamed(of: str, key: str, value: str, name: str) -> Spoil:
    def spoil(content: dict[str, Any]) -> None:
        _one(content)[of].append({**_row(content, of, key, value), key: name})

    return spoil


def _joined(content: dict[str, Any]) -> None:
    """N2, lost, and N6, gained, told as one site that moved 4 km."""
    lost, gained = _row(content, "sites", "base_id", "N2"), _row(content, "sites", "other_id", "N6")
    mine = {key: value for key, value in lost.items() if key.startswith("base_")}
    gained |= {**mine, "change": "changed", "moved_m": 4000.0}
    gained["change"] = "kept"
    _one(content)["sites"].remove(lost)


def _torn(content: dict[str, Any]) -> None:
    """S0, in both plans, told as lost and gained."""
    both = _row(content, "sites", "base_id", "S0")
    nothing = {"action": "", "classes": 0.0, "seats": 0.0, "residents": 0.0, "id": ""}
    lost = {**both, "change": "lost", "moved_m": None} | {f"other_{key}": value for key, value in nothing.items()}
    gained = {**both, "change": "gained", "moved_m": None} | {f"base_{key}": value for key, value in nothing.items()}
    _one(content)["sites"].remove(both)
    _one(content)["sites"] += [lost, gained]


SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "a key is missing": ("FILE", lambda c: _one(c).pop("reach"), "programmes[0].reach"),
    "a key is unknown": ("FILE", lambda c: c.update(reech=[]), "reech"),
    "a list is none": ("FILE", lambda c: c.update(totals={}), "totals"),
    "a record is none": ("FILE", lambda c: _one(c)["units"].append(7), "programmes[0].units[5]"),
    "a text is none": ("FILE", put("sites", "name", "第2村幼儿园", name=7), "programmes[0].sites[1].name"),
    "a programme left out": ("PROGRAMMES", lambda c: c["programmes"].clear() or c["totals"].clear(), "programmes 应为"),
    "a programme said to be in one plan only": ("PROGRAMMES", lambda c: c["base_only"].append("x"), "base_only 应为"),
    "another said so": ("PROGRAMMES", lambda c: c["other_only"].append("x"), "other_only 应为"),
    "a total wrong": ("TOTALS", lambda c: c["totals"][0].update(base=1.0, difference=2999.0), "base 写为 1"),
    "a total left out": ("TOTALS", lambda c: c["totals"].pop(), "应出现 1 次，实为 0 次"),
    "a total's difference": ("TOTALS", lambda c: c["totals"][0].update(difference=7.0), "difference 写为 7"),
    "a difference of figures": ("DIFFERENCES", put("figures", "key", "new", difference=1.0), "figures new"),
    "a difference of equity": ("DIFFERENCES", put("equity", "key", "gini", difference=0.3), "equity gini"),
    "another radius": ("FIGURES", lambda c: _one(c).update(radius_m=[1500.0, 2000.0]), "radius_m[1] 写为 2,000"),
    "another lower bound": ("FIGURES", lambda c: _one(c).update(lower=[2000.0, 3000.0]), "lower[0] 写为 2,000"),
    "another upper bound": ("FIGURES", lambda c: _one(c).update(upper=[5000.0, 6000.0]), "upper[1] 写为 6,000"),
    "another price": ("FIGURES", lambda c: _one(c).update(seat_wan_yuan=[8.54, 8.54]), "seat price 写为 8.54"),
    "a figure left out": ("FIGURES", drop("figures", "key", "below_band"), "below_band 应出现 1 次，实为 0 次"),
    "a figure told twice": ("FIGURES", twice("figures", "key", "pupils"), "pupils 应出现 1 次，实为 2 次"),
    "an unknown figure": ("FIGURES", _renamed("figures", "key", "pupils", "beauty"), "beauty 应出现 0 次"),
    "a bound": ("FIGURES", shift("figures", "uncovered_bound", other=500), "other 写为 2,500，重算为 2,000"),
    "pupils per school": ("FIGURES", shift("figures", "pupils_per_school", base=5), "pupils_per_school"),
    "a share": ("FIGURES", shift("figures", "covered_share", other=0.01), "covered_share"),
    "the median": ("EQUITY", shift("equity", "median_m", base=100), "median_m"),
    "the Gini": ("EQUITY", shift("equity", "gini", other=0.001), "gini"),
    "the worst": ("EQUITY", shift("equity", "worst_m", base=1000), "worst_m"),
    "a site left out": ("SITES", drop("sites", "name", "第0村幼儿园"), "S0 应列出 1 次，实为 0 次"),
    "a site told twice": ("SITES", twice("sites", "name", "第0村幼儿园"), "S0 应列出 1 次，实为 2 次"),
    "a site invented": ("SITES", _renamed("sites", "other_id", "N6", "N9"), "N9 不是该方案的学校"),
    "another word": ("SITES", put("sites", "base_id", "S5", change="kept"), "应为 changed，写为 kept"),
    "two sites told as one": ("SITES", _joined, "把两所学校当作一所"),
    "one site told as two": ("SITES", _torn, "是同一处，却写成一减一增"),
    "seats of a site": ("SITES", put("sites", "base_id", "S5", other_seats=180.0), "other_seats 写为 180，重算为 90"),
    "an action": ("SITES", put("sites", "base_id", "S5", other_action="extend"), "other_action 应为 keep"),
    "how far it moved": ("SITES", put("sites", "base_id", "S5", moved_m=40.0), "moved_m 写为 40"),
    "a change of school left out": ("UNITS", drop("units", "unit_id", "V3"), "V3 的换校应列出 1 次，实为 0 次"),
    "a change of school invented": ("UNITS", _renamed("units", "unit_id", "V3", "V0"), "V0 的换校应列出 0 次"),
    "an estate told as a change": ("UNITS", _renamed("units", "unit_id", "V3", "E8"), "E8 的换校应列出 0 次"),
    "another school": ("UNITS", put("units", "unit_id", "V3", other_school="某园"), "other_school 应为 第5村幼儿园"),
    "metres before": ("UNITS", put("units", "unit_id", "V3", base_m=900.0), "base_m 写为 900"),
    "reach left out": ("REACH", drop("reach", "village_id", "V7"), "V7 的可达变化应列出 1 次"),
    "reach invented": ("REACH", _renamed("reach", "village_id", "V7", "V0"), "V0 的可达变化应列出 0 次"),
    "people who gain": ("REACH", put("reach", "village_id", "V7", gained=1800.0), "gained 写为 1,800，重算为 1,700"),
    "an estate left out": ("APART", drop("apart", "unit_id", "E8"), "E8 的仅在一方（other）应列出 1 次"),
    "an estate of the wrong plan": ("APART", put("apart", "unit_id", "E8", where="base"), "（base）应列出 0 次"),
    "an estate of no plan": ("APART", put("apart", "unit_id", "E8", where="moon"), "所属方案 moon 不认识"),
    "an estate by another name": ("APART", put("apart", "unit_id", "E8", name="旧苑"), "应名为 新苑小区，写为 旧苑"),
    "a site by another name": ("SITES", put("sites", "base_id", "S5", name="某园"), "S5 应名为 第5村幼儿园"),
    "a village by another name": ("REACH", put("reach", "village_id", "V7", name="某村"), "V7 应名为 第7村"),
    "the worst by another name": ("WORST", put("base_worst", "village_id", "V7", name="某村"), "V7 应名为 第7村"),
    "residents of an estate": ("APART", put("apart", "unit_id", "E8", residents=5.0), "residents 写为 5，重算为 500"),
    "too few of the worst": ("WORST", lambda c: _one(c)["base_worst"].pop(), "应列 8 个最远的村，实列 7 个"),
    "the worst left out": ("WORST", lambda c: _one(c)["other_worst"].pop(0), "比所列的村更远"),
    "how far the worst is": ("WORST", put("base_worst", "village_id", "V7", mean_m=1900.0), "mean_m 写为 1,900"),
}  # fmt: skip


@pytest.mark.parametrize(("check", "spoil", "said"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_comparison_is_caught_where_it_is_wrong(check: str, spoil: Spoil, said: str) -> None:
    content = json.loads(_text())
    spoil(content)
    found = broken(json.dumps(content))
    assert f"COMPARISON-{check}" in {one.rule for one in found}
    assert said in next(one for one in found if one.rule == f"COMPARISON-{check}").evidence.zh


LOCKED = locked(other_in_the_same_place(), VETO)

PRICED: dict[str, tuple[Spoil, str]] = {
    "no such programme": (lambda c: c["prices"][0].update(programme="x"), "没有项目 x"),
    "a measure left out": (lambda c: c["prices"][0]["measures"].pop(), "money_wan_yuan 应出现 1 次"),
    "the walk": (lambda c: c["prices"][0]["measures"][1].update(other=1.0, difference=-8_799_999.0), "walk 的 other"),
    "a difference": (lambda c: c["prices"][0]["measures"][0].update(difference=1.0), "difference 写为 1"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), PRICED.values(), ids=PRICED.keys())
def test_a_spoiled_price_of_a_lock_is_caught(spoil: Spoil, said: str) -> None:
    content = json.loads(comparison_to_json(compare(two_plans.base(), LOCKED)))
    assert broken(json.dumps(content), LOCKED) == []
    spoil(content)
    (check,) = broken(json.dumps(content), LOCKED)
    assert check.rule == "COMPARISON-PRICES"
    assert said in check.evidence.zh


def test_a_comparison_of_other_plans_is_not_believed() -> None:
    other = two_plans.other()
    (part,) = other.plan.parts
    fuller = replace(part, sites=tuple(replace(site, seats=site.seats + 30) for site in part.sites))
    found = broken(_text(), replace(other, plan=replace(other.plan, parts=(fuller,))))
    assert {"COMPARISON-FIGURES", "COMPARISON-SITES"} <= {check.rule for check in found}


def _shaken(made: two_plans.Made, seed: int) -> two_plans.Made:
    """Another plan of the same place: some sites gone, moved 3 m or enlarged, every unit sent anywhere or nowhere."""
    random = np.random.default_rng(seed)
    (part,) = made.plan.parts
    sites = [_other_site(site, random) for site in part.sites if random.random() < 0.8] or list(part.sites)
    residents = dict(zip(made.area.units.id, made.area.units.residents.tolist(), strict=True))
    given = []
    for one in part.assignments:
        k = int(random.integers(-1, len(sites)))
        far = float(random.integers(0, 3000))
        covered = residents[one.unit_id] * float(random.random()) if k >= 0 else 0.0
        given.append(Assignment(one.unit_id, sites[k].id if k >= 0 else "", far if k >= 0 else math.inf, covered))
    sites = [_loaded(site, given, residents) for site in sites]
    part = replace(part, sites=tuple(sites), assignments=tuple(given))
    return replace(made, plan=replace(made.plan, parts=(part,)))


def _other_site(site: Site, random: np.random.Generator) -> Site:
    actions: tuple[Action, ...] = ("keep", "extend", "new")
    seats = float(random.choice([90.0, 180.0, math.nan]))
    site = replace(site, action=actions[random.integers(3)], classes=float(random.integers(3, 7)), seats=seats)
    return replace(site, id=f"{site.id}-b", x=site.x + 3.0) if random.random() < 0.4 else site


def _loaded(site: Site, given: list[Assignment], residents: dict[str, float]) -> Site:
    theirs = tuple(one.unit_id for one in given if one.site_id == site.id)
    return replace(site, units=theirs, service_population=sum(residents[unit] for unit in theirs))


@pytest.mark.parametrize("seed", range(25))
def test_any_two_plans_are_compared_as_the_checker_adds_them_up(seed: int) -> None:
    base, other = _shaken(two_plans.base(), seed), _shaken(two_plans.other(), 100 + seed)
    checks = verify_comparison(comparison_to_json(compare(base, other)), base, other)
    assert [check.evidence.zh for check in checks if not check.kept] == []

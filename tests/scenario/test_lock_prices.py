"""What each of several vetoes costs by itself: a plan without it is made, kept beside the comparison and recounted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import line_county
import pytest
import scenario_cases as cases
import test_recheck as made_before

from siting.plan_file import plan_to_json, read_plan
from siting.recheck import recheck
from siting.scenario.whatif import what_if

FOUR, SIX = (
    f'[[change]]\nkind = "forbid_site"\nsite = "N{place}"\ntier = "kindergarten"\nreason = "sold"\n' for place in (4, 6)
)
FEWER = '[[change]]\nkind = "change_births"\nfactor = 0.5\n'


def _prices(out: Path, key: str) -> list[dict[str, Any]]:
    content = json.loads((out / "comparisons" / key / "comparison.json").read_text(encoding="utf-8"))
    prices: list[dict[str, Any]] = content["prices"]
    return prices


def _uncovered(price: dict[str, Any]) -> tuple[float, float]:
    (found,) = [one for one in price["measures"] if one["key"] == "uncovered"]
    return found["base"], found["other"]


def _least(opened: list[int]) -> float:
    """One of these places may be built."""
    return min(line_county.uncovered(made_before.PEOPLE, [place]) for place in opened)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    study = made_before.patched(monkeypatch, tmp_path)
    files = [cases.written(tmp_path, FOUR + SIX, "both"), cases.written(tmp_path, FOUR + SIX + FEWER, "fewer")]
    assert [done.trouble for done in what_if(study, files, tmp_path / "out")] == [None] * 3
    return tmp_path


def test_each_veto_is_priced_against_the_plan_without_it(run: Path) -> None:
    """Places 2, 4, 6, 8, one of them to be built: with both vetoes 2 or 8; without the first also 4, and so on."""
    together, four, six = _prices(run / "out", "both")
    assert [one["free"] for one in (together, four, six)] == ["base", "without_1.json", "without_2.json"]
    assert _uncovered(together) == (_least([2, 4, 6, 8]), _least([2, 8]))
    assert _uncovered(four) == (_least([2, 4, 8]), _least([2, 8]))
    assert _uncovered(six) == (_least([2, 6, 8]), _least([2, 8]))


def test_where_more_differs_each_veto_has_its_own_plan_only(run: Path) -> None:
    assert [one["free"] for one in _prices(run / "out", "fewer")] == ["without_1.json", "without_2.json"]


def test_the_plans_without_are_recounted(run: Path) -> None:
    folder = run / "out" / "comparisons" / "both"
    assert all(check.kept for check in recheck(run / "study.toml", folder))
    file = folder / "without_2.json"
    plan = read_plan(file)
    (part,) = plan.parts
    shorter = tuple(replace(given, metres=given.metres / 2) for given in part.assignments)
    file.write_text(plan_to_json(replace(plan, parts=(replace(part, assignments=shorter),))), encoding="utf-8")
    broken = [check for check in recheck(run / "study.toml", folder) if check.kept is False]
    assert [check.rule for check in broken] == ["COMPARISON-PRICES"]
    file.unlink()
    (check,) = [check for check in recheck(run / "study.toml", folder) if check.kept is False]
    assert "没有不受限制的方案 without_2.json" in check.evidence.zh

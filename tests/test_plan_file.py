from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import small_county

from siting.errors import InputError
from siting.plan import Plan
from siting.plan_file import plan_from_json, plan_to_json, read_plan


def _with_odd_numbers() -> Plan:
    """The small county with every number JSON has no word for: nan classes, an infinite walk, an unproved bound."""
    part = small_county.tier_plan()
    site = replace(part.sites[0], classes=math.nan, seats=math.nan, mean_m=math.inf)
    given = replace(part.assignments[0], metres=math.inf, covered=0.1 + 0.2)
    stage = replace(part.stages[0], bound=-math.inf, gap=math.inf)
    part = replace(
        part,
        stages=(stage, *part.stages[1:]),
        sites=(site, *part.sites[1:]),
        assignments=(given, *part.assignments[1:]),
    )
    return replace(small_county.plan(), parts=(part,))


def test_a_plan_comes_back_as_it_went() -> None:
    assert plan_from_json(plan_to_json(small_county.plan())) == small_county.plan()


def test_numbers_that_json_lacks_come_back_too() -> None:
    again = plan_from_json(plan_to_json(_with_odd_numbers()))
    back = again.parts[0]
    assert math.isnan(back.sites[0].classes)
    assert back.sites[0].mean_m == back.assignments[0].metres == back.stages[0].gap == math.inf
    assert back.stages[0].bound == -math.inf
    assert back.assignments[0].covered == 0.1 + 0.2
    assert plan_to_json(plan_from_json(plan_to_json(again))) == plan_to_json(again)


def test_the_text_reads_well() -> None:
    text = plan_to_json(small_county.plan())
    content = json.loads(text)
    assert "留早镇" in text
    assert list(content) == ["format", "version", "name", "rulebook", "crs", "notice", "parts"]
    assert {"action", "classes", "seats", "service_population", "units", "clause", "reason"} <= set(
        content["parts"][0]["sites"][0]
    )


def test_a_plan_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(plan_to_json(small_county.plan()), encoding="utf-8")
    assert read_plan(file) == small_county.plan()


def test_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.json: cannot be read"):
        read_plan(tmp_path / "nowhere.json")


def _lose_crs(content: dict[str, Any]) -> None:
    del content["crs"]


def _misspell_seats(content: dict[str, Any]) -> None:
    site = content["parts"][0]["sites"][1]
    site["seat"] = site.pop("seats")


def _write_classes_as_text(content: dict[str, Any]) -> None:
    content["parts"][0]["sites"][0]["classes"] = "three"


def _count_with_a_truth(content: dict[str, Any]) -> None:
    content["parts"][0]["assignments"][2]["metres"] = True


def _close_a_school(content: dict[str, Any]) -> None:
    content["parts"][0]["sites"][0]["action"] = "close"


def _list_a_stranger(content: dict[str, Any]) -> None:
    content["parts"][0]["sites"][0]["units"].append("V99")


def _lose_a_place(content: dict[str, Any]) -> None:
    content["parts"][0]["sites"][0]["x"] = None


def _put_parts_in_an_object(content: dict[str, Any]) -> None:
    content["parts"] = {"rural": content["parts"][0]}


def _flatten_the_notice(content: dict[str, Any]) -> None:
    content["notice"] = "合成"


def _come_from_the_future(content: dict[str, Any]) -> None:
    content["version"] = 2


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_lose_crs, r"the top has no key 'crs'"),
        (_misspell_seats, r"parts\[0\]\.sites\[1\] has an unknown key 'seat'; did you mean 'seats'\?"),
        (_write_classes_as_text, r"parts\[0\]\.sites\[0\]\.classes should be number.* and is \"three\""),
        (_count_with_a_truth, r"parts\[0\]\.assignments\[2\]\.metres should be number.* and is true"),
        (_close_a_school, r"sites\[0\]\.action should be keep / extend / new, and is \"close\""),
        (_list_a_stranger, r"S0 lists unit V99, which is not among the assignments"),
        (_lose_a_place, r"S0 has no place"),
        (_put_parts_in_an_object, r"parts should be \[ \], and is \{"),
        (_flatten_the_notice, r"notice should be \{ \}, and is \"合成\""),
        (_come_from_the_future, r"should be 'siting plan' version 1, and is 'siting plan' version 2"),
    ],
)
def test_a_damaged_plan_is_refused(damage: Callable[[dict[str, Any]], None], sentence: str) -> None:
    content = json.loads(plan_to_json(small_county.plan()))
    damage(content)
    with pytest.raises(InputError, match=sentence):
        plan_from_json(json.dumps(content))


def test_every_fault_comes_at_once() -> None:
    content = json.loads(plan_to_json(small_county.plan()))
    _lose_crs(content)
    _misspell_seats(content)
    with pytest.raises(InputError) as caught:
        plan_from_json(json.dumps(content))
    assert len(caught.value.faults) == 3  # crs missing, seats missing, seat unknown


def test_half_a_file_is_not_json() -> None:
    text = plan_to_json(small_county.plan())
    with pytest.raises(InputError, match=r"plan\.json: line \d+ is not JSON"):
        plan_from_json(text[: len(text) // 2])


def test_another_kind_of_json_is_refused() -> None:
    with pytest.raises(InputError, match="should be 'siting plan' version 1, and is None"):
        plan_from_json("[1, 2]")

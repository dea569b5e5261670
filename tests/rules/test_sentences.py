"""The planners' own sentences about every rule, both sides of every limit: tests/rules/cases/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siting.rules.base import Rule
from siting.rules.book import built_in_books, read_rulebook
from siting.rules.kinds import KINDS
from siting.rules.verdict import Evidence, Served

FOLDER = Path(__file__).parent / "cases"
CASES = [
    case for file in sorted(FOLDER.glob("*.toml")) for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
]
BOOKS = {name: {rule.id: rule for rule in read_rulebook(name).rules} for name in built_in_books()}


def _rule(case: Mapping[str, Any]) -> Rule:
    return BOOKS[case.get("book", "dingzhou-2021")][case["rule"]]


def _served(place: int, told: Mapping[str, Any], villages: Mapping[str, float]) -> Served:
    """A school S0, S1 ...: it serves every village unless told otherwise, and stands in the first one it serves."""
    serves = told.get("serves", list(villages) if place == 0 else [])
    return Served(
        id=f"S{place}",
        name=f"S{place}",
        operator=told.get("operator", "public"),
        action=told.get("action", "keep"),
        unit_id=told.get("at", next(iter(serves), "")),
        planning_unit="P",
        classes_before=0.0,
        classes=float(told.get("classes", 6)),
        seats=float(told.get("seats", 180)),
        residents=float(sum(villages[village] for village in serves)),
        pupils=float(told.get("pupils", 0)),
        members=tuple(serves),
    )


def _evidence(rule: Rule, given: Mapping[str, Any]) -> Evidence:
    villages = given.get("villages") or {"V": given["residents"]}
    part_of, metres = given.get("part_of", {}), given.get("distance_m", 0.0)
    schools = tuple(_served(k, told, villages) for k, told in enumerate(given.get("schools", [{}])))
    residents = np.array([float(people) for people in villages.values()])
    return Evidence(
        tier=rule.tier,
        area=rule.area,
        unit_id=tuple(villages),
        unit_name=tuple(villages),
        unit_part_of=tuple(part_of.get(village, village) for village in villages),
        planning_unit=("P",) * len(villages),
        residents=residents,
        pupils=np.zeros(len(villages)),
        school=np.array([next((k for k, s in enumerate(schools) if v in s.members), -1) for v in villages]),
        point_unit=np.arange(len(villages)),
        point_residents=residents,
        point_metres=np.array([metres[v] if isinstance(metres, dict) else metres for v in villages]),
        schools=schools,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_sentence(case: Mapping[str, Any]) -> None:
    rule, expect = _rule(case), case["expect"]
    check = KINDS[rule.kind].check(rule, _evidence(rule, case["given"]))
    assert check.kept is (None if expect["kept"] == "untested" else expect["kept"]), check.evidence.en
    assert expect.get("evidence", "") in check.evidence.en
    assert check.measured == pytest.approx(expect["measured"]) if "measured" in expect else True
    assert check.where == tuple(expect["where"]) if "where" in expect else True
    assert (check.rule, check.strength, check.source) == (rule.id, rule.strength, rule.source)


def test_every_kind_has_a_sentence() -> None:
    assert {_rule(case).kind for case in CASES} == set(KINDS)


def test_the_chinese_evidence_holds_the_same_numbers() -> None:
    """Every evidence is said twice; the Chinese one is never empty and never the English one."""
    for case in CASES:
        evidence = KINDS[_rule(case).kind].check(_rule(case), _evidence(_rule(case), case["given"])).evidence
        assert evidence.zh and evidence.zh != evidence.en

"""The indicators of four villages, added up by hand, and the sheet a planner reads.

K1 (public, 6 classes, 100 children) and K2 (private, 100); P1 (public, 60 pupils, 30 of them migrants), P2 (private,
300, 70 migrants, 20 of them in bought places) and P3, where nobody counted; S9 stands in no village.

migrants in public schools 30 of 100, with bought places 50; children in inclusive kindergartens 100 of 200, one of two;
spare classes: K1 has 6 and needs 4, 40 places for 6000 residents; small: P1; money: 200 x 400 for kindergartens,
100 x 720 for P1 and 300 x 720 for P2 are 368,000 for 560 pupils; 10 primary pupils per 1000 live 500 m (a), 2500 m (b)
from their school and without one (c): half of 30 + 20 board.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from small_place import area, births, book, project

from siting.audit import audit
from siting.demand.ahead import looked_ahead
from siting.demand.indicators import INDICATORS
from siting.demand.measured import attended, measured, walks_of_plan
from siting.export import Existing, Result
from siting.export.measures import (
    CERTAINTY,
    UNITS,
    audit_measures,
    measure_facts,
    measures_table,
    plan_measures,
    short_measures_table,
)
from siting.export.workbook import save_workbook
from siting.plan import Assignment, Plan, TierPlan
from siting.project import Programme, Project
from siting.rules.base import RuleBook
from siting.study import Schools, StudyArea
from siting.words import both

nan = math.nan


def _schools() -> Schools:
    count = 6
    return Schools(
        id=("K1", "K2", "P1", "P2", "P3", "S9"),
        name=("甲园", "乙园", "甲小", "乙小", "丙小", "外校"),
        tier=("kindergarten", "kindergarten", "primary", "primary", "primary", "primary"),
        operator=("public", "private", "public", "private", "public", "public"),
        unit=np.array([0, 1, 0, 2, 2, -1]),
        x=np.array([0.0, 1000.0, 0.0, 2000.0, 2000.0, 9000.0]),
        y=np.zeros(count),
        classes=np.array([6.0, 6.0, 6.0, 8.0, 6.0, 6.0]),
        seats=np.full(count, nan),
        enrolment=np.array([100.0, 100.0, 60.0, 300.0, nan, 10.0]),
        max_classes=np.full(count, nan),
        opened_year=np.full(count, nan),
        migrants=np.array([nan, nan, 30.0, 70.0, nan, 5.0]),
        bought=np.array([nan, nan, nan, 20.0, nan, nan]),
    )


AREA = replace(area(), schools=_schools())
PROJECT = replace(
    project(), programmes=(Programme("primary-rural", "primary", "rural"),), pupils_per_1000={"primary": 10.0}
)


def _plan() -> Plan:
    ways = (("Va", "P1", 500.0), ("Vb", "P1", 2500.0), ("Vc", "", nan), ("Vd", "P1", nan))
    given = tuple(Assignment(unit, to, metres, 0.0) for unit, to, metres in ways)
    part = TierPlan("primary-rural", "primary", "rural", math.inf, (), (), given, ())
    return Plan("小县", "tiny", "EPSG:4547", both(""), (part,))


RESULT = Result(_plan(), AREA, PROJECT, book(), (), 1.0)


def _found(place: StudyArea = AREA, asked: Project = PROJECT) -> dict[str, tuple[float, bool | None]]:
    told = measured(place, book(), walks_of_plan(_plan(), place, asked))
    return {one.indicator.id: (one.value, one.is_reached) for one in told}


def test_every_indicator_by_hand() -> None:
    assert _found() == {
        "migrant_share": (0.3, False),
        "migrant_share_with_bought": (0.5, None),
        "inclusive_share": (0.5, False),
        "inclusive_sites": (0.5, None),
        "childcare_places": (pytest.approx(40 / 6), True),
        "small_rural_schools": (1.0, None),
        "boarding_need": (25.0, None),
        "recurrent_per_pupil": (pytest.approx(368_000 / 560), None),
    }


def test_who_is_meant_and_who_is_left_out() -> None:
    told = {one.indicator.id: one for one in measured(AREA, book(), walks_of_plan(_plan(), AREA, PROJECT))}
    assert (told["migrant_share"].where, told["migrant_share"].left_out) == (("乙小",), ("丙小",))
    assert (told["small_rural_schools"].where, told["small_rural_schools"].left_out) == (("甲小",), ("丙小",))
    assert (told["boarding_need"].where, told["boarding_need"].left_out) == (("b", "c"), ())
    assert "外校" not in attended(AREA).name


def test_schools_are_told_beside_the_people_of_today() -> None:
    """Half as many again move in every year: places per 1000 of today's residents stay as they are."""
    seen, faults = looked_ahead(replace(AREA, births=births()), project(year=2030, migration={"*": 3000.0}))
    assert not faults
    assert seen.units.residents.sum() > 12_000
    assert _found(seen)["childcare_places"][0] == pytest.approx(40 / 6)


def test_nobody_boards_where_no_plan_says_who_goes_where() -> None:
    assert "boarding_need" not in {one.indicator.id for one in measured(AREA, book())}
    junior = replace(_plan().parts[0], tier="junior", programme="junior-rural")
    walks = walks_of_plan(replace(_plan(), parts=(junior,)), AREA, PROJECT)
    assert "boarding_need" not in {one.indicator.id for one in measured(AREA, book(), walks)}  # no limit is known


def test_the_sheet_says_it_in_hundredths_with_source_and_who_is_left_out(tmp_path: Path) -> None:
    tables = plan_measures(RESULT)
    save_workbook(tmp_path / "book.xlsx", [], tables, both(""))
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["指标"]
    heads = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert [(row["数值"], row["单位"], row["目标"], row["是否达到"]) for row in rows] == [
        (30, "%", 90, "未达到"),
        (50, "%", None, "无目标"),
        (50, "%", 85, "未达到"),
        (50, "%", None, "无目标"),
        (pytest.approx(40 / 6), "个/千人", 4.5, "达到"),
        (1, "所", None, "无目标"),
        (25, "床", None, "无目标"),
        (pytest.approx(368_000 / 560), "元/生·年", None, "无目标"),
    ]
    first, boarding = rows[0], rows[6]
    assert (first["涉及学校（村）"], first["无统计未计入（个）"], first["未计入的学校（村）"]) == ("乙小", 1, "丙小")
    assert (first["依据"], first["把握程度"]) == ("定发〔2021〕40号 四(六)，到2025年", "计划原文")
    assert boarding["指标"] == "寄宿需求（农村小学，路程超过 2,000 米）"
    assert "用前核对" in str(boarding["把握程度"])


def test_what_nobody_counted_is_said_to_be_so() -> None:
    bare = replace(AREA, schools=replace(_schools(), migrants=np.full(6, nan), enrolment=np.full(6, nan)))
    table = measures_table(measured(bare, book()))
    assert (table.rows[0][4], math.isnan(table.rows[0][1]), table.rows[0][9]) == ("无统计", True, 3)
    assert table.rows[0][10] == "甲小、乙小、丙小"


def test_an_audit_measures_the_way_to_the_nearest_school() -> None:
    """S9 lies in no village and is none of theirs: b is 1 km from P1 and c has P2, so that nobody boards."""
    folk = replace(AREA, points=replace(AREA.points, x=np.array([0.0, 1000.0, 1000.0, 2000.0, 3000.0])))
    existing = Existing(audit(folk, PROJECT, book()), folk, PROJECT, book())
    table, clauses = audit_measures(existing)
    assert [row[1] for row in table.rows if str(row[0]).startswith("寄宿")] == [0.0]
    far = existing.audit.walks.assign(mean_m=3000.0)
    table, _ = audit_measures(replace(existing, audit=replace(existing.audit, walks=far)))
    assert [row[1] for row in table.rows if str(row[0]).startswith("寄宿")] == [30.0]  # half of 10 + 30 + 20
    assert [column.header for column in clauses.columns] == ["条款", "项目类别", "条文", "责任单位", "出处"]


def test_a_table_for_the_terminal_and_facts_for_machines() -> None:
    found = measured(AREA, book())
    table = short_measures_table(found, "en")
    assert [column.header for column in table.columns] == [
        "indicator",
        "value",
        "unit",
        "target",
        "reached",
        "left out",
    ]
    assert table.rows[2][:5] == ("children in inclusive kindergartens", 50.0, "%", 85.0, "not reached")
    facts = measure_facts(found[0])
    assert (facts["value"], facts["target"], facts["is_reached"], facts["where"]) == (0.3, 0.9, False, ["乙小"])


def test_clauses_name_who_answers_for_them_and_what_rests_on_them() -> None:
    said = book()
    charged = replace(said.rules[0], responsible="市教育局")
    other = replace(said.rules[1], id="JUN", tier="junior", area="rural")
    bare = replace(said.rules[1], tier="all")
    rules = RuleBook("tiny", said.title, (replace(charged, tier="primary"), bare, other), "")
    part = _plan().parts[0]
    city = replace(part, programme="primary-city", area="city")
    result = replace(RESULT, book=rules, plan=replace(_plan(), parts=(part, city)))
    table = plan_measures(result)[1]
    assert [(row[0], row[1], row[3], row[4]) for row in table.rows] == [
        ("SIZE", "农村小学、城区小学", "市教育局", 0),
        ("MENU", "农村小学、城区小学", "条文未列", 0),
    ]


def test_every_unit_and_certainty_has_a_name() -> None:
    assert {one.unit for one in INDICATORS.values()} <= set(UNITS)
    assert {one.certainty for one in INDICATORS.values()} <= set(CERTAINTY)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import small_county

from siting.audit import audit
from siting.errors import InputError
from siting.export import AUDIT_EXPORTERS, Existing, folder, write_audit
from siting.study import StudyArea


@pytest.fixture
def existing(tmp_path: Path) -> Existing:
    return _existing(small_county.study_area(), tmp_path)


def _existing(area: StudyArea, folder: Path) -> Existing:
    project, book = small_county.project(folder), small_county.book()
    return Existing(audit(area, project, book), area, project, book)


def _rows(file: Path, tab: str) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(file)[tab]
    headers = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    return [dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=4, values_only=True)]


def test_an_audit_is_every_file_of_its_registry(existing: Existing, tmp_path: Path) -> None:
    write_audit(existing, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(AUDIT_EXPORTERS)


def test_tables_hold_what_the_audit_found(existing: Existing, tmp_path: Path) -> None:
    """6600 of 10800 residents; village 7 is 2000 m from S5; 7500 people have S5 as the nearest, 90 seats are known."""
    write_audit(existing, tmp_path / "out")
    file = tmp_path / "out" / "audit.xlsx"
    assert openpyxl.load_workbook(file).sheetnames == [
        "说明", "现状覆盖", "分城乡", "分乡镇", "现状学校", "规划单元", "未覆盖村", "指标", "责任单位",
    ]  # fmt: skip
    (whole,) = _rows(file, "现状覆盖")
    assert (whole["项目类别"], whole["覆盖人口（人）"], whole["学位（个）"]) == ("农村幼儿园", 6600, 90)
    schools = _rows(file, "现状学校")
    assert [row["以其为最近的人口（人）"] for row in schools] == [3300, 7500]
    assert [(row["是否计入"], row["办学性质"], row["学位利用率"]) for row in schools] == [
        ("是", "公办", pytest.approx(60 / 90)),
        ("是", "公办", None),
    ]
    village = _rows(file, "未覆盖村")[0]
    assert (village["行政村（社区）"], village["平均路程（m）"]) == ("第7村", 2000)
    assert _rows(file, "规划单元")[0]["至少（所）"] is None
    assert _rows(file, "分城乡")[0]["城乡"] == "农村"


def test_the_cover_says_that_data_are_synthetic(existing: Existing, tmp_path: Path) -> None:
    write_audit(existing, tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "audit.xlsx")["说明"]
    said = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert said["数据声明"] == small_county.NOTICE.zh
    assert said["依据"] == "小县规则（规则集 tiny-book）"


def test_layers_open(existing: Existing, tmp_path: Path) -> None:
    write_audit(existing, tmp_path / "out")
    file = tmp_path / "out" / "audit.gpkg"
    assert set(dict(pyogrio.list_layers(file))) == {"schools", "uncovered", "units", "demand"}
    assert pyogrio.read_dataframe(file, layer="uncovered")["unit_id"].tolist() == ["V7", "V3", "V2"]
    assert pyogrio.read_dataframe(file, layer="schools")["nearest_residents"].tolist() == [3300, 7500]


def test_layers_with_nothing_in_them_are_written_too(tmp_path: Path) -> None:
    """Tiny villages at the schools' gates: nobody is beyond the radius."""
    area = small_county.study_area()
    x = area.points.x.copy()
    x[:] = small_county.X0
    write_audit(_existing(replace(area, points=replace(area.points, x=x)), tmp_path), tmp_path / "out")
    assert pyogrio.read_dataframe(tmp_path / "out" / "audit.gpkg", layer="uncovered").empty
    assert _rows(tmp_path / "out" / "audit.xlsx", "未覆盖村") == []


def test_the_manifest_says_what_the_audit_was_made_from(existing: Existing, tmp_path: Path) -> None:
    write_audit(existing, tmp_path / "out")
    manifest = small_county.manifest_of(tmp_path / "out")
    assert manifest["inputs"] == {"villages": {"file": "villages.csv", "sha256": "ab" * 32}}
    assert manifest["coverage"][0]["covered_residents"] == 6600
    assert set(manifest["files"]) == {"audit.xlsx", "audit.gpkg", "map.html"}


def test_an_audit_that_fails_leaves_the_old_one(
    existing: Existing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_audit(existing, tmp_path / "out")
    before = (tmp_path / "out" / "audit.xlsx").read_bytes()

    def fail(existing: Existing, into: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(folder, "AUDIT_EXPORTERS", {**AUDIT_EXPORTERS, "audit.gpkg": fail})
    with pytest.raises(InputError, match=r"cannot be written to \(disk full\)"):
        write_audit(existing, tmp_path / "out")
    assert (tmp_path / "out" / "audit.xlsx").read_bytes() == before


def test_a_folder_of_somebody_else_is_refused(existing: Existing, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match=r"thesis\.docx"):
        write_audit(existing, tmp_path, overwrite=True)

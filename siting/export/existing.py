"""audit.xlsx and audit.gpkg: what exists and whom it serves, as tables and as layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from siting.export.cover import Line, source_lines
from siting.export.measures import audit_measures
from siting.export.result import Existing
from siting.export.tables import NUMBER, SCHOOL, SHARE, TENTH, TOWNSHIP, WHOLE, Cell, Column, Table
from siting.export.workbook import save_workbook
from siting.frames import points_frame, units_frame
from siting.project import AREA_NAMES, programme_name
from siting.study import OPERATOR_NAMES

WORKBOOK, LAYERS = "audit.xlsx", "audit.gpkg"


def write_audit_workbook(existing: Existing, folder: Path) -> None:
    """A cover sheet 说明, then one sheet per table of the audit."""
    save_workbook(folder / WORKBOOK, _cover(existing), audit_sheets(existing), existing.area.notice)


def write_audit_layers(existing: Existing, folder: Path) -> None:
    """Layers schools and uncovered of the audit, units and demand of the study area."""
    layers = {
        "schools": existing.audit.schools,
        "uncovered": existing.audit.uncovered,
        "units": units_frame(existing.area),
        "demand": points_frame(existing.area),
    }
    for layer, frame in layers.items():
        frame.to_file(folder / LAYERS, layer=layer, driver="GPKG", VERSION="1.3", append=layer != "schools")


def audit_sheets(existing: Existing) -> tuple[Table, ...]:
    """Every table of the audit's workbook, in the order of its tabs."""
    audit = existing.audit
    names = {programme.key: programme_name(programme).zh for programme in audit.programmes}
    return (
        _table("现状覆盖", "现状服务覆盖评价表", audit.coverage, _COVERAGE, names),
        _table("分城乡", "分城乡服务覆盖评价表", audit.areas, {"area": Column("城乡", 8)} | _COVERAGE, names),
        _table("分乡镇", "分乡镇（街道）服务覆盖评价表", audit.townships, {"township": TOWNSHIP} | _COVERAGE, names),
        _table("现状学校", "现状学校规模与最近人口一览表", audit.schools, _SCHOOLS, names),
        _table("规划单元", "规划单元学校数一览表", audit.planning_units, _PLANNING_UNITS, names),
        _table("未覆盖村", "服务半径外村（社区）一览表", audit.uncovered, _UNCOVERED, names),
        *audit_measures(existing),
    )


_PROGRAMME = {"programme": Column("项目类别", 14)}

_COVERAGE = _PROGRAMME | {
    "radius_m": Column("服务半径（m）", 9, WHOLE),
    "residents": Column("常住人口（人）", 11, WHOLE),
    "covered_residents": Column("覆盖人口（人）", 11, WHOLE),
    "covered_share": Column("覆盖率", 9, SHARE),
    "children": Column("适龄儿童（人）", 10, WHOLE),
    "covered_children": Column("覆盖儿童（人）", 10, WHOLE),
    "no_road_residents": Column("无路可达（人）", 10, WHOLE),
    "mean_m": Column("平均路程（m）", 9, WHOLE),
    "median_m": Column("中位路程（m）", 9, WHOLE),
    "p95_m": Column("95%路程（m）", 9, WHOLE),
    "farthest_m": Column("最远路程（m）", 9, WHOLE),
    "straight_mean_m": Column("平均直线（m）", 9, WHOLE),
    "straight_covered_share": Column("直线覆盖率", 9, SHARE),
    "overstates_share": Column("直线高估", 9, SHARE),
    "schools": Column("学校（所）", 8, WHOLE),
    "counted_schools": Column("计入（所）", 8, WHOLE),
    "seats": Column("学位（个）", 10, WHOLE),
    "enrolment": Column("在校生（人）", 10, WHOLE),
    "fill_share": Column("学位利用率", 9, SHARE),
}

_SCHOOLS = _PROGRAMME | {
    "name": SCHOOL,
    "township": TOWNSHIP,
    "operator": Column("办学性质", 12),
    "is_counted": Column("是否计入", 8),
    "classes": Column("班数（班）", 8, WHOLE),
    "seats": Column("学位（个）", 10, WHOLE),
    "enrolment": Column("在校生（人）", 10, WHOLE),
    "fill_share": Column("学位利用率", 9, SHARE),
    "class_pupils": Column("平均班额（人/班）", 10, TENTH),
    "nearest_residents": Column("以其为最近的人口（人）", 13, WHOLE),
    "nearest_children": Column("以其为最近的儿童（人）", 13, WHOLE),
    "within_residents": Column("半径内人口（人）", 11, WHOLE),
    "children_per_seat": Column("最近儿童/学位", 10, SHARE),
}

_PLANNING_UNITS = _PROGRAMME | {
    "rule": Column("条款", 14),
    "planning_unit": Column("规划单元", 18),
    "residents": Column("常住人口（人）", 11, WHOLE),
    "schools": Column("现有（所）", 8, WHOLE),
    "fewest": Column("至少（所）", 8, WHOLE),
    "most": Column("至多（所）", 8, WHOLE),
    "missing": Column("缺（所）", 8, WHOLE),
    "surplus": Column("多（所）", 8, WHOLE),
}

_UNCOVERED = _PROGRAMME | {
    "name": Column("行政村（社区）", 18),
    "township": TOWNSHIP,
    "residents": Column("常住人口（人）", 11, WHOLE),
    "uncovered_residents": Column("未覆盖人口（人）", 11, WHOLE),
    "mean_m": Column("平均路程（m）", 9, WHOLE),
    "farthest_m": Column("最远路程（m）", 9, WHOLE),
    "school": Column("最近学校（路网）", 26),
    "straight_m": Column("直线距离（m）", 9, WHOLE),
    "straight_school": Column("最近学校（直线）", 26),
}


def _table(
    tab: str, title: str, frame: pd.DataFrame, columns: Mapping[str, Column], programmes: Mapping[str, str]
) -> Table:
    """A frame's columns under the bureau's headers, the rows numbered."""
    said: Mapping[str, Mapping[Any, str]] = {
        "programme": programmes,
        "operator": {key: name.zh for key, name in OPERATOR_NAMES.items()},
        "area": {key: name.zh for key, name in AREA_NAMES.items()},
        "is_counted": {True: "是", False: "否"},
    }
    rows = pd.DataFrame(frame)[list(columns)].to_dict("records")
    cells = [[_cell(row[key], said.get(key)) for key in columns] for row in rows]
    return Table(tab, title, (NUMBER, *columns.values()), tuple((k, *row) for k, row in enumerate(cells, 1)))


def _cell(value: Cell, words: Mapping[Any, str] | None) -> Cell:
    return words[value] if words else value


def _cover(existing: Existing) -> Iterator[Line]:
    yield f"{existing.project.name}　学校现状评价", ""
    if existing.area.notice.zh:
        yield "数据声明", existing.area.notice.zh
    yield "依据", f"{existing.book.title.zh}（规则集 {existing.book.id}）"
    yield "坐标系", f"{existing.area.crs}，距离单位为米，沿路网计算"
    yield (
        "名词",
        "“覆盖”指居民自身位置到最近的、规则计入的学校的路网距离不超过服务半径；以某校为最近的人口不是该校学区人口；"
        "“直线高估”指按直线距离多算的覆盖人口占按路网覆盖人口的比例。",
    )
    yield "空格", "表中空白表示没有统计数据或规则没有规定；0 表示已统计且为零。"
    yield from source_lines(existing.area)

"""What the years ahead need, as tables: seats per planning unit and year, estates, how full proposals will be."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from siting.demand.measures import Measured
from siting.demand.needs import EstateNeeds, Needs, Proposal, estate_needs, needs, proposals
from siting.export.ahead import ahead_facts
from siting.export.cover import Line, source_lines
from siting.export.estate_annex import estates_table
from siting.export.fill_rates import proposals_table
from siting.export.folder import write_whole
from siting.export.manifest import write_made_manifest
from siting.export.measures import indicators, measure_facts, measures_table, responsible_table
from siting.export.tables import NUMBER, SHARE, TIER, WHOLE, Cell, Column, Row, Table
from siting.export.workbook import save_workbook
from siting.plan import Plan
from siting.project import Project
from siting.rules.base import RuleBook
from siting.study import TIER_NAMES, FloatArray, StudyArea

WORKBOOK, LINES = "needs.xlsx", "needs.csv"

YEAR = Column("年份", 7, "0")
FIGURES = (
    Column("适龄人口（人）", 10, WHOLE),
    Column("入学（园）率", 9, SHARE),
    Column("学生数（人）", 10, WHOLE),
    Column("需求学位（个）", 10, WHOLE),
    Column("现有学位（个）", 10, WHOLE),
    Column("缺口（个）", 9, WHOLE),
    Column("富余（个）", 9, WHOLE),
    Column("需增班数（班）", 9, WHOLE),
)


@dataclass(frozen=True, slots=True)
class YearsAhead:
    """What a study needs in the years ahead, with what it was made from; plan is None where none is looked at.

    indicators are of the schools as they stand.
    """

    area: StudyArea
    project: Project
    book: RuleBook
    plan: Plan | None
    needs: tuple[Needs, ...]
    estates: tuple[EstateNeeds, ...]
    proposals: tuple[Proposal, ...]
    indicators: tuple[Measured, ...]


def see_ahead(area: StudyArea, project: Project, book: RuleBook, plan: Plan | None = None) -> YearsAhead:
    """The needs of a study area that has a forecast, the proposals of a plan for it, and its indicators."""
    built = () if plan is None else proposals(plan, area, project, book)
    asked, homes = needs(area, project, book), estate_needs(area, project)
    return YearsAhead(area, project, book, plan, asked, homes, built, indicators(area, project, book, plan))


def write_needs(ahead: YearsAhead, out: Path, overwrite: bool = False) -> None:
    """needs.xlsx, needs.csv and manifest.json in a folder, whole or not at all."""
    writers = (write_needs_workbook, write_needs_lines, _write_manifest)
    write_whole([partial(write, ahead) for write in writers], out, overwrite)


def write_needs_workbook(ahead: YearsAhead, folder: Path) -> None:
    """A cover sheet 说明, then one sheet per table."""
    save_workbook(folder / WORKBOOK, _cover(ahead), ahead_tables(ahead), ahead.area.notice)


def write_needs_lines(ahead: YearsAhead, folder: Path) -> None:
    """Every planning unit, tier and year as one table for other programs, UTF-8 with a mark as spreadsheets want it."""
    table = balance_table(ahead.needs)
    with (folder / LINES).open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.header for column in table.columns])
        lines.writerows([_plain(cell) for cell in row] for row in table.rows)


def _write_manifest(ahead: YearsAhead, folder: Path) -> None:
    forecast = ahead.area.forecast
    said = {} if forecast is None else {"year": forecast.year_planned, "zh": forecast.said.zh, "en": forecast.said.en}
    write_made_manifest(ahead, {"forecast": said}, folder)


def needs_facts(ahead: YearsAhead, out: Path) -> Mapping[str, object]:
    """The same for machines: the county year by year, proposals, estates and indicators."""
    forecast = ahead.area.forecast
    return {
        "exit_code": 0,
        "out": str(out),
        "files": sorted(path.name for path in out.iterdir()),
        "needs": [_year_facts(one, year) for one in ahead.needs for year in range(len(one.balance.year))],
        **({} if forecast is None else ahead_facts(forecast, ahead.proposals, ahead.estates)),
        "indicators": [measure_facts(one) for one in ahead.indicators],
    }


def _year_facts(one: Needs, year: int) -> Mapping[str, object]:
    words = ("year", "children", "rate", "pupils", "needed_seats", "existing_seats", "seat_gap", "spare_seats")
    figures = [_plain(cell) for cell in _figures(one, slice(None), year)]
    return {"tier": one.balance.tier, **dict(zip(words, figures, strict=False))}


def ahead_tables(ahead: YearsAhead) -> tuple[Table, ...]:
    """Every table, the county's before those of planning units; estates and proposals only where there are any; then
    indicators, and who answers for which clause."""
    found = [county_table(ahead.needs), balance_table(ahead.needs)]
    if ahead.estates:
        found.append(estates_table(ahead.area, ahead.estates, ahead.plan))
    if ahead.proposals:
        found.append(proposals_table(ahead.proposals))
    asked = ahead.plan.parts if ahead.plan else ahead.project.programmes
    return (*found, measures_table(ahead.indicators), responsible_table(asked, ahead.book, ahead.plan))


def county_table(needs_: tuple[Needs, ...]) -> Table:
    """附表2: the county year by year. Gaps and spare seats of planning units do not cancel."""
    rows = [
        (TIER_NAMES[one.balance.tier].zh, *_figures(one, slice(None), year))
        for one in needs_
        for year in range(len(one.balance.year))
    ]
    return Table("附表2 学龄人口预测", "附表2　学龄人口预测表（全域）", (NUMBER, TIER, YEAR, *FIGURES), _numbered(rows))


def balance_table(needs_: tuple[Needs, ...]) -> Table:
    """附表3: every planning unit year by year."""
    rows = [
        (place, TIER_NAMES[one.balance.tier].zh, *_figures(one, slice(at, at + 1), year))
        for one in needs_
        for at, place in enumerate(one.balance.planning_unit)
        for year in range(len(one.balance.year))
    ]
    columns = (NUMBER, Column("片区", 16), TIER, YEAR, *FIGURES)
    return Table("附表3 学位供需平衡", "附表3　学位供需平衡表", columns, _numbered(rows))


def _figures(one: Needs, places: slice, year: int) -> Row:
    held = one.balance
    sums = (held.pupils, held.needed_seats, held.existing_seats, held.seat_gap, held.spare_seats, held.added_classes)
    pupils, *rest = (_sum(table, places, year) for table in sums)
    return (int(held.year[year]), _sum(one.children, places, year), one.rate, pupils, *rest)


def _sum(table: FloatArray, places: slice, year: int) -> float:
    return float(table[places, year].sum())


def _numbered(rows: list[Row]) -> tuple[Row, ...]:
    return tuple((number, *row) for number, row in enumerate(rows, 1))


def _plain(cell: Cell) -> Cell:
    """A cell for other programs: nothing where nobody counted, numbers to a thousandth."""
    if not isinstance(cell, float | np.floating):
        return cell
    return None if math.isnan(cell) else round(float(cell), 3)


def _cover(ahead: YearsAhead) -> Iterator[Line]:
    yield f"{ahead.project.name}　学位需求预测", ""
    if ahead.area.notice.zh:
        yield "数据声明", ahead.area.notice.zh
    if ahead.area.forecast is not None:
        yield "预测方法与时点", ahead.area.forecast.said.zh
    yield "依据", f"{ahead.book.title.zh}（规则集 {ahead.book.id}）"
    yield (
        "名词",
        "年份指该年8月31日；需求学位 = 整班数 × 每班人数，按片区取整；缺口与富余按片区计算，合计时不相抵；"
        "使用率 = 学生数 ÷ 学位数；规模是否合规看服务人口，生源是否可持续看学生数和使用率，两者分别判断。",
    )
    yield "空格", "表中空白表示没有统计数据，或已超出推算年限；0 表示已统计且为零。"
    yield from source_lines(ahead.area)

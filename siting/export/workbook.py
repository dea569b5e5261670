"""The bureau's tables as a workbook that prints on A4: plan.xlsx, and what other tables there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from unicodedata import east_asian_width

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from siting.export.cover import Line, cover_lines
from siting.export.fill_rates import fill_rate_tables
from siting.export.measures import plan_measures
from siting.export.result import Result
from siting.export.tables import Cell as Value
from siting.export.tables import Column, Table, tables
from siting.words import Language, Phrase

FILE = "plan.xlsx"

TITLE_ROW, UNIT_ROW, HEADER_ROW = 1, 2, 3
LINE_POINTS = 14.5
"""Height of one line of text; a row is as tall as its fullest cell needs."""

_THIN = Side(style="thin", color="FF9AA5B1")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="FFDCE6F1")
_TOTAL_FILL = PatternFill("solid", fgColor="FFF3F3F3")
_TITLE, _BOLD, _PLAIN = (
    Font(name="宋体", size=16, bold=True),
    Font(name="宋体", size=10, bold=True),
    Font(name="宋体", size=10),
)


def write_workbook(result: Result, folder: Path) -> None:
    """plan.xlsx."""
    sheets = (*tables(result), *fill_rate_tables(result), *plan_measures(result))
    save_workbook(folder / FILE, cover_lines(result), sheets, result.area.notice)


def save_workbook(
    file: Path, cover: Iterable[Line], sheets: Iterable[Table], notice: Phrase, language: Language = "zh"
) -> None:
    """A workbook as a file."""
    workbook(cover, sheets, notice, language).save(file)


def workbook(
    cover: Iterable[Line], sheets: Iterable[Table], notice: Phrase, language: Language = "zh"
) -> openpyxl.Workbook:
    """A cover sheet 说明, then one sheet per table; the notice is in every title. language is that of the tables."""
    book = openpyxl.Workbook()
    _fill_cover(book.worksheets[0], cover, language)
    for table in sheets:
        _fill(book.create_sheet(table.tab), table, notice, language)
    return book


_COVER, _TOTAL, _NO_ROAD = Phrase("说明", "About"), Phrase("合计", "Total"), Phrase("无路可达", "no road")


def _fill_cover(sheet: Worksheet, cover: Iterable[Line], language: Language) -> None:
    sheet.title = _COVER.said_in(language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 96
    for row, (label, text) in enumerate(cover, 1):
        _say(sheet.cell(row, 1), label, _BOLD)
        if text:
            _say(sheet.cell(row, 2), text, _PLAIN)
        sheet.row_dimensions[row].height = _lines(text, 96) * LINE_POINTS + 3
    sheet.cell(1, 1).font, sheet.cell(1, 1).alignment = _TITLE, Alignment(vertical="center")
    sheet.row_dimensions[1].height = 28
    _set_print(sheet)


def _fill(sheet: Worksheet, table: Table, notice: Phrase, language: Language) -> None:
    _fill_head(sheet, table, notice, language)
    for row, values in enumerate(table.rows, HEADER_ROW + 1):
        _fill_row(sheet, row, table.columns, values, language)
    if any(column.is_summed for column in table.columns) and table.rows:
        _fill_totals(sheet, table, language)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 3)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(table.columns))}{HEADER_ROW + len(table.rows)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _set_print(sheet)


def _fill_head(sheet: Worksheet, table: Table, notice: Phrase, language: Language) -> None:
    width = len(table.columns)
    _say(sheet.cell(TITLE_ROW, 1), _title(table, notice, language), _TITLE)
    sheet.cell(TITLE_ROW, 1).alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=TITLE_ROW, end_row=TITLE_ROW, start_column=1, end_column=width)
    filled = Phrase(f"填表单位：{'　' * 12}填表时间：{date.today():%Y年%m月%d日}", f"Date: {date.today():%Y-%m-%d}")
    _say(sheet.cell(UNIT_ROW, 1), filled.said_in(language), _PLAIN)
    sheet.merge_cells(start_row=UNIT_ROW, end_row=UNIT_ROW, start_column=1, end_column=width)
    sheet.row_dimensions[TITLE_ROW].height = 28
    for position, column in enumerate(table.columns, 1):
        _fill_header(sheet, position, column)
    sheet.row_dimensions[HEADER_ROW].height = 2 * LINE_POINTS + 4


def _title(table: Table, notice: Phrase, language: Language) -> str:
    said = notice.said_in(language)
    return Phrase(f"{table.title}（{said}）", f"{table.title} ({said})").said_in(language) if said else table.title


def _fill_header(sheet: Worksheet, position: int, column: Column) -> None:
    cell = sheet.cell(HEADER_ROW, position)
    _say(cell, column.header.replace("（", "\n（"), _BOLD)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.fill, cell.border = _HEADER_FILL, _BOX
    sheet.column_dimensions[get_column_letter(position)].width = column.width


def _fill_row(
    sheet: Worksheet, row: int, columns: tuple[Column, ...], values: tuple[Value, ...], language: Language
) -> None:
    for position, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        _put(sheet.cell(row, position), column, value, language)
    lines = [
        _lines(value, column.width) for column, value in zip(columns, values, strict=True) if isinstance(value, str)
    ]
    sheet.row_dimensions[row].height = max(lines, default=1) * LINE_POINTS + 3


def _put(cell: Cell, column: Column, value: Value, language: Language) -> None:
    cell.border = _BOX
    if isinstance(value, str):
        _say(cell, value, _PLAIN)
        return
    cell.value, cell.font, cell.number_format = _number(value, language), _PLAIN, column.number
    cell.alignment = Alignment(horizontal="right", vertical="center", indent=1)


def _number(value: float | None, language: Language) -> float | str | None:
    """A number a cell can hold: nothing where nobody counted, words where there is no road."""
    if value is None or math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else _NO_ROAD.said_in(language)


def _say(cell: Cell, text: str, font: Font) -> None:
    """Text that stays text, whatever sign it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.font = font
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _fill_totals(sheet: Worksheet, table: Table, language: Language) -> None:
    row = HEADER_ROW + len(table.rows) + 1
    for position, column in enumerate(table.columns, 1):
        cell = sheet.cell(row, position)
        _put(cell, column, _total(table, position - 1) if column.is_summed else None, language)
        cell.font, cell.fill = _BOLD, _TOTAL_FILL
    _say(sheet.cell(row, 1), _TOTAL.said_in(language), _BOLD)


def _total(table: Table, position: int) -> float:
    return sum(_counted(table, position), 0.0)


def _counted(table: Table, position: int) -> Iterator[float]:
    for values in table.rows:
        value = values[position]
        if isinstance(value, int | float) and math.isfinite(value):
            yield value


def _lines(text: str, width: float) -> int:
    wide = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return max(1, math.ceil(wide * 1.03 / max(width - 1, 1)))


def _set_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.25
    sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"

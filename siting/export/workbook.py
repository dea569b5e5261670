"""The bureau's tables as a workbook that prints on A4 or A3: plan.xlsx, and what other tables there are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from siting.export.cover import Line, cover_lines
from siting.export.fill_rates import fill_rate_tables
from siting.export.measures import plan_measures
from siting.export.result import Result
from siting.export.sheets import plan_sheets
from siting.export.tables import Cell as Value
from siting.export.tables import Column, Table
from siting.words import Language, Phrase

FILE = "plan.xlsx"

_UNIT = re.compile(r"（(?=[^（]*）$)")
"""Where the unit begins that a header ends with: it has a line of its own."""

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


@dataclass(frozen=True, slots=True)
class Form:
    """Who fills the tables in (填表单位, "" leaves a blank), and the day that is printed."""

    prepared_by: str = ""
    day: date = field(default_factory=date.today)


def write_workbook(result: Result, folder: Path) -> None:
    """plan.xlsx."""
    sheets = (*plan_sheets(result), *fill_rate_tables(result), *plan_measures(result))
    save_workbook(folder / FILE, cover_lines(result), sheets, result.area.notice)


def save_workbook(
    file: Path,
    cover: Iterable[Line],
    sheets: Iterable[Table],
    notice: Phrase,
    language: Language = "zh",
    form: Form | None = None,
) -> None:
    """A workbook as a file."""
    workbook(cover, sheets, notice, language, form).save(file)


def workbook(
    cover: Iterable[Line], sheets: Iterable[Table], notice: Phrase, language: Language = "zh", form: Form | None = None
) -> openpyxl.Workbook:
    """A cover sheet 说明, then one sheet per table; the notice is in every title. language is that of the tables."""
    book = openpyxl.Workbook()
    _fill_cover(book.worksheets[0], cover, language)
    filled = _filled(form or Form(), language)
    for table in sheets:
        _fill(book.create_sheet(table.tab), table, _title(table, notice, language), filled, language)
    return book


def _filled(form: Form, language: Language) -> str:
    by, day = form.prepared_by, form.day
    zh = f"填表单位：{by or '　' * 12}　　填表时间：{day:%Y年%m月%d日}"
    return Phrase(zh, f"Prepared by: {by or ' ' * 24}    Date: {day:%Y-%m-%d}").said_in(language)


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
    _set_print(sheet, language)


def _fill(sheet: Worksheet, table: Table, title: str, filled: str, language: Language) -> None:
    hand = _Hand(language)
    _fill_head(sheet, table, title, filled)
    for row, values in enumerate(table.rows, HEADER_ROW + 1):
        _fill_row(sheet, row, table.columns, values, hand)
    last = HEADER_ROW + len(table.rows)
    if any(column.is_summed for column in table.columns) and table.rows:
        last = _fill_totals(sheet, table, hand)
    _fill_notes(sheet, table, last + 1)
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(table.columns))}{HEADER_ROW + len(table.rows)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _set_print(sheet, language, table.is_wide)


def _fill_head(sheet: Worksheet, table: Table, title: str, filled: str) -> None:
    width = len(table.columns)
    _say(sheet.cell(TITLE_ROW, 1), title, _TITLE)
    sheet.cell(TITLE_ROW, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=TITLE_ROW, end_row=TITLE_ROW, start_column=1, end_column=width)
    _say(sheet.cell(UNIT_ROW, 1), filled, _PLAIN)
    sheet.merge_cells(start_row=UNIT_ROW, end_row=UNIT_ROW, start_column=1, end_column=width)
    wide = sum(column.width for column in table.columns)
    sheet.row_dimensions[TITLE_ROW].height = 28 * _lines(title, wide * _PLAIN.size / _TITLE.size)
    for position, column in enumerate(table.columns, 1):
        _fill_header(sheet, position, column)
    lines = [_lines(column.header, column.width) + column.header.count("（") for column in table.columns]
    sheet.row_dimensions[HEADER_ROW].height = max(2, *lines) * LINE_POINTS + 4


def _title(table: Table, notice: Phrase, language: Language) -> str:
    said = notice.said_in(language)
    return Phrase(f"{table.title}（{said}）", f"{table.title} ({said})").said_in(language) if said else table.title


def _fill_header(sheet: Worksheet, position: int, column: Column) -> None:
    cell = sheet.cell(HEADER_ROW, position)
    _say(cell, _UNIT.sub("\n（", column.header), _BOLD)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.fill, cell.border = _HEADER_FILL, _BOX
    sheet.column_dimensions[get_column_letter(position)].width = column.width


@dataclass(frozen=True, slots=True)
class _Hand:
    """Fills the cells of a sheet in one language. Of the cells that look alike the first is dressed in a style of the
    workbook; the others copy it, which is far quicker."""

    language: Language
    dressed: dict[str, StyleArray] = field(default_factory=dict)

    def put(self, cell: Cell, column: Column, value: Value) -> None:
        """A value of a column."""
        self._dress(cell, "" if isinstance(value, str) else column.number or "General")
        if isinstance(value, str):
            _write(cell, value)
        else:
            cell.value = _number(value, self.language)

    def _dress(self, cell: Cell, number: str) -> None:
        """As text (number ""), or as numbers of a format."""
        if number not in self.dressed:
            cell.style = _looks(cell.parent.parent, number)
            self.dressed[number] = cell._style
        cell._style = copy(self.dressed[number])


def _fill_row(sheet: Worksheet, row: int, columns: tuple[Column, ...], values: tuple[Value, ...], hand: _Hand) -> None:
    for position, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        hand.put(sheet.cell(row, position), column, value)
    lines = [
        _lines(value, column.width) for column, value in zip(columns, values, strict=True) if isinstance(value, str)
    ]
    sheet.row_dimensions[row].height = max(lines, default=1) * LINE_POINTS + 3


def _looks(book: openpyxl.Workbook, number: str) -> str:
    """The name of the workbook's style for text (number ""), or for numbers of a format."""
    name = f"{NAMED} {number}".strip()
    if name not in book.named_styles:
        aligned = _RIGHT if number else _WRAPPED
        book.add_named_style(
            NamedStyle(name, font=_PLAIN, border=_BOX, alignment=aligned, number_format=number or "General")
        )
    return name


NAMED = "siting"
"""What the styles of cells are called by in a workbook's list of them."""

_WRAPPED = Alignment(vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center", indent=1)


def _number(value: float | None, language: Language) -> float | str | None:
    """A number a cell can hold: nothing where nobody counted, words where there is no road."""
    if value is None or math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else _NO_ROAD.said_in(language)


def _write(cell: Cell, text: str) -> None:
    """Text that stays text, whatever sign it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


def _say(cell: Cell, text: str, font: Font) -> None:
    """Text as above in a font of its own."""
    _write(cell, text)
    cell.font, cell.alignment = font, _WRAPPED


def _fill_totals(sheet: Worksheet, table: Table, hand: _Hand) -> int:
    """A total below the rows, or one for each group where there are several; gives the row of the last."""
    first, groups = HEADER_ROW + len(table.rows) + 1, list(dict.fromkeys(table.groups)) or [""]
    for row, group in enumerate(groups, first):
        rows = [values for at, values in enumerate(table.rows) if not table.groups or table.groups[at] == group]
        named = Phrase(f"{_TOTAL.zh}：{group}", f"{_TOTAL.en}: {group}") if len(groups) > 1 else _TOTAL
        _fill_total(sheet, row, table.columns, rows, named, hand)
    return first + len(groups) - 1


def _fill_total(
    sheet: Worksheet,
    row: int,
    columns: tuple[Column, ...],
    rows: list[tuple[Value, ...]],
    named: Phrase,
    hand: _Hand,
) -> None:
    for position, column in enumerate(columns, 1):
        cell = sheet.cell(row, position)
        hand.put(cell, column, _total(rows, position - 1) if column.is_summed else None)
        cell.font, cell.fill = _BOLD, _TOTAL_FILL
    _say(sheet.cell(row, 1), named.said_in(hand.language), _BOLD)
    told = next((at for at, column in enumerate(columns, 1) if column.is_summed), 2) - 1
    if told > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=told)


def _total(rows: list[tuple[Value, ...]], position: int) -> float | None:
    """What is known of a column added up; nothing where nothing is known."""
    counted = list(_counted(rows, position))
    return sum(counted, 0.0) if counted else None


def _counted(rows: list[tuple[Value, ...]], position: int) -> Iterator[float]:
    for values in rows:
        value = values[position]
        if isinstance(value, int | float) and math.isfinite(value):
            yield value


def _fill_notes(sheet: Worksheet, table: Table, first: int) -> None:
    """What is to be known about a table, below it."""
    width = sum(column.width for column in table.columns)
    for row, note in enumerate(table.notes, first):
        _say(sheet.cell(row, 1), note, _PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(table.columns))
        sheet.row_dimensions[row].height = _lines(note, width) * LINE_POINTS + 3


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(sum(map(_wide, text)) * 1.03 / max(width - 1, 1)))


@cache
def _wide(sign: str) -> int:
    return 2 if east_asian_width(sign) in "WF" else 1


def _set_print(sheet: Worksheet, language: Language, is_wide: bool = False) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if is_wide else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.25
    sheet.oddFooter.center.text = Phrase("&A　第 &P 页，共 &N 页", "&A, page &P of &N").said_in(language)

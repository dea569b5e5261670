"""字段说明: every column of every sheet, what it means, its unit, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from siting.export.fields import Annex
from siting.export.in_language import Header, table_in
from siting.export.tables import Row, Table
from siting.words import Language, Phrase


def glossary_table(annexes: Iterable[Annex[Any]], language: Language) -> Table:
    """The columns of annexes, in their order."""
    headers = (
        Header(Phrase("序号", "no."), 6, "0"),
        Header(Phrase("表名", "sheet"), 24),
        Header(Phrase("字段", "column"), 26),
        Header(Phrase("单位", "unit"), 12),
        Header(Phrase("含义", "meaning"), 84),
        Header(Phrase("来源", "source"), 34),
    )
    lines = [(annex.tab, one.name, one.unit, one.meaning, one.source) for annex in annexes for one in annex.fields]
    rows: list[Row] = [(number, *(said.said_in(language) for said in line)) for number, line in enumerate(lines, 1)]
    title = Phrase(
        "字段说明（空白表示没有统计数据，0 表示已统计且为零）", "Columns (blank: nobody counted; 0: counted, none)"
    )
    return table_in(Phrase("字段说明", "Columns"), title, headers, rows, language)

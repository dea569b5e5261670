"""Paragraphs and tables as WordprocessingML text, since python-docx is slow where there are thousands of cells."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from siting.filing.fonts import one_line
from siting.filing.proposal.blocks import Grid, Sheet

WIDTH_MM = 156.0
"""Of the text on the page: 210 less margins of 28 and 26."""

TWIPS_PER_MM = 56.6929

HEAD_FILL, TOTAL_FILL = "E4EBF3", "F1F1F1"
WIDE = 8
"""Tables of more columns are set smaller."""


def run_xml(text: str) -> str:
    """A run of text; nothing in it is markup."""
    return f'<w:r><w:t xml:space="preserve">{escape(one_line(text))}</w:t></w:r>'


def paragraph_xml(runs: str, style: str, more: str = "") -> str:
    """A paragraph of a style; more are further properties, which stand after its style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def blank_xml(text: str) -> str:
    """A cell to be written in."""
    widths = _twips([1.0])
    cell = _cell(run_xml(text), widths[0], "FilingBlank").replace('w:vAlign w:val="center"', 'w:vAlign w:val="top"')
    return _table([_row([cell], '<w:trHeight w:val="1300" w:hRule="atLeast"/>')], widths, line="dashed")


def grid_xml(grid: Grid) -> str:
    """A table whose header is repeated and whose rows stay whole."""
    style = "FilingCellSmall" if len(grid.fields) > WIDE else "FilingCell"
    widths = _twips([field.width for field in grid.fields])
    head = [
        _cell(run_xml(field.header), width, style, fill=HEAD_FILL, align="center")
        for field, width in zip(grid.fields, widths, strict=True)
    ]
    rows = [_row(head, "<w:tblHeader/>")]
    for at, texts in enumerate(grid.rows, 1):
        fill = TOTAL_FILL if grid.has_total and at == len(grid.rows) else ""
        cells = zip(grid.fields, texts, widths, strict=True)
        rows.append(
            _row([_cell(run_xml(t), w, style, fill=fill, align="right" if f.is_number else "") for f, t, w in cells])
        )
    return _table(rows, widths)


def sheet_xml(sheet: Sheet, picture: str) -> str:
    """The table of a project; its picture, if there is one, stands at the left of every row. It stays on one page."""
    columns = len(sheet.headers)
    shares = [14.0, *([(102.0 if picture else 142.0) / (columns - 1)] * (columns - 1))]
    widths = _twips([40.0, *shares] if picture else shares)
    own = widths[1:] if picture else widths
    body = [
        [_cell(run_xml(h), w, _SHEET, HEAD_FILL, "center", _KEEP) for h, w in zip(sheet.headers, own, strict=True)],
        *([_cell(run_xml(t), w, _SHEET, more=_KEEP) for t, w in zip(row, own, strict=True)] for row in sheet.rows),
    ]
    if picture:
        below = paragraph_xml(run_xml(sheet.picture.caption if sheet.picture else ""), "FilingCaption", _KEEP)
        first = _merged(paragraph_xml(picture, "FilingPicture", _KEEP) + below, widths[0], "restart")
        rest = _merged(paragraph_xml("", _SHEET, _KEEP), widths[0], "continue")
        body = [[first if at == 0 else rest, *cells] for at, cells in enumerate(body)]
    foot = [[_spanned(sheet.below, widths, "")]] if sheet.below else []
    return _table([_row(cells) for cells in ([_spanned(sheet.said, widths, _KEEP)], *body, *foot)], widths)


_SHEET, _KEEP = "FilingSheet", "<w:keepNext/>"


def _spanned(text: str, widths: Sequence[int], keep: str) -> str:
    span = f'<w:gridSpan w:val="{len(widths)}"/>'
    return _cell(run_xml(text), sum(widths), _SHEET, more=keep, span=span)


def _merged(content: str, width: int, word: str) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/><w:vMerge w:val="{word}"/><w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _cell(runs: str, width: int, style: str, fill: str = "", align: str = "", more: str = "", span: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    side = f'<w:jc w:val="{align}"/>' if align else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph_xml(runs, style, more + side)}</w:tc>"


def _row(cells: Sequence[str], more: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _table(rows: Sequence[str], widths: Sequence[int], line: str = "single") -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="{line}" w:sz="4" w:space="0" w:color="555555"/>' for side in sides)
    margins = "".join(f'<w:{side} w:w="45" w:type="dxa"/>' for side in ("left", "right"))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _twips(shares: Sequence[float]) -> list[int]:
    """Widths that share the text's width."""
    return [int(WIDTH_MM * TWIPS_PER_MM * one / sum(shares)) for one in shares]

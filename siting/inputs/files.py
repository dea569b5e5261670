"""Files as people have them, read into rows of text. The only place that has heard of encodings.

Every row's label is its number in the file (1 is the first line of a table, the first feature of a layer).
Every cell is text, stripped, "" where it is blank; a shape stands in ``geometry`` as the file has it.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections.abc import Sequence
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import geopandas as gpd
import pandas as pd
import pyogrio
from openpyxl.utils.exceptions import InvalidFileException
from pyogrio.errors import DataLayerError, DataSourceError

from siting.errors import said_by_system
from siting.inputs.encodings import attempts
from siting.inputs.endings import say_unknown
from siting.inputs.headings import Rows, header_of, header_position
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.osm_places import read_osm_places
from siting.inputs.placing import is_elsewhere
from siting.inputs.roads import OSM_FILES
from siting.inputs.shapefiles import lacks_parts, read_shapefile
from siting.project import Layer, LayerName
from siting.words import Phrase, name_some

TEXT_FILES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
SHAPE_FILES = (".shp", ".gpkg", ".geojson", ".json", ".fgb")


def read_rows(layer: Layer, name: LayerName, notes: Notes) -> pd.DataFrame | None:
    """The rows of a layer as text, with ``geometry`` where the file has shapes; None, and a fault, if unreadable."""
    try:
        return _read(layer, name, notes)
    except OSError as flaw:
        notes.fault(
            said_by_system("打不开", "cannot be opened", flaw),
            Phrase("请关闭正在使用它的程序（如 Excel）。", "Close the program that holds it, for example Excel."),
        )
        return None


def _read(layer: Layer, name: LayerName, notes: Notes) -> pd.DataFrame | None:
    ending = layer.file.name.casefold()
    if ending.endswith(TEXT_FILES):
        return _read_text(layer, notes)
    if ending.endswith(WORKBOOKS):
        return _read_workbook(layer, notes)
    if ending.endswith(OSM_FILES):
        return read_osm_places(layer.file, name, notes)
    if ending.endswith(SHAPE_FILES):
        return _read_shapes(layer, notes)
    say_unknown(notes, layer, (*TEXT_FILES, *WORKBOOKS, *SHAPE_FILES, *OSM_FILES))
    return None


# --- tables ----------------------------------------------------------------------------------------------------


def _read_text(layer: Layer, notes: Notes) -> pd.DataFrame | None:
    raw = layer.file.read_bytes()
    marked = ("utf-16",) if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ()
    for encoding in (*marked, *attempts(layer.encoding)):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _table_of_text(text, notes)
    _say_encoding(notes, layer)
    return None


def _table_of_text(text: str, notes: Notes) -> pd.DataFrame | None:
    try:
        return _table(_split(text), notes)
    except csv.Error as flaw:
        _say_unreadable(notes, Phrase("表格", "table"), flaw)
        return None


def _split(text: str) -> Rows:
    """Lines and cells, by the delimiter that the header has most of."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=header.count)
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


def _read_workbook(layer: Layer, notes: Notes) -> pd.DataFrame | None:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
            with pd.ExcelFile(layer.file, engine="openpyxl") as book:
                rows = _sheet(layer, book, notes)
    except (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError) as flaw:
        _say_no_workbook(notes, flaw)
        return None
    return None if rows is None else _table(rows, notes)


def _sheet(layer: Layer, book: pd.ExcelFile, notes: Notes) -> Rows | None:
    """The rows of the stated sheet or of the only one that has any; None, and a fault, where there is no telling."""
    sheets = [str(name) for name in book.sheet_names]
    if layer.sheet in sheets:
        return _cells(book, layer.sheet)
    if layer.sheet:
        notes.fault(
            Phrase(f"没有工作表“{layer.sheet}”。", f"has no sheet '{layer.sheet}'."), did_you_mean(layer.sheet, sheets)
        )
        return None
    filled = {name: rows for name in sheets if header_position(rows := _cells(book, name)) is not None}
    if len(filled) > 1:
        _say_which_sheet(notes, list(filled))
        return None
    return next(iter(filled.values()), [])


def _cells(book: pd.ExcelFile, sheet: str) -> Rows:
    cells = pd.read_excel(book, sheet_name=sheet, header=None, dtype=str, keep_default_na=False)
    return [[str(cell).strip() for cell in row] for row in cells.to_numpy(dtype=object).tolist()]


def _table(rows: Rows, notes: Notes) -> pd.DataFrame | None:
    """Rows of cells as a frame; titles above the header are passed over."""
    rows = [[cell.strip() for cell in row] for row in rows]
    top = header_position(rows)
    if top is None:
        _say_empty(notes)
        return None
    header, top = header_of(rows, top)
    body = {at + 1: row for at, row in enumerate(rows) if at > top and any(row)}
    if _is_broken(header, body, notes):
        return None
    columns = [at for at, word in enumerate(header) if word]
    cells = [[(*row, *[""] * len(header))[at] for at in columns] for row in body.values()]
    return pd.DataFrame(cells, index=list(body), columns=[header[at] for at in columns], dtype=object)


def _is_broken(header: list[str], body: dict[int, list[str]], notes: Notes) -> bool:
    """True, and a fault, where a header occurs twice, a row is longer than the header, or there is no row."""
    words = [word for word in header if word]
    twice = sorted({word for word in words if words.count(word) > 1})
    long = [str(line) for line, row in body.items() if any(row[len(header) :])]
    if twice:
        notes.fault(
            Phrase(f"表头重复：{'、'.join(twice)}。", f"has the same header twice: {', '.join(twice)}."),
            Phrase("请改名或删去多余的列。", "Rename or remove the column that is too much."),
        )
    if long:
        lines = name_some(long)
        notes.fault(
            Phrase(
                f"{len(body)} 行中 {len(long)} 行的格数多于表头的 {len(header)} 列，行号：{lines.zh}。",
                f"{len(long)} of {len(body)} rows have more cells than the header's {len(header)}: lines {lines.en}.",
            ),
            Phrase("请检查其中多余的逗号，或给该格加引号。", "Look for a comma too many, or quote the cell."),
        )
    if not body:
        _say_empty(notes)
    return bool(twice or long or not body)


# --- layers ----------------------------------------------------------------------------------------------------


def _read_shapes(layer: Layer, notes: Notes) -> pd.DataFrame | None:
    if lacks_parts(layer.file, notes):
        return None
    try:
        sheet = _layer_within(layer, notes)
        frame = None if sheet is None else _decoded(layer, sheet, notes)
    except (DataSourceError, DataLayerError) as flaw:
        _say_unreadable(notes, Phrase("矢量图层", "vector layer"), flaw)
        return None
    if frame is None or is_elsewhere(frame, layer.crs, notes):
        return None
    if frame.empty:
        _say_empty(notes)
        return None
    return _as_text(frame)


def _layer_within(layer: Layer, notes: Notes) -> str | None:
    """The layer of the file to read: the stated one or the only one; None, and a fault, where there is no telling."""
    layers = [str(name) for name in pyogrio.list_layers(layer.file)[:, 0]]
    if layer.sheet in layers:
        return layer.sheet
    if len(layers) == 1 and not layer.sheet:
        return layers[0]
    near = did_you_mean(layer.sheet, layers)
    notes.fault(
        Phrase(
            f"有 {len(layers)} 个图层，sheet 写的是“{layer.sheet}”。",
            f"holds {len(layers)} layers, and `sheet` says '{layer.sheet}'.",
        ),
        Phrase(f"请在 sheet 中写图层名。{near.zh}", f"Name one of them in `sheet`. {near.en}"),
    )
    return None


def _decoded(layer: Layer, sheet: str, notes: Notes) -> pd.DataFrame | None:
    try:
        if layer.file.suffix.casefold() == ".shp":
            return read_shapefile(layer.file, layer.encoding)
        return pyogrio.read_dataframe(layer.file, layer=sheet, encoding=layer.encoding or None)
    except UnicodeDecodeError:
        _say_encoding(notes, layer)
        return None


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    texts = {column: _texts(frame[column]) for column in frame.columns if column != "geometry"}
    plain = pd.DataFrame(texts, index=frame.index, dtype=object)
    if isinstance(frame, gpd.GeoDataFrame):
        plain["geometry"] = frame.geometry.to_numpy()
    plain.index = pd.RangeIndex(1, len(frame) + 1)
    return plain


def _texts(column: pd.Series) -> list[str]:
    missing = column.isna()
    return ["" if gone else _text(cell) for cell, gone in zip(column, missing, strict=True)]


def _text(cell: object) -> str:
    """A cell as text; a whole number without the point that layers give it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


# --- what is wrong ---------------------------------------------------------------------------------------------


def _say_unreadable(notes: Notes, kind: Phrase, flaw: Exception) -> None:
    notes.fault(
        Phrase(f"不是可读的{kind.zh}（{flaw}）。", f"is not a readable {kind.en} ({flaw})."),
        Phrase("请重新导出。", "Export it again."),
    )


def _say_no_workbook(notes: Notes, flaw: Exception) -> None:
    notes.fault(
        Phrase(f"不是可读的 Excel 工作簿（{flaw}）。", f"is not a readable Excel workbook ({flaw})."),
        Phrase(
            "请重新导出：在 Excel 或 WPS 中打开，另存为 .xlsx，不设密码。",
            "Export it again: open it in Excel or WPS and save it as .xlsx without a password.",
        ),
    )


def _say_which_sheet(notes: Notes, filled: list[str]) -> None:
    names = name_some(filled)
    notes.fault(
        Phrase(
            f"有 {len(filled)} 个工作表有数据（{names.zh}），没有写读哪一个。",
            f"has data on {len(filled)} sheets ({names.en}), and none is stated.",
        ),
        Phrase(f'请在该图层写 sheet = "{filled[-1]}" 等。', f'State one of them, for example sheet = "{filled[-1]}".'),
    )


def _say_encoding(notes: Notes, layer: Layer) -> None:
    tried: Sequence[str] = attempts(layer.encoding, layer.file)
    notes.fault(
        Phrase(f"不能按 {'、'.join(tried)} 解码。", f"cannot be decoded as {' or '.join(tried)}."),
        Phrase(
            '请在该图层写明 encoding（如 encoding = "gbk"），或另存为 UTF-8。',
            'State its encoding, for example encoding = "gbk", or save it as UTF-8.',
        ),
    )


def _say_empty(notes: Notes) -> None:
    notes.fault(
        Phrase("表中没有数据行。", "holds no rows of data."),
        Phrase("请检查导出的文件或工作表。", "Check which file or sheet was exported."),
    )

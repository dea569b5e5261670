"""Shapefiles: their text decoded here, letter by letter, because GDAL gives up on a header that was cut in a letter."""

from __future__ import annotations

import codecs
import glob
from pathlib import Path

import pandas as pd
import pyogrio

from siting.inputs.encodings import attempts
from siting.inputs.notes import Notes
from siting.words import Phrase

SHORTEST_CUT = 8
"""Bytes of the shortest text that may have been cut: headers hold ten bytes, and a letter up to four."""

_BYTES = "ISO-8859-1"
"""One letter for each byte: what GDAL is told, so that it hands the bytes over."""


def lacks_parts(file: Path, notes: Notes) -> bool:
    """True, and a fault, where a Shapefile came without its index or its table."""
    if file.suffix.casefold() != ".shp":
        return False
    beside = {path.suffix.casefold() for path in file.parent.glob(f"{glob.escape(file.stem)}.*")}
    missing = [part for part in (".shx", ".dbf") if part not in beside]
    if missing:
        notes.fault(
            Phrase(
                f"不完整：同一文件夹没有 {'、'.join(file.stem + part for part in missing)}。",
                f"is not whole: {' and '.join(file.stem + part for part in missing)} not beside it.",
            ),
            Phrase(
                "Shapefile 由同名的 .shp、.shx、.dbf 等组成，请一并复制。",
                "A Shapefile is several files of one name (.shp, .shx, .dbf and more); copy them together.",
            ),
        )
    return bool(missing)


def read_shapefile(file: Path, stated: str) -> pd.DataFrame:
    """Rows and shapes, in the first encoding that fits every header and cell.

    The stated encoding, else .cpg, else the table's language driver; where nothing is said UTF-8, then GB18030.
    Raises UnicodeDecodeError where none fits, and pyogrio's errors where the file is none.
    """
    raw = pyogrio.read_dataframe(file, ENCODING=_BYTES)
    *first, last = attempts(stated, file)
    for encoding in first:
        try:
            return _decoded(raw, encoding)
        except UnicodeDecodeError:
            continue
    return _decoded(raw, last)


def _decoded(raw: pd.DataFrame, encoding: str) -> pd.DataFrame:
    frame = raw.rename(columns={header: _text(header, encoding) for header in raw.columns if header != "geometry"})
    texts = [column for column in frame.columns if column != "geometry" and _is_text(frame[column])]
    for column in texts:
        frame[column] = [_text(cell, encoding) if isinstance(cell, str) else cell for cell in frame[column]]
    return frame


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)


def _text(letters: str, encoding: str) -> str:
    """Bytes as text; of a text that may have been cut, half a letter at the end is dropped."""
    raw = letters.encode(_BYTES)
    return codecs.getincrementaldecoder(encoding)().decode(raw, final=len(raw) < SHORTEST_CUT)

"""dBASE III tables, the part of a Shapefile that holds its columns, written byte by byte: widths are bytes there, and
what does not fit has to be told."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from siting.filing.gis.fields import FIELDS, Field
from siting.filing.gis.letters import Written, written

MOST_BYTES = 254
"""The widest text a column can hold."""

_LEAST_TEXT, _LEAST_NUMBER = 40, 10
"""Bytes a column has at least, so that somebody can still fill it in."""

_DRIVERS = {"utf-8": 0x00, "gbk": 0x4D}
"""Language drivers: simplified Chinese where the table is GBK; nothing stands for UTF-8, which .cpg tells."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A text a table does not hold as it is: row (from 1), column's key, the text, letters lacked, cut or not."""

    row: int
    key: str
    text: str
    lacked: tuple[str, ...]
    is_cut: bool


def table_of(frame: pd.DataFrame, encoding: str, day: date) -> tuple[bytes, list[Loss]]:
    """A table of columns of FIELDS, and what it could not hold. Numbers nobody counted are blank."""
    columns = [_Column.of(FIELDS[str(key)], frame[key], encoding) for key in frame.columns]
    head = _head(len(frame), columns, encoding, day)
    records = (b" " + b"".join(cells) for cells in zip(*(column.cells() for column in columns), strict=True))
    return head + b"".join(records) + b"\x1a", [loss for column in columns for loss in column.losses()]


@dataclass(frozen=True, slots=True)
class _Column:
    field: Field
    values: list[str]
    held: list[Written]
    width: int

    @classmethod
    def of(cls, field: Field, values: pd.Series, encoding: str) -> _Column:
        said = [_said(value, field.decimals) for value in values]
        held = [written(text, encoding, MOST_BYTES) for text in said]
        least = _LEAST_TEXT if field.decimals is None else _LEAST_NUMBER
        return cls(field, said, held, max([least, *(len(one.raw) for one in held)]))

    def cells(self) -> Iterator[bytes]:
        is_text = self.field.decimals is None
        for one in self.held:
            yield one.raw.ljust(self.width) if is_text else one.raw.rjust(self.width)

    def descriptor(self) -> bytes:
        kind = b"C" if self.field.decimals is None else b"N"
        name = self.field.code.encode("ascii")
        return struct.pack("<11sc4xBB14x", name, kind, self.width, self.field.decimals or 0)

    def losses(self) -> Iterator[Loss]:
        for row, (text, one) in enumerate(zip(self.values, self.held, strict=True), 1):
            if one.lacked or one.is_cut:
                yield Loss(row, self.field.key, text, one.lacked, one.is_cut)


def _said(value: object, decimals: int | None) -> str:
    if decimals is None:
        return str(value)
    return "" if pd.isna(value) else f"{value:.{decimals}f}"  # type: ignore[call-overload]


def _head(rows: int, columns: list[_Column], encoding: str, day: date) -> bytes:
    length, record = 33 + 32 * len(columns), 1 + sum(column.width for column in columns)
    head = struct.pack(
        "<BBBBIHH17xB2x", 0x03, day.year - 1900, day.month, day.day, rows, length, record, _DRIVERS[encoding]
    )
    return head + b"".join(column.descriptor() for column in columns) + b"\x0d"

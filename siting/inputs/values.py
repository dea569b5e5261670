"""Cells of text as numbers and words: what cannot be read is said by the row's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.inputs.notes import Notes, did_you_mean
from siting.study import FloatArray
from siting.words import Phrase, name_some

Word = TypeVar("Word", bound=str)
Bools = NDArray[np.bool_]

_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "nan", "none", "null", "n/a", "na", "<na>"})
"""What people write into a cell nobody counted."""


def plain_text(text: str) -> str:
    """A cell without the width and case of its letters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def named_rows(frame: pd.DataFrame) -> list[str]:
    """What each row is called in messages: its name, else its id, else its number in the file."""
    names = [""] * len(frame)
    for column in ("name", "id"):
        if column in frame:
            names = [name or str(cell) for name, cell in zip(names, frame[column], strict=True)]
    return [name or f"#{row}" for name, row in zip(names, frame.index, strict=True)]


def some_rows(frame: pd.DataFrame, which: Bools, shown: list[str] | None = None) -> Phrase:
    """The first few of the rows that are meant, each with what is shown of it: "甲村 (约300), 乙村 (无数)"."""
    names, places = named_rows(frame), np.flatnonzero(which)
    if shown is None:
        return name_some([names[at] for at in places])
    return name_some([f"{names[at]} ({shown[at]})" for at in places])


def numbers(frame: pd.DataFrame, column: str, called: Phrase, notes: Notes) -> FloatArray:
    """(N,) numbers of a column, nan where it is blank or not there.

    "1,234" and "１２３" are numbers, "约300" is a fault.
    """
    if column not in frame:
        return np.full(len(frame), np.nan)
    cells = [str(cell) for cell in frame[column]]
    texts = pd.Series([plain_text(cell).replace(",", "") for cell in cells])
    values = np.array(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)
    is_wrong = ~np.isfinite(values) & ~texts.isin(_NOTHING).to_numpy(dtype=bool)
    values[~np.isfinite(values)] = np.nan
    if is_wrong.any():
        rows = some_rows(frame, is_wrong, cells)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_wrong.sum()} 行的{called.zh}不是数：{rows.zh}。",
                f"{is_wrong.sum()} of {len(frame)} rows have {called.en} that are no number: {rows.en}.",
            ),
            Phrase("请改为数字；没有统计的留空。", "Write numbers; leave blank what nobody counted."),
        )
    return values


def counts(frame: pd.DataFrame, column: str, called: Phrase, notes: Notes) -> FloatArray:
    """Numbers as above of which none may be negative."""
    values = numbers(frame, column, called, notes)
    is_negative = values < 0
    if is_negative.any():
        rows = some_rows(frame, is_negative, [f"{value:g}" for value in values])
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_negative.sum()} 行的{called.zh}为负：{rows.zh}。",
                f"{is_negative.sum()} of {len(frame)} rows have negative {called.en}: {rows.en}.",
            ),
            Phrase("请改为 0 或正数；没有统计的留空。", "Write 0 or more; leave blank what nobody counted."),
        )
    return values


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as it stands, "" in every row where it is not there."""
    return [str(cell) for cell in frame[column]] if column in frame else [""] * len(frame)


def words(
    frame: pd.DataFrame, column: str, known: Mapping[str, Word], called: Phrase, notes: Notes, usual: Phrase
) -> list[Word | None]:
    """(N,) our word for each cell, None where it is blank or not there; a word nobody knows is a fault.

    usual says which words to write.
    """
    cells = texts(frame, column)
    found = [known.get(plain_text(cell)) for cell in cells]
    is_unknown = np.array(
        [word is None and plain_text(cell) not in _NOTHING for word, cell in zip(found, cells, strict=True)], dtype=bool
    )
    if is_unknown.any():
        rows = some_rows(frame, is_unknown, cells)
        near = did_you_mean(next(cell for cell, wrong in zip(cells, is_unknown, strict=True) if wrong), known, usual)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_unknown.sum()} 行的{called.zh}不认识：{rows.zh}。",
                f"{is_unknown.sum()} of {len(frame)} rows have an unknown {called.en}: {rows.en}.",
            ),
            near,
        )
    return found


def fault_rows(frame: pd.DataFrame, which: Bools, what: Phrase, cure: Phrase, notes: Notes) -> None:
    """A fault about some rows, if there are any: "3 of 412 rows " + what + their names."""
    if not which.any():
        return
    rows = some_rows(frame, which)
    notes.fault(
        Phrase(
            f"{len(frame)} 行中 {which.sum()} 行{what.zh}：{rows.zh}。",
            f"{which.sum()} of {len(frame)} rows {what.en}: {rows.en}.",
        ),
        cure,
    )


_ROUNDED = re.compile(r"\d+(\.\d+)?e\+?\d+", re.IGNORECASE)


def codes(frame: pd.DataFrame, column: str, called: Phrase, notes: Notes) -> list[str]:
    """(N,) codes as text, leading zeros kept. "1.39E+11" is a fault: a spreadsheet has rounded the code away."""
    cells = texts(frame, column)
    is_rounded = np.array([bool(_ROUNDED.fullmatch(cell)) for cell in cells], dtype=bool)
    fault_rows(
        frame,
        is_rounded,
        Phrase(
            f"的{called.zh}成了科学计数（如 {_first(cells, is_rounded)}）", f"have {called.en} rounded by a spreadsheet"
        ),
        Phrase(
            "末几位已经丢失：请从原始数据把该列设为文本格式后重新导出。",
            "The last digits are gone: format the column as text in the original and export it again.",
        ),
        notes,
    )
    return cells


def as_key(code: str) -> str:
    """A code by which rows are told apart, in one spelling; "" where a spreadsheet has rounded it away."""
    return "" if _ROUNDED.fullmatch(code) else one_code(code)


def _first(cells: list[str], which: Bools) -> str:
    return next((cell for cell, meant in zip(cells, which, strict=True) if meant), "")


def refuse_twins(frame: pd.DataFrame, keys: list[str], called: Phrase, notes: Notes) -> None:
    """A fault where two rows have one key, named with their ids as the file spells them; blank keys are no keys."""
    is_twin = (pd.Series(keys).duplicated(keep=False) & (pd.Series(keys) != "")).to_numpy(dtype=bool)
    if not is_twin.any():
        return
    rows = some_rows(frame, is_twin, texts(frame, "id"))
    notes.fault(
        Phrase(
            f"{len(frame)} 行中 {is_twin.sum()} 行的{called.zh}重复：{rows.zh}。",
            f"{is_twin.sum()} of {len(frame)} rows share {called.en}: {rows.en}.",
        ),
        Phrase("请更正，每行一个。", "Give each row its own."),
    )


def one_code(code: str) -> str:
    """A code in one spelling: Dingzhou's 130682 (GB/T 2260) and 139001 (statistics) mean the same place."""
    return f"139001{code[6:]}" if code.startswith("130682") else code

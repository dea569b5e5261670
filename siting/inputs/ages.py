"""Residents of every unit by age: single ages, or groups of five years."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd

from siting.inputs.headers import say_no_column
from siting.inputs.notes import Notes
from siting.inputs.values import Bools, counts, fault_rows, one_code, texts
from siting.study import AgeCounts, FloatArray, Units
from siting.words import Phrase, name_some

SINGLE = tuple(f"age_{age}" for age in range(19))
GROUPS = tuple(f"age_{first}_{first + 4}" for first in range(0, 30, 5))
SCHOOL_AGES = 18

HALF_A_MONTH = 15
"""Counted by this day of a month, people are counted to the end of the month before: a census of 1 November."""


def read_ages(frame: pd.DataFrame, units: Units | None, counted: date, notes: Notes) -> AgeCounts | None:
    """Residents by age in the order of the units; None where a fault leaves no table.

    Single ages where the file has 0 to 17 (18 too unless counted at the end of August), else the six groups.
    """
    frame = frame.assign(name=_called(frame))
    columns = _columns(frame, counted, notes)
    if not columns:
        return None
    before = len(notes.faults)
    named = {column: Phrase(f"{_ages(column)} 岁人数", f"counts of ages {_ages(column)}") for column in columns}
    table = np.column_stack([counts(frame, column, called, notes) for column, called in named.items()])
    if units is None:
        return None
    row = _rows(frame, units, notes)
    _say_unknown(frame, table, notes)
    if len(notes.faults) > before:
        return None
    ordered: FloatArray = table[np.argsort(row, kind="stable")]
    _say_more(ordered, units, notes)
    year, month = _end_of_month(counted)
    return AgeCounts(1 if columns[0] in SINGLE else 5, year, month, ordered)


def _called(frame: pd.DataFrame) -> list[str]:
    return [name or code for name, code in zip(texts(frame, "name"), texts(frame, "id"), strict=True)]


def _ages(column: str) -> str:
    return column.removeprefix("age_").replace("_", "-")


def _columns(frame: pd.DataFrame, counted: date, notes: Notes) -> tuple[str, ...]:
    """The columns to read; none, and a fault, where neither list is whole."""
    needed = SINGLE[: SCHOOL_AGES + (_end_of_month(counted)[1] != 8)]
    for wanted in (needed, GROUPS):
        if set(wanted) <= set(frame.columns):
            return wanted
    held = [column for column in (*needed, *GROUPS) if column in frame.columns]
    if not held:
        say_no_column(notes, "ages", ("age_0", "age_0_4"), frame.attrs["headers"])
        return ()
    wanted = GROUPS if any(column in GROUPS for column in held) else needed
    lacking = name_some([_ages(column) for column in wanted if column not in held])
    notes.fault(
        Phrase(f"缺少年龄列：{lacking.zh}。", f"lacks the ages {lacking.en}."),
        Phrase(
            "单岁须有 0-17 岁（统计时点不是 8 月底的，到 18 岁）；五岁组须有 0-4 至 25-29。",
            "Single ages have to run from 0 to 17 (18 unless counted at the end of August); groups from 0-4 to 25-29.",
        ),
    )
    return ()


def _end_of_month(counted: date) -> tuple[int, int]:
    """Year and month at whose end people were counted, to half a month."""
    if counted.day > HALF_A_MONTH:
        return counted.year, counted.month
    return (counted.year, counted.month - 1) if counted.month > 1 else (counted.year - 1, 12)


def _rows(frame: pd.DataFrame, units: Units, notes: Notes) -> np.ndarray:
    """The unit of each row; rows of no unit, units of no row or of two are faults."""
    unit = _units(frame, units)
    is_lost: Bools = unit < 0
    fault_rows(
        frame,
        is_lost,
        Phrase("不在村庄表中（或有重名）", "are no units, or share their name with another"),
        Phrase("请写村庄表中的代码。", "Write the codes of the villages' table."),
        notes,
    )
    times = Counter(unit[~is_lost].tolist())
    fault_rows(
        frame,
        np.array([times[at] > 1 for at in unit.tolist()], dtype=bool),
        Phrase("重复", "are there more than once"),
        Phrase("每个单元只留一行。", "Keep one row for each unit."),
        notes,
    )
    lacking = [name for at, name in enumerate(units.name) if at not in times]
    if lacking:
        some = name_some(lacking)
        notes.fault(
            Phrase(
                f"{len(units)} 个单元中 {len(lacking)} 个没有分年龄人口：{some.zh}。",
                f"{len(lacking)} of {len(units)} units have no row: {some.en}.",
            ),
            Phrase("请补上；没有人的填 0。", "Add them, with 0 where nobody lives."),
        )
    return unit


def _units(frame: pd.DataFrame, units: Units) -> np.ndarray:
    """Position of each row's unit, by code, else by a name only one unit has; -1 for none."""
    by_code = {one_code(code): at for at, code in enumerate(units.id)}
    times = Counter(units.name)
    by_name = {name: at for at, name in enumerate(units.name) if times[name] == 1}
    codes, names = texts(frame, "id"), texts(frame, "name")
    found = [by_code.get(one_code(code), by_name.get(name, -1)) for code, name in zip(codes, names, strict=True)]
    return np.array(found, dtype=np.int64)


def _say_unknown(frame: pd.DataFrame, table: FloatArray, notes: Notes) -> None:
    fault_rows(
        frame,
        np.asarray(np.isnan(table).any(axis=1)),
        Phrase("有年龄没有人数", "have ages nobody counted"),
        Phrase("没有人的填 0。", "Write 0 for nobody."),
        notes,
    )


def _say_more(table: FloatArray, units: Units, notes: Notes) -> None:
    """A fault naming the units with more young people than residents."""
    young = table.sum(axis=1)
    more = np.flatnonzero(young > units.residents + 0.5)
    if len(more):
        rows = name_some([f"{units.name[at]} ({young[at]:g} > {units.residents[at]:g})" for at in more.tolist()])
        notes.fault(
            Phrase(
                f"{len(units)} 个单元中 {len(more)} 个的各岁合计多于常住人口：{rows.zh}。",
                f"{len(more)} of {len(units)} units have more people of these ages than residents: {rows.en}.",
            ),
            Phrase(
                "请核对两表的口径（常住、户籍）与时点。", "Check that both tables count residents, of about one day."
            ),
        )

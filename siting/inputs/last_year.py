"""Last year's catchments: a table with the school every unit went to, tier by tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from siting.errors import InputError
from siting.inputs.files import WORKBOOKS, read_rows
from siting.inputs.headers import Aliases, named_columns
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.schools import TIER_WORDS
from siting.inputs.values import Bools, fault_rows, one_code, plain_text, some_rows, texts
from siting.project import Layer
from siting.study import Units
from siting.words import Phrase, name_some

LastYear = Mapping[str, Mapping[str, str]]
"""The school of every unit that is stated, by tier and unit id."""

_ALIASES: Aliases = {
    "id": (*("unit_id", "id", "code", "代码", "编码", "村代码", "社区代码", "村社区代码", "单元代码", "village_code"),),
    "name": (
        *("unit", "village", "name", "村社区", "村", "社区", "村名", "行政村", "村社区名称", "名称", "服务范围"),
        *("行政村社区", "小区"),
    ),
    "tier": ("tier", "学段", "level"),
    "school": ("school", "学校", "学校名称", "分配学校", "招生学校", "对口学校", "上年学校", "school_name"),
}

BY_VILLAGE = Phrase("各村学校", "By village")
"""The sheet of an enrolment notice that can be read again the year after."""

_WANTED = (("id", "name"), ("tier",), ("school",))
_CALLED = (
    Phrase("村（社区）代码或名称", "unit (code or name)"),
    Phrase("学段", "tier"),
    Phrase("学校", "school"),
)


def read_last_year(path: Path, units: Units) -> LastYear:
    """The school of each unit by tier, from a CSV or Excel file with a row for each of them.

    A village or community that is divided stands for all its blocks. Raises InputError with every fault: no such
    column, units and tiers nobody knows, names that several units share, units stated twice, rows without a school.
    """
    notes = Notes(path.name)
    rows = read_rows(Layer(path, sheet=_own_sheet(path)), "villages", notes)
    frame = None if rows is None else _ours(rows, notes)
    found = {} if frame is None else _read(frame, units, notes)
    if notes.faults:
        raise InputError(tuple(notes.faults))
    return found


def _own_sheet(path: Path) -> str:
    """The sheet of an enrolment notice; "" where a file is none."""
    if path.suffix.casefold() not in WORKBOOKS:
        return ""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError):
        return ""  # read_rows says what is wrong with it
    sheets = set(book.sheetnames)
    book.close()
    return next((name for name in (BY_VILLAGE.zh, BY_VILLAGE.en) if name in sheets), "")


def _ours(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame | None:
    found = named_columns(_ALIASES, [str(header) for header in rows.columns])
    lacking = [called for of, called in zip(_WANTED, _CALLED, strict=True) if not set(of) & set(found)]
    if lacking:
        held = name_some([str(header) for header in rows.columns], most=12)
        names = Phrase("、".join(one.zh for one in lacking), ", ".join(one.en for one in lacking))
        notes.fault(
            Phrase(f"缺少列：{names.zh}；表头有：{held.zh}。", f"lacks {names.en}; its headers are {held.en}."),
            Phrase("请按“村（社区）代码、学段、学校”写表头。", "Call the columns unit_id, tier and school."),
        )
        return None
    return pd.DataFrame({ours: rows[header] for ours, header in found.items()}, index=rows.index)


def _read(frame: pd.DataFrame, units: Units, notes: Notes) -> LastYear:
    meant = _units(frame, units, notes)
    tiers = _tiers(frame, notes)
    schools = texts(frame, "school")
    fault_rows(
        frame,
        np.array([not school for school in schools], dtype=bool),
        Phrase("没有写学校", "name no school"),
        Phrase("请补填；没有学校的删去该行。", "Fill it in, or drop the row."),
        notes,
    )
    stated = [
        (tier, unit, row) for row, (of, its) in enumerate(zip(meant, tiers, strict=True)) for unit in of for tier in its
    ]
    _say_twins(frame, stated, notes)
    found: dict[str, dict[str, str]] = {}
    for tier, unit, row in stated:
        found.setdefault(tier, {})[unit] = schools[row]
    return found


def _units(frame: pd.DataFrame, units: Units, notes: Notes) -> list[tuple[str, ...]]:
    """The ids of the units each row means; none, and a fault, where nobody knows it or several share its name."""
    by_code, by_name = _by_code(units), _by_name(units)
    codes, names = texts(frame, "id"), texts(frame, "name")
    found = [
        by_code.get(one_code(code)) or by_code.get(one_code(name)) or by_name.get(name) or ()
        for code, name in zip(codes, names, strict=True)
    ]
    is_lost: Bools = np.array([not of for of in found], dtype=bool)
    if is_lost.any():
        rows = some_rows(frame, is_lost)
        first = next(name or code for name, code, lost in zip(names, codes, is_lost, strict=True) if lost)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_lost.sum()} 行不是村庄表中的村（社区），或有重名：{rows.zh}。",
                f"{is_lost.sum()} of {len(frame)} rows are no units, or share their name with another: {rows.en}.",
            ),
            did_you_mean(first, units.name, Phrase("请写村庄表中的代码。", "Write the codes of the villages' table.")),
        )
    return found


def _by_code(units: Units) -> Mapping[str, tuple[str, ...]]:
    """Units by code; a divided village's is that of all its blocks."""
    blocks: dict[str, list[str]] = {}
    for unit, village in zip(units.id, units.part_of, strict=True):
        blocks.setdefault(one_code(village), []).append(unit)
    return {one_code(unit): (unit,) for unit in units.id} | {code: tuple(of) for code, of in blocks.items()}


def _by_name(units: Units) -> Mapping[str, tuple[str, ...]]:
    """Units by the names that only one village, or one block, has."""
    villages: dict[str, dict[str, list[str]]] = {}
    for at, unit in enumerate(units.id):
        villages.setdefault(units.village(at), {}).setdefault(units.part_of[at], []).append(unit)
    whole = {name: tuple(next(iter(of.values()))) for name, of in villages.items() if len(of) == 1}
    times = Counter(units.name)
    return {name: (unit,) for name, unit in zip(units.name, units.id, strict=True) if times[name] == 1} | whole


def _tiers(frame: pd.DataFrame, notes: Notes) -> list[tuple[str, ...]]:
    words = texts(frame, "tier")
    found: list[tuple[str, ...]] = [TIER_WORDS.get(plain_text(word), ()) for word in words]
    is_unknown: Bools = np.array([not of for of in found], dtype=bool)
    if is_unknown.any():
        rows = some_rows(frame, is_unknown, words)
        first = next(word for word, lost in zip(words, is_unknown, strict=True) if lost)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_unknown.sum()} 行的学段不认识：{rows.zh}。",
                f"{is_unknown.sum()} of {len(frame)} rows have an unknown tier: {rows.en}.",
            ),
            did_you_mean(
                first, TIER_WORDS, Phrase("幼儿园、小学、初中、高中", "kindergarten, primary, junior, senior")
            ),
        )
    return found


def _say_twins(frame: pd.DataFrame, stated: list[tuple[str, str, int]], notes: Notes) -> None:
    times = Counter((tier, unit) for tier, unit, _ in stated)
    twins = {row for tier, unit, row in stated if times[tier, unit] > 1}
    fault_rows(
        frame,
        np.array([row in twins for row in range(len(frame))], dtype=bool),
        Phrase("的村（社区）与学段重复", "state a unit and tier that another row states too"),
        Phrase("每个村（社区）每个学段只留一行。", "Keep one row for each unit and tier."),
        notes,
    )

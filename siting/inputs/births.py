"""Births of townships: from a table with a row for each township and year to one count for each."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from siting.inputs.asked_ahead import FIRST_YEAR, LAST_YEAR
from siting.inputs.headers import say_no_column
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.values import Bools, counts, fault_rows, numbers, one_code, some_rows, texts
from siting.study import BirthCounts, FloatArray, Units
from siting.words import Phrase, name_some

MOST_PER_1000 = 60.0
"""Births a year per 1000 residents above which one of the two counts is wrong: no county reaches half of it."""


def read_births(frame: pd.DataFrame, units: Units | None, notes: Notes) -> BirthCounts | None:
    """Births of every township of the units, in the order they first come; None where a fault leaves no table.

    A township is known by code or name. Every year from the first to the last has to be there for each.
    """
    if _lacks_columns(frame, notes):
        return None
    before = len(notes.faults)
    called = [name or code for name, code in zip(texts(frame, "township"), texts(frame, "township_id"), strict=True)]
    year = numbers(frame, "year", Phrase("年份", "years"), notes)
    named = [f"{place} {when:.0f}" if when == when else place for place, when in zip(called, year, strict=True)]
    frame = frame.assign(name=named)
    count = counts(frame, "births", Phrase("出生人数", "births"), notes)
    if units is None:
        return None
    place = _places(frame, units, notes)
    _say_years(frame, year, notes)
    _say_twins(frame, place, year, notes)
    if len(notes.faults) > before:
        return None
    table = _table(place, year.astype(np.int64), count, units, notes)
    return table if len(notes.faults) == before else None


def _lacks_columns(frame: pd.DataFrame, notes: Notes) -> bool:
    wanted = [("year",), ("births",), ("township", "township_id")]
    lacking = [names for names in wanted if not set(names) & set(frame.columns)]
    for names in lacking:
        say_no_column(notes, "births", names, frame.attrs["headers"])
    return bool(lacking)


def _townships(units: Units) -> dict[str, str]:
    """Code and name of every township of the units, and the code it stands for; the first nine digits of a village's
    statistical code are its township's."""
    own = {
        one_code(unit[:9]): code
        for unit, code in zip(units.id, units.township_id, strict=True)
        if len(unit) == 12 and unit.isdigit()
    }
    codes = {one_code(code): code for code in units.township_id}
    return own | dict(zip(units.township, units.township_id, strict=True)) | codes


def _code(cell: str) -> str:
    """A township's code in nine digits; statistics write three zeros more."""
    return one_code(cell[:9] if len(cell) == 12 and cell.endswith("000") else cell)


def _places(frame: pd.DataFrame, units: Units, notes: Notes) -> list[str]:
    """The township's code of each row, "" where the units know none of that code or name, which is a fault."""
    known = _townships(units)
    codes, names = texts(frame, "township_id"), texts(frame, "township")
    found = [known.get(_code(code)) or known.get(name) or "" for code, name in zip(codes, names, strict=True)]
    is_lost: Bools = np.array([not place for place in found], dtype=bool)
    if is_lost.any():
        rows = some_rows(frame, is_lost)
        near = did_you_mean(
            next(name for name, place in zip(names, found, strict=True) if not place), dict.fromkeys(units.township)
        )
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_lost.sum()} 行的乡镇不在村庄表中：{rows.zh}。",
                f"{is_lost.sum()} of {len(frame)} rows are of townships without units: {rows.en}.",
            ),
            near,
        )
    return found


def _say_years(frame: pd.DataFrame, year: FloatArray, notes: Notes) -> None:
    is_odd: Bools = ~((year >= FIRST_YEAR) & (year <= LAST_YEAR) & (year == np.rint(year)))
    fault_rows(
        frame,
        is_odd,
        Phrase(f"的年份不在 {FIRST_YEAR}-{LAST_YEAR} 之内", f"have no year from {FIRST_YEAR} to {LAST_YEAR}"),
        Phrase("请写四位年份。", "Write years of four digits."),
        notes,
    )


def _say_twins(frame: pd.DataFrame, place: list[str], year: FloatArray, notes: Notes) -> None:
    keys = [(of, when) for of, when in zip(place, year.tolist(), strict=True)]
    times = Counter(keys)
    fault_rows(
        frame,
        np.array([times[key] > 1 and key[0] != "" for key in keys], dtype=bool),
        Phrase("的乡镇和年份重复", "share township and year"),
        Phrase("每个乡镇每年只留一行。", "Keep one row for each township and year."),
        notes,
    )


def _table(place: list[str], year: np.ndarray, count: FloatArray, units: Units, notes: Notes) -> BirthCounts:
    names = dict(zip(units.township_id, units.township, strict=True))
    row = {code: at for at, code in enumerate(names)}
    first, last = int(year.min()), int(year.max())
    table = np.full((len(row), last - first + 1), np.nan)
    table[[row[code] for code in place], year - first] = count
    born = BirthCounts(tuple(names), tuple(names.values()), first, table)
    _say_gaps(born, notes)
    _say_many(born, units, notes)
    return born


def _say_gaps(born: BirthCounts, notes: Notes) -> None:
    """A fault naming the townships and years nobody counted."""
    township, year = np.nonzero(np.isnan(born.count))
    if not len(township):
        return
    lacking: dict[str, list[str]] = {}
    for at, ahead in zip(township.tolist(), year.tolist(), strict=True):
        lacking.setdefault(born.township[at], []).append(str(born.first_year + ahead))
    rows = name_some([f"{place} ({_span(years)})" for place, years in lacking.items()])
    last = born.first_year + born.count.shape[1] - 1
    notes.fault(
        Phrase(
            f"{len(born.township)} 个乡镇中 {len(lacking)} 个在 {born.first_year}-{last} 年间缺出生人数：{rows.zh}。",
            f"{len(lacking)} of {len(born.township)} townships lack births in {born.first_year}-{last}: {rows.en}.",
        ),
        Phrase("请补填（没有出生的填 0），或删去不全的年份。", "Fill them in (0 for none), or drop years not whole."),
    )


def _span(years: list[str]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]}…{years[-1]}"


def _say_many(born: BirthCounts, units: Units, notes: Notes) -> None:
    """A fault naming the townships with more births than people can have."""
    people = dict.fromkeys(born.township_id, 0.0)
    for code, residents in zip(units.township_id, units.residents.tolist(), strict=True):
        people[code] += residents
    residents = np.array(list(people.values()))
    per_1000 = np.divide(1000.0 * born.count.max(axis=1), residents, out=np.zeros(len(people)), where=residents > 0)
    many = np.flatnonzero(per_1000 > MOST_PER_1000)
    if len(many):
        rows = name_some([f"{born.township[at]} ({per_1000[at]:.0f}‰)" for at in many.tolist()])
        notes.fault(
            Phrase(
                f"{len(people)} 个乡镇中 {len(many)} 个的年出生人数超过常住人口的 {MOST_PER_1000:g}‰：{rows.zh}。",
                f"{len(many)} of {len(people)} townships have more than {MOST_PER_1000:g} births a year per 1000 "
                f"residents: {rows.en}.",
            ),
            Phrase("请核对出生人数与常住人口。", "Check births and residents."),
        )

"""The estates that ahead.json tells of, looked at again: homes, people, pupils, days and the months between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from siting.project import Project
from siting.study import Forecast, StudyArea
from siting.verify.flaws import Flaw, said_of
from siting.verify.stated import Stated, told_flaws, unlike
from siting.words import Phrase

OF_ESTATE = "estate:"
"""How the id of an estate's unit begins."""


@dataclass(frozen=True, slots=True)
class Homes:
    """An estate as the layer has it: its homes, the day of the first, the first day a school is promised for."""

    dwellings: float
    delivered: date | None
    school_opens: date | None

    @property
    def gap_months(self) -> float:
        """Months from the first homes to the school, one begun counted whole; nan where either has no day."""
        if self.delivered is None or self.school_opens is None:
            return math.nan
        first, opens = self.delivered, self.school_opens
        months = (opens.year - first.year) * 12 + (opens.month - first.month)
        return float(months + 1 if opens.day > first.day else months)


def delivery_flaws(rows: Sequence[Stated], area: StudyArea, project: Project, ahead: Forecast) -> Iterator[Flaw]:
    """Estates left out, invented or told twice; homes, people, pupils, days and months that are not so."""
    known = _estates(area, project)
    yield from told_flaws([row["name"] for row in rows], known, Phrase("小区", "an estate"))
    for row in rows:
        if row["name"] in known:
            yield from _day_flaws(row, known[row["name"]])
            yield from _people_flaws(row, known[row["name"]], area, ahead)


def _estates(area: StudyArea, project: Project) -> Mapping[str, Homes]:
    """The estates that fill, by name: all where the study asks for them or for a year, else those a what-if added."""
    is_all = project.ahead.estates or project.ahead.year is not None
    phases: dict[str, list[Mapping[Any, Any]]] = {}
    for row in pd.DataFrame(area.estates).to_dict("records"):
        if is_all or row.get("is_asked") == 1:  # True, whatever kind of truth the layer holds
            phases.setdefault(row["name"], []).append(row)
    return {name: _homes(rows) for name, rows in phases.items()}


def _homes(rows: Sequence[Mapping[Any, Any]]) -> Homes:
    return Homes(
        dwellings=float(sum(row["dwellings"] for row in rows)),
        delivered=_first(_delivered(row) for row in rows),
        school_opens=_first(_day(row.get("school_opens")) for row in rows),
    )


def _delivered(row: Mapping[Any, Any]) -> date | None:
    """The day homes are handed over; of a layer that knows years only, 31 August."""
    if "delivered" in row:
        return _day(row["delivered"])
    year = row.get("delivery_year", math.nan)
    return None if pd.isna(year) else date(int(year), 8, 31)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _first(days: Iterator[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _day_flaws(row: Stated, homes: Homes) -> Iterator[Flaw]:
    for key, day in (("delivered", homes.delivered), ("school_opens", homes.school_opens)):
        expected = None if day is None else day.isoformat()
        if row[key] != expected:
            yield said_of(
                row["name"],
                f"的 {key} 应为 {expected or '空'}，写为 {row[key]}",
                f"has {key} {expected or 'nothing'}, told as {row[key]}",
            )
    yield from unlike(row["name"], "gap_months", homes.gap_months, row["gap_months"])


def _people_flaws(row: Stated, homes: Homes, area: StudyArea, ahead: Forecast) -> Iterator[Flaw]:
    name, unit = row["name"], OF_ESTATE + row["name"]
    yield from unlike(name, "dwellings", homes.dwellings, row["dwellings"])
    if unit not in ahead.unit_id:
        yield said_of(name, "不在推算的单元中", "is no unit of the forecast")
        return
    place = ahead.unit_id.index(unit)
    township = area.units.township[area.units.part_of.index(unit)]
    if row["township"] != township:
        yield said_of(name, f"应属 {township}，写为 {row['township']}", f"is in {township}, told as {row['township']}")
    yield from unlike(name, "residents", max(ahead.residents[place].tolist()), row["residents"])
    for tier in dict.fromkeys([*ahead.children, *row["peak_pupils"]]):
        pupils = ahead.children[tier][place].tolist() if tier in ahead.children else [math.nan]
        peak = max(pupils) * ahead.rate.get(tier, math.nan)
        yield from unlike(name, f"peak_pupils {tier}", peak, row["peak_pupils"].get(tier))

"""Annexes (附表) column by column: each says what it is called and counted in, what it means, where it comes from, and
how its cell comes about. Sheets and the list of fields are made from one definition."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from siting.export.tables import SHARE, WHOLE, Cell, Column, Row, Table
from siting.plan import TierPlan
from siting.project import programme_name
from siting.words import Language, Phrase

One = TypeVar("One")

NO_UNIT = Phrase("", "")
PEOPLE, SEATS, CLASSES, HOMES = (
    Phrase("人", "people"),
    Phrase("个", "seats"),
    Phrase("班", "classes"),
    Phrase("户", "homes"),
)
METRES, MU, M2, WAN, DEGREES = (
    Phrase("m", "m"),
    Phrase("亩", "mu"),
    Phrase("㎡", "m2"),
    Phrase("万元", "10,000 yuan"),
    Phrase("°", "degrees"),
)
_IN_NAME = frozenset({PEOPLE, SEATS, CLASSES, HOMES, DEGREES})
"""Units that an English name tells by itself: pupils, seats, classes."""

HUNDREDTH, MICRO, YEAR = "#,##0.00", "0.000000", "0"

SCHOOLS_TABLE = Phrase("学校表", "the table of schools")
VILLAGES_TABLE = Phrase("村（社区）表", "the table of villages")
THE_PLAN = Phrase("方案（plan.json）", "the plan (plan.json)")
THE_RULES = Phrase("规则集", "the rulebook")
WORKED_OUT = Phrase("由本表或方案计算", "worked out from the plan")
ESTIMATED = Phrase("估算，见“资料来源”", "an estimate, see the sheet of sources")
TO_FILL = Phrase("由填报单位填写", "to be filled in by whoever files it")


@dataclass(frozen=True, slots=True)
class Field(Generic[One]):
    """One column: cell gives what stands in it for one row's thing."""

    name: Phrase
    width: float
    cell: Callable[[One], Cell | Phrase]
    meaning: Phrase
    source: Phrase
    unit: Phrase = NO_UNIT
    number: str = ""
    is_summed: bool = False

    @property
    def header(self) -> Phrase:
        """The name with its unit in brackets."""
        zh = f"{self.name.zh}（{self.unit.zh}）" if self.unit.zh else self.name.zh
        is_told = not self.unit.en or self.unit in _IN_NAME
        return Phrase(zh, self.name.en if is_told else f"{self.name.en} ({self.unit.en})")


@dataclass(frozen=True, slots=True)
class Annex(Generic[One]):
    """One sheet: its tab, title and columns. is_numbered puts 序号 before them; is_wide wants A3."""

    tab: Phrase
    title: Phrase
    fields: tuple[Field[One], ...]
    is_numbered: bool = True
    is_wide: bool = False

    def table(
        self,
        things: Iterable[One],
        language: Language = "zh",
        group: Callable[[One], Phrase] | None = None,
        notes: Sequence[Phrase] = (),
    ) -> Table:
        """The sheet, a row for each thing; totals are told for each group where there are several."""
        held = list(things)
        columns = [_column(one, language) for one in self.fields]
        rows: list[Row] = [tuple(_cell(one, thing, language) for one in self.fields) for thing in held]
        if self.is_numbered:
            columns = [Column(NUMBERED.said_in(language), 6, "0"), *columns]
            rows = [(number, *row) for number, row in enumerate(rows, 1)]
        return Table(
            self.tab.said_in(language),
            self.title.said_in(language),
            tuple(columns),
            tuple(rows),
            groups=() if group is None else tuple(group(thing).said_in(language) for thing in held),
            notes=tuple(note.said_in(language) for note in notes),
            is_wide=self.is_wide,
        )

    def with_fields(self, *more: Field[One]) -> Annex[One]:
        """The annex with more columns behind its own."""
        return replace(self, fields=(*self.fields, *more))


NUMBERED = Phrase("序号", "no.")


def _column(one: Field[One], language: Language) -> Column:
    return Column(one.header.said_in(language), one.width, one.number, one.is_summed)


def _cell(one: Field[One], thing: One, language: Language) -> Cell:
    said = one.cell(thing)
    return said.said_in(language) if isinstance(said, Phrase) else said


def blank(name: Phrase, width: float, meaning: Phrase, unit: Phrase = NO_UNIT) -> Field[One]:
    """A headed blank: what no program can know."""
    return Field(name, width, _nothing, meaning, TO_FILL, unit)


def _nothing(_: object) -> None:
    return None


FUNDS: Field[Any] = blank(
    Phrase("资金来源", "source of funds"), 12, Phrase("财政、中央预算内、专项债等", "budget, central funds, bonds")
)
"""Who pays: for people to fill in."""


class OfPart(Protocol):
    """A row that speaks of one programme of a plan."""

    @property
    def part(self) -> TierPlan:
        """The programme's part of the plan."""
        ...


def programme_of(one: OfPart) -> Phrase:
    """What a row is added up with: its programme."""
    return programme_name(one.part)


def people(name: Phrase, width: float, cell: Callable[[One], Cell], meaning: Phrase, source: Phrase) -> Field[One]:
    """People counted whole, added up at the foot."""
    return Field(name, width, cell, meaning, source, PEOPLE, WHOLE, True)


def seats(name: Phrase, width: float, cell: Callable[[One], Cell], meaning: Phrase, source: Phrase) -> Field[One]:
    """Seats counted whole, added up at the foot."""
    return Field(name, width, cell, meaning, source, SEATS, WHOLE, True)


def metres(name: Phrase, width: float, cell: Callable[[One], Cell], meaning: Phrase, source: Phrase) -> Field[One]:
    """Whole metres."""
    return Field(name, width, cell, meaning, source, METRES, WHOLE)


def share(name: Phrase, width: float, cell: Callable[[One], Cell], meaning: Phrase) -> Field[One]:
    """A share, in hundredths."""
    return Field(name, width, cell, meaning, WORKED_OUT, Phrase("", ""), SHARE)


def ratio(part: float, whole: float) -> float:
    """A part of a whole, nan where there is no whole."""
    return part / whole if whole > 0 else math.nan


def joined(names: Iterable[str]) -> Phrase:
    """Names one after the other."""
    held = list(names)
    return Phrase("、".join(held), ", ".join(held))

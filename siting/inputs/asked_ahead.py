"""What the study file asks of the years ahead, the keys of [demand]; and the day a layer's people were counted on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import get_args

from siting.inputs.stated import Stated
from siting.project import OVERALL, Ahead, BirthVariant
from siting.study import TIERS, Tier
from siting.words import Phrase

KEYS = ("pupils_per_1000", "year", "births", "enrolment", "migration", "estates")
"""What [demand] may hold."""

VARIANTS: tuple[BirthVariant, ...] = get_args(BirthVariant)
VARIANT_WORDS: Mapping[str, str] = {"低": "low", "中": "middle", "高": "high"} | {
    f"{word}方案": variant for word, variant in (("低", "low"), ("中", "middle"), ("高", "high"))
}

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_ENROLLED = 1.5


def read_ahead(demand: Stated) -> Ahead:
    """The years ahead as asked; what is wrong is noted and reads as if it were not there."""
    return Ahead(
        year=_year(demand),
        births=demand.word("births", VARIANTS, "middle", VARIANT_WORDS),
        enrolment=_enrolment(demand.table("enrolment")),
        migration=_migration(demand),
        estates=demand.yes("estates", False),
    )


def _year(demand: Stated) -> int | None:
    year = demand.held.get("year")
    if year is None or _is_year(year):
        return int(str(year)) if year is not None else None
    demand.refuse(
        "year", Phrase(f" {FIRST_YEAR}-{LAST_YEAR} 之间的年份，如 2030", "a year such as 2030"), Phrase("", "")
    )
    return None


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and FIRST_YEAR <= value <= LAST_YEAR


def _enrolment(table: Stated) -> Mapping[Tier, float]:
    table.close(TIERS)
    return {tier: _rate(table, tier) for tier in TIERS if tier in table.held}


def _rate(table: Stated, tier: Tier) -> float:
    rate = table.number(tier, 1.0, above=False)
    if rate > MOST_ENROLLED:
        table.refuse(
            tier,
            Phrase(
                f" 0 至 {MOST_ENROLLED:g} 之间的入学（园）率，不用百分数",
                f"pupils per child from 0 to {MOST_ENROLLED:g}, not per cent",
            ),
        )
    return rate


def _migration(demand: Stated) -> Mapping[str, float]:
    """One number for the county, or a table of townships."""
    value = demand.held.get("migration", {})
    if _is_number(value):
        return {OVERALL: float(str(value))}
    table = demand.table("migration")
    is_right = {place: _is_number(net) for place, net in table.held.items()}
    for place in (place for place, right in is_right.items() if not right):
        table.refuse(
            place,
            Phrase("每年净迁入人数（迁出多的为负）", "people a year who come less those who go (may be negative)"),
        )
    return {place: float(str(net)) for place, net in table.held.items() if is_right[place]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


# --- the day people were counted on ------------------------------------------------------------------------------


def read_counted(table: Stated) -> date | None:
    """The day in ``counted``: a date, "2020-11", or a year alone, which is its last day."""
    value = table.held.get("counted")
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"(\d{4})(?:[-./年](\d{1,2})月?(?:[-./]?(\d{1,2})日?)?)?", str(value).strip())
    try:
        if found:
            return _day(found)
    except ValueError:
        found = None
    _refuse_counted(table)
    return None


def _day(found: re.Match[str]) -> date:
    year, month, day = found.groups()
    if month is None:
        return date(int(year), 12, 31)
    return date(int(year), int(month), int(day or 28))


def _refuse_counted(table: Stated) -> None:
    if "counted" in table.held:
        table.refuse("counted", Phrase("日期，如 2024-12-31", "a date such as 2024-12-31"))
    else:
        table.need(
            "counted",
            Phrase(
                "请写统计时点，如 counted = 2020-11-01（普查）或 counted = 2024-12-31（年末）。",
                "State the day of counting, for example counted = 2020-11-01 or counted = 2024-12-31.",
            ),
        )

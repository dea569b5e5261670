"""Numbers as a proposal prints them: nothing where nobody counted, words where there is no road."""

from __future__ import annotations

import math
from collections.abc import Iterable

from siting.study import MU_M2
from siting.words import Language, Phrase

NO_ROAD = Phrase("无路可达", "no road")


def decimals(value: float, places: int, language: Language = "zh") -> str:
    """A number with so many decimals."""
    if math.isnan(value):
        return ""
    return f"{value:,.{places}f}" if math.isfinite(value) else NO_ROAD.said_in(language)


def whole(value: float, language: Language = "zh") -> str:
    """People, seats, classes, metres."""
    return decimals(value, 0, language)


def share(value: float) -> str:
    """A share in hundredths. What is short of everybody is never said to be 100 %, nor somebody to be nobody."""
    if math.isnan(value):
        return ""
    shown = 100.0 * value
    if 99.95 <= shown < 100.0 - 1e-7:
        return ">99.9%"
    return "<0.1%" if 1e-7 < shown < 0.05 else f"{shown:.1f}%"


def mu(square_metres: float) -> str:
    """Land in 亩, two decimals."""
    return decimals(square_metres / MU_M2, 2)


def span(low: float, high: float) -> str:
    """The range of an estimate in whole numbers."""
    return "" if math.isnan(low) or math.isnan(high) else f"{low:,.0f}–{high:,.0f}"


def many(count: float, thing: str) -> str:
    """3 new builds, 1 extension."""
    return f"{whole(count)} {thing}{'' if count == 1 else 's'}"


def total(values: Iterable[float]) -> float:
    """The sum of what is counted; nan where nothing is."""
    counted = [value for value in values if not math.isnan(value)]
    return sum(counted) if counted else math.nan

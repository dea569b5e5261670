"""Numbers and names as the map says them."""

from __future__ import annotations

import math

from siting.words import Phrase


def number(value: float) -> str | None:
    """A whole number with thousands apart; None where nobody counted."""
    return None if math.isnan(value) else f"{value:,.0f}"


def metres(value: float) -> Phrase | None:
    """Metres by road; None where nothing was measured."""
    if math.isinf(value):
        return Phrase("无路可达", "no road")
    return None if math.isnan(value) else Phrase(f"{value:,.0f} 米", f"{value:,.0f} m")


def people(count: float) -> Phrase | None:
    """A number of people; None where nobody counted."""
    said = number(count)
    return None if said is None else Phrase(f"{said} 人", said)

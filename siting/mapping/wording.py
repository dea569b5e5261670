"""Numbers and names as the map says them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from siting.plan import TierPlan
from siting.study import TIER_NAMES
from siting.words import Phrase

AREA_NAMES: Mapping[str, Phrase] = {
    "rural": Phrase("农村", "rural"),
    "urban": Phrase("城镇", "urban"),
    "city": Phrase("城区", "city"),
    "town": Phrase("镇区", "town"),
    "all": Phrase("全域", "all"),
}


def programme_name(part: TierPlan) -> Phrase:
    """The siting question: 农村幼儿园, rural kindergarten."""
    area, tier = AREA_NAMES[part.area], TIER_NAMES[part.tier]
    return Phrase(f"{area.zh}{tier.zh}", f"{area.en} {tier.en}")


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

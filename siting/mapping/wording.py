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


def metres(value: float) -> str | None:
    """Metres, "—" where no road leads."""
    if math.isinf(value):
        return "—"
    return None if math.isnan(value) else f"{value:,.0f} m"

"""What a seat that is added should be said to cost: floor area times building cost, from the standards anew."""

from __future__ import annotations

import math
from collections.abc import Iterator

from siting.verify.flaws import Flaw
from siting.verify.stated import unlike

YUAN_PER_SQUARE_METRE = 3_500.0
FLOOR_M2 = {"kindergarten": 12.2, "primary": 8.3, "junior": 10.1}
"""Source: 3,300 m2 for a kindergarten of 270; 建标〔2002〕102号, city schools of 18 classes."""

DIGIT = 0.00501
"""Prices are stated in hundreds of yuan."""


def seat_price_flaws(where: str, tier: str, stated: object) -> Iterator[Flaw]:
    """A stated price of a seat (10,000 yuan) that is not the estimate of its tier; tiers without one have none."""
    price = FLOOR_M2.get(tier, math.nan) * YUAN_PER_SQUARE_METRE / 10_000.0
    yield from unlike(where, "seat price", price, stated, DIGIT)

"""The nation's births, for counties that have no count of their own, and to test the method against known enrolment."""

from __future__ import annotations

import numpy as np

from siting.demand.ages import AGES
from siting.demand.births import Births, aged
from siting.demand.figures import Figure
from siting.study import FloatArray

FIRST_YEAR = 2003
BIRTHS_WAN = (
    *(1599.0, 1593.0, 1617.0, 1584.0, 1594.0, 1608.0, 1615.0, 1592.0, 1785.0, 1973.0, 1776.0, 1897.0, 1654.0),
    *(1883.0, 1765.0, 1523.0, 1465.0, 1202.0, 1062.0, 956.0, 902.0, 954.0, 792.0),
)
"""Births in ten thousands, 2003 to 2025.

2016 to 2025: statistical communiques and their revision after the 2020 census, S (2016 was first given as 1786).
2003 to 2015: the same series from general knowledge, K-M (2009 also read in the communique): look them up.
"""

RESIDENTS_WAN = Figure(
    140_675.0, unit="ten thousand residents", source="792 万出生 ÷ 出生率 5.63‰（2025年）", certainty="C"
)
"""The nation's residents; between 2021 and 2025 they stayed within 0.4 % of it."""


def national_births() -> Births:
    """The nation's births in persons, one place."""
    count = np.array([BIRTHS_WAN]) * 10_000.0
    return Births(("CN",), ("全国",), FIRST_YEAR, count, FIRST_YEAR + len(BIRTHS_WAN) - 1, file="national births")


def national_shares(year: int) -> FloatArray:
    """Share of the nation's residents of each age (18,) on 31 August of a year; nan for ages no known birth reaches.

    For places of which only residents are known. The county may differ much: births in Hebei fell by 55 % from 2017 to
    2024 (S), the nation's by 46 %; towns are younger than villages.
    """
    births = national_births()
    children = np.array([aged(births, age, year)[0] for age in range(AGES)])
    return children / (RESIDENTS_WAN.value * 10_000.0)

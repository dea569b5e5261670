"""Pupils per 100 homes lived in, by years since the homes were handed over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from siting.demand.enrolment import pupils_per_1000
from siting.demand.figures import PERSONS_PER_DWELLING, YOUTH
from siting.study import FloatArray, Tier

PEAK = (4, 8)
"""Years since delivery in which an estate has most children (K-M: yields rise, peak at 4-8 years, and decay)."""

PEAK_LAG: Mapping[Tier, int] = {"kindergarten": 0, "primary": 0, "junior": 5, "senior": 8}
"""Years by which a tier's peak comes after that of primary school: the children of the peak grow older (C on K-M:
mean ages 8.5, 13 and 16 differ by 4.5 and 7.5)."""

FADES = 10
"""Years from the end of the peak until an estate is as young as any other place (K-M)."""


def pupils_per_100_dwellings(
    births_per_1000: float, tier: Tier, rate: float, persons: float = PERSONS_PER_DWELLING.value
) -> float:
    """Pupils per 100 homes of a population like any other: 100 x persons x births/1000 x years of age x rate.

    2.9 persons, 13.2 births: kindergarten 10.6, primary 23, junior 11.5; 6.0 births: 4.8, 10.4, 5.2 (C).
    """
    return 100.0 * persons * pupils_per_1000(births_per_1000, tier, rate) / 1000.0


def yield_curve(usual: float, tier: Tier, youth: float = YOUTH.value, years: int = 31) -> FloatArray:
    """Pupils per 100 homes lived in (years,) in each completed year since delivery, where a county has no survey.

    usual is ``pupils_per_100_dwellings``. It climbs from usual to youth x usual at the peak and fades back. A survey of
    the county's own estates, by years since delivery, replaces it.
    """
    since = np.arange(years, dtype=np.float64)
    begins, ends = PEAK[0] + PEAK_LAG[tier], PEAK[1] + PEAK_LAG[tier]
    bends = [0.0, float(begins), float(ends), float(ends + FADES)]
    times: FloatArray = np.interp(since, bends, [1.0, youth, youth, 1.0])
    return usual * times

"""Births of the townships, year by year: Hebei's birth rates on the sample's residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sample.facts import Ints
from sample.people import PER_1000, County

PER_1000_YEARS: Mapping[int, float] = {
    **{2007: 13.33, 2008: 13.04, 2009: 12.93, 2010: 13.22, 2011: 13.02, 2012: 12.88, 2013: 13.04, 2014: 13.18},
    **{2015: 11.35, 2016: 12.42, 2017: 13.20, 2018: 11.26, 2019: 10.83, 2020: 8.16, 2021: 7.15, 2022: 6.09},
    **{2023: 5.60, 2024: 5.90, 2025: 4.90},
}
"""Births in Hebei per 1000 residents.

2017, 2018, 2019, 2022 and 2024 were read in public texts (2017 from the change of 2018); 2007 to 2016, 2020 and 2021
are from general knowledge; 2023 and 2025 move as the nation's births did. Look them up before deciding anything.
"""

NOISE = 0.05
"""How far a township's rate of a year is off, give or take."""


@dataclass(frozen=True, slots=True)
class Births:
    """Births of the townships in the order of the facts (T) and of consecutive years (Y): count (T, Y)."""

    first_year: int
    count: Ints


def make_births(county: County, rng: np.random.Generator) -> Births:
    """Births of residents: more where there are more small children, all townships together at Hebei's rate."""
    units = county.facts.units
    young = np.array([PER_1000[word][0] for word in county.area]) * county.residents
    of = {code: at for at, code in enumerate(county.facts.townships)}
    weight = np.zeros(len(of))
    np.add.at(weight, [of[unit.township] for unit in units], young)
    rates = np.array(list(PER_1000_YEARS.values()))
    total = county.residents.sum() * rates / 1000.0
    noise = rng.normal(1.0, NOISE, (len(of), len(rates))).clip(1.0 - 3 * NOISE, 1.0 + 3 * NOISE)
    share = weight[:, None] * noise
    count: Ints = np.rint(share / share.sum(axis=0) * total).astype(np.int64)
    return Births(min(PER_1000_YEARS), count)

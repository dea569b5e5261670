"""From children to pupils: who of them asks for a seat here, and who of them is a migrant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from siting.demand.ages import AGES, TIER_AGES
from siting.demand.faults import PER_CHILD, outside, refuse
from siting.demand.figures import ENROLMENT_RATE
from siting.demand.projection import Projection, Vintage
from siting.errors import Fault
from siting.study import TIERS, FloatArray, IntArray, Tier
from siting.words import Phrase

MOST_MIGRANTS = 0.95
"""The largest share of migrants with which those registered here still tell how many there are."""


def usual_rates() -> Mapping[Tier, float]:
    """The plan's enrolment rates: kindergarten 0.92 (P), compulsory school 1 (C), senior high 0.475 (C)."""
    return {tier: ENROLMENT_RATE[tier].value for tier in TIERS}


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who of the children becomes a pupil.

    rate: pupils per child of the tier's ages. at_age replaces it for single ages (age 5 near 1 since the last
    kindergarten year is free, autumn 2025; S). leaving: share of pupils who go to school elsewhere, or to schools that
    are not counted. migrant_share: share of pupils not registered here. Tiers left out of the last two: 0.
    """

    rate: Mapping[Tier, float] = field(default_factory=usual_rates)
    at_age: Mapping[int, float] = field(default_factory=dict)
    leaving: Mapping[Tier, float] = field(default_factory=dict)
    migrant_share: Mapping[Tier, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pupils:
    """Pupils of every tier who ask for a seat, count (U, Y), and how many of them are migrants (U, Y).

    vintage is that of the projection they were made from.
    """

    unit_id: tuple[str, ...]
    name: tuple[str, ...]
    year: IntArray
    count: Mapping[Tier, FloatArray]
    migrants: Mapping[Tier, FloatArray]
    vintage: Vintage


def pupils(projection: Projection, enrolment: Enrolment) -> Pupils:
    """Pupils of every tier, unit and year.

    children x rate x (1 - share leaving). Children counted as residents include migrants; where those registered here
    were counted, migrants are added: pupils / (1 - migrant share). Raises InputError for shares outside 0 to 1 (of
    migrants 0.95) and rates below 0 or above 1.5, which gross enrolment passes only by mistake.
    Every tier is counted on its ages on 31 August; those a year late or early are not told apart.
    """
    refuse(_faults(enrolment))
    count = {tier: _of_tier(projection, enrolment, tier) for tier in TIERS}
    migrants = {tier: count[tier] * enrolment.migrant_share.get(tier, 0.0) for tier in TIERS}
    return Pupils(
        unit_id=projection.unit_id,
        name=projection.name,
        year=projection.year,
        count=count,
        migrants=migrants,
        vintage=projection.vintage,
    )


def with_count(before: Pupils, tier: Tier, count: FloatArray) -> Pupils:
    """Pupils with other numbers (U, Y) for one tier, as estates change them.

    The share of migrants of every unit stays; a unit that had no pupils takes that of all units together.
    """
    everybody, everywhere = before.count[tier].sum(axis=0), before.migrants[tier].sum(axis=0)
    share = _ratio(before.migrants[tier], before.count[tier], _ratio(everywhere, everybody, np.zeros(1)))
    return replace(before, count={**before.count, tier: count}, migrants={**before.migrants, tier: share * count})


def pupils_per_1000(births_per_1000: float, tier: Tier, rate: float) -> float:
    """Pupils per 1000 residents where births have long stood at a rate: births x years of age in the tier x rate."""
    return births_per_1000 * len(TIER_AGES[tier]) * rate


def _ratio(part: FloatArray, whole: FloatArray, otherwise: FloatArray) -> FloatArray:
    is_some = whole > 0
    return np.where(is_some, part / np.where(is_some, whole, 1.0), otherwise)


def _of_tier(projection: Projection, enrolment: Enrolment, tier: Tier) -> FloatArray:
    ages = TIER_AGES[tier]
    rate = np.array([enrolment.at_age.get(age, enrolment.rate.get(tier, np.nan)) for age in ages])
    enrolled: FloatArray = projection.count[:, :, ages.start : ages.stop] @ rate
    here = enrolled * (1.0 - enrolment.leaving.get(tier, 0.0))
    if projection.basis == "registered":
        return here / (1.0 - enrolment.migrant_share.get(tier, 0.0))
    return here


def _faults(enrolment: Enrolment) -> Iterator[Fault]:
    for called, shares, upper in (
        (Phrase("入学（园）率", "enrolment rates"), enrolment.rate, PER_CHILD),
        (Phrase("外出就读比例", "shares leaving"), enrolment.leaving, 1.0),
        (Phrase("随迁子女比例", "migrant shares"), enrolment.migrant_share, MOST_MIGRANTS),
    ):
        values = np.array(list(shares.values()), dtype=np.float64)
        yield from outside("enrolment", called, list(shares), values, (0.0, upper))
    ages = np.array(list(enrolment.at_age), dtype=np.float64)
    names = [str(age) for age in enrolment.at_age]
    yield from outside("enrolment", Phrase("年龄", "ages"), names, ages, (0.0, AGES - 1.0))
    rates = np.array(list(enrolment.at_age.values()), dtype=np.float64)
    yield from outside("enrolment", Phrase("分年龄入学率", "rates at an age"), names, rates, (0.0, PER_CHILD))

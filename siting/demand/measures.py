"""The values of the indicators, from schools and who attends them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.demand.classes import Capacity, classes_for
from siting.demand.faults import Bools, outside, refuse, rows
from siting.demand.figures import BOARDING_LIMIT_M, FUNDED_AS, MAY_BOARD, NURSERY_CLASS, RECURRENT_YUAN, SMALL_SCHOOL
from siting.demand.indicators import INDICATORS, Indicator
from siting.errors import Fault
from siting.study import Area, FloatArray, Operator, Tier
from siting.words import Phrase

INCLUSIVE: frozenset[str] = frozenset({"public", "quasi_public", "inclusive"})
COMPULSORY: frozenset[str] = frozenset({"primary", "junior"})


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator's value: nan where there is nothing to measure; is_reached is None without value or target.

    where names the schools or units the value speaks of; left_out those nobody counted.
    """

    indicator: Indicator
    value: float
    is_reached: bool | None
    where: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attended:
    """Schools (S), one row per school and tier, and who attends them; nan where nobody counted.

    migrants: pupils not registered here; bought: those of them in private schools whose places the county pays for.
    """

    name: tuple[str, ...]
    tier: tuple[Tier, ...]
    operator: tuple[Operator, ...]
    area: tuple[Area, ...]
    classes: FloatArray
    pupils: FloatArray
    migrants: FloatArray
    bought: FloatArray


def migrant_share(schools: Attended) -> Measured:
    """Share of migrant pupils of compulsory school who are in public schools. Schools without a count are left out."""
    is_meant = _in(schools.tier, COMPULSORY)
    is_public = _in(schools.operator, frozenset({"public"}))
    return _share("migrant_share", schools, is_meant, schools.migrants, np.where(is_public, schools.migrants, 0.0))


def migrant_share_with_bought(schools: Attended) -> Measured:
    """The same with places bought in other schools; where nobody counted bought places there are none."""
    is_meant = _in(schools.tier, COMPULSORY)
    is_public = _in(schools.operator, frozenset({"public"}))
    bought = np.minimum(np.nan_to_num(schools.bought), schools.migrants)
    theirs = np.where(is_public, schools.migrants, bought)
    return _share("migrant_share_with_bought", schools, is_meant, schools.migrants, theirs)


def inclusive_share(schools: Attended) -> Measured:
    """Share of kindergarten children who are in inclusive kindergartens: what the 85 % is measured on."""
    is_meant = _in(schools.tier, frozenset({"kindergarten"}))
    theirs = np.where(_in(schools.operator, INCLUSIVE), schools.pupils, 0.0)
    return _share("inclusive_share", schools, is_meant, schools.pupils, theirs)


def inclusive_sites(schools: Attended) -> Measured:
    """Share of kindergartens that are inclusive, printed beside the share of children."""
    is_meant = _in(schools.tier, frozenset({"kindergarten"}))
    each = np.ones(len(schools.name))
    theirs = np.where(_in(schools.operator, INCLUSIVE), 1.0, 0.0)
    return _share("inclusive_sites", schools, is_meant, each, theirs)


def childcare_places(
    schools: Attended, capacity: Capacity, residents: float, places: float = NURSERY_CLASS.value
) -> Measured:
    """Places for under-threes per 1000 residents that spare classes of inclusive kindergartens make, by name.

    A class is spare when the children fit into the others; 20 places to a nursery class (K-H). No residents give nan.
    """
    refuse(_faults(schools))
    is_meant = _in(schools.tier, frozenset({"kindergarten"})) & _in(schools.operator, INCLUSIVE)
    spare = np.floor(schools.classes) - classes_for(schools.pupils, capacity)
    is_known = ~np.isnan(spare)
    is_spare: Bools = is_meant & is_known & (spare > 0)
    made = float(spare[is_spare].sum()) * places
    per_1000 = 1000.0 * made / residents if residents > 0 else math.nan
    return _measured("childcare_places", per_1000, _names(schools, is_spare), _names(schools, is_meant & ~is_known))


def small_rural_schools(schools: Attended, below: float = SMALL_SCHOOL.value) -> Measured:
    """Rural primary and junior schools with fewer pupils than 100 (S), by name: to be cared for, never closed for it.

    A nine-year school counts in each of its tiers, as everywhere.
    """
    refuse(_faults(schools))
    is_meant = _in(schools.tier, COMPULSORY) & _in(schools.area, frozenset({"rural"}))
    is_known = ~np.isnan(schools.pupils)
    is_small: Bools = is_meant & is_known & (schools.pupils < below)
    left_out = _names(schools, is_meant & ~is_known)
    return _measured("small_rural_schools", float(is_small.sum()), _names(schools, is_small), left_out)


def boarding_need(
    name: Sequence[str], pupils: FloatArray, distance_m: FloatArray, tier: Tier, limit_m: float = BOARDING_LIMIT_M.value
) -> Measured:
    """Beds for a tier's pupils (U,) whose unit lies farther by road than a limit from its school, distance_m (U,).

    Of primary pupils only those of grades 4 to 6, a half, may board (K-H); the others need a bus or a school nearer by.
    inf (no road) is farther than any limit; units without a distance or a count are left out. The limit of 2000 m is
    that of rural primary schools in Hebei (S): state another for junior and senior schools.
    """
    refuse(outside("demand", Phrase("学生数", "pupils"), name, pupils, (0.0, np.inf)))
    share = MAY_BOARD[tier].value if tier in MAY_BOARD else float(tier == "senior")
    is_known: Bools = ~np.isnan(pupils) & ~np.isnan(distance_m)
    is_far: Bools = is_known & (distance_m > limit_m) & (pupils > 0)
    far = tuple(name[row] for row in np.flatnonzero(is_far).tolist())
    left_out = tuple(name[row] for row in np.flatnonzero(~is_known).tolist())
    return _measured("boarding_need", share * float(pupils[is_far].sum()), far, left_out)


def recurrent_yuan(schools: Attended, rate: Mapping[Tier, float] | None = None) -> FloatArray:
    """Recurrent money of every school (S,) in yuan a year: pupils funded x the tier's rate.

    Rural compulsory schools with fewer than 100 pupils are funded as 100 (K-H); one without pupils is not funded.
    """
    refuse(_faults(schools))
    rates = {tier: figure.value for tier, figure in RECURRENT_YUAN.items()} if rate is None else rate
    is_kept_up = _in(schools.tier, COMPULSORY) & _in(schools.area, frozenset({"rural"})) & (schools.pupils > 0)
    funded = np.where(is_kept_up, np.maximum(schools.pupils, FUNDED_AS.value), schools.pupils)
    return funded * np.array([rates[tier] for tier in schools.tier], dtype=np.float64)


def recurrent_per_pupil(schools: Attended, rate: Mapping[Tier, float] | None = None) -> Measured:
    """Recurrent money per pupil in yuan a year over all schools; where names those funded for more than they have."""
    money = recurrent_yuan(schools, rate)
    is_known: Bools = ~np.isnan(money)
    everybody = float(schools.pupils[is_known].sum())
    mean = float(money[is_known].sum()) / everybody if everybody > 0 else math.nan
    rural = _in(schools.tier, COMPULSORY) & _in(schools.area, frozenset({"rural"}))
    is_kept_up: Bools = rural & (schools.pupils > 0) & (schools.pupils < FUNDED_AS.value)
    return _measured("recurrent_per_pupil", mean, _names(schools, is_kept_up), _names(schools, ~is_known))


def _share(which: str, schools: Attended, is_meant: Bools, all_of: FloatArray, theirs: FloatArray) -> Measured:
    refuse(_faults(schools))
    is_known: Bools = ~np.isnan(all_of)
    whole = float(all_of[is_meant & is_known].sum())
    part = float(theirs[is_meant & is_known].sum())
    lowers = is_meant & is_known & (theirs < all_of)
    return _measured(
        which, part / whole if whole > 0 else math.nan, _names(schools, lowers), _names(schools, is_meant & ~is_known)
    )


def _measured(which: str, value: float, where: tuple[str, ...], left_out: tuple[str, ...]) -> Measured:
    target = INDICATORS[which].target
    is_reached = None if math.isnan(value) or math.isnan(target) else value >= target - 1e-12
    return Measured(INDICATORS[which], value, is_reached, where, left_out)


def _in(words: Sequence[str], chosen: frozenset[str]) -> Bools:
    return np.array([word in chosen for word in words], dtype=bool)


def _names(schools: Attended, which: Bools) -> tuple[str, ...]:
    return tuple(schools.name[row] for row in np.flatnonzero(which).tolist())


def _faults(schools: Attended) -> Iterator[Fault]:
    for called, values in (
        (Phrase("班数", "classes"), schools.classes),
        (Phrase("在校生数", "pupils"), schools.pupils),
        (Phrase("随迁子女数", "migrant pupils"), schools.migrants),
        (Phrase("购买学位数", "bought places"), schools.bought),
    ):
        yield from outside("schools", called, schools.name, values, (0.0, np.inf))
    names = [
        f"{name} ({a:g} / {b:g})"
        for name, a, b in zip(schools.name, schools.migrants.tolist(), schools.pupils.tolist(), strict=True)
    ]
    yield from rows(
        "schools",
        names,
        schools.migrants > schools.pupils,
        Phrase("随迁子女多于在校生", "have more migrant pupils than pupils"),
        Phrase("请核对两个数。", "Check both numbers."),
    )

"""Children by single year of age in every unit, on the day that decides school entry: 31 August."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from siting.demand.faults import Bools, refuse
from siting.errors import Fault
from siting.study import FloatArray, Remark, Tier
from siting.words import Phrase

AGES = 18
"""Ages 0 to 17: from birth to the last year of senior high."""

TIER_AGES: Mapping[Tier, range] = {
    "kindergarten": range(3, 6),
    "primary": range(6, 12),
    "junior": range(12, 15),
    "senior": range(15, 18),
}
"""The ages of a tier on 31 August of the school year's first autumn."""

Method = Literal["births", "register", "groups", "shares"]
METHOD_NAMES: Mapping[Method, Phrase] = {
    "births": Phrase("出生登记推算", "births moved forward"),
    "register": Phrase("分年龄登记", "single ages as registered"),
    "groups": Phrase("五岁组拆分", "five-year groups divided"),
    "shares": Phrase("常住人口乘年龄构成", "residents by shares of age"),
}
Basis = Literal["resident", "registered"]
"""Who was counted: 常住 residents, or 户籍 those registered here. The two are never mixed."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Children by single age, count (U, 18), on 31 August of a year, the vintage of every number made from them.

    nan is an age nobody counted. method (18,) says how each age came about, None where it is unknown.
    remarks say what the planner should know about the way it was done.
    """

    unit_id: tuple[str, ...]
    name: tuple[str, ...]
    year: int
    count: FloatArray
    method: tuple[Method | None, ...]
    basis: Basis = "resident"
    remarks: tuple[Remark, ...] = ()

    def __len__(self) -> int:
        return len(self.unit_id)

    def of(self, tier: Tier) -> FloatArray:
        """Children of a tier's ages (U,); nan where one of the ages was not counted."""
        return of_tier(self.count, tier)


def of_tier(count: FloatArray, tier: Tier) -> FloatArray:
    """Single ages (..., 18) added up over a tier's ages (...)."""
    ages = TIER_AGES[tier]
    total: FloatArray = count[..., ages.start : ages.stop].sum(axis=-1)
    return total


def joined(first: Ages, then: Ages) -> Ages:
    """Ages from the first where it knows them in every unit, else from the second: births to five, groups from six.

    Raises InputError where the two differ in units, year or basis.
    """
    refuse(_differences(first, then))
    is_known: Bools = ~np.asarray(np.isnan(first.count).any(axis=0))
    method = tuple(one if known else two for one, two, known in zip(first.method, then.method, is_known, strict=True))
    count = np.where(is_known[None, :], first.count, then.count)
    return replace(first, count=count, method=method, remarks=(*first.remarks, *then.remarks))


def _differences(first: Ages, then: Ages) -> Iterator[Fault]:
    if first.unit_id != then.unit_id:
        yield Fault(
            "ages",
            Phrase(
                f"两份年龄数据的单元不同（{len(first)} 个与 {len(then)} 个）。",
                f"the two counts of ages are of different units ({len(first)} and {len(then)}).",
            ),
            Phrase("请用同一张单元表。", "Make both from one list of units."),
        )
    if first.year != then.year:
        yield Fault(
            "ages",
            Phrase(f"两份年龄数据分属 {first.year} 年与 {then.year} 年。", f"are of {first.year} and {then.year}."),
            Phrase("请先把较早的一份推算到同一年。", "Project the older one to the year of the other first."),
        )
    if first.basis != then.basis:
        yield Fault(
            "ages",
            Phrase("一份按常住人口，一份按户籍人口。", f"one counts {first.basis}, the other {then.basis} children."),
            Phrase("请用同一口径。", "Use one basis for both."),
        )


def on_31_august(count: FloatArray, month: int) -> FloatArray:
    """Single ages (U, A) counted at the end of a month, as ages on the last 31 August before or on it (U, A - 1).

    Those aged a on 31 August and counted m months later are a share 1 - m/12 of those then aged a and m/12 of those
    aged a + 1, births spread evenly over the year. Counted at the end of August, nothing moves.
    """
    moved = ((month - 8) % 12) / 12.0
    return (1.0 - moved) * count[:, :-1] + moved * count[:, 1:]


def year_of_31_august(year: int, month: int) -> int:
    """The year of the last 31 August before or on the end of a month."""
    return year if month >= 8 else year - 1


def methods(method: Method, known: FloatArray) -> tuple[Method | None, ...]:
    """(18,) the method for the ages known in some unit, None for the others."""
    is_unknown: Bools = np.asarray(np.isnan(known).all(axis=0))
    return tuple(None if nobody else method for nobody in is_unknown.tolist())

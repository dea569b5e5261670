"""Births of the years ahead: low, middle and high, each with the year in which somebody thought so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from siting.demand.births import Births
from siting.demand.faults import outside, refuse, rows, unknown
from siting.demand.figures import HIGH_BIRTHS, LOW_BIRTHS
from siting.errors import Fault
from siting.study import FloatArray
from siting.words import Phrase

Variant = Literal["low", "middle", "high"]
VARIANTS: tuple[Variant, ...] = ("low", "middle", "high")
VARIANT_NAMES: Mapping[Variant, Phrase] = {
    "low": Phrase("低方案", "low"),
    "middle": Phrase("中方案", "middle"),
    "high": Phrase("高方案", "high"),
}


SHARE_YEARS = 3
"""Last known years in which a place's share of all births is measured: one year of a small place is mostly chance."""


@dataclass(frozen=True, slots=True)
class BirthOutlook:
    """Births of consecutive years from first_year as multiples of all births of the last known year.

    factor maps each variant to (Y,). vintage is the year the outlook was made in: a forecast is always shown with it.
    source says who made it.
    """

    vintage: int
    first_year: int
    factor: Mapping[Variant, FloatArray]
    source: str = ""
    file: str = "birth_outlook"

    @property
    def last_year(self) -> int:
        """The last year it speaks of."""
        return self.first_year + len(self.factor["middle"]) - 1


def steady_outlook(
    vintage: int,
    first_year: int,
    years: int,
    low: float = LOW_BIRTHS.value,
    high: float = HIGH_BIRTHS.value,
) -> BirthOutlook:
    """An outlook where nobody made one: middle stays as the last known year, low falls and high rises by a yearly rate.

    The default rates, -4 % and +2 %, are a planner's assumption (K-L): the nation fell by 9 % a year from 2016 to 2025
    and stood nearly still from 2022 to 2024.
    """
    ahead = np.arange(1, years + 1, dtype=np.float64)
    factor: Mapping[Variant, FloatArray] = {
        "low": (1.0 + low) ** ahead,
        "middle": np.ones(years),
        "high": (1.0 + high) ** ahead,
    }
    return BirthOutlook(vintage, first_year, factor, source=f"{low:+.0%} / 0 / {high:+.0%}")


def births_ahead(births: Births, outlook: BirthOutlook, variant: Variant) -> Births:
    """Known births and those of a variant in the years after them; known years are never replaced.

    All places together have the births of their last known year times the factor, shared out as in the last three.
    Raises InputError where the outlook begins later than the year after the last known one, leaves a variant out,
    has factors below 0 or low above middle above high, or some place was not counted in those three years.
    """
    refuse(_faults(births, outlook))
    start = births.last_year + 1 - outlook.first_year
    recent = births.count[:, -SHARE_YEARS:]
    share = recent.sum(axis=1) / max(float(recent.sum()), 1e-300)
    ahead = share[:, None] * recent[:, -1].sum() * outlook.factor[variant][None, start:]
    return replace(births, count=np.hstack([births.count, ahead]), outlook=outlook.vintage, variant=variant)


def _faults(births: Births, outlook: BirthOutlook) -> Iterator[Fault]:
    yield from _order_faults(outlook)
    if outlook.first_year > births.last_year + 1:
        yield Fault(
            outlook.file,
            Phrase(
                f"展望从 {outlook.first_year} 年开始，而出生数据止于 {births.last_year} 年。",
                f"begins in {outlook.first_year}, while births end in {births.last_year}.",
            ),
            Phrase(f"请从 {births.last_year + 1} 年写起。", f"Begin with {births.last_year + 1}."),
        )
    if births.variant:
        yield Fault(
            births.file,
            Phrase("其中已含展望年份。", f"already holds the years ahead of the {births.variant} variant."),
            Phrase("请用只含实际出生的数据。", "Hand in known births only."),
        )
    recent = births.count[:, -SHARE_YEARS:]
    years = range(births.last_year + 1 - recent.shape[1], births.last_year + 1)
    cure = Phrase("请补填，或只列到有数据的年份。", "Fill them in, or end the table with the last known year.")
    called = Phrase(f"{years[0]}-{years[-1]} 年的出生人数", f"count of births in {years[0]}-{years[-1]}")
    yield from unknown(births.file, called, births.place, recent, cure)


def _order_faults(outlook: BirthOutlook) -> Iterator[Fault]:
    lacking = [variant for variant in VARIANTS if variant not in outlook.factor]
    lengths = {len(factor) for factor in outlook.factor.values()}
    if lacking or len(lengths) > 1:
        yield Fault(
            outlook.file,
            Phrase("高、中、低方案不全，或年数不同。", f"lacks {', '.join(lacking) or 'years in some variant'}."),
            Phrase("三个方案各写同样的年份。", "Give low, middle and high for the same years."),
        )
        return
    low, middle, high = (outlook.factor[variant] for variant in VARIANTS)
    years = [str(outlook.first_year + ahead) for ahead in range(len(middle))]
    table = np.column_stack([low, middle, high])
    yield from outside(outlook.file, Phrase("系数", "factors"), years, table, (0.0, np.inf))
    yield from rows(
        outlook.file,
        [f"{year} ({a:g}, {b:g}, {c:g})" for year, (a, b, c) in zip(years, table.tolist(), strict=True)],
        ~((low <= middle) & (middle <= high)),
        Phrase("不满足低 ≤ 中 ≤ 高", "are not low <= middle <= high"),
        Phrase("请改正系数的次序。", "Put the factors in order."),
    )

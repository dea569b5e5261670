"""Totals given out by shares, and ages of residents by shares of age."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siting.demand.ages import AGES, Ages, Basis, methods
from siting.demand.faults import outside, refuse, unknown
from siting.errors import Fault
from siting.study import FloatArray, IntArray, Units
from siting.words import Phrase


def give_out(total: FloatArray, holder: IntArray, weight: FloatArray) -> FloatArray:
    """Totals (T, K) given out to members (U, K) in proportion to weight (U,); each holder's members keep its total.

    holder (U,) is each member's position in total. Where all members of a holder weigh nothing, each gets the same.
    """
    holders = len(total)
    weighed = np.bincount(holder, weights=weight, minlength=holders)
    members = np.bincount(holder, minlength=holders)
    is_even = weighed[holder] <= 0
    share = np.where(is_even, 1.0 / members[holder], weight / np.where(is_even, 1.0, weighed[holder]))
    return total[holder] * share[:, None]


def ages_from_shares(
    units: Units, share: FloatArray, year: int, basis: Basis = "resident", file: str = "age_shares"
) -> Ages:
    """Ages from the residents of every unit and the share of residents of each age, share (18,) on 31 August.

    The same shares everywhere: villages and estates look alike, so this is the last resort. Raises InputError
    for shares below 0, or above 1 together, and for residents nobody counted.
    """
    refuse(_faults(units, share, file))
    count = units.residents[:, None] * share[None, :]
    return Ages(units.id, units.name, year, count, methods("shares", count), basis)


def _faults(units: Units, share: FloatArray, file: str) -> Iterator[Fault]:
    if share.shape != (AGES,):
        yield Fault(
            file,
            Phrase(f"有 {share.size} 个年龄构成比例，应为 {AGES} 个。", f"has {share.size} shares of age."),
            Phrase(f"请给出 0-{AGES - 1} 岁各岁的比例。", f"Give {AGES}: one for each age from 0 to {AGES - 1}."),
        )
        return
    ages = [str(age) for age in range(AGES)]
    yield from outside(file, Phrase("年龄构成比例", "shares of residents"), ages, share, (0.0, 1.0))
    if np.nansum(share) > 1.0 + 1e-9:
        yield Fault(
            file,
            Phrase(
                f"各岁比例合计 {np.nansum(share):.3f}，超过 1。", f"has shares that add up to {np.nansum(share):.3f}."
            ),
            Phrase("比例以 1 为总数，不用百分数。", "Write shares of 1, not per cent."),
        )
    cure = Phrase("请在村表补填常住人口。", "Fill in the residents in the table of villages.")
    yield from unknown(file, Phrase("常住人口", "count of residents"), units.name, units.residents, cure)

"""Five-year groups of age divided into single years, from six upwards.

Source: T. B. Sprague's fifth-difference osculatory interpolation (1880); multipliers as tabulated in
Shryock and Siegel, The Methods and Materials of Demography (1976), and used for school ages by IIEP-UNESCO (2021).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siting.demand.ages import AGES, Ages, Basis, methods, on_31_august, year_of_31_august
from siting.demand.faults import Bools, outside, refuse, unknown
from siting.errors import Fault
from siting.study import FloatArray, Remark, Units
from siting.words import Phrase, name_some

FIRST_AGE = 6
"""Younger children are not to be had from groups: across the fall of births 3-5 came out 15 % too many."""

TOLERANCE = 1e-9
"""What adding up may leave below nought."""

GROUPS = ("0-4", "5-9", "10-14", "15-19", "20-24", "25-29")

_NEXT_TO_FIRST = np.array(
    [
        [0.0336, 0.2272, -0.0752, 0.0144],
        [0.0080, 0.2320, -0.0480, 0.0080],
        [-0.0080, 0.2160, -0.0080, 0.0000],
        [-0.0160, 0.1840, 0.0400, -0.0080],
        [-0.0176, 0.1408, 0.0912, -0.0144],
    ]
)
"""Ages 5 to 9 (rows) from the groups 0-4 to 15-19."""

_MIDDLE = np.array(
    [
        [-0.0128, 0.0848, 0.1504, -0.0240, 0.0016],
        [-0.0016, 0.0144, 0.2224, -0.0416, 0.0064],
        [0.0064, -0.0336, 0.2544, -0.0336, 0.0064],
        [0.0064, -0.0416, 0.2224, 0.0144, -0.0016],
        [0.0016, -0.0240, 0.1504, 0.0848, -0.0128],
    ]
)
"""The five ages of a group (rows) from it and the two groups on either side."""


def single_ages(groups: FloatArray) -> FloatArray:
    """Ages 5 to 19 (U, 15) from groups (U, 6) 0-4 to 25-29; every group's total is kept. May be negative."""
    return np.hstack([groups[:, 0:4] @ _NEXT_TO_FIRST.T, groups[:, 0:5] @ _MIDDLE.T, groups[:, 1:6] @ _MIDDLE.T])


def ages_from_groups(
    units: Units,
    groups: FloatArray,
    year: int,
    month: int = 8,
    first_age: int = FIRST_AGE,
    basis: Basis = "resident",
) -> Ages:
    """Ages 6 to 17 of every unit from six five-year groups (U, 6), 0-4 to 25-29, counted at the end of a month.

    Younger ages are nan: join them from births. In units whose own division gives a negative age, groups are divided
    as all units together divide; they are remarked on by name, and every group keeps its total.
    Measured on the nation's births, end of 2025: 6-11 0.8 % too few, 12-14 1.6 % too few (certainty C).
    Raises InputError for a first age below six, groups missing or negative, and a county that divides negatively.
    """
    file = "age_groups"
    refuse(_faults(units, groups, first_age, file))
    single, is_pooled = _never_negative(groups)
    refuse(_negative(single, file))
    older = on_31_august(single, month)[:, FIRST_AGE - 5 : AGES - 5]
    count = np.full((len(units), AGES), np.nan)
    count[:, first_age:] = older[:, first_age - FIRST_AGE :]
    day = year_of_31_august(year, month)
    return Ages(units.id, units.name, day, count, methods("groups", count), basis, _remarks(units, is_pooled, file))


def _never_negative(groups: FloatArray) -> tuple[FloatArray, Bools]:
    """Ages 5 to 19 (U, 15), and which units are divided as all units together are (U,)."""
    own = single_ages(groups)
    pooled = single_ages(groups.sum(axis=0, keepdims=True))[0].reshape(3, 5)
    total = groups[:, 1:4].sum(axis=0)
    share = np.where(total[:, None] > 0, pooled / np.where(total > 0, total, 1.0)[:, None], 0.2)
    as_all = (groups[:, 1:4, None] * share[None, :, :]).reshape(len(groups), 15)
    is_pooled: Bools = np.asarray((own < -TOLERANCE).any(axis=1))
    return np.where(is_pooled[:, None], as_all, own), is_pooled


def _faults(units: Units, groups: FloatArray, first_age: int, file: str) -> Iterator[Fault]:
    if first_age < FIRST_AGE:
        yield Fault(
            file,
            Phrase(
                f"要求从 {first_age} 岁起拆分五岁组，最小只能 {FIRST_AGE} 岁：出生人数骤降时，3-5 岁会多算约 15%。",
                f"ages from {first_age} were asked of five-year groups, {FIRST_AGE} is the least: across the fall of "
                "births ages 3-5 come out about 15 % too many.",
            ),
            Phrase("0-5 岁请用出生登记推算。", "Take ages 0-5 from births."),
        )
    if groups.shape[1] != len(GROUPS):
        yield Fault(
            file,
            Phrase(
                f"有 {groups.shape[1]} 个五岁组，应为 {len(GROUPS)} 个。", f"has {groups.shape[1]} five-year groups."
            ),
            Phrase(f"请给出 {'、'.join(GROUPS)} 岁。", f"Give {', '.join(GROUPS)}."),
        )
        return
    yield from outside(file, Phrase("五岁组人数", "counts of a group"), units.name, groups, (0.0, np.inf))
    cure = Phrase("没有人的填 0；不知道的改用年龄构成。", "Write 0 for nobody; where it is unknown, use shares of age.")
    yield from unknown(file, Phrase("某些五岁组的人数", "count of some groups"), units.name, groups, cure)


def _negative(single: FloatArray, file: str) -> Iterator[Fault]:
    """What even all units together leave below nought."""
    least = single.min(initial=0.0)
    if least < -TOLERANCE:
        yield Fault(
            file,
            Phrase(f"全部单元合并拆分仍为负（最小 {least:.1f} 人）。", f"all units together divide to {least:.1f}."),
            Phrase("五岁组起伏太大；请用单岁登记或出生数据。", "The groups jump too much; use single ages or births."),
        )


def _remarks(units: Units, is_pooled: Bools, file: str) -> tuple[Remark, ...]:
    names = [units.name[row] for row in np.flatnonzero(is_pooled).tolist()]
    if not names:
        return ()
    some = name_some(names)
    return (
        Remark(
            file,
            Phrase(
                f"{len(names)} 个单元单独拆分会出现负数，按全部单元的比例拆分：{some.zh}。",
                f"{len(names)} units would divide to negative ages; they are divided as all units are: {some.en}.",
            ),
        ),
    )

"""Single ages as a register or a census counted them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siting.demand.ages import AGES, Ages, Basis, methods, on_31_august, year_of_31_august
from siting.demand.faults import outside, refuse, unknown
from siting.errors import Fault
from siting.study import FloatArray, Units
from siting.words import Phrase


def ages_from_register(
    units: Units, count: FloatArray, year: int, month: int = 8, basis: Basis = "resident", file: str = "ages"
) -> Ages:
    """Ages of every unit from single ages (U, A) counted at the end of a month.

    Counted at the end of August, ages 0 to 17 are taken as they are. Any other month is brought back to the 31 August
    before it and needs age 18 as well. Raises InputError for negative or missing counts and too few ages.
    """
    needed = AGES if month == 8 else AGES + 1
    refuse(_faults(units, count, needed, file))
    moved = count[:, :AGES] if month == 8 else on_31_august(count[:, :needed], month)
    single = np.array(moved, dtype=np.float64)
    day = year_of_31_august(year, month)
    return Ages(units.id, units.name, day, single, methods("register", single), basis)


def _faults(units: Units, count: FloatArray, needed: int, file: str) -> Iterator[Fault]:
    if count.shape[1] < needed:
        yield Fault(
            file,
            Phrase(
                f"只有 {count.shape[1]} 个单岁，换算到8月31日需要 {needed} 个（0-{needed - 1} 岁）。",
                f"holds {count.shape[1]} single ages; {needed} (0-{needed - 1}) are needed for ages on 31 August.",
            ),
            Phrase("请补齐各岁人数，或改用8月底的登记。", "Add the older ages, or count at the end of August."),
        )
        return
    used = count[:, :needed]
    yield from outside(file, Phrase("分年龄人数", "counts of an age"), units.name, used, (0.0, np.inf))
    cure = Phrase("没有人的填 0；不知道的改用出生数据。", "Write 0 for nobody; where it is unknown, use births.")
    yield from unknown(file, Phrase("某些年龄的人数", "count of some ages"), units.name, used, cure)

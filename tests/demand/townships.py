"""Two townships small enough for paper: T1 has villages a (1000 residents) and b (3000), T2 has c (2000) and d (0)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from siting.demand.ages import AGES, Ages
from siting.demand.births import Births
from siting.study import Units

RESIDENTS = (1000.0, 3000.0, 2000.0, 0.0)
TOWNSHIPS = ("T1", "T1", "T2", "T2")


def units(residents: Sequence[float] = RESIDENTS, townships: Sequence[str] = TOWNSHIPS) -> Units:
    many = len(residents)
    names = tuple("abcdefghijklmnop"[:many])
    return Units(
        id=tuple(f"V{name}" for name in names),
        name=names,
        township_id=tuple(townships),
        township=tuple(f"乡镇{township}" for township in townships),
        area=("rural",) * many,
        kind=("village",) * many,
        planning_unit=tuple(townships),
        part_of=tuple(f"V{name}" for name in names),
        x=np.arange(many) * 1000.0,
        y=np.zeros(many),
        residents=np.array(residents, dtype=np.float64),
        children={},
        polygon=(None,) * many,
    )


def births(count: Sequence[Sequence[float]], first_year: int, places: Sequence[str] = ("T1", "T2")) -> Births:
    table = np.array(count, dtype=np.float64)
    names = tuple(f"乡镇{place}" for place in places)
    return Births(tuple(places), names, first_year, table, first_year + table.shape[1] - 1, file="births.csv")


def ages(count: object, year: int = 2024) -> Ages:
    table = np.array(count, dtype=np.float64)
    places = units([1000.0] * len(table), ["T1"] * len(table))
    return Ages(places.id, places.name, year, table, ("register",) * AGES)

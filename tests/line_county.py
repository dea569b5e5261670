"""Villages on a straight road, 1 km apart; a kindergarten in the first; a candidate in some of the others.

The radius is 1500 m: whoever lives in a school's village or next to it is covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import six_villages

from siting.export.manifest import MANIFEST
from siting.export.registry import COMPARISON_EXPORTERS, EXPORTERS
from siting.project import Budget, Programme
from siting.rules.book import read_rulebook
from siting.run import Base
from siting.study import Candidates, DemandPoints, Roads, Schools, StudyArea, Units

X0, Y0 = six_villages.X0, six_villages.Y0
BOOK = read_rulebook("dingzhou-2021")

FEW_FILES = {name: EXPORTERS[name] for name in ("plan.json", MANIFEST)}
"""What a plan is written as where nobody looks at its maps and tables."""

FEW_COMPARED = {name: COMPARISON_EXPORTERS[name] for name in ("comparison.json", MANIFEST)}
"""The same for a comparison."""


def base(residents: Sequence[float], candidates: Sequence[int], new: int | None, extend: int | None = None) -> Base:
    """A study of the line whose kindergartens may be built new so often."""
    programme = Programme("kindergarten-rural", "kindergarten", "rural", budget=Budget(new=new, extend=extend))
    project = replace(six_villages.project(), programmes=(programme,))
    return Base(project, BOOK, _area(np.array(residents, dtype=float), list(candidates)))


def uncovered(residents: Sequence[float], opened: Iterable[int]) -> float:
    """Residents of villages that neither have an open school nor lie next to one, the first having one."""
    near = {place + step for place in (0, *opened) for step in (-1, 0, 1)}
    return float(sum(people for place, people in enumerate(residents) if place not in near))


def scattered(line: Base, random: np.random.Generator) -> Base:
    """The line with half of every village living up to 2.5 km from its seat along the road."""
    units, end = line.area.units, X0 + 1000.0 * (len(line.area.units) - 1)
    away = np.clip(units.x + random.uniform(-2500.0, 2500.0, len(units)), X0, end)
    rows = np.arange(len(units))
    points = DemandPoints(
        np.concatenate((rows, rows)),
        np.concatenate((units.x, away)),
        np.concatenate((units.y, units.y)),
        np.concatenate((units.residents, units.residents)) / 2.0,
        float("nan"),
    )
    return replace(line, area=replace(line.area, points=points))


def name(place: int) -> str:
    return f"N{place}"


def _area(residents: np.ndarray, candidates: list[int]) -> StudyArea:
    every = range(len(residents))
    x, y = X0 + 1000.0 * np.arange(len(residents)), np.full(len(residents), Y0)
    ids = tuple(f"V{k}" for k in every)
    roads = np.arange(len(residents) - 1)
    return StudyArea(
        name="一线",
        crs="EPSG:4547",
        units=Units(
            id=ids,
            name=ids,
            township_id=("T",) * len(ids),
            township=("留早镇",) * len(ids),
            area=("rural",) * len(ids),
            kind=("village",) * len(ids),
            planning_unit=("T",) * len(ids),
            part_of=ids,
            x=x,
            y=y,
            residents=residents,
            children={},
            polygon=(None,) * len(ids),
        ),
        points=DemandPoints(np.arange(len(ids)), x, y, residents, float("nan")),
        schools=Schools(
            id=("S0",),
            name=("S0",),
            tier=("kindergarten",),
            operator=("public",),
            unit=np.array([0]),
            x=x[:1],
            y=y[:1],
            classes=np.array([3.0]),
            seats=np.array([90.0]),
            enrolment=np.array([np.nan]),
            max_classes=np.array([3.0]),
            opened_year=np.array([np.nan]),
            migrants=np.array([np.nan]),
            bought=np.array([np.nan]),
        ),
        candidates=Candidates(
            id=tuple(name(place) for place in candidates),
            name=tuple(f"第{place}村" for place in candidates),
            tiers=(frozenset({"kindergarten"}),) * len(candidates),
            unit=np.array(candidates),
            x=x[candidates],
            y=y[candidates],
            max_classes=np.full(len(candidates), 12.0),
        ),
        roads=Roads(x, y, roads, roads + 1, np.full(len(roads), 1000.0), np.full(len(roads), 4, dtype=np.int8)),
    )

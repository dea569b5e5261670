"""Four villages of two townships on a road 1 km apart, as a study area: a 1000 and b 3000 residents in T1, c 2000 and
d 0 in T2. One kindergarten of 3 classes (90 seats) in a, one of 6 (180) in c."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from shapely import box
from townships import units

from siting.inputs.candidates import no_candidates
from siting.project import Ahead, Limits, Programme, Project
from siting.rules.base import Rule, RuleBook
from siting.study import AgeCounts, BirthCounts, DemandPoints, Roads, Schools, StudyArea
from siting.words import Phrase, both

FILE = Path("study.toml")


def area(**known: Any) -> StudyArea:
    places = units()
    return StudyArea(
        name="小县",
        crs="EPSG:4547",
        units=places,
        points=DemandPoints(np.array([0, 1, 1, 2, 3]), np.array([0.0, 900, 1100, 2000, 3000]), np.zeros(5), *_people()),
        schools=_schools(),
        candidates=no_candidates(),
        roads=Roads(
            places.x, places.y, np.arange(3), np.arange(1, 4), np.full(3, 1000.0), np.full(3, 4, dtype=np.int8)
        ),
        **known,
    )


def _people() -> tuple[np.ndarray, float]:
    return np.array([1000.0, 1000, 2000, 2000, 0]), float("nan")


def _schools() -> Schools:
    return Schools(
        id=("SA", "SC"),
        name=("甲园", "丙园"),
        tier=("kindergarten", "kindergarten"),
        operator=("public", "public"),
        unit=np.array([0, 2]),
        x=np.array([0.0, 2000.0]),
        y=np.zeros(2),
        classes=np.array([3.0, 6.0]),
        seats=np.array([90.0, 180.0]),
        enrolment=np.full(2, np.nan),
        max_classes=np.array([3.0, 12.0]),
        opened_year=np.full(2, np.nan),
        migrants=np.full(2, np.nan),
        bought=np.full(2, np.nan),
    )


def births(t1: float = 60.0, t2: float = 30.0, first: int = 2005, last: int = 2025) -> BirthCounts:
    """As many births every year."""
    return BirthCounts(("T1", "T2"), ("乡镇T1", "乡镇T2"), first, np.array([[t1], [t2]]) * np.ones(last - first + 1))


def ages(count: float = 10.0, year: int = 2024) -> AgeCounts:
    """As many children of every age in every village, at the end of August."""
    return AgeCounts(1, year, 8, np.full((4, 18), count))


def groups(count: float = 50.0, year: int = 2024) -> AgeCounts:
    return AgeCounts(5, year, 8, np.full((4, 6), count))


def project(per_1000: float | None = None, **ahead: Any) -> Project:
    rates: dict[Any, float] = {} if per_1000 is None else {"kindergarten": per_1000}
    return Project(
        folder=Path(),
        file=FILE,
        name="小县",
        rulebook="tiny",
        crs="EPSG:4547",
        language="zh",
        notice=both(""),
        layers={},
        programmes=(Programme("kindergarten-rural", "kindergarten", "rural"),),
        pupils_per_1000=rates,
        limits=Limits(),
        ahead=Ahead(**ahead),
    )


def book() -> RuleBook:
    """Classes of 30 children, 3, 6, 9 or 12 of them."""
    said: dict[str, Any] = {
        "tier": "kindergarten",
        "area": "all",
        "strength": "must",
        "in_force": date(2021, 10, 10),
        "source": "",
        "says": Phrase("", ""),
    }
    size = Rule(id="SIZE", kind="class_size", unit="pupils/class", value=30.0, **said)
    menu = Rule(id="MENU", kind="class_menu", unit="classes", menu=(3, 6, 9, 12), **said)
    return RuleBook("tiny", Phrase("小县规则", "tiny rules"), (size, menu), "ab" * 32)


def estates(
    dwellings: float = 1000.0, delivered: str = "2027-08-31", inside: float = 0.0, **more: Any
) -> gpd.GeoDataFrame:
    """One estate of 300 m x 300 m beside village c, all its families from outside the county."""
    rows = {
        "name": ["锦绣园"],
        "dwellings": [dwellings],
        "delivery_year": [float(delivered[:4])],
        "delivered": np.array([delivered], dtype="datetime64[D]"),
        "persons_per_dwelling": [2.5],
        "inside_share": [inside],
        **{key: [value] for key, value in more.items()},
    }
    return gpd.GeoDataFrame(rows, geometry=[box(1800.0, 100.0, 2100.0, 400.0)], crs="EPSG:4547")

"""Six villages on a straight road, 1 km apart, a community at its end, and a right plan for their kindergartens.

Village k stands at x = X0 + 1000 k on the road; V0 lies 100 m beside it. V3 has two places where people live, 200 m
before and behind its seat. Residents: V0 1000, V1 1500, V2 1000, V3 1200, V4 1900, V5 6000; C6, in the city, 4000.
Children: 21 per 1000 residents. S1 in V1 keeps its 4 classes, S5 in V5 is extended from 3 to 6, N4 is built in V4
with 3; P2 in V2 is private and does not count.

S1 serves V0-V2: 3500 people, 73.5 children. N4 serves V3 and V4: 3100, 65.1. S5 serves V5 alone: 6000, 126.
Metres: V0 100 + 1000 = 1100, V1 0, V2 1000, V3 (1200 + 800) / 2 = 1000, V4 0, V5 0.
Walk: 1000 x 1100 + 1000 x 1000 + 1200 x 1000 = 3,300,000. Cost: 3 + 1 = 4. All other goals are 0.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from siting.plan import Action, Assignment, Plan, Site, Stage, TierPlan
from siting.project import Limits, Programme, Project
from siting.study import Candidates, DemandPoints, Roads, Schools, StudyArea, Units
from siting.words import Phrase, both

X0, Y0 = 500_000.0, 4_250_000.0
RESIDENTS = (1000.0, 1500.0, 1000.0, 1200.0, 1900.0, 6000.0, 4000.0)
IDS = ("V0", "V1", "V2", "V3", "V4", "V5", "C6")
MEMBERS = {"S1": ("V0", "V1", "V2"), "N4": ("V3", "V4"), "S5": ("V5",)}
METRES = {"V0": 1100.0, "V1": 0.0, "V2": 1000.0, "V3": 1000.0, "V4": 0.0, "V5": 0.0}


def study_area() -> StudyArea:
    x = X0 + 1000.0 * np.arange(7)
    y = np.full(7, Y0)
    return StudyArea(
        name="六村",
        crs="EPSG:4547",
        units=_units(x, y + np.array([100.0, 0, 0, 0, 0, 0, 0])),
        points=DemandPoints(
            np.array([0, 1, 2, 3, 3, 4, 5, 6]),
            X0 + np.array([0.0, 1000, 2000, 2800, 3200, 4000, 5000, 6000]),
            Y0 + np.array([100.0, 0, 0, 0, 0, 0, 0, 0]),
            np.array([1000.0, 1500, 1000, 600, 600, 1900, 6000, 4000]),
            float("nan"),
        ),
        schools=_schools(),
        candidates=Candidates(
            ("N4",),
            ("第4村",),
            (frozenset({"kindergarten"}),),
            np.array([4]),
            np.array([X0 + 4000]),
            np.array([Y0]),
            np.array([6.0]),
        ),
        roads=Roads(x, y, np.arange(6), np.arange(1, 7), np.full(6, 1000.0), np.full(6, 4, dtype=np.int8)),
    )


def _units(x: np.ndarray, y: np.ndarray) -> Units:
    return Units(
        id=IDS,
        name=IDS,
        township_id=("T",) * 7,
        township=("留早镇",) * 7,
        area=("rural",) * 6 + ("city",),
        kind=("village",) * 6 + ("community",),
        planning_unit=("T",) * 7,
        part_of=IDS,
        x=x,
        y=y,
        residents=np.array(RESIDENTS),
        children={},
        polygon=(None,) * 7,
    )


def _schools() -> Schools:
    return Schools(
        id=("S1", "S5", "P2", "S6"),
        name=("S1", "S5", "P2", "S6"),
        tier=("kindergarten",) * 4,
        operator=("public", "public", "private", "public"),
        unit=np.array([1, 5, 2, 6]),
        x=X0 + np.array([1000.0, 5000, 2000, 6000]),
        y=np.full(4, Y0),
        classes=np.array([4.0, 3, 1, 6]),
        seats=np.array([120.0, 90, 10, 180]),
        enrolment=np.full(4, np.nan),
        max_classes=np.array([4.0, 6, 1, 6]),
        opened_year=np.full(4, np.nan),
        migrants=np.full(4, np.nan),
        bought=np.full(4, np.nan),
    )


def project() -> Project:
    folder = Path()
    return Project(
        folder=folder,
        file=folder / "study.toml",
        name="六村",
        rulebook="dingzhou-2021",
        crs="EPSG:4547",
        language="zh",
        notice=both(""),
        layers={},
        programmes=(Programme("kindergarten-rural", "kindergarten", "rural"),),
        pupils_per_1000={"kindergarten": 21.0},
        limits=Limits(),
    )


def plan() -> Plan:
    return Plan("六村", "dingzhou-2021", "EPSG:4547", both(""), (part(),))


def part() -> TierPlan:
    return TierPlan(
        programme="kindergarten-rural",
        tier="kindergarten",
        area="rural",
        radius_m=1500.0,
        stages=tuple(
            Stage(goal, Phrase("人", "residents"), value, value, 0.0, "optimal", 0.1)
            for goal, value in {"uncovered": 0.0, "over": 0.0, "cost": 4.0, "under": 0.0, "walk": 3_300_000.0}.items()
        ),
        sites=(_site("S1", "keep", 4, 4, 120), _site("N4", "new", 0, 3, 90), _site("S5", "extend", 3, 6, 180)),
        assignments=tuple(
            Assignment(unit, site, METRES[unit], RESIDENTS[IDS.index(unit)])
            for site, units in MEMBERS.items()
            for unit in units
        ),
        shortfalls=(),
    )


def _site(site_id: str, action: Action, before: float, classes: float, seats: float) -> Site:
    units, place = MEMBERS[site_id], int(site_id[1])
    people = [RESIDENTS[IDS.index(unit)] for unit in units]
    return Site(
        id=site_id,
        name=site_id,
        action=action,
        operator="public",
        x=X0 + 1000.0 * place,
        y=Y0,
        unit_id=f"V{place}",
        township="留早镇",
        classes_before=before,
        classes=classes,
        seats=seats,
        service_population=sum(people),
        pupils=0.021 * sum(people),
        mean_m=float(np.average([METRES[unit] for unit in units], weights=people)),
        farthest_m={"S1": 1100.0, "N4": 1200.0, "S5": 0.0}[site_id],
        units=units,
        clause="KG-R-REACH",
        reason=both("1.5 km"),
    )

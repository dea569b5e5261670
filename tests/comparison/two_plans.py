"""The small county twice: as it stands, and with an estate, one new kindergarten elsewhere and one not enlarged.

Base (small_county): S0 serves V0; N2, built in V2, V1-V3; S5, extended, V4-V7. Radius 1500 m, only V7 is 2 km away.
Other: S0 serves V0-V2 (V2 2 km away); S5, kept, V3-V5 (V3 2 km away); N6, built in V6, V6, V7 and the estate E8
(500 residents, 10 children, 2 km away). The band is 3000 to 5000 residents.

Other loads: S0 1000 + 1100 + 1200 = 3300; S5 1300 + 1400 + 1500 = 4200; N6 1600 + 1700 + 500 = 3800.
Not covered: base V7 1700; other V2 1200 + V3 1300 + E8 500 = 3000.
Seats added, class size 45 by default: base N2 6 x 30 = 180 and S5 180 - 3 x 45 = 45; other N6 180.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import six_villages
import small_county

from siting.export import Result
from siting.plan import Action, Assignment, Plan, Site, TierPlan
from siting.project import Project
from siting.rules.base import Rule, RuleBook
from siting.study import DemandPoints, StudyArea, Units
from siting.words import Phrase

X0, Y0 = small_county.X0, small_county.Y0
MEMBERS = {"S0": (0, 1, 2), "N6": (6, 7, 8), "S5": (3, 4, 5)}
STANDS_IN = {"S0": 0, "N6": 6, "S5": 5}
RESIDENTS = (*(1000.0 + 100.0 * k for k in range(8)), 500.0)
CHILDREN = (*(20.0 + k for k in range(8)), 10.0)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished plan without a study file."""

    plan: Plan
    area: StudyArea
    project: Project
    book: RuleBook


def unit_id(k: int) -> str:
    return f"V{k}" if k < 8 else "E8"


def book() -> RuleBook:
    (reach,) = small_county.book().rules
    band = Rule(
        "KG-R-BAND", "service_population", "kindergarten", "rural", "should", "residents", date(2021, 10, 10), "三(三)",
        Phrase("服务人口3000-5000人", "3000 to 5000 residents"), lower=3000.0, upper=5000.0,
    )  # fmt: skip
    return RuleBook("tiny-book", Phrase("小县规则", "Rules of a small county"), (reach, band), "cd" * 32)


def estate(area: StudyArea, name: str = "新苑小区") -> StudyArea:
    """The county with one more unit, E8."""
    units, points = area.units, area.points
    added = Units(
        id=(*units.id, "E8"),
        name=(*units.name, name),
        township_id=(*units.township_id, "T1"),
        township=(*units.township, "留早镇"),
        area=(*units.area, "rural"),
        kind=(*units.kind, "estate"),
        planning_unit=(*units.planning_unit, "T1"),
        part_of=(*units.part_of, "E8"),
        x=np.append(units.x, X0 + 8000.0),
        y=np.append(units.y, Y0),
        residents=np.append(units.residents, 500.0),
        children={"kindergarten": np.append(units.children["kindergarten"], 10.0)},
        polygon=(*units.polygon, None),
    )
    where = DemandPoints(np.append(points.unit, 8), added.x, added.y, np.append(points.residents, 500.0), points.cell_m)
    return replace(area, units=added, points=where)


def other_part() -> TierPlan:
    sites = (_site("S0", "keep", 3, 3), _site("N6", "new", 0, 6), _site("S5", "keep", 3, 3))
    walk = sum(RESIDENTS[k] * 1000.0 * abs(k - STANDS_IN[one]) for one, members in MEMBERS.items() for k in members)
    return replace(
        small_county.tier_plan(),
        stages=(
            small_county.stage("uncovered", 3000.0, 2000.0),
            small_county.stage("cost", 3.0, 3.0, "个项目", "projects"),
            small_county.stage("walk", walk, walk, "人·米", "resident-metres"),
        ),
        sites=sites,
        assignments=tuple(_assignment(k, one) for one in sites for k in MEMBERS[one.id]),
        shortfalls=(),
    )


def _site(site_id: str, action: Action, before: float, classes: float) -> Site:
    members, seat = MEMBERS[site_id], STANDS_IN[site_id]
    people, metres = [RESIDENTS[k] for k in members], [abs(k - seat) * 1000.0 for k in members]
    kept = small_county.site("S0", action, before, classes)
    return replace(
        kept,
        id=site_id,
        name=f"第{seat}村幼儿园",
        x=X0 + seat * 1000.0,
        unit_id=f"V{seat}",
        service_population=sum(people),
        pupils=sum(CHILDREN[k] for k in members),
        mean_m=float(np.average(metres, weights=people)),
        farthest_m=max(metres),
        units=tuple(unit_id(k) for k in members),
    )


def _assignment(k: int, to: Site) -> Assignment:
    metres = abs(X0 + k * 1000.0 - to.x)
    return Assignment(unit_id(k), to.id, metres, RESIDENTS[k] if metres <= 1500 else 0.0)


def project() -> Project:
    return replace(six_villages.project(), name="小县", rulebook="tiny-book", notice=small_county.NOTICE)


def base() -> Made:
    return Made(small_county.plan(), small_county.study_area(), project(), book())


def other() -> Made:
    plan = replace(small_county.plan(), parts=(other_part(),))
    return Made(plan, estate(small_county.study_area()), project(), book())


def result(made: Made, folder: Path) -> Result:
    """The same with a study file that is there."""
    return Result(made.plan, made.area, small_county.project(folder), made.book, (), 1.0)

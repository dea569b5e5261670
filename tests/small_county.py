"""A county small enough for paper: eight villages on a line 1 km apart, two kindergartens, and a plan for them.

Village k stands at x = X0 + 1000 k, y = Y0 and has 1000 + 100 k residents (1000 ... 1700, together 10800).
Kindergarten S0 stands in village 0 and keeps its 3 classes; S5 in village 5 is extended from 3 to 6 classes;
N2 is built in village 2. The radius is 1500 m, so village 7, 2 km from S5, is not covered.
S0 serves 0: 1000. N2 serves 1-3: 1100 + 1200 + 1300 = 3600. S5 serves 4-7: 1400 + 1500 + 1600 + 1700 = 6200.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np

from siting.plan import Action, Assignment, Plan, Site, Stage, TierPlan
from siting.project import Layer, Limits, Programme, Project
from siting.rules.base import Rule, RuleBook
from siting.rules.verdict import Check
from siting.study import Candidates, DemandPoints, Remark, Roads, Schools, StudyArea, Units
from siting.words import Phrase

VILLAGES = 8
X0, Y0 = 500_000.0, 4_250_000.0
NOTICE = Phrase("合成数据，仅供演示", "Synthetic data, for demonstration only")
MEMBERS = {"S0": (0,), "N2": (1, 2, 3), "S5": (4, 5, 6, 7)}
STANDS_IN = {"S0": 0, "N2": 2, "S5": 5}


def units() -> Units:
    every = range(VILLAGES)
    return Units(
        id=tuple(f"V{k}" for k in every),
        name=tuple(f"第{k}村" for k in every),
        township_id=("T1",) * VILLAGES,
        township=("留早镇",) * VILLAGES,
        area=("rural",) * VILLAGES,
        kind=("village",) * VILLAGES,
        planning_unit=("T1",) * VILLAGES,
        part_of=tuple(f"V{k}" for k in every),
        x=X0 + 1000.0 * np.arange(VILLAGES),
        y=np.full(VILLAGES, Y0),
        residents=1000.0 + 100.0 * np.arange(VILLAGES),
        children={"kindergarten": 20.0 + np.arange(VILLAGES)},
        polygon=(None,) * VILLAGES,
    )


def schools() -> Schools:
    return Schools(
        id=("S0", "S5"),
        name=("第0村幼儿园", "第5村幼儿园"),
        tier=("kindergarten", "kindergarten"),
        operator=("public", "public"),
        unit=np.array([0, 5]),
        x=X0 + np.array([0.0, 5000.0]),
        y=np.full(2, Y0),
        classes=np.array([3.0, 3.0]),
        seats=np.array([90.0, np.nan]),
        enrolment=np.array([60.0, 81.0]),
        max_classes=np.array([3.0, 6.0]),
        opened_year=np.full(2, np.nan),
        migrants=np.full(2, np.nan),
        bought=np.full(2, np.nan),
    )


def study_area() -> StudyArea:
    places = units()
    return StudyArea(
        name="小县",
        crs="EPSG:4547",
        units=places,
        points=DemandPoints(np.arange(VILLAGES), places.x, places.y, places.residents, float("nan")),
        schools=schools(),
        candidates=Candidates(("N2",), ("第2村",), (frozenset({"kindergarten"}),), np.array([2]), *_at_two()),
        roads=Roads(
            places.x, places.y, np.arange(7), np.arange(1, 8), np.full(7, 1000.0), np.full(7, 4, dtype=np.int8)
        ),
        notice=NOTICE,
        remarks=(Remark("villages.csv", Phrase("人口网格与村庄合计相差 2%。", "Grid and villages differ by 2 %.")),),
        sources={"villages": ("villages.csv", "ab" * 32)},
    )


def _at_two() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([X0 + 2000.0]), np.array([Y0]), np.array([np.nan])


def stage(goal: str, value: float, bound: float, unit: str = "人", unit_en: str = "residents") -> Stage:
    gap = (value - bound) / max(abs(value), 1.0)
    status = "optimal" if gap <= 1e-6 else "stopped early"
    return Stage(goal, Phrase(unit, unit_en), value, bound, gap, status, 0.25)


def site(site_id: str, action: Action, classes_before: float, classes: float) -> Site:
    members, seat = MEMBERS[site_id], STANDS_IN[site_id]
    residents = [1000.0 + 100.0 * k for k in members]
    metres = [abs(k - seat) * 1000.0 for k in members]
    return Site(
        id=site_id,
        name=f"第{seat}村幼儿园",
        action=action,
        operator="public",
        x=X0 + seat * 1000.0,
        y=Y0,
        unit_id=f"V{seat}",
        township="留早镇",
        classes_before=classes_before,
        classes=classes,
        seats=classes * 30.0,
        service_population=sum(residents),
        pupils=sum(20.0 + k for k in members),
        mean_m=float(np.average(metres, weights=residents)),
        farthest_m=max(metres),
        units=tuple(f"V{k}" for k in members),
        clause="KG-R-REACH",
        reason=Phrase("1.5 公里内没有其他公办园。", "No other public kindergarten within 1.5 km."),
    )


def tier_plan() -> TierPlan:
    sites = (site("S0", "keep", 3, 3), site("N2", "new", 0, 6), site("S5", "extend", 3, 6))
    return TierPlan(
        programme="kindergarten-rural",
        tier="kindergarten",
        area="rural",
        radius_m=1500.0,
        stages=(
            stage("uncovered", 1700.0, 1700.0),
            stage("cost", 4.0, 4.0, "个项目", "projects"),
            stage("walk", 9_000_000.0, 8_910_000.0, "人·米", "resident-metres"),
        ),
        sites=sites,
        assignments=tuple(_assignment(k, one) for one in sites for k in MEMBERS[one.id]),
        shortfalls=(Phrase("第7村 1700 人在 1.5 公里以外。", "Village 7: 1700 residents beyond 1.5 km."),),
    )


def _assignment(k: int, to: Site) -> Assignment:
    metres = abs(X0 + k * 1000.0 - to.x)
    return Assignment(f"V{k}", to.id, metres, 1000.0 + 100.0 * k if metres <= 1500 else 0.0)


def plan() -> Plan:
    return Plan("小县", "tiny-book", "EPSG:4547", NOTICE, (tier_plan(),))


def book() -> RuleBook:
    reach = Rule(
        id="KG-R-REACH",
        kind="max_distance",
        tier="kindergarten",
        area="rural",
        strength="must",
        unit="m",
        in_force=date(2021, 10, 10),
        source="定发〔2021〕40号 三(三)",
        says=Phrase("农村幼儿园服务半径1.5公里", "Rural kindergartens within 1.5 km"),
        value=1500.0,
        responsible="市教育局、各乡镇（街道）",
    )
    return RuleBook("tiny-book", Phrase("小县规则", "Rules of a small county"), (reach,), "cd" * 32)


def check(kept: bool | None = False, strength: str = "must") -> Check:
    evidence = Phrase("第7村 1700 人，最远 2000 米", "Village 7: 1700 residents, 2000 m")
    where = ("第7村",) if kept is False else ()
    return Check(
        "KG-R-REACH", "kindergarten-rural", strength, kept, 2000.0, 1500.0, where, evidence, "定发〔2021〕40号 三(三)"
    )


def project(folder: Path) -> Project:
    """A project whose study file lies in a folder; its layers are only named."""
    file = folder / "study.toml"
    file.write_text('[study]\nname = "小县"\n', encoding="utf-8")
    return Project(
        folder=folder,
        file=file,
        name="小县",
        rulebook="tiny-book",
        crs="EPSG:4547",
        language="zh",
        notice=NOTICE,
        layers={"villages": Layer(folder / "villages.csv", "cgcs2000")},
        programmes=(Programme("kindergarten-rural", "kindergarten", "rural"),),
        pupils_per_1000={"kindergarten": 21.0},
        limits=Limits(),
    )


def manifest_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

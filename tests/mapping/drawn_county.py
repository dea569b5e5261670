"""A made-up county of any size and a plan for it, as the map draws them: villages, cells, roads, tiers."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point, box

from siting.plan import Action, Assignment, Plan, Site, Stage, TierPlan
from siting.study import TIER_NAMES, Candidates, DemandPoints, Forecast, Roads, Schools, StudyArea, Tier, Units
from siting.words import Phrase

X0, Y0 = 500_000.0, 4_262_000.0
SPACING = 1450.0
CRS = "EPSG:4547"
NOTICE = Phrase("合成数据，仅供演示", "Synthetic data, for demonstration only")
PROGRAMMES: tuple[tuple[Tier, str], ...] = (
    ("kindergarten", "rural"),
    ("kindergarten", "urban"),
    ("primary", "all"),
    ("junior", "all"),
)


def county(across: int = 4, cells: int = 9, street_nodes: int = 4, name: str = "") -> StudyArea:
    """A square county of across x across villages; the first village may bear a name of one's own."""
    random = np.random.default_rng(7)
    x, y = _seats(across, random)
    residents = np.round(np.exp(random.normal(7.4, 0.5, len(x))))
    units = _units(x, y, residents, across, name)
    return StudyArea(
        name="示例县",
        crs=CRS,
        units=units,
        points=_points(units, cells, random),
        schools=_schools(units),
        candidates=Candidates((), (), (), np.array([], dtype=int), *[np.array([])] * 3),
        roads=_roads(units, across, street_nodes),
        boundary=box(X0 - 1200, Y0 - 1200, x.max() + 1200, y.max() + 1200).buffer(600),
        urban_area=Point(x.mean(), y.mean()).buffer(across * 140),
        estates=_layer(["新苑小区"], [Point(x.mean() + 900, y.mean())]),
        barriers=_layer(["京广铁路"], [LineString([(x.mean() - 800, Y0 - 900), (x.mean() + 1500, y.max() + 900)])]),
        protected=_layer(["永久基本农田"], [box(X0 + 900, Y0 + 900, X0 + 2400, Y0 + 2000)]),
        notice=NOTICE,
    )


def _layer(names: list[str], places: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": names}, geometry=places, crs=CRS)


def _seats(across: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.indices((across, across))
    shaken = random.uniform(-350, 350, (2, across * across))
    return X0 + SPACING * columns.ravel() + shaken[0], Y0 + SPACING * rows.ravel() + shaken[1]


def _units(x: np.ndarray, y: np.ndarray, residents: np.ndarray, across: int, name: str) -> Units:
    count = len(x)
    town = [(k // across // 5) * 5 + k % across // 5 for k in range(count)]
    is_city = np.hypot(x - x.mean(), y - y.mean()) < max(1300, across * 150)
    ids = tuple(f"U{k:03d}" for k in range(count))
    names = tuple(
        name if name and k == 0 else f"{'东西南北'[k % 4]}{'王李张刘陈杨赵'[k % 7]}庄村" for k in range(count)
    )
    return Units(
        id=ids,
        name=(name or names[0], *names[1:]),
        township_id=tuple(f"T{k}" for k in town),
        township=tuple(f"第{k}镇" for k in town),
        area=tuple("city" if city else "rural" for city in is_city),
        kind=("village",) * count,
        planning_unit=ids,
        part_of=ids,
        x=x,
        y=y,
        residents=residents,
        children={},
        polygon=(None,) * count,
    )


def _points(units: Units, cells: int, random: np.random.Generator) -> DemandPoints:
    unit = np.repeat(np.arange(len(units)), cells)
    x = units.x[unit] + random.normal(0, 320, len(unit))
    y = units.y[unit] + random.normal(0, 320, len(unit))
    x, y = np.round(x / 100) * 100, np.round(y / 100) * 100
    return DemandPoints(unit, x, y, units.residents[unit] / cells, 100.0)


def _schools(units: Units) -> Schools:
    place = np.tile(np.arange(0, len(units), 3), 3)
    tiers = np.repeat(["kindergarten", "primary", "junior"], len(place) // 3)
    count = len(place)
    operators = ("public", "inclusive", "private", "quasi_public")
    return Schools(
        id=tuple(f"S{k}" for k in range(count)),
        name=tuple(f"{units.name[k]}{TIER_NAMES[tier].zh}" for k, tier in zip(place, tiers.tolist(), strict=True)),
        tier=tuple(tiers.tolist()),
        operator=tuple(operators[k % 4] for k in range(count)),
        unit=place,
        x=units.x[place] + 150,
        y=units.y[place] + 90,
        classes=np.full(count, 6.0),
        seats=np.full(count, 180.0),
        enrolment=np.full(count, np.nan),
        max_classes=np.full(count, 9.0),
        opened_year=np.full(count, np.nan),
        migrants=np.full(count, np.nan),
        bought=np.full(count, np.nan),
    )


def _roads(units: Units, across: int, streets: int) -> Roads:
    """A street lattice in every village, and a through road along every row of villages."""
    rows, columns = np.indices((streets, streets))
    block = np.arange(streets * streets).reshape(streets, streets)
    x = (units.x[:, None] + 130.0 * (columns.ravel() - streets / 2)).ravel()
    y = (units.y[:, None] + 130.0 * (rows.ravel() - streets / 2)).ravel()
    within = np.vstack(
        [
            np.column_stack([block[:, :-1].ravel(), block[:, 1:].ravel()]),
            np.column_stack([block[:-1].ravel(), block[1:].ravel()]),
        ]
    )
    starts = np.arange(len(units)) * streets * streets
    local = (starts[:, None, None] + within).reshape(-1, 2)
    row_ends = np.arange(len(units)) % across == across - 1
    through = np.column_stack([starts[:-1], starts[1:]])[~row_ends[:-1]]
    up = np.column_stack([starts[:-across], starts[across:]])
    edges = np.vstack([local, through, up])
    road_class = np.concatenate(
        [np.full(len(local), 4), np.full(len(through), 3), np.arange(len(up)) % across % 5 == 0]
    ).astype(np.int8)
    length = np.hypot(x[edges[:, 0]] - x[edges[:, 1]], y[edges[:, 0]] - y[edges[:, 1]])
    return Roads(x, y, edges[:, 0], edges[:, 1], length, road_class)


def plan_for(area: StudyArea) -> Plan:
    """Schools that exist kept, every third extended, and new ones between; every unit goes to the nearest."""
    parts = tuple(_part(area, tier, where) for tier, where in PROGRAMMES)
    return Plan(area.name, "dingzhou-2021", area.crs, area.notice, parts)


def _part(area: StudyArea, tier: Tier, where: str) -> TierPlan:
    wanted = {"rural": {"rural"}, "urban": {"city"}, "all": {"city", "rural"}}[where]
    members = [k for k, kind in enumerate(area.units.area) if kind in wanted]
    places = members[:: 3 if tier == "kindergarten" else 7]
    metres = np.hypot(*[np.subtract.outer(v[members], v[places]) for v in (area.units.x, area.units.y)])
    nearest = metres.argmin(axis=1)
    served = [[members[i] for i in np.flatnonzero(nearest == j)] for j in range(len(places))]
    sites = tuple(_site(area, tier, places[j], served[j]) for j in range(len(places)))
    return TierPlan(
        programme=f"{tier}-{where}",
        tier=tier,
        area=where,
        radius_m=1500.0,
        stages=(Stage("uncovered", Phrase("人", "residents"), 1200.0, 1200.0, 0.0, "optimal", 0.2),),
        sites=sites,
        assignments=tuple(
            _assignment(area, members[i], sites[nearest[i]], float(metres[i].min())) for i in range(len(members))
        ),
        shortfalls=(),
    )


def _site(area: StudyArea, tier: Tier, place: int, served: list[int]) -> Site:
    units = area.units
    action: Action = ("keep", "new", "extend", "keep")[place % 4]
    name = f"{units.name[place]}{TIER_NAMES[tier].zh}"
    return Site(
        id=f"{tier}-{place}",
        name=name,
        action=action,
        operator="public",
        x=units.x[place],
        y=units.y[place],
        unit_id=units.id[place],
        township=units.township[place],
        classes_before=0.0 if action == "new" else 6.0,
        classes=9.0,
        seats=270.0,
        service_population=float(units.residents[served].sum()),
        pupils=round(0.021 * float(units.residents[served].sum())),
        mean_m=800.0,
        farthest_m=1480.0,
        units=tuple(units.id[k] for k in served),
        clause="KG-R-REACH",
        reason=Phrase("1.5 公里内没有其他公办园。", "No other public school within 1.5 km."),
    )


def _assignment(area: StudyArea, unit: int, site: Site, metres: float) -> Assignment:
    residents = float(area.units.residents[unit])
    return Assignment(area.units.id[unit], site.id, metres, residents if metres <= 1500 else 0.0)


def with_forecast(area: StudyArea) -> StudyArea:
    """The place with kindergarten children of three years: twice as many, as many, half as many as it has."""
    children = np.outer(area.units.children["kindergarten"], [2.0, 1.0, 0.5])
    residents = np.repeat(area.units.residents[:, None], 3, axis=1)
    ahead = Forecast(
        area.units.id, np.array([2028, 2029, 2030]), 2029, residents, {"kindergarten": children},
        {"kindergarten": 1.0}, {}, Phrase("推算", "projected"),
    )  # fmt: skip
    return replace(area, forecast=ahead)

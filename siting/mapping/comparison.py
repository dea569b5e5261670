"""Two plans on one page: the base left of a bar, the other right of it, and what changes over both."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from siting.comparison.records import CHANGE_NAMES, Comparison, Pair, ProgrammeComparison, UnitChange
from siting.finished import Finished
from siting.frames import SOMEBODY
from siting.mapping import looks
from siting.mapping.degrees import coded, in_degrees, points_in_degrees
from siting.mapping.ground import ground_layers
from siting.mapping.page import PROGRAMME, page_of, scene_of
from siting.mapping.programmes import links_layers, part_shapes, programme_layers
from siting.mapping.scene import Feature, MapLayer, Theme
from siting.mapping.service import assigned
from siting.mapping.tables import UnitTable, land_of, thinned, unit_table
from siting.mapping.villages import townships, units_layer
from siting.mapping.wording import metres, number, people
from siting.network.ground import Ground, ground_of
from siting.plan import TierPlan
from siting.project import programme_name
from siting.shapes import unit_shapes
from siting.study import StudyArea
from siting.words import Language, Phrase, both, name_some

TOLERANCE_M = 90.0
"""Land of two plans is drawn coarser than that of one: a page holds both."""


def draw_comparison(comparison: Comparison, base: Finished, other: Finished, language: Language = "zh") -> str:
    """Both plans as one HTML page that needs no network: a theme per programme, a swipe between the plans.

    Left of the bar lies the base, right of it the other plan; what changes is drawn on both sides. The ground is
    that of the other plan, whose roads and estates may be new.
    """
    units = _shapes(base.area, other.area)
    grounds = _grounds(base.area, other.area)
    themes = tuple(_theme(comparison, one, (base, other), units, grounds) for one in comparison.programmes)
    area = other.area
    title = Phrase(f"{area.name}学校布局方案对比图", f"{area.name}: two school siting plans")
    shared = tuple(_under(layer) for layer in (*ground_layers(area, has_pictures=False), townships(area)))
    scene = scene_of(area, title, PROGRAMME, themes, shared, _tables((base.area, other.area), units))
    names = comparison.base_name, comparison.other_name
    return page_of(replace(scene, swipe=names), language, {"unmet": _CHANGES})


_CHANGES = Phrase("变化明细", "What changes:")

Side = Literal["left", "right", "both"]
_SIDES: tuple[Side, Side] = ("left", "right")

Both = tuple[Finished, Finished]
Shapes = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


def _under(layer: MapLayer) -> MapLayer:
    """A common layer as it lies under two plans: what answers the mouse is on both sides."""
    return replace(layer, side="both") if layer.pane == "live" else layer


def _shapes(base: StudyArea, other: StudyArea) -> Shapes:
    """Shapes of the units of both plans as they are drawn, made once where people live in the same places."""
    drawn = thinned(unit_shapes(other), TOLERANCE_M)
    places = [(area.points.unit, area.points.x, area.points.y) for area in (base, other)]
    is_same = base.units.id == other.units.id and all(map(np.array_equal, *places))
    return (drawn if is_same and base.boundary == other.boundary else thinned(unit_shapes(base), TOLERANCE_M)), drawn


def _grounds(base: StudyArea, other: StudyArea) -> tuple[Ground, Ground]:
    return ground_of(base), ground_of(other)


def _tables(areas: tuple[StudyArea, StudyArea], units: Shapes) -> tuple[UnitTable, UnitTable]:
    """Units of the left and of the right plan, with those that only one of them has."""
    here, there = (set(area.units.id) for area in areas)
    return unit_table(areas[0], units[0], here - there), unit_table(areas[1], units[1], there - here)


def _theme(
    comparison: Comparison, one: ProgrammeComparison, plans: Both, units: Shapes, grounds: tuple[Ground, Ground]
) -> Theme:
    parts = tuple(_part(plan, one.programme) for plan in plans)
    shapes = tuple(part_shapes(part, of) for part, of in zip(parts, units, strict=True))
    colours = _colours(one, shapes)
    drawn = [
        programme_layers(part, plan.area, shape, colour, ())
        for part, plan, shape, colour in zip(parts, plans, shapes, colours, strict=True)
    ]
    sided = (layer for pair in zip(*drawn, strict=True) for layer in _sided(*map(_without_proof, pair)))
    made = (layer for side in _SIDES for layer in (units_layer(side), *links_layers(side)))
    layers = (*sided, *made, *_differences(one, parts, plans, units))
    services = tuple(assigned(part, ground) for part, ground in zip(parts, grounds, strict=True))
    facts, sentences = tuple(_facts(comparison, one)), tuple(_sentences(one))
    return Theme(programme_name(one), layers, facts, sentences, services)


def _part(plan: Finished, programme: str) -> TierPlan:
    return next(part for part in plan.plan.parts if part.programme == programme)


def _without_proof(layer: MapLayer) -> MapLayer:
    """Proposed schools without how good their plan is provably: the two plans differ in that, not the schools."""
    if layer.key != "proposed":
        return layer
    features = tuple(replace(feature, values=feature.values[:-1]) for feature in layer.features)
    return replace(layer, features=features, columns=layer.columns[:-1])


def _sided(left: MapLayer, right: MapLayer) -> Iterator[MapLayer]:
    """A layer of both plans: what is the same in both once, then what only one has, each on its side."""
    same, features = _same(left.features, right.features)
    for side, theirs in zip(("both", *_SIDES), (same, *features), strict=True):
        yield replace(left, features=theirs, side=side)


Features = tuple[Feature, ...]


def _same(left: Features, right: Features) -> tuple[Features, tuple[Features, Features]]:
    """Features of both, and those that only one has."""
    said = [{json.dumps(asdict(feature), ensure_ascii=False): feature for feature in some} for some in (left, right)]
    both = tuple(feature for key, feature in said[0].items() if key in said[1])
    only = [tuple(one for key, one in said[k].items() if key not in said[1 - k]) for k in (0, 1)]
    return both, (only[0], only[1])


def _colours(one: ProgrammeComparison, shapes: Sequence[gpd.GeoSeries]) -> tuple[list[int], list[int]]:
    """A colour for each catchment of both plans: a site of both has the same in both, neighbours differ."""
    renamed = {site.other_id: site.base_id for site in one.sites if site.base_id and site.other_id}
    names = [str(site) for site in shapes[0].index], [renamed.get(str(site), f"+{site}") for site in shapes[1].index]
    beside: dict[str, set[str]] = {name: set() for name in (*names[0], *names[1])}
    for series, called in zip(shapes, names, strict=True):
        here, there = shapely.STRtree(series.to_numpy()).query(series.to_numpy(), predicate="intersects")
        for k, other in zip(here.tolist(), there.tolist(), strict=True):
            beside[called[k]].add(called[other])
    colour: dict[str, int] = {}
    for place, name in enumerate(beside):
        used = Counter(colour[near] for near in beside[name] if near in colour)
        colour[name] = min(range(len(looks.CATCHMENTS)), key=lambda k: (used[k], (k - place) % len(looks.CATCHMENTS)))
    return [colour[name] for name in names[0]], [colour[name] for name in names[1]]


# --- what changes -----------------------------------------------------------------------------------------------


def _differences(
    one: ProgrammeComparison, parts: Sequence[TierPlan], plans: Both, units: Shapes
) -> tuple[MapLayer, ...]:
    layers = (
        _moved(one, units[1]),
        _reach(one, plans[1].area, units[1]),
        _sites(one, parts, plans),
    )
    return tuple(layer for layer in layers if layer.features)


def _moved(one: ProgrammeComparison, units: gpd.GeoDataFrame) -> MapLayer:
    """Land of units that go to another school, by whether they walk less or more."""
    row = {unit: k for k, unit in enumerate(units["unit_id"])}
    features = tuple(
        Feature(land_of(1, row[unit.unit_id]), _walk_look(unit), unit.name, _moved_values(unit)) for unit in one.units
    )
    columns = (
        Phrase("所属乡镇", "Township"), Phrase("常住人口", "Residents"), Phrase("原分配学校", "School before"),
        Phrase("现分配学校", "School after"), Phrase("路程变化", "Distance"),
    )  # fmt: skip
    return MapLayer(
        "moved",
        Phrase("换校的村（社区）", "Change of school"),
        looks.MOVED,
        features,
        columns=columns,
        level=1,
        side="both",
    )


def _walk_look(unit: UnitChange) -> int:
    return int(not unit.other_m <= unit.base_m)


def _moved_values(unit: UnitChange) -> tuple[Phrase | str | None, ...]:
    none = Phrase("没有学校", "none")
    before, after = metres(unit.base_m) or both("—"), metres(unit.other_m) or both("—")
    return (
        unit.township, people(unit.residents), unit.base_school or none, unit.other_school or none,
        Phrase(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}"),
    )  # fmt: skip


def _reach(one: ProgrammeComparison, area: StudyArea, units: gpd.GeoDataFrame) -> MapLayer:
    """Land of villages with people who come within the radius or fall out of it, by which are more."""
    village = dict(zip(area.units.id, area.units.part_of, strict=True))
    wanted = {told.village_id for told in one.reach}
    theirs = units[units["unit_id"].map(village).isin(wanted)]
    whole = theirs.dissolve(by=theirs["unit_id"].map(village))
    shapes = dict(zip(whole.index, in_degrees(whole.geometry, str(units.crs)), strict=True))
    features = tuple(
        Feature(
            coded(shapes[told.village_id]),
            int(told.lost > told.gained),
            told.name,
            (told.township, people(told.residents), people(told.gained), people(told.lost)),
        )
        for told in one.reach
    )
    columns = (
        Phrase("所属乡镇", "Township"), Phrase("常住人口", "Residents"), Phrase("新进入服务半径", "Gain reach"),
        Phrase("离开服务半径", "Lose reach"),
    )  # fmt: skip
    return MapLayer(
        "reach", Phrase("可达变化的村（社区）", "Reach"), looks.REACH, features, columns=columns, level=1, side="both"
    )


def _sites(one: ProgrammeComparison, parts: Sequence[TierPlan], plans: Both) -> MapLayer:
    """A ring around every site that is gained, lost or changed."""
    told = [site for site in one.sites if site.change != "kept"]
    seat = [{site.id: (site.x, site.y) for site in part.sites} for part in parts]
    at = [seat[1][site.other_id] if site.other_id else seat[0][site.base_id] for site in told]
    places = points_in_degrees([x for x, _ in at], [y for _, y in at], plans[1].area.crs)
    features = tuple(
        Feature(
            place,
            ("gained", "lost", "changed").index(site.change),
            site.name,
            (
                CHANGE_NAMES[site.change],
                site.township,
                _step(site.base_classes, site.other_classes),
                _step(site.base_seats, site.other_seats),
                _step(site.base_residents, site.other_residents),
            ),
            site=site.other_id or site.base_id,
        )
        for place, site in zip(places, told, strict=True)
    )
    columns = (
        Phrase("变化", "Change"), Phrase("所在乡镇", "Township"), Phrase("班数", "Classes"), Phrase("学位", "Seats"),
        Phrase("服务人口", "Residents"),
    )  # fmt: skip
    title = Phrase("学校变化", "Changes of sites")
    return MapLayer("changes", title, looks.SITE_CHANGES, features, columns=columns, level=3, side="both")


def _step(before: float, after: float) -> str:
    return f"{number(before) or '—'} → {number(after) or '—'}"


# --- what the panel says ----------------------------------------------------------------------------------------

_SHARE, _WHOLE, _GINI = "share", "whole", "gini"
_FACTS: Mapping[str, tuple[Phrase, str]] = {
    "covered_share": (Phrase("半径内人口", "Within radius"), _SHARE),
    "uncovered": (Phrase("未覆盖（人）", "Not covered"), _WHOLE),
    "over": (Phrase("超出规模、学位（人）", "Over size or seats"), _WHOLE),
    "under": (Phrase("不足规模（人）", "Under size"), _WHOLE),
    "new": (Phrase("新建（所）", "New builds"), _WHOLE),
    "extend": (Phrase("扩建（所）", "Extensions"), _WHOLE),
    "money_wan_yuan": (Phrase("投资估算（万元）", "Money, 10k yuan"), _WHOLE),
    "mean_m": (Phrase("平均路程（米）", "Mean distance, m"), _WHOLE),
    "p90_m": (Phrase("九成以内（米）", "90 % within, m"), _WHOLE),
    "worst_m": (Phrase("最远居民（米）", "Farthest, m"), _WHOLE),
    "gini": (Phrase("路程基尼系数", "Gini of distance"), _GINI),
}


def _facts(comparison: Comparison, one: ProgrammeComparison) -> Iterator[tuple[Phrase, ...]]:
    yield both(""), both(comparison.base_name), both(comparison.other_name), Phrase("差值", "Difference")
    pairs = {pair.key: pair for pair in (*one.figures, *one.equity)}
    for key, (name, form) in _FACTS.items():
        pair = pairs.get(key)
        if pair is not None and not _is_idle(pair):
            yield name, *_three(pair, form)


def _is_idle(pair: Pair) -> bool:
    """Whether a measure has nothing to say: known of neither plan, or too many and too few people who are none."""
    if math.isnan(pair.base) and math.isnan(pair.other):
        return True
    return pair.key in ("over", "under") and max(pair.base, pair.other) < 0.5


def _three(pair: Pair, form: str) -> tuple[Phrase, Phrase, Phrase]:
    return _figure(pair.base, form), _figure(pair.other, form), _signed(pair.difference, form)


def _figure(value: float, form: str, sign: str = "") -> Phrase:
    if math.isnan(value):
        return both("—")
    if math.isinf(value):
        return Phrase("无路可达", "no road")
    shown = {_SHARE: f"{value:{sign}.2%}", _WHOLE: f"{value:{sign},.0f}", _GINI: f"{value:{sign}.3f}"}[form]
    return both(shown)


def _signed(value: float, form: str) -> Phrase:
    """A difference with its sign; a dash where nothing differs that would be shown."""
    shown = _figure(value, form, "+")
    return both("0") if not any(digit in "123456789" for digit in shown.zh) and math.isfinite(value) else shown


LISTED = 12


def _sentences(one: ProgrammeComparison) -> Iterator[Phrase]:
    """What changes by name: sites, villages and their people, units of one plan only."""
    for change, name in CHANGE_NAMES.items():
        if change != "kept":
            names = [site.name for site in one.sites if site.change == change]
            yield from _named(Phrase(f"{name.zh}的学校", f"sites {name.en}"), names)
    yield from _named(Phrase("换校的单元", "units that change school"), [unit.name for unit in one.units])
    gains = [(told.gained, told.name) for told in one.reach if told.gained > SOMEBODY]
    yield from _named(Phrase("有人进入服务半径的村（人数）", "villages with people gaining reach"), _by_people(gains))
    loses = [(told.lost, told.name) for told in one.reach if told.lost > SOMEBODY]
    yield from _named(Phrase("有人离开服务半径的村（人数）", "villages with people losing reach"), _by_people(loses))
    apart = [unit.name for unit in one.apart]
    yield from _named(Phrase("只在一个方案中、不计入变化的单元", "units of one plan only, no change"), apart)


def _by_people(told: list[tuple[float, str]]) -> list[str]:
    return [f"{name} {people:,.0f}" for people, name in sorted(told, key=lambda one: -one[0])]


def _named(what: Phrase, names: Sequence[str]) -> Iterator[Phrase]:
    if names:
        said = name_some(list(names), most=LISTED)
        yield Phrase(f"{what.zh}（{len(names)}）：{said.zh}", f"{what.en} ({len(names)}): {said.en}")

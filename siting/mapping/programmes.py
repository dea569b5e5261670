"""Themes: what one programme of a plan proposes, and what exists of one tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from siting.audit import Audit
from siting.frames import uncovered_frame
from siting.indicators import covered_share
from siting.mapping import looks
from siting.mapping.degrees import coded, in_degrees, points_in_degrees
from siting.mapping.scene import Feature, MapLayer, NameTags, Side, Theme
from siting.mapping.service import assigned, nearest_by_road
from siting.mapping.wording import metres, number, people
from siting.network.ground import Ground
from siting.plan import ACTION_NAMES, Action, Site, TierPlan
from siting.project import Asked, Programme, areas_of, programme_name
from siting.rules.verdict import Check
from siting.shapes import catchment_shapes
from siting.study import OPERATOR_NAMES, TIER_NAMES, IntArray, StudyArea, Tier
from siting.words import Phrase, both, name_some

PROVED = 1e-6
"""Gap below which a stage counts as proved: the solver's own tolerance."""


def programme_theme(part: TierPlan, ground: Ground, units: gpd.GeoDataFrame, checks: Sequence[Check]) -> Theme:
    """A programme: proposed and existing schools, catchments, who is not covered, and the plan's main figures."""
    area, shapes = ground.area, part_shapes(part, units)
    layers = (*programme_layers(part, area, shapes, neighbour_colours(shapes), checks), *links_layers())
    services = (assigned(part, ground),)
    return Theme(programme_name(part), layers, _facts(part, area, checks), _unmet(part, checks), services)


def programme_layers(
    part: TierPlan, area: StudyArea, shapes: gpd.GeoSeries, colours: Sequence[int], checks: Sequence[Check]
) -> tuple[MapLayer, ...]:
    """Catchments in their colours, who is not covered, existing and proposed schools, from the bottom up."""
    return (
        _catchments(part, shapes, colours),
        _uncovered(part, area),
        _existing(_of_programme(part, area), area, {site.id: site for site in part.sites}),
        _proposed(part, area, {check.rule: check.source for check in checks}),
    )


def tier_theme(tier: Tier, area: StudyArea) -> Theme:
    """What exists of one tier."""
    chosen = np.flatnonzero(np.asarray(area.schools.tier) == tier)
    return Theme(TIER_NAMES[tier], (_existing(chosen, area, {}),), _owners(chosen, area))


def audited_theme(programme: Programme, audit: Audit, ground: Ground) -> Theme:
    """What exists of one programme, and whom an audit found beyond the radius of the nearest school."""
    area, chosen = ground.area, _of_programme(programme, ground.area)
    service = nearest_by_road(programme, programme.key, audit, ground)
    rows = audit.uncovered[audit.uncovered["programme"] == programme.key]
    beyond = () if rows.empty else (_not_covered(rows, Phrase("最近学校", "Nearest school"), area),)
    facts = (*_owners(chosen, area), *(() if rows.empty else (_beyond(rows),)))
    layers = (*beyond, _existing(chosen, area, {}), *links_layers())
    return Theme(programme_name(programme), layers, facts, services=(service,))


def _owners(chosen: IntArray, area: StudyArea) -> tuple[tuple[Phrase, Phrase], ...]:
    """Schools by who runs them."""
    owners = Counter(area.schools.operator[k] for k in chosen)
    return tuple((name, _schools(owners[operator])) for operator, name in OPERATOR_NAMES.items() if owners[operator])


def _beyond(rows: gpd.GeoDataFrame) -> tuple[Phrase, Phrase]:
    units, residents = len(rows), rows["uncovered_residents"].sum()
    return (
        Phrase("服务半径外", "Beyond the radius"),
        Phrase(f"{units} 村（社区）{residents:,.0f} 人", f"{residents:,.0f} residents of {units} units"),
    )


def _schools(count: int) -> Phrase:
    return Phrase(f"{count} 所", f"{count}")


def _of_programme(asked: Asked, area: StudyArea) -> IntArray:
    """Existing schools (positions) of a programme's tier that stand in its kind of area, or in no unit."""
    within, schools = areas_of(asked.area), area.schools
    return np.asarray(
        [
            k
            for k in range(len(schools))
            if schools.tier[k] == asked.tier and (schools.unit[k] < 0 or area.units.area[schools.unit[k]] in within)
        ],
        dtype=np.int64,
    )


def _existing(chosen: IntArray, area: StudyArea, planned: Mapping[str, Site]) -> MapLayer:
    schools = area.schools
    operators = list(OPERATOR_NAMES)
    places = points_in_degrees(schools.x[chosen], schools.y[chosen], area.crs)
    features = tuple(
        Feature(
            place,
            operators.index(schools.operator[k]),
            schools.name[k],
            _school_values(area, k, planned),
            site=schools.id[k],
        )
        for place, k in zip(places, chosen.tolist(), strict=True)
    )
    columns = (
        Phrase("办学性质", "Operator"),
        Phrase("现有班数", "Classes"),
        Phrase("现有学位", "Seats"),
        Phrase("在校（园）人数", "Enrolment"),
        Phrase("规划安排", "In the plan"),
        Phrase("服务人口", "Service population"),
    )
    title = Phrase("现状学校", "Existing schools")
    tags = NameTags(rank=3, from_zoom=14.5, style="village")
    return MapLayer("existing", title, looks.EXISTING, features, columns=columns, tags=tags, level=4)


def _school_values(area: StudyArea, k: int, planned: Mapping[str, Site]) -> tuple[Phrase | str | None, ...]:
    schools, site = area.schools, planned.get(area.schools.id[k])
    return (
        OPERATOR_NAMES[schools.operator[k]],
        number(schools.classes[k]),
        number(schools.seats[k]),
        people(schools.enrolment[k]),
        None if site is None else ACTION_NAMES[site.action],
        None if site is None else people(site.service_population),
    )


_SITE_COLUMNS = (
    Phrase("建设性质", "Action"),
    Phrase("所在乡镇", "Township"),
    Phrase("办学性质", "Operator"),
    Phrase("班数", "Classes"),
    Phrase("学位", "Seats"),
    Phrase("服务人口", "Service population"),
    Phrase("适龄儿童", "Pupils"),
    Phrase("最远路程", "Farthest"),
    Phrase("服务村（社区）", "Serves"),
    Phrase("依据条款", "Clause"),
    Phrase("理由", "Reason"),
    Phrase("方案证明", "Proof"),
)

_SIGNS: tuple[Action, ...] = ("new", "extend")


def _proposed(part: TierPlan, area: StudyArea, sources: Mapping[str, str]) -> MapLayer:
    names = dict(zip(area.units.id, area.units.name, strict=True))
    sites = [site for site in part.sites if site.action in _SIGNS]
    places = points_in_degrees([site.x for site in sites], [site.y for site in sites], area.crs)
    features = tuple(
        Feature(
            place,
            _SIGNS.index(site.action),
            site.name,
            (*_site_values(site, names, sources), _proof(part)),
            site=site.id,
        )
        for place, site in zip(places, sites, strict=True)
    )
    title = Phrase("规划新建、扩建", "Proposed schools")
    tags = NameTags(rank=0, from_zoom=11.75, style="site")
    return MapLayer("proposed", title, looks.PROPOSED, features, columns=_SITE_COLUMNS, tags=tags, level=5)


def _site_values(site: Site, names: Mapping[str, str], sources: Mapping[str, str]) -> tuple[Phrase | str | None, ...]:
    return (
        ACTION_NAMES[site.action],
        site.township,
        OPERATOR_NAMES[site.operator],
        _classes(site),
        number(site.seats),
        people(site.service_population),
        people(site.pupils),
        metres(site.farthest_m),
        name_some([names[unit] for unit in site.units], most=len(site.units)),
        " ".join([sources.get(site.clause, ""), site.clause]).strip() or None,
        site.reason,
    )


def _classes(site: Site) -> Phrase | str | None:
    now, before = number(site.classes), number(site.classes_before)
    return f"{before} → {now}" if site.action == "extend" and before is not None else now


def _proof(part: TierPlan) -> Phrase:
    """How far the plan may lie from the best one, in one line."""
    if not part.stages:
        return Phrase("无", "none")
    worst = float(np.max([stage.gap for stage in part.stages]))
    if np.isnan(worst):
        return Phrase("有目标未得到下界", "some goal has no bound")
    if worst <= PROVED:
        return Phrase("各目标均已证明最优", "every goal proved optimal")
    return Phrase(f"最大差距 {worst:.2%}", f"largest gap {worst:.2%}")


def part_shapes(part: TierPlan, units: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Catchments by site id, of units as they are drawn."""
    return gpd.GeoSeries(catchment_shapes(part, units), crs=units.crs)


def _catchments(part: TierPlan, shapes: gpd.GeoSeries, colours: Sequence[int]) -> MapLayer:
    names = {site.id: site.name for site in part.sites}
    features = tuple(
        Feature(coded(shape), colour, names[site_id], site=site_id)
        for site_id, shape, colour in zip(shapes.index, in_degrees(shapes, str(shapes.crs)), colours, strict=True)
    )
    return MapLayer("catchments", Phrase("服务范围", "Catchments"), looks.CATCHMENTS, features)


def neighbour_colours(shapes: gpd.GeoSeries) -> list[int]:
    """A colour for each shape, different from those of its neighbours as far as there are colours."""
    here, there = shapely.STRtree(shapes.to_numpy()).query(shapes.to_numpy(), predicate="intersects")
    colours = np.full(len(shapes), -1)
    for k in range(len(shapes)):
        used = Counter(colours[there[here == k]].tolist())
        colours[k] = min(range(len(looks.CATCHMENTS)), key=lambda colour: (used[colour], (colour - k) % 8))
    return [int(colour) for colour in colours]


def _uncovered(part: TierPlan, area: StudyArea) -> MapLayer:
    rows = uncovered_frame(part, area).rename(columns={"site_name": "school", "distance_m": "mean_m"})
    return _not_covered(rows, Phrase("分配学校", "School"), area)


def _not_covered(rows: gpd.GeoDataFrame, school: Phrase, area: StudyArea) -> MapLayer:
    """Units where somebody lives beyond the radius, with the school the rows name, "" for none."""
    seat = {unit: k for k, unit in enumerate(area.units.id)}
    at = [seat[unit] for unit in rows["unit_id"]]
    places = points_in_degrees(area.units.x[at], area.units.y[at], area.crs)
    features = tuple(
        Feature(
            place,
            int(row.school == ""),
            row.name,
            (
                row.township,
                people(row.residents),
                people(row.uncovered_residents),
                row.school or None,
                metres(row.mean_m),
            ),
        )
        for place, row in zip(places, rows.drop(columns="geometry").itertuples(index=False), strict=True)
    )
    columns = (
        Phrase("所属乡镇", "Township"),
        Phrase("常住人口", "Residents"),
        Phrase("半径外人口", "Beyond the radius"),
        school,
        Phrase("平均路程", "Mean distance"),
    )
    title = Phrase("未覆盖村庄", "Not covered")
    return MapLayer("uncovered", title, looks.UNCOVERED, features, columns=columns, level=3)


def links_layers(side: Side = "") -> tuple[MapLayer, MapLayer]:
    """Lines from every unit to its school, and rings around schools by how full they are; off at the start."""
    lines, rings = Phrase("村校归属连线", "Who goes where"), Phrase("学位利用率", "How full schools are")
    return (
        MapLayer("spider", lines, looks.SPIDER, level=1, is_on=False, side=side, made="links"),
        MapLayer("fill", rings, looks.FILL, level=4, is_on=False, side=side, made="fill"),
    )


def _facts(part: TierPlan, area: StudyArea, checks: Sequence[Check]) -> tuple[tuple[Phrase, Phrase], ...]:
    counts = tuple((ACTION_NAMES[action], _schools(part.count(action))) for action in ("new", "extend", "keep"))
    covered = covered_share(part, area)
    share = () if np.isnan(covered) else ((Phrase("半径内人口", "Within the radius"), both(f"{covered:.1%}")),)
    return (*counts, *share, (Phrase("方案证明", "Proof"), _proof(part)), *_verdict(part, checks))


def _unmet(part: TierPlan, checks: Sequence[Check]) -> tuple[Phrase, ...]:
    """What the plan could not do, and the rules it breaks with the evidence."""
    broken = [check for check in checks if check.programme == part.programme and check.kept is False]
    return (
        *part.shortfalls,
        *(Phrase(f"{check.source}：{check.evidence.zh}", f"{check.source}: {check.evidence.en}") for check in broken),
    )


def _verdict(part: TierPlan, checks: Sequence[Check]) -> tuple[tuple[Phrase, Phrase], ...]:
    """Rules kept and broken; nothing without checks."""
    said = Counter(check.kept for check in checks if check.programme == part.programme)
    if not said:
        return ()
    kept, broken = said[True], said[False]
    return ((Phrase("条款核查", "Rules"), Phrase(f"{kept} 条符合，{broken} 条不符", f"{kept} kept, {broken} broken")),)

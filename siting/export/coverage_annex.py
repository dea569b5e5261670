"""附表6: every village and community, the nearest school, whom it is assigned to, and who lives beyond the radius."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from siting.export.fields import (
    NO_UNIT,
    THE_PLAN,
    VILLAGES_TABLE,
    WORKED_OUT,
    Annex,
    Field,
    joined,
    metres,
    people,
    programme_of,
)
from siting.export.result import Result
from siting.export.tables import Table
from siting.frames import SOMEBODY
from siting.plan import Assignment, Site, TierPlan
from siting.study import StudyArea
from siting.words import Phrase, both


@dataclass(frozen=True, slots=True)
class Nearest:
    """The school nearest to most of a unit's people; the mean metres of all of them to the one nearest to each."""

    name: str
    road_m: float
    straight_m: float


NearestTo = Mapping[tuple[str, str], Nearest]
"""By programme and unit."""

_UNKNOWN = Nearest("", math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Covered:
    """One unit of a programme: its position, its assignment, its school (None for none), the nearest one, and the
    barriers between the two places (None where the study has no layer of them)."""

    part: TierPlan
    area: StudyArea
    unit: int
    given: Assignment
    site: Site | None
    nearest: Nearest
    barriers: tuple[str, ...] | None

    @property
    def residents(self) -> float:
        """Residents of the unit."""
        return float(self.area.units.residents[self.unit])

    @property
    def children(self) -> float:
        """Children of the tier's ages, nan where nobody counted."""
        counted = self.area.units.children.get(self.part.tier)
        return math.nan if counted is None else float(counted[self.unit])

    @property
    def straight_m(self) -> float:
        """Straight metres from the unit's seat to its school."""
        if self.site is None:
            return math.nan
        return math.hypot(self.area.units.x[self.unit] - self.site.x, self.area.units.y[self.unit] - self.site.y)


def covered(result: Result, nearest: NearestTo) -> Iterator[Covered]:
    """Every unit of every programme, in the plan's order."""
    position = {unit_id: unit for unit, unit_id in enumerate(result.area.units.id)}
    for part in result.plan.parts:
        site = {site.id: site for site in part.sites}
        crossed = _crossed(part, result.area, position)
        for given, barriers in zip(part.assignments, crossed, strict=True):
            near = nearest.get((part.programme, given.unit_id), _UNKNOWN)
            unit = position[given.unit_id]
            yield Covered(part, result.area, unit, given, site.get(given.site_id), near, barriers)


def _crossed(part: TierPlan, area: StudyArea, position: Mapping[str, int]) -> list[tuple[str, ...] | None]:
    """Names of the barriers that the straight line from each unit's seat to its school meets."""
    if area.barriers.empty:
        return [() if "barriers" in area.sources else None for _ in part.assignments]
    lines = _lines(part, area, position)
    names = [str(name) for name in area.barriers["name"]]
    found: list[dict[str, None]] = [{} for _ in lines]
    for line, barrier in np.transpose(shapely.STRtree(area.barriers.geometry.to_numpy()).query(lines, "intersects")):
        found[line][names[barrier]] = None
    return [tuple(met) for met in found]


def _lines(part: TierPlan, area: StudyArea, position: Mapping[str, int]) -> np.ndarray:
    """A line for each assignment, empty where there is no school."""
    site, units = {site.id: site for site in part.sites}, area.units
    ends = [(position[given.unit_id], site.get(given.site_id)) for given in part.assignments]
    lines = [
        shapely.LineString(() if to is None else [(units.x[unit], units.y[unit]), (to.x, to.y)]) for unit, to in ends
    ]
    return np.array([*lines, None], dtype=object)[:-1]


def _covered_word(one: Covered) -> Phrase:
    if one.residents - one.given.covered <= SOMEBODY:
        return Phrase("是", "yes")
    return Phrase("部分", "partly") if one.given.covered > SOMEBODY else Phrase("否", "no")


def _barriers(one: Covered) -> Phrase:
    if one.barriers is None or one.site is None:
        return NO_UNIT
    if not one.barriers:
        return Phrase("无", "none")
    unnamed = "" in one.barriers
    named = joined(name for name in one.barriers if name)
    return Phrase(named.zh or "有（未命名）", named.en or "yes, unnamed") if unnamed and not named.zh else named


def _school(one: Covered) -> Phrase:
    return both(one.site.name) if one.site else Phrase("未分配", "none")


_UNIT: tuple[Field[Covered], ...] = (
    Field(
        Phrase("行政村（社区）", "village"),
        18,
        lambda one: one.area.units.name[one.unit],
        Phrase("分配单元：行政村、社区、社区分块或新建小区", "village, community, block of one, or estate"),
        VILLAGES_TABLE,
    ),
    Field(
        Phrase("乡镇", "township"),
        14,
        lambda one: one.area.units.township[one.unit],
        Phrase("所属乡镇（街道）", "its township"),
        VILLAGES_TABLE,
    ),
    people(
        Phrase("常住人口", "residents"),
        11,
        lambda one: one.residents,
        Phrase("规划年常住人口", "residents in the year planned for"),
        VILLAGES_TABLE,
    ),
    people(
        Phrase("适龄儿童", "children"),
        10,
        lambda one: one.children,
        Phrase(
            "该学段适龄儿童（预测年份为要求入学的人数）", "children of the tier's ages; of a forecast those who enrol"
        ),
        VILLAGES_TABLE,
    ),
)
_NEAREST: tuple[Field[Covered], ...] = (
    Field(
        Phrase("最近学校", "nearest school"),
        24,
        lambda one: one.nearest.name,
        Phrase(
            "方案建成后同类学校中，该村多数居民沿路网最近的一所", "the plan's school nearest by road to most residents"
        ),
        WORKED_OUT,
    ),
    metres(
        Phrase("路网距离", "by road"),
        10,
        lambda one: one.nearest.road_m,
        Phrase("居民到各自最近学校路网距离的平均", "mean way of the residents to the school nearest to each"),
        WORKED_OUT,
    ),
    metres(
        Phrase("直线距离", "straight"),
        10,
        lambda one: one.nearest.straight_m,
        Phrase("居民到各自沿路最近学校直线距离的平均", "mean straight line to the same schools"),
        WORKED_OUT,
    ),
)
_ASSIGNED: tuple[Field[Covered], ...] = (
    Field(
        Phrase("是否覆盖", "covered"),
        9,
        _covered_word,
        Phrase(
            "居民到分配学校的路网距离是否都不超过服务半径", "whether all live within the radius of the school assigned"
        ),
        THE_PLAN,
    ),
    Field(
        Phrase("分配学校", "assigned school"),
        26,
        _school,
        Phrase("方案分配的学校", "the school the plan assigns"),
        THE_PLAN,
    ),
    Field(
        Phrase("障碍穿越", "barriers crossed"),
        18,
        _barriers,
        Phrase(
            "村驻地与分配学校连线相交的障碍（铁路、高速、河流等）；没有障碍图层的留空",
            "barriers the straight line meets",
        ),
        WORKED_OUT,
    ),
    Field(Phrase("项目类别", "programme"), 14, programme_of, Phrase("项目类别", "programme"), THE_PLAN),
    metres(
        Phrase("至分配学校路程", "to the assigned school"),
        11,
        lambda one: one.given.metres,
        Phrase("居民到分配学校路网距离的平均", "mean way by road to the school assigned"),
        THE_PLAN,
    ),
    metres(
        Phrase("至分配学校直线", "straight to it"),
        11,
        lambda one: one.straight_m,
        Phrase("村驻地到分配学校的直线距离", "from the unit's seat to the school assigned"),
        WORKED_OUT,
    ),
    people(
        Phrase("覆盖人口", "residents covered"),
        11,
        lambda one: one.given.covered,
        Phrase("在分配学校服务半径内的常住人口", "residents within the radius of the school assigned"),
        THE_PLAN,
    ),
    people(
        Phrase("未覆盖人口", "not covered"),
        11,
        lambda one: one.residents - one.given.covered,
        Phrase("常住人口 − 覆盖人口", "residents less those covered"),
        WORKED_OUT,
    ),
)

_TAB = Phrase("附表6 服务覆盖评价", "6 Coverage")
_TITLE = Phrase("附表6　服务覆盖评价表", "Table 6. Coverage")
COVERAGE: Annex[Covered] = Annex(_TAB, _TITLE, (*_UNIT, *_NEAREST, *_ASSIGNED), is_numbered=False, is_wide=True)
"""附表6."""
_SHORT = Annex(_TAB, _TITLE, (*_UNIT, *_ASSIGNED), is_numbered=False)


def coverage(result: Result) -> Table:
    """附表6 without the nearest schools: nobody looks at roads."""
    return _SHORT.table(covered(result, {}), "zh", programme_of)

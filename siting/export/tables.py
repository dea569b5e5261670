"""The tables a bureau files, as rows: columns, units and names as its own annexes (附表) call them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from siting.export.proof import STATUS_NAMES, prove
from siting.export.result import Result
from siting.frames import SOMEBODY
from siting.plan import ACTION_NAMES, Assignment, Site, TierPlan
from siting.project import goal_name, programme_name
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import OPERATOR_NAMES, TIER_NAMES, StudyArea

Cell = str | float | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its width in characters, its number format ("" for text), summed at the foot or not."""

    header: str
    width: float
    number: str = ""
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: tab name, title, columns and rows."""

    tab: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


WHOLE, SHARE, TENTH = "#,##0", "0.0%", "#,##0.0"

NUMBER = Column("序号", 6, "0")
TIER = Column("学段", 10)
PROGRAMME = Column("项目类别", 14)
TOWNSHIP = Column("所在乡镇（街道）", 14)
SCHOOL = Column("学校名称", 26)


def tables(result: Result) -> tuple[Table, ...]:
    """Every table of the workbook, in the order of its tabs."""
    return (
        existing_schools(result.area),
        planned_schools(result),
        coverage(result),
        catchments(result),
        stages(result),
        checks(result),
        shortfalls(result),
    )


def existing_schools(area: StudyArea) -> Table:
    """附表1: schools as they stand."""
    columns = (
        NUMBER, SCHOOL, TIER, Column("办学性质", 12), TOWNSHIP, Column("所在村（社区）", 16),
        Column("现状班数（班）", 10, WHOLE, True),
        Column("在校生数（人）", 10, WHOLE, True), Column("平均班额（人/班）", 10, TENTH),
        Column("核定学位（个）", 10, WHOLE, True), Column("学位利用率", 9, SHARE), Column("可扩至（班）", 10, WHOLE),
    )  # fmt: skip
    return Table("附表1 现状学校", "附表1　现状学校一览表", columns, tuple(_existing_rows(area)))


def _existing_rows(area: StudyArea) -> Iterator[Row]:
    schools, units = area.schools, area.units
    township = (*units.township, "")
    for row in range(len(schools)):
        unit = int(schools.unit[row])
        village = units.village(unit) if unit >= 0 else ""
        yield (
            row + 1, schools.name[row], TIER_NAMES[schools.tier[row]].zh, OPERATOR_NAMES[schools.operator[row]].zh,
            township[unit], village, schools.classes[row], schools.enrolment[row],
            _ratio(schools.enrolment[row], schools.classes[row]), schools.seats[row],
            _ratio(schools.enrolment[row], schools.seats[row]), schools.max_classes[row],
        )  # fmt: skip


def planned_schools(result: Result) -> Table:
    """附表4: schools as the plan leaves them, what is built first, kept ones last."""
    columns = (
        NUMBER, SCHOOL, TOWNSHIP, Column("建设性质", 9), PROGRAMME, Column("办学规模（班）", 9, WHOLE, True),
        Column("学位数（个）", 10, WHOLE, True), Column("新增学位（个）", 10, WHOLE, True), Column("服务范围", 36),
        Column("服务人口（人）", 11, WHOLE, True), Column("服务半径（m）", 9, WHOLE), Column("平均路程（m）", 9, WHOLE),
        Column("最远路程（m）", 9, WHOLE), Column("责任单位", 20), Column("依据条款", 12), Column("备注", 36),
    )  # fmt: skip
    rows = [row for part in result.plan.parts for row in _planned_rows(part, result)]
    numbered = tuple((number, *row) for number, row in enumerate(rows, 1))
    return Table("附表4 规划学校", "附表4　规划学校一览表", columns, numbered)


def _planned_rows(part: TierPlan, result: Result) -> Iterator[Row]:
    names, seats = _service_names(result.area), _seats_now(result.area)
    charged, programme = responsible(part, result.book), programme_name(part).zh
    for site in sorted(part.sites, key=lambda site: _BUILT_FIRST.index(site.action)):
        yield (
            site.name, site.township, ACTION_NAMES[site.action].zh, programme, site.classes, site.seats,
            _added_seats(site, seats.get((site.id, part.tier), math.nan)), _listed(site, names),
            site.service_population,
            _radius_m(part, result.book), site.mean_m, site.farthest_m, charged, site.clause, site.reason.zh,
        )  # fmt: skip


_BUILT_FIRST = ("new", "extend", "keep")


def _added_seats(site: Site, seats_now: float) -> float:
    before = {"new": 0.0, "extend": seats_now, "keep": site.seats}
    return site.seats - before[site.action]


def _radius_m(part: TierPlan, book: RuleBook) -> float:
    radii = [rule.value for rule in book.of(part.tier, part.area) if rule.kind == "max_distance"]
    return min(radii, default=math.nan)


def responsible(part: TierPlan, book: RuleBook) -> str:
    """The bodies that a rulebook charges with a programme."""
    charged = [rule.responsible for rule in book.of(part.tier, part.area) if rule.responsible]
    return charged[0] if charged else ""


def coverage(result: Result) -> Table:
    """附表6: every village and community, whom it is assigned to, and who lives beyond the radius."""
    columns = (
        Column("行政村（社区）", 18), TOWNSHIP, PROGRAMME, Column("常住人口（人）", 11, WHOLE, True),
        Column("适龄儿童（人）", 10, WHOLE, True), Column("分配学校", 26), Column("路网距离（m）", 10, WHOLE),
        Column("直线距离（m）", 10, WHOLE), Column("覆盖人口（人）", 11, WHOLE, True),
        Column("未覆盖人口（人）", 11, WHOLE, True), Column("是否覆盖", 9),
    )  # fmt: skip
    rows = tuple(row for part in result.plan.parts for row in _coverage_rows(part, result.area))
    return Table("附表6 服务覆盖评价", "附表6　服务覆盖评价表", columns, rows)


def _coverage_rows(part: TierPlan, area: StudyArea) -> Iterator[Row]:
    position = {unit_id: unit for unit, unit_id in enumerate(area.units.id)}
    site = {site.id: site for site in part.sites}
    for given in part.assignments:
        yield _coverage_row(part, area, position[given.unit_id], given, site.get(given.site_id))


def _coverage_row(part: TierPlan, area: StudyArea, unit: int, given: Assignment, site: Site | None) -> Row:
    units = area.units
    residents, straight = units.residents[unit], math.nan
    if site is not None:
        straight = math.hypot(units.x[unit] - site.x, units.y[unit] - site.y)
    children = units.children[part.tier][unit] if part.tier in units.children else math.nan
    return (
        units.name[unit], units.township[unit], programme_name(part).zh, residents, children,
        site.name if site else "未分配", given.metres, straight, given.covered, residents - given.covered,
        _covered_word(given.covered, residents),
    )  # fmt: skip


def _covered_word(covered: float, residents: float) -> str:
    if residents - covered <= SOMEBODY:
        return "是"
    return "部分" if covered > SOMEBODY else "否"


def catchments(result: Result) -> Table:
    """附表8: every school with a catchment, its villages by name, children against seats."""
    columns = (
        NUMBER, SCHOOL, PROGRAMME, TOWNSHIP, Column("服务范围（村、社区）", 60), Column("村（社区）数", 9, WHOLE, True),
        Column("服务人口（人）", 11, WHOLE, True), Column("适龄人口（人）", 11, WHOLE, True),
        Column("学位（个）", 10, WHOLE, True), Column("利用率", 9, SHARE),
    )  # fmt: skip
    names = _service_names(result.area)
    served = [(part, site) for part in result.plan.parts for site in part.sites if site.units]
    rows = tuple(_catchment_row(number, part, site, names) for number, (part, site) in enumerate(served, 1))
    return Table("附表8 学区划分", "附表8　学区（招生服务区）划分表", columns, rows)


def _catchment_row(number: int, part: TierPlan, site: Site, names: Mapping[str, _Named]) -> Row:
    return (
        number, site.name, programme_name(part).zh, site.township, _listed(site, names), len(site.units),
        site.service_population, site.pupils, site.seats, _ratio(site.pupils, site.seats),
    )  # fmt: skip


def stages(result: Result) -> Table:
    """阶段与证明: every goal in its order, with what nobody could beat."""
    columns = (
        PROGRAMME, Column("次序", 6, "0"), Column("目标", 20), Column("单位", 14), Column("结果", 14, "#,##0.##"),
        Column("下界", 14, "#,##0.##"), Column("差距", 9, "0.00%"), Column("状态", 12), Column("说明", 56),
        Column("用时（秒）", 9, "0.0"),
    )  # fmt: skip
    rows = tuple(row for part in result.plan.parts for row in _stage_rows(part))
    return Table("阶段与证明", "逐目标求解结果与最优性证明", columns, rows)


def _stage_rows(part: TierPlan) -> Iterator[Row]:
    for number, stage in enumerate(part.stages, 1):
        goal = goal_name(stage.goal, part.radius_m).zh
        yield (
            programme_name(part).zh, number, goal, stage.unit.zh, stage.value, stage.bound, stage.gap,
            STATUS_NAMES[stage.status].zh, prove(stage).zh, stage.seconds,
        )  # fmt: skip


def checks(result: Result) -> Table:
    """核查: what every rule says to the plan, broken ones first."""
    columns = (
        Column("条款", 14), Column("条文", 34), Column("项目", 13), Column("强度", 8), Column("结论", 9),
        Column("实测", 12, "#,##0.##"), Column("限值", 12, "#,##0.##"), Column("单位", 10), Column("证据", 46),
        Column("涉及", 26), Column("出处", 20),
    )  # fmt: skip
    programmes = {part.programme: programme_name(part).zh for part in result.plan.parts}
    rules = {rule.id: (rule.says.zh, UNIT_NAMES.get(rule.unit, rule.unit)) for rule in result.book.rules}
    rules |= {rule: (says, "处") for rule, says in STRUCTURE_NAMES.items()}
    rules |= BUDGET_NAMES
    found = sorted(result.checks, key=_broken_first)
    rows = tuple(
        _check_row(check, rules.get(check.rule, ("", "")), programmes.get(check.programme, check.programme))
        for check in found
    )
    return Table("核查", "逐条核查（由独立核查程序重新计算）", columns, rows)


def _broken_first(check: Check) -> tuple[int, int]:
    return ({False: 0, None: 1, True: 2}[check.kept], check.strength != "must")


def _check_row(check: Check, rule: tuple[str, str], programme: str) -> Row:
    says, unit = rule
    return (
        check.rule, says, programme, STRENGTH_NAMES[check.strength], VERDICT_NAMES[check.kept], check.measured,
        check.limit, unit, check.evidence.zh, _some(check.where), check.source,
    )  # fmt: skip


UNIT_NAMES: Mapping[str, str] = {
    "m": "米",
    "residents": "人",
    "pupils": "人",
    "pupils/class": "人/班",
    "classes": "班",
    "schools": "所",
    "new builds": "所（新建）",
    "extensions": "所（扩建）",
    "% of seats": "%（学位）",
    "% enrolled": "%（入园、入学）",
    "% retained": "%（巩固率）",
    "% of migrant pupils": "%（随迁子女）",
    "none": "—",
}
"""Every unit a rule kind knows, as planners write it."""
STRUCTURE_NAMES: Mapping[str, str] = {
    "PLAN-PROGRAMMES": "方案包含研究文件的全部项目。",
    "PLAN-UNITS": "每个单元整体分配给一所学校，不重不漏。",
    "PLAN-SITES": "现有学校如实保留，新建、扩建符合规模表和用地。",
    "PLAN-NUMBERS": "方案所写人数、路程与重算一致。",
    "PLAN-STAGES": "各目标的结果、下界、差距与重算一致。",
    "AHEAD-FILE": "年份、方法与学龄人口推算一致。",
    "AHEAD-PROPOSALS": "每个新建、扩建项目各列一次，如实写明。",
    "AHEAD-PUPILS": "各项目逐年学生数与重算一致。",
    "AHEAD-FILL": "开办、最高、十年后的使用率与重算一致。",
    "AHEAD-VERDICTS": "规模是否合规、生源是否可持续判断成立。",
    "AHEAD-DELIVERY": "新建小区的户数、人数、交付与开办日期属实。",
}
"""What the verifier asks of a plan itself, whatever the rulebook."""

BUDGET_NAMES: Mapping[str, tuple[str, str]] = {
    "STUDY-NEW": ("研究文件规定的新建名额。", "所（新建）"),
    "STUDY-EXTEND": ("研究文件规定的扩建名额。", "所（扩建）"),
}
STRENGTH_NAMES = {"must": "必须", "should": "应当"}
VERDICT_NAMES = {True: "符合", False: "不符合", None: "未核查"}


def shortfalls(result: Result) -> Table:
    """缺口与出路: wishes no plan can meet, which clause gives way and what would cure it."""
    columns = (NUMBER, PROGRAMME, Column("缺口与出路", 110))
    told = [(programme_name(part).zh, said.zh) for part in result.plan.parts for said in part.shortfalls]
    rows = tuple((number, *row) for number, row in enumerate(told, 1))
    return Table("缺口与出路", "不能同时满足的要求与解决办法", columns, rows)


class _Named(NamedTuple):
    """A unit's name, its village's name and id, and of how many blocks the village consists (1 where it is whole)."""

    name: str
    village: str
    village_id: str
    blocks: int


def _service_names(area: StudyArea) -> Mapping[str, _Named]:
    units, blocks = area.units, Counter(area.units.part_of)
    return {
        unit: _Named(units.name[k], units.village(k), units.part_of[k], blocks[units.part_of[k]])
        for k, unit in enumerate(units.id)
    }


def _seats_now(area: StudyArea) -> Mapping[tuple[str, str], float]:
    schools = area.schools
    return dict(zip(zip(schools.id, schools.tier, strict=True), schools.seats.tolist(), strict=True))


def _listed(site: Site, names: Mapping[str, _Named]) -> str:
    """The units of a catchment by name; a village whose every block is in it by its own, once."""
    served = {unit: names[unit] for unit in site.units}
    times = Counter(named.village_id for named in served.values())
    said = {
        named.village_id if times[named.village_id] == named.blocks else unit: named for unit, named in served.items()
    }
    return "、".join(named.name if key in served else named.village for key, named in said.items())


def _some(names: tuple[str, ...], most: int = 8) -> str:
    rest = f" 等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + rest


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan

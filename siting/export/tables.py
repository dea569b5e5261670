"""The tables a bureau files, as rows: columns, units and names as its own annexes (附表) call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siting.export.proof import STATUS_NAMES, prove
from siting.export.result import Result
from siting.plan import TierPlan
from siting.project import goal_name, programme_name
from siting.rules.base import RuleBook
from siting.rules.verdict import Check

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
    """One sheet: tab name, title, columns and rows.

    groups names what each row is added up with; where there are several, every one has its own total, for people of
    two programmes are the same people. Empty adds up all. notes stand below the table; is_wide prints on A3.
    """

    tab: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_wide: bool = False


WHOLE, SHARE, TENTH = "#,##0", "0.0%", "#,##0.0"

NUMBER = Column("序号", 6, "0")
TIER = Column("学段", 10)
PROGRAMME = Column("项目类别", 14)
TOWNSHIP = Column("所在乡镇（街道）", 14)
SCHOOL = Column("学校名称", 26)


def responsible(part: TierPlan, book: RuleBook) -> str:
    """The bodies that a rulebook charges with a programme."""
    charged = [rule.responsible for rule in book.of(part.tier, part.area) if rule.responsible]
    return charged[0] if charged else ""


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


def _some(names: tuple[str, ...], most: int = 8) -> str:
    rest = f" 等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + rest

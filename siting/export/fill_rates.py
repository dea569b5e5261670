"""How full a plan's proposals will be, as a table of its workbook."""

from __future__ import annotations

from collections.abc import Mapping

from siting.demand.needs import Proposal, proposals
from siting.export.result import Result
from siting.export.tables import NUMBER, PROGRAMME, SCHOOL, SHARE, TOWNSHIP, WHOLE, Column, Row, Table
from siting.plan import ACTION_NAMES
from siting.project import programme_name


def fill_rate_tables(result: Result) -> tuple[Table, ...]:
    """学校使用率 where the study looks ahead and something is built or extended; none else."""
    found = proposals(result.plan, result.area, result.project, result.book)
    return (proposals_table(found),) if found else ()


def proposals_table(proposals_: tuple[Proposal, ...]) -> Table:
    """学校使用率: how full every proposal is on opening, at the peak and ten years on, beside the rule's verdict."""
    columns = (
        NUMBER, SCHOOL, PROGRAMME, Column("建设性质", 9), TOWNSHIP, Column("学位数（个）", 9, WHOLE),
        Column("服务人口（人）", 10, WHOLE), Column("规模是否合规", 9), Column("开办年份", 8, "0"),
        Column("开办使用率", 9, SHARE), Column("最高使用率", 9, SHARE), Column("最高年份", 8, "0"),
        Column("十年后使用率", 9, SHARE), Column("生源是否可持续", 10), Column("说明", 60),
    )  # fmt: skip
    rows: list[Row] = [
        (
            one.site.name, programme_name(one.programme).zh, ACTION_NAMES[one.site.action].zh, one.site.township,
            one.site.seats, one.site.service_population, _WORD[one.verdict.is_compliant], one.opens,
            one.opening, one.peak, one.peak_year, one.later, _WORD[one.verdict.is_viable], one.verdict.evidence.zh,
        )
        for one in proposals_
    ]  # fmt: skip
    return Table(
        "学校使用率", "新建、扩建学校使用率预测表", columns, tuple((number, *row) for number, row in enumerate(rows, 1))
    )


_WORD: Mapping[bool | None, str] = {True: "是", False: "否", None: "不详"}

"""实施进度、责任单位: when projects open, as far as the plan says, and who answers for which clause."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from siting.export.bodies import bodies
from siting.filing.dossier import Work
from siting.filing.proposal.blocks import Blank, Block, Field, Grid, Heading, Paragraph
from siting.filing.proposal.filed import Filed
from siting.filing.proposal.shown import decimals, span, total, whole
from siting.rules.base import Rule
from siting.words import name_some

LEAD_YEARS = 3
"""Years from the decision to the first day of school, as a rule."""


def schedule(filed: Filed) -> Iterator[Block]:
    """The sixth chapter."""
    yield Heading(1, filed.said("实施进度", "Schedule"))
    year = filed.dossier.settings.day.year
    yield Paragraph(
        filed.said(
            f"从立项、用地、设计、施工到开学一般约需 {LEAD_YEARS} 年，{year} 年立项的项目一般在 {year + LEAD_YEARS} 年"
            "秋季开学，规模应按开学以后的学龄人口复核。",
            f"From decision to first day of school usually takes about {LEAD_YEARS} years: what is decided in {year} "
            f"opens in autumn {year + LEAD_YEARS}, and its size should fit the children of that time.",
        )
    )
    dated = [work for work in filed.dossier.works if not math.isnan(work.year)]
    if dated:
        yield _years(filed, dated)
    if len(dated) < len(filed.dossier.works):
        count = len(filed.dossier.works) - len(dated)
        yield Heading(2, filed.said("未排定年份的项目", "Projects without a year"))
        yield Blank(
            filed.said(
                f"待填：方案没有为 {count} 个项目排定开工、竣工和开学时间，请填写分年度计划和建设周期（月）。",
                f"To be filled in: the plan gives {count} projects no years; enter start, completion and opening.",
            )
        )


def _years(filed: Filed, works: Sequence[Work]) -> Grid:
    fields = (
        Field(filed.said("开学年份", "opens"), 16),
        Field(filed.said("项目数（个）", "projects"), 16, True),
        Field(filed.said("新增学位（个）", "seats added"), 20, True),
        Field(filed.said("投资（万元，估算）", "10,000 yuan (estimate)"), 24, True),
        Field(filed.said("区间（万元，估算）", "range (estimate)"), 30, True),
        Field(filed.said("项目编号", "projects by code"), 50),
    )
    years = sorted({work.year for work in works})
    rows = [_year(filed, f"{year:.0f}", [work for work in works if work.year == year]) for year in years]
    rows.append((*_year(filed, filed.said("合计", "Total"), works)[:5], ""))
    return Grid(filed.said("分年度实施计划", "Projects by year"), fields, tuple(rows), has_total=True)


def _year(filed: Filed, name: str, works: Sequence[Work]) -> tuple[str, ...]:
    sums = [total(getattr(work, key) for work in works) for key in ("money_wan", "money_low_wan", "money_high_wan")]
    codes = filed.dossier.said(name_some([work.code for work in works], 8))
    seats = total(work.seats_added for work in works)
    return name, whole(len(works)), whole(seats), decimals(sums[0], 0), span(sums[1], sums[2]), codes


def charged(filed: Filed) -> Iterator[Block]:
    """The seventh chapter."""
    yield Heading(1, filed.said("责任单位", "Who answers for it"))
    fields = (
        Field(filed.said("条款", "clause"), 31),
        Field(filed.said("条文", "says"), 52),
        Field(filed.said("责任单位", "charged"), 60),
        Field(filed.said("依据该条的项目", "projects on it"), 16, True),
    )
    resting = Counter(work.site.clause for work in filed.dossier.works)
    nobody = filed.said("条文未列", "none named")
    rows = tuple(
        (
            rule.id,
            filed.dossier.said(rule.says),
            filed.dossier.said(bodies(rule.responsible)) or nobody,
            whole(resting.get(rule.id, 0)),
        )
        for rule in _rules(filed)
    )
    yield Grid(filed.said("各条款责任单位", "Clauses and who is charged with them"), fields, rows)


def _rules(filed: Filed) -> Sequence[Rule]:
    """The rules that speak to a programme of the plan, each once, in the order of the text."""
    result = filed.dossier.result
    spoken = {rule.id for part in result.plan.parts for rule in result.book.of(part.tier, part.area)}
    return [rule for rule in result.book.rules if rule.id in spoken]

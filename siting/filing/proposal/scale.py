"""建设规模与投资: classes, seats, land, floor and money by programme, always as estimates with their range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from siting.demand.figures import RECURRENT_YUAN
from siting.filing.dossier import Work
from siting.filing.proposal.blocks import Block, Field, Grid, Heading, Paragraph
from siting.filing.proposal.filed import Filed
from siting.filing.proposal.shown import decimals, mu, span, total, whole
from siting.plan import TierPlan
from siting.words import Phrase

YUAN_PER_WAN = 10_000.0


def scale(filed: Filed) -> Iterator[Block]:
    """The fifth chapter."""
    yield Heading(1, filed.said("建设规模与投资估算", "Scale and money"))
    yield Heading(2, filed.said("规模和用地", "Scale and land"))
    yield _scale(filed)
    yield Heading(2, filed.said("投资估算", "Money, estimated"))
    yield _money(filed)
    yield Paragraph(
        filed.said(
            "注：投资均为估算，等于新增学位乘单位投资，不含土地、征迁和室外管网；区间为±30%。指标及出处见“编制依据”。"
            "批复所需的工程费用、其他费用、预备费分项须由设计单位另行编制。空白表示没有可用的指标。",
            "Note: all money is estimated as seats added times money per seat, without land; the range is 30 % either "
            "way. Figures and sources stand under Basis. Blank: no figure to estimate by.",
        ),
        "note",
    )
    yield from _recurrent(filed)


def _scale(filed: Filed) -> Grid:
    names = (
        (Phrase("类别", "programme"), 30),
        (Phrase("新建（所）", "new builds"), 14),
        (Phrase("扩建（所）", "extensions"), 14),
        (Phrase("新增班数（班）", "classes added"), 17),
        (Phrase("新增学位（个）", "seats added"), 17),
        (Phrase("新建用地（亩）", "land (mu)"), 19),
        (Phrase("新建用地（㎡）", "land (m2)"), 19),
        (Phrase("建筑面积（㎡）", "floor (m2)"), 19),
    )
    rows = [_scale_row(filed.name(part), works) for part, works in filed.parts()]
    rows.append(_scale_row(filed.said("合计", "Total"), filed.dossier.works))
    heading = filed.said("建设规模汇总表（用地、建筑面积为估算）", "Scale (land and floor are estimates)")
    return Grid(heading, _fields(filed, names), tuple(rows), has_total=True)


def _fields(filed: Filed, names: Sequence[tuple[Phrase, float]]) -> tuple[Field, ...]:
    return tuple(Field(filed.dossier.said(name), width, at > 0) for at, (name, width) in enumerate(names))


def _scale_row(name: str, works: Sequence[Work]) -> tuple[str, ...]:
    count = [sum(work.site.action == action for work in works) for action in ("new", "extend")]
    land = _sum(works, "land_m2")
    return (
        name,
        whole(count[0]),
        whole(count[1]),
        whole(_sum(works, "classes_added")),
        whole(_sum(works, "seats_added")),
        mu(land),
        whole(land),
        whole(_sum(works, "floor_m2")),
    )


def _sum(works: Sequence[Work], name: str) -> float:
    """Of a programme without projects nothing is taken: 0."""
    return total(getattr(work, name) for work in works) if works else 0.0


def _money(filed: Filed) -> Grid:
    names = (
        (Phrase("类别", "programme"), 34),
        (Phrase("新增学位（个）", "seats added"), 20),
        (Phrase("单位投资（万元/学位）", "10,000 yuan per seat"), 24),
        (Phrase("投资（万元，估算）", "10,000 yuan (estimate)"), 26),
        (Phrase("区间（万元，估算）", "range (estimate)"), 32),
        (Phrase("资金来源", "funds from"), 20),
    )
    parts = [(filed.name(part), works) for part, works in filed.parts()]
    rows = [_money_row(filed, name, works) for name, works in parts]
    rows.append(_money_row(filed, filed.said("合计", "Total"), filed.dossier.works))
    return Grid(filed.said("投资估算汇总表", "Money by programme"), _fields(filed, names), tuple(rows), has_total=True)


def _money_row(filed: Filed, name: str, works: Sequence[Work]) -> tuple[str, ...]:
    seats, money = _sum(works, "seats_added"), _sum(works, "money_wan")
    is_one_tier = len({work.part.tier for work in works}) == 1
    return (
        name,
        whole(seats),
        decimals(money / seats, 2) if is_one_tier and seats > 0 else "",
        whole(money),
        span(_sum(works, "money_low_wan"), _sum(works, "money_high_wan")),
        filed.said("待填", "to be filled in"),
    )


def _recurrent(filed: Filed) -> Iterator[Block]:
    """Recurrent money of the pupils assigned to projects, for the tiers that have a rate."""
    parts = [(part, works) for part, works in filed.parts() if works and part.tier in RECURRENT_YUAN]
    if not parts:
        return
    yield Heading(2, filed.said("日常公用经费", "Recurrent money"))
    names = (
        (Phrase("类别", "programme"), 34),
        (Phrase("项目学校学生（人）", "pupils of the projects"), 24),
        (Phrase("定额（元/生·年）", "yuan per pupil and year"), 24),
        (Phrase("公用经费（万元/年，估算）", "10,000 yuan a year (estimate)"), 28),
        (Phrase("定额出处", "source"), 46),
    )
    heading = filed.said("项目学校公用经费估算", "Recurrent money of the projects' schools")
    rows = tuple(_recurrent_row(filed, part, works) for part, works in parts)
    fields = tuple(
        Field(filed.dossier.said(name), width, 0 < at < len(names) - 1) for at, (name, width) in enumerate(names)
    )
    yield Grid(heading, fields, rows)
    yield Paragraph(
        filed.said(
            "注：只是生均公用经费，不含教职工工资；扩建学校按全校学生计。",
            "Note: without salaries; extended schools with all their pupils.",
        ),
        "note",
    )


def _recurrent_row(filed: Filed, part: TierPlan, works: Sequence[Work]) -> tuple[str, ...]:
    pupils, rate = total(work.site.pupils for work in works), RECURRENT_YUAN[part.tier]
    money = pupils * rate.value / YUAN_PER_WAN if not math.isnan(pupils) else math.nan
    return filed.name(part), whole(pupils), whole(rate.value), decimals(money, 1), _quota(filed, rate.source)


def _quota(filed: Filed, source: str) -> str:
    """Where a quota is from; the plan's own clauses keep their name."""
    national = "national quota per pupil from 2023; the plan only asks for the provincial mean"
    return source if source.startswith("定发") else filed.said(source, national)

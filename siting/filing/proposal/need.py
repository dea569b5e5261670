"""建设必要性: who lives too far today, how many seats are lacking, and what the years ahead bring."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from siting.comparison.equity import mean
from siting.comparison.figures import worst_m
from siting.demand.needs import Needs, Proposal
from siting.filing.proposal.blocks import Block, Field, Grid, Heading, Paragraph
from siting.filing.proposal.filed import Filed
from siting.filing.proposal.shown import share, total, whole
from siting.frames import SOMEBODY
from siting.indicators import covered_share
from siting.plan import TierPlan
from siting.study import TIER_NAMES
from siting.words import Phrase


def need(filed: Filed) -> Iterator[Block]:
    """The third chapter."""
    yield Heading(1, filed.said("建设必要性", "Why schools are needed"))
    yield Heading(2, filed.said("服务覆盖", "Coverage"))
    yield _coverage(filed)
    yield _note(
        filed,
        "现状按到最近学校（只计条款认可的学校）的路网距离；规划按到所分配学校的路网距离。"
        "学校有规模上限，规划平均路程可能大于现状。空白表示条款没有规定服务半径。",
        "Today: by road to the nearest school that the rules count. Plan: by road to the school assigned, which has "
        "room for so many only and may be farther. Blank: the rules promise no distance.",
    )
    yield from _townships(filed)
    yield Heading(2, filed.said("学位供需", "Seats"))
    yield _seats(filed)
    yield _note(
        filed,
        "缺口=适龄学生－现有学位，全域合计；富余乡镇不能弥补短缺乡镇，分片区缺口见附表3。空白表示没有统计。",
        "Lacking = pupils less seats, over the whole area; seats to spare in one township are no help in another. "
        "Blank: not counted.",
    )
    yield from _ahead(filed)


def _note(filed: Filed, zh: str, en: str) -> Paragraph:
    return Paragraph(filed.said("注：", "Note: ") + filed.said(zh, en), "note")


# --- coverage --------------------------------------------------------------------------------------------------


def _coverage(filed: Filed) -> Grid:
    names = (
        (Phrase("类别", "programme"), 24),
        (Phrase("常住人口（人）", "residents"), 17),
        (Phrase("现状超出半径（人）", "beyond, today"), 16),
        (Phrase("现状覆盖率", "covered, today"), 14),
        (Phrase("规划超出半径（人）", "beyond, plan"), 16),
        (Phrase("规划覆盖率", "covered, plan"), 14),
        (Phrase("现状平均（m）", "mean, today (m)"), 14),
        (Phrase("规划平均（m）", "mean, plan (m)"), 14),
        (Phrase("现状最远（m）", "farthest, today (m)"), 14),
        (Phrase("规划最远（m）", "farthest, plan (m)"), 14),
    )
    rows = tuple(_covered(filed, part) for part, _ in filed.parts())
    return Grid(filed.said("服务覆盖：现状与规划", "Coverage today and with the plan"), _fields(filed, names), rows)


def _fields(filed: Filed, names: Sequence[tuple[Phrase, float]], texts: int = 1) -> tuple[Field, ...]:
    """Columns, the first few of which hold text."""
    return tuple(Field(filed.dossier.said(name), width, at >= texts) for at, (name, width) in enumerate(names))


def _covered(filed: Filed, part: TierPlan) -> tuple[str, ...]:
    today, language = filed.existing(part), filed.dossier.settings.language
    view, has_radius = filed.views.get(part.programme), math.isfinite(part.radius_m)
    residents = float(today["residents"])
    after = residents - sum(given.covered for given in part.assignments) if has_radius else math.nan
    metres = (math.nan, math.nan) if view is None else (mean(view.metres(), view.everybody()), worst_m(view))
    return (
        filed.name(part),
        whole(residents),
        whole(residents - float(today["covered_residents"])),
        share(float(today["covered_share"])),
        whole(abs(after)),
        share(covered_share(part, filed.dossier.result.area)),
        whole(float(today["mean_m"]), language),
        whole(metres[0], language),
        whole(float(today["farthest_m"]), language),
        whole(metres[1], language),
    )


def _townships(filed: Filed) -> Iterator[Block]:
    """Programmes with a radius, township by township, where somebody lives beyond it today."""
    for part, _ in filed.parts():
        here = filed.townships[filed.townships["programme"] == part.programme]
        beyond = here["residents"] - here["covered_residents"]
        told = here[beyond > SOMEBODY].assign(beyond=beyond).sort_values("beyond", ascending=False, kind="stable")
        if math.isfinite(part.radius_m) and len(told):
            yield _township_grid(filed, part, told)


def _township_grid(filed: Filed, part: TierPlan, told: pd.DataFrame) -> Grid:
    names = (
        (Phrase("乡镇（街道）", "township"), 40),
        (Phrase("常住人口（人）", "residents"), 28),
        (Phrase("现状超出半径（人）", "beyond the radius today"), 30),
        (Phrase("现状覆盖率", "covered today"), 26),
        (Phrase("规划超出半径（人）", "beyond with the plan"), 30),
    )
    after = _beyond_after(filed, part)
    rows = [
        (
            str(row["township"]),
            whole(float(row["residents"])),
            whole(float(row["beyond"])),
            share(float(row["covered_share"])),
            whole(abs(after.get(str(row["township_id"]), 0.0))),
        )
        for row in told.to_dict("records")
    ]
    sums = (float(told["residents"].sum()), float(told["beyond"].sum()))
    listed = {str(township) for township in told["township_id"]}
    left = sum(metres for township, metres in after.items() if township in listed)
    total_row = (
        filed.said("合计", "Total"), whole(sums[0]), whole(sums[1]), share(1.0 - sums[1] / sums[0]), whole(abs(left)),
    )  # fmt: skip
    radius = f"{part.radius_m:,.0f}"
    heading = filed.said(
        f"{filed.name(part)}：有人超出 {radius} 米的乡镇（街道）",
        f"{filed.name(part)}: townships where somebody lives beyond {radius} m",
    )
    return Grid(heading, _fields(filed, names), (*rows, total_row), has_total=True)


def _beyond_after(filed: Filed, part: TierPlan) -> Mapping[str, float]:
    """Residents beyond the radius of the school assigned, by township."""
    units = filed.dossier.result.area.units
    row = {unit: k for k, unit in enumerate(units.id)}
    found: dict[str, float] = {}
    for given in part.assignments:
        at = row[given.unit_id]
        left = float(units.residents[at]) - given.covered
        found[units.township_id[at]] = found.get(units.township_id[at], 0.0) + left
    return found


# --- seats -----------------------------------------------------------------------------------------------------


def _seats(filed: Filed) -> Grid:
    names = (
        (Phrase("类别", "programme"), 30),
        (Phrase("适龄学生（人）", "pupils"), 20),
        (Phrase("现有学校（所）", "schools counted"), 18),
        (Phrase("现有学位（个）", "seats today"), 20),
        (Phrase("在校生（人）", "enrolled"), 20),
        (Phrase("缺口（个）", "lacking"), 18),
        (Phrase("新增学位（个）", "seats added"), 20),
        (Phrase("规划学位（个）", "seats planned"), 20),
    )
    rows = tuple(_seat_row(filed, part) for part, _ in filed.parts())
    return Grid(filed.said("学位供需：现状与规划", "Seats today and with the plan"), _fields(filed, names), rows)


def _seat_row(filed: Filed, part: TierPlan) -> tuple[str, ...]:
    today = filed.existing(part)
    children, seats = float(today["children"]), float(today["seats"])
    added = total(work.seats_added for work in filed.dossier.works if work.part.programme == part.programme)
    return (
        filed.name(part),
        whole(children),
        whole(float(today["counted_schools"])),
        whole(seats),
        whole(float(today["enrolment"])),
        whole(max(0.0, children - seats) if not math.isnan(children - seats) else math.nan),
        whole(0.0 if part.count("new") + part.count("extend") == 0 else added),
        whole(total(site.seats for site in part.sites)),
    )


# --- the years ahead -------------------------------------------------------------------------------------------

SHOWN_YEARS = 5
"""Every so many years of a forecast are printed, besides the first, the one planned for and the last."""


def _ahead(filed: Filed) -> Iterator[Block]:
    yield Heading(2, filed.said("学龄人口预测", "Children in the years ahead"))
    ahead, forecast = filed.dossier.ahead, filed.dossier.result.area.forecast
    if ahead is None or forecast is None:
        yield Paragraph(
            filed.said(
                "本研究没有给出出生数、分年龄人口等数据，未作预测；以上为编制时点的人数。出生人口正在减少，建设规模应在预测后复核。",
                "The study holds no births or ages, so nothing is forecast; the figures above are of today. Births are "
                "falling: check the sizes against a forecast before building.",
            )
        )
        return
    yield Paragraph(filed.dossier.said(forecast.said))
    yield _forecast(filed, ahead.needs, forecast.year_planned)
    yield from _viable(filed, ahead.proposals)


def _forecast(filed: Filed, needs: Sequence[Needs], planned: int) -> Grid:
    names = (
        (Phrase("学段", "tier"), 24),
        (Phrase("年份", "year"), 14),
        (Phrase("适龄人口（人）", "children"), 20),
        (Phrase("需求学位（个）", "seats needed"), 20),
        (Phrase("现有学位（个）", "seats today"), 20),
        (Phrase("缺口（个）", "lacking"), 18),
        (Phrase("富余（个）", "to spare"), 18),
    )
    rows = tuple(
        _year(filed, one, at)
        for one in needs
        for at, year in enumerate(one.balance.year.tolist())
        if at == 0 or at == len(one.balance.year) - 1 or year == planned or year % SHOWN_YEARS == 0
    )
    heading = filed.said("学位需求预测（缺口、富余按片区计算，不相抵）", "Seats in the years ahead, by planning unit")
    return Grid(heading, _fields(filed, names), rows)


def _year(filed: Filed, one: Needs, at: int) -> tuple[str, ...]:
    held = one.balance
    tables = (one.children, held.needed_seats, held.existing_seats, held.seat_gap, held.spare_seats)
    sums = (whole(float(np.sum(table[:, at]))) for table in tables)
    return (filed.dossier.said(TIER_NAMES[held.tier]), str(int(held.year[at])), *sums)


def _viable(filed: Filed, proposals: Sequence[Proposal]) -> Iterator[Block]:
    doubtful = [one for one in proposals if one.verdict.is_viable is not True]
    if not proposals:
        return
    yield Paragraph(
        filed.said(
            f"{len(proposals)} 个新建、扩建项目中，{len(proposals) - len(doubtful)} 个生源可持续，"
            f"{len(doubtful)} 个不可持续或无法判断；各项目的使用率见项目表，逐年数字见附表。",
            f"Of {len(proposals)} projects {len(proposals) - len(doubtful)} keep pupils enough; {len(doubtful)} do "
            "not, or nobody can tell. How full each will be stands with the projects.",
        )
    )

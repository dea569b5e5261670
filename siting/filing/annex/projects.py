"""附表5 and 附表9: the projects of a plan as a list to be funded, and the places compared for each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from siting.export.bodies import bodies
from siting.export.fields import (
    ESTIMATED,
    FUNDS,
    THE_PLAN,
    THE_RULES,
    WAN,
    WORKED_OUT,
    Annex,
    Field,
    blank,
    metres,
    programme_of,
    share,
)
from siting.export.planned_annex import Estimate, Estimates
from siting.export.tables import WHOLE, Table
from siting.filing.dossier import AGAINST, VERDICT_NAMES, VERDICT_ORDER, Dossier, Finding, Place, Verdict, Work
from siting.inputs.coordinates import converter
from siting.plan import ACTION_NAMES
from siting.project import Project
from siting.study import MU_M2
from siting.words import Phrase

NEAR_TERM = Phrase("近期", "near term")


def estimates_of(works: Sequence[Work]) -> Estimates:
    """What the schools of 附表4 take."""
    return {(work.part.programme, work.site.id): _estimate(work) for work in works}


def _estimate(work: Work) -> Estimate:
    said = Phrase(
        f"项目编号 {work.code}，用地、面积、投资为估算", f"project {work.code}; land, floor and money are estimates"
    )
    return Estimate(work.land_m2, work.floor_m2, work.money_wan, _built(work), said)


def _built(work: Work) -> Phrase:
    if math.isnan(work.year):
        return NEAR_TERM
    return Phrase(f"{work.year:.0f} 年秋季启用", f"opens in autumn {work.year:.0f}")


# --- 附表5 -----------------------------------------------------------------------------------------------------


def near_term(works: Sequence[Work], project: Project) -> list[Work]:
    """Projects without a year, and those that open within the first phase where the study has phases."""
    last = project.phases[0].last if project.phases else math.inf
    return [work for work in works if math.isnan(work.year) or work.year <= last]


def _place(work: Work) -> Phrase:
    place = work.recommended
    return Phrase(f"{place.township}{place.village}", f"{place.township} {place.village}".strip())


def _content(work: Work) -> Phrase:
    """What is built: classes, seats, floor and land, estimates called so."""
    zh = [f"{_verb(work).zh} {work.classes_added:,.0f} 班、{work.seats_added:,.0f} 个学位"]
    en = [f"{_verb(work).en} {work.classes_added:,.0f} classes, {work.seats_added:,.0f} seats"]
    if work.floor_m2 > 0:
        zh.append(f"建筑面积约 {work.floor_m2:,.0f} ㎡（估算）")
        en.append(f"floor area about {work.floor_m2:,.0f} m2 (estimate)")
    if work.land_m2 > 0:
        zh.append(f"用地约 {work.land_m2 / MU_M2:,.2f} 亩（估算）")
        en.append(f"land about {work.land_m2 / MU_M2:,.2f} mu (estimate)")
    return Phrase("，".join([*zh, f"项目编号 {work.code}"]), ", ".join([*en, f"project {work.code}"]))


def _verb(work: Work) -> Phrase:
    return Phrase("新建", "build") if work.site.action == "new" else Phrase("扩建增加", "add")


PROJECTS: Annex[Work] = Annex(
    Phrase("附表5 近期建设项目库", "5 Near-term projects"),
    Phrase("附表5　近期建设项目库", "Table 5. Near-term projects"),
    (
        Field(Phrase("项目名称", "project"), 28, lambda one: one.name, Phrase("项目名称", "name"), THE_PLAN),
        blank(
            Phrase("项目代码", "project code"),
            12,
            Phrase("投资项目在线审批监管平台代码", "code of the approval platform"),
        ),
        Field(
            Phrase("建设性质", "action"),
            9,
            lambda one: ACTION_NAMES[one.site.action],
            Phrase("新建、扩建", "new build or extension"),
            THE_PLAN,
        ),
        Field(
            Phrase("建设地点", "place"),
            22,
            _place,
            Phrase("推荐地点的乡镇与村（社区）", "township and village"),
            THE_PLAN,
        ),
        Field(
            Phrase("建设规模及主要建设内容", "what is built"),
            42,
            _content,
            Phrase("增加的班数、学位；建筑面积、用地为估算", "classes and seats added; floor and land are estimates"),
            ESTIMATED,
        ),
        Field(
            Phrase("起止年限", "years"),
            13,
            _built,
            Phrase(
                "分期方案给出开办年份的写年份，否则写近期；开工年份待定",
                "the autumn it opens, where the plan has years",
            ),
            THE_PLAN,
        ),
        Field(
            Phrase("总投资", "money"),
            11,
            lambda one: one.money_wan,
            Phrase("新增学位 × 单位投资，估算，不含土地", "an estimate, without land"),
            ESTIMATED,
            WAN,
            WHOLE,
            True,
        ),
        blank(Phrase("年度投资", "money by year"), 12, Phrase("分年度投资", "money by year"), WAN),
        FUNDS,
        blank(
            Phrase("前期进展", "state of preparation"), 12, Phrase("立项、用地、设计等进展", "approvals, land, design")
        ),
        Field(
            Phrase("责任单位", "responsible"),
            24,
            lambda one: bodies(one.responsible),
            Phrase("规则集所列责任单位", "the bodies the rulebook charges"),
            THE_RULES,
        ),
        blank(Phrase("联系人", "contact"), 10, Phrase("联系人", "contact")),
    ),
    is_wide=True,
)
"""附表5."""


def projects_table(dossier: Dossier) -> Table:
    """附表5: grouped by programme."""
    held = near_term(dossier.works, dossier.result.project)
    notes = [_ESTIMATE]
    if any(math.isnan(work.year) for work in held):
        notes.append(_NO_YEARS)
    return PROJECTS.table(held, dossier.settings.language, programme_of, notes)


_ESTIMATE = Phrase(
    "投资为估算，不含土地费用，单位投资及出处见“资料来源”。",
    "Money is an estimate without land; unit costs are in the sheet of sources.",
)
_NO_YEARS = Phrase(
    "方案没有分期，全部项目列为近期；用 siting phases 编制分期方案后，按启用年份列出。",
    "The plan has no years, so that all projects are near-term; siting phases gives each its year.",
)


# --- 附表9 -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One place looked at for a project: the recommended one (number 0) or an alternative, its place in degrees."""

    work: Work
    place: Place
    number: int
    longitude: float
    latitude: float


def options_of(dossier: Dossier) -> Iterator[Option]:
    """Project by project the recommended place, then the others."""
    to_degrees = converter(dossier.result.area.crs, "cgcs2000")
    for work in dossier.works:
        for number, place in enumerate((work.recommended, *work.alternatives)):
            longitude, latitude = to_degrees(np.array([[place.x, place.y]]))[0].tolist()
            yield Option(work, place, number, longitude, latitude)


def _called(one: Option) -> Phrase:
    name, code = one.work.name, one.work.code
    which = RECOMMENDED if one.number == 0 else _alternative(one.number)
    return Phrase(f"{code} {name.zh}：{which.zh}", f"{code} {name.en}: {which.en}")


RECOMMENDED = Phrase("推荐方案", "recommended")


def _alternative(number: int) -> Phrase:
    return Phrase(f"备选方案 {number}", f"alternative {number}")


def _where(one: Option) -> Phrase:
    place, degrees = one.place, f"{one.longitude:.6f}, {one.latitude:.6f}"
    return Phrase(
        f"{place.township}{place.village}（{degrees}）", f"{place.township} {place.village} ({degrees})".strip()
    )


def constraints_said(findings: Sequence[Finding]) -> Phrase:
    """Every constraint by what was found, the worst first; nothing looked at is 未核查."""
    if not findings:
        return VERDICT_NAMES["unchecked"]
    by: dict[Verdict, list[Finding]] = {verdict: [] for verdict in VERDICT_ORDER}
    for found in findings:
        by[found.verdict].append(found)
    said = [_verdict(verdict, held) for verdict, held in by.items() if held]
    return Phrase("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _verdict(verdict: Verdict, found: Sequence[Finding]) -> Phrase:
    name, told = VERDICT_NAMES[verdict], [_finding(one, verdict in AGAINST) for one in found]
    return Phrase(f"{name.zh}：{'、'.join(one.zh for one in told)}", f"{name.en}: {', '.join(one.en for one in told)}")


def _finding(found: Finding, is_told: bool) -> Phrase:
    if not is_told:
        return found.constraint
    return Phrase(f"{found.constraint.zh}（{found.evidence.zh}）", f"{found.constraint.en} ({found.evidence.en})")


def _verdict_on(one: Option) -> Phrase:
    work = one.work
    if one.number:
        return Phrase(f"备选。{one.place.lost.zh}", f"Alternative. {one.place.lost.en}")
    if work.alternatives:
        return Phrase("推荐", "Recommended")
    return Phrase(f"推荐。{work.why_none.zh}", f"Recommended. {work.why_none.en}")


OPTIONS: Annex[Option] = Annex(
    Phrase("附表9 选址方案比选", "9 Sites compared"),
    Phrase("附表9　选址方案比选表", "Table 9. Sites compared"),
    (
        Field(
            Phrase("方案", "option"),
            30,
            _called,
            Phrase("项目编号、名称与方案", "project code, name and option"),
            THE_PLAN,
        ),
        Field(
            Phrase("位置", "place"),
            26,
            _where,
            Phrase("乡镇、村（社区）与 CGCS2000 经纬度", "township, village, CGCS2000 degrees"),
            THE_PLAN,
        ),
        blank(
            Phrase("用地现状与权属", "land use and ownership now"),
            14,
            Phrase("现状地类、权属单位", "present use and owner"),
        ),
        blank(
            Phrase("规划用途", "use in the land plan"),
            12,
            Phrase("国土空间规划、控规确定的用途", "use in approved land plans"),
        ),
        Field(
            Phrase("约束核查", "constraints"),
            48,
            lambda one: constraints_said(one.place.findings),
            Phrase(
                "按所给图层核查；没有图层的写未核查，不等于没有冲突", "by the layers given; not checked is never clear"
            ),
            WORKED_OUT,
        ),
        Field(
            Phrase("服务人口", "residents served"),
            10,
            lambda one: one.place.residents,
            Phrase("同一服务范围的常住人口", "residents of the same catchment"),
            THE_PLAN,
            Phrase("人", "people"),
            WHOLE,
        ),
        metres(
            Phrase("平均距离", "mean way"),
            10,
            lambda one: one.place.mean_m,
            Phrase("服务人口到校路网距离的平均", "mean way by road of the residents served"),
            WORKED_OUT,
        ),
        share(
            Phrase("覆盖率", "covered"),
            9,
            lambda one: one.place.covered_share,
            Phrase("服务半径内的人口 ÷ 服务人口", "residents within the radius of all served"),
        ),
        Field(
            Phrase("投资", "money"),
            11,
            lambda one: one.work.money_wan,
            Phrase("估算，不含土地；各地点建设规模相同", "an estimate without land, the same at every place"),
            ESTIMATED,
            WAN,
            WHOLE,
        ),
        Field(
            Phrase("结论", "verdict"),
            36,
            _verdict_on,
            Phrase("推荐或备选，及改用该地点的得失", "recommended or not, and what would be lost"),
            WORKED_OUT,
        ),
    ),
    is_numbered=False,
    is_wide=True,
)
"""附表9."""


def options_table(dossier: Dossier) -> Table:
    """附表9."""
    return OPTIONS.table(options_of(dossier), dossier.settings.language)

"""The tables of a plan over years, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from siting.export.in_language import Header, table_in
from siting.export.tables import SHARE, TENTH, WHOLE, Row, Table
from siting.phases.records import Indicator, PhaseRecord, PlanOverYears, Project
from siting.project import FIXED_ACTION_NAMES, goal_name
from siting.study import TIER_NAMES
from siting.words import Language, Phrase

Names = Mapping[str, Phrase]
"""Programmes in words, by key."""

HEARING = Phrase("须先听证", "needs a hearing")
PHASE = Header(Phrase("分期", "phase"), 10)
PROGRAMME = Header(Phrase("项目类别", "programme"), 14)
SCHOOL = Header(Phrase("学校名称", "school"), 26)
TOWNSHIP = Header(Phrase("所在乡镇（街道）", "township"), 14)
ACTION = Header(Phrase("建设性质", "action"), 10)
MONEY = Header(Phrase("投资估算（万元）", "money (10,000 yuan)"), 11, WHOLE, True)


def phases_tables(plan: PlanOverYears, names: Names, language: Language) -> tuple[Table, ...]:
    """Every sheet, in the order of its tabs."""
    return (
        timetable_sheet(plan, names, language),
        years_sheet(plan, language),
        indicators_sheet(plan, names, language),
        hearings_sheet(plan, names, language),
        open_sheet(plan, names, language),
    )


def timetable_sheet(plan: PlanOverYears, names: Names, language: Language) -> Table:
    """项目时序: every project that opens, settled ones among them, by year."""
    headers = [
        Header(Phrase("序号", "no."), 6, "0"),
        Header(Phrase("开办年份", "opens"), 8, "0"),
        PHASE, SCHOOL, PROGRAMME, TOWNSHIP, ACTION,
        Header(Phrase("原有班数（班）", "classes before"), 9, WHOLE),
        Header(Phrase("办学规模（班）", "classes"), 9, WHOLE),
        Header(Phrase("新增学位（个）", "seats added"), 9, WHOLE, True),
        MONEY,
        Header(Phrase("估算下限", "low (-30 %)"), 10, WHOLE),
        Header(Phrase("估算上限", "high (+30 %)"), 10, WHOLE),
        Header(Phrase("开办前等待（人年）", "waited (resident-years)"), 11, WHOLE),
        Header(Phrase("开办使用率", "filled on opening"), 9, SHARE),
        Header(Phrase("最高使用率", "filled at the peak"), 9, SHARE),
        Header(Phrase("最高年份", "peak year"), 8, "0"),
        Header(Phrase("十年后使用率", "filled ten years on"), 9, SHARE),
        Header(Phrase("依据条款", "clause"), 14),
        Header(Phrase("责任单位", "responsible"), 22),
        Header(Phrase("备注", "remarks"), 40),
    ]  # fmt: skip
    rows = [
        (
            float(number), one.year, phase.name.said_in(language), one.name, _programme(one, names, language),
            one.township, _action(one, language), one.classes_before, one.classes, one.seats_added, one.money_wan,
            one.money_low_wan, one.money_high_wan, one.waited, one.opening, one.peak, one.peak_year, one.later,
            one.clause, one.responsible, _remarks(one).said_in(language),
        )
        for number, (phase, one) in enumerate(_opening(plan), 1)
    ]  # fmt: skip
    tab, title = Phrase("项目时序", "Timetable"), Phrase("分期项目时序表", "Projects by year of opening")
    return table_in(tab, title, headers, rows, language)


SHORT = (1, 3, 4, 6, 8, 9, 10, 13)
"""Columns of the timetable that a terminal has room for."""


def short_table(plan: PlanOverYears, names: Names, language: Language) -> Table:
    """The timetable for a terminal, its years as words."""
    whole = timetable_sheet(plan, names, language)
    first, *others = (whole.columns[at] for at in SHORT)
    rows = tuple((f"{row[SHORT[0]]:.0f}", *(row[at] for at in SHORT[1:])) for row in whole.rows)
    return Table(whole.tab, whole.title, (replace(first, number=""), *others), rows)


def years_sheet(plan: PlanOverYears, language: Language) -> Table:
    """年度汇总: counts and money of every year against the budgets, a line for each phase below its years."""
    headers = [
        PHASE,
        Header(Phrase("年份", "year"), 10),
        Header(Phrase("新建（所）", "new builds"), 8, WHOLE),
        Header(Phrase("扩建、改扩建（所）", "extensions"), 10, WHOLE),
        Header(Phrase("迁建（所）", "relocations"), 8, WHOLE),
        Header(Phrase("项目合计（所）", "projects"), 9, WHOLE),
        Header(Phrase("项目限额（所）", "projects allowed"), 9, WHOLE),
        Header(Phrase("新增学位（个）", "seats added"), 10, WHOLE),
        Header(Phrase("投资估算（万元）", "money (10,000 yuan)"), 12, WHOLE),
        Header(Phrase("资金限额（万元）", "money allowed"), 12, WHOLE),
        Header(Phrase("资金结余（万元）", "money left"), 12, WHOLE),
        Header(Phrase("当年仍在等待（人）", "still waiting"), 11, WHOLE),
    ]
    rows = [row for phase in plan.phases for row in _year_rows(phase, language)]
    title = Phrase("年度汇总表（含已定项目）", "Years against the budgets, settled projects among them")
    return table_in(Phrase("年度汇总", "Years"), title, headers, rows, language)


def _year_rows(phase: PhaseRecord, language: Language) -> Iterator[Row]:
    name = phase.name.said_in(language)
    for one in phase.years:
        count = one.new + one.extend + one.other
        yield (
            name, str(one.year), float(one.new), float(one.extend), float(one.other), float(count),
            _limit(phase.annual_projects), one.seats_added, one.money_wan, _limit(phase.annual_wan),
            _limit(phase.annual_wan - one.money_wan), one.waiting,
        )  # fmt: skip
    new, extend, other = (sum(getattr(one, word) for one in phase.years) for word in ("new", "extend", "other"))
    yield (
        name, Phrase("本期合计", "phase").said_in(language), float(new), float(extend), float(other),
        float(new + extend + other), None, sum(one.seats_added for one in phase.years),
        sum(one.money_wan for one in phase.years), _limit(phase.money_wan), _limit(phase.left_wan),
        phase.years[-1].waiting,
    )  # fmt: skip


def indicators_sheet(plan: PlanOverYears, names: Names, language: Language) -> Table:
    """分期指标: every programme at the end of every phase."""
    headers = [
        PHASE,
        Header(Phrase("规划年", "year"), 8, "0"),
        PROGRAMME,
        Header(Phrase("常住人口（人）", "residents"), 11, WHOLE),
        Header(Phrase("建设前学校覆盖率", "covered before building"), 10, SHARE),
        Header(Phrase("期末学校覆盖率", "covered after"), 10, SHARE),
        Header(Phrase("方案全部建成的覆盖率", "covered if all were built"), 11, SHARE),
        Header(Phrase("期末学校（所）", "schools after"), 9, WHOLE),
        Header(Phrase("学生（人）", "pupils"), 10, WHOLE),
        Header(Phrase("建设前学位（个）", "seats before building"), 10, WHOLE),
        Header(Phrase("期末学位（个）", "seats after"), 10, WHOLE),
        Header(Phrase("建设前学位使用率", "filled before building"), 10, SHARE),
        Header(Phrase("期末学位使用率", "filled after"), 10, SHARE),
        Header(Phrase("首要目标", "leading goal"), 18),
        Header(Phrase("值", "value"), 11, TENTH),
        Header(Phrase("下界", "bound"), 11, TENTH),
        Header(Phrase("差距", "gap"), 8, SHARE),
    ]
    rows = [
        (
            phase.name.said_in(language), float(phase.last), names[one.programme].said_in(language), one.residents,
            one.covered_before, one.covered_after, one.covered_if_all, float(one.schools), one.pupils,
            one.seats_before, one.seats_after, one.fill_before, one.fill_after, _goal(one).said_in(language),
            one.value, one.bound, one.gap,
        )
        for phase in plan.phases
        for one in phase.indicators
    ]  # fmt: skip
    title = Phrase(
        "分期指标表（值与界以前期既成为前提）", "Indicators (values and bounds given what earlier phases opened)"
    )
    return table_in(Phrase("分期指标", "Indicators"), title, headers, rows, language)


def _goal(one: Indicator) -> Phrase:
    return goal_name(one.goal, math.inf if math.isnan(one.covered_before) else 0.0)


def hearings_sheet(plan: PlanOverYears, names: Names, language: Language) -> Table:
    """听证事项: what is closed or converted, and projects at converted schools."""
    headers = [
        PHASE, SCHOOL,
        Header(Phrase("学段", "tier"), 12),
        Header(Phrase("事项", "what"), 30),
        Header(Phrase("理由", "reason"), 40),
        Header(Phrase("程序", "procedure"), 40),
    ]  # fmt: skip
    rows = [tuple(one.said_in(language) for one in row) for row in _hearings(plan)]
    title = Phrase("须先听证的事项", "What needs a hearing first")
    return table_in(Phrase("听证事项", "Hearings"), title, headers, rows, language)


PROCEDURE = Phrase(
    "听证、县级论证、公示一个月后方可实施；先建后撤",
    "a hearing, a study of the county and a month of publication come first; build before closing",
)


def _hearings(plan: PlanOverYears) -> Iterator[tuple[Phrase, ...]]:
    for phase in plan.phases:
        for one in phase.closures:
            to = TIER_NAMES[one.becomes] if one.becomes else None
            what = Phrase(f"转为{to.zh}", f"becomes a {to.en}") if to else Phrase("撤并", "is closed")
            yield phase.name, Phrase(one.name, one.name), TIER_NAMES[one.tier], what, one.reason, PROCEDURE
        for its in phase.projects:
            if its.needs_hearing and its.state == "opens":
                what = Phrase("转型学校的建设项目", "project at a converted school")
                yield phase.name, Phrase(its.name, its.name), TIER_NAMES[its.tier], what, its.reason, PROCEDURE


def open_sheet(plan: PlanOverYears, names: Names, language: Language) -> Table:
    """未安排项目: projects of the plan without a year, who waits for them and what they lack."""
    headers = [
        PHASE, SCHOOL, PROGRAMME, TOWNSHIP, ACTION,
        Header(Phrase("办学规模（班）", "classes"), 9, WHOLE),
        MONEY,
        Header(Phrase("期末等待（人）", "waiting at the end"), 10, WHOLE, True),
        Header(Phrase("本期等待（人年）", "waited (resident-years)"), 11, WHOLE, True),
        Header(Phrase("未安排的原因", "what it lacks"), 34),
        Header(Phrase("去向", "what becomes of it"), 26),
    ]  # fmt: skip
    rows = [
        (
            phase.name.said_in(language), one.name, _programme(one, names, language), one.township,
            _action(one, language), one.classes, one.money_wan, one.waiting[-1], one.waited,
            one.lacking.said_in(language), BECOMES[one.state].said_in(language),
        )
        for phase in plan.phases
        for one in phase.projects
        if one.state in BECOMES
    ]  # fmt: skip
    title = Phrase("未安排项目表", "Projects without a year")
    return table_in(Phrase("未安排项目", "Without a year"), title, headers, rows, language)


BECOMES: Mapping[str, Phrase] = {
    "postponed": Phrase("需求转入下一期重新选址", "its need is asked again in the next phase"),
    "unfunded": Phrase("规划期内没有资金或名额", "no means within the plan's years"),
}


def phase_line(phase: PhaseRecord) -> Phrase:
    """A phase in a sentence or two."""
    opens = [one for one in phase.projects if one.state in ("opens", "fixed")]
    left = [one for one in phase.projects if one.state in BECOMES]
    money = sum(one.money_wan for one in opens if not math.isnan(one.money_wan))
    zh = f"安排 {len(opens)} 个项目（含已定 {sum(one.state == 'fixed' for one in opens)} 个），估算 {money:,.0f} 万元"
    en = f"{len(opens)} projects ({sum(one.state == 'fixed' for one in opens)} settled), {money:,.0f} (10,000 yuan)"
    if left:
        people = sum(one.waiting[-1] for one in left)
        zh += f"；{len(left)} 个未安排，期末 {people:,.0f} 人仍在等待"
        en += f"; {len(left)} without a year, for which {people:,.0f} people wait at its end"
    late = [(TIER_NAMES[one.tier], its) for one in opens for its in one.late]
    if late:
        zh += "；晚于小区首期交付：" + "、".join(
            f"{its.estate}{tier.zh}（{its.months:.0f} 个月）" for tier, its in late
        )
        en += "; after the first homes: " + ", ".join(
            f"{its.estate}, {tier.en} ({its.months:.0f} months)" for tier, its in late
        )
    proof = ("已证明最少", "proved fewest") if phase.schedule.status == "optimal" else _bounded(phase)
    zh += f"。等待 {phase.schedule.value:,.0f} 人年（{proof[0]}）。"
    en += f". {phase.schedule.value:,.0f} resident-years are waited ({proof[1]})."
    return Phrase(f"{phase.name.zh}：{zh}", f"{phase.name.en}: {en}")


def broken_line(one: tuple[str, Phrase]) -> Phrase:
    """That a phase's plan leaves a must unkept, and where that is told."""
    folder, name = one
    return Phrase(
        f"{name.zh}的方案有“必须”条款未达到，见 {folder}/plan.xlsx。",
        f"The plan of {name.en} leaves a must unkept: see {folder}/plan.xlsx.",
    )


def _bounded(phase: PhaseRecord) -> tuple[str, str]:
    least = f"{phase.schedule.bound:,.0f}"
    return f"下界 {least}", f"bound {least}"


def _opening(plan: PlanOverYears) -> Iterator[tuple[PhaseRecord, Project]]:
    for phase in plan.phases:
        yield from ((phase, one) for one in phase.projects if one.state in ("opens", "fixed"))


def _programme(one: Project, names: Names, language: Language) -> str:
    name = names[one.programme] if one.programme in names else TIER_NAMES[one.tier]
    return name.said_in(language)


def _action(one: Project, language: Language) -> str:
    return FIXED_ACTION_NAMES[one.action].said_in(language)


def _remarks(one: Project) -> Phrase:
    said: Sequence[Phrase] = (
        *((HEARING,) if one.needs_hearing else ()),
        *(
            Phrase(
                f"比{its.estate}首期交付晚 {its.months:.0f} 个月",
                f"{its.months:.0f} months after {its.estate}'s first homes",
            )
            for its in one.late
        ),
        one.reason,
    )
    return Phrase("；".join(its.zh for its in said if its.zh), "; ".join(its.en for its in said if its.en))


def _limit(number: float) -> float | None:
    """A limit; a blank where there is none."""
    return number if math.isfinite(number) else None

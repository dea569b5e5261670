"""The tables of a robust choice, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from siting.export.in_language import Header, table_in
from siting.export.tables import SHARE, WHOLE, Row, Table
from siting.project import goal_name, programme_name
from siting.robust.choice import ProgrammeChoice
from siting.words import Language, Phrase

PROGRAMME = Header(Phrase("项目类别", "programme"), 16, "")
SET = Header(Phrase("校址组合", "set of sites"), 20, "")
GOAL = Header(Phrase("目标", "goal"), 22, "")


def robust_tables(choices: Sequence[ProgrammeChoice], language: Language) -> tuple[Table, ...]:
    """Every sheet of robust.xlsx, in the order of its tabs."""
    return (chosen_table(choices, language), regrets_table(choices, language), _sites(choices, language))


def chosen_table(choices: Sequence[ProgrammeChoice], language: Language) -> Table:
    """稳健选择: the set chosen by either measure, with the leading goal's value and what is proved."""
    headers = (
        PROGRAMME,
        Header(Phrase("准则", "measure"), 18, ""),
        SET,
        Header(Phrase("新建（所）", "new"), 8, WHOLE),
        Header(Phrase("可扩建（所）", "may be extended"), 8, WHOLE),
        Header(Phrase("第一目标", "leading goal"), 22, ""),
        Header(Phrase("值", "value"), 12, WHOLE),
        Header(Phrase("下界", "bound"), 12, WHOLE),
        Header(Phrase("结论", "conclusion"), 26, ""),
    )
    rows = (row for one in choices for row in _chosen_rows(one, language))
    return table_in(
        Phrase("稳健选择", "Choice"), Phrase("各项目的稳健选择", "One set for all scenarios"), headers, rows, language
    )


def _chosen_rows(one: ProgrammeChoice, language: Language) -> Iterator[Row]:
    measures = (
        (Phrase("加权平均最小", "least weighted mean"), one.by_mean, one.mean, one.bound, _mean_proof(one)),
        (Phrase("最大后悔值最小", "least greatest regret"), one.by_regret, one.table.greatest, 0.0, _regret_proof(one)),
    )
    name, goal = programme_name(one).said_in(language), _leading(one).said_in(language)
    for measure, place, values, bound, proof in measures:
        if place < 0:
            yield name, measure.said_in(language), NONE.said_in(language), None, None, goal, None, bound, ""
            continue
        its = one.sets[place]
        counts = float(len(its.new)), float(len(its.extend))
        words = name, measure.said_in(language), its.name.said_in(language)
        yield *words, *counts, goal, float(values[place, 0]), bound, proof.said_in(language)


NONE = Phrase("没有在所有情景都可行的组合", "no set fits every scenario")
PROVED = Phrase("第一目标已证明最小", "leading goal proved least")


def _mean_proof(one: ProgrammeChoice) -> Phrase:
    gap = one.gap
    if gap <= 1e-6:
        return PROVED
    return Phrase(f"所试组合中最好，差距不超过 {gap:.1%}", f"best found, gap at most {gap:.1%}")


def _regret_proof(one: ProgrammeChoice) -> Phrase:
    return PROVED if one.is_regret_proved else Phrase("所试组合中最好，未证明最小", "best found, not proved")


def choice_line(one: ProgrammeChoice) -> Phrase:
    """One programme's choice in a sentence."""
    if one.by_mean < 0:
        return NONE
    mean, regret = one.sets[one.by_mean].name, one.sets[one.by_regret].name
    value, greatest = one.mean[one.by_mean, 0], one.table.greatest[one.by_regret, 0]
    goal, proofs = _leading(one), (_mean_proof(one), _regret_proof(one))
    return Phrase(
        f"按加权平均选“{mean.zh}”：{goal.zh} {value:,.0f}，下界 {one.bound:,.0f}（{proofs[0].zh}）；"
        f"按最大后悔值选“{regret.zh}”：{greatest:,.0f}（{proofs[1].zh}）。"
        f"无悔校址 {len(one.steady)} 处，只在一个情景有用的 {len(one.single)} 处。",
        f"By the mean '{mean.en}': {goal.en} {value:,.0f}, bound {one.bound:,.0f} ({proofs[0].en}); "
        f"by the greatest regret '{regret.en}': {greatest:,.0f} ({proofs[1].en}). "
        f"{len(one.steady)} no-regret sites, {len(one.single)} that pay in one scenario only.",
    )


def _leading(one: ProgrammeChoice) -> Phrase:
    return goal_name(one.table.goal[0], one.radius_m)


def regrets_table(choices: Sequence[ProgrammeChoice], language: Language) -> Table:
    """后悔值: every set and goal; value and regret in every scenario, the weighted mean and the greatest regret."""
    scenarios = choices[0].table.scenario if choices else ()
    headers = [PROGRAMME, SET, GOAL]
    for name in scenarios:
        headers.append(Header(Phrase(f"{name}（值）", f"{name} (value)"), 14, WHOLE))
        headers.append(Header(Phrase(f"{name}（后悔值）", f"{name} (regret)"), 14, WHOLE))
    headers.append(Header(Phrase("加权平均值", "weighted mean"), 13, WHOLE))
    headers.append(Header(Phrase("最大后悔值", "greatest regret"), 13, WHOLE))
    rows = (row for one in choices for row in _regret_rows(one, language))
    title = Phrase(
        "后悔值表（越小越好；空格：该情景名额不允许或没有方案）", "Regrets (less is better; blank: not possible there)"
    )
    return table_in(Phrase("后悔值", "Regrets"), title, headers, rows, language)


def _regret_rows(one: ProgrammeChoice, language: Language) -> Iterator[Row]:
    table = one.table
    for place, its in enumerate(one.sets):
        marks = [mark for mark, best in ((" ◎", one.by_mean), (" △", one.by_regret)) if best == place]
        for goal, word in enumerate(table.goal):
            pairs = zip(table.value[place, :, goal].tolist(), table.regret[place, :, goal].tolist(), strict=True)
            yield (
                programme_name(one).said_in(language),
                its.name.said_in(language) + "".join(marks),
                goal_name(word, one.radius_m).said_in(language),
                *(number for pair in pairs for number in pair),
                float(one.mean[place, goal]),
                float(table.greatest[place, goal]),
            )


def _sites(choices: Sequence[ProgrammeChoice], language: Language) -> Table:
    """校址: every site some scenario's plan builds or extends, in how many, and which choice has it."""
    headers = (
        PROGRAMME,
        Header(Phrase("校址编号", "site"), 22, ""),
        Header(Phrase("名称", "name"), 28, ""),
        Header(Phrase("情景数", "scenarios"), 8, WHOLE),
        Header(Phrase("占比", "share"), 8, SHARE),
        Header(Phrase("判断", "judgement"), 30, ""),
        Header(Phrase("加权平均方案", "by the mean"), 12, ""),
        Header(Phrase("最大后悔值方案", "by the regret"), 12, ""),
    )
    rows = (row for one in choices for row in _site_rows(one, language))
    return table_in(Phrase("校址", "Sites"), Phrase("各情景的校址", "Sites of all scenarios"), headers, rows, language)


def _site_rows(one: ProgrammeChoice, language: Language) -> Iterator[Row]:
    every = len(one.table.scenario)
    for site in one.proposed:
        held = [
            YES.said_in(language) if _has(one, place, site.site_id) else "" for place in (one.by_mean, one.by_regret)
        ]
        count = float(len(site.scenarios))
        name = programme_name(one).said_in(language)
        judged = _judged(one, site.scenarios).said_in(language)
        yield name, site.site_id, site.name, count, count / every if every else math.nan, judged, *held


YES = Phrase("是", "yes")


def _has(one: ProgrammeChoice, place: int, site: str) -> bool:
    return place >= 0 and site in one.sets[place].new | one.sets[place].extend


def _judged(one: ProgrammeChoice, scenarios: tuple[str, ...]) -> Phrase:
    every = len(one.table.scenario)
    if len(scenarios) == every:
        return Phrase("无悔：每个情景都有", "no regret: in every scenario")
    if len(scenarios) == 1:
        return Phrase(f"只在一个情景有用：{scenarios[0]}", f"pays in one scenario only: {scenarios[0]}")
    return Phrase("部分情景", "in some scenarios")

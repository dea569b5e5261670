"""Indicators with their formula and source, and who answers for which clause, as tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from siting.audit import Audit
from siting.demand.figures import Certainty
from siting.demand.indicators import Indicator
from siting.demand.measured import Walked, measured, walks_of_plan
from siting.demand.measures import Measured
from siting.demand.pupils import knows_pupils
from siting.export.facts import number
from siting.export.in_language import Header, table_in
from siting.export.result import Existing, Result
from siting.export.tables import TENTH, WHOLE, Row, Table
from siting.plan import Plan
from siting.project import Asked, Project, programme_name
from siting.rules.base import Rule, RuleBook
from siting.study import StudyArea
from siting.words import Language, Phrase, name_some

PERCENT = Phrase("%", "%")
UNITS: Mapping[str, Phrase] = {
    "pupils/pupils": PERCENT,
    "children/children": PERCENT,
    "kindergartens/kindergartens": PERCENT,
    "places/1000 residents": Phrase("个/千人", "places/1000 residents"),
    "schools": Phrase("所", "schools"),
    "beds": Phrase("床", "beds"),
    "yuan/pupil/year": Phrase("元/生·年", "yuan/pupil/year"),
}
"""Every unit of an indicator; shares are told in hundredths."""

CERTAINTY: Mapping[Certainty, Phrase] = {
    "P": Phrase("计划原文", "the plan's own text"),
    "S": Phrase("公开文本，转引", "public text, at second hand"),
    "K-H": Phrase("一般知识，把握较大，用前核对", "general knowledge, fairly sure: look it up"),
    "K-M": Phrase("一般知识，把握中等，用前核对", "general knowledge, half sure: look it up"),
    "K-L": Phrase("一般知识，把握不大，用前核对", "general knowledge, hardly sure: look it up"),
    "C": Phrase("由所引数字算得", "worked out of what is cited"),
}

NAMED = 8
"""Schools or villages named in one cell."""


def plan_measures(result: Result) -> tuple[Table, ...]:
    """The sheets 指标 and 责任单位 of a plan's workbook."""
    said = indicators(result.area, result.project, result.book, result.plan)
    return (measures_table(said), responsible_table(result.plan.parts, result.book, result.plan))


def audit_measures(existing: Existing) -> tuple[Table, ...]:
    """The same of an audit's: boarding by the way to the nearest school there is."""
    said = measured(existing.area, existing.book, walks_of_audit(existing.audit, existing.area, existing.project))
    return (measures_table(said), responsible_table(existing.audit.programmes, existing.book))


def indicators(area: StudyArea, project: Project, book: RuleBook, plan: Plan | None = None) -> tuple[Measured, ...]:
    """The indicators of a study; boarding only where a plan says who goes where."""
    return measured(area, book, () if plan is None else walks_of_plan(plan, area, project))


def walks_of_audit(audit: Audit, area: StudyArea, project: Project) -> tuple[Walked, ...]:
    """The rural units of an audit, tier by tier, with the way to the nearest school; tiers whose pupils nobody knows,
    and kindergartens, are left out."""
    rural = audit.walks[(audit.walks["area"] == "rural") & audit.walks["mean_m"].notna()]
    tiers = [tier for tier in dict.fromkeys(one.tier for one in audit.programmes) if tier != "kindergarten"]
    frames = [
        (tier, rural[rural["tier"] == tier]) for tier in tiers if knows_pupils(area, tier, project.pupils_per_1000)
    ]
    return tuple(
        Walked(tier, tuple(own["name"]), own["children"].to_numpy(float), own["mean_m"].to_numpy(float))
        for tier, own in frames
        if len(own)
    )


# --- indicators ------------------------------------------------------------------------------------------------


def measures_table(found: Sequence[Measured], language: Language = "zh") -> Table:
    """指标: every indicator with its value, target, whom it speaks of, how it is worked out and where from."""
    headers = (
        *_SHORT,
        Header(Phrase("涉及学校（村）", "of whom"), 34),
        Header(Phrase("计算方法", "formula"), 40),
        Header(Phrase("依据", "source"), 30),
        Header(Phrase("把握程度", "certainty"), 18),
        Header(Phrase("无统计未计入（个）", "left out, not counted"), 11, WHOLE),
        Header(Phrase("未计入的学校（村）", "who is left out"), 34),
    )
    rows = ((*_short(one, language), *_long(one, language)) for one in found)
    return table_in(_TAB, Phrase("学校布局指标表", "Indicators"), headers, rows, language)


def short_measures_table(found: Sequence[Measured], language: Language) -> Table:
    """The same without where it comes from, for a terminal."""
    headers = (*_SHORT, Header(Phrase("无统计未计入（个）", "left out"), 11, WHOLE))
    rows = ((*_short(one, language), len(one.left_out)) for one in found)
    return table_in(_TAB, _TAB, headers, rows, language)


_TAB = Phrase("指标", "Indicators")

_SHORT = (
    Header(Phrase("指标", "indicator"), 30),
    Header(Phrase("数值", "value"), 11, TENTH),
    Header(Phrase("单位", "unit"), 11),
    Header(Phrase("目标", "target"), 9, TENTH),
    Header(Phrase("是否达到", "reached"), 9),
)


def _short(one: Measured, language: Language) -> Row:
    its = one.indicator
    times = 100.0 if UNITS[its.unit] is PERCENT else 1.0
    reached = _REACHED[one.is_reached] if not math.isnan(its.target) else _NO_TARGET
    said = (its.name, UNITS[its.unit], reached)
    name, unit, word = (phrase.said_in(language) for phrase in said)
    return name, times * one.value, unit, times * its.target, word


_REACHED: Mapping[bool | None, Phrase] = {
    True: Phrase("达到", "reached"),
    False: Phrase("未达到", "not reached"),
    None: Phrase("无统计", "not counted"),
}
_NO_TARGET = Phrase("无目标", "no target")


def _long(one: Measured, language: Language) -> Row:
    its, left_out = one.indicator, list(dict.fromkeys(one.left_out))
    formula, sure = (said.said_in(language) for said in (its.formula, CERTAINTY[its.certainty]))
    return _some(one.where, language), formula, its.source, sure, len(one.left_out), _some(left_out, language)


def _some(names: Sequence[str], language: Language) -> str:
    return name_some(list(dict.fromkeys(names)), NAMED).said_in(language)


def measure_facts(one: Measured) -> Mapping[str, object]:
    """One indicator for machines; its value and target as they are, shares between 0 and 1."""
    its: Indicator = one.indicator
    return {
        "indicator": its.id,
        "name": {"zh": its.name.zh, "en": its.name.en},
        "value": number(one.value),
        "unit": its.unit,
        "target": number(its.target),
        "is_reached": one.is_reached,
        "where": list(one.where),
        "left_out": list(one.left_out),
        "formula": {"zh": its.formula.zh, "en": its.formula.en},
        "source": its.source,
        "certainty": its.certainty,
    }


# --- who answers for a clause ----------------------------------------------------------------------------------


def responsible_table(asked: Sequence[Asked], book: RuleBook, plan: Plan | None = None) -> Table:
    """责任单位: every clause that speaks to what was asked, whom it charges, and how many projects rest on it."""
    headers = [
        Header(Phrase("条款", "rule"), 20),
        Header(Phrase("项目类别", "programmes"), 24),
        Header(Phrase("条文", "says"), 50),
        Header(Phrase("责任单位", "responsible"), 44),
        Header(Phrase("依据该条的新建、扩建（个）", "projects that rest on it"), 12, WHOLE),
        Header(Phrase("出处", "source"), 28),
    ]
    resting = (
        Counter(site.clause for part in plan.parts for site in part.sites if site.action != "keep") if plan else {}
    )
    rows = list(_responsible_rows(asked, book, resting))
    if plan is None:
        headers.pop(4)
        rows = [(*row[:4], *row[5:]) for row in rows]
    tab = Phrase("责任单位", "Responsible")
    return table_in(tab, Phrase("各条款责任单位一览表", "Who answers for which clause"), headers, rows, "zh")


def _responsible_rows(asked: Sequence[Asked], book: RuleBook, resting: Mapping[str, int]) -> Iterator[Row]:
    for rule, programmes in _clauses(asked, book):
        names = "、".join(dict.fromkeys(programme_name(one).zh for one in programmes))
        charged = rule.responsible or "条文未列"
        yield rule.id, names, rule.says.zh, charged, resting.get(rule.id, 0), rule.source


def _clauses(asked: Sequence[Asked], book: RuleBook) -> Iterator[tuple[Rule, list[Asked]]]:
    """Every rule that speaks to something asked, in the order of the text, with all it speaks to."""
    for rule in book.rules:
        spoken_to = [one for one in asked if rule in book.of(one.tier, one.area)]
        if spoken_to:
            yield rule, spoken_to

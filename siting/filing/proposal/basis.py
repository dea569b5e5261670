"""编制依据: every clause that speaks to a programme, with its number, its source, and whether the plan keeps it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from siting.export.tables import UNIT_NAMES
from siting.filing.dossier import Norm
from siting.filing.proposal.blocks import Block, Field, Grid, Heading, Paragraph
from siting.filing.proposal.filed import Filed
from siting.filing.proposal.shown import decimals
from siting.plan import TierPlan
from siting.rules.base import Rule
from siting.rules.gather import book_with_budget
from siting.rules.verdict import Check
from siting.words import Phrase

KEPT: Mapping[bool | None, Phrase] = {
    True: Phrase("符合", "kept"),
    False: Phrase("不符合", "broken"),
    None: Phrase("未核查", "not tested"),
}
STRENGTH: Mapping[str, Phrase] = {"must": Phrase("必须", "must"), "should": Phrase("应当", "should")}


def basis(filed: Filed) -> Iterator[Block]:
    """The second chapter."""
    book = filed.dossier.result.book
    yield Heading(1, filed.said("编制依据", "Basis"))
    yield Paragraph(
        filed.said(
            f"依据《{book.title.zh.strip('《》')}》，逐条列出与本次布局有关的条文、数值、出处和核查结果。"
            "核查由独立程序根据方案重新计算。标“*”的数值未在原文中核对，引用前须核对。",
            f"The clauses of {book.title.en} that bear on this plan, each with its number, source and verdict, which "
            "separate code computes again from the plan. Numbers marked * were not read in the source's own text.",
        )
    )
    for part, _ in filed.parts():
        yield _clauses(filed, part)
    if filed.dossier.norms:
        yield _norms(filed, filed.dossier.norms)


def _clauses(filed: Filed, part: TierPlan) -> Grid:
    fields = (
        Field(filed.said("条款", "clause"), 31),
        Field(filed.said("条文", "says"), 42),
        Field(filed.said("数值", "value"), 26),
        Field(filed.said("力度", "force"), 12),
        Field(filed.said("出处", "source"), 30),
        Field(filed.said("核查", "verdict"), 13),
    )
    mine = [check for check in filed.dossier.result.checks if check.programme == part.programme]
    verdict = {check.rule: check for check in sorted(mine, key=_worst_last)}
    rows = tuple(_clause(filed, rule, verdict.get(rule.id)) for rule in _rules(filed, part))
    return Grid(filed.said(f"{filed.name(part)}依据条款", f"Clauses: {filed.name(part)}"), fields, rows)


def _worst_last(check: Check) -> int:
    return (True, None, False).index(check.kept)


def _rules(filed: Filed, part: TierPlan) -> Sequence[Rule]:
    view, book = filed.views.get(part.programme), filed.dossier.result.book
    return (book if view is None else book_with_budget(book, view.asked)).of(part.tier, part.area)


def _clause(filed: Filed, rule: Rule, check: Check | None) -> tuple[str, ...]:
    verdict = KEPT[check.kept if check else None]
    mark = "*" if rule.verify else ""
    said = filed.dossier.said
    number = value_of(rule, filed.dossier.settings.language == "zh")
    source = rule.source or filed.said("研究文件", "study file")
    return rule.id, said(rule.says), number + mark, said(STRENGTH[rule.strength]), source, said(verdict)


def value_of(rule: Rule, is_chinese: bool) -> str:
    """The number of a clause with its unit; "" for one without."""
    unit = UNIT_NAMES.get(rule.unit, rule.unit) if is_chinese else rule.unit
    if rule.menu:
        return f"{('、' if is_chinese else ', ').join(str(size) for size in rule.menu)} {unit}"
    if not math.isnan(rule.value):
        return f"{_short(rule.value)} {unit}"
    if not math.isnan(rule.lower) and not math.isnan(rule.upper):
        return f"{_short(rule.lower)}–{_short(rule.upper)} {unit}"
    if not math.isnan(rule.lower):
        return f"≥ {_short(rule.lower)} {unit}"
    return "" if math.isnan(rule.upper) else f"≤ {_short(rule.upper)} {unit}"


def _short(value: float) -> str:
    return decimals(value, 0 if value == round(value) else 2)


def _norms(filed: Filed, norms: Sequence[Norm]) -> Grid:
    fields = (
        Field(filed.said("估算指标", "figure of estimates"), 48),
        Field(filed.said("数值", "value"), 14, True),
        Field(filed.said("单位", "unit"), 22),
        Field(filed.said("出处", "source"), 58),
        Field(filed.said("原文核对", "read in source"), 14),
    )
    read = {True: filed.said("已核对", "yes"), False: filed.said("未核对", "no")}
    said = filed.dossier.said
    rows = tuple((said(n.name), decimals(n.value, 2), said(n.unit), said(n.source), read[n.is_read]) for n in norms)
    return Grid(filed.said("用地、建筑面积和投资的估算指标", "Figures behind land, floor and money"), fields, rows)

"""What a rulebook allows one programme, rule after rule; the study's own budget comes before the book's."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from siting.project import Budget, Programme
from siting.rules.base import Rule, RuleBook
from siting.rules.kinds import KINDS
from siting.rules.terms import Terms
from siting.words import Phrase


def terms_for(book: RuleBook, programme: Programme) -> Terms:
    """Everything the rulebook and the study's budget say to a programme."""
    terms = Terms()
    for rule in book_with_budget(book, programme).of(programme.tier, programme.area):
        terms = KINDS[rule.kind].restrict(rule, terms)
    return _banded(terms)


def _banded(terms: Terms) -> Terms:
    """The terms where one school per so many residents is all that is said of a school's size: its band too."""
    if terms.lower > 0 or math.isfinite(terms.upper):
        return terms
    by_count = {"lower": "per_school_lower", "upper": "per_school_upper"}
    clause = {word: terms.clause[counted] for word, counted in by_count.items() if counted in terms.clause}
    return replace(terms, lower=terms.per_school_lower, upper=terms.per_school_upper, clause={**terms.clause, **clause})


def book_with_budget(book: RuleBook, programme: Programme) -> RuleBook:
    """The book in which a programme's project counts are those of the study, where the study states a budget.

    The counts of other programmes stay. A word the budget leaves out is unlimited.
    """
    if programme.budget == Budget():
        return book
    spoken_to = book.of(programme.tier, programme.area)
    kept = [rule for rule in book.rules if rule.kind != "project_count" or rule not in spoken_to]
    return replace(book, rules=(*kept, *_budget_rules(programme)))


def _budget_rules(programme: Programme) -> list[Rule]:
    budget = programme.budget
    words = (
        ("STUDY-NEW", "new builds", budget.new, budget.new_exact),
        ("STUDY-EXTEND", "extensions", budget.extend, budget.extend_exact),
    )
    return [
        _budget_rule(programme, rule_id, unit, count, is_exact)
        for rule_id, unit, count, is_exact in words
        if count is not None
    ]


def _budget_rule(programme: Programme, rule_id: str, unit: str, count: int, is_exact: bool) -> Rule:
    return Rule(
        id=rule_id,
        kind="project_count",
        tier=programme.tier,
        area=programme.area,
        strength="must",
        unit=unit,
        in_force=date.min,
        source="study.toml",
        says=Phrase(f"研究文件规定的项目数：{count}", f"Projects as the study file budgets them: {count}"),
        value=float(count) if is_exact else math.nan,
        upper=math.nan if is_exact else float(count),
    )

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from siting.project import Budget, Programme
from siting.rules.base import Rule, RuleBook
from siting.rules.book import read_rulebook
from siting.rules.gather import book_with_budget, terms_for
from siting.rules.kinds import KINDS
from siting.rules.terms import Terms
from siting.words import both

BOOK = read_rulebook("dingzhou-2021")
RURAL = Programme("kindergarten-rural", "kindergarten", "rural")
URBAN = Programme("kindergarten-urban", "kindergarten", "urban")


def test_rural_kindergartens() -> None:
    terms = terms_for(BOOK, RURAL)
    assert (terms.radius_m, terms.lower, terms.upper) == (1500, 3000, 5000)
    assert (terms.own_school_from, terms.is_joint) == (3000, True)
    assert (terms.class_size, terms.menu) == (30, (1, 2, 3, 4, 6, 9, 12))
    assert terms.operators == {"public", "quasi_public", "inclusive"}
    assert (terms.new, terms.extend) == (None, None)
    assert terms.clause["radius_m"] == "KG-R-REACH"
    assert terms.clause["upper"] == "KG-R-POP-UPPER"


def test_urban_kindergartens_have_a_budget_and_no_radius() -> None:
    terms = terms_for(BOOK, URBAN)
    assert math.isinf(terms.radius_m)
    assert (terms.lower, terms.upper, terms.operators) == (3000, 12000, {"public"})
    assert (terms.per_school_lower, terms.per_school_upper) == (3000, 12000)
    assert (terms.new, terms.extend, terms.new_exact) == (6, 1, False)
    assert terms.clause["new"] == "KG-U-PROJECTS-NEW"


def test_schools_in_towns() -> None:
    primary = terms_for(BOOK, Programme("primary-urban", "primary", "urban"))
    junior = terms_for(BOOK, Programme("junior-urban", "junior", "urban"))
    assert (primary.lower, primary.upper, primary.new, primary.extend) == (7000, 20000, 5, 10)
    assert (junior.lower, junior.upper, junior.new, junior.extend) == (20000, 40000, 4, 2)
    assert (primary.class_size, junior.class_size) == (45, 50)
    assert primary.operators == junior.operators == frozenset()


def test_the_budget_of_the_study_comes_first() -> None:
    terms = terms_for(BOOK, replace(URBAN, budget=Budget(new=3, new_exact=True)))
    assert (terms.new, terms.new_exact) == (3, True)
    assert terms.extend is None  # the study's budget leaves extensions open
    assert terms.clause["new"] == "STUDY-NEW"


def test_the_budget_of_one_programme_leaves_the_others_alone() -> None:
    book = book_with_budget(BOOK, replace(URBAN, budget=Budget(new=3, extend=2)))
    counts = {rule.id: rule.upper for rule in book.rules if rule.kind == "project_count"}
    assert counts == {
        "STUDY-NEW": 3,
        "STUDY-EXTEND": 2,
        "PRI-PROJECTS-NEW": 5,
        "PRI-PROJECTS-EXTEND": 10,
        "JUN-PROJECTS-NEW": 4,
        "JUN-PROJECTS-EXTEND": 2,
    }


def test_without_a_budget_the_book_stays_as_it_is() -> None:
    assert book_with_budget(BOOK, URBAN) is BOOK


def _restricted(*rules: Rule) -> Terms:
    book = RuleBook("b", both("b"), rules)
    return terms_for(book, URBAN)


def _rule(rule_id: str, **numbers: object) -> Rule:
    return replace(next(rule for rule in BOOK.rules if rule.id == rule_id), area="urban", **numbers)


@pytest.mark.parametrize(
    ("rule_id", "key", "loose", "tight", "word", "expected"),
    [
        ("KG-R-REACH", "value", 1500.0, 300.0, "radius_m", 300.0),
        ("KG-R-POP-LOWER", "lower", 3000.0, 5000.0, "lower", 5000.0),
        ("KG-R-POP-UPPER", "upper", 12000.0, 5000.0, "upper", 5000.0),
        ("KG-R-OWN", "value", 4000.0, 3000.0, "own_school_from", 3000.0),
        ("KG-CLASS", "value", 35.0, 25.0, "class_size", 25.0),
        ("KG-MENU", "menu", (6, 9, 12), (9, 12), "menu", (9, 12)),
        ("KG-U-COUNT", "lower", 3000.0, 4000.0, "per_school_lower", 4000.0),
        ("KG-U-COUNT", "upper", 12000.0, 9000.0, "per_school_upper", 9000.0),
    ],
)
def test_of_two_rules_the_tighter_one_counts_in_either_order(
    rule_id: str, key: str, loose: object, tight: object, word: str, expected: object
) -> None:
    rules = _rule(rule_id, id="LOOSE", **{key: loose}), _rule(rule_id, id="TIGHT", **{key: tight})
    for order in (rules, rules[::-1]):
        terms = _restricted(*order)
        assert getattr(terms, word) == expected
        if key != "menu":
            assert terms.clause[word] == "TIGHT"


def test_operators_are_those_every_rule_speaks_of() -> None:
    wide = _rule("KG-R-REACH", id="WIDE")
    public = _rule("KG-U-POP-UPPER", id="PUBLIC")
    assert _restricted(wide, public).operators == _restricted(public, wide).operators == {"public"}


@pytest.mark.parametrize("kind", ["share_target", "new_operator", "small_school", "indicator", "statement"])
def test_kinds_that_only_judge_restrict_nothing(kind: str) -> None:
    rule = next(rule for rule in BOOK.rules if rule.kind == kind)
    assert KINDS[kind].restrict(rule, Terms()) == Terms()

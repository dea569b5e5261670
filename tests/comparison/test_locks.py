from __future__ import annotations

from dataclasses import replace

import pytest
import two_plans

from siting.comparison import compare, own_locks
from siting.project import Lock
from siting.words import Phrase

VETO = Lock("N2", "kindergarten", "forbid", Phrase("用地未落实", "no land"))
MUST = Lock("N6", "kindergarten", "require", Phrase("", ""))


def locked(made: two_plans.Made, *locks: Lock) -> two_plans.Made:
    return replace(made, project=replace(made.project, locks=locks))


def other_in_the_same_place() -> two_plans.Made:
    """The other plan without its estate: the same question but for its locks."""
    base, other = two_plans.base(), two_plans.other()
    (part,) = other.plan.parts
    given = tuple(one for one in part.assignments if one.unit_id != "E8")
    sites = tuple(replace(site, units=tuple(u for u in site.units if u != "E8")) for site in part.sites)
    part = replace(part, assignments=given, sites=sites)
    return replace(base, plan=replace(base.plan, parts=(part,)))


def test_the_price_of_a_veto_against_the_plan_without_it() -> None:
    """Not covered 1700 without, 1200 + 1300 = 2500 with; the walk 8,800,000 without, 10,200,000 - 1,000,000 with."""
    base, other = two_plans.base(), locked(other_in_the_same_place(), VETO)
    (price,) = compare(base, other).prices
    found = {pair.key: (pair.base, pair.other, pair.difference) for pair in price.measures}
    assert price.what.zh == "不得在第2村新建、扩建"
    assert (price.reason.zh, price.programme) == ("用地未落实", "kindergarten-rural")
    assert found["uncovered"] == (1700, 2500, 800)
    assert found["walk"] == (8_800_000, 9_200_000, 400_000)
    assert found["cost_points"] == (4, 3, -1)
    assert found["money_wan_yuan"] == pytest.approx((960.75, 768.6, -192.15))


def test_each_lock_has_its_price_where_a_plan_without_it_is_given() -> None:
    base, other = two_plans.base(), locked(other_in_the_same_place(), VETO, MUST)
    prices = compare(base, other, without={(VETO,): base, (MUST,): locked(other, VETO)}).prices
    assert [price.reason.en for price in prices] == ["no land", ""]
    assert prices[1].what == Phrase("必须在第6村幼儿园建设", "第6村幼儿园 must be built")
    assert {pair.difference for pair in prices[1].measures} == {0}


def test_a_required_extension_is_called_one() -> None:
    base, grow = two_plans.base(), Lock("S5", "kindergarten", "require", Phrase("", ""))
    other = locked(other_in_the_same_place(), grow)
    assert [price.what.zh for price in compare(base, other).prices] == ["必须扩建第5村幼儿园"]


def test_locks_are_priced_together_only_where_nothing_else_differs() -> None:
    base = two_plans.base()
    together = compare(base, locked(other_in_the_same_place(), VETO, MUST)).prices
    assert [price.what.en for price in together] == ["nothing may be built at 第2村; 第6村幼儿园 must be built"]
    assert compare(base, locked(two_plans.other(), VETO)).prices == ()
    assert compare(base, other_in_the_same_place()).prices == ()


def test_a_lock_of_both_plans_is_no_lock_of_the_scenario() -> None:
    base = locked(two_plans.base(), VETO)
    other = locked(other_in_the_same_place(), VETO, MUST)
    assert own_locks(base, other) == (MUST,)
    assert compare(base, base).prices == ()

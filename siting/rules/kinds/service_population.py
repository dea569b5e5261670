"""Each school serves so many residents, counted by assignment and never by who lives inside a ring."""

from __future__ import annotations

import math

from siting.rules.base import Rule
from siting.rules.kinds.kind import (
    TOLERANCE,
    Finding,
    Kind,
    conclude,
    counted,
    listed,
    seats_suffice,
    settle,
    settle_operators,
    untested,
    villages_of,
)
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase, both


def restrict(rule: Rule, terms: Terms) -> Terms:
    """The narrowest band of all rules is the one that counts."""
    terms = settle_operators(terms, rule)
    if rule.lower > terms.lower:
        terms = settle(terms, rule, lower=rule.lower)
    return settle(terms, rule, upper=rule.upper) if rule.upper < terms.upper else terms


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every school the rule speaks of serves residents within the bounds, or may exceed the upper one."""
    return conclude(rule, seen, _found(rule, seen))


def may_exceed(school: Served, seen: Evidence) -> Phrase | None:
    """Why a school with enough seats may serve more than the upper bound; None where it may not."""
    if not seats_suffice(school):
        return None
    if school.action == "extend":
        return Phrase("扩建后学位足够", "extended, seats suffice")
    if len(villages_of(school, seen)) == 1:
        return Phrase("大村独办且学位足够", "one large village alone, seats suffice")
    return None


def _found(rule: Rule, seen: Evidence) -> Finding:
    schools = counted(rule, seen)
    if not schools:
        return untested(_limit(rule), Phrase("没有学校可核查。", "No school to test."))
    above = [school for school in schools if _is_above(rule, school)]
    exempt = [school for school in above if may_exceed(school, seen)]
    broken = [school for school in schools if _is_below(rule, school) or (school in above and school not in exempt)]
    broken.sort(key=lambda school: -_miss(rule, school))
    evidence = listed([_name(school) for school in broken], _all_within(rule, schools), _outside(rule))
    measured = broken[0].residents if broken else _nearest_limit(rule, schools)
    where = tuple(school.name for school in (*broken, *exempt))
    return Finding(not broken, measured, _limit(rule), where, _with_exempt(evidence, exempt, seen))


def _is_below(rule: Rule, school: Served) -> bool:
    return school.residents < rule.lower - TOLERANCE


def _is_above(rule: Rule, school: Served) -> bool:
    return school.residents > rule.upper + TOLERANCE


def _miss(rule: Rule, school: Served) -> float:
    return rule.lower - school.residents if _is_below(rule, school) else school.residents - rule.upper


def _limit(rule: Rule) -> float:
    return rule.lower if math.isnan(rule.upper) else rule.upper


def _nearest_limit(rule: Rule, schools: list[Served]) -> float:
    loads = [school.residents for school in schools]
    return min(loads) if math.isnan(rule.upper) else max(loads)


def _name(school: Served) -> Phrase:
    return Phrase(f"{school.name}（{school.residents:,.0f} 人）", f"{school.name} ({school.residents:,.0f} residents)")


def band(rule: Rule) -> Phrase:
    """The bounds as words: 3,000-5,000 residents, at least 3,000, at most 5,000."""
    if math.isnan(rule.upper):
        return Phrase(f"不少于 {rule.lower:,.0f} 人", f"at least {rule.lower:,.0f} residents")
    if math.isnan(rule.lower):
        return Phrase(f"不超过 {rule.upper:,.0f} 人", f"at most {rule.upper:,.0f} residents")
    return Phrase(f"{rule.lower:,.0f}-{rule.upper:,.0f} 人", f"{rule.lower:,.0f}-{rule.upper:,.0f} residents")


def _all_within(rule: Rule, schools: list[Served]) -> Phrase:
    loads, limits = [school.residents for school in schools], band(rule)
    return Phrase(
        f"{len(schools)} 所学校的服务人口均符合“{limits.zh}”，实际 {min(loads):,.0f}-{max(loads):,.0f} 人。",
        f"All {len(schools)} schools keep to {limits.en}; they serve {min(loads):,.0f}-{max(loads):,.0f}.",
    )


def _outside(rule: Rule) -> Phrase:
    limits = band(rule)
    return Phrase(f"服务人口应为{limits.zh}，不符合", f"Outside {limits.en}")


def _with_exempt(evidence: Phrase, exempt: list[Served], seen: Evidence) -> Phrase:
    """The evidence, and after it the schools that may exceed the upper bound, each with its ground."""
    for school in exempt:
        ground = may_exceed(school, seen) or both("")
        evidence = Phrase(
            f"{evidence.zh}{school.name} {school.residents:,.0f} 人：{ground.zh}。",
            f"{evidence.en} {school.name} with {school.residents:,.0f}: {ground.en}.",
        )
    return evidence


KIND = Kind(restrict, check, units=("residents",), any_of=frozenset({"lower", "upper"}), may=frozenset({"operators"}))

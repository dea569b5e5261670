"""So many pupils to a class, and as many seats as classes hold."""

from __future__ import annotations

import math

from siting.rules.base import Rule
from siting.rules.kinds.kind import TOLERANCE, Finding, Kind, conclude, counted, listed, settle, untested
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase


def restrict(rule: Rule, terms: Terms) -> Terms:
    """The smallest class of all rules is the one that counts."""
    if "class_size" in terms.clause and terms.class_size <= rule.value:
        return terms
    return settle(terms, rule, class_size=rule.value)


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when no school has more pupils per class; schools whose classes nobody counted are left out and named."""
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    schools = counted(rule, seen)
    known = [school for school in schools if school.classes > 0]
    if not known:
        return untested(rule.value, Phrase("没有已知班数的学校。", "No school's classes are known."))
    broken = [school for school in known if school.pupils > rule.value * school.classes + TOLERANCE]
    broken.sort(key=_pupils_per_class, reverse=True)
    evidence = listed([_name(school) for school in broken], _all_within(rule, known), _too_many(rule))
    left_out = sum(math.isnan(school.classes) for school in schools)
    measured = max(_pupils_per_class(school) for school in known)
    return Finding(
        not broken, measured, rule.value, tuple(school.name for school in broken), _noting(evidence, left_out)
    )


def _pupils_per_class(school: Served) -> float:
    return school.pupils / school.classes


def _name(school: Served) -> Phrase:
    mean = _pupils_per_class(school)
    return Phrase(f"{school.name}（每班 {mean:.1f} 人）", f"{school.name} ({mean:.1f} per class)")


def _all_within(rule: Rule, known: list[Served]) -> Phrase:
    most = max(_pupils_per_class(school) for school in known)
    return Phrase(
        f"{len(known)} 所学校每班均不超过 {rule.value:g} 人，最多 {most:.1f} 人。",
        f"None of {len(known)} schools has more than {rule.value:g} pupils per class; the most is {most:.1f}.",
    )


def _too_many(rule: Rule) -> Phrase:
    return Phrase(f"每班超过 {rule.value:g} 人", f"More than {rule.value:g} pupils per class")


def _noting(evidence: Phrase, left_out: int) -> Phrase:
    if not left_out:
        return evidence
    return Phrase(
        f"{evidence.zh}另有 {left_out} 所班数不详。", f"{evidence.en} Classes of {left_out} more are unknown."
    )


KIND = Kind(restrict, check, units=("pupils/class",), needs=frozenset({"value"}), may=frozenset({"operators"}))

"""New and extended schools have one of the usual numbers of classes."""

from __future__ import annotations

from siting.rules.base import Rule
from siting.rules.kinds.kind import Finding, Kind, conclude, counted, listed, settle, untested
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase


def restrict(rule: Rule, terms: Terms) -> Terms:
    """Only the sizes that every rule so far allows."""
    menu = tuple(size for size in rule.menu if not terms.menu or size in terms.menu)
    return settle(terms, rule, menu=menu)


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when every new or extended school has a size of the menu; schools kept as they are may have any."""
    return conclude(rule, seen, _found(rule, seen))


def _found(rule: Rule, seen: Evidence) -> Finding:
    built = [school for school in counted(rule, seen) if school.action != "keep"]
    if not built:
        return untested(float(rule.menu[-1]), Phrase("没有新建或扩建的学校。", "Nothing is built or extended."))
    broken = [school for school in built if school.classes not in rule.menu]
    sizes = "/".join(str(size) for size in rule.menu)
    evidence = listed(
        [_name(school) for school in broken],
        Phrase(
            f"{len(built)} 所新建、扩建学校的班数均在 {sizes} 之内。",
            f"All {len(built)} projects have {sizes} classes.",
        ),
        Phrase(f"班数不在 {sizes} 之内", f"Not {sizes} classes"),
    )
    measured = max(school.classes for school in broken or built)
    return Finding(not broken, measured, float(rule.menu[-1]), tuple(school.name for school in broken), evidence)


def _name(school: Served) -> Phrase:
    return Phrase(f"{school.name}（{school.classes:g} 班）", f"{school.name} ({school.classes:g} classes)")


KIND = Kind(restrict, check, units=("classes",), needs=frozenset({"menu"}), may=frozenset({"operators"}))

"""So many schools are newly built, so many extended: at most (upper) or exactly (value)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from siting.rules.base import Rule
from siting.rules.kinds.kind import Finding, Kind, conclude, settle
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence
from siting.words import Phrase

ACTION_OF: Mapping[str, str] = {"new builds": "new", "extensions": "extend"}
NAME_OF: Mapping[str, Phrase] = {"new": Phrase("新建", "new builds"), "extend": Phrase("扩建", "extensions")}


def restrict(rule: Rule, terms: Terms) -> Terms:
    """The count as a budget of new builds or of extensions."""
    is_exact = not math.isnan(rule.value)
    count = int(rule.value if is_exact else rule.upper)
    if ACTION_OF[rule.unit] == "new":
        return settle(terms, rule, new=count, new_exact=is_exact)
    return settle(terms, rule, extend=count, extend_exact=is_exact)


def check(rule: Rule, seen: Evidence) -> Check:
    """Kept when the plan has no more such projects than the rule allows, or exactly as many as it states."""
    action = ACTION_OF[rule.unit]
    done = [school.name for school in seen.schools if school.action == action]
    limit, is_exact = (rule.upper, False) if math.isnan(rule.value) else (rule.value, True)
    is_kept = len(done) == limit if is_exact else len(done) <= limit
    evidence = _said(NAME_OF[action], len(done), limit, is_exact)
    return conclude(rule, seen, Finding(is_kept, float(len(done)), limit, tuple(done), evidence))


def _said(action: Phrase, done: int, limit: float, is_exact: bool) -> Phrase:
    zh, en = ("应为", "exactly") if is_exact else ("至多", "at most")
    return Phrase(f"{action.zh} {done} 所，{zh} {limit:g} 所。", f"{done} {action.en}, {en} {limit:g} allowed.")


KIND = Kind(restrict, check, units=tuple(ACTION_OF), any_of=frozenset({"value", "upper"}))

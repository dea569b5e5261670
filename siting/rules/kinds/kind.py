"""What a kind of rule is: two readings of one sentence, and the words it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from siting.rules.base import Rule
from siting.rules.terms import Terms
from siting.rules.verdict import Check, Evidence, Served
from siting.words import Phrase, name_some

TOLERANCE = 1e-6
"""Metres, people and pupils by which a sum may miss a limit through rounding alone."""


@dataclass(frozen=True, slots=True)
class Kind:
    """restrict says what a plan may do, check what this plan did; they share no code.

    units are the units its numbers may have. needs are the keys a rule of the kind must give; of any_of at least
    one; may are further keys that mean something to it.
    """

    restrict: Callable[[Rule, Terms], Terms]
    check: Callable[[Rule, Evidence], Check]
    units: tuple[str, ...]
    needs: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        """Every key that means something to the kind."""
        return self.needs | self.any_of | self.may


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: kept, the number measured against the limit, whom it concerns, and the evidence."""

    kept: bool | None
    measured: float
    limit: float
    where: tuple[str, ...]
    evidence: Phrase


def settle(terms: Terms, rule: Rule, **words: object) -> Terms:
    """The terms with some words set by a rule, its id noted beside each."""
    clause: Mapping[str, str] = {**terms.clause, **dict.fromkeys(words, rule.id)}
    return replace(terms, clause=clause, **words)  # type: ignore[arg-type]


def settle_operators(terms: Terms, rule: Rule) -> Terms:
    """The terms with only the operators that every rule so far speaks of; a rule without any speaks of all."""
    if not rule.operators:
        return terms
    both = terms.operators & rule.operators if terms.operators else rule.operators
    return settle(terms, rule, operators=both)


def leave(rule: Rule, terms: Terms) -> Terms:
    """The terms as they are: the sentence binds the plan's result, not its choices."""
    return terms


def conclude(rule: Rule, seen: Evidence, found: Finding) -> Check:
    """A finding as the rule's check of a programme."""
    programme = f"{seen.tier}-{seen.area}"
    return Check(
        rule.id,
        programme,
        rule.strength,
        found.kept,
        found.measured,
        found.limit,
        found.where,
        found.evidence,
        rule.source,
    )


def counted(rule: Rule, seen: Evidence) -> list[Served]:
    """The open schools a rule speaks of."""
    return [school for school in seen.schools if not rule.operators or school.operator in rule.operators]


def untested(limit: float, lacks: Phrase) -> Finding:
    """A finding where the rule cannot be tested, and what is missing."""
    return Finding(None, float("nan"), limit, (), lacks)


def listed(names: list[Phrase], kept: Phrase, breaks: Phrase) -> Phrase:
    """The sentence for nothing broken, or the one for what is broken followed by its names."""
    if not names:
        return kept
    zh, en = name_some([name.zh for name in names]).zh, name_some([name.en for name in names]).en
    return Phrase(f"{breaks.zh}：{zh}。", f"{breaks.en}: {en}.")


def seats_suffice(school: Served) -> bool:
    """Whether a school has a seat for every pupil; unknown seats do not."""
    return school.pupils <= school.seats + TOLERANCE


def villages_of(school: Served, seen: Evidence) -> frozenset[str]:
    """The villages a catchment reaches into; the blocks of one village count as that village."""
    part_of = dict(zip(seen.unit_id, seen.unit_part_of, strict=True))
    return frozenset(part_of[member] for member in school.members)

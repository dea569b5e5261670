"""A rule as a sentence with numbers, a source and a date; a rulebook as a list of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from siting.study import Operator, Tier
from siting.words import Phrase

Strength = Literal["must", "should"]
RuleArea = Literal["rural", "urban", "city", "town", "all"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a plan or standard, in numbers.

    value serves one-number kinds, lower and upper two-sided ones (nan where the sentence gives none); unit is
    that of the numbers. operators are those of the schools the sentence speaks of, empty for all. menu is the
    list of allowed class counts. certainty is P, S, K-H, K-M, K-L or C as in the domain brief; verify marks
    numbers that were not read in the source's own text.
    responsible names the bodies the clause charges (责任单位), "" where it names none.
    """

    id: str
    kind: str
    tier: Tier | Literal["all"]
    area: RuleArea
    strength: Strength
    unit: str
    in_force: date
    source: str
    says: Phrase
    value: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    menu: tuple[int, ...] = ()
    operators: frozenset[Operator] = frozenset()
    certainty: str = "P"
    verify: bool = False
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one plan or standard, in the order of its text."""

    id: str
    title: Phrase
    rules: tuple[Rule, ...]
    sha256: str = ""

    def of(self, tier: Tier, area: str) -> tuple[Rule, ...]:
        """The rules that speak of a tier in an area, in order of the text."""
        return tuple(rule for rule in self.rules if rule.tier in (tier, "all") and _meets(rule.area, area))


def _meets(rule_area: str, area: str) -> bool:
    wide = {"urban": {"city", "town"}, "all": {"city", "town", "rural"}}
    return bool(wide.get(rule_area, {rule_area}) & wide.get(area, {area}))

"""What is wrong with a plan itself, whatever the rules say: where, and in a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from siting.rules.verdict import Check
from siting.words import Phrase

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: the unit, school, stage or programme, and the sentence about it."""

    where: str
    what: Phrase


def said_of(where: str, zh: str, en: str) -> Flaw:
    """A flaw whose sentence begins with where it is."""
    return Flaw(where, Phrase(f"{where} {zh}", f"{where} {en}"))


def flaw_check(rule: str, programme: str, flaws: list[Flaw], kept: Phrase) -> Check:
    """The check of a structural rule: measured is the number of flaws, and none is allowed."""
    where = tuple(dict.fromkeys(flaw.where for flaw in flaws))
    evidence = _listed(flaws) if flaws else kept
    return Check(rule, programme, "must", not flaws, float(len(flaws)), 0.0, where, evidence, "plan.json")


def told_check(rule: str, flaws: list[Flaw], count: int, what: Phrase, file: str, programme: str = "all") -> Check:
    """The check of what a file tells, so many times; what ends the sentence that says all is kept."""
    kept = Phrase(f"{count} {what.zh}。", f"All {count} {what.en}.")
    return replace(flaw_check(rule, programme, flaws, kept), source=file)


def _listed(flaws: list[Flaw]) -> Phrase:
    zh = "；".join(flaw.what.zh for flaw in flaws[:SHOWN])
    en = "; ".join(flaw.what.en for flaw in flaws[:SHOWN])
    rest = len(flaws) - SHOWN
    return Phrase(f"{zh}；另有 {rest} 处。", f"{en}; and {rest} more.") if rest > 0 else Phrase(f"{zh}。", f"{en}.")


def differ(measured: float, stated: float, tolerance: float = 0.05) -> bool:
    """Whether a stated number is not the measured one, beyond rounding; nan agrees with nan only."""
    if math.isnan(measured) or math.isnan(stated):
        return math.isnan(measured) != math.isnan(stated)
    return not math.isclose(measured, stated, rel_tol=1e-6, abs_tol=tolerance)

"""What can go wrong, each with its name and a way out."""

from __future__ import annotations

from dataclasses import dataclass

from siting.words import Language, Phrase


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one input: the file, what is wrong (rows by name, measured value, limit), and the way out."""

    file: str
    what: Phrase
    cure: Phrase

    def said_in(self, language: Language) -> str:
        """The fault as the planner reads it."""
        return f"{self.file}: {self.what.said_in(language)} {self.cure.said_in(language)}".strip()


class InputError(Exception):
    """The data are wrong. Holds every fault found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(fault.said_in("en") for fault in faults))
        self.faults = faults


class RuleError(Exception):
    """A rulebook is badly written: the file, the rule, the key, and what would be right."""

    def __init__(self, what: Phrase) -> None:
        super().__init__(what.en)
        self.what = what


class SolverError(Exception):
    """A solver's claim and the returned plan disagree; the claim is refused."""

"""What a reader has to say about one file: faults that stop a study, remarks that do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from siting.errors import Fault
from siting.study import Remark
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Notes:
    """Faults and remarks of one file; several files may write into the same two lists."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, what: Phrase, cure: Phrase) -> None:
        """Write down what is wrong and the way out."""
        self.faults.append(Fault(self.file, what, cure))

    def remark(self, what: Phrase) -> None:
        """Write down what the planner should know."""
        self.remarks.append(Remark(self.file, what))


MOST_CHOICES = 16
"""Choices listed where none is near."""


def did_you_mean(word: str, choices: Iterable[str], usual: Phrase | None = None) -> Phrase:
    """The nearest choice to a misspelt word; where none is near the usual choices, or all of them."""
    known = [str(choice) for choice in choices]
    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    if near:
        return Phrase(f"是否为“{near[0]}”？", f"Did you mean '{near[0]}'?")
    if usual is not None:
        return Phrase(f"可用：{usual.zh}。", f"Known here: {usual.en}.") if usual.zh else usual
    shown = [*known[:MOST_CHOICES], *(["…"] if len(known) > MOST_CHOICES else [])]
    return Phrase(f"可用：{'、'.join(shown)}。", f"Known here: {', '.join(shown)}.")

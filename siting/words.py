"""Words in the two languages of the interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence said in Chinese and in English; the reader's language is chosen at the edge."""

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language == "zh" else self.en


def both(text: str) -> Phrase:
    """A phrase that reads the same in both languages: a name, a number, a code."""
    return Phrase(text, text)


def name_some(names: list[str], most: int = 5) -> Phrase:
    """The first few names and the number of the rest: "V017, V208 and 31 more"."""
    shown, rest = names[:most], len(names) - most
    if rest <= 0:
        return Phrase("、".join(shown), ", ".join(shown))
    return Phrase(f"{'、'.join(shown)} 等 {len(names)} 个", f"{', '.join(shown)} and {rest} more")

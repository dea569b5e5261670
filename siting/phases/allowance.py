"""How many projects each programme may do in a phase: its own entry, and what the whole budget has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from siting.phases.asked import Asked
from siting.project import Budget, Programme
from siting.rules.base import RuleBook
from siting.rules.gather import terms_for
from siting.words import Phrase

Word = Literal["new", "extend"]
WORDS: tuple[Word, Word] = ("new", "extend")
WORD_NAMES: Mapping[Word, Phrase] = {"new": Phrase("新建", "new builds"), "extend": Phrase("扩建", "extensions")}

Counts = Mapping[tuple[str, Word], int]
"""Projects by programme and word; what is not there is 0."""


@dataclass(frozen=True, slots=True)
class Promised:
    """Projects that phases need in any case, settled ones aside: by the phase's number."""

    required: Mapping[int, Counts]

    def of(self, asked: Asked, key: str, word: Word) -> int:
        """At least so many in a phase: required sites, or an exact entry."""
        most, is_exact = _entry(asked, key, word)
        exact = most - fixed_count(asked, key, word) if is_exact and most is not None else 0
        return max(exact, self.required.get(asked.number, Counter()).get((key, word), 0))


def allowance(
    book: RuleBook, programme: Programme, at: Asked, every: Sequence[Asked], done: Counts, promised: Promised
) -> Budget:
    """What a programme may do in a phase besides settled projects: no more than its entry there, and no more than its
    whole budget leaves once earlier phases, settled projects and what later phases need are taken off."""
    new, new_exact = _allowed("new", book, programme, at, every, done, promised)
    extend, extend_exact = _allowed("extend", book, programme, at, every, done, promised)
    return Budget(new, extend, new_exact, extend_exact)


def _allowed(
    word: Word,
    book: RuleBook,
    programme: Programme,
    at: Asked,
    every: Sequence[Asked],
    done: Counts,
    promised: Promised,
) -> tuple[int | None, bool]:
    key, terms = programme.key, terms_for(book, programme)
    whole = terms.new if word == "new" else terms.extend
    is_whole_exact = terms.new_exact if word == "new" else terms.extend_exact
    most, is_exact = _entry(at, key, word)
    left = None if whole is None else whole - done.get((key, word), 0) - spoken_for(key, word, at, every, promised)
    own = None if most is None else most - fixed_count(at, key, word)
    if left is None or own is None:
        count = own if left is None else left
        return (None if count is None else max(0, count)), is_exact or (own is None and is_whole_exact and at.is_last)
    return max(0, min(left, own)), is_exact


def spoken_for(key: str, word: Word, at: Asked, every: Sequence[Asked], promised: Promised) -> int:
    """Of a whole budget, what settled projects of any phase use, and what later phases need."""
    fixed = sum(fixed_count(one, key, word) for one in every)
    return fixed + sum(promised.of(one, key, word) for one in every if one.number > at.number)


def fixed_count(asked: Asked, key: str, word: Word) -> int:
    """Settled projects of a phase that use a programme's count."""
    return sum(one.programme == key and one.counts_as == word for one in asked.phase.fixed)


def too_many(
    book: RuleBook, programme: Programme, every: Sequence[Asked], promised: Promised
) -> Iterator[tuple[Phrase, Phrase]]:
    """Where settled, required and exactly stated projects of all phases are more than a programme's whole budget."""
    terms = terms_for(book, programme)
    for word, whole in zip(WORDS, (terms.new, terms.extend), strict=True):
        needed = sum(fixed_count(one, programme.key, word) + promised.of(one, programme.key, word) for one in every)
        if whole is not None and needed > whole:
            name, key = WORD_NAMES[word], programme.key
            yield (
                Phrase(
                    f"各期已定、规定和“=”写明的{name.zh}共 {needed} 所，{key} 总名额只有 {whole} 所。",
                    f"settled, required and exact {name.en} of all phases are {needed}, and {key} has {whole}.",
                ),
                Phrase(
                    "请减少，或增加 [[programme]] 的 budget。", "Have fewer, or raise the budget of the [[programme]]."
                ),
            )


def _entry(asked: Asked, key: str, word: Word) -> tuple[int | None, bool]:
    budget = asked.phase.budgets.get(key)
    if budget is None:
        return None, False
    return (budget.new, budget.new_exact) if word == "new" else (budget.extend, budget.extend_exact)

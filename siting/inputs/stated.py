"""Tables of a TOML file as somebody wrote them: read key by key, closed against unknown keys."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

from siting.inputs.notes import Notes, did_you_mean
from siting.words import Phrase

Word = TypeVar("Word", bound=str)

NOTHING = Phrase("", "")
NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Stated:
    """One table: its keys, and the notes that take down what is wrong with them.

    where is how messages begin: "[study] ", "" for the whole file.
    A key that is missing, or wrong and noted, reads as its default.
    """

    where: str
    held: Mapping[str, object]
    notes: Notes

    def close(self, known: Sequence[str]) -> None:
        """A fault for every key that is not known."""
        for key in self.held:
            if key not in known:
                self.notes.fault(
                    Phrase(f"{self.where}不认识的键“{key}”。", f"{self.where}unknown key '{key}'."),
                    did_you_mean(key, known),
                )

    def need(self, key: str, cure: Phrase) -> None:
        """A fault if a key is missing."""
        if key not in self.held:
            self.notes.fault(Phrase(f"{self.where}缺少 {key}。", f"{self.where}`{key}` is missing."), cure)

    def refuse(self, key: str, expected: Phrase, cure: Phrase = NOTHING) -> None:
        """A fault: what the key holds and what would be right."""
        self.notes.fault(
            Phrase(
                f"{self.where}{key} = {self.held[key]!r} 不对，应为{expected.zh}。",
                f"{self.where}{key} = {self.held[key]!r} should be {expected.en}.",
            ),
            cure,
        )

    def text(self, key: str, default: str = "") -> str:
        """A text that is not empty."""
        value = self.held.get(key, default)
        if isinstance(value, str) and (value.strip() or key not in self.held):
            return value.strip()
        self.refuse(key, Phrase("加引号的非空文字", "text in quotes, not empty"))
        return default

    def number(self, key: str, default: float, least: float = 0.0, above: bool = True) -> float:
        """A finite number above least, or from least upwards."""
        if key not in self.held:
            return default
        value = self.held[key]
        if _is_finite(value) and (value > least or (value == least and not above)):
            return float(value)
        self.refuse(
            key,
            Phrase(
                f"{'大于' if above else '不小于'} {least:g} 的数", f"a number {'above' if above else 'from'} {least:g}"
            ),
        )
        return default

    def yes(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.held.get(key, default)
        if isinstance(value, bool):
            return value
        self.refuse(key, Phrase(" true 或 false", "true or false"))
        return default

    def word(self, key: str, known: Sequence[Word], default: Word, meant: Mapping[str, str] = NO_WORDS) -> Word:
        """One of the known words; meant says which of them to propose for words in another language."""
        if key not in self.held:
            return default
        value = self.held[key]
        for word in known:
            if value == word:
                return word
        near = did_you_mean(meant.get(str(value), str(value)), known, NOTHING)
        self.refuse(key, Phrase(f" {'、'.join(known)} 之一", f"one of {', '.join(known)}"), near)
        return default

    def table(self, key: str) -> Stated:
        """A table within this one; without keys where it is missing."""
        value = self.held.get(key, {})
        where = _within(self.where, key)
        if isinstance(value, dict):
            return Stated(where, value, self.notes)
        self.refuse(key, Phrase(f"一个表 {where.strip()}", f"a table {where.strip()}"))
        return Stated(where, {}, self.notes)

    def phrase(self, key: str) -> Phrase:
        """Words in both languages, or the same in both where they are written once."""
        if isinstance(self.held.get(key), dict):
            held = self.table(key)
            held.close(("zh", "en"))
            zh, en = held.text("zh"), held.text("en")
            return Phrase(zh or en, en or zh)
        said = self.text(key)
        return Phrase(said, said)

    def tables(self, key: str, of: str = "") -> tuple[Stated, ...]:
        """The tables of an array [[key]], numbered from 1; of is the array that holds it, as of [[of.key]]."""
        value, name = self.held.get(key, []), f"{of}.{key}" if of else key
        if isinstance(value, list) and all(isinstance(table, dict) for table in value):
            return tuple(Stated(f"[[{name}]] {at}: ", table, self.notes) for at, table in enumerate(value, start=1))
        self.refuse(key, Phrase(f"若干段 [[{name}]]", f"tables [[{name}]]"))
        return ()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts that are not empty; none where the key is missing."""
        value = self.held.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(one.strip() for one in value)
        self.refuse(key, Phrase("若干加引号的非空文字 [ ]", "a list of texts in quotes, none empty"))
        return ()

    def words(self, key: str, known: Sequence[Word], default: tuple[Word, ...]) -> tuple[Word, ...]:
        """Several known words in order, each once."""
        if key not in self.held:
            return default
        value = self.held[key]
        found = tuple(word for given in value for word in known if word == given) if isinstance(value, list) else ()
        if isinstance(value, list) and value and len(found) == len(value) == len(set(found)):
            return found
        self.refuse(
            key,
            Phrase(f"由 {'、'.join(known)} 组成、不重复的列表", f"a list of {', '.join(known)}, each at most once"),
            _near_word(value, known),
        )
        return default


def _is_finite(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _within(where: str, key: str) -> str:
    """Where a table within another stands: "[study.notice] ", "[[programme]] 2: cost "."""
    if not where:
        return f"[{key}] "
    return f"{where[:-2]}.{key}] " if where.endswith("] ") else f"{where}{key} "


def _near_word(value: object, known: Sequence[str]) -> Phrase:
    unknown = [str(word) for word in value if word not in known] if isinstance(value, list) else []
    return did_you_mean(unknown[0], known, NOTHING) if unknown else NOTHING

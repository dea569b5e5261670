"""Covers and tables that are written in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from siting.export.cover import Line
from siting.export.tables import Column, Row, Table
from siting.words import Language, Phrase


class Header(NamedTuple):
    """A column in both languages; see ``Column``."""

    name: Phrase
    width: float
    number: str = ""
    is_summed: bool = False


def table_in(tab: Phrase, title: Phrase, headers: Sequence[Header], rows: Iterable[Row], language: Language) -> Table:
    """A table with its words in a language."""
    columns = tuple(Column(one.name.said_in(language), one.width, one.number, one.is_summed) for one in headers)
    return Table(tab.said_in(language), title.said_in(language), columns, tuple(rows))


def cover_in(
    language: Language, title: Phrase, notice: Phrase, lines: Iterable[tuple[Phrase, Phrase]]
) -> Iterator[Line]:
    """The lines of a cover: the title, the notice where there is one, then labels with their texts."""
    yield title.said_in(language), ""
    if notice.zh:
        yield Phrase("数据声明", "Notice").said_in(language), notice.said_in(language)
    yield from ((label.said_in(language), text.said_in(language)) for label, text in lines)

"""What a document consists of: plain blocks, in order, which Word and PDF set each in their own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from siting.words import Language

Look = Literal["title", "subtitle", "body", "note", "mark"]
"""A paragraph is the title, a centred line below it, body text, a small remark under a table, or a mark: a small
centred line that has to be seen (合成示例数据, 内部资料)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; numbered is False for appendices, whose text holds their number."""

    level: int
    text: str
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str
    look: Look = "body"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a grid: its header, its width in millimetres before all are stretched to the page, and whether it
    holds numbers, which stand to the right."""

    header: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Every row has a text per field, "" for nothing; has_total says that the last row sums the others."""

    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG text, how wide it is set, and what stands below it."""

    svg: str
    caption: str
    width_mm: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One project on a third of a page: heading, what it is in one text, then its picture beside a table whose first
    column says what is compared, and a last line below."""

    title: str
    picture: Picture | None
    said: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled in by hand, with what belongs there."""

    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, with its heading."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


Block = Heading | Paragraph | Grid | Picture | Sheet | Blank | Contents | PageBreak


def numbered(blocks: Iterable[Block], language: Language) -> Iterator[Block]:
    """The blocks with numbers before their headings: 一、（一）1. in Chinese as GB/T 9704-2012 has it, 1, 1.1, 1.1.1
    in English. The title of a sheet is a heading of level 3."""
    at = [0, 0, 0]
    for block in blocks:
        level = 3 if isinstance(block, Sheet) else block.level if isinstance(block, Heading) else 0
        if not level or (isinstance(block, Heading) and not block.is_numbered):
            yield block
            continue
        at = [*at[: level - 1], at[level - 1] + 1, *(0 for _ in at[level:])]
        yield _titled(block, _number(at[:level], language))


def _titled(block: Block, number: str) -> Block:
    if isinstance(block, Sheet):
        return replace(block, title=number + block.title)
    return replace(block, text=number + block.text) if isinstance(block, Heading) else block


def _number(at: list[int], language: Language) -> str:
    if language == "en":
        return f"{'.'.join(str(count) for count in at)}{'.' if len(at) == 1 else ''} "
    if len(at) == 3:
        return f"{at[-1]}. "
    return f"{in_chinese(at[-1])}、" if len(at) == 1 else f"（{in_chinese(at[-1])}）"


def in_chinese(count: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(count, 10)
    front = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return front + (digits[ones] if ones or not tens else "")


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text of a document, drawings included."""
    for block in blocks:
        match block:
            case Grid():
                yield from (block.title, *(one.header for one in block.fields), *_cells(block.rows))
            case Sheet():
                yield from (block.title, block.said, block.below, *block.headers, *_cells(block.rows))
                yield from texts(() if block.picture is None else (block.picture,))
            case Picture():
                yield from (block.svg, block.caption)
            case PageBreak():
                pass
            case _:
                yield block.text


def _cells(rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    return (cell for row in rows for cell in row)

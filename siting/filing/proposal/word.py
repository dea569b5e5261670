"""The proposal as a Word file that looks as GB/T 9704-2012 asks: real headings, repeated headers, page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from siting.filing.fonts import one_line
from siting.filing.proposal.blocks import Blank, Block, Contents, Grid, Heading, PageBreak, Paragraph, Picture, Sheet
from siting.filing.proposal.raster import as_png
from siting.filing.proposal.tables_xml import WIDTH_MM, blank_xml, grid_xml, paragraph_xml, run_xml, sheet_xml
from siting.filing.proposal.word_styles import LOOKS, set_page, set_styles
from siting.words import Language

SHEET_PICTURE_MM = 38.5


def word_of(blocks: Sequence[Block], title: str, author: str, language: Language, day: date) -> bytes:
    """The document as the bytes of a .docx file; the same blocks on the same day give the same bytes."""
    document = docx.Document()
    document.element.body.clear_content()
    set_styles(document, language)
    set_page(document)
    _say_properties(document, title, author, day)
    writer = _Writer(document, _drawn(document, blocks))
    document.element.body[:0] = list(_body(writer, blocks))
    return _packed(document, day)


@dataclass(frozen=True, slots=True)
class _Writer:
    """The file being written, and its pictures as XML, by their SVG text."""

    document: Any
    drawn: dict[str, str]


def _drawn(document: Any, blocks: Sequence[Block]) -> dict[str, str]:
    """Every picture, drawn once in pixels and taken into the file."""
    asked = list(_pictures(blocks))
    pixels = as_png([(one.svg, width) for one, width in asked])
    return {
        one.svg: _inline(document, png, width, (number, one.caption))
        for number, ((one, width), png) in enumerate(zip(asked, pixels, strict=True), 1)
    }


def _pictures(blocks: Sequence[Block]) -> Iterator[tuple[Picture, float]]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block, min(block.width_mm, WIDTH_MM)
        elif isinstance(block, Sheet) and block.picture is not None:
            yield block.picture, SHEET_PICTURE_MM


def _inline(document: Any, png: bytes, width_mm: float, named: tuple[int, str]) -> str:
    """A picture under a number of its own, with its caption for those who cannot see it."""
    inline = document.part.new_pic_inline(io.BytesIO(png), width=Mm(width_mm))
    inline.docPr.id, said = named
    inline.docPr.set("name", f"Picture {named[0]}")
    inline.docPr.set("descr", one_line(said))
    return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>"


# --- blocks ----------------------------------------------------------------------------------------------------


def _body(writer: _Writer, blocks: Sequence[Block]) -> Any:
    """The paragraphs and tables of all blocks, below one element."""
    marks = {id(block): f"_Toc{90_000 + row}" for row, block in enumerate(_headings(blocks))}
    text = "".join(xml for block in blocks for xml in _xml(writer, block, marks, blocks))
    return parse_xml(f"<w:body {nsdecls('w', 'r')}>{text}</w:body>")


def _headings(blocks: Iterable[Block]) -> Iterator[Heading]:
    return (block for block in blocks if isinstance(block, Heading) and block.level <= 2)


def _xml(writer: _Writer, block: Block, marks: dict[int, str], blocks: Sequence[Block]) -> Iterator[str]:
    match block:
        case Heading():
            yield paragraph_xml(_marked(block.text, marks.get(id(block), "")), f"Heading{block.level}")
        case Paragraph():
            yield paragraph_xml(run_xml(block.text), LOOKS[block.look])
        case Grid():
            if block.title:
                yield paragraph_xml(run_xml(block.title), "FilingTitle")
            yield grid_xml(block)
            yield paragraph_xml("", "FilingGap")
        case Picture():
            yield paragraph_xml(writer.drawn[block.svg], "FilingPicture")
            yield paragraph_xml(run_xml(block.caption), "FilingCaption")
        case Sheet():
            yield paragraph_xml(run_xml(block.title), "Heading3")
            yield sheet_xml(block, writer.drawn[block.picture.svg] if block.picture else "")
            yield paragraph_xml("", "FilingGap")
        case Blank():
            yield blank_xml(block.text)
            yield paragraph_xml("", "FilingGap")
        case Contents():
            yield from _contents(block, marks, blocks)
        case PageBreak():
            yield paragraph_xml('<w:r><w:br w:type="page"/></w:r>', "FilingGap")


def _marked(text: str, mark: str) -> str:
    if not mark:
        return run_xml(text)
    number = mark.removeprefix("_Toc")
    return f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{run_xml(text)}<w:bookmarkEnd w:id="{number}"/>'


def _contents(block: Contents, marks: dict[int, str], blocks: Sequence[Block]) -> Iterator[str]:
    """A field that Word can renew, holding the headings as they are, each a link to its place."""
    yield paragraph_xml(run_xml(block.text), "FilingContents")
    begin = (
        _field("begin") + f'<w:r><w:instrText xml:space="preserve">{_FIELD}</w:instrText></w:r>' + _field("separate")
    )
    for row, heading in enumerate(_headings(blocks)):
        link = f'<w:hyperlink w:anchor="{marks[id(heading)]}" w:history="1">{run_xml(heading.text)}</w:hyperlink>'
        yield paragraph_xml((begin if row == 0 else "") + link, f"TOC{heading.level}")
    yield paragraph_xml(_field("end"), "FilingGap")


_FIELD = r' TOC \o "1-2" \h \z \u '


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


# --- the file --------------------------------------------------------------------------------------------------


def _say_properties(document: Any, title: str, author: str, day: date) -> None:
    about, moment = document.core_properties, datetime(day.year, day.month, day.day)
    about.title, about.author, about.comments = one_line(title)[:255], one_line(author)[:255], ""
    about.created = about.modified = moment
    about.last_modified_by = ""


def _packed(document: Any, day: date) -> bytes:
    """The file's parts under one date, since zip files else hold the minute they were made in."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            out.writestr(entry, parts.read(name))
    return packed.getvalue()

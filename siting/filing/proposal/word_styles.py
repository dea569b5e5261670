"""Styles, margins and page numbers of the Word file, after GB/T 9704-2012 (A4, 22 lines of 28 characters)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from siting.filing.proposal.blocks import Look
from siting.words import Language

TITLE, BODY, HEADING, SUBHEADING = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
"""Fonts that official documents are set in, by the names Chinese offices have them under."""

LINE_PT = 28.5

LOOKS: Mapping[Look, str] = {
    "title": "FilingHead",
    "subtitle": "FilingSubtitle",
    "body": "FilingBody",
    "note": "FilingNote",
    "mark": "FilingMark",
}


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style: its font for Chinese, that for Latin letters, size; line in points (0: as the text needs)."""

    id: str
    name: str
    font: str
    latin: str
    size: float
    line: float = 0.0
    align: str = ""
    before: float = 0.0
    after: float = 0.0
    indent: bool = False
    keep: bool = False
    colour: str = "000000"
    left_mm: float = 0.0
    outline: int = 0


_ROMAN, _ARIAL = "Times New Roman", "Arial"

_STYLES = (
    _Style("Heading1", "heading 1", HEADING, _ARIAL, 16, LINE_PT, keep=True, outline=1),
    _Style("Heading2", "heading 2", SUBHEADING, _ARIAL, 16, LINE_PT, keep=True, outline=2),
    _Style("Heading3", "heading 3", HEADING, _ARIAL, 11, 18.0, keep=True, outline=3),
    _Style("FilingHead", "Filing Head", TITLE, _ROMAN, 22, 36.0, "center", 140, 24),
    _Style("FilingSubtitle", "Filing Subtitle", SUBHEADING, _ROMAN, 16, LINE_PT, "center"),
    _Style("FilingBody", "Filing Body", BODY, _ROMAN, 16, LINE_PT, "both", indent=True),
    _Style("FilingNote", "Filing Note", BODY, _ROMAN, 10, 15.0, before=3, after=6),
    _Style("FilingMark", "Filing Mark", HEADING, _ARIAL, 11, 18.0, "center", colour="A01818"),
    _Style("FilingTitle", "Filing Title", HEADING, _ARIAL, 11, 18.0, "center", 8, 3, keep=True),
    _Style("FilingCell", "Filing Cell", BODY, _ROMAN, 9.5),
    _Style("FilingCellSmall", "Filing Cell Small", BODY, _ROMAN, 8.5),
    _Style("FilingSheet", "Filing Sheet", BODY, _ROMAN, 8, 10.0),
    _Style("FilingBlank", "Filing Blank", BODY, _ROMAN, 12, colour="666666"),
    _Style("FilingPicture", "Filing Picture", BODY, _ROMAN, 9, align="center", keep=True),
    _Style("FilingCaption", "Filing Caption", HEADING, _ARIAL, 7.5, align="center"),
    _Style("FilingGap", "Filing Gap", BODY, _ROMAN, 5, 6.0),
    _Style("FilingContents", "Filing Contents", HEADING, _ARIAL, 16, LINE_PT, "center"),
    _Style("TOC1", "toc 1", BODY, _ROMAN, 12, 16.0),
    _Style("TOC2", "toc 2", BODY, _ROMAN, 12, 16.0, left_mm=8.0),
)


def set_styles(document: Any, language: Language) -> None:
    """The styles of the document, and the language its words are checked in."""
    for style in _STYLES:
        _set_style(document, style)
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    _set_fonts(normal.element, BODY, _ROMAN, language)


def _set_style(document: Any, style: _Style) -> None:
    """A style of the file's own template is emptied first: its colours and theme fonts would show through."""
    for old in document.styles.element.findall(qn("w:style")):
        if old.get(qn("w:styleId")) == style.id:
            document.styles.element.remove(old)
    document.styles.element.append(parse_xml(_style_xml(style)))


def _style_xml(style: _Style) -> str:
    rule = f'w:line="{round(20 * style.line)}" w:lineRule="exact"' if style.line else 'w:line="240" w:lineRule="auto"'
    spacing = f'<w:spacing w:before="{round(20 * style.before)}" w:after="{round(20 * style.after)}" {rule}/>'
    indents = [f'w:left="{round(56.7 * style.left_mm)}"'] if style.left_mm else []
    indents += ['w:firstLineChars="200"', f'w:firstLine="{round(40 * style.size)}"'] if style.indent else []
    paragraph = (
        ("<w:keepNext/>" if style.keep else "")
        + spacing
        + (f"<w:ind {' '.join(indents)}/>" if indents else "")
        + (f'<w:jc w:val="{style.align}"/>' if style.align else "")
        + (f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else "")
    )
    fonts = (
        f'<w:rFonts w:ascii="{style.latin}" w:hAnsi="{style.latin}" w:eastAsia="{style.font}" w:cs="{style.latin}"/>'
    )
    size = f'<w:color w:val="{style.colour}"/><w:sz w:val="{round(2 * style.size)}"/>'
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{fonts}{size}</w:rPr></w:style>'
    )


def _set_fonts(element: Any, font: str, latin: str, language: Language) -> None:
    properties = element.get_or_add_rPr()
    for child in properties.findall(qn("w:rFonts")):
        properties.remove(child)
    fonts = f'w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}"'
    properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {fonts}/>"))
    words = "zh-CN" if language == "zh" else "en-GB"
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{words}" w:eastAsia="zh-CN"/>'))


def set_page(document: Any) -> None:
    """A4 with the standard's margins; "— 1 —" at the outer edge of every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer, "right")
    _number_pages(section.even_page_footer, "left")


def _number_pages(footer: Any, side: str) -> None:
    paragraph = footer.paragraphs[0]
    space = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
    paragraph._p.get_or_add_pPr().extend(parse_xml(f"<w:x {nsdecls('w')}>{space}</w:x>"))
    for text, field in (("— ", ""), ("", "begin"), ("PAGE", "code"), ("", "end"), (" —", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(14), RGBColor(0, 0, 0)
        _fill_run(run, text, field)


def _fill_run(run: Any, text: str, field: str) -> None:
    if not field:
        run.text = text
    elif field == "code":
        run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {text} </w:instrText>'))
    else:
        run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{field}"/>'))

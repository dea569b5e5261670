"""Sheets as pages: title, number, foot, frame; the cover and the list of sheets; and the whole as PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from siting.filing.atlas.corners import system_note
from siting.filing.atlas.frame import fitted
from siting.filing.atlas.grids import Column, Grid, flowed
from siting.filing.atlas.ink import Ink, Type, fitting, moved, paragraph, rect, stroke, svg, words
from siting.filing.atlas.maps import Theme, map_marks
from siting.filing.atlas.pictures import Pictures
from siting.filing.atlas.planned import works_marks
from siting.filing.atlas.sheets import HEIGHT, WIDTH, Sheet
from siting.filing.dossier import Dossier
from siting.filing.fonts import SERIF, compile_pdf, lacking, lacking_remark
from siting.words import Phrase

PAGE_WIDTH, PAGE_HEIGHT = 420.0, 297.0
LEFT, TOP = 12.0, 27.0
RED, GREY = "#9c1420", "#4a453f"
INTERNAL = Phrase("内部资料　供审批使用", "Internal: for approval only")
LISTED = Phrase("图纸目录", "List of sheets")

LARGER = 1.4
"""The list of sheets is set so much larger than other tables."""

SOURCE = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title)
#set page(width: 420mm, height: 297mm, margin: 0mm)
#for sheet in d.sheets { image(bytes(sheet.svg), format: "svg", width: 420mm, height: 297mm, alt: sheet.title) }
"""
"""Markup that never changes: pictures and titles come in as data."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture: its title in the atlas's language, and SVG of A3."""

    title: str
    svg: str


def title_of(dossier: Dossier) -> Phrase:
    """What the atlas is called."""
    name = dossier.result.plan.name
    return Phrase(f"{name}教育设施布局规划图集", f"Atlas of school facilities: {name}")


def pages(made: Pictures, sheets: Sequence[Sheet]) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """The cover, the list and every sheet; and the characters that the fonts lack, which the list names."""
    dossier = made.dossier
    cover = Page(dossier.said(title_of(dossier)), _cover(made, len(sheets)))
    maps = [_sheet(dossier, sheet, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]
    missing = lacking("".join(_TEXT.sub("", page.svg) for page in (cover, *maps)))
    return (cover, *_list(dossier, sheets, missing), *maps), missing


_TEXT = re.compile(r"<path[^>]*>|<circle[^>]*>|<rect[^>]*>")
"""What of a picture holds no words."""


def pdf_of(dossier: Dossier, drawn: Sequence[Page]) -> bytes:
    """Pages as one PDF."""
    data = {"title": dossier.said(title_of(dossier)), "sheets": [{"title": p.title, "svg": p.svg} for p in drawn]}
    return compile_pdf(SOURCE, data, dossier.settings.day)


# --- furniture ---------------------------------------------------------------------------------------------------


def _sheet(dossier: Dossier, sheet: Sheet, number: int, of: int) -> Page:
    title = dossier.said(sheet.title)
    marks = [
        _edges(),
        _head(dossier, title, f"{number:02d} / {of:02d}"),
        moved(sheet.body, LEFT, TOP),
        _foot(dossier, bool(sheet.scale) or sheet.kind == "sites"),
    ]
    return Page(title, svg(marks, PAGE_WIDTH, PAGE_HEIGHT))


def _edges() -> str:
    paper = rect(0, 0, PAGE_WIDTH, PAGE_HEIGHT, Ink("#ffffff"))
    outer = rect(6.0, 6.0, PAGE_WIDTH - 12.0, PAGE_HEIGHT - 12.0, Ink("", "#222222", 0.6))
    return paper + outer + rect(7.4, 7.4, PAGE_WIDTH - 14.8, PAGE_HEIGHT - 14.8, Ink("", "#222222", 0.15))


def _head(dossier: Dossier, title: str, number: str) -> str:
    """The plan's name and the internal mark to the left, the title in the middle, the number to the right."""
    size = fitting(title, 8.6, 230.0)
    name = dossier.said(title_of(dossier))
    drawn = [
        words(title, PAGE_WIDTH / 2.0, 20.0, Type(size, is_strong=True, family=SERIF), "middle"),
        words(name, LEFT, 14.2, Type(fitting(name, 3.0, 78.0), GREY)),
        words(dossier.said(Phrase("图号", "sheet")), PAGE_WIDTH - LEFT - 32.0, 17.6, Type(3.0, GREY)) if number else "",
        words(number, PAGE_WIDTH - LEFT, 18.0, Type(5.0, is_strong=True), "end"),
        stroke(np.array([[LEFT, 24.6], [PAGE_WIDTH - LEFT, 24.6]]), Ink("", "#222222", 0.25)),
    ]
    if dossier.settings.is_internal:
        drawn.append(words(dossier.said(INTERNAL), LEFT, 20.4, Type(3.4, RED, is_strong=True)))
    return "".join(drawn)


def _foot(dossier: Dossier, has_map: bool) -> str:
    """Who drew it and when, in which system, at which size the scale holds; and the notice of the data."""
    y = TOP + HEIGHT + 5.4
    place = [LEFT, LEFT + 108.0, LEFT + 180.0]
    maker, day, system = _said(dossier)
    drawn = [words(maker, place[0], y, Type(fitting(maker, 2.9, 104.0)))]
    drawn.append(words(day, place[1], y, Type(2.9)))
    drawn.append(words(system, place[2], y, Type(fitting(system, 2.9, 170.0))) if has_map else "")
    if has_map:
        paper = dossier.said(Phrase("比例尺按 A3 幅面", "scales hold on A3"))
        drawn.append(words(paper, PAGE_WIDTH - LEFT, y, Type(2.9), "end"))
    notice = dossier.said(dossier.result.area.notice)
    if notice:
        drawn.append(words(notice, LEFT, y + 4.6, Type(fitting(notice, 2.9, WIDTH), RED)))
    return "".join(drawn)


def _said(dossier: Dossier) -> tuple[str, str, str]:
    """Who, when, and the coordinate system."""
    settings, day = dossier.settings, dossier.settings.day
    blank = settings.prepared_by or "＿" * 10 if settings.language == "zh" else settings.prepared_by or "_" * 24
    return (
        dossier.said(Phrase(f"制图单位：{blank}", f"Prepared by: {blank}")),
        dossier.said(Phrase(f"制图日期：{day.year}年{day.month}月{day.day}日", f"Date: {day.isoformat()}")),
        dossier.said(system_note(dossier.result.area)),
    )


# --- cover and list ----------------------------------------------------------------------------------------------


def _cover(made: Pictures, count: int) -> str:
    """Title, a small map of the plan, who and when."""
    dossier, middle = made.dossier, PAGE_WIDTH / 2.0
    title = dossier.said(title_of(dossier))
    maker, day, system = _said(dossier)
    frame = fitted(made.ground.bounds, 170.0, 150.0, 5.0)
    drawing = map_marks(made.ground, Theme(works_marks(dossier.works), ()), frame, dossier.settings.language, "cover")
    sheets = dossier.said(Phrase(f"共 {count} 幅", f"{count} sheets"))
    drawn = [
        _edges(),
        words(title, middle, 46.0, Type(fitting(title, 14.0, 340.0), is_strong=True, family=SERIF), "middle"),
        words(sheets, middle, 60.0, Type(5.0, GREY), "middle"),
        moved(drawing, middle - 85.0, 70.0),
        words(maker, middle, 236.0, Type(5.0, family=SERIF), "middle"),
        words(day, middle, 246.0, Type(5.0, family=SERIF), "middle"),
        words(system, middle, 256.0, Type(3.4, GREY), "middle"),
    ]
    notice = dossier.said(dossier.result.area.notice)
    if notice:
        drawn.append(words(notice, middle, 266.0, Type(fitting(notice, 4.0, 360.0), RED), "middle"))
    if dossier.settings.is_internal:
        drawn.append(words(dossier.said(INTERNAL), LEFT + 4.0, 20.0, Type(5.0, RED, is_strong=True)))
    return svg(drawn, PAGE_WIDTH, PAGE_HEIGHT)


def _list(dossier: Dossier, sheets: Sequence[Sheet], missing: Sequence[str]) -> Iterator[Page]:
    """Every sheet with number and scale, on as many pages as it takes, and the characters that are boxes."""
    remark = dossier.said(lacking_remark(missing)) if missing else ""
    told, tall = paragraph(remark, 0.0, 0.0, Type(3.0, RED), WIDTH) if remark else ("", 0.0)
    columns = (
        Column(Phrase("图号", "sheet"), 14.0),
        Column(Phrase("图名", "title"), 90.0),
        Column(Phrase("比例尺", "scale"), 24.0, True),
    )
    rows = tuple((f"{n:02d}", dossier.said(one.title), one.scale) for n, one in enumerate(sheets, 1))
    left: Grid | None = Grid(LISTED, columns, rows)
    while left is not None:
        made = flowed(left, dossier.settings.language, WIDTH / LARGER, (HEIGHT - tall - 4.0) / LARGER)
        body = f'<g transform="scale({LARGER:g})">{made.marks}</g>' + moved(told, 0.0, HEIGHT - tall)
        marks = [_edges(), _head(dossier, dossier.said(LISTED), ""), moved(body, LEFT, TOP), _foot(dossier, False)]
        yield Page(dossier.said(LISTED), svg(marks, PAGE_WIDTH, PAGE_HEIGHT))
        left = replace(made.rest, title=LISTED) if made.rest is not None else None

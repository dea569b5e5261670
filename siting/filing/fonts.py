"""Fonts that pages are set in and what they lack, and the only place that knows typst.

The fonts are Noto Serif SC and Noto Sans SC (SIL Open Font Licence) as packaged by pylopdf-fonts-zh-cn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

from siting.words import Phrase

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
"""Families as typst and SVG call them."""


def font_folder() -> Path:
    """Where the font files lie."""
    return Path(sans_path()).parent


def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that none of the fonts can draw, each once, in the order they come."""
    return tuple(each for each in dict.fromkeys(one_line(text)) if ord(each) not in _drawn())


def lacking_remark(characters: Sequence[str]) -> Phrase:
    """Which characters are drawn as an empty box, with their code points, as a sentence."""
    codes = [f"{each}（U+{ord(each):04X}）" for each in characters]
    western = [f"{each} (U+{ord(each):04X})" for each in characters]
    return Phrase(
        f"所用字体缺少以下字符，PDF、图件中显示为方框，请核对原名：{'、'.join(codes)}。",
        f"The fonts lack these characters; PDF and drawings show a box instead: {', '.join(western)}.",
    )


def one_line(text: str) -> str:
    """A text as a page can hold it: line ends and tabs are one blank, other control characters show as �."""
    return _CONTROL.sub("�", _GAPS.sub(" ", text).strip())


_GAPS = re.compile("[ \t-\r\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@cache
def _drawn() -> frozenset[int]:
    every: set[int] = set()
    for file in (sans_path(), serif_path()):
        with TTFont(file, lazy=True) as font:
            every.update(font.getBestCmap())
    return frozenset(every)


def compile_pdf(source: str, data: object, day: date) -> bytes:
    """A PDF from typst markup, which finds the data, anything JSON can hold, as ``json(bytes(sys.inputs.data))``.

    What is read in this way is never markup. day is the date the file says it was made on.
    """
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return typst.compile(source.encode(), font_paths=_fonts(), format="pdf", sys_inputs=_inputs(data), timestamp=moment)


def compile_png(source: str, data: object, ppi: float = 150.0) -> tuple[bytes, ...]:
    """The same as pictures, one a page."""
    made: bytes | list[bytes] = typst.compile(
        source.encode(), font_paths=_fonts(), format="png", ppi=ppi, sys_inputs=_inputs(data)
    )
    return tuple(made) if isinstance(made, list) else (made,)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


def _inputs(data: object) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}

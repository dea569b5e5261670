from __future__ import annotations

from datetime import date

from siting.filing.fonts import SANS, SERIF, compile_pdf, compile_png, font_folder, lacking, lacking_remark, one_line

MARKUP = '#let d = json(bytes(sys.inputs.data))\n#set text(font: "Noto Serif SC")\n#d.said'


def test_the_fonts_are_files_of_the_families_we_name() -> None:
    assert {SERIF.replace(" ", ""), SANS.replace(" ", "")} <= {
        path.stem.partition("-")[0] for path in font_folder().glob("*.otf")
    }


def test_characters_no_font_has_are_named_once_in_order() -> None:
    assert lacking("定州市\t留早镇\n㎡ ①") == ()
    assert lacking("村😀村𠮷😀") == ("😀", "𠮷")
    assert "U+20BB7" in lacking_remark(("𠮷",)).zh
    assert "U+20BB7" in lacking_remark(("𠮷",)).en


def test_a_text_is_one_line_and_keeps_its_wide_blanks() -> None:
    assert one_line(" 目　录\r\n第\t一  行\x00\x1b") == "目　录 第 一 行��"


def test_data_are_never_markup_and_a_day_fixes_the_file() -> None:
    data = {"said": '#panic("x") *a* $b$ `c` \\ <d>'}
    made = compile_pdf(MARKUP, data, date(2026, 11, 26))
    assert made.startswith(b"%PDF")
    assert made == compile_pdf(MARKUP, data, date(2026, 11, 26))


def test_every_page_is_a_picture() -> None:
    pages = compile_png("a #pagebreak() b", {}, ppi=20.0)
    assert [page[:4] for page in pages] == [b"\x89PNG", b"\x89PNG"]

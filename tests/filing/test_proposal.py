from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from filed_villages import filed_villages, foreseen

from siting.demand.figures import RECURRENT_YUAN
from siting.filing.dossier import Dossier
from siting.filing.proposal import proposal, write_proposal
from siting.filing.proposal.blocks import Grid, Heading, PageBreak, Paragraph, Sheet, in_chinese, numbered, texts
from siting.filing.proposal.shown import mu, share, whole
from siting.plan import Stage
from siting.words import Phrase

HOSTILE = "<img src=x onerror=alert(1)>${alert(1)}\\`#let x = 1\n=cmd()&amp;]]>"
SHOWN = "<img src=x onerror=alert(1)>${alert(1)}\\`#let x = 1 =cmd()&amp;]]>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("filed")
    write_proposal(filed_villages(years={("kindergarten-rural", "N4"): 2029.0}), out)
    return out


@pytest.fixture(scope="module")
def word(folder: Path) -> Document:
    return docx.Document(str(folder / "选址建议书.docx"))


def _tables(word: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]


def _table(word: Document, first: str) -> list[list[str]]:
    """The table of those headers."""
    return next(rows for rows in _tables(word) if rows[0][0] == first)


def _paragraphs(word: Document) -> str:
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def test_both_files_are_there(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"选址建议书.docx", "选址建议书.pdf"}
    assert (folder / "选址建议书.pdf").read_bytes().startswith(b"%PDF")


def test_projects_are_listed_with_the_plans_own_figures(word: Document) -> None:
    """N4: 3 classes, 90 seats, 3100 people, 1,200,000 / 3100 = 387 m, 1350 / 666.67 = 2.02 mu; S5 adds 90 seats."""
    rows = _table(word, "编号")
    assert rows[1] == ["KR-001", "新建N4", "留早镇", "3", "90", "90", "3,100", "100.0%", "387", "2.02", "1,098", "384"]
    assert rows[2][:8] == ["KR-002", "扩建S5", "留早镇", "6", "180", "90", "6,000", "100.0%"]
    assert rows[-1][:6] == ["合计", "", "", "9", "270", "180"]


def test_coverage_today_is_beside_that_of_the_plan(word: Document) -> None:
    """Without N4, V3's 1200 people are 1800 m from the next school: 11,400 / 12,600 = 90.5 % are covered."""
    rows = _table(word, "类别")
    assert rows[1][:6] == ["农村幼儿园", "12,600", "1,200", "90.5%", "0", "100.0%"]


def test_every_project_has_a_sheet_with_other_places_and_what_is_lost(word: Document) -> None:
    sheets = [rows for rows in _tables(word) if len(rows) > 1 and "比选" in rows[1]]
    assert len(sheets) == 2
    labels = [row[1] for row in sheets[0][1:-1]]
    assert labels == ["比选", "位置", "服务覆盖", "平均/最远", "用地", "投资估算", "约束核查", "改址影响"]
    assert sheets[0][3][2:] == ["3,100 人，100.0%"] * 3
    assert "未核查" in sheets[0][7][2]
    assert sheets[0][8][2:] == ["—", "平均路程增加 181 米。", "平均路程增加 426 米。"]
    assert "估算" in sheets[0][0][0]


def test_the_proof_is_in_the_summary_and_goal_by_goal_in_the_annex(word: Document) -> None:
    assert "不存在更少的新建方案：扩建不多于 1 所而新建少于 1 所的方案不存在（已证明）" in _paragraphs(word)
    rows = _table(word, "目标")
    assert [row[0] for row in rows[1:]] == [
        "服务半径外人口",
        "超出规模上限",
        "建设项目",
        "低于服务人口下限",
        "就学路程",
    ]
    assert rows[3][1:4] == ["4", "4", "0.00%"]
    assert rows[3][5] == "已证明最优"


def test_a_search_that_stopped_early_is_never_called_proved() -> None:
    early = Stage("cost", Phrase("分", "points"), 4.0, 3.5, 0.125, "stopped early", 1.0)
    said = list(texts(proposal(filed_villages(stages={"cost": early}))))
    assert not [text for text in said if "不存在更少" in text]
    assert [text for text in said if "尚未证明建设项目最少" in text]
    row = next(row for block in proposal(filed_villages(stages={"cost": early})) if isinstance(block, Grid)
               for row in block.rows if row[0] == "建设项目")  # fmt: skip
    assert (row[3], row[5]) == ("12.50%", "提前停止")


def test_what_the_tool_cannot_know_is_a_headed_blank(word: Document) -> None:
    blanks = [rows[0][0] for rows in _tables(word) if len(rows) == 1 and rows[0][0].startswith("待填")]
    assert len(blanks) == 11
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name.lower().startswith("heading 2")]
    for heading in (
        "环境影响",
        "节能",
        "招标方案",
        "资金来源",
        "项目代码与审批",
        "项目法人与建设单位",
        "未排定年份的项目",
    ):
        assert any(text.endswith(heading) for text in headings), heading


def test_years_are_those_of_the_plan_and_the_rest_is_left_to_fill_in(word: Document) -> None:
    rows = _table(word, "开学年份")
    assert rows[1][:3] == ["2029", "1", "90"]
    assert "一般在 2029 年秋季开学" in _paragraphs(word)


def test_a_forecast_is_told_year_by_year_and_project_by_project() -> None:
    """16,600 residents: 332 children in 2026, 0.95 - 0.05 x 3 = 80 % or 265.6 in 2030, 30 % or 99.6 in 2040."""
    blocks = proposal(foreseen(filed_villages()))
    grid = next(block for block in blocks if isinstance(block, Grid) and block.title.startswith("学位需求预测"))
    assert [(row[1], row[2]) for row in grid.rows] == [
        ("2026", "332"),
        ("2030", "266"),
        ("2035", "183"),
        ("2040", "100"),
    ]
    sheet = next(block for block in blocks if isinstance(block, Sheet))
    assert "使用率：开办（2026 年）68.9%，最高 68.9%（2026 年），十年后 34.4%" in sheet.said
    english = " ".join(texts(proposal(foreseen(filed_villages("en")))))
    assert "from births" in english
    assert "Seats filled: 68.9% on opening in 2026" in english


def test_clauses_have_number_source_and_verdict(word: Document) -> None:
    rows = {row[0]: row for row in _table(word, "条款")}
    assert rows["KG-R-REACH"][2:] == ["1,500 米", "必须", "定发〔2021〕40号 三(三)", "符合"]
    assert rows["KG-R-OWN"][2].endswith("*")


def test_it_looks_as_the_standard_asks(word: Document) -> None:
    section = word.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    fonts = {style.style_id: style.element.find(f".//{qn('w:rFonts')}") for style in word.styles if style.type == 1}
    wanted = {
        "FilingHead": "方正小标宋简体",
        "FilingBody": "仿宋_GB2312",
        "Heading1": "黑体",
        "Heading2": "楷体_GB2312",
    }
    assert {name: fonts[name].get(qn("w:eastAsia")) for name in wanted} == wanted
    assert word.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml
    assert section.footer.paragraphs[0].text.strip().startswith("—")


def test_headers_repeat_and_rows_stay_whole(word: Document) -> None:
    for table in word.tables:
        rows = table._tbl.tr_lst
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        if len(rows) > 1 and "比选" not in table.rows[1].cells[1].text:
            assert rows[0].trPr.find(qn("w:tblHeader")) is not None


def test_headings_are_real_and_numbered(word: Document) -> None:
    first = [paragraph.text for paragraph in word.paragraphs if paragraph.style.style_id == "Heading1"]
    assert first[:4] == ["一、摘要", "二、编制依据", "三、建设必要性", "四、选址方案与比选"]
    assert first[-2:] == ["附件1　逐目标证明", "附件2　数据来源与说明"]
    assert " TOC " in word.element.xml


def test_maps_are_inline(word: Document) -> None:
    assert len(word.inline_shapes) >= 1
    drawn = word.element.findall(f".//{qn('wp:docPr')}")
    assert [(one.get("id"), one.get("descr")[:6]) for one in drawn[1:]] == [("2", "KR-001"), ("3", "KR-002")]


def test_the_same_dossier_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    write_proposal(filed_villages(years={("kindergarten-rural", "N4"): 2029.0}), tmp_path)
    for name in ("选址建议书.docx", "选址建议书.pdf"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_hostile_names_are_text_in_both_files(tmp_path: Path) -> None:
    dossier = filed_villages(names={"N4": HOSTILE, "S5": "=cmd()"})
    write_proposal(dossier, tmp_path)
    word = docx.Document(str(tmp_path / "选址建议书.docx"))
    assert SHOWN in "\n".join(cell for rows in _tables(word) for row in rows for cell in row)
    assert any(paragraph.text.startswith(f"1. 新建{SHOWN}") for paragraph in word.paragraphs)
    if shutil.which("pdftotext"):
        pages = subprocess.run(["pdftotext", str(tmp_path / "选址建议书.pdf"), "-"], capture_output=True, check=True)
        assert "onerror=alert(1)>${alert(1)}" in re.sub(r"\s", "", pages.stdout.decode())


def test_a_character_no_font_has_is_named_at_the_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other tests run tools that switch off the loggers they find."""
    monkeypatch.setattr(logging.getLogger("siting.filing.proposal.write"), "disabled", False)
    blocks = proposal(filed_villages(names={"N4": "𠮷村幼儿园"}))
    assert blocks[-2] == Heading(1, "附件3　字体缺字", is_numbered=False)
    assert isinstance(blocks[-1], Paragraph)
    assert "𠮷（U+20BB7）" in blocks[-1].text
    assert "U+20BB7" in caplog.text


# --- English -----------------------------------------------------------------------------------------------------


def test_the_english_edition_holds_no_chinese_but_names_and_sources(tmp_path: Path) -> None:
    dossier = filed_villages("en")
    write_proposal(dossier, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"siting_proposal.docx", "siting_proposal.pdf"}
    said = "\n".join(texts(proposal(dossier)))
    for name in sorted(_cited(dossier), key=len, reverse=True):
        said = said.replace(name, "")
    assert re.findall(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+", said) == []


def _cited(dossier: Dossier) -> set[str]:
    """Names of places and schools, and sources."""
    result = dossier.result
    rules = {rule.source for rule in result.book.rules if rule.source}
    names = {result.project.name, *result.area.units.township, *result.area.units.name}
    places = [place for work in dossier.works for place in (work.recommended, *work.alternatives)]
    found = {finding.source for place in places for finding in place.findings if finding.source}
    quotas = {figure.source for figure in RECURRENT_YUAN.values() if figure.source.startswith("定发")}
    norms = {norm.source.en for norm in dossier.norms}
    return rules | names | {place.name for place in places} | found | norms | quotas


# --- blocks and numbers ------------------------------------------------------------------------------------------


def test_numbers_of_headings_start_anew_below_each_other() -> None:
    sheet = Sheet("学校", None, "", ("a", "b"), (("c", "d"),))
    blocks = (Heading(1, "甲"), Heading(2, "乙"), sheet, sheet, Heading(2, "丙"), sheet, Heading(1, "丁"), PageBreak())
    told = [
        block.title if isinstance(block, Sheet) else block.text
        for block in numbered(blocks, "zh")
        if block != PageBreak()
    ]
    assert told == ["一、甲", "（一）乙", "1. 学校", "2. 学校", "（二）丙", "1. 学校", "二、丁"]
    told = [block.text for block in numbered((Heading(1, "A"), Heading(2, "B")), "en") if isinstance(block, Heading)]
    assert told == ["1. A", "1.1 B"]
    assert [in_chinese(count) for count in (9, 10, 11, 20, 35)] == ["九", "十", "十一", "二十", "三十五"]


def test_numbers_tell_unknown_none_and_endless_apart() -> None:
    assert [whole(value) for value in (float("nan"), 0.0, float("inf"), 1234.5)] == ["", "0", "无路可达", "1,234"]
    assert mu(250_636.0) == "375.95"
    assert [share(value) for value in (1.0, 0.99999, 0.0, 0.0001, 0.5, float("nan"))] == [
        "100.0%", ">99.9%", "0.0%", "<0.1%", "50.0%", "",
    ]  # fmt: skip


def test_a_plan_that_builds_nothing_has_a_proposal_too(tmp_path: Path) -> None:
    dossier = filed_villages()
    part = dossier.result.plan.parts[0]
    kept = replace(part, sites=tuple(site for site in part.sites if site.action == "keep"))
    plan = replace(dossier.result.plan, parts=(kept,))
    empty = replace(dossier, result=replace(dossier.result, plan=plan, checks=()), works=(), norms=())
    write_proposal(empty, tmp_path)
    word = docx.Document(io.BytesIO((tmp_path / "选址建议书.docx").read_bytes()))
    assert "本类没有新建、扩建项目。" in _paragraphs(word)

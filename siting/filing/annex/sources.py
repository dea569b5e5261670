"""资料来源: files with their hashes, the rulebook, norms with how sure they are, what is proved, and the versions."""

from __future__ import annotations

from collections.abc import Iterator

from siting.export.in_language import Header, table_in
from siting.export.manifest import sha256, versions
from siting.export.measures import CERTAINTY
from siting.export.proof import prove
from siting.export.tables import Row, Table
from siting.filing.dossier import Dossier
from siting.project import goal_name, programme_name
from siting.words import Phrase, both

Line = tuple[Phrase, Phrase, Phrase, Phrase]
"""What it is, its name, what it says, and where from or by what it is known again."""

FILE, HASH = Phrase("输入文件", "input file"), "SHA-256 "

LAYERS = {
    "villages": Phrase("村（社区）", "villages"),
    "population": Phrase("人口网格", "population grid"),
    "schools": Phrase("学校", "schools"),
    "roads": Phrase("道路", "roads"),
    "candidates": Phrase("备选地块", "candidate sites"),
    "urban_area": Phrase("城区范围", "urban area"),
    "boundary": Phrase("行政边界", "boundary"),
    "estates": Phrase("新建居住区", "estates"),
    "barriers": Phrase("障碍", "barriers"),
    "protected": Phrase("保护区与禁建区", "protected land"),
    "births": Phrase("出生人数", "births"),
    "ages": Phrase("分年龄人口", "residents by age"),
}


def sources_table(dossier: Dossier) -> Table:
    """What the tables were made from."""
    language = dossier.settings.language
    headers = (
        Header(Phrase("序号", "no."), 6, "0"),
        Header(Phrase("类别", "kind"), 16),
        Header(Phrase("名称", "name"), 34),
        Header(Phrase("内容", "what it says"), 62),
        Header(Phrase("出处、校验码与把握程度", "source, hash, how sure"), 70),
    )
    rows: list[Row] = [
        (number, *(one.said_in(language) for one in line)) for number, line in enumerate(_lines(dossier), 1)
    ]
    title = Phrase("资料来源与依据", "Sources")
    return table_in(Phrase("资料来源", "Sources"), title, headers, rows, language)


def _lines(dossier: Dossier) -> Iterator[Line]:
    yield from _files(dossier)
    yield from _rules(dossier)
    yield from _norms(dossier)
    yield from _proof(dossier)
    yield from _remarks(dossier)
    yield from _software()


def _files(dossier: Dossier) -> Iterator[Line]:
    project, area = dossier.result.project, dossier.result.area
    study = HASH + sha256(project.file) if project.file.is_file() else ""
    yield Phrase("研究文件", "study file"), both(project.file.name), both(project.name), both(study)
    for layer, (file, sha) in area.sources.items():
        yield FILE, LAYERS.get(layer, both(layer)), both(file), both(HASH + sha)
    if area.forecast is not None:
        yield Phrase("学龄人口推算", "forecast"), both(str(area.forecast.year_planned)), area.forecast.said, both("")
    if area.notice.zh:
        yield Phrase("数据声明", "notice"), both(""), area.notice, both("")


def _rules(dossier: Dossier) -> Iterator[Line]:
    book = dossier.result.book
    yield Phrase("规则集", "rulebook"), both(book.id), book.title, both(HASH + book.sha256)
    for rule in book.rules:
        sure = next((said for key, said in CERTAINTY.items() if key == rule.certainty), both(rule.certainty))
        yield Phrase("条款", "rule"), both(rule.id), rule.says, _with(rule.source, sure)


def _norms(dossier: Dossier) -> Iterator[Line]:
    for norm in dossier.norms:
        sure = (
            Phrase("有据", "read in a source")
            if norm.is_read
            else Phrase("未读原文，用前核对", "not read in the source's own text: look it up")
        )
        value = Phrase(f"{norm.value:g} {norm.unit.zh}（估算依据）", f"{norm.value:g} {norm.unit.en}, for estimates")
        yield Phrase("估算指标", "figure"), norm.name, value, _both(norm.source, sure)


def _with(source: str, sure: Phrase) -> Phrase:
    return _both(both(source), sure)


def _both(source: Phrase, sure: Phrase) -> Phrase:
    return Phrase("；".join(filter(None, (source.zh, sure.zh))), "; ".join(filter(None, (source.en, sure.en))))


def _proof(dossier: Dossier) -> Iterator[Line]:
    for part in dossier.result.plan.parts:
        for stage in part.stages:
            name, goal = programme_name(part), goal_name(stage.goal, part.radius_m)
            yield (
                Phrase("最优性证明", "proof"),
                name,
                Phrase(f"{goal.zh}：{prove(stage).zh}", f"{goal.en}: {prove(stage).en}"),
                both(""),
            )


def _remarks(dossier: Dossier) -> Iterator[Line]:
    for remark in dossier.result.area.remarks:
        yield Phrase("数据说明", "about the data"), both(remark.file), remark.what, both("")


def _software() -> Iterator[Line]:
    held = versions()
    for name in ("siting", "highspy", "python"):
        said = Phrase("本软件", "this program") if name == "siting" else both("")
        yield Phrase("软件版本", "software"), both(name), both(held.get(name, "")), said

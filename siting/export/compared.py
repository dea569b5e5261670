"""What a comparison is written as: comparison.json, comparison.xlsx, comparison.html."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from siting.comparison import Comparison, ProgrammeComparison, comparison_to_json
from siting.export.compared_tables import compared_tables
from siting.export.in_language import cover_in
from siting.export.result import Result
from siting.export.workbook import save_workbook
from siting.mapping import draw_comparison
from siting.project import programme_name
from siting.words import Language, Phrase

FACTS, WORKBOOK, MAP = "comparison.json", "comparison.xlsx", "comparison.html"


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison with the two results it speaks of, and the language it is written in."""

    comparison: Comparison
    base: Result
    other: Result
    language: Language = "zh"


def write_comparison_file(compared: Compared, folder: Path) -> None:
    """comparison.json: every figure, for machines and ``verify_comparison``."""
    (folder / FACTS).write_text(comparison_to_json(compared.comparison), encoding="utf-8")


def write_comparison_workbook(compared: Compared, folder: Path) -> None:
    """comparison.xlsx."""
    title = Phrase(f"{compared.other.area.name}　方案对比", f"{compared.other.area.name}: two plans side by side")
    cover = cover_in(compared.language, title, compared.other.area.notice, _about(compared.comparison))
    sheets = compared_tables(compared.comparison, compared.language)
    save_workbook(folder / WORKBOOK, cover, sheets, compared.comparison.notice, compared.language)


def write_comparison_map(compared: Compared, folder: Path) -> None:
    """comparison.html: both plans on one map, without a network."""
    page = draw_comparison(compared.comparison, compared.base, compared.other, compared.language)
    (folder / MAP).write_text(page, encoding="utf-8")


def _about(comparison: Comparison) -> Iterator[tuple[Phrase, Phrase]]:
    base, other = comparison.base_name, comparison.other_name
    yield Phrase("对比", "Compared"), Phrase(f"前者：{base}；后者：{other}", f"base: {base}; other: {other}")
    for one in comparison.programmes:
        yield programme_name(one), changes_line(one)
    for key in (*comparison.base_only, *comparison.other_only):
        yield (
            Phrase("只在一方", "One plan only"),
            Phrase(f"项目 {key} 不参与对比。", f"Programme {key} is not compared."),
        )
    yield from _NOTES


def changes_line(one: ProgrammeComparison) -> Phrase:
    """What moves in one programme, in a sentence."""
    gained, lost = one.people()
    counts = [one.count(change) for change in ("gained", "lost", "changed", "kept")]
    zh = "学校增加 {} 所、取消 {} 所、调整 {} 所、不变 {} 所；".format(*counts)
    en = "Sites: {} gained, {} lost, {} changed, {} kept; ".format(*counts)
    return Phrase(
        f"{zh}{len(one.units)} 个单元换校；{gained:,.0f} 人进入、{lost:,.0f} 人离开服务半径。",
        f"{en}{len(one.units)} units change school; {gained:,.0f} people gain reach, {lost:,.0f} lose it.",
    )


_NOTES = (
    (Phrase("差值", "Difference"), Phrase("后者减前者；比例的差为百分点。", "Other minus base; of shares in points.")),
    (
        Phrase("投资估算", "Money"),
        Phrase(
            "估算：新增学位 × 每学位造价（建筑面积指标 × 3500 元/㎡，±30%），不含土地，仅供比较。",
            "An estimate: seats added x cost per seat (floor area x 3,500 yuan/m2, +-30 %), without land.",
        ),
    ),
    (
        Phrase("可达变化", "Reach"),
        Phrase(
            "逐单元计：覆盖比例之差 × 后者常住人口；只计两方案都有的单元。",
            "Unit by unit: difference of covered shares x residents of the other plan; units of both plans only.",
        ),
    ),
    (
        Phrase("路程基尼系数", "Gini"),
        Phrase("0 表示人人路程相同，越大越不均。", "0 where all walk the same way, larger where less even."),
    ),
    (Phrase("空格", "Blank"), Phrase("没有统计数据；0 表示已统计且为零。", "Nobody counted; 0 is counted, and none.")),
)

"""What a frontier is written as: frontier.json, frontier.xlsx with a chart, and the manifest beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl.chart import LineChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from siting.budgets.points import Frontier, Point
from siting.budgets.tables import frontier_line, frontier_table, name_of_goal, title_of
from siting.export.facts import number
from siting.export.in_language import cover_in
from siting.export.manifest import write_made_manifest
from siting.export.workbook import HEADER_ROW, workbook
from siting.project import programme_name
from siting.run import Base
from siting.study import StudyArea
from siting.words import Language, Phrase

FACTS, WORKBOOK = "frontier.json", "frontier.xlsx"
FORMAT, VERSION = "siting frontier", 1

CHART_CM = (24.0, 11.0)
KNOWN, LEAST = 5, 6
"""Columns of the table that the chart draws; the counts are the first."""


def frontier_to_json(frontier: Frontier) -> str:
    """frontier.json as text: every figure."""
    content = {"format": FORMAT, "version": VERSION, **frontier_facts(frontier)}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


def write_facts(said: str, folder: Path) -> None:
    """frontier.json, of its text."""
    (folder / FACTS).write_text(said, encoding="utf-8")


def write_tables(area: StudyArea, frontier: Frontier, language: Language, folder: Path) -> None:
    """frontier.xlsx: the table, and a chart of its goal below it."""
    title = Phrase(f"{area.name}　新建数与成效", f"{area.name}: what each further project brings")
    cover = cover_in(language, title, area.notice, _about(frontier))
    book = workbook(cover, (frontier_table(frontier, language),), area.notice, language)
    _draw(book.worksheets[1], frontier, language)
    book.save(folder / WORKBOOK)


def _draw(sheet: Worksheet, frontier: Frontier, language: Language) -> None:
    last = HEADER_ROW + len(frontier.points)
    chart = LineChart()
    chart.title = title_of(frontier).said_in(language)
    chart.x_axis.title = Phrase("新建数（所）", "new builds").said_in(language)
    chart.y_axis.title = name_of_goal(frontier).said_in(language)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height = CHART_CM
    chart.add_data(
        Reference(sheet, min_col=KNOWN, max_col=LEAST, min_row=HEADER_ROW, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=HEADER_ROW + 1, max_row=last))
    sheet.add_chart(chart, f"A{last + 2}")


def write_frontier_manifest(base: Base, frontier: Frontier, folder: Path) -> None:
    """manifest.json: what the plans were made from, and the counts; the last file to be written."""
    counts = [one.count for one in frontier.points]
    write_made_manifest(base, {"frontier": {"programme": frontier.programme, "new": counts}}, folder)


def frontier_facts(frontier: Frontier) -> Mapping[str, object]:
    """The frontier for machines; null where a number is not known, "inf" where it has no end."""
    return {
        "programme": frontier.programme,
        "announced": frontier.announced,
        "goal": frontier.goal,
        "enough": frontier.enough,
        "is_enough_proved": frontier.is_enough_proved,
        "points": [_facts(one) for one in frontier.points],
    }


def _facts(one: Point) -> Mapping[str, object]:
    goals = zip(one.goals, one.value, one.bound, strict=True)
    return {
        "new": one.count,
        "built": one.built,
        "extended": one.extended,
        "known": number(one.known),
        "least": number(one.least),
        "brings": number(one.brings),
        "goals": {goal: {"value": number(value), "bound": number(bound)} for goal, value, bound in goals},
    }


def _about(frontier: Frontier) -> Iterator[tuple[Phrase, Phrase]]:
    yield programme_name(frontier), frontier_line(frontier)
    yield (
        Phrase("已知与下界", "Known and bound"),
        Phrase(
            "每个新建数各编一个方案（恰好新建这么多）。少建能做到的，多建也能；多建也做不到的，少建更做不到："
            "“已知最好”和“下界”据此互相借用，只用于看服务半径外人口的情形。",
            "One plan for each number, with exactly so many. What fewer builds reach, more reach too; what more "
            "cannot, fewer cannot: 'best known' and 'bound' are lent so, only where cover is what is looked at.",
        ),
    )

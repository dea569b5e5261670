"""What a back-test is written as: backtest.json, backtest.xlsx, and the manifest beside them.

    {"format": "siting backtest", "version": 1, "programme", "tier", "area", "radius_m", "since", "built", "unknown",
     "goals": [{"goal", "real", "real_bound", "best", "best_bound", "regret", "at_least", "at_most"}],
     "shared", "real_only", "best_only": [{"id", "name", "township", "year", "real_residents", "best_residents"}],
     "gained", "lost",
     "reach": [{"village_id", "name", "township", "residents", "gained", "lost"}]}

Every record of `siting.backtest.points` is an object with that record's fields as keys, and means what is said there.
As in plan.json ``nan`` is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from siting.backtest.points import Backtest
from siting.backtest.tables import backtest_line, backtest_tables, title_of
from siting.export.in_language import cover_in
from siting.export.manifest import write_made_manifest
from siting.export.workbook import workbook
from siting.plan_file import record_to_json
from siting.project import programme_name
from siting.run import Base
from siting.study import StudyArea
from siting.words import Language, Phrase

FACTS, WORKBOOK = "backtest.json", "backtest.xlsx"
FORMAT, VERSION = "siting backtest", 1


def backtest_to_json(test: Backtest) -> str:
    """backtest.json as text: every figure."""
    return record_to_json(FORMAT, VERSION, test)


def write_facts(said: str, folder: Path) -> None:
    """backtest.json, of its text."""
    (folder / FACTS).write_text(said, encoding="utf-8")


def write_tables(area: StudyArea, test: Backtest, language: Language, folder: Path) -> None:
    """backtest.xlsx: a cover and the tables."""
    title = Phrase(f"{area.name}　{title_of(test).zh}", f"{area.name}, {title_of(test).en}")
    cover = cover_in(language, title, area.notice, _about(test))
    workbook(cover, backtest_tables(test, language), area.notice, language).save(folder / WORKBOOK)


def write_backtest_manifest(base: Base, test: Backtest, folder: Path) -> None:
    """manifest.json: what the plans were made from, and the question; the last file to be written."""
    write_made_manifest(base, {"backtest": {"programme": test.programme, "since": test.since}}, folder)


def _about(test: Backtest) -> Iterator[tuple[Phrase, Phrase]]:
    yield programme_name(test), backtest_line(test)
    yield (
        Phrase("怎样回测", "How"),
        Phrase(
            f"把 {test.since} 年以来开办的学校从现状中去掉，其位置（班数照旧）与其他备选地块一起参选，"
            "恰好新建同样多所、不扩建；人口与道路按现在的。实际选址指规定建在原处时的最好学区。",
            f"The schools opened since {test.since} are taken away; where they stand, with their classes, is a place "
            "to choose among the others. Exactly as many are built and none is extended, for the people and roads of "
            "today. The real sites are given the best catchments they can have.",
        ),
    )
    yield (
        Phrase("遗憾值", "Regret"),
        Phrase(
            "遗憾值为两个方案之差（实际 - 最好）。目标有先后：前面的目标相同，后面的才可比；前面不同，后面可正可负。"
            "“至少、至多可省”由下界推出：实际选址的下界 - 最好方案的值，实际选址的值 - 最好方案的下界。",
            "Regret is what lies between the two plans (real - best). Goals come in strict order: a later one compares "
            "only where those before it are equal, else it may have either sign. What was saved at least and at most "
            "follows from the bounds: the bound with the real sites - the best value, the real value - the best bound.",
        ),
    )

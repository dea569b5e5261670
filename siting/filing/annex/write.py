"""附表1-9.xlsx: the nine annexes of a plan, with what they were made from and what their columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from siting.export.catchment_annex import CATCHMENTS, catchments_of
from siting.export.coverage_annex import COVERAGE, covered
from siting.export.estate_annex import ESTATES, estates_table
from siting.export.fields import Annex, programme_of
from siting.export.in_language import cover_in
from siting.export.planned_annex import PLANNED, planned
from siting.export.school_annex import STANDING, existing_schools
from siting.export.tables import Table
from siting.export.workbook import Form, save_workbook
from siting.filing.annex.forecast import CHILDREN, children_table, supply_annex, supply_table
from siting.filing.annex.glossary import glossary_table
from siting.filing.annex.nearest import nearest_schools
from siting.filing.annex.projects import OPTIONS, PROJECTS, estimates_of, options_table, projects_table
from siting.filing.annex.sources import sources_table
from siting.filing.dossier import Dossier
from siting.filing.ground import grounds
from siting.words import Phrase

FILE = Phrase("附表1-9.xlsx", "annex_tables.xlsx")


def write_annexes(dossier: Dossier, folder: Path) -> None:
    """The workbook of all nine tables."""
    settings, area = dossier.settings, dossier.result.area
    sheets = [*annex_tables(dossier), sources_table(dossier), glossary_table(annexes(dossier), settings.language)]
    form = Form(settings.prepared_by, settings.day)
    save_workbook(folder / dossier.said(FILE), _cover(dossier, sheets), sheets, area.notice, settings.language, form)


def annexes(dossier: Dossier) -> tuple[Annex[Any], ...]:
    """The definitions of the nine, in order."""
    supply = supply_annex(dossier.result.area.forecast)
    return (STANDING, CHILDREN, supply, PLANNED, PROJECTS, COVERAGE, ESTATES, CATCHMENTS, OPTIONS)


def annex_tables(dossier: Dossier) -> Iterator[Table]:
    """附表1 to 附表9."""
    result, language = dossier.result, dossier.settings.language
    plan, area = result.plan, result.area
    yield existing_schools(area, language)
    yield children_table(dossier)
    yield supply_table(dossier)
    yield PLANNED.table(planned(result, estimates_of(dossier.works)), language, programme_of)
    yield projects_table(dossier)
    yield COVERAGE.table(covered(result, nearest_schools(plan, area)), language, programme_of)
    needs = dossier.ahead.estates if dossier.ahead else ()
    yield estates_table(area, needs, plan, language, _estate_notes(dossier))
    yield CATCHMENTS.table(catchments_of(result, grounds(plan, area)), language, programme_of)
    yield options_table(dossier)


def _estate_notes(dossier: Dossier) -> tuple[Phrase, ...]:
    if dossier.ahead and dossier.ahead.estates:
        return ()
    if dossier.result.area.estates.empty:
        return (
            Phrase(
                "研究没有新建居住区图层（[layers.estates]）。", "The study has no layer of estates ([layers.estates])."
            ),
        )
    return (
        Phrase(
            "研究没有推算新建居住区入住，规划人口、学位需求与同步情况留空；"
            "在研究文件中写 [demand] estates = true 或 year 即可补齐。",
            "The study does not fill its estates: residents, seats and timing are blank; [demand] estates = true or a "
            "year would fill them.",
        ),
    )


def _cover(dossier: Dossier, sheets: Iterable[Table]) -> Iterator[tuple[str, str]]:
    project, book = dossier.result.project, dossier.result.book
    title = Phrase(f"{project.name}　附表", f"{project.name}: annex tables")
    lines = [
        (
            Phrase("依据", "Rules"),
            Phrase(f"{book.title.zh}（规则集 {book.id}）", f"{book.title.en} (rulebook {book.id})"),
        ),
        (_UNITS, _UNITS_SAID),
        (_BLANKS, _BLANKS_SAID),
        *((Phrase(one.tab, one.tab), Phrase(one.title, one.title)) for one in sheets),
    ]
    if dossier.settings.is_internal:
        lines.insert(0, (Phrase("内部资料", "Internal"), Phrase("内部资料 供审批使用", "for approval only")))
    return cover_in(dossier.settings.language, title, dossier.result.area.notice, lines)


_UNITS, _UNITS_SAID = (
    Phrase("单位", "Units"),
    Phrase(
        "亩、㎡、万元、班、个（学位）、人、m；距离沿路网计算。用地、建筑面积、投资为估算，不含土地费用。",
        "mu (2000/3 m2), m2, 10,000 yuan, classes, seats, people, m; distances by road. Land, floor and money are "
        "estimates, without the price of land.",
    ),
)
_BLANKS, _BLANKS_SAID = (
    Phrase("空格", "Blanks"),
    Phrase(
        "空白表示没有统计数据或由填报单位填写，0 表示已统计且为零，各列含义见“字段说明”。",
        "A blank means that nobody counted, or that whoever files it fills it in; 0 is counted, none. See Columns.",
    ),
)

"""The atlas: which sheets it has, in which order, and the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from siting.filing.atlas.balance import gap_grid, gap_theme, seat_balance
from siting.filing.atlas.existing import (
    TOTAL,
    children_of,
    coverage_grid,
    coverage_theme,
    density_grid,
    density_theme,
    existing_grid,
    existing_theme,
    uncovered_grid,
)
from siting.filing.atlas.grids import Grid
from siting.filing.atlas.maps import Theme
from siting.filing.atlas.pages import pages, pdf_of
from siting.filing.atlas.pictures import Pictures, pictures
from siting.filing.atlas.planned import catchment_theme, plan_theme
from siting.filing.atlas.projects import (
    estates_grid,
    estates_theme,
    has_estates,
    pupils_grid,
    sites_grid,
    works_grid,
    works_theme,
)
from siting.filing.atlas.sheets import Beside, Sheet, map_sheets
from siting.filing.atlas.sites import site_sheets
from siting.filing.dossier import Dossier
from siting.filing.existing import audited_once
from siting.plan import TierPlan
from siting.project import programme_name
from siting.study import TIER_NAMES, TIERS, Tier
from siting.words import Phrase

FILE = Phrase("图集.pdf", "atlas.pdf")


@dataclass(frozen=True, slots=True)
class Atlas:
    """An atlas before it is written: titles of its sheets in order, pages as PDF, characters the fonts lack."""

    titles: tuple[str, ...]
    pdf: bytes
    lacking: tuple[str, ...]


def write_atlas(dossier: Dossier, folder: Path) -> None:
    """图集.pdf, in English atlas.pdf: A3 sheets with cover and list; see ``make_atlas``."""
    (folder / dossier.said(FILE)).write_bytes(make_atlas(dossier).pdf)


def make_atlas(dossier: Dossier) -> Atlas:
    """The atlas of a dossier. Characters that no font has are drawn as boxes, named on the list of sheets and in
    ``lacking``."""
    made = pictures(dossier)
    sheets = tuple(sheet for kind in KINDS for sheet in kind(made))
    drawn, missing = pages(made, sheets)
    return Atlas(tuple(dossier.said(sheet.title) for sheet in sheets), pdf_of(dossier, drawn), missing)


# --- the sheets, kind by kind ------------------------------------------------------------------------------------


def _existing(made: Pictures) -> Iterator[Sheet]:
    area = made.dossier.result.area
    note = Phrase(
        "图中注记以学位多者优先，注不下的从略；表中合计不含未统计的学校。",
        "Larger schools are named first, as far as there is room; sums leave out what was not counted.",
    )
    for tier in (tier for tier in TIERS if tier in area.schools.tier):
        grids = (existing_grid(area, tier, made.dossier.said(TOTAL)),)
        title = _of_tier(Phrase("现状学校分布图", "Existing schools"), tier)
        yield from _mapped(made, "existing", title, existing_theme(area, tier), Beside(grids, (note,)))


def _coverage(made: Pictures) -> Iterator[Sheet]:
    result = made.dossier.result
    found = audited_once(result)
    note = Phrase(
        "按路网距离量算；颜色为该村（社区）居民到最近学校的平均路程。规则未规定服务半径的学段不计覆盖率。",
        "By road; colours are the mean way of a unit's residents to the nearest school. "
        "Where the rules promise no distance there is no covered share.",
    )
    for programme in found.programmes:
        worst = uncovered_grid(found, programme)
        grids = (coverage_grid(found, programme, made.dossier.said(TOTAL)), *([] if worst is None else [worst]))
        said = programme_name(programme)
        title = Phrase(f"现状服务覆盖图（{said.zh}）", f"Coverage by existing schools: {said.en}")
        theme = coverage_theme(made.ground, found, programme)
        yield from _mapped(made, "coverage", title, theme, Beside(grids, (note,), programme.area != "rural"))


def _density(made: Pictures) -> Iterator[Sheet]:
    area, project = made.dossier.result.area, made.dossier.result.project
    note = Phrase(
        "密度＝学龄人口÷单元图斑面积；没有村界的单元，图斑为距居民点 1 公里以内离其最近的土地。"
        "未逐村统计的按千人指标推算（估算）。",
        "Children per area of the unit's shape; without a boundary that is the land within 1 km nearest to where its "
        "people live. Children nobody counted are estimated at the study's rate per 1000.",
    )
    for tier in _tiers(made):
        children = children_of(area, project, tier)
        grids = (density_grid(area, children, made.dossier.said(TOTAL)),)
        title = _of_tier(Phrase("学龄人口密度图", "Children per km²"), tier)
        yield from _mapped(made, "density", title, density_theme(made.ground, children), Beside(grids, (note,)))


def _gap(made: Pictures) -> Iterator[Sheet]:
    dossier = made.dossier
    for tier in _tiers(made):
        found, year = seat_balance(dossier, tier)
        theme = gap_theme(made.ground, found, year, dossier.settings.language)
        grids = (gap_grid(found, year, dossier.said(TOTAL)),)
        title = _of_tier(Phrase("供需缺口图", "Seats lacking and to spare"), tier)
        note = _gap_note(int(found.year[year]))
        yield from _mapped(made, "gap", title, theme, Beside(grids, (note,), has_inset=False))


def _gap_note(year: int) -> Phrase:
    when = (
        Phrase(f"{year} 年需求对现状学位", f"needs of {year}")
        if year
        else Phrase("现状需求对现状学位", "needs of today")
    )
    return Phrase(
        f"{when.zh}：按片区整班取整，正数为缺，负数为余；缺口与富余按片区计算，合计时不相抵。",
        f"{when.en} against the seats there are, in whole classes of every planning unit: + lacking, − to spare. "
        "Gaps and spare seats of planning units do not cancel.",
    )


def _plan(made: Pictures) -> Iterator[Sheet]:
    dossier = made.dossier
    for part in dossier.result.plan.parts:
        own = [work for work in dossier.works if work.part.programme == part.programme]
        grids = (works_grid(own, dossier.settings.language),) if own else ()
        theme = plan_theme(made.ground, part, made.names(part), made.outlines[part.programme])
        title = _of_part(Phrase("规划布局图", "Plan"), part)
        note = Phrase("图中数字为项目编号末位；投资为估算，不含征地。", "Numbers end the codes; money is an estimate.")
        yield from _mapped(made, "plan", title, theme, Beside(grids, (note,) if own else (), part.area != "rural"))


def _catchments(made: Pictures) -> Iterator[Sheet]:
    dossier = made.dossier
    for part in dossier.result.plan.parts:
        numbers = {site.id: str(number) for number, site in enumerate(part.sites, 1)}
        grids = (sites_grid(part, numbers, dossier.settings.language),)
        theme = catchment_theme(made.ground, part, numbers)
        title = _of_part(Phrase("学区划分图", "Catchments"), part)
        note = Phrase("图中数字为本图学校序号。", "Numbers are those of the list beside.")
        yield from _mapped(made, "catchments", title, theme, Beside(grids, (note,), part.area != "rural"))


def _projects(made: Pictures) -> Iterator[Sheet]:
    works = made.dossier.works
    if works:
        grids = (works_grid(works, made.dossier.settings.language),)
        title = Phrase("近期建设项目分布图", "Near-term projects")
        note = Phrase("投资为估算，不含征地。", "Money is an estimate without land.")
        beside = Beside(grids, (note,), has_inset=len(works) <= FEW)
        yield from _mapped(made, "projects", title, works_theme(works), beside)


def _estates(made: Pictures) -> Iterator[Sheet]:
    dossier = made.dossier
    if has_estates(dossier.result.area):
        grids: list[Grid] = [estates_grid(dossier)]
        full = pupils_grid(dossier)
        grids += [] if full is None else [full]
        title = Phrase("新建居住区配套图", "New estates and schools")
        near = [work for work in dossier.works if work.part.area != "rural"]
        theme = estates_theme(made.ground, near)
        yield from _mapped(made, "estates", title, theme, Beside(tuple(grids)))


FEW = 60
"""So many projects leave room for a map of the centre beside their list."""

KINDS: tuple[Callable[[Pictures], Iterator[Sheet]], ...] = (
    _existing, _coverage, _density, _gap, _plan, _catchments, _projects, _estates, site_sheets,
)  # fmt: skip
"""In the order of the atlas."""


def _mapped(made: Pictures, kind: str, title: Phrase, theme: Theme, beside: Beside) -> Iterator[Sheet]:
    return map_sheets(made.ground, kind, title, theme, beside, made.dossier.settings.language)


def _tiers(made: Pictures) -> Iterator[Tier]:
    """Tiers that are planned for."""
    asked = {programme.tier for programme in made.dossier.result.project.programmes}
    return (tier for tier in TIERS if tier in asked)


def _of_tier(title: Phrase, tier: Tier) -> Phrase:
    said = TIER_NAMES[tier]
    return Phrase(f"{title.zh}（{said.zh}）", f"{title.en}: {said.en}")


def _of_part(title: Phrase, part: TierPlan) -> Phrase:
    said = programme_name(part)
    return Phrase(f"{title.zh}（{said.zh}）", f"{title.en}: {said.en}")

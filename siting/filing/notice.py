"""招生简章: every school with its villages, communities and estates by name, enclaves, and what has changed since last
year; and every village with its schools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree

from siting.demand.pupils import unit_pupils
from siting.export.catchment_annex import ENCLAVES, Catchment, Ground
from siting.export.fields import (
    THE_PLAN,
    VILLAGES_TABLE,
    WORKED_OUT,
    Annex,
    Field,
    joined,
    people,
    seats,
)
from siting.export.in_language import cover_in
from siting.export.named import Named, listed, unit_names
from siting.export.tables import Table
from siting.export.workbook import Form, save_workbook
from siting.filing.dossier import Dossier
from siting.filing.ground import grounds
from siting.inputs.last_year import BY_VILLAGE
from siting.plan import Site, TierPlan
from siting.study import TIER_NAMES, FloatArray, StudyArea
from siting.words import Phrase, both

FILE = Phrase("招生简章.xlsx", "enrolment_notice.xlsx")

LAST_YEAR = Phrase("上年招生服务区表", "last year's catchments")
NO_SCHOOL = Phrase("未分配", "none")
NOTHING = Phrase("", "")


def write_notice(dossier: Dossier, folder: Path) -> None:
    """The workbook of the notice."""
    settings = dossier.settings
    form = Form(settings.prepared_by, settings.day)
    sheets = notice_tables(dossier)
    save_workbook(
        folder / dossier.said(FILE), _cover(dossier), sheets, dossier.result.area.notice, settings.language, form
    )


def notice_tables(dossier: Dossier) -> tuple[Table, ...]:
    """Schools, what has changed (only where last year is given), villages."""
    language, moves = dossier.settings.language, moves_of(dossier)
    schools = NOTICE.table(
        enrolling(dossier, moves), language, lambda one: TIER_NAMES[one.part.tier], tuple(_notes(dossier))
    )
    changes = CHANGES.table(moves, language, lambda one: TIER_NAMES[one.part.tier])
    villages = VILLAGES.table(lookups(dossier), language)
    return (schools, changes, villages) if dossier.settings.last_year is not None else (schools, villages)


# --- what has changed ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A unit that goes to another school than last year; site is None where it goes to none."""

    part: TierPlan
    unit_id: str
    unit: str
    township: str
    before: str
    site: Site | None
    residents: float
    children: float


def moves_of(dossier: Dossier) -> list[Move]:
    """Units whose school was stated last year and is another now, in the plan's order."""
    return [move for part in dossier.result.plan.parts for move in _moves(dossier, part)]


def _moves(dossier: Dossier, part: TierPlan) -> Iterator[Move]:
    area, last = dossier.result.area, (dossier.settings.last_year or {}).get(part.tier, {})
    row, site = {unit: at for at, unit in enumerate(area.units.id)}, {site.id: site for site in part.sites}
    pupils = unit_pupils(area, part.tier, dossier.result.project.pupils_per_1000)
    for given in part.assignments:
        now, before = site.get(given.site_id), last.get(given.unit_id)
        if before is None or (now is not None and before.strip() == now.name.strip()):
            continue
        at, units = row[given.unit_id], area.units
        people_, children = float(units.residents[at]), float(pupils[at])
        yield Move(part, given.unit_id, units.name[at], units.township[at], before, now, people_, children)


CHANGES: Annex[Move] = Annex(
    Phrase("与上年相比", "Changes"),
    Phrase("招生服务区与上年相比的调整", "Units that change school"),
    (
        Field(
            Phrase("村（社区）", "village"),
            20,
            lambda one: one.unit,
            Phrase("调整的村（社区）", "what changes"),
            THE_PLAN,
        ),
        Field(
            Phrase("乡镇（街道）", "township"), 16, lambda one: one.township, Phrase("乡镇", "township"), VILLAGES_TABLE
        ),
        Field(Phrase("学段", "tier"), 12, lambda one: TIER_NAMES[one.part.tier], Phrase("学段", "tier"), THE_PLAN),
        Field(
            Phrase("上年学校", "last year"), 28, lambda one: one.before, Phrase("上年学校", "last year's"), LAST_YEAR
        ),
        Field(
            Phrase("本年学校", "now"),
            28,
            lambda one: both(one.site.name) if one.site else NO_SCHOOL,
            Phrase("本年学校", "this year's"),
            THE_PLAN,
        ),
        people(
            Phrase("涉及常住人口", "residents"),
            12,
            lambda one: one.residents,
            Phrase("人口", "residents"),
            VILLAGES_TABLE,
        ),
        people(
            Phrase("适龄人口", "children"), 11, lambda one: one.children, Phrase("适龄人口", "children"), VILLAGES_TABLE
        ),
    ),
)
"""Every unit that changes school."""


# --- schools ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enrolling:
    """One school with whom it takes: names of villages, communities and estates; where they lie; what it gained from
    which schools since last year and lost to which (None: nobody knows)."""

    part: TierPlan
    site: Site
    villages: tuple[str, ...]
    communities: tuple[str, ...]
    estates: tuple[str, ...]
    ground: Ground | None
    gained: Phrase | None
    lost: Phrase | None


def enrolling(dossier: Dossier, moves: Iterable[Move]) -> Iterator[Enrolling]:
    """Every school with a catchment, programme by programme."""
    area, plan = dossier.result.area, dossier.result.plan
    names, lies, kinds, moved = unit_names(area), grounds(plan, area), _kinds(area), list(moves)
    inside, is_known = _estates(area), dossier.settings.last_year is not None
    for part in plan.parts:
        for site in (site for site in part.sites if site.units):
            own = {kind: listed((u for u in site.units if kinds[u] == kind), names) for kind in KINDS}
            built = tuple(name for unit in site.units for name in inside.get(unit, ()))
            mine = [move for move in moved if move.part.tier == part.tier]
            yield Enrolling(
                part,
                site,
                own["village"],
                own["community"],
                tuple(dict.fromkeys((*own["estate"], *built))),
                lies.get((part.programme, site.id)),
                _gained(mine, site, names) if is_known else None,
                _lost(mine, site, names) if is_known else None,
            )


KINDS = ("village", "community", "estate")


def _kinds(area: StudyArea) -> Mapping[str, str]:
    """What each unit is called: an estate, a community where its name says so, else a village."""
    units = area.units
    return {
        unit: "estate" if kind == "estate" else _called(units.village(at), kind)
        for at, (unit, kind) in enumerate(zip(units.id, units.kind, strict=True))
    }


def _called(name: str, kind: str) -> str:
    return "community" if kind == "community" or name.endswith("社区") else "village"


def _estates(area: StudyArea) -> Mapping[str, list[str]]:
    """Estates of the layer by the unit whose people live nearest to them; those that are units themselves are left
    out."""
    units, is_unit = area.units, set(area.units.name)
    lived = np.flatnonzero(area.points.unit >= 0)
    found: dict[str, list[str]] = {}
    if area.estates.empty or not len(lived):
        return found
    tree = cKDTree(np.column_stack((area.points.x[lived], area.points.y[lived])))
    for name, (x, y) in _seats(area).items():
        if name not in is_unit:
            found.setdefault(units.id[area.points.unit[lived[tree.query((x, y))[1]]]], []).append(name)
    return found


def _seats(area: StudyArea) -> Mapping[str, FloatArray]:
    """A place within each estate."""
    seats_ = shapely.get_coordinates(shapely.point_on_surface(area.estates.geometry.to_numpy()))
    return {str(name): seat for name, seat in reversed(list(zip(area.estates["name"], seats_, strict=True)))}


def _gained(moves: Iterable[Move], site: Site, names: Mapping[str, Named]) -> Phrase:
    come = [move for move in moves if move.site is not None and move.site.id == site.id]
    return _moved(come, lambda move: both(move.before), Phrase("自", "from "), names)


def _lost(moves: Iterable[Move], site: Site, names: Mapping[str, Named]) -> Phrase:
    gone = [move for move in moves if move.before.strip() == site.name.strip()]
    return _moved(gone, lambda move: both(move.site.name) if move.site else NO_SCHOOL, Phrase("至", "to "), names)


def _moved(moves: Iterable[Move], school: Callable[[Move], Phrase], way: Phrase, names: Mapping[str, Named]) -> Phrase:
    """School by school, the units that moved and their people; 无 where none did."""
    by: dict[Phrase, list[Move]] = {}
    for move in moves:
        by.setdefault(school(move), []).append(move)
    told = [_told(Phrase(f"{way.zh}{of.zh}", f"{way.en}{of.en}"), held, names) for of, held in by.items()]
    if not told:
        return Phrase("无", "none")
    return Phrase("；".join(one.zh for one in told), "; ".join(one.en for one in told))


def _told(whose: Phrase, moves: list[Move], names: Mapping[str, Named]) -> Phrase:
    units = joined(listed((move.unit_id for move in moves), names))
    residents, children = sum(move.residents for move in moves), sum(move.children for move in moves)
    return Phrase(
        f"{whose.zh}：{units.zh}（{residents:,.0f} 人，适龄 {children:,.0f} 人）",
        f"{whose.en}: {units.en} ({residents:,.0f} residents, {children:,.0f} children)",
    )


def _enclaves(one: Enrolling) -> Phrase:
    said = ENCLAVES.cell(Catchment(one.part, one.site, (), one.ground))
    return said if isinstance(said, Phrase) else NOTHING


NOTICE: Annex[Enrolling] = Annex(
    Phrase("招生服务区", "Catchments"),
    Phrase("招生服务区一览表", "Schools and their catchments"),
    (
        Field(Phrase("学校", "school"), 26, lambda one: one.site.name, Phrase("学校", "school"), THE_PLAN),
        Field(Phrase("学段", "tier"), 10, lambda one: TIER_NAMES[one.part.tier], Phrase("学段", "tier"), THE_PLAN),
        Field(
            Phrase("所在乡镇（街道）", "township"),
            14,
            lambda one: one.site.township,
            Phrase("乡镇", "township"),
            THE_PLAN,
        ),
        Field(Phrase("服务村", "villages"), 44, lambda one: joined(one.villages), Phrase("村", "villages"), THE_PLAN),
        Field(
            Phrase("服务社区", "communities"),
            44,
            lambda one: joined(one.communities),
            Phrase("社区", "communities"),
            THE_PLAN,
        ),
        Field(Phrase("小区", "estates"), 24, lambda one: joined(one.estates), Phrase("小区", "estates"), THE_PLAN),
        Field(Phrase("飞地", "enclaves"), 20, _enclaves, ENCLAVES.meaning, WORKED_OUT),
        people(
            Phrase("适龄人口", "children"), 10, lambda one: one.site.pupils, Phrase("适龄人口", "children"), THE_PLAN
        ),
        seats(Phrase("学位", "seats"), 9, lambda one: one.site.seats, Phrase("学位", "seats"), THE_PLAN),
        Field(
            Phrase("比上年划入", "gained"),
            34,
            lambda one: one.gained or NOTHING,
            Phrase("划入", "gained"),
            LAST_YEAR,
        ),
        Field(Phrase("比上年划出", "lost"), 34, lambda one: one.lost or NOTHING, Phrase("划出", "lost"), LAST_YEAR),
    ),
    is_wide=True,
)
"""Every school with whom it takes."""


def _notes(dossier: Dossier) -> Iterator[Phrase]:
    if "block" in dossier.result.area.units.kind:
        yield _BLOCKS
    if dossier.settings.last_year is None:
        yield _NO_LAST_YEAR


_BLOCKS = Phrase(
    "“社区·序号”是较大社区的分块，分块界线见图集学区划分图；各块都到同一学校的只写社区名。",
    "A community with a number behind it is a block of a large one, bounded as the atlas shows; only the community is "
    "named where all its blocks go to one school.",
)
_NO_LAST_YEAR = Phrase(
    "没有上年招生服务区，划入、划出留空；在研究文件中写 [filing] last_year 即可对比。",
    "Last year's catchments are not given, so that gains and losses are blank; [filing] last_year would name them.",
)


# --- villages --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lookup:
    """A unit and its school in one tier."""

    unit_id: str
    unit: str
    township: str
    part: TierPlan
    school: str


def lookups(dossier: Dossier) -> Iterator[Lookup]:
    """Every unit that has a school, in the order of the units, tier by tier."""
    units = dossier.result.area.units
    school = {
        (given.unit_id, part.programme): (part, site.name)
        for part in dossier.result.plan.parts
        for site in part.sites
        for given in part.assignments
        if given.site_id == site.id
    }
    for at, unit in enumerate(units.id):
        for part in dossier.result.plan.parts:
            if (unit, part.programme) in school:
                yield Lookup(unit, units.name[at], units.township[at], *school[unit, part.programme])


def _tier(one: Lookup) -> Phrase:
    return TIER_NAMES[one.part.tier]


VILLAGES: Annex[Lookup] = Annex(
    BY_VILLAGE,
    Phrase("各村（社区）对口学校一览表", "Villages and their schools"),
    (
        Field(Phrase("村（社区）代码", "unit_id"), 20, lambda one: one.unit_id, Phrase("代码", "code"), VILLAGES_TABLE),
        Field(Phrase("村（社区）", "unit"), 24, lambda one: one.unit, Phrase("名称", "name"), VILLAGES_TABLE),
        Field(
            Phrase("乡镇（街道）", "township"), 18, lambda one: one.township, Phrase("乡镇", "township"), VILLAGES_TABLE
        ),
        Field(Phrase("学段", "tier"), 12, _tier, Phrase("学段", "tier"), THE_PLAN),
        Field(Phrase("学校", "school"), 36, lambda one: one.school, Phrase("学校", "school"), THE_PLAN),
    ),
    is_numbered=False,
)
"""Every unit with its school; next year's notice reads it as last year's."""


def _cover(dossier: Dossier) -> Iterator[tuple[str, str]]:
    project = dossier.result.project
    title = Phrase(f"{project.name}　招生简章（招生服务区）", f"{project.name}: enrolment notice")
    lines = [
        (
            Phrase("招生范围", "Catchments"),
            Phrase(
                "各村、社区整体划入一所学校，见“招生服务区”；按村查学校见“各村学校”。",
                "Every village and community goes whole to one school: see Catchments, and By village.",
            ),
        ),
        (
            Phrase("下一年使用", "Next year"),
            Phrase(
                "下一年编制时，把本文件写入研究文件 [filing] last_year，即列出与本年相比的调整。",
                "Name this file in [filing] last_year of next year's study, and what has changed is listed.",
            ),
        ),
        (
            Phrase("发布", "Publication"),
            Phrase(
                "本表为编制稿，以教育行政部门正式公布为准。", "A draft: what the education bureau publishes counts."
            ),
        ),
    ]
    return cover_in(dossier.settings.language, title, dossier.result.area.notice, lines)

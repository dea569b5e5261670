"""A study as it was before some of its schools opened: those are places where a school could be built."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from siting.candidates import APART_M
from siting.errors import Fault, InputError
from siting.programme.question import counted_schools
from siting.project import Budget, Lock, Programme, areas_of
from siting.rules.gather import terms_for
from siting.run import Base
from siting.scenario.alone import alone
from siting.scenario.applying import with_places
from siting.study import TIER_NAMES, Candidates, IntArray, Remark, stacked, taken
from siting.words import Phrase, name_some

MARK = "real:"
"""Before the id of a school that became a place."""


@dataclass(frozen=True, slots=True)
class Past:
    """The base without the schools opened since a year, asked for as many new builds.

    place maps the id of a place where a school was really built to the year it opened in; unknown counts schools of
    the programme whose year nobody knows: they are left standing.
    """

    base: Base
    programme: Programme
    since: int
    place: dict[str, int]
    unknown: int

    def as_built(self) -> Base:
        """The same with every one of those places required."""
        project = self.base.project
        locks = (
            Lock(place, self.programme.tier, "require", Phrase(f"{year} 年已开办", f"opened in {year}"))
            for place, year in self.place.items()
        )
        return replace(self.base, project=replace(project, locks=(*project.locks, *locks)))


def past_of(base: Base, programme: Programme, since: int) -> Past:
    """The past of one programme. Raises InputError where no opening year is known, or nothing opened since."""
    own = _own(base, programme)
    year = base.area.schools.opened_year[own]
    if np.isnan(year).all():
        raise InputError((_no_years(base, programme),))
    opened = own[year >= since]
    if not len(opened):
        raise InputError((_none_since(base, programme, since, float(np.nanmax(year))),))
    placed = with_places(base)
    schools, real = placed.area.schools, _as_places(placed, programme, opened)
    area = replace(
        placed.area,
        schools=taken(schools, np.setdiff1d(np.arange(len(schools)), opened)),
        candidates=stacked(real, _apart(placed.area.candidates, real, programme)),
        remarks=(*placed.area.remarks, *_resized(placed, programme, opened)),
    )
    budget = Budget(len(opened), 0, True, True)
    before = alone(replace(placed, area=area), replace(programme, budget=budget))
    years = dict(zip(real.id, schools.opened_year[opened].astype(int).tolist(), strict=True))
    return Past(before, before.project.programmes[0], since, years, int(np.isnan(year).sum()))


def _own(base: Base, programme: Programme) -> IntArray:
    """Rows of the schools that the programme counts."""
    unit = np.flatnonzero(np.isin(np.array(base.area.units.area), list(areas_of(programme.area))))
    rows = counted_schools(base.area, programme, terms_for(base.book, programme), unit)
    return np.array(rows, dtype=np.int64)


def _as_places(base: Base, programme: Programme, opened: IntArray) -> Candidates:
    """Schools as places, each with its own classes; off the menu, with the next size, so that it seats its pupils."""
    schools, menu = base.area.schools, terms_for(base.book, programme).menu
    return Candidates(
        id=tuple(f"{MARK}{schools.id[row]}" for row in opened.tolist()),
        name=tuple(schools.name[row] for row in opened.tolist()),
        tiers=(frozenset({programme.tier}),) * len(opened),
        unit=schools.unit[opened],
        x=schools.x[opened],
        y=schools.y[opened],
        max_classes=np.array([_size(menu, classes) for classes in schools.classes[opened].tolist()]),
    )


def _size(menu: tuple[int, ...], classes: float) -> float:
    """The smallest size of a menu with so many classes; the number itself where there is none, nan where unknown."""
    return float(min((size for size in menu if size >= classes), default=classes))


def _resized(base: Base, programme: Programme, opened: IntArray) -> tuple[Remark, ...]:
    schools, menu = base.area.schools, terms_for(base.book, programme).menu
    odd = [
        f"{schools.name[row]} ({schools.classes[row]:g} → {_size(menu, schools.classes[row]):g})"
        for row in opened.tolist()
        if not math.isnan(schools.classes[row]) and _size(menu, schools.classes[row]) != schools.classes[row]
    ]
    if not odd:
        return ()
    names = name_some(odd)
    what = Phrase(
        f"回测：{len(odd)} 所学校的班数不在规模表中，按大一级计：{names.zh}。",
        f"back-test: {len(odd)} schools have classes off the menu and count with the next size: {names.en}.",
    )
    return (Remark(_file(base), what),)


def _apart(others: Candidates, real: Candidates, programme: Programme) -> Candidates:
    """The other places; those of the tier within APART_M of a real one are one with it."""
    near, _ = cKDTree(np.column_stack((real.x, real.y))).query(np.column_stack((others.x, others.y)).reshape(-1, 2))
    is_own = np.array([programme.tier in tiers for tiers in others.tiers], dtype=bool)
    return taken(others, np.flatnonzero(~is_own | (near >= APART_M)))


def _file(base: Base) -> str:
    sources = base.area.sources
    return sources["schools"][0] if "schools" in sources else base.project.file.name


def _no_years(base: Base, programme: Programme) -> Fault:
    name = TIER_NAMES[programme.tier]
    return Fault(
        _file(base),
        Phrase(
            f"{programme.key} 的{name.zh}都没有开办年份，无法回测。",
            f"no {name.en} of {programme.key} has an opening year, so there is nothing to look back on.",
        ),
        Phrase(
            "请在学校表加“开办年份”列（opened_year，如 2019），至少填近年新建的学校。",
            "Add a column opened_year (such as 2019) to the table of schools; the new ones are enough.",
        ),
    )


def _none_since(base: Base, programme: Programme, since: int, latest: float) -> Fault:
    name = TIER_NAMES[programme.tier]
    return Fault(
        _file(base),
        Phrase(
            f"{programme.key} 自 {since} 年以来没有开办{name.zh}，最近一所在 {latest:.0f} 年。",
            f"no {name.en} of {programme.key} opened in {since} or later; the latest did in {latest:.0f}.",
        ),
        Phrase(f"请用 --since {latest:.0f} 或更早的年份。", f"Say --since {latest:.0f}, or an earlier year."),
    )

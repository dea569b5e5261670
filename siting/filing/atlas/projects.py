"""Projects and estates: where they are, and what they are in a list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from siting.filing.atlas import looks
from siting.filing.atlas.existing import whole
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.grids import Column, Grid
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import Type, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key, sign_key
from siting.filing.atlas.maps import Marks, Theme
from siting.filing.atlas.planned import action_keys, numbered, works_marks
from siting.filing.dossier import Dossier, Work
from siting.plan import ACTION_NAMES, Site, TierPlan
from siting.study import TIER_NAMES, StudyArea
from siting.words import Language, Phrase, both

NOTHING = both("")


def works_theme(works: Sequence[Work]) -> Theme:
    """Every project of the plan with its code."""
    sites = [work.site for work in works]
    put = works_marks(works)

    def draw(frame: Frame) -> Marks:
        marks = put(frame)
        marks.labels = list(numbered(((w.site.x, w.site.y, w.code, w.site.action) for w in works), frame))
        return marks

    return Theme(draw, tuple(action_keys(sites)))


def works_grid(works: Iterable[Work], language: Language) -> Grid:
    """Code, name, scale and estimate of every project, and the year it opens where the plan has years."""
    works = tuple(works)
    has_years = any(not math.isnan(work.year) for work in works)
    columns = (
        Column(Phrase("编号", "code"), 9.5),
        Column(Phrase("项目名称", "project"), 27.0),
        Column(Phrase("增班", "classes"), 5.5, True),
        Column(Phrase("增学位", "seats"), 7.5, True),
        Column(Phrase("估算万元", "wan yuan"), 8.0, True),
        *((Column(Phrase("开办", "opens"), 6.5, True),) if has_years else ()),
    )
    rows = tuple(_work_row(work, language, has_years) for work in works)
    return Grid(Phrase("项目一览", "Projects"), columns, rows)


def _work_row(work: Work, language: Language, has_years: bool) -> tuple[str, ...]:
    year = "" if math.isnan(work.year) else f"{work.year:.0f}"
    figures = (whole(work.classes_added), whole(work.seats_added), whole(work.money_wan))
    return (work.code, work.name.said_in(language), *figures, *((year,) if has_years else ()))


def sites_grid(part: TierPlan, numbers: dict[str, str], language: Language) -> Grid:
    """The schools of a programme with the numbers of the map and whom they serve."""
    columns = (
        Column(Phrase("序号", "no."), 5.5),
        Column(Phrase("学校", "school"), 27.0),
        Column(Phrase("安排", "action"), 7.0),
        Column(Phrase("服务人口", "residents"), 9.5, True),
        Column(Phrase("学位", "seats"), 7.5, True),
    )
    rows = tuple(
        (numbers[site.id], site.name, _action(site, language), whole(site.service_population), whole(site.seats))
        for site in part.sites
    )
    return Grid(Phrase("学校一览", "Schools"), columns, rows)


def _action(site: Site, language: Language) -> str:
    return ACTION_NAMES[site.action].said_in(language)


# --- estates -----------------------------------------------------------------------------------------------------


def estates_theme(ground: Ground, works: Sequence[Work]) -> Theme:
    """New estates with their names, and the projects of the plan around them."""
    rows = ground.area.estates
    middle = rows.geometry.representative_point()
    xy = np.column_stack([middle.x, middle.y])
    projects = works_theme(works)

    def draw(frame: Frame) -> Marks:
        marks = projects.draw(frame)
        marks.under = [shape(place, frame, looks.ESTATE) for place in rows.geometry]
        marks.put(xy, looks.ESTATE_SIGN, frame)
        names = list(_estate_names([str(name) for name in rows["name"]], xy, frame))
        marks.labels = [*names, *(Label(one.text, one.x, one.y, one.look, one.gap) for one in marks.labels)]
        return marks

    return Theme(draw, (*_estate_keys(), *projects.keys))


def _estate_keys() -> Iterator[Key]:
    yield sign_key(looks.ESTATE_SIGN, Phrase("新建居住区", "new estate"))
    yield area_key(looks.ESTATE, Phrase("新建居住区用地", "its ground"))


def _estate_names(names: Sequence[str], xy: np.ndarray, frame: Frame) -> Iterator[Label]:
    said: set[str] = set()
    for name, (x, y), is_seen in zip(names, frame.at(xy).tolist(), frame.shows(xy).tolist(), strict=True):
        if is_seen and name not in said:
            said.add(name)
            yield Label(name, x, y, Type(2.3, looks.ESTATE.stroke, has_rim=True), 2.6, must=True)


def estates_grid(dossier: Dossier) -> Grid:
    """Every phase of every estate: dwellings, when it is handed over, and the schools land is offered for."""
    rows = dossier.result.area.estates
    unknown = [math.nan] * len(rows)
    columns = (
        Column(Phrase("居住区", "estate"), 24.0),
        Column(Phrase("分期", "phase"), 10.0),
        Column(Phrase("户数（户）", "dwellings"), 13.0, True),
        Column(Phrase("交付年份", "delivered"), 13.0, True),
        Column(NOTHING, 3.0),
        Column(Phrase("配建学校（学段）", "school offered"), 24.0),
    )
    tiers = rows["school_tiers"] if "school_tiers" in rows else [frozenset()] * len(rows)
    lines = zip(
        rows["name"], rows.get("phase", unknown), rows.get("dwellings", unknown), rows.get("delivery_year", unknown),
        tiers, strict=True,
    )  # fmt: skip
    return Grid(
        Phrase("新建居住区一览", "New estates"),
        columns,
        tuple(
            (str(name), _text(phase), whole(_number(homes)), _year(year), "", _tiers(offered, dossier))
            for name, phase, homes, year, offered in lines
        ),
    )


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)


def _number(cell: Any) -> float:
    return math.nan if pd.isna(cell) else float(cell)


def _year(cell: Any) -> str:
    number = _number(cell)
    return "" if math.isnan(number) else f"{number:.0f}"


def _tiers(offered: object, dossier: Dossier) -> str:
    known = offered if isinstance(offered, frozenset) else frozenset()
    between = Phrase("、", ", ")
    return dossier.said(between).join(dossier.said(TIER_NAMES[tier]) for tier in TIER_NAMES if tier in known)


def has_estates(area: StudyArea) -> bool:
    """Whether there are new estates."""
    return len(area.estates) > 0


def pupils_grid(dossier: Dossier) -> Grid | None:
    """Pupils of every estate at their peak, None where the study does not look ahead."""
    ahead = dossier.ahead
    if ahead is None or not ahead.estates:
        return None
    tiers = list(dict.fromkeys(tier for one in ahead.estates for tier in one.peak_pupils))
    columns = (
        Column(Phrase("居住区", "estate"), 24.0),
        Column(Phrase("入住人口（人）", "residents"), 16.0, True),
        *(Column(Phrase(f"{TIER_NAMES[t].zh}高峰（人）", f"{TIER_NAMES[t].en}, peak"), 19.0, True) for t in tiers),
        Column(Phrase("学校晚于首期（月）", "months late"), 19.0, True),
    )
    rows = tuple(
        (one.name, whole(one.residents), *(whole(one.peak_pupils[t]) for t in tiers), whole(one.gap_months))
        for one in ahead.estates
    )
    return Grid(Phrase("新建居住区学位需求", "Pupils of new estates"), columns, rows)

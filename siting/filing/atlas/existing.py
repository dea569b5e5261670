"""What exists: where schools stand, how far everybody is from the nearest, how many children live where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from siting.audit import Audit
from siting.demand.pupils import knows_pupils, unit_pupils
from siting.filing.atlas import looks
from siting.filing.atlas.classes import class_of, class_words, density_limits, metre_limits
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.grids import Column, Grid
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import Ink, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key, sign_key
from siting.filing.atlas.maps import Marks, Theme
from siting.project import Programme, Project
from siting.study import OPERATOR_NAMES, FloatArray, StudyArea, Tier
from siting.words import Phrase

TOWN = Column(Phrase("乡镇（街道）", "township"), 20.0)
TOTAL = Phrase("合计", "total")


def whole(value: float) -> str:
    """A whole number, "" where nobody counted."""
    return "" if math.isnan(value) else f"{value:,.0f}"


def share(value: float) -> str:
    """A share in per cent, "" where there is none."""
    return "" if math.isnan(value) else f"{value:.1%}"


def metres(value: float) -> Phrase:
    """Metres, or that no road leads there."""
    return Phrase("无路", "no road") if math.isinf(value) else Phrase(whole(value), whole(value))


# --- schools that stand ------------------------------------------------------------------------------------------


def existing_theme(area: StudyArea, tier: Tier) -> Theme:
    """Schools of a tier by who runs them, the largest named first."""
    schools = area.schools
    rows = np.flatnonzero(np.asarray(schools.tier) == tier)
    rows = rows[np.argsort(-np.nan_to_num(schools.seats[rows]), kind="stable")]
    xy = np.column_stack([schools.x, schools.y])

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        for operator, drawn in looks.OPERATORS.items():
            marks.put(xy[[k for k in rows.tolist() if schools.operator[k] == operator]].reshape(-1, 2), drawn, frame)
        marks.labels = list(_names([schools.name[k] for k in rows.tolist()], xy[rows], frame))
        return marks

    return Theme(draw, tuple(_operator_keys(area, rows)))


def _names(names: Sequence[str], xy: FloatArray, frame: Frame) -> Iterator[Label]:
    for name, (x, y), is_seen in zip(names, frame.at(xy).tolist(), frame.shows(xy).tolist(), strict=True):
        if is_seen:
            yield Label(name, x, y, looks.NAMES, 2.4)


def _operator_keys(area: StudyArea, rows: np.ndarray) -> Iterator[Key]:
    for operator, drawn in looks.OPERATORS.items():
        count = sum(area.schools.operator[k] == operator for k in rows.tolist())
        if count:
            said = OPERATOR_NAMES[operator]
            yield sign_key(drawn, Phrase(f"{said.zh}（{count}）", f"{said.en} ({count})"))


def existing_grid(area: StudyArea, tier: Tier, total: str) -> Grid:
    """Schools, classes, seats and enrolment of a tier by township; sums are of schools where they are known."""
    schools = area.schools
    town = np.append(np.asarray(area.units.township, dtype=object), "")[schools.unit]
    rows = np.asarray(schools.tier) == tier
    table = pd.DataFrame(
        {"town": town, "classes": schools.classes, "seats": schools.seats, "enrolment": schools.enrolment}
    )[rows]
    by_town = table.groupby("town", sort=False)
    sums, counts = by_town.sum(min_count=1), by_town.size()
    lines = [(str(name), str(counts[name]), *map(whole, sums.loc[name])) for name in _in_order(area, list(sums.index))]
    last = table.drop(columns="town").sum(min_count=1)
    columns = (
        TOWN,
        Column(Phrase("学校（所）", "schools"), 12.0, True),
        Column(Phrase("班数（班）", "classes"), 12.0, True),
        Column(Phrase("学位（个）", "seats"), 14.0, True),
        Column(Phrase("在校生（人）", "enrolment"), 15.0, True),
    )
    title = Phrase("各乡镇（街道）现状学校", "Schools by township")
    return Grid(title, columns, (*lines, (total, str(len(table)), *map(whole, last))), has_total=True)


def _in_order(area: StudyArea, towns: Sequence[str]) -> list[str]:
    """Townships in the order of the units, then those of no unit."""
    order = {town: k for k, town in enumerate(dict.fromkeys(area.units.township))}
    return sorted(towns, key=lambda town: order.get(town, len(order)))


# --- coverage ----------------------------------------------------------------------------------------------------


def coverage_theme(ground: Ground, audit: Audit, programme: Programme) -> Theme:
    """Units by their residents' mean way to the nearest school the rules count; who lives beyond the radius."""
    walks = audit.walks[audit.walks["programme"] == programme.key]
    row = {unit: k for k, unit in enumerate(ground.area.units.id)}
    mean_m = np.full(len(row), np.nan)
    at = [row[unit] for unit in walks["unit_id"]]
    mean_m[at] = walks["mean_m"].to_numpy(dtype=np.float64)
    limits = metre_limits(mean_m, _radius_m(audit, programme))
    beyond = audit.uncovered[audit.uncovered["programme"] == programme.key]
    schools = audit.schools[audit.schools["programme"] == programme.key]
    counted = schools["is_counted"].to_numpy(dtype=bool)

    def draw(frame: Frame) -> Marks:
        marks = Marks(under=list(shaded(ground, frame, mean_m, limits, looks.FAR_COLOURS, at)))
        seats = [row[unit] for unit in beyond["unit_id"]]
        marks.put(np.column_stack([ground.area.units.x[seats], ground.area.units.y[seats]]), looks.BEYOND, frame)
        gates = np.column_stack([schools.geometry.x, schools.geometry.y]).reshape(-1, 2)
        marks.put(gates[~counted], looks.NOT_COUNTED, frame)
        marks.put(gates[counted], looks.COUNTED, frame)
        return marks

    there = (bool(counted.any()), bool((~counted).any()), len(beyond) > 0)
    return Theme(draw, (*_coverage_keys(*there), *class_keys(mean_m[at], limits, looks.FAR_COLOURS, _METRES)))


_METRES = Phrase("米", "m")


def _radius_m(audit: Audit, programme: Programme) -> float:
    found = audit.coverage.loc[audit.coverage["programme"] == programme.key, "radius_m"]
    return float(found.iloc[0]) if len(found) else math.nan


def _coverage_keys(has_counted: bool, has_others: bool, has_beyond: bool) -> Iterator[Key]:
    if has_counted:
        yield sign_key(looks.COUNTED, Phrase("计入覆盖的学校", "school that counts"))
    if has_others:
        yield sign_key(looks.NOT_COUNTED, Phrase("不计入的学校（民办）", "school that does not count"))
    if has_beyond:
        yield sign_key(looks.BEYOND, Phrase("有居民在服务半径外的村（社区）", "residents beyond the radius"))


def coverage_grid(audit: Audit, programme: Programme, total_word: str) -> Grid:
    """Residents, covered residents and mean way by township; without a radius nobody is covered or not."""
    rows = audit.townships[audit.townships["programme"] == programme.key]
    total = audit.coverage[audit.coverage["programme"] == programme.key]
    lines = [_covered(str(row.township), row) for row in rows.itertuples()]
    last = [_covered(total_word, row) for row in total.itertuples()]
    columns = (
        TOWN,
        Column(Phrase("常住人口（人）", "residents"), 16.0, True),
        Column(Phrase("半径内（人）", "covered"), 15.0, True),
        Column(Phrase("覆盖率", "share"), 11.0, True),
        Column(Phrase("平均路程（米）", "mean way, m"), 16.0, True),
        Column(Phrase("最远（米）", "farthest, m"), 14.0, True),
    )
    title = Phrase("各乡镇（街道）现状覆盖", "Coverage by township")
    return Grid(title, columns, (*lines, *last), has_total=bool(last))


def _covered(name: str, row: object) -> tuple[str, ...]:
    said = {word: float(getattr(row, word)) for word in ("residents", "covered_residents", "covered_share")}
    far = [whole(float(getattr(row, word))) for word in ("mean_m", "farthest_m")]
    return (name, whole(said["residents"]), whole(said["covered_residents"]), share(said["covered_share"]), *far)


def uncovered_grid(audit: Audit, programme: Programme) -> Grid | None:
    """Where most people live beyond the radius, None where nobody does or none is promised."""
    rows = audit.uncovered[audit.uncovered["programme"] == programme.key].head(WORST)
    if rows.empty:
        return None
    columns = (
        Column(Phrase("村（社区）", "unit"), 19.0),
        Column(Phrase("乡镇（街道）", "township"), 15.0),
        Column(Phrase("半径外（人）", "beyond"), 12.0, True),
        Column(Phrase("平均（米）", "mean, m"), 11.0, True),
    )
    lines = tuple(
        (str(row.name), str(row.township), whole(float(row.uncovered_residents)), _far(float(row.mean_m)))
        for row in rows.drop(columns="geometry").itertuples(index=False)
    )
    return Grid(Phrase("服务半径外人口最多的村（社区）", "Most residents beyond the radius"), columns, lines)


def _far(metres_: float) -> str:
    return "—" if math.isinf(metres_) else whole(metres_)


WORST = 50
"""So many units are listed at most."""


# --- children ----------------------------------------------------------------------------------------------------


def children_of(area: StudyArea, project: Project, tier: Tier) -> FloatArray:
    """Children of a tier in every unit (U), nan where they are neither counted nor given a rate."""
    children = unit_pupils(area, tier, project.pupils_per_1000)
    if knows_pupils(area, tier, project.pupils_per_1000):
        return children
    counted = area.units.children.get(tier, np.full(len(area.units), np.nan))
    return np.where(np.isnan(counted), np.nan, children)


def density_theme(ground: Ground, children: FloatArray) -> Theme:
    """Units by children per square kilometre of their shape."""
    km2 = ground.units.geometry.area.to_numpy() / 1e6
    density = children / np.where(km2 > 0, km2, np.nan)
    limits = density_limits(density)
    every = list(range(len(density)))

    def draw(frame: Frame) -> Marks:
        return Marks(under=list(shaded(ground, frame, density, limits, looks.MANY_COLOURS, every)))

    return Theme(draw, tuple(class_keys(density, limits, looks.MANY_COLOURS, Phrase("人/平方公里", "per km²"))))


def density_grid(area: StudyArea, children: FloatArray, total: str) -> Grid:
    """Residents and children of a tier by township; blank where somebody in it was not counted."""
    table = pd.DataFrame({"town": area.units.township, "residents": area.units.residents, "children": children})
    towns = table.groupby("town", sort=False)
    sums = pd.DataFrame({word: towns[word].apply(_all_counted) for word in ("residents", "children")})
    lines = [(str(name), *map(whole, sums.loc[name]), _per_1000(*sums.loc[name])) for name in sums.index]
    last = [_all_counted(table[word]) for word in ("residents", "children")]
    columns = (
        TOWN,
        Column(Phrase("常住人口（人）", "residents"), 17.0, True),
        Column(Phrase("学龄人口（人）", "children"), 17.0, True),
        Column(Phrase("每千人（人）", "per 1000"), 14.0, True),
    )
    title = Phrase("各乡镇（街道）学龄人口", "Children by township")
    return Grid(title, columns, (*lines, (total, *map(whole, last), _per_1000(*last))), has_total=True)


def _all_counted(column: pd.Series) -> float:
    """The sum, nan where somebody was not counted."""
    return float(column.sum(skipna=False))


def _per_1000(residents: float, children: float) -> str:
    return f"{1000.0 * children / residents:.1f}" if residents > 0 and not math.isnan(children) else ""


# --- shading -----------------------------------------------------------------------------------------------------


def shaded(
    ground: Ground, frame: Frame, values: FloatArray, limits: Sequence[float], colours: Sequence[str], rows: list[int]
) -> Iterator[str]:
    """Some units in the colour of their class; hatched where nobody counted (nan), dark where no road leads (inf)."""
    geometry, of = ground.units.geometry.to_numpy(), class_of(values, limits)
    for row in rows:
        yield shape(geometry[row], frame, _ink(values[row], int(of[row]), colours))


def _ink(value: float, of: int, colours: Sequence[str]) -> Ink:
    if math.isnan(value):
        return looks.UNCOUNTED
    return looks.UNREACHED if math.isinf(value) else Ink(colours[of], looks.UNIT_EDGE.stroke, looks.UNIT_EDGE.width)


def class_keys(values: FloatArray, limits: Sequence[float], colours: Sequence[str], unit: Phrase) -> Iterator[Key]:
    """Every class with its limits, and words for what was not counted or has no road, where there is some."""
    for colour, said in zip(colours, class_words(limits, unit), strict=False):
        yield area_key(Ink(colour, "#8d867d", 0.15), said)
    if np.isnan(values).any():
        yield area_key(looks.UNCOUNTED, looks.UNCOUNTED_WORDS)
    if np.isinf(values).any():
        yield area_key(looks.UNREACHED, Phrase("无路可达", "no road"))

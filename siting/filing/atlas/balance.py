"""Seats that lack and seats to spare, planning unit by planning unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.demand.balance import Balance
from siting.demand.needs import balance_now, capacities
from siting.filing.atlas import looks
from siting.filing.atlas.classes import density_limits
from siting.filing.atlas.existing import children_of, whole
from siting.filing.atlas.frame import Frame
from siting.filing.atlas.grids import Column, Grid
from siting.filing.atlas.ground import Ground
from siting.filing.atlas.ink import Ink, Type, shape
from siting.filing.atlas.labels import Label
from siting.filing.atlas.legend import Key, area_key
from siting.filing.atlas.maps import Marks, Theme
from siting.filing.dossier import Dossier
from siting.study import FloatArray, Tier
from siting.words import Language, Phrase

CLASSES = 3
"""Classes of gaps, and of spare seats."""


def seat_balance(dossier: Dossier, tier: Tier) -> tuple[Balance, int]:
    """The balance of a tier and the column of the year it is shown for: the year planned for where the study looks
    ahead, else one column of today's children against today's seats, whose year is 0."""
    ahead, forecast = dossier.ahead, dossier.result.area.forecast
    if ahead is not None and forecast is not None:
        found = [one.balance for one in ahead.needs if one.balance.tier == tier]
        if found:
            return found[0], int(np.flatnonzero(found[0].year == forecast.year_planned)[0])
    return _today(dossier, tier), 0


def _today(dossier: Dossier, tier: Tier) -> Balance:
    result = dossier.result
    children = children_of(result.area, result.project, tier)
    return balance_now(result.area, children, capacities(result.project, result.book)[tier])


def gap_theme(ground: Ground, found: Balance, year: int, language: Language) -> Theme:
    """Planning units by seats that lack (warm) or are to spare (cold), the number written on each."""
    lack = found.seat_gap[:, year] - found.spare_seats[:, year]
    limits = density_limits(np.abs(lack), CLASSES)
    places = dict(zip(found.planning_unit, _shapes(ground, found.planning_unit), strict=True))

    def draw(frame: Frame) -> Marks:
        marks = Marks()
        for value, place in zip(lack.tolist(), places.values(), strict=True):
            marks.under.append(shape(place, frame, _ink(value, limits)))
        marks.labels = list(_numbers(places, lack, frame, language))
        return marks

    return Theme(draw, tuple(_gap_keys(lack, limits)), has_towns=False)


def _shapes(ground: Ground, names: Sequence[str]) -> Iterator[BaseGeometry]:
    of = np.asarray(ground.area.units.planning_unit, dtype=object)
    geometry = ground.units.geometry.to_numpy()
    for name in names:
        yield shapely.union_all(geometry[of == name], grid_size=0.01)


def _ink(lack: float, limits: Sequence[float]) -> Ink:
    if math.isnan(lack):
        return looks.UNCOUNTED
    colours = looks.LACK_COLOURS if lack > 0 else looks.SPARE_COLOURS[::-1]
    fill = colours[int(np.digitize(abs(lack), limits, right=True))] if lack != 0 else looks.EVEN.fill
    return Ink(fill, "#6b6460", 0.2)


def _numbers(places: dict[str, BaseGeometry], lack: FloatArray, frame: Frame, language: Language) -> Iterator[Label]:
    """Name and number of every planning unit, the largest first; +120 lacks 120 seats, -80 has 80 to spare."""
    order = sorted(zip(places.items(), lack.tolist(), strict=True), key=lambda one: -one[0][1].area)
    for (name, place), value in order:
        at = shapely.get_coordinates(shapely.point_on_surface(place))
        if frame.shows(at, 1.0)[0]:
            x, y = frame.at(at)[0].tolist()
            said = looks.UNCOUNTED_WORDS.said_in(language) if math.isnan(value) else signed(value)
            yield Label(f"{name} {said}", x, y, Type(2.2, "#222222", has_rim=True))


def signed(value: float) -> str:
    """A gap with its sign: + lacks, - is to spare."""
    return "" if math.isnan(value) else (f"{value:+,.0f}" if value else "0").replace("-", "−")


def _gap_keys(lack: FloatArray, limits: Sequence[float]) -> Iterator[Key]:
    yield from _half(Phrase("缺", "lacks"), looks.LACK_COLOURS[len(limits) :: -1], limits)
    yield area_key(Ink(looks.EVEN.fill, "#6b6460", 0.2), Phrase("平衡", "neither"))
    yield from reversed(list(_half(Phrase("余", "spare"), looks.SPARE_COLOURS[::-1][len(limits) :: -1], limits)))
    if np.isnan(lack).any():
        yield area_key(looks.UNCOUNTED, looks.UNCOUNTED_WORDS)


def _half(word: Phrase, colours: Sequence[str], limits: Sequence[float]) -> Iterator[Key]:
    """Classes of one sign, the largest first."""
    edges = [f">{limits[-1]:g}", *(f"{a:g}–{b:g}" for a, b in zip(limits[-2::-1], limits[:0:-1], strict=True))]
    for colour, said in zip(colours, [*edges, f"≤{limits[0]:g}"], strict=True):
        words = Phrase(f"{word.zh} {said} 个学位", f"{word.en} {said} seats")
        yield area_key(Ink(colour, "#6b6460", 0.2), words)


def gap_grid(found: Balance, year: int, total: str) -> Grid:
    """Children, seats needed, there and lacking of every planning unit; gaps and spare seats do not cancel."""
    tables = (found.pupils, found.needed_seats, found.existing_seats, found.seat_gap, found.spare_seats)
    lines = [(name, *(whole(float(t[k, year])) for t in tables)) for k, name in enumerate(found.planning_unit)]
    last = (total, *(whole(float(table[:, year].sum())) for table in tables))
    columns = (
        Column(Phrase("片区", "planning unit"), 20.0),
        Column(Phrase("学生数（人）", "pupils"), 14.0, True),
        Column(Phrase("需求（个）", "needed"), 13.0, True),
        Column(Phrase("现状（个）", "there"), 13.0, True),
        Column(Phrase("缺口（个）", "lacking"), 13.0, True),
        Column(Phrase("富余（个）", "spare"), 13.0, True),
    )
    return Grid(Phrase("各片区学位供需", "Seats by planning unit"), columns, (*lines, last), has_total=True)

"""Schools of the sample: too few in the city and some towns, by about what the plan of 2021 sets out to build.

Built backwards: the built-up places are divided among the schools a full plan would have; then those to be built
are left out and those to be extended are made smaller. So a plan within the budgets is known to exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sample.facts import Floats, Ints
from sample.people import County, Grid
from sample.places import Settlement

TIERS = ("幼儿园", "小学", "初中", "高中")
CLASS_SIZE = {"幼儿园": 30, "小学": 45, "初中": 50, "高中": 50}
MENU = {"幼儿园": (3, 6, 9, 12), "小学": (12, 18, 24, 30, 36), "初中": (12, 18, 24, 30, 36)}
UPPER = {"幼儿园": 12_000, "小学": 20_000, "初中": 40_000}
"""Residents a school in town may serve."""

_PREFIX = {"幼儿园": "YEY", "小学": "XX", "初中": "CZ", "高中": "GZ"}
_SPARE = 1.07
"""Seats of a finished plan per pupil, at least."""


@dataclass(frozen=True, slots=True)
class School:
    """A school of one tier; a nine-year school is two with one code. unit is a position in the facts; opened_year 0
    until years are drawn."""

    tier: str
    name: str
    operator: str
    classes: int
    max_classes: int
    enrolment: int
    place: Floats
    unit: int
    code: str = ""
    opened_year: int = 0

    @property
    def seats(self) -> int:
        """Classes times the size of a class."""
        return self.classes * CLASS_SIZE[self.tier]


@dataclass(frozen=True, slots=True)
class Share:
    """What one school of a finished plan serves, in residents; its classes today (0: to be built) and at most."""

    residents: float
    classes: int
    max_classes: int


_CITY: dict[str, list[Share]] = {
    "幼儿园": [Share(11_000, 0, 12)] * 6 + [Share(11_000, 6, 12)] + [Share(11_000, 9, 9)] * 24,
    "小学": [Share(18_400, 0, 36)] * 4 + [Share(17_800, 24, 30)] * 6
    + [Share(17_500, 30, 30)] * 7 + [Share(14_000, 24, 24)] * 3,
    "初中": [Share(37_000, 0, 36)] * 2 + [Share(38_500, 24, 36)] * 2
    + [Share(32_600, 30, 30)] * 5 + [Share(26_000, 24, 24)],
}  # fmt: skip
"""The city's public schools once the plan is done: new builds, extensions, and those that stay as they are."""

_LACKS = {"大鹿庄乡区": "初中", "东旺镇区": "初中", "砖路镇区": "小学"}
"""Towns that have no school of a tier: the plan has to build it."""

MORE_KINDERGARTENS = (9_500, 13_500)
"""Residents above which a town has a second and a third public kindergarten."""

_CRAMPED_TOWNS = 4
"""Towns whose primary school is a size too small but can grow."""

_NINE_YEAR = ("子位镇区", "西城乡区")
"""Towns whose primary and junior middle school are one."""


def make_schools(county: County, grid: Grid, rng: np.random.Generator) -> tuple[School, ...]:
    """All schools, by tier, with codes."""
    city, towns = county.settlements[0], county.settlements[1:]
    cramped = _cramped(county, towns)
    found = [
        *(school for tier in _CITY for school in _city_schools(county, grid, city, tier, rng)),
        *(school for town in towns for school in _town_schools(county, grid, town, town.name in cramped, rng)),
        *_private_schools(county, grid, rng),
        *_village_kindergartens(county, rng),
        *_village_schools(county, rng),
        *_senior_schools(county, grid, rng),
    ]
    return _coded(sorted(found, key=lambda school: TIERS.index(school.tier)))


# --- city ------------------------------------------------------------------------------------------------------


def _city_schools(county: County, grid: Grid, city: Settlement, tier: str, rng: np.random.Generator) -> list[School]:
    cells = np.flatnonzero(np.isin(grid.unit, city.units))
    weight = _residents(county, grid)[cells]
    shares, part = _outward(grid.xy[cells], weight, _CITY[tier], city.middle, rng)
    pupils, seats = _children(county, city.units, tier), sum(share.classes for share in shares) * CLASS_SIZE[tier]
    fill = min(1.2, pupils / seats) * (0.62 if tier == "幼儿园" else 1.0)
    schools = []
    for number, share in enumerate(shares):
        here = cells[part == number]
        if share.classes:
            place = _gate(grid, here, weight[part == number], rng)
            schools.append(_school(county, tier, "公办", (share.classes, share.max_classes), fill, place, rng))
    return schools


def _outward(
    xy: Floats, weight: Floats, shares: Sequence[Share], middle: Floats, rng: np.random.Generator
) -> tuple[list[Share], Ints]:
    """Shares in the order that puts the schools to be built farthest out, and the share of every cell (N,)."""
    best: tuple[float, list[Share], Ints] | None = None
    off = np.hypot(*(xy - middle).T)
    for _ in range(60):
        order = [shares[at] for at in rng.permutation(len(shares))]
        part = np.empty(len(xy), dtype=np.int64)
        _divide(xy, weight, np.arange(len(xy)), np.array([one.residents for one in order]), 0, part)
        outer = float(np.mean([off[part == at].mean() for at, one in enumerate(order) if not one.classes]))
        if best is None or outer > best[0]:
            best = (outer, order, part)
    assert best is not None
    return best[1], best[2]


def _divide(xy: Floats, weight: Floats, members: Ints, sizes: Floats, first: int, part: Ints) -> None:
    """Cells cut across the longer side again and again, into parts of the given sizes."""
    if len(sizes) == 1:
        part[members] = first
        return
    axis = int(np.ptp(xy[members, 1]) > np.ptp(xy[members, 0]))
    members = members[np.lexsort((members, xy[members, axis]))]
    half = len(sizes) // 2
    people = weight[members].cumsum()
    at = int(np.searchsorted(people, people[-1] * sizes[:half].sum() / sizes.sum()))
    _divide(xy, weight, members[:at], sizes[:half], first, part)
    _divide(xy, weight, members[at:], sizes[half:], first + half, part)


def _residents(county: County, grid: Grid) -> Floats:
    """People of every cell (N,), made to add up to the counts of the units."""
    total = np.bincount(grid.unit, grid.people, minlength=len(county.residents))
    people: Floats = grid.people * (county.residents / total)[grid.unit]
    return people


def _gate(grid: Grid, cells: Ints, weight: Floats, rng: np.random.Generator) -> Floats:
    """A place near the middle of the people of some cells."""
    middle = (grid.xy[cells] * weight[:, None]).sum(axis=0) / weight.sum()
    nearest = grid.xy[cells[np.argmin(np.hypot(*(grid.xy[cells] - middle).T))]]
    place: Floats = nearest + rng.uniform(-35.0, 35.0, 2)
    return place


# --- towns -----------------------------------------------------------------------------------------------------


def _town_schools(
    county: County, grid: Grid, town: Settlement, is_cramped: bool, rng: np.random.Generator
) -> list[School]:
    """One to three public kindergartens, a primary and a junior middle school that suffice."""
    cells = np.flatnonzero(np.isin(grid.unit, town.units))
    weight = _residents(county, grid)[cells]
    parts = 1 + sum(weight.sum() > people for people in MORE_KINDERGARTENS)
    part = np.empty(len(cells), dtype=np.int64)
    _divide(grid.xy[cells], weight, np.arange(len(cells)), np.ones(parts), 0, part)
    need = _children(county, town.units, "幼儿园") / parts
    schools = []
    for number in range(parts):
        place = _gate(grid, cells[part == number], weight[part == number], rng)
        classes = fitting("幼儿园", need)
        schools.append(_school(county, "幼儿园", "公办", (classes, classes), 0.65 * need / classes / 30, place, rng))
    others = [tier for tier in ("小学", "初中") if _LACKS.get(town.name) != tier]
    return schools + [_town_school(county, tier, town, is_cramped and tier == "小学", rng) for tier in others]


def _town_school(county: County, tier: str, town: Settlement, is_cramped: bool, rng: np.random.Generator) -> School:
    pupils = _children(county, town.units, tier)
    most = fitting(tier, pupils)
    classes = max(size for size in MENU[tier] if size < most) if is_cramped else most
    away = rng.uniform(-250.0, 250.0, 2) if town.name not in _NINE_YEAR else np.array([140.0, -120.0])
    fill = min(1.15, pupils / classes / CLASS_SIZE[tier])
    return _school(county, tier, "公办", (classes, most), fill, town.middle + away, rng)


def _cramped(county: County, towns: Sequence[Settlement]) -> set[str]:
    """The towns where a primary school one size smaller is fullest, among those that lack none."""

    def crowding(town: Settlement) -> float:
        pupils = _children(county, town.units, "小学")
        smaller = [size for size in MENU["小学"] if size < fitting("小学", pupils)]
        return pupils / (smaller[-1] * CLASS_SIZE["小学"]) if smaller else 0.0

    able = [town for town in towns if town.name not in _LACKS]
    return {town.name for town in sorted(able, key=crowding)[-_CRAMPED_TOWNS:]}


def fitting(tier: str, pupils: float) -> int:
    """The smallest size of the menu with seats to spare for so many pupils."""
    return min(size for size in MENU[tier] if size * CLASS_SIZE[tier] >= _SPARE * pupils)


def _children(county: County, units: Sequence[int], tier: str) -> int:
    return int(county.children[list(units), TIERS.index(tier)].sum())


def _private_schools(county: County, grid: Grid, rng: np.random.Generator) -> list[School]:
    """Private kindergartens in built-up places: inclusive ones, and one in four that is not."""
    schools = []
    for place in county.settlements:
        people = county.residents[list(place.units)].sum()
        cells = np.flatnonzero(np.isin(grid.unit, place.units))
        for number in range(round(people / 9_000)):
            at = rng.choice(cells, p=grid.people[cells] / grid.people[cells].sum())
            operator = "民办" if number % 4 == 3 else "普惠性民办"
            classes = int(rng.choice((3, 6, 6)))
            where = grid.xy[at] + rng.uniform(-35.0, 35.0, 2)
            schools.append(_school(county, "幼儿园", operator, (classes, classes), 0.55, where, rng))
    return schools


# --- country ---------------------------------------------------------------------------------------------------


def _village_kindergartens(county: County, rng: np.random.Generator) -> list[School]:
    """A kindergarten in about half of the villages, a little more often in large ones."""
    villages = county.rural
    lure = county.residents[villages] ** 0.4 * rng.exponential(1.0, len(villages))
    schools = []
    for at in np.sort(villages[np.argsort(-lure)[:122]]):
        operator = str(rng.choice(("公办", "公办性质", "普惠性民办", "民办"), p=(0.44, 0.08, 0.37, 0.11)))
        need = county.children[at, 0]
        classes = min(6, max(2, int(np.ceil(need * rng.uniform(0.9, 1.6) / 30))))
        most = classes + 2 if classes < 4 else 6 + 3 * (classes == 6)
        place = county.seats[at] + rng.uniform(-160.0, 160.0, 2)
        schools.append(_school(county, "幼儿园", operator, (classes, most), 0.8 * need / classes / 30, place, rng))
    return schools


def _village_schools(county: County, rng: np.random.Generator) -> list[School]:
    """Primary schools in four villages of ten, small junior middle schools in a dozen, one nine-year school."""
    villages = county.rural
    lure = county.residents[villages] * rng.exponential(1.0, len(villages))
    chosen = villages[np.argsort(-lure)[:112]]
    schools = []
    for order, at in enumerate(chosen.tolist()):
        place = county.seats[at] + rng.uniform(-220.0, 220.0, 2)
        classes = 12 if county.residents[at] > 3_200 else 6
        pupils = county.children[at, 1] * rng.uniform(0.6, 1.5)
        schools.append(_school(county, "小学", "公办", (classes, classes), pupils / classes / 45, place, rng))
        if order < 12:
            where = place if order == 0 else place + np.array([180.0, 90.0])
            schools.append(_school(county, "初中", "公办", (12, 12), rng.uniform(0.5, 0.9), where, rng))
    return schools


def _senior_schools(county: County, grid: Grid, rng: np.random.Generator) -> list[School]:
    """Three senior high schools in the city and one in a town."""
    city, town = county.settlements[0], next(one for one in county.settlements if one.name == "李亲顾镇区")
    places = city.middle + np.array([(-1500.0, 900.0), (1700.0, 600.0), (500.0, -1900.0)])
    return [
        _school(county, "高中", "公办", (classes, classes), 0.97, place + rng.uniform(-50.0, 50.0, 2), rng)
        for place, classes in zip([*places, town.middle + np.array([300.0, 420.0])], (60, 48, 54, 36), strict=True)
    ]


# --- one school ------------------------------------------------------------------------------------------------


def _school(
    county: County,
    tier: str,
    operator: str,
    size: tuple[int, int],
    fill: float,
    place: Floats,
    rng: np.random.Generator,
) -> School:
    """A school of so many classes now and at most, filled about so far, named after the unit with the nearest seat."""
    classes, most = size
    at = int(np.argmin(np.hypot(*(county.seats - place).T)))
    enrolment = round(classes * CLASS_SIZE[tier] * min(fill, 1.2) * rng.uniform(0.94, 1.04))
    private = "民办" if "民办" in operator else ""
    stem = county.facts.units[at].name
    return School(tier, f"{stem}{private}{tier}", operator, classes, most, enrolment, np.round(place, 1), at)


def _coded(schools: Sequence[School]) -> tuple[School, ...]:
    """Codes by tier, numbers where a name occurs again; a primary and a junior school on one plot are one."""
    times, numbers = Counter[str](), Counter[str]()
    coded: list[School] = []
    at_gate = {tuple(one.place): one for one in schools if one.tier == "初中"}
    twins = {tuple(one.place) for one in schools if one.tier == "小学"} & set(at_gate)
    nine_year: dict[tuple[float, ...], str] = {}
    for school in schools:
        gate = tuple(school.place)
        if gate in twins:
            code = nine_year.setdefault(gate, f"JN{len(nine_year) + 1:03d}")
            name = school.name.removesuffix(school.tier) + "九年一贯制学校"
        else:
            numbers[school.tier] += 1
            code, name = f"{_PREFIX[school.tier]}{numbers[school.tier]:03d}", school.name
            times[name] += 1
            name = f"{name}（{times[name]}）" if times[name] > 1 else name
        coded.append(replace(school, code=code, name=name))
    return tuple(coded)


# --- since when ------------------------------------------------------------------------------------------------


_FIRST_YEAR = {"幼儿园": 1985, "小学": 1952, "初中": 1956, "高中": 1952}
_NEW_SINCE, _LAST_YEAR, _NEW_SHARE = 2019, 2025, 0.08
"""Made up: one school in twelve opened in the last years, so that a plan can be looked back on."""


def with_years(schools: Sequence[School], rng: np.random.Generator) -> tuple[School, ...]:
    """The schools with the year each opened in; both tiers of a nine-year school in the same."""
    years: dict[str, int] = {}
    for school in schools:
        is_new = rng.random() < _NEW_SHARE
        first, last = (_NEW_SINCE, _LAST_YEAR) if is_new else (_FIRST_YEAR[school.tier], _NEW_SINCE - 1)
        years.setdefault(school.code, int(rng.integers(first, last + 1)))
    return tuple(replace(school, opened_year=years[school.code]) for school in schools)


# --- enough? ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """What a place has and could have of a tier, in residents: need, today, and with all of the plan."""

    place: str
    tier: str
    need: float
    today: float
    after: float


def tally(county: County, schools: Sequence[School]) -> list[Tally]:
    """For the city and every town and each tier: residents, and how many public or other schools could serve.

    A school serves what its seats and the upper bound allow. All extensions and the plan's new builds count in after.
    """
    rows = []
    for place in county.settlements:
        for tier in ("幼儿园", "小学", "初中"):
            its = [
                one for one in schools if one.tier == tier and one.unit in place.units and "民办" not in one.operator
            ]
            need = float(county.residents[list(place.units)].sum())
            per_pupil = need / _children(county, place.units, tier)
            today = sum(_serves(tier, one.classes, per_pupil) for one in its)
            new = sum(not share.classes for share in _CITY[tier]) if place.area == "城区" else 0
            new += _LACKS.get(place.name) == tier
            grown = sum(_serves(tier, one.max_classes, per_pupil) for one in its)
            rows.append(Tally(place.name, tier, need, today, grown + new * UPPER[tier]))
    return rows


def _serves(tier: str, classes: int, per_pupil: float) -> float:
    return min(classes * CLASS_SIZE[tier] * per_pupil, float(UPPER[tier]))

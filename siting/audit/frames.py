"""What the walks add up to, as frames: the unit of measure is last in a column's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.audit.walks import BoolArray, Walks
from siting.frames import SOMEBODY, units_frame
from siting.frames import schools_frame as every_school
from siting.rules.base import Rule, RuleBook
from siting.rules.kinds.schools_per_population import allowed_counts
from siting.study import FloatArray, IntArray, StudyArea

Row = dict[str, Any]

COVERAGE = (
    "radius_m", "residents", "covered_residents", "covered_share", "children", "covered_children", "no_road_residents",
    "mean_m", "median_m", "p95_m", "farthest_m", "straight_mean_m", "straight_covered_residents",
    "straight_covered_share", "overstates_share", "schools", "counted_schools", "seats", "enrolment", "fill_share",
)  # fmt: skip


# --- coverage --------------------------------------------------------------------------------------------------


def coverage_frame(walked: Iterable[Walks], by: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per programme, or per programme and value of the named columns of its units.

    Metres are those of residents with a road to a school. overstates_share is by how much coverage in straight lines
    exceeds coverage by road, as a share of the latter. schools are all there; seats and enrolment are known ones of
    those the rules count, fill_share is enrolment per seat where both are known.
    """
    rows = [row for walks in walked for row in _coverage_rows(walks, by)]
    return pd.DataFrame(rows, columns=["programme", "tier", *by, *COVERAGE])


def _coverage_rows(walks: Walks, by: tuple[str, ...]) -> Iterator[Row]:
    columns: list[Sequence[str]] = [getattr(walks.area.units, column) for column in by]
    place = np.full(len(walks.area.units), -1)
    label = [tuple(column[unit] for column in columns) for unit in walks.members.tolist()]
    places = {name: k for k, name in enumerate(dict.fromkeys(label))} if by else {(): 0}
    place[walks.members] = [places[name] for name in label]
    for name, k in places.items():
        asked = {"programme": walks.programme.key, "tier": walks.programme.tier}
        home, gate = place[walks.unit] == k, place[walks.area.schools.unit[walks.school]] == k
        yield asked | dict(zip(by, name, strict=True)) | _people(walks, home) | _schools(walks, gate)


def _people(walks: Walks, home: BoolArray) -> Row:
    """Whom the schools reach among the demand points of one place (N,)."""
    residents, children = walks.residents[home], walks.children[home]
    road_m, straight_m = walks.road_m[home], walks.straight_m[home]
    is_covered, seems_covered = walks.covered(road_m), walks.covered(straight_m)
    everybody, covered = float(residents.sum()), float((residents * is_covered).sum())
    seeming = float((residents * seems_covered).sum())
    median_m, p95_m, farthest_m = _quantiles(road_m, residents, (0.5, 0.95, 1.0))
    return {
        "radius_m": walks.radius_m,
        "residents": everybody,
        "covered_residents": covered,
        "covered_share": _ratio(covered, everybody),
        "children": float(children.sum()),
        "covered_children": float((children * is_covered).sum()),
        "no_road_residents": float(residents[np.isinf(road_m)].sum()),
        "mean_m": _mean(road_m, residents),
        "median_m": median_m,
        "p95_m": p95_m,
        "farthest_m": farthest_m,
        "straight_mean_m": _mean(straight_m, residents),
        "straight_covered_residents": seeming,
        "straight_covered_share": _ratio(seeming, everybody),
        "overstates_share": _ratio(seeming, covered) - 1.0,
    }


def _schools(walks: Walks, gate: BoolArray) -> Row:
    """The schools of one place (S,)."""
    counted = walks.school[gate & walks.is_counted]
    seats, enrolment = walks.area.schools.seats[counted], walks.area.schools.enrolment[counted]
    known = ~(np.isnan(seats) | np.isnan(enrolment))
    return {
        "schools": int(gate.sum()),
        "counted_schools": len(counted),
        "seats": _known_sum(seats),
        "enrolment": _known_sum(enrolment),
        "fill_share": _ratio(float(enrolment[known].sum()), float(seats[known].sum())),
    }


def _known_sum(numbers: FloatArray) -> float:
    """The sum of what was counted; nan where there is something and nothing of it was."""
    return float(np.nan if len(numbers) and np.isnan(numbers).all() else np.nansum(numbers))


def _mean(metres: FloatArray, residents: FloatArray) -> float:
    """The mean of those with a road; nan for nobody."""
    walks = np.isfinite(metres)
    return _ratio(float((metres[walks] * residents[walks]).sum()), float(residents[walks].sum()))


def _quantiles(metres: FloatArray, residents: FloatArray, shares: tuple[float, ...]) -> list[float]:
    """The least metres within which a share of those with a road live, for every share; nan for nobody."""
    walks = np.flatnonzero(np.isfinite(metres) & (residents > 0))
    if not len(walks):
        return [np.nan for _ in shares]
    order = walks[np.argsort(metres[walks])]
    people = residents[order].cumsum()
    within = np.searchsorted(people, np.array(shares) * people[-1])
    return [float(m) for m in metres[order[within]]]


def _ratio(part: float, whole: float) -> float:
    """A share; nan of nothing, inf where there is a part without a whole."""
    if whole > 0:
        return part / whole
    return np.inf if part > 0 else np.nan


# --- schools ---------------------------------------------------------------------------------------------------


def schools_frame(area: StudyArea, walked: Iterable[Walks]) -> gpd.GeoDataFrame:
    """Schools of every programme, with the people they are nearest for and the people within their reach.

    nearest_residents and nearest_children add up over the schools; within_residents does not, reaches overlap. All
    three are nan for schools the rules do not count. fill_share is enrolment per seat, class_pupils enrolment per
    class, children_per_seat nearest_children per seat.
    """
    frames = [_school_rows(walks) for walks in walked]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["row"])
    standing = every_school(area).iloc[whole.pop("row").astype(int)].reset_index(drop=True)
    township = pd.Series(area.units.township, index=area.units.id)
    standing["township"] = township.reindex(standing["unit_id"]).to_numpy()
    standing[list(whole.columns)] = whole
    standing["fill_share"] = _shares(standing["enrolment"], standing["seats"])
    standing["class_pupils"] = _shares(standing["enrolment"], standing["classes"])
    standing["children_per_seat"] = _shares(standing["nearest_children"], standing["seats"])
    return standing[[*_SCHOOLS, "geometry"]]


_SCHOOLS = (
    "programme", "tier", "school_id", "name", "operator", "is_counted", "township", "unit_id", "classes", "seats",
    "enrolment", "fill_share", "class_pupils", "nearest_residents", "nearest_children", "within_residents",
    "children_per_seat",
)  # fmt: skip


def _school_rows(walks: Walks) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": walks.school,
            "programme": [walks.programme.key] * len(walks.school),
            "is_counted": walks.is_counted,
            "nearest_residents": _for_whom(walks, walks.residents),
            "nearest_children": _for_whom(walks, walks.children),
            "within_residents": walks.within,
        }
    )


def _for_whom(walks: Walks, people: FloatArray) -> FloatArray:
    """People for whom each school (S,) is nearest by road; nan for a school that is not counted."""
    has_road = walks.by_road >= 0
    load = np.bincount(walks.by_road[has_road], people[has_road], minlength=len(walks.area.schools))
    return np.where(walks.is_counted, load[walks.school], np.nan)


def _shares(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


# --- walks -----------------------------------------------------------------------------------------------------


def walks_frame(walked: Iterable[Walks]) -> pd.DataFrame:
    """Every unit of every programme: its children, and its residents' mean way to the nearest school by road.

    mean_m is inf where somebody has no road to any, nan where nobody lives; children nan where nobody counted.
    """
    return pd.concat([pd.DataFrame(columns=_WALKS), *map(_walk_rows, walked)], ignore_index=True)


_WALKS = ["programme", "tier", "unit_id", "name", "area", "children", "mean_m"]


def _walk_rows(walks: Walks) -> pd.DataFrame:
    units, rows, lives = walks.area.units, walks.members.tolist(), walks.residents > 0
    unit, people, size = walks.unit[lives], walks.residents[lives], len(walks.area.units)
    with np.errstate(invalid="ignore"):
        mean_m = np.bincount(unit, people * walks.road_m[lives], minlength=size) / np.bincount(
            unit, people, minlength=size
        )
    return pd.DataFrame(
        {
            "programme": [walks.programme.key] * len(rows),
            "tier": [walks.programme.tier] * len(rows),
            "unit_id": [units.id[row] for row in rows],
            "name": [units.name[row] for row in rows],
            "area": [units.area[row] for row in rows],
            "children": np.bincount(walks.unit, walks.children, minlength=size)[walks.members],
            "mean_m": mean_m[walks.members],
        }
    )


# --- planning units --------------------------------------------------------------------------------------------


def planning_units_frame(walked: Iterable[Walks], book: RuleBook) -> pd.DataFrame:
    """Planning units of every programme: residents, schools a rule counts, the fewest and most it allows.

    Where no rule says how many, rule is "", fewest and most are nan, and the schools are those the programme counts.
    """
    rows = [row for walks in walked for row in _planning_unit_rows(walks, book)]
    return pd.DataFrame(rows, columns=_PLANNING_UNITS)


_PLANNING_UNITS = [
    "programme", "tier", "rule", "planning_unit", "residents", "schools", "fewest", "most", "missing", "surplus",
]  # fmt: skip


def _planning_unit_rows(walks: Walks, book: RuleBook) -> Iterator[Row]:
    asked = walks.programme
    rules = [rule for rule in book.of(asked.tier, asked.area) if rule.kind == "schools_per_population"]
    units = walks.area.units
    residents = pd.Series(units.residents[walks.members]).groupby(_named(walks, walks.members), sort=False).sum()
    for rule in rules or (None,):
        counted = _counted(walks, rule)
        schools = pd.Series(_named(walks, walks.area.schools.unit[counted]), dtype=object).value_counts()
        for place, people in residents.items():
            count = int(schools.get(place, 0))
            yield {
                "programme": asked.key, "tier": asked.tier, "rule": rule.id if rule else "", "planning_unit": place,
                "residents": people, "schools": count,
            } | _bounds(rule, people, count)  # fmt: skip


def _named(walks: Walks, unit: IntArray) -> list[str]:
    return [walks.area.units.planning_unit[one] for one in unit.tolist()]


def _counted(walks: Walks, rule: Rule | None) -> IntArray:
    """Rows of the schools a rule counts, or the programme where there is none."""
    if rule is None:
        return walks.school[walks.is_counted]
    words = walks.area.schools.operator
    is_counted = [not rule.operators or words[row] in rule.operators for row in walks.school.tolist()]
    return walks.school[np.array(is_counted, dtype=bool)]


def _bounds(rule: Rule | None, residents: float, count: int) -> Row:
    if rule is None:
        return dict.fromkeys(("fewest", "most", "missing", "surplus"), np.nan)
    fewest, most = allowed_counts(residents, rule.lower, rule.upper)
    return {"fewest": fewest, "most": most, "missing": max(fewest - count, 0), "surplus": max(count - most, 0)}


# --- who is not covered ----------------------------------------------------------------------------------------


def uncovered_frame(area: StudyArea, walked: Iterable[Walks]) -> gpd.GeoDataFrame:
    """Units where somebody lives beyond the radius, programme by programme, the most people first.

    mean_m is their residents' mean way to the nearest school by road, farthest_m the longest; school that for which
    most of them are nearest, "" where no road leads to any. straight_m and straight_school say the same of straight
    lines, inf and "" where there is no school.
    """
    rows = [row for walks in walked for row in _uncovered_rows(walks)]
    frame = pd.DataFrame(rows, columns=_UNCOVERED)
    places = units_frame(area).set_index("unit_id").geometry.loc[frame["unit_id"]]
    return gpd.GeoDataFrame(frame, geometry=places.to_numpy(), crs=area.crs)


_UNCOVERED = [
    "programme", "tier", "unit_id", "name", "township", "residents", "uncovered_residents", "mean_m", "farthest_m",
    "school", "straight_m", "straight_school",
]  # fmt: skip


def _uncovered_rows(walks: Walks) -> Iterator[Row]:
    beyond = np.nan_to_num(walks.residents * (1.0 - walks.covered(walks.road_m)))
    of_unit = np.bincount(walks.unit, beyond, minlength=len(walks.area.units))
    for unit in np.argsort(-of_unit, kind="stable")[: np.count_nonzero(of_unit > SOMEBODY)].tolist():
        yield _uncovered_row(walks, unit, float(of_unit[unit]))


def _uncovered_row(walks: Walks, unit: int, beyond: float) -> Row:
    units, home = walks.area.units, (walks.unit == unit) & (walks.residents > 0)
    people = walks.residents[home]
    return {
        "programme": walks.programme.key,
        "tier": walks.programme.tier,
        "unit_id": units.id[unit],
        "name": units.name[unit],
        "township": units.township[unit],
        "residents": float(people.sum()),
        "uncovered_residents": beyond,
        "mean_m": float(np.average(walks.road_m[home], weights=people)),
        "farthest_m": float(walks.road_m[home].max()),
        "school": _most(walks, walks.by_road[home], people),
        "straight_m": float(np.average(walks.straight_m[home], weights=people)),
        "straight_school": _most(walks, walks.by_air[home], people),
    }


def _most(walks: Walks, row: IntArray, people: FloatArray) -> str:
    """The name of the school most people are nearest to, of equals the first; "" for none."""
    row, people = row[row >= 0], people[row >= 0]
    return walks.area.schools.name[int(np.bincount(row, people).argmax())] if len(row) else ""

"""Published instances in the forms they are kept in; the form is known by what a file holds, not by its name."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from answers import Broken, Row
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


NEEDS = {
    "p_median": ("p",),
    "maximal_covering": ("p",),
    "set_covering": (),
    "assignment": ("demand", "capacity"),
    "capacitated_p_median": ("p", "demand", "capacity"),
    "capacitated_location": ("demand", "capacity", "fixed_cost"),
    "uncapacitated_location": ("fixed_cost",),
}
"""What each problem needs beyond places and distances."""


@dataclass(frozen=True, slots=True)
class Places:
    """What a file says: names of I units and J sites, the unit each site lies in (home), and what is known of them.

    xy (I, 2) and site_xy (J, 2) are empty where graph, all distances between the points (I, I), is given instead.
    capacity, fixed_cost (J,), neighbours (E, 2) and p are None where the file does not say.
    """

    unit: tuple[str, ...]
    site: tuple[str, ...]
    home: Ints
    weight: Floats
    xy: Floats
    site_xy: Floats
    demand: Floats | None = None
    capacity: Floats | None = None
    fixed_cost: Floats | None = None
    neighbours: Ints | None = None
    graph: Floats | None = None
    p: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """A row's question: the places, distances (I, J) in the row's unit, and the radius in that unit, nan without."""

    places: Places
    metres: Floats
    radius: float
    p: int | None


def files_of(row: Row) -> tuple[Path, ...]:
    """The files a row's instance is written in. Raises Broken where there are none."""
    folder = row.folder / row.instance
    if folder.is_dir():
        files = [folder / "demand.csv", folder / "sites.csv"]
        missing = [file.name for file in files if not file.is_file()]
        if missing:
            raise Broken(f"{row.where}: {row.folder.name}/{row.instance} has no {', '.join(missing)}")
        return tuple(files)
    beside = sorted(path for path in row.folder.glob("*") if path.is_file() and path.stem == row.instance)
    if not beside:
        raise Broken(f"{row.where}: there is no {row.folder.name}/{row.instance}, a folder or a file with any ending")
    extra = [row.folder / f"demand-{row.instance}.dat", *_adjacency(row)]
    return (beside[0], *(file for file in extra if file.is_file()))


def _adjacency(row: Row) -> list[Path]:
    """The table adjacency_<beginning>.csv with the longest beginning of the instance's name."""
    beginning = {path: path.stem.removeprefix("adjacency").lstrip("_") for path in row.folder.glob("adjacency*.csv")}
    fits = [path for path, word in beginning.items() if row.instance.startswith(word)]
    return sorted(fits, key=lambda path: -len(beginning[path]))[:1]


def read_instance(row: Row) -> Instance:
    """The question of a row. Raises Broken, naming the row and the file, where it cannot be read."""
    try:
        places = read_places(files_of(row), row.part)
        metres = distances(places, row.distance)
    except Broken as fault:
        raise Broken(str(fault) if str(fault).startswith(row.where) else f"{row.where}: {fault}") from fault
    radius = float("nan") if row.radius_m is None else row.radius_m / (1000.0 if row.distance == "euclidean_km" else 1)
    return _fit(row, Instance(places, metres, radius, row.p or places.p))


def _fit(row: Row, one: Instance) -> Instance:
    """The instance, if it says all that the row's problem needs."""
    said = {"p": one.p, **{name: getattr(one.places, name) for name in ("demand", "capacity", "fixed_cost")}}
    lacking = [name for name in NEEDS[row.problem] if said[name] is None]
    if lacking:
        raise Broken(f"{row.where}: {row.problem} needs {', '.join(lacking)}, which {row.instance} does not say")
    if one.p is not None and one.p > len(one.places.site):
        raise Broken(f"{row.where}: p = {one.p}, but {row.instance} has {len(one.places.site)} sites")
    return one


def read_places(files: Sequence[Path], part: int = 0) -> Places:
    """What the files of an instance say. Raises Broken, naming the file and the line, where they say nothing sound."""
    first, others = files[0], files[1:]
    if first.name == "demand.csv":
        return _two_tables(first, others[0])
    text = _text(first)
    if "," in text.partition("\n")[0]:
        return _one_table(first, *(file for file in others if file.name.startswith("adjacency")))
    if "NODE_COORD_SECTION" in text:
        return _keyword_form(first, text)
    lines = _numbers(first, text.splitlines())
    width = len(lines[0]) if lines else 0
    if width == 3:
        return _graph(first, lines)
    if width == 2:
        return _with_loads(first, lines[1:], int(lines[0][0]), int(lines[0][1]))
    if width == 1 and part:
        return _one_of_many(first, lines, part)
    if width == 1:
        return _points(first, lines, next((file for file in others if file.name.startswith("demand-")), None))
    raise Broken(f"{first.name}: none of the known forms (its first line holds {width} numbers)")


# --- forms -----------------------------------------------------------------------------------------------------


def _two_tables(demand: Path, sites: Path) -> Places:
    units, chosen = _table(demand, "population"), _table(sites, "capacity", "fixed_cost")
    at = {name: i for i, name in enumerate(units["id"])}
    home = np.array([at.get(name, -1) for name in chosen["id"]])
    people = _column(demand, units, "population")
    return Places(
        unit=tuple(units["id"]),
        site=tuple(chosen["id"]),
        home=home,
        weight=people,
        xy=_places(demand, units),
        site_xy=_places(sites, chosen),
        demand=people,
        capacity=_column(sites, chosen, "capacity"),
        fixed_cost=_column(sites, chosen, "fixed_cost"),
    )


def _one_table(file: Path, adjacency: Path | None = None) -> Places:
    """Units, and among them the sites: rows with a capacity, whatever their is_candidate says of their history."""
    units = _table(file, "population", "fixed_cost", "capacity")
    capacity = _column(file, units, "capacity")
    sites = np.flatnonzero(capacity > 0)
    if not len(sites):
        raise Broken(f"{file.name}: no row has a capacity")
    people, xy = _column(file, units, "population"), _places(file, units)
    return Places(
        unit=tuple(units["id"]),
        site=tuple(units["id"][i] for i in sites),
        home=sites,
        weight=people,
        xy=xy,
        site_xy=xy[sites],
        demand=people,
        capacity=capacity[sites],
        fixed_cost=_column(file, units, "fixed_cost")[sites],
        neighbours=None if adjacency is None else _neighbours(adjacency, units["id"]),
    )


def _neighbours(file: Path, units: Sequence[str]) -> Ints:
    at = {name: i for i, name in enumerate(units)}
    table = _cells(file, ("a", "b"))
    unknown = [name for end in ("a", "b") for name in table[end] if name not in at]
    if unknown:
        raise Broken(f"{file.name}: {len(unknown)} ids are no unit's, such as '{unknown[0]}'")
    pairs = np.array([[at[a], at[b]] for a, b in zip(table["a"], table["b"], strict=True)], dtype=np.int64)
    return np.unique(np.sort(pairs.reshape(-1, 2), axis=1), axis=0)


def _graph(file: Path, lines: list[list[float]]) -> Places:
    """OR-Library p-median: vertices, edges, p; then the edges, of repeated ones the last counts."""
    units, edges, p = (int(number) for number in lines[0])
    ends = _shaped(file, lines[1:], edges, 3)
    if ends[:, :2].min() < 1 or ends[:, :2].max() > units:
        raise Broken(f"{file.name}: a vertex outside 1..{units}")
    cost = {(int(min(a, b)) - 1, int(max(a, b)) - 1): c for a, b, c in ends}
    rows, columns = np.array(list(cost)).T
    graph = sparse.csr_array((np.array(list(cost.values())), (rows, columns)), shape=(units, units))
    every = _every_point(_ordinals(units), np.zeros((0, 2)), np.ones(units), p)
    return replace(every, graph=dijkstra(graph, directed=False))


def _with_loads(file: Path, lines: list[list[float]], units: int, p: int) -> Places:
    """Points, p; then x, y, capacity and demand of every point."""
    table = _shaped(file, lines, units, 4)
    every = _every_point(_ordinals(units), table[:, :2], np.ones(units), p)
    return replace(every, capacity=table[:, 2], demand=table[:, 3])


def _one_of_many(file: Path, lines: list[list[float]], part: int) -> Places:
    """OR-Library capacitated p-median: number, optimum; points, p, capacity; then number, x, y, demand."""
    at = 1
    while at + 1 < len(lines) and lines[at][0] != part:
        at += 2 + int(lines[at + 1][0])
    if at + 1 >= len(lines) or len(lines[at + 1]) != 3:
        raise Broken(f"{file.name}: there is no problem {part}")
    units, p, capacity = lines[at + 1]
    table = _shaped(file, lines[at + 2 : at + 2 + int(units)], int(units), 4)
    every = _every_point(_ordinals(len(table)), table[:, 1:3], np.ones(len(table)), int(p))
    return replace(every, capacity=np.full(len(table), capacity), demand=table[:, 3])


def _points(file: Path, lines: list[list[float]], demand: Path | None) -> Places:
    """A count, then x and y of every point; its demand is in a file beside it."""
    units = int(lines[0][0])
    xy = _shaped(file, lines[1:], units, 2)
    if demand is None:
        raise Broken(f"{file.name}: there is no demand-{file.stem}.dat beside it")
    weight = _shaped(demand, _numbers(demand, _text(demand).splitlines()), units, 1)[:, 0]
    return replace(_every_point(_ordinals(units), xy, weight), demand=weight)


def _keyword_form(file: Path, text: str) -> Places:
    """TSPLIB: keywords, then coordinates (with or without a number before them), then, where given, demands."""
    head, _, body = text.partition("NODE_COORD_SECTION")
    size = re.search(r"DIMENSION\s*:\s*(\d+)", head)
    if size is None:
        raise Broken(f"{file.name}: no DIMENSION")
    units = int(size[1])
    lines = _numbers(file, [line for line in body.splitlines() if not re.match(r"\s*(EOF|[A-Z_]+_SECTION)", line)])
    width = len(lines[0]) if lines else 0
    if width not in (2, 3) or len(lines) not in (units, 2 * units):
        raise Broken(f"{file.name}: {len(lines)} lines of numbers, where DIMENSION is {units}")
    xy = _shaped(file, lines[:units], units, width)[:, -2:]
    weight = np.array([line[-1] for line in lines[units:]]) if len(lines) > units else np.ones(units)
    return replace(_every_point(_ordinals(units), xy, weight), demand=weight)


def _every_point(names: tuple[str, ...], xy: Floats, weight: Floats, p: int | None = None) -> Places:
    """Every point is a unit and a site."""
    return Places(names, names, np.arange(len(names)), weight, xy, xy, p=p)


def _ordinals(count: int) -> tuple[str, ...]:
    return tuple(str(k) for k in range(1, count + 1))


# --- distances -------------------------------------------------------------------------------------------------


def distances(places: Places, kind: str) -> Floats:
    """Distances from every unit to every site (I, J), in the unit the kind stands for. Raises Broken."""
    if (kind == "graph") != (places.graph is not None):
        raise Broken(f"distance is {kind}, but the file holds {'points' if places.graph is None else 'a graph'}")
    if places.graph is not None:
        return places.graph
    if kind.startswith("haversine_"):
        return _haversine(places.xy, places.site_xy, float(kind.removeprefix("haversine_")))
    straight = np.hypot(*(places.xy[:, None, axis] - places.site_xy[None, :, axis] for axis in (0, 1)))
    change: dict[str, Callable[[Floats], Floats]] = {
        "euclidean_km": lambda d: d / 1000.0,
        "euclidean_floor": np.floor,
        "euclidean_round": np.rint,
    }
    return np.asarray(change[kind](straight) if kind in change else straight, dtype=np.float64)


def _haversine(here: Floats, there: Floats, radius: float) -> Floats:
    """Great circles between latitudes and longitudes in degrees."""
    (lat, lon), (lat2, lon2) = np.radians(here).T, np.radians(there).T
    north = np.sin((lat[:, None] - lat2[None, :]) / 2) ** 2
    east = np.sin((lon[:, None] - lon2[None, :]) / 2) ** 2
    return np.asarray(2 * radius * np.arcsin(np.sqrt(north + np.cos(lat)[:, None] * np.cos(lat2) * east)))


# --- text ------------------------------------------------------------------------------------------------------


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as flaw:
        raise Broken(f"{file.name}: cannot be read ({flaw})") from flaw


def _numbers(file: Path, lines: Sequence[str]) -> list[list[float]]:
    """The numbers of every line that is not empty."""
    found = []
    for k, line in enumerate(lines, 1):
        try:
            found.append([float(word) for word in line.split()])
        except ValueError as flaw:
            raise Broken(f"{file.name} line {k}: '{line.strip()[:40]}' are not numbers") from flaw
    return [numbers for numbers in found if numbers]


def _shaped(file: Path, lines: list[list[float]], height: int, width: int) -> Floats:
    wrong = [line for line in lines if len(line) != width]
    if wrong:
        raise Broken(f"{file.name}: a line holds {len(wrong[0])} numbers, not {width}: {wrong[0][:5]}")
    if len(lines) != height or height < 1:
        raise Broken(f"{file.name}: {len(lines)} lines, where it announces {height}")
    return np.array(lines, dtype=np.float64)


def _cells(file: Path, names: Sequence[str]) -> dict[str, list[str]]:
    table = list(csv.DictReader(_text(file).splitlines()))
    lacking = [name for name in names if not table or table[0].get(name) is None]
    if lacking:
        raise Broken(f"{file.name}: no rows, or no column {', '.join(lacking)}")
    return {name: [(cells[name] or "").strip() for cells in table] for name in names}


def _table(file: Path, *names: str) -> dict[str, list[str]]:
    table = _cells(file, ("id", "x_m", "y_m", *names))
    name, times = Counter(table["id"]).most_common(1)[0]
    if times > 1:
        raise Broken(f"{file.name}: the id '{name}' occurs {times} times")
    return table


def _column(file: Path, table: dict[str, list[str]], name: str) -> Floats:
    numbers = np.array([_number(word) for word in table[name]])
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        word = table[name][wrong[0]]
        raise Broken(f"{file.name} row {wrong[0] + 1}: {name} is '{word}', it should be a number")
    return numbers


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")


def _places(file: Path, table: dict[str, list[str]]) -> Floats:
    return np.column_stack([_column(file, table, name) for name in ("x_m", "y_m")])

"""Answers added up again from the raw files, by code that shares nothing with the reader and the solver.

Plain Python: numbers of the text, one distance at a time, networkx for shortest paths and for what hangs together.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import networkx as nx

ROUNDING = 1e-7
"""Sums that differ by this share of themselves are the same."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer in the names of the raw files: open sites, and the site each unit is assigned to; its value.

    files as the instance is written in; part: which problem of a file that holds many.
    """

    files: Sequence[Path]
    problem: str
    distance: str
    p: int | None
    radius_m: float | None
    is_contiguous: bool
    open: Sequence[str]
    assigned: Mapping[str, str]
    value: float
    part: int = 0


@dataclass(frozen=True, slots=True)
class Recount:
    """The value added up again, and in words what is wrong with the answer."""

    value: float
    faults: tuple[str, ...]


@dataclass(slots=True)
class Ground:
    """What the raw files say: where units and sites lie, and per name what they weigh, ask, hold and cost."""

    unit_xy: dict[str, tuple[float, float]]
    site_xy: dict[str, tuple[float, float]]
    weight: dict[str, float]
    demand: dict[str, float] = field(default_factory=dict)
    capacity: dict[str, float] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    roads: nx.Graph | None = None
    touching: nx.Graph | None = None
    p: int | None = None


def recount(claim: Claim) -> Recount:
    """The claim, added up and checked again."""
    ground = read_ground(claim.files, claim.part)
    sites = {*claim.open, *claim.assigned.values()}
    strangers = [f"there is no site {name}" for name in sorted(sites) if name not in ground.site_xy]
    strangers += [f"there is no unit {name}" for name in claim.assigned if name not in ground.unit_xy]
    if strangers:
        return Recount(float("nan"), tuple(strangers[:3]))
    metres = _metres(ground, claim)
    value = _value(ground, claim, metres)
    faults = [*_counted(ground, claim), *_served(ground, claim, metres), *_held(ground, claim)]
    if claim.is_contiguous:
        faults += _whole(ground, claim)
    if not abs(value - claim.value) <= ROUNDING * max(1.0, abs(value)):
        faults.append(f"the value is {value}, not {claim.value}")
    return Recount(value, tuple(faults))


# --- what is checked -------------------------------------------------------------------------------------------


def _value(ground: Ground, claim: Claim, metres: Callable[[str, str], float]) -> float:
    if claim.problem == "set_covering":
        return float(len(set(claim.open)))
    if claim.problem == "maximal_covering":
        radius = _radius(claim)
        near = (u for u in ground.unit_xy if any(metres(u, s) <= radius for s in claim.open))
        return math.fsum(ground.weight[u] for u in near)
    walked = math.fsum(ground.weight[u] * metres(u, s) for u, s in claim.assigned.items())
    if claim.problem in ("capacitated_location", "uncapacitated_location"):
        walked += math.fsum(ground.cost[s] for s in claim.open)
    return walked


def _counted(ground: Ground, claim: Claim) -> Iterator[str]:
    wanted, count = claim.p or ground.p, len(claim.open)
    if len(set(claim.open)) < count:
        yield "a site is open twice"
    if claim.problem in ("p_median", "capacitated_p_median") and count != wanted:
        yield f"{count} sites are open, not {wanted}"
    if claim.problem == "maximal_covering" and (wanted is None or count > wanted):
        yield f"{count} sites are open, more than {wanted}"


def _served(ground: Ground, claim: Claim, metres: Callable[[str, str], float]) -> Iterator[str]:
    is_open = set(claim.open)
    yield from (f"unit {u} uses closed site {s}" for u, s in claim.assigned.items() if s not in is_open)
    if claim.problem != "maximal_covering":
        yield from (f"unit {u} is not assigned" for u in ground.unit_xy if u not in claim.assigned)
    if claim.problem in ("maximal_covering", "set_covering"):
        radius = _radius(claim)
        far = ((u, s, metres(u, s)) for u, s in claim.assigned.items())
        yield from (f"unit {u} is {d} from site {s}, the radius is {radius}" for u, s, d in far if d > radius)


def _held(ground: Ground, claim: Claim) -> Iterator[str]:
    if claim.problem not in ("capacitated_p_median", "capacitated_location", "assignment"):
        return
    loads = dict.fromkeys(claim.open, 0.0)
    for u, s in claim.assigned.items():
        loads[s] = loads.get(s, 0.0) + ground.demand[u]
    for s, load in loads.items():
        if load > ground.capacity[s] * (1 + 1e-9):
            yield f"site {s} holds {ground.capacity[s]:g}, {load:g} are assigned to it"


def _whole(ground: Ground, claim: Claim) -> Iterator[str]:
    """Catchments that do not hang together, or do not hold their site's own unit; sites bear their unit's name."""
    assert ground.touching is not None
    for s in claim.open:
        members = {u for u, its in claim.assigned.items() if its == s}
        parts = nx.number_connected_components(ground.touching.subgraph(members))
        if s not in members:
            yield f"the catchment of {s} does not hold the unit the site lies in"
        elif parts > 1:
            yield f"the catchment of {s} is in {parts} parts"


# --- distances -------------------------------------------------------------------------------------------------


def _radius(claim: Claim) -> float:
    assert claim.radius_m is not None
    return claim.radius_m * (1 + 1e-12) / (1000.0 if claim.distance == "euclidean_km" else 1.0)


def _metres(ground: Ground, claim: Claim) -> Callable[[str, str], float]:
    if claim.distance == "graph":
        assert ground.roads is not None
        away = {s: nx.single_source_dijkstra_path_length(ground.roads, s) for s in claim.open}
        return lambda u, s: float(away[s][u]) if s in away else math.inf
    line = _line(claim.distance)
    return lambda u, s: line(ground.unit_xy[u], ground.site_xy[s])


def _line(kind: str) -> Callable[[tuple[float, float], tuple[float, float]], float]:
    if kind.startswith("haversine_"):
        radius = float(kind.split("_")[1])
        return lambda a, b: _great_circle(a, b, radius)
    say: dict[str, Callable[[float], float]] = {
        "euclidean": lambda d: d,
        "euclidean_km": lambda d: d / 1000.0,
        "euclidean_floor": math.floor,
        "euclidean_round": round,
    }
    return lambda a, b: float(say[kind](math.dist(a, b)))


def _great_circle(a: tuple[float, float], b: tuple[float, float], radius: float) -> float:
    lat, lon, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * radius * math.asin(math.sqrt(h))


# --- the raw files ---------------------------------------------------------------------------------------------


def read_ground(files: Sequence[Path], part: int = 0) -> Ground:
    """What the files say."""
    named = {file.name: file.read_text(encoding="utf-8-sig") for file in files}
    first, text = next(iter(named.items()))
    if first == "demand.csv":
        return _from_tables(text, named["sites.csv"])
    if first.endswith(".csv"):
        near = next((held for name, held in named.items() if name.startswith("adjacency")), "")
        return _from_table(text, near)
    if "NODE_COORD_SECTION" in text:
        return _from_keywords(text)
    lines = [[float(word) for word in line.split()] for line in text.splitlines() if line.strip()]
    if len(lines[0]) == 3:
        return _from_edges(lines)
    if len(lines[0]) == 2:
        return _from_loads(lines)
    if part:
        return _from_part(lines, part)
    near = next(held for name, held in named.items() if name.startswith("demand-"))
    return _from_points(lines[1:], [float(word) for word in near.split()])


def _from_tables(demand: str, sites: str) -> Ground:
    units, chosen = list(csv.DictReader(demand.splitlines())), list(csv.DictReader(sites.splitlines()))
    people = {row["id"]: float(row["population"]) for row in units}
    return Ground(
        _places(units),
        _places(chosen),
        weight=people,
        demand=people,
        capacity={row["id"]: float(row["capacity"]) for row in chosen},
        cost={row["id"]: float(row["fixed_cost"]) for row in chosen},
    )


def _from_table(text: str, near: str) -> Ground:
    rows = list(csv.DictReader(text.splitlines()))
    chosen = [row for row in rows if float(row["capacity"]) > 0]
    xy = _places(rows)
    people = {row["id"]: float(row["population"]) for row in rows}
    touching = nx.Graph()
    touching.add_nodes_from(xy)
    touching.add_edges_from((row["a"], row["b"]) for row in csv.DictReader(near.splitlines()))
    return Ground(
        xy,
        {row["id"]: xy[row["id"]] for row in chosen},
        weight=people,
        demand=people,
        capacity={row["id"]: float(row["capacity"]) for row in chosen},
        cost={row["id"]: float(row["fixed_cost"]) for row in chosen},
        touching=touching,
    )


def _places(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[float, float]]:
    return {row["id"]: (float(row["x_m"]), float(row["y_m"])) for row in rows}


def _from_edges(lines: list[list[float]]) -> Ground:
    count, _, p = map(int, lines[0])
    roads = nx.Graph()
    for a, b, cost in lines[1:]:
        roads.add_edge(str(int(a)), str(int(b)), weight=cost)
    ground = _numbered([(0.0, 0.0)] * count, [1.0] * count)
    ground.roads, ground.p = roads, p
    return ground


def _from_loads(lines: list[list[float]]) -> Ground:
    rows = lines[1:]
    ground = _numbered([(x, y) for x, y, _, _ in rows], [1.0] * len(rows))
    ground.capacity = {str(k): row[2] for k, row in enumerate(rows, 1)}
    ground.demand = {str(k): row[3] for k, row in enumerate(rows, 1)}
    ground.p = int(lines[0][1])
    return ground


def _from_part(lines: list[list[float]], part: int) -> Ground:
    rest = lines[1:]
    while rest[0][0] != part:
        rest = rest[2 + int(rest[1][0]) :]
    count, p, capacity = rest[1]
    rows = rest[2 : 2 + int(count)]
    ground = _numbered([(x, y) for _, x, y, _ in rows], [1.0] * len(rows))
    ground.capacity = dict.fromkeys(ground.site_xy, capacity)
    ground.demand = {str(k): row[3] for k, row in enumerate(rows, 1)}
    ground.p = int(p)
    return ground


def _from_points(rows: list[list[float]], demand: list[float]) -> Ground:
    return _numbered([(x, y) for x, y in rows], demand)


def _from_keywords(text: str) -> Ground:
    said = re.search(r"DIMENSION\s*:\s*(\d+)", text)
    assert said is not None
    count = int(said[1])
    after = text.split("NODE_COORD_SECTION")[1].splitlines()
    rows = [line.split() for line in after if re.match(r"\s*[-+.\d]", line)]
    weight = [float(row[-1]) for row in rows[count:]] or [1.0] * count
    return _numbered([(float(row[-2]), float(row[-1])) for row in rows[:count]], weight)


def _numbered(xy: Sequence[tuple[float, float]], weight: Sequence[float]) -> Ground:
    """Every point a unit and a site, named by its number from 1 on."""
    places = {str(k): at for k, at in enumerate(xy, 1)}
    return Ground(places, places, {str(k): w for k, w in enumerate(weight, 1)})

"""Road distances against SciPy and pandana in the same run: ``python scripts/benchmark/distances.py [DATA_DIR]``.

Roads are made by seeded chance (road_grids.py); with DATA_DIR (liechtenstein/, sao_paulo/) real ones too.
Each run times ours and the peer one after the other; a ratio is the peer's seconds by ours. Ours begin at plain arrays
of edges, whatever is prepared counts; SciPy's graph is made before, pandana's network counts. All loops are compiled
in a first call on a small network. Every number is compared with SciPy's, to 1e-6 m; exit status 1 if one differs.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from machine import machine, write_json
from road_grids import bare_grid, county_roads, degrees
from road_peers import graph_of, pandana_bounded, scipy_bounded, scipy_dense, scipy_nearest, scipy_pairs
from scipy import sparse
from tables import machine_line

from siting.errors import Fault
from siting.inputs.roads import read_roads
from siting.network.build import build_network
from siting.network.distances import all_distances, bounded_distances, nearest
from siting.network.graph import BoundedDistances, RoadNetwork, Snapped
from siting.project import Layer
from siting.study import FloatArray, IntArray

CUTOFF_M = 3_000.0
SITES = 2_000
SCHOOLS = 200
SAME_M = 1e-6
AGAIN = 5
"""What takes milliseconds is done so often in each run, and the middle counts."""

REAL = {
    "Liechtenstein": ("liechtenstein/liechtenstein.osm.pbf", "EPSG:2056"),
    "São Paulo": ("sao_paulo/spo_osm.pbf", "EPSG:31983"),
}
HEADER = f"{'work':34} {'peer':22} {'ours s':>8} {'peer s':>9} {'ratio':>7} {'from - to':>15} {'goal':>5} {'memory':>7}"


T = TypeVar("T")
Call = Callable[[], object]
Work = Callable[[], "Iterator[Row]"]


class Differs(Exception):
    """Ours is not what SciPy finds."""


class More(NamedTuple):
    """The ratio wanted, the peak memory by result, and how often what is short is done in each run."""

    goal: float = np.nan
    memory: float = np.nan
    again: int = 1


NO_MORE = More()


@dataclass(frozen=True, slots=True)
class Ground:
    """A network, all its nodes as places, and sites at some of them: as nodes, as places, and as SciPy's graph."""

    name: str
    network: RoadNetwork
    graph: sparse.csr_array
    node: IntArray
    sites: Snapped
    nodes: Snapped


@dataclass(frozen=True, slots=True)
class Row:
    """One work against one peer: seconds and CPU seconds (medians), ratios, the ratio wanted, peak memory by result.

    memory: what the first large call held at its peak beyond what was held before, the result included; nan: not known.
    """

    work: str
    peer: str
    runs: int
    ours_s: float
    peer_s: float
    ours_cpu_s: float
    peer_cpu_s: float
    ratio: float
    least: float
    most: float
    goal: float
    memory: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path, nargs="?", help="holds liechtenstein/ and sao_paulo/")
    parser.add_argument("--only", default="*", help="a piece of work; a pattern such as 'dense*' will do")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    _warm_up()
    print(HEADER)
    rows = []
    try:
        for row in _rows(given.data_dir, given.runs, given.only):
            rows.append(row)
            print(_line(row), flush=True)
            if given.json:
                write_json(given.json, {"script": "distances", "rows": [asdict(row) for row in rows]})
    except Differs as differs:
        print(differs, file=sys.stderr)
        return 1
    print(machine_line(machine()))
    if not _has_pandana():
        print("pandana is not installed: pip install -e .[bench]")
    return 0


def _rows(data_dir: Path | None, runs: int, only: str) -> Iterator[Row]:
    for name, work in _works(data_dir, runs).items():
        if fnmatch(name, only):
            yield from work()


def _works(data_dir: Path | None, runs: int) -> Mapping[str, Work]:
    """All that is measured, by name."""
    county = {f"{nodes // 1000}k nodes": partial(_county, nodes) for nodes in (100_000, 400_000)}
    real = {name: partial(_real_ground, name, data_dir / file, crs) for name, (file, crs) in REAL.items() if data_dir}
    return {
        **{f"bounded, {name}": _work(_bounded, ground, runs, 5.0, 20.0) for name, ground in county.items()},
        **{f"nearest, {name}": _work(_nearest, ground, runs) for name, ground in {**county, **real}.items()},
        "bounded, 100k nodes, no bends": _work(_bounded, partial(_bare, 100_000), runs),
        "dense, 20k nodes": _work(_dense, partial(_county, 20_000), runs, 10.0),
        "dense, 20k nodes, no bends": _work(_dense, partial(_bare, 20_000), runs),
        **{f"bounded, {name}": _work(_bounded, ground, runs) for name, ground in real.items()},
    }


def _work(measure: Callable[..., Iterator[Row]], ground: Callable[[], Ground], *how: float) -> Work:
    """What is measured on a network that is made when its turn comes."""
    return lambda: measure(ground(), *how)


# --- work ------------------------------------------------------------------------------------------------------


def _bounded(ground: Ground, runs: int, by_scipy: float = np.nan, by_pandana: float = np.nan) -> Iterator[Row]:
    """Pairs within the cutoff, against SciPy's rows alone, SciPy's pairs, and pandana."""

    def ours() -> BoundedDistances:
        return bounded_distances(ground.network, ground.sites, ground.nodes, CUTOFF_M)

    found, held = _with_memory(ours)
    _compare_pairs(ground, found)
    memory = held / (found.point.nbytes + found.metres.nbytes + found.start.nbytes)
    del found
    work, asked = f"bounded, {ground.name}", (ground.graph, ground.node, CUTOFF_M)
    yield _row((work, "scipy"), ours, lambda: scipy_bounded(*asked), runs, More(by_scipy, memory))
    yield _row((work, "scipy, sparse pairs"), ours, lambda: scipy_pairs(*asked), runs)
    if _has_pandana():
        built = lambda: pandana_bounded(ground.network, ground.node, CUTOFF_M)  # noqa: E731
        yield _row((work, "pandana with its build"), ours, built, runs, More(by_pandana))


def _dense(ground: Ground, runs: int, goal: float = np.nan) -> Iterator[Row]:
    """All metres."""

    def ours() -> FloatArray:
        return all_distances(ground.network, ground.sites, ground.nodes)

    def peer() -> FloatArray:
        return scipy_dense(ground.graph, ground.node)

    found, held = _with_memory(ours)
    _compare(peer(), found, ground.name)
    memory = held / found.nbytes
    del found
    yield _row((f"dense, {ground.name}", "scipy"), ours, peer, runs, More(goal, memory))


def _nearest(ground: Ground, runs: int) -> Iterator[Row]:
    """The nearest of some schools for every node; SciPy says which it is, too."""
    schools = _some(ground.sites, np.arange(SCHOOLS))

    def ours() -> tuple[IntArray, FloatArray]:
        return nearest(ground.network, schools, ground.nodes)

    def peer() -> tuple[FloatArray, IntArray]:
        return scipy_nearest(ground.graph, ground.node[:SCHOOLS])

    _compare(peer()[0], ours()[1], ground.name)
    yield _row((f"nearest, {ground.name}", "scipy min_only"), ours, peer, runs, More(1.0, again=AGAIN))


def _compare_pairs(ground: Ground, found: BoundedDistances) -> None:
    """Every pair and its metres are those SciPy finds."""
    pairs = scipy_pairs(ground.graph, ground.node, CUTOFF_M)
    node, metres = (np.concatenate([chunk[part] for chunk in pairs]) for part in (1, 2))
    if not np.array_equal(node, found.point):
        raise Differs(f"{ground.name}: {len(found.point)} pairs, SciPy finds {len(node)}, or others")
    _compare(metres, found.metres, ground.name)


def _compare(exact: FloatArray, found: FloatArray, name: str) -> None:
    both = np.isfinite(exact)
    if not np.array_equal(both, np.isfinite(found)):
        raise Differs(f"{name}: SciPy reaches other places")
    off = np.abs(exact[both] - found[both]).max(initial=0.0)
    if off > SAME_M:
        raise Differs(f"{name}: up to {off} m off")


# --- grounds ---------------------------------------------------------------------------------------------------


@cache
def _county(nodes: int) -> Ground:
    return _ground(f"{nodes // 1000}k nodes", county_roads(nodes), SITES)


def _bare(nodes: int) -> Ground:
    return _ground(f"{nodes // 1000}k nodes, no bends", bare_grid(nodes), SITES)


@cache
def _real_ground(name: str, file: Path, crs: str) -> Ground:
    return _ground(name, _real(file, crs), SITES)


def _ground(name: str, network: RoadNetwork, sites: int, is_told: bool = True) -> Ground:
    node = np.random.default_rng(11).choice(len(network.x), min(sites, len(network.x)), replace=False)
    nodes = _at_nodes(network)
    if is_told:
        print(f"# {name}: {len(network.x)} nodes, {len(network.tail)} edges; road ends at a node: {degrees(network)}")
    return Ground(name, network, graph_of(network), node, _some(nodes, node), nodes)


def _at_nodes(network: RoadNetwork) -> Snapped:
    """Every node as a place at an end of one of its edges."""
    edge = np.empty(len(network.x), dtype=np.int64)
    edge[network.tail] = edge[network.head] = np.arange(len(network.tail))
    is_head = network.head[edge] == np.arange(len(edge))
    return Snapped(edge, np.where(is_head, network.length_m[edge], 0.0), np.zeros(len(edge)))


def _some(places: Snapped, part: IntArray) -> Snapped:
    return Snapped(places.edge[part], places.along_m[part], places.leg_m[part])


def _real(file: Path, crs: str) -> RoadNetwork:
    faults: list[Fault] = []
    roads = read_roads(Layer(file), crs, faults, [])
    if roads is None:
        raise SystemExit("\n".join(str(fault) for fault in faults))
    return build_network(roads)


# --- clocks ----------------------------------------------------------------------------------------------------


def _row(names: tuple[str, str], ours: Call, peer: Call, runs: int, more: More = NO_MORE) -> Row:
    """Ours and the peer by turns."""
    times = [(*_timed(ours, more.again), *_timed(peer, more.again)) for _ in range(runs)]
    ours_s, ours_cpu_s, peer_s, peer_cpu_s = (statistics.median(column) for column in zip(*times, strict=True))
    ratios = [theirs / own for own, _, theirs, _ in times]
    span = (statistics.median(ratios), min(ratios), max(ratios))
    return Row(*names, runs, ours_s, peer_s, ours_cpu_s, peer_cpu_s, *span, more.goal, more.memory)


def _timed(call: Call, again: int) -> tuple[float, float]:
    """Seconds and CPU seconds of a call, the middle of some."""
    took = []
    for _ in range(again):
        began, began_cpu = time.perf_counter(), time.process_time()
        call()
        took.append((time.perf_counter() - began, time.process_time() - began_cpu))
    seconds, cpu_seconds = zip(*took, strict=True)
    return statistics.median(seconds), statistics.median(cpu_seconds)


def _with_memory(call: Callable[[], T]) -> tuple[T, float]:
    """What a call gives, and the bytes held at its peak beyond those held before; nan where the system does not say."""
    forget = Path("/proc/self/clear_refs")
    if not forget.exists():
        return call(), np.nan
    forget.write_text("5", encoding="ascii")
    before = _status("VmRSS")
    found = call()
    return found, _status("VmHWM") - before


def _status(word: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith(word))


def _warm_up() -> None:
    """Compile all loops."""
    small = _ground("", county_roads(500), 9, is_told=False)
    bounded_distances(small.network, small.sites, small.nodes, CUTOFF_M)
    all_distances(small.network, small.sites, small.nodes)
    nearest(small.network, small.sites, small.nodes)


# --- words -----------------------------------------------------------------------------------------------------


def _line(row: Row) -> str:
    memory = "" if np.isnan(row.memory) else f"{row.memory:.2f}"
    goal = "" if np.isnan(row.goal) else f"{row.goal:.0f}"
    span = f"{row.least:.1f} - {row.most:.1f}"
    return (
        f"{row.work:34} {row.peer:22} {row.ours_s:8.3f} {row.peer_s:9.3f} {row.ratio:7.1f} {span:>15} {goal:>5} "
        f"{memory:>7}"
    )


def _has_pandana() -> bool:
    return importlib.util.find_spec("pandana") is not None


if __name__ == "__main__":
    sys.exit(main())

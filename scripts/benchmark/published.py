"""Published instances solved, added up again and compared: ``python scripts/benchmark/published.py DATA_DIR``.

DATA_DIR holds folders with answers.csv (instance, problem, p, radius_m, distance, value, proved). Every answer is
added up again from the raw files by separate code. Exit status: 0 fine, 1 an answer is refused, 2 bad input.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from answers import Broken, Row, chosen, read_rows
from instances import Floats, Instance, Places, files_of, read_instance
from machine import write_json
from recount import Claim, recount

from siting.errors import InputError, SolverError
from siting.location import classics
from siting.location.classics import Solution

SECONDS = {"capacitated_location": 120.0}
USUAL_SECONDS = 60.0
CONTIGUOUS_SECONDS = 300.0
CAN_BE_CONTIGUOUS = ("capacitated_location", "uncapacitated_location", "capacitated_p_median", "assignment")
PEER_PAIRS = 200_000
"""Pairs up to which spopt is asked; larger models take it minutes to build."""

NOBODY = np.zeros(0, dtype=np.int64)

HEADER = (
    f"{'instance':14} {'problem':34} {'p':>4} {'value':>14} {'published':>13} {'diff %':>9} "
    f"{'bound':>14} {'gap %':>8} {'seconds':>8} status"
)


@dataclass(frozen=True, slots=True)
class Result:
    """One line: a row answered. published is None for contiguous catchments, for which none is published.

    difference_percent is above 0 where the value is larger than the published one. faults: why it is refused.
    """

    folder: str
    instance: str
    problem: str
    contiguous: bool
    by: str
    p: int | None
    value: float
    published: float | None
    proved: bool
    difference_percent: float | None
    bound: float
    gap: float
    seconds: float
    status: str
    incumbents: tuple[tuple[float, float], ...]
    faults: tuple[str, ...]

    @property
    def title(self) -> str:
        """The problem in a few words."""
        words = self.problem + (" contiguous" if self.contiguous else "")
        return words if self.by == "siting" else f"{words} by {self.by}"

    def line(self) -> str:
        """The result as it is printed."""
        published = "" if self.published is None else f"{self.published:.10g}"
        difference = "" if self.difference_percent is None else f"{self.difference_percent:+.4f}"
        return (
            f"{self.instance:14} {self.title:34} {self.p or '':>4} {self.value:14.10g} {published:>13} {difference:>9} "
            f"{self.bound:14.10g} {100 * self.gap:8.4f} {self.seconds:8.2f} {self.status}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve, print and compare every row; the exit status."""
    given = _parser().parse_args(arguments)
    try:
        rows, broken = read_rows(given.data_dir)
        rows = chosen(rows, given.only)
    except Broken as fault:
        print(fault, file=sys.stderr)
        return 2
    results = list[Result]()
    print(HEADER, flush=True)
    for row in rows:
        try:
            results += _told(row_results(row, given))
        except (Broken, InputError) as fault:
            broken.append(fault if isinstance(fault, Broken) else Broken(f"{row.where} ({row.name}): {fault}"))
    print("\n".join(("", *summary(results))))
    refused = [f"{one.folder}/{one.instance} {one.title}: {fault}" for one in results for fault in one.faults]
    for words in (*(f"refused: {words}" for words in refused), *(f"bad input: {words}" for words in broken)):
        print(words, file=sys.stderr)
    if given.json:
        rows_said = [asdict(one) for one in results]
        write_json(given.json, {"script": "published", "rows": rows_said, "broken": [str(fault) for fault in broken]})
    return 1 if refused else 2 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--only", help="instance, folder or problem; a pattern such as pmed* will do")
    parser.add_argument("--json", type=Path, help="write all results here too")
    parser.add_argument("--seconds", type=float, help="the most each row may take (else 60, 120 or 300 by problem)")
    parser.add_argument("--peers", action="store_true", help="run spopt on p-median rows too")
    parser.add_argument("--peer-seconds", type=float, default=600.0, help="the most a peer may take on a row")
    return parser


def _told(results: Iterable[Result]) -> Iterator[Result]:
    for result in results:
        print(result.line(), flush=True)
        yield result


# --- one row ---------------------------------------------------------------------------------------------------


def row_results(row: Row, given: argparse.Namespace) -> Iterator[Result]:
    """The row answered, with contiguous catchments too where the files say what touches, and by peers if asked."""
    one = read_instance(row)
    plain = answered(row, one, False, given.seconds or SECONDS.get(row.problem, USUAL_SECONDS))
    yield plain
    if one.places.neighbours is not None and row.problem in CAN_BE_CONTIGUOUS:
        whole = answered(row, one, True, given.seconds or CONTIGUOUS_SECONDS)
        yield _against_plain(whole, plain)
    if given.peers and row.problem == "p_median" and one.metres.size <= PEER_PAIRS:
        yield from _peer_results(row, one, given.peer_seconds)


def answered(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Result:
    """The row solved, added up again from the raw files, and compared with what is published."""
    began = time.perf_counter()
    try:
        solution = solved(row, one, is_contiguous, seconds)
    except SolverError as fault:
        nothing = Solution(NOBODY, NOBODY, np.inf, -np.inf, "stopped early", ())
        return _result(row, one, is_contiguous, nothing, time.perf_counter() - began, (str(fault),))
    took = time.perf_counter() - began
    faults = [*_recounted(row, one, is_contiguous, solution), *contradictions(row, solution, is_contiguous)]
    return _result(row, one, is_contiguous, solution, took, tuple(faults))


def solved(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Solution:
    """The row's problem given to the package's public function. Raises SolverError and InputError."""
    places, metres, p = one.places, one.metres, one.p or 0
    if row.problem == "p_median":
        return classics.p_median(metres, places.weight, p, seconds=seconds)
    if row.problem == "set_covering":
        return classics.set_covering(metres <= one.radius, seconds=seconds)
    if row.problem == "maximal_covering":
        return classics.maximal_covering(metres <= one.radius, places.weight, p, seconds=seconds)
    joined = _joined(places) if is_contiguous else None
    demand, capacity = _loads(row, places)
    if row.problem == "assignment":
        return classics.assignment(metres, places.weight, demand, capacity, contiguous=joined, seconds=seconds)
    if row.problem == "capacitated_p_median":
        return classics.capacitated_p_median(
            metres, places.weight, demand, capacity, p, contiguous=joined, seconds=seconds
        )
    assert places.fixed_cost is not None
    return classics.capacitated_location(
        metres, places.weight, demand, capacity, places.fixed_cost, contiguous=joined, seconds=seconds
    )


def _joined(places: Places) -> classics.Adjacency:
    assert places.neighbours is not None
    return classics.Adjacency(places.neighbours, places.home)


def _loads(row: Row, places: Places) -> tuple[Floats, Floats]:
    """Demand and capacity; where capacities do not count every site holds everybody."""
    if row.problem == "uncapacitated_location":
        return places.weight, np.full(len(places.site), places.weight.sum())
    assert places.demand is not None and places.capacity is not None
    return places.demand, places.capacity


def _recounted(row: Row, one: Instance, is_contiguous: bool, solution: Solution) -> tuple[str, ...]:
    """What the separate code finds wrong; nothing where there is no answer."""
    if not np.isfinite(solution.value):
        return ()
    unit, site = one.places.unit, one.places.site
    claim = Claim(
        files=files_of(row),
        problem=row.problem,
        distance=row.distance,
        p=row.p,
        radius_m=row.radius_m,
        is_contiguous=is_contiguous,
        open=[site[j] for j in solution.open],
        assigned={unit[i]: site[j] for i, j in enumerate(solution.assigned) if j >= 0},
        value=solution.value,
        part=row.part,
    )
    return recount(claim).faults


def contradictions(row: Row, solution: Solution, is_contiguous: bool) -> Iterator[str]:
    """What cannot be true beside the published value; a unit in its last digit is left to rounding."""
    sign = -1.0 if row.problem == "maximal_covering" else 1.0
    value, bound, published = sign * solution.value, sign * solution.bound, sign * row.value
    if abs(solution.value) < np.inf and bound > value + 1e-6 * max(1.0, abs(value)):
        yield f"the bound {solution.bound} is beyond the value {solution.value}"
    if row.is_proved and value < published - row.unit:
        yield f"{solution.value} is better than {row.value}, which is proved to be the best"
    if is_contiguous:
        return
    if solution.status == "infeasible":
        yield f"it is called infeasible, but there is an answer worth {row.value}"
    elif bound > published + row.unit:
        yield f"the bound {solution.bound} denies the published answer worth {row.value}"


def _against_plain(whole: Result, plain: Result) -> Result:
    """The contiguous answer, refused where it is better than any answer can be."""
    if whole.value >= plain.bound - 1e-6 * abs(plain.bound):
        return whole
    words = f"{whole.value} is better than {plain.bound}, the bound without contiguity"
    return replace(whole, faults=(*whole.faults, words))


def _result(
    row: Row, one: Instance, is_contiguous: bool, said: Solution, took: float, faults: tuple[str, ...]
) -> Result:
    has_answer = bool(np.isfinite(said.value))
    return Result(
        folder=row.folder.name,
        instance=row.name,
        problem=row.problem,
        contiguous=is_contiguous,
        by="siting",
        p=one.p,
        value=float(said.value),
        published=None if is_contiguous else row.value,
        proved=row.is_proved,
        difference_percent=_percent(said.value, row.value) if has_answer and not is_contiguous else None,
        bound=float(said.bound),
        gap=float(said.gap) if has_answer else float("inf"),
        seconds=took,
        status=said.status if has_answer else f"{said.status}, no answer",
        incumbents=tuple((one.seconds, one.value) for one in said.incumbents),
        faults=faults,
    )


def _percent(value: float, published: float) -> float:
    return 100.0 * (value - published) / max(abs(published), 1e-12)


def _peer_results(row: Row, one: Instance, seconds: float) -> Iterator[Result]:
    from peers import spopt_p_median

    assert one.p is not None
    for solver in ("HiGHS", "CBC"):
        peer = spopt_p_median(one.metres, one.places.weight, one.p, solver, seconds)
        bound = peer.value if peer.is_optimal else peer.bound
        said = Solution(NOBODY, NOBODY, peer.value, bound, "optimal" if peer.is_optimal else "stopped early", ())
        yield replace(_result(row, one, False, said, peer.seconds, ()), by=f"spopt {solver}")


# --- totals ----------------------------------------------------------------------------------------------------


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Totals of every folder and problem, and how much longer the peers took for the same rows."""
    for folder, title in dict.fromkeys((one.folder, one.title) for one in results):
        group = [one for one in results if (one.folder, one.title) == (folder, title)]
        gaps = [one.gap for one in group]
        off = [abs(one.difference_percent) for one in group if one.difference_percent is not None]
        yield (
            f"{folder}: {title}: {len(group)} rows, {sum(one.status == 'optimal' for one in group)} proved, "
            f"{sum(one.seconds for one in group):.1f} s, mean gap {100 * np.mean(gaps):.4f} %, "
            f"largest {100 * max(gaps):.4f} %, farthest from the published {max(off, default=0.0):.4f} %"
        )
    yield from ratios(results)


def ratios(results: Sequence[Result]) -> Iterator[str]:
    """Per folder and peer: its seconds over ours, on the rows it ran."""
    ours = {(one.folder, one.instance, one.p, one.problem): one.seconds for one in results if one.by == "siting"}
    for folder, by in dict.fromkeys((one.folder, one.by) for one in results if one.by != "siting"):
        rows = [one for one in results if (one.folder, one.by) == (folder, by)]
        theirs = sum(one.seconds for one in rows)
        mine = sum(ours[one.folder, one.instance, one.p, one.problem] for one in rows)
        proved = sum(one.status == "optimal" for one in rows)
        yield f"{folder}: {by} took {theirs:.1f} s, {theirs / mine:.1f} times ours, and proved {proved} of {len(rows)}"


if __name__ == "__main__":
    sys.exit(main())

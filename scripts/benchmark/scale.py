"""Large problems and whole plans, each in a process of its own: ``python scripts/benchmark/scale.py [--peers]``.

A county made by seeded chance: covering and p-median. The sample: ``siting plan`` as it is, and laid side by side with
copies of itself. Seconds, peak memory, value, bound and gap. Exit status: 0 fine, 1 an answer is refused, 2 bad input.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatch
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from machine import write_json
from scipy import sparse

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "dingzhou"

SITES = 2_000
RADII_M = (1_500, 2_000)
COVERING_P = 100
MEDIAN_P = 200
COPIES = (1, 2, 4, 8)
NAN = float("nan")
MIB = 1024.0**2 if sys.platform == "darwin" else 1024.0

HEADER = f"{'work':56} {'value':>14} {'bound':>14} {'gap %':>8} {'seconds':>8} {'peak MiB':>9} {'by county':>19} status"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process answers: value, bound, gap, status and the seconds of the search alone; faults if it is refused.

    stages: of a whole plan, per programme and goal.
    """

    value: float
    bound: float
    gap: float
    status: str
    seconds: float
    faults: tuple[str, ...] = ()
    stages: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A piece of work: its last answer, and seconds and peak MiB of every run."""

    work: str
    counties: int
    answer: Answer
    seconds: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)

    def line(self) -> str:
        """The work as it is printed: the middle of its runs."""
        said, seconds, peak = self.answer, statistics.median(self.seconds), statistics.median(self.peak_mib)
        each = f"{seconds / self.counties:8.2f} s {peak / self.counties:6.0f} MiB" if self.counties else ""
        numbers = f"{_shown(said.value):>14} {_shown(said.bound):>14} {100 * said.gap:8.3f}"
        return f"{self.work:56} {numbers} {seconds:8.2f} {peak:9.0f} {each:>19} {said.status}"


def _shown(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.10g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every piece of work, or one of them if that is asked by a process of ours; the exit status."""
    given = _parser().parse_args(arguments)
    if given.here:
        print(json.dumps(asdict(WORK[given.here](given.seconds))))
        return 0
    names = [name for name in (*WORK, *PLANS) if fnmatch(name, given.only) and (given.peers or "by " not in name)]
    if not names:
        print(f"--only {given.only}: no such work; there are {', '.join((*WORK, *PLANS))}", file=sys.stderr)
        return 2
    print(HEADER, flush=True)
    found = [_told(measured(name, given.seconds, given.runs)) for name in names]
    refused = [f"{one.work}: {fault}" for one in found for fault in one.answer.faults]
    for words in refused:
        print(f"refused: {words}", file=sys.stderr)
    if given.json:
        write_json(given.json, {"script": "scale", "rows": [asdict(one) for one in found]})
    return 1 if refused else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", help="a piece of work; a pattern such as 'covering*' will do")
    parser.add_argument("--json", type=Path, help="write all results here too")
    parser.add_argument("--seconds", type=float, default=60.0, help="the most a search on the county may take")
    parser.add_argument("--runs", type=int, default=3, help="times everything is run; the middle counts")
    parser.add_argument("--peers", action="store_true", help="give covering to HiGHS as one plain program too")
    parser.add_argument("--here", choices=WORK, help=argparse.SUPPRESS)
    return parser


def _told(one: Measured) -> Measured:
    print(one.line(), flush=True)
    for stage in one.answer.stages:
        numbers = f"{stage['value']:14.10g} {stage['bound']:14.10g} {100 * float(str(stage['gap'])):8.3f}"
        print(f"  {stage['programme']!s:24} {stage['goal']!s:15} {numbers} {stage['seconds']:8.2f}", flush=True)
    return one


# --- a process for every run -----------------------------------------------------------------------------------


def measured(name: str, seconds: float, runs: int) -> Measured:
    """A piece of work run so many times."""
    run = partial(_run_plan, PLANS[name]) if name in PLANS else partial(_run_work, name, seconds)
    found = [run() for _ in range(max(runs, 1))]
    return Measured(
        work=name,
        counties=PLANS.get(name, 0),
        answer=replace(found[-1][0], faults=tuple(dict.fromkeys(fault for said, _ in found for fault in said.faults))),
        seconds=[answer.seconds for answer, _ in found],
        peak_mib=[peak for _, peak in found],
    )


def _run_work(name: str, seconds: float) -> tuple[Answer, float]:
    said, took, peak = _process([sys.executable, __file__, "--here", name, "--seconds", str(seconds)])
    told = _told_by(said)
    return (Answer(**told) if told else _nothing(took)), peak


def _run_plan(copies: int) -> tuple[Answer, float]:
    """The sample and its copies as one study, planned, verified and written; the seconds are those of the process."""
    from copies import write_copies

    with tempfile.TemporaryDirectory() as folder:
        study = write_copies(SAMPLE, Path(folder) / "study", copies) if copies > 1 else SAMPLE / "study.toml"
        call = "from siting.cli import main; main()"
        said, seconds, peak = _process(
            [sys.executable, "-c", call, "plan", str(study), "--out", f"{folder}/out", "--json", "--lang", "en"]
        )
    told = _told_by(said)
    if not told:
        return _nothing(seconds), peak
    stages = tuple({"programme": part["programme"], **stage} for part in told["programmes"] for stage in part["stages"])
    broken = tuple(f"the plan breaks {check}" for check in _broken(told))
    gap = max(float(stage["gap"]) for stage in stages)
    status = f"exit {told['exit_code']}, {sum(stage['status'] != 'optimal' for stage in stages)} stages not proved"
    return Answer(NAN, NAN, gap, status, seconds, broken, stages), peak


def _told_by(said: str) -> dict[str, Any]:
    """The JSON object in the last line; empty where a process ended without one."""
    try:
        return dict(json.loads(said.strip().rpartition("\n")[2]))
    except json.JSONDecodeError:
        return {}


def _nothing(seconds: float) -> Answer:
    return Answer(NAN, NAN, NAN, "no answer", seconds, ("the process ended without an answer",))


def _broken(told: dict[str, Any]) -> list[str]:
    return [check["rule"] for check in told["checks"] if check["strength"] == "must" and check["kept"] is False]


def _process(command: list[str]) -> tuple[str, float, float]:
    """What a process prints, the seconds it took, and its peak MiB, nan where the system does not say."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        peak = os.wait4(child.pid, 0)[2].ru_maxrss / MIB if hasattr(os, "wait4") else float("nan")
        child.wait()
        took = time.perf_counter() - began
        out.seek(0)
        return out.read(), took, peak


# --- the county made by chance ---------------------------------------------------------------------------------


def covering(places: int, radius_m: float, p: int | None, seconds: float) -> Answer:
    """Maximal covering with p sites, set covering without p; added up again from the places."""
    from synthetic import county, metres_to_nearest, within

    from siting.location import classics

    here = county(places, SITES)
    pairs = within(here, radius_m)
    began = time.perf_counter()
    if p is None:
        said = classics.set_covering(pairs, seconds=seconds)
    else:
        said = classics.maximal_covering(pairs, here.residents, p, seconds=seconds)
    took = time.perf_counter() - began
    is_near = metres_to_nearest(here, said.open) <= radius_m * (1 + 1e-12)
    value = float(len(said.open)) if p is None else float(here.residents[is_near].sum())
    faults = _disagreement(value, said.value)
    if p is None and not is_near.all():
        faults = (*faults, f"{(~is_near).sum()} places have no site within {radius_m:g} m")
    if p is not None and len(said.open) > p:
        faults = (*faults, f"{len(said.open)} sites are open, more than {p}")
    return Answer(said.value, said.bound, said.gap, said.status, took, faults)


def plain_program(places: int, radius_m: float, p: int | None, seconds: float) -> Answer:
    """The same as one program given to HiGHS by SciPy."""
    from peers import plain_covering
    from synthetic import county, within

    here = county(places, SITES)
    pairs = within(here, radius_m)
    reach = sparse.csr_array((np.ones(len(pairs)), pairs.site, pairs.start), shape=(places, SITES))
    peer = plain_covering(reach, None if p is None else here.residents, p or 0, seconds)
    gap = abs(peer.value - peer.bound) / max(abs(peer.value), 1.0)
    return Answer(peer.value, peer.bound, gap, "optimal" if peer.is_optimal else "stopped early", peer.seconds)


def median(places: int, p: int, seconds: float) -> Answer:
    """p-median, every place with its nearest sites to choose from; added up again with all of them."""
    from synthetic import county, metres_to_nearest, nearest

    from siting.location import classics

    here = county(places, SITES)
    pairs = nearest(here)
    began = time.perf_counter()
    said = classics.p_median(pairs, here.residents, p, seconds=seconds)
    took = time.perf_counter() - began
    faults = _disagreement(float(here.residents @ metres_to_nearest(here, said.open)), said.value)
    if len(said.open) != p:
        faults = (*faults, f"{len(said.open)} sites are open, not {p}")
    return Answer(said.value, said.bound, said.gap, said.status, took, faults)


def _disagreement(value: float, said: float) -> tuple[str, ...]:
    is_same = abs(value - said) <= 1e-7 * max(1.0, abs(value))
    return () if is_same else (f"the value is {value}, not {said}",)


def _pieces() -> Iterator[tuple[str, Callable[[float], Answer]]]:
    problems: tuple[tuple[str, int | None], ...] = (("set", None), (f"maximal p={COVERING_P}", COVERING_P))
    for places, radius_m, (word, p) in product((10_000, 100_000), RADII_M, problems):
        name = f"covering {word} {radius_m} m {places} x {SITES}"
        yield name, partial(covering, places, radius_m, p)
        yield f"{name} by plain HiGHS", partial(plain_program, places, radius_m, p)
    yield f"p-median p={MEDIAN_P} 100000 x {SITES}", partial(median, 100_000, MEDIAN_P)


WORK = dict(_pieces())
PLANS = {f"plan of the sample x {copies}": copies for copies in COPIES}


if __name__ == "__main__":
    sys.exit(main())

"""One programme of a study on its own: asked for by its key, and planned several times over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from siting.errors import Fault, InputError, SolverError
from siting.plan import Plan
from siting.plan_file import read_plan
from siting.progress import quietly
from siting.project import Programme
from siting.run import WORKERS, Base, check_base, prepared
from siting.scenario.pool import processes
from siting.scenario.whatif import Hear
from siting.scenario.works import Done, Work, make, standing, stands, stopped
from siting.scenario.world import nearest
from siting.words import Phrase


def checked_base(study: Path) -> Base:
    """The study's base. InputError with every fault, those of places on the roads among them."""
    base, faults = check_base(study)
    if base is not None and not faults:
        _, faults = prepared(base)
    if base is None or faults:
        raise InputError(faults)
    return base


def asked(base: Base, key: str) -> Programme:
    """The programme of a key. Raises InputError where there is none."""
    known = {programme.key: programme for programme in base.project.programmes}
    if key not in known:
        what = Phrase(f"没有项目“{key}”。", f"there is no programme '{key}'.")
        raise InputError((Fault(base.project.file.name, what, nearest(key, known)),))
    return known[key]


def alone(base: Base, programme: Programme) -> Base:
    """The base that asks one programme only, with the time that has in the whole plan."""
    works = len(base.project.programmes)
    seconds = base.project.limits.seconds * min(WORKERS, works) / works
    limits = replace(base.project.limits, seconds=seconds)
    return replace(base, project=replace(base.project, programmes=(programme,), limits=limits))


def each_plan(works: Sequence[Work], hear: Hear) -> Iterator[tuple[Done, Plan | None]]:
    """Every work's plan in the order of works, made in other processes where it does not stand."""
    left = [work for work in works if not stands(work.folder, work.stamp)]
    with processes() as pool:
        waiting = {work.key: pool.submit(_made, work) for work in left}
        for work in works:
            known = waiting.get(work.key)
            done = known.result() if known else standing(work)
            hear(done)
            yield done, None if done.trouble else read_plan(work.folder / "plan.json")


def _made(work: Work) -> Done:
    """A work's plan, written whole; what stops it is told, and stops no other."""
    try:
        return replace(make(work, quietly, workers=1), result=None)
    except SolverError as error:
        return stopped(work, error)

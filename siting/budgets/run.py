"""A study and a programme in, its frontier out: a plan for every number of new builds, two at a time, kept as they are
made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from siting.budgets.points import Frontier, frontier_of
from siting.budgets.written import write_facts, write_frontier_manifest, write_tables
from siting.errors import Fault, InputError, SolverError
from siting.export import refuse_foreign
from siting.export.folder import write_whole
from siting.plan import TierPlan
from siting.plan_file import read_plan
from siting.progress import quietly
from siting.project import Budget, Programme
from siting.rules.gather import terms_for
from siting.run import WORKERS, Base, check_base, prepared
from siting.scenario.pool import processes
from siting.scenario.whatif import Hear, hear_nothing
from siting.scenario.works import Done, Work, make, stamp_of, standing, stands, stopped
from siting.scenario.world import Scenario, nearest
from siting.words import Language, Phrase

FOLDER = "frontier"


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of the points; frontier is None where some plan could not be made."""

    every: tuple[Done, ...]
    frontier: Frontier | None


def plan_frontier(
    study: Path,
    key: str,
    out: Path,
    most: int | None = None,
    language: Language = "zh",
    overwrite: bool = False,
    hear: Hear = hear_nothing,
) -> Planned:
    """The plans of one programme for 0 to ``most`` new builds (twice the budget's number unless stated), each whole in
    a folder below ``out``, and the frontier in ``out/frontier``.

    Plans that stand there, made from the same inputs, are left as they are; a run that was killed goes on where it was.
    Raises InputError with every fault of the study, or where the programme or the number is not known.
    """
    base = _checked(study)
    programme = _asked(base, key)
    announced = terms_for(base.book, programme).new
    counts = range(_most(study, programme, announced, most) + 1)
    works = [_work(base, programme, count, out, overwrite) for count in counts]
    for folder in (out / FOLDER, *(work.folder for work in works)):
        refuse_foreign(folder, overwrite)
    made = list(_each(works, hear))
    every = tuple(done for done, _ in made)
    parts = [(count, part) for count, (_, part) in zip(counts, made, strict=True) if part is not None]
    if len(parts) < len(works):
        return Planned(every, None)
    frontier = frontier_of(announced, parts)
    writers = (
        partial(write_facts, frontier),
        partial(write_tables, base.area, frontier, language),
        partial(write_frontier_manifest, base, frontier),
    )
    write_whole(writers, out / FOLDER, overwrite)
    return Planned(every, frontier)


def _checked(study: Path) -> Base:
    """The study's base. InputError with every fault, those of places on the roads among them."""
    base, faults = check_base(study)
    if base is not None and not faults:
        _, faults = prepared(base)
    if base is None or faults:
        raise InputError(faults)
    return base


def _asked(base: Base, key: str) -> Programme:
    known = {programme.key: programme for programme in base.project.programmes}
    if key not in known:
        what = Phrase(f"没有项目“{key}”。", f"there is no programme '{key}'.")
        raise InputError((Fault(base.project.file.name, what, nearest(key, known)),))
    return known[key]


def _most(study: Path, programme: Programme, announced: int | None, most: int | None) -> int:
    if most is not None:
        return most
    if announced is None:
        what = Phrase(f"{programme.key} 没有规定新建数。", f"{programme.key} has no number of new builds.")
        cure = Phrase("请用 --most 写最多新建几所。", "Say with --most how many there may be.")
        raise InputError((Fault(study.name, what, cure),))
    return 2 * announced


def _work(base: Base, programme: Programme, count: int, out: Path, overwrite: bool) -> Work:
    """The programme alone with exactly so many new builds, and the time it has in the whole plan; what it says of
    extensions stays."""
    terms = terms_for(base.book, programme)
    budget = Budget(count, terms.extend, True, terms.extend_exact)
    limits = replace(base.project.limits, seconds=base.project.limits.seconds * _share(base))
    project = replace(base.project, programmes=(replace(programme, budget=budget),), limits=limits)
    name = Phrase(f"新建 {count} 所", f"{count} new builds")
    asked = Scenario(out / f"new_{count}.toml", name, 1.0, (), {"frontier": f"{programme.key}: new = {count}"})
    return Work(asked.key, name, replace(base, project=project), stamp_of(base, asked), out, overwrite)


def _share(base: Base) -> float:
    """The share of a plan's time that one of its programmes has."""
    works = len(base.project.programmes)
    return min(WORKERS, works) / works


def _each(works: Sequence[Work], hear: Hear) -> Iterator[tuple[Done, TierPlan | None]]:
    """Every work's plan in the order of works, made in other processes where it does not stand."""
    left = [work for work in works if not stands(work.folder, work.stamp)]
    with processes() as pool:
        waiting = {work.key: pool.submit(_made, work) for work in left}
        for work in works:
            known = waiting.get(work.key)
            done = known.result() if known else standing(work)
            hear(done)
            yield done, None if done.trouble else read_plan(work.folder / "plan.json").parts[0]


def _made(work: Work) -> Done:
    """A point's plan, written whole; what stops it is told, and stops no other."""
    try:
        return replace(make(work, quietly, workers=1), result=None)
    except SolverError as error:
        return stopped(work, error)

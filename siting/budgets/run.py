"""A study and a programme in, its frontier out: a plan for every number of new builds, two at a time, kept as they are
made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from siting.budgets.points import Frontier, frontier_of
from siting.budgets.written import frontier_to_json, write_facts, write_frontier_manifest, write_tables
from siting.errors import Fault, InputError
from siting.export import refuse_foreign
from siting.export.folder import write_whole
from siting.indicators import breaks_a_must
from siting.project import Budget, Programme
from siting.rules.gather import terms_for
from siting.rules.verdict import Check
from siting.run import Base
from siting.scenario.alone import alone, asked, checked_base, each_plan
from siting.scenario.telling import what_if_code
from siting.scenario.whatif import Hear, hear_nothing
from siting.scenario.works import Done, Work, stamp_of
from siting.scenario.world import Scenario
from siting.verify.frontier import point_counts, programme_of, verify_frontier
from siting.words import Language, Phrase

FOLDER = "frontier"


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of the points, and what the verifier says to what is written of them; frontier is None where some
    plan could not be made."""

    every: tuple[Done, ...]
    frontier: Frontier | None = None
    checks: tuple[Check, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 without a frontier; 1 where what is written does not add up. Points may break what the study asks for."""
        return what_if_code(self.every) if self.frontier is None else int(breaks_a_must(self.checks))


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
    base = checked_base(study)
    programme = asked(base, key)
    announced = terms_for(base.book, programme).new
    counts = range(_most(study, programme, announced, most) + 1)
    works = [_work(base, programme, count, out, overwrite) for count in counts]
    for folder in (out / FOLDER, *(work.folder for work in works)):
        refuse_foreign(folder, overwrite)
    made = list(each_plan(works, hear))
    every = tuple(done for done, _ in made)
    parts = [(count, plan.parts[0]) for count, (_, plan) in zip(counts, made, strict=True) if plan is not None]
    if len(parts) < len(works):
        return Planned(every)
    frontier = frontier_of(announced, parts)
    said = frontier_to_json(frontier)
    writers = (
        partial(write_facts, said),
        partial(write_tables, base.area, frontier, language),
        partial(write_frontier_manifest, base, frontier),
    )
    write_whole(writers, out / FOLDER, overwrite)
    return Planned(every, frontier, verify_frontier(said, dict(parts), {key: announced}))


def _most(study: Path, programme: Programme, announced: int | None, most: int | None) -> int:
    if most is not None:
        return most
    if announced is None:
        what = Phrase(f"{programme.key} 没有规定新建数。", f"{programme.key} has no number of new builds.")
        cure = Phrase("请用 --most 写最多新建几所。", "Say with --most how many there may be.")
        raise InputError((Fault(study.name, what, cure),))
    return 2 * announced


def point_again(base: Base, text: str, folder: str) -> Base | None:
    """The base that a point of a frontier.json answers, by its folder's name; None where the text has no such point."""
    key, count = programme_of(text), next((one for one in point_counts(text) if folder == f"new_{one}"), None)
    return None if count is None else _point(base, asked(base, key), count)


def _point(base: Base, programme: Programme, count: int) -> Base:
    """The programme alone with exactly so many new builds, and the time it has in the whole plan; what it says of
    extensions stays."""
    terms = terms_for(base.book, programme)
    return alone(base, replace(programme, budget=Budget(count, terms.extend, True, terms.extend_exact)))


def _work(base: Base, programme: Programme, count: int, out: Path, overwrite: bool) -> Work:
    name = Phrase(f"新建 {count} 所", f"{count} new builds")
    point = Scenario(out / f"new_{count}.toml", name, 1.0, (), {"frontier": f"{programme.key}: new = {count}"})
    return Work(point.key, name, _point(base, programme, count), stamp_of(base, point), out, overwrite)

"""A study with phases in, a plan over years out: a plan for every phase on what earlier ones opened, and a timetable.

Nothing but answers is written before the plans of all phases are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from siting.errors import Fault, InputError
from siting.export import Result, refuse_foreign
from siting.export.folder import write_whole
from siting.indicators import breaks_a_must
from siting.phases.allowance import Promised
from siting.phases.asked import Asked, read_asked
from siting.phases.checking import promised_of
from siting.phases.outcome import Outcome, outcome
from siting.phases.records import PlanOverYears
from siting.phases.standing import Begun, Stand, begun, stamp_with, with_opened
from siting.phases.written import names_of, over_years, phases_to_json, write_facts, write_phases_manifest, write_tables
from siting.progress import Tell, quietly
from siting.rules.verdict import Check
from siting.run import Base, check_base, prepared
from siting.scenario.applying import with_places
from siting.scenario.telling import what_if_code
from siting.scenario.whatif import Hear, hear_nothing
from siting.scenario.works import Done, Work, found, solved, stamp_of, stands, write_made
from siting.verify.phases import verify_phases
from siting.words import Language, Phrase

FOLDER = "phases"


@dataclass(frozen=True, slots=True)
class Phased:
    """What became of the phases' plans, the plan over years (None where some plan could not be made), what the
    verifier says to that, and what the programmes are called."""

    every: tuple[Done, ...]
    plan: PlanOverYears | None = None
    checks: tuple[Check, ...] = ()
    names: Mapping[str, Phrase] = field(default_factory=dict)

    @property
    def broken(self) -> tuple[tuple[str, Phrase], ...]:
        """Folder and name of the phases whose plan leaves a must unkept."""
        return tuple((done.key, done.name) for done in self.every if done.is_broken)

    @property
    def exit_code(self) -> int:
        """3 where some plan could not be made, else 1 where a must is broken, else 0."""
        return what_if_code(self.every) or int(breaks_a_must(self.checks))


@dataclass(frozen=True, slots=True)
class Way:
    """A study and its phases, read and checked; base has its places written down."""

    base: Base
    asked: tuple[Asked, ...]
    promised: Promised


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of a phase, and what it comes to."""

    asked: Asked
    first: Begun
    done: Done
    outcome: Outcome

    @property
    def result(self) -> Result:
        """The plan with what it was made from."""
        assert self.done.result is not None
        return self.done.result


def plan_phases(
    study: Path,
    out: Path,
    language: Language = "zh",
    overwrite: bool = False,
    tell: Tell = quietly,
    hear: Hear = hear_nothing,
) -> Phased:
    """The plan of every phase, each whole in a folder below ``out``, and the plan over years in ``out/phases``.

    Plans that stand there, made from the same inputs, are left as they are; a run that was killed goes on where it was.
    Raises InputError with every fault of the study and of every phase before anything is solved, and where a closure
    leaves people without the school they had.
    """
    way = read_way(study)
    for at in way.asked:
        refuse_foreign(out / at.key, overwrite)
    refuse_foreign(out / FOLDER, overwrite)
    planned, stand = list[Planned](), Stand(way.base)
    for at in way.asked:
        first = begun(stand, at, way.asked, way.promised)
        before = planned[-1].result.plan if planned else None
        work = replace(_work(at, first, out, overwrite), start=before)
        done = found(work) if stands(work.folder, work.stamp) else solved(work, tell)
        if done.result is None:
            return Phased((*(one.done for one in planned), done))
        planned.append(Planned(at, first, done, outcome(at, first, done.result)))
        stand = with_opened(first.stand, planned[-1].outcome.opened)
    for one in planned:
        if one.done.is_new:
            write_made(_work(one.asked, one.first, out, overwrite), one.result)
        hear(one.done)
    every = tuple(replace(one.done, result=None) for one in planned)
    plan = over_years(way.base, [one.outcome.record for one in planned])
    checks = verify_phases(phases_to_json(plan), [one.result for one in planned], way.base)
    _write(way, plan, checks, out, language, overwrite)
    return Phased(every, plan, checks, names_of(way.base))


def read_way(study: Path) -> Way:
    """A study and its phases. Raises InputError with every fault of both."""
    base, faults = check_base(study)
    if base is None:
        raise InputError(faults)
    return way_of(base, faults)


def way_of(base: Base, known: tuple[Fault, ...] = ()) -> Way:
    """The phases of a study that has been read. Raises InputError with what is known to be wrong with its files, else
    with its places, and with every fault of the phases."""
    faults = known or prepared(base)[1]
    asked, doubts = read_asked(base.project)
    if faults or doubts:
        raise InputError((*faults, *doubts))
    placed = with_places(base)
    return Way(placed, asked, promised_of(placed, asked))


def _work(at: Asked, first: Begun, out: Path, overwrite: bool) -> Work:
    """The base of a phase names every file that this and earlier phases' changes were drawn from."""
    stamp = stamp_with(stamp_of(first.base, None), at, first.stand.opened)
    return Work(at.key, at.name, first.base, stamp, out, overwrite)


def _write(
    way: Way, plan: PlanOverYears, checks: Sequence[Check], out: Path, language: Language, overwrite: bool
) -> None:
    writers = (
        partial(write_facts, plan),
        partial(write_tables, way.base, plan, checks, language),
        partial(write_phases_manifest, way.base, plan, checks),
    )
    write_whole(writers, out / FOLDER, overwrite)

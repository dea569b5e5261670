"""One plan of a what-if: made, verified and written whole, or read again where it stands already."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from siting.comparison import Comparison, Locked, compare, comparison_to_json, own_locks
from siting.comparison.locks import differ_only_in_locks, free_plans
from siting.errors import InputError, SolverError
from siting.export import COMPARISON_EXPORTERS, EXPORTERS, Compared, Result
from siting.export.folder import write_whole
from siting.export.judging import judged
from siting.export.manifest import MADE_BY, MANIFEST, facts_in, hash_files, sha256
from siting.finished import Finished
from siting.indicators import breaks_a_must, is_unsolved
from siting.plan import Plan
from siting.plan_file import plan_to_json, read_plan
from siting.progress import Tell, quietly
from siting.project import Lock
from siting.run import WORKERS, Base, make_plan, prepared
from siting.scenario.memory import Memory
from siting.scenario.world import Scenario
from siting.verify.comparison import verify_comparison
from siting.words import Language, Phrase

STAMP = "whatif.json"
"""In every folder of a what-if: what it was made from, by which a later run knows that it stands, and its verdict."""

VERDICT = "breaks_a_must"

BASE = "base"
COMPARISONS = "comparisons"
ANSWERS = ".answers"
LANGUAGES: tuple[Language, Language] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Work:
    """A plan to be made: its folder's name, what it is called, the base it is made from, and what stamps it; the plan
    its search starts from, where there is one."""

    key: str
    name: Phrase
    base: Base
    stamp: str
    out: Path
    overwrite: bool
    start: Plan | None = None

    @property
    def folder(self) -> Path:
        """Where the plan is written."""
        return self.out / self.key


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a work. result is None where nobody needs it. is_new: made now, not found. reused: programmes
    whose question had been answered before. is_broken: whether the plan breaks a must, or its comparison with the base
    does not add up. comparison: that, where it was made now. trouble: why there is no plan. seconds: all in all, of
    which solving is what its programmes took, questions and answers.
    """

    key: str
    name: Phrase
    is_new: bool
    reused: int
    seconds: float
    result: Result | None = None
    is_broken: bool = False
    comparison: Comparison | None = None
    trouble: Phrase | None = None
    solving: float = 0.0


def stamp_of(base: Base, scenario: Scenario | None) -> str:
    """The SHA-256 of all that a plan is made from: program, study file, rulebook, layers, scenario and its files."""
    content: Mapping[str, Any] = {
        "program": program(),
        "study": sha256(base.project.file),
        "rulebook": base.book.sha256,
        "inputs": {layer: sha for layer, (_, sha) in sorted(base.area.sources.items())},
        "scenario": dict(scenario.sources) if scenario else {},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def program() -> str:
    """The program and the solver it stands on."""
    return f"siting {version('siting')}, highspy {version('highspy')}"


def standing(work: Work) -> Done:
    """What becomes of a work whose plan stands and is not needed: the verdict is the one it was written with."""
    stamps = [facts_in(folder / STAMP) for folder in (work.folder, comparison_of(work))]
    is_broken = any(said.get(VERDICT) for said in stamps if said.get("stamp") == work.stamp)
    return Done(work.key, work.name, False, 0, 0.0, is_broken=is_broken)


def stopped(work: Work, error: InputError | SolverError) -> Done:
    """What becomes of a work that an error stopped."""
    said = Phrase(f"没有得到方案：{error}", f"no plan: {error}")
    if isinstance(error, InputError):
        said = Phrase(*("\n".join(fault.said_in(word) for fault in error.faults) for word in LANGUAGES))
    return Done(work.key, work.name, True, 0, 0.0, trouble=said)


def is_compared(work: Work) -> bool:
    """Whether a scenario's plan and its comparison with the base stand."""
    return stands(work.folder, work.stamp) and stands(comparison_of(work), work.stamp)


def stands(folder: Path, stamp: str) -> bool:
    """Whether a folder is whole, as it was written, and has this stamp."""
    manifest, said = facts_in(folder / MANIFEST), facts_in(folder / STAMP)
    if said.get("stamp") != stamp or VERDICT not in said:
        return False
    return bool(manifest.get("made_by") == MADE_BY and manifest.get("files") == hash_files(folder))


def make(work: Work, tell: Tell, workers: int = WORKERS) -> Done:
    """The plan of a work, written whole in its folder. Raises InputError and SolverError as a plan does."""
    started = time.perf_counter()
    done = solved(work, tell, workers)
    if done.result is not None:
        write_made(work, done.result)
    return replace(done, seconds=time.perf_counter() - started)


def solved(work: Work, tell: Tell, workers: int = WORKERS) -> Done:
    """The plan of a work, made and verified, and nothing written but its answers."""
    started = time.perf_counter()
    study, faults = prepared(work.base)
    if faults:
        raise InputError(faults)
    memory = Memory(work.out / ANSWERS, program())
    began = time.perf_counter()
    plan = make_plan(study, tell, memory.solve, workers, work.start)
    solving = time.perf_counter() - began
    if is_unsolved(plan):
        return Done(work.key, work.name, True, len(memory.found), time.perf_counter() - started, trouble=NO_TIME)
    result = judged(plan, study, started)
    is_broken = breaks_a_must(result.checks)
    return Done(work.key, work.name, True, len(memory.found), result.seconds, result, is_broken, solving=solving)


def write_made(work: Work, result: Result) -> None:
    """The plan of a work, whole in its folder, with what stamps it."""
    writers = (partial(write, result) for write in EXPORTERS.values())
    first = stamping(work.stamp, work.name, breaks_a_must(result.checks))
    write_whole([first, *writers], work.folder, work.overwrite)


NO_TIME = Phrase(
    "限定时间内没有算出方案，请在 study.toml 的 [limits] 中调大 seconds。",
    "no plan within the limits; raise `seconds` in [limits] of the study file.",
)


def found(work: Work) -> Done:
    """The plan of a work that stands in its folder, read again and verified."""
    started = time.perf_counter()
    study, faults = prepared(work.base)
    if faults:
        raise InputError(faults)
    result = judged(read_plan(work.folder / "plan.json"), study, started)
    return Done(work.key, work.name, False, 0, result.seconds, result, breaks_a_must(result.checks))


def stamping(stamp: str, name: Phrase, is_broken: bool) -> Any:
    """What writes the stamp and the verdict into a folder."""

    def write(folder: Path) -> None:
        said = {"name": {"zh": name.zh, "en": name.en}, "stamp": stamp, VERDICT: is_broken}
        (folder / STAMP).write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")

    return write


def write_compared(base: Done, work: Work, other: Result, language: Language) -> tuple[Comparison, bool]:
    """The comparison of a scenario's plan with the base's, whole in a folder of its own with the plans free of single
    locks that it speaks of, and whether it breaks a must: does not add up."""
    assert base.result is not None
    names, without = (
        (base.name.said_in(language), work.name.said_in(language)),
        _without_locks(base.result, work, other),
    )
    compared = Compared(compare(base.result, other, names, without), base.result, other, language)
    free = {name: plan for name, (_, plan) in free_plans(base.result, without) if plan is not base.result}
    checks = verify_comparison(comparison_to_json(compared.comparison), base.result, other, free)
    is_broken = breaks_a_must(checks)
    writers = (partial(write, compared) for write in COMPARISON_EXPORTERS.values())
    first = (stamping(work.stamp, work.name, is_broken), partial(_write_free, free))
    write_whole([*first, *writers], comparison_of(work), work.overwrite)
    return compared.comparison, is_broken


def _write_free(free: Mapping[str, Finished], folder: Path) -> None:
    for name, one in free.items():
        (folder / name).write_text(plan_to_json(one.plan), encoding="utf-8")


def _without_locks(base: Result, work: Work, made: Result) -> Mapping[Locked, Finished]:
    """Plans of a scenario's study without one of its own locks each, made anew, and the base's own for all of them
    together where nothing else tells the two studies apart. One that cannot be made within the limits is left out."""
    own = own_locks(base, made)
    together: dict[Locked, Finished] = {own: base} if own and differ_only_in_locks(base, made) else {}
    if len(own) == 1 and together:
        return together
    each = {(lock,): _without(lock, work, made.plan) for lock in own}
    return {**together, **{locks: result for locks, result in each.items() if result is not None}}


def _without(lock: Lock, work: Work, start: Plan) -> Result | None:
    project = work.base.project
    free = replace(project, locks=tuple(one for one in project.locks if one != lock))
    return solved(replace(work, base=replace(work.base, project=free), start=start), quietly, workers=1).result


def comparison_of(work: Work) -> Path:
    """Where a work's comparison with the base is written."""
    return work.out / COMPARISONS / work.key

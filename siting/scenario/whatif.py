"""A base and its scenarios: each plan made once, two at a time, whole or not at all, and compared with the base's."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from siting.errors import Fault, InputError, SolverError
from siting.export import refuse_foreign
from siting.indicators import breaks_a_must
from siting.progress import Tell, quietly
from siting.run import Base, check_base
from siting.scenario.applying import applied
from siting.scenario.kinds.lock_site import LockSite
from siting.scenario.reader import load_scenario
from siting.scenario.works import (
    BASE,
    Done,
    Work,
    comparison_of,
    found,
    make,
    stamp_of,
    stands,
    write_compared,
)
from siting.scenario.world import Scenario
from siting.words import Language, Phrase

PROCESSES = min(2, os.cpu_count() or 1)
BASE_NAME = Phrase("基准方案", "Base")

Telling = Callable[[], AbstractContextManager[Tell]]
"""Opens a place to tell steps to; what was told last is out when it closes."""

Hear = Callable[[Done], None]
"""Hears of every plan as soon as it stands."""


def nobody() -> AbstractContextManager[Tell]:
    """Nobody to tell."""
    return nullcontext(quietly)


def hear_nothing(done: Done) -> None:
    """Tell nobody."""


def what_if(
    study: Path,
    files: Sequence[Path],
    out: Path,
    language: Language = "zh",
    overwrite: bool = False,
    telling: Telling = nobody,
    hear: Hear = hear_nothing,
) -> tuple[Done, ...]:
    """The base's plan and one per scenario file below ``out``, and their comparisons; the base first.

    Plans and comparisons that stand there, made from the same inputs, are left as they are; a run that was killed goes
    on where it was. Raises InputError with every fault of the study and of all scenarios before anything is solved.
    """
    base, scenarios = _read(study, files)
    works = [Work(BASE, BASE_NAME, base, stamp_of(base, None), out, overwrite)]
    _check(base, scenarios)
    for folder in (out / BASE, *(out / one.key for one in scenarios)):
        refuse_foreign(folder, overwrite)
    with telling() as tell:
        first = _base_done(works[0], tell, _is_needed(base, scenarios, out))
    hear(first)
    if first.trouble:
        return (first,)
    works += [_work(base, one, first, out, overwrite) for one in scenarios]
    done = {BASE: first}
    for one in _each(first, works[1:], language):
        hear(one)
        done[one.key] = one
    return tuple(done[work.key] for work in works)


# --- before anything is solved ---------------------------------------------------------------------------------


def _read(study: Path, files: Sequence[Path]) -> tuple[Base, list[Scenario]]:
    base, faults = check_base(study)
    loaded = [load_scenario(file) for file in files]
    faults = (*faults, *(fault for _, own in loaded for fault in own), *_twins(files))
    if base is None or faults:
        raise InputError(faults)
    return base, [scenario for scenario, _ in loaded if scenario is not None]


def _twins(files: Sequence[Path]) -> Iterator[Fault]:
    """Scenario files that would be written into one folder."""
    for stem, times in Counter(file.stem for file in files).items():
        if times > 1 or stem in RESERVED:
            what = Phrase(f"情景文件名“{stem}”重复或被占用。", f"two results would be called '{stem}'.")
            yield Fault(f"{stem}.toml", what, Phrase("请给文件改名。", "Rename the file."))


RESERVED = (BASE, "comparisons")


def _check(base: Base, scenarios: Sequence[Scenario]) -> None:
    """InputError with the faults of all scenarios, as far as they can be known without the base's plan."""
    faults: list[Fault] = []
    for one in scenarios:
        free = tuple(change for change in one.changes if not isinstance(change, LockSite))
        try:
            applied(base, replace(one, changes=free))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(tuple(faults))


def _is_needed(base: Base, scenarios: Sequence[Scenario], out: Path) -> bool:
    """Whether anything is left to do for which the base's plan has to be at hand."""
    for one in scenarios:
        work = Work(one.key, one.name, base, stamp_of(base, one), out, False)
        if not (stands(work.folder, work.stamp) and stands(comparison_of(work), work.stamp)):
            return True
    return False


# --- the work --------------------------------------------------------------------------------------------------


def _base_done(work: Work, tell: Tell, is_needed: bool) -> Done:
    if not stands(work.folder, work.stamp):
        return make(work, tell)
    return found(work) if is_needed else Done(work.key, work.name, False, 0, 0.0)


def _work(base: Base, scenario: Scenario, first: Done, out: Path, overwrite: bool) -> Work:
    """The work of a scenario; nothing is applied where it stands already and the base's plan is not at hand."""
    plan = first.result.plan if first.result else None
    made = applied(base, scenario, plan) if plan else base
    return Work(scenario.key, scenario.name, made, stamp_of(base, scenario), out, overwrite)


def _each(first: Done, works: Sequence[Work], language: Language) -> Iterator[Done]:
    """What becomes of every work, as it is done; those that stand come first."""
    standing = [one for one in works if stands(one.folder, one.stamp) and stands(comparison_of(one), one.stamp)]
    yield from (Done(work.key, work.name, False, 0, 0.0) for work in standing)
    left = [work for work in works if work not in standing]
    if not left:
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[Done]] = [pool.submit(_finish, first, work, language) for work in left]
        try:
            yield from (future.result() for future in as_completed(waiting))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _finish(first: Done, work: Work, language: Language) -> Done:
    """A scenario's plan and its comparison with the base, in a process of its own; what stops it is told, and stops no
    other."""
    try:
        done = found(work) if stands(work.folder, work.stamp) else make(work, quietly, workers=1)
        if done.result is not None:
            compared, checks = write_compared(first, work, done.result, language)
            done = replace(done, comparison=compared, is_broken=done.is_broken or breaks_a_must(checks))
    except InputError as error:
        said = Phrase(*("\n".join(fault.said_in(word) for fault in error.faults) for word in ("zh", "en")))
        return Done(work.key, work.name, True, 0, 0.0, trouble=said)
    except SolverError as error:
        return Done(work.key, work.name, True, 0, 0.0, trouble=Phrase(f"没有得到方案：{error}", f"no plan: {error}"))
    return replace(done, result=None)

"""A base and its scenarios: each plan made once, two at a time, whole or not at all, and compared with the base's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from siting.errors import Fault, InputError, SolverError
from siting.export import refuse_foreign
from siting.plan import Plan
from siting.progress import Tell, quietly
from siting.run import WORKERS, Base, check_base
from siting.scenario.applying import changed, with_places
from siting.scenario.kinds.lock_site import LockSite
from siting.scenario.pool import processes
from siting.scenario.reader import load_scenario
from siting.scenario.works import (
    BASE,
    COMPARISONS,
    Done,
    Work,
    found,
    is_compared,
    make,
    stamp_of,
    standing,
    stands,
    stopped,
    write_compared,
)
from siting.scenario.world import Scenario
from siting.words import Language, Phrase

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
    return plan_all(read_futures(study, files), out, language, overwrite, telling, hear)


def plan_all(
    futures: Futures,
    out: Path,
    language: Language = "zh",
    overwrite: bool = False,
    telling: Telling = nobody,
    hear: Hear = hear_nothing,
) -> tuple[Done, ...]:
    """``what_if`` of what has been read."""
    base = futures.base
    first = Work(BASE, BASE_NAME, base, stamp_of(base, None), out, overwrite)
    works = [Work(one.key, one.name, base, stamp_of(base, one), out, overwrite) for one in futures.scenarios]
    for work in (first, *works):
        refuse_foreign(work.folder, overwrite)
    left = [work.key for work in works if not is_compared(work)]
    with telling() as tell:
        done = {BASE: _base_done(first, tell, bool(left))}
    hear(done[BASE])
    if done[BASE].trouble:
        return (done[BASE],)
    made = [
        replace(work, base=futures.base_of(one, _plan(done[BASE])), start=_plan(done[BASE]))
        for work, one in zip(works, futures.scenarios, strict=True)
        if work.key in left
    ]
    stand = (standing(work) for work in works if work.key not in left)
    for one in chain(stand, _each(done[BASE], made, language)):
        hear(one)
        done[one.key] = one
    return tuple(done[work.key] for work in (first, *works))


# --- before anything is solved ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Futures:
    """A study's base, the same with its places written down, and scenarios of it."""

    base: Base
    placed: Base
    scenarios: tuple[Scenario, ...]

    def base_of(self, one: Scenario, plan: Plan | None) -> Base:
        """The base as a scenario has it; see ``applied``."""
        return changed(self.placed, one, plan) if one.changes else self.base


def read_futures(study: Path, files: Sequence[Path]) -> Futures:
    """A study and scenarios from their files. Raises InputError with every fault of all of them, as far as faults can
    be known without the base's plan."""
    base, scenarios, faults = _read(study, files)
    placed = with_places(base)
    faults = (*faults, *_unfit(placed, scenarios))
    if faults:
        raise InputError(faults)
    return Futures(base, placed, scenarios)


def _read(study: Path, files: Sequence[Path]) -> tuple[Base, tuple[Scenario, ...], tuple[Fault, ...]]:
    """A study without fault, scenarios as far as they are sound, and what is wrong with their files. Raises InputError
    with these and the faults of the study where it has any."""
    base, faults = check_base(study)
    loaded = [load_scenario(file) for file in files]
    own = (*(fault for _, found in loaded for fault in found), *_twins(files))
    if base is None or faults:
        raise InputError((*faults, *own))
    return base, tuple(scenario for scenario, _ in loaded if scenario is not None), own


def _twins(files: Sequence[Path]) -> Iterator[Fault]:
    """Scenario files that would be written into one folder."""
    for stem, times in Counter(file.stem for file in files).items():
        if times > 1 or stem in RESERVED:
            what = Phrase(f"情景文件名“{stem}”重复或被占用。", f"two results would be called '{stem}'.")
            yield Fault(f"{stem}.toml", what, Phrase("请给文件改名。", "Rename the file."))


RESERVED = (BASE, COMPARISONS)


def _unfit(placed: Base, scenarios: Sequence[Scenario]) -> Iterator[Fault]:
    """What of scenarios does not fit the study, as far as it can be known without the base's plan."""
    for one in scenarios:
        free = tuple(change for change in one.changes if not isinstance(change, LockSite))
        try:
            changed(placed, replace(one, changes=free))
        except InputError as error:
            yield from error.faults


# --- the work --------------------------------------------------------------------------------------------------


def _base_done(work: Work, tell: Tell, is_needed: bool) -> Done:
    if not stands(work.folder, work.stamp):
        return make(work, tell)
    return found(work) if is_needed else standing(work)


def _plan(first: Done) -> Plan | None:
    return first.result.plan if first.result else None


def _each(first: Done, works: Sequence[Work], language: Language) -> Iterator[Done]:
    """What becomes of every work, as it is done; a single one needs no process of its own."""
    if not works:
        return
    if len(works) == 1:
        yield _finish(first, works[0], language, WORKERS)
        return
    with processes() as pool:
        waiting: list[Future[Done]] = [pool.submit(_finish, first, work, language, 1) for work in works]
        yield from (future.result() for future in as_completed(waiting))


def _finish(first: Done, work: Work, language: Language, workers: int) -> Done:
    """A scenario's plan and its comparison with the base, so many programmes side by side; what stops it is told, and
    stops no other."""
    try:
        done = found(work) if stands(work.folder, work.stamp) else make(work, quietly, workers)
        if done.result is not None:
            compared, is_broken = write_compared(first, work, done.result, language)
            done = replace(done, comparison=compared, is_broken=done.is_broken or is_broken)
    except (InputError, SolverError) as error:
        return stopped(work, error)
    return replace(done, result=None)

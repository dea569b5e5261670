"""Every fault of every phase, before anything is solved; and the projects that phases need in any case."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from siting.comparison.figures import seat_wan_yuan
from siting.errors import Fault, InputError
from siting.phases.allowance import Counts, Promised, Word, too_many
from siting.phases.asked import Asked, read_asked
from siting.phases.standing import Begun, Stand, begun, in_phase
from siting.project import Lock
from siting.run import Base, prepared
from siting.scenario.applying import with_places
from siting.scenario.world import World, programme_at
from siting.study import TIER_NAMES, Tier
from siting.words import Phrase


def faults_of_phases(base: Base) -> tuple[Fault, ...]:
    """What is wrong with the phases of a study that is sound without them; nothing where it has none."""
    if not base.project.phases:
        return ()
    asked, faults = read_asked(base.project)
    try:
        promised_of(with_places(base), asked)
    except InputError as error:
        faults = (*faults, *error.faults)
    return faults


def promised_of(placed: Base, every: Sequence[Asked]) -> Promised:
    """What phases need in any case. Raises InputError with every fault of every phase: of its changes, of its year, of
    places once its roads are a network, and of counts that do not go together."""
    faults, required = list[Fault](), dict[int, Counts]()
    stand, asked_in = Stand(placed), dict[tuple[str, Tier], Asked]()
    for at in every:
        try:
            first = begun(stand, at, every, Promised({}))
        except InputError as error:
            faults += error.faults
            continue
        faults += [in_phase(fault, at) for fault in prepared(first.base)[1]]
        faults += _required_twice(first.base, at, asked_in)
        required[at.number] = _required(first)
        stand = replace(first.stand, base=_without_required(first.stand.base))
    promised = Promised(required)
    faults += _counts(stand.base, every, promised)
    faults += _priceless(placed, every)
    if faults:
        raise InputError(tuple(faults))
    return promised


def _required_twice(base: Base, at: Asked, asked_in: dict[tuple[str, Tier], Asked]) -> Iterator[Fault]:
    """Sites that an earlier phase requires as well; those of this one are written down in asked_in."""
    for lock in base.project.locks:
        if lock.word == "require":
            before = asked_in.setdefault((lock.site, lock.tier), at)
            if before is not at:
                what = Phrase(
                    f"{at.where}“{lock.site}”在第 {before.number} 期已规定建设。",
                    f"{at.where}'{lock.site}' is required in phase {before.number} already.",
                )
                yield Fault(base.project.file.name, what, Phrase("请只留一条。", "Keep one of the two."))


def _required(first: Begun) -> Counts:
    """Projects that a phase's changes require, by programme."""
    base, found = first.base, Counter[tuple[str, Word]]()
    for lock in base.project.locks:
        if lock.word == "require":
            unit, word = _place(base, lock)
            programme = programme_at(World(base), lock.tier, unit) if unit >= 0 else None
            found.update([(programme.key, word)] if programme else [])
    return found


def _place(base: Base, lock: Lock) -> tuple[int, Word]:
    """The unit of a required site, and what is done there."""
    schools, places = base.area.schools, base.area.candidates
    if (lock.site, lock.tier) in zip(schools.id, schools.tier, strict=True):
        return int(schools.unit[schools.id.index(lock.site)]), "extend"
    return (int(places.unit[places.id.index(lock.site)]) if lock.site in places.id else -1), "new"


def _without_required(base: Base) -> Base:
    locks = tuple(lock for lock in base.project.locks if lock.word != "require")
    return replace(base, project=replace(base.project, locks=locks))


def _counts(base: Base, every: Iterable[Asked], promised: Promised) -> Iterator[Fault]:
    phases = tuple(every)
    for programme in base.project.programmes:
        for what, cure in too_many(base.book, programme, phases, promised):
            yield Fault(base.project.file.name, what, cure)


def _priceless(base: Base, every: Iterable[Asked]) -> Iterator[Fault]:
    """Programmes whose projects nobody can price although some phase limits the money."""
    is_limited = any(math.isfinite(min(at.phase.money_wan, at.phase.annual_wan)) for at in every)
    for tier in dict.fromkeys(one.tier for one in base.project.programmes):
        if is_limited and math.isnan(seat_wan_yuan(tier)):
            name = TIER_NAMES[tier]
            yield Fault(
                base.project.file.name,
                Phrase(
                    f"没有{name.zh}每个学位的造价，资金限额无从核算。", f"there is no cost of a seat for the {name.en}."
                ),
                Phrase(
                    "请把这类项目写成 [[phase.fixed]]，或删去 money_wan、annual_wan。",
                    "State its projects as [[phase.fixed]], or leave out money_wan and annual_wan.",
                ),
            )

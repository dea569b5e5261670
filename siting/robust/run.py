"""Scenarios in, one set of sites for all of them out: each scenario planned, every set tried in each, one chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from siting.comparison import no_regret, only_in_one, proposed_sites
from siting.errors import Fault, InputError
from siting.export import refuse_foreign
from siting.export.folder import write_whole
from siting.indicators import breaks_a_must
from siting.plan import Plan, TierPlan
from siting.plan_file import read_plan
from siting.progress import Step, Tell, quietly
from siting.project import Programme
from siting.robust.choice import ProgrammeChoice, choose
from siting.robust.sets import SiteSet, most_of, site_sets
from siting.robust.trial import Trial, tried
from siting.robust.written import robust_to_json, write_facts, write_manifest, write_tables
from siting.rules.gather import terms_for
from siting.rules.verdict import Check
from siting.run import Base
from siting.scenario.pool import processes
from siting.scenario.telling import what_if_code
from siting.scenario.whatif import Futures, Hear, hear_nothing, plan_all, read_futures
from siting.scenario.works import ANSWERS, BASE, Done
from siting.scenario.world import Scenario
from siting.verify.robust import verify_robust
from siting.words import Language, Phrase

FOLDER = "robust"


@dataclass(frozen=True, slots=True)
class Robust:
    """What became of the plans, the choice of every programme, and what the verifier says to what is written of it;
    none where some plan could not be made."""

    every: tuple[Done, ...]
    choices: tuple[ProgrammeChoice, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def exit_code(self) -> int:
        """That of the plans; 1 where what is written does not add up."""
        return what_if_code(self.every) or int(breaks_a_must(self.checks))


@dataclass(frozen=True, slots=True)
class Future:
    """A scenario with its folder's name, its base, weight and own plan."""

    key: str
    name: Phrase
    weight: float
    base: Base
    plan: Plan


def robust(
    study: Path,
    files: Sequence[Path],
    out: Path,
    language: Language = "zh",
    overwrite: bool = False,
    tell: Tell = quietly,
    hear: Hear = hear_nothing,
) -> Robust:
    """One set of sites per programme for all scenarios, written to ``out/robust``; the plans beside it as a what-if.

    What has been worked out stays, and a run that was killed goes on where it was. Raises InputError with every fault
    of the study and of all scenarios before anything is solved.
    """
    _refuse_reserved(files)
    refuse_foreign(out / FOLDER, overwrite)
    read = read_futures(study, files)
    every = plan_all(read, out, language, overwrite, lambda: nullcontext(tell), hear)
    if any(done.trouble for done in every):
        return Robust(every)
    base, first = read.base, read_plan(out / BASE / "plan.json")
    futures = [_future(read, first, one, out) for one in read.scenarios]
    choices = _choices(base, first, futures, out / ANSWERS, language, tell)
    said = robust_to_json(choices)
    writers = (
        partial(write_facts, said),
        partial(write_tables, base.area, choices, language),
        partial(write_manifest, base, choices),
    )
    write_whole(writers, out / FOLDER, overwrite)
    return Robust(every, choices, verify_robust(said, first, {one.key: one.plan for one in futures}))


def _refuse_reserved(files: Sequence[Path]) -> None:
    for file in files:
        if file.stem == FOLDER:
            what = Phrase(f"情景文件名“{FOLDER}”被占用。", f"the result is called '{FOLDER}' too.")
            raise InputError((Fault(file.name, what, Phrase("请给文件改名。", "Rename the file.")),))


def _future(read: Futures, first: Plan, scenario: Scenario, out: Path) -> Future:
    plan = read_plan(out / scenario.key / "plan.json")
    return Future(scenario.key, scenario.name, scenario.weight, read.base_of(scenario, first), plan)


def _choices(
    base: Base, first: Plan, futures: Sequence[Future], answers: Path, language: Language, tell: Tell
) -> tuple[ProgrammeChoice, ...]:
    asked = base.project.programmes
    sets = {programme.key: _sets(programme.key, first, futures) for programme in asked}
    goals = {programme.key: _goals(programme, futures) for programme in asked}
    trials = _trials(futures, partial(tried, sets=sets, goals=goals, answers=answers), tell)
    return tuple(_choice(one, sets[one.key], goals[one.key], futures, trials, language) for one in asked)


def _names(futures: Sequence[Future], language: Language) -> list[str]:
    """What scenarios are called, numbered where several are called the same."""
    said = [one.name.said_in(language) for one in futures]
    return [name if said.count(name) == 1 else f"{name}({place})" for place, name in enumerate(said, 1)]


def _trials(futures: Sequence[Future], attempt: Callable[[Base, Plan], Trial], tell: Tell) -> list[Trial]:
    """Every scenario's trial in their order, two at a time in processes of their own."""
    trials = []
    with processes() as pool:
        waiting = [pool.submit(attempt, one.base, one.plan) for one in futures]
        for one, found in zip(futures, waiting, strict=True):
            trials.append(found.result())
            tell(Step(Phrase(f"{one.name.zh}：各校址组合试算完成", f"{one.name.en}: every set of sites tried")))
    return trials


def _sets(key: str, first: Plan, futures: Sequence[Future]) -> tuple[SiteSet, ...]:
    terms = [terms_for(one.base.book, _asked(one.base, key)) for one in futures]
    best = [(one.name, one.weight, _part(one.plan, key)) for one in futures]
    return site_sets(_part(first, key), best, most_of(terms))


def _goals(programme: Programme, futures: Sequence[Future]) -> tuple[str, ...]:
    """Goals that every scenario has, in the base's order."""
    others = [set(_asked(one.base, programme.key).goals) for one in futures]
    return tuple(goal for goal in programme.goals if all(goal in some for some in others))


def _asked(base: Base, key: str) -> Programme:
    return next(programme for programme in base.project.programmes if programme.key == key)


def _part(plan: Plan, key: str) -> TierPlan:
    return next(part for part in plan.parts if part.programme == key)


def _choice(
    programme: Programme,
    sets: tuple[SiteSet, ...],
    goals: tuple[str, ...],
    futures: Sequence[Future],
    trials: Sequence[Trial],
    language: Language,
) -> ProgrammeChoice:
    key, weight = programme.key, tuple(one.weight for one in futures)
    names = _names(futures, language)
    value = np.stack([trial.value[key] for trial in trials], axis=1)
    own = np.stack([trial.own[key] for trial in trials])
    judged = choose([one.name.said_in(language) for one in sets], names, goals, value, own, weight)
    best, is_bound = _only(key, names, futures), _leads(futures, key, goals)
    return ProgrammeChoice(
        programme=key,
        tier=programme.tier,
        area=programme.area,
        radius_m=_part(futures[0].plan, key).radius_m,
        sets=sets,
        table=judged.table,
        key=tuple(one.key for one in futures),
        weight=weight,
        least=tuple(trial.least[key] if is_bound else 0.0 for trial in trials),
        mean=judged.mean,
        by_mean=judged.by_mean,
        by_regret=judged.by_regret,
        proposed=proposed_sites(best),
        steady=no_regret(best),
        single=only_in_one(best),
    )


def _leads(futures: Sequence[Future], key: str, goals: tuple[str, ...]) -> bool:
    """Whether the goal that leads the table leads every scenario: its bounds speak of no other."""
    return all(_asked(one.base, key).goals[:1] == goals[:1] for one in futures)


def _only(key: str, names: Sequence[str], futures: Sequence[Future]) -> Mapping[str, Plan]:
    """The plans of all scenarios by name, one programme of each."""
    return {name: replace(one.plan, parts=(_part(one.plan, key),)) for name, one in zip(names, futures, strict=True)}

"""A plan judged anew from the inputs and the rulebook, by code that has never met the optimiser."""

from __future__ import annotations

from dataclasses import replace

from siting.plan import Plan, TierPlan
from siting.project import Lock, Programme, Project
from siting.rules.base import RuleBook
from siting.rules.gather import book_with_budget, terms_for
from siting.rules.kinds import KINDS
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.verify.flaws import Flaw, flaw_check
from siting.verify.locks import lock_flaws
from siting.verify.numbers import number_flaws
from siting.verify.recount import Ground, Recount, recount
from siting.verify.sites import site_flaws
from siting.verify.stages import stage_flaws
from siting.verify.streets import lay_out, put_on
from siting.verify.units import unit_flaws
from siting.words import Phrase


def verify(plan: Plan, area: StudyArea, project: Project, book: RuleBook) -> tuple[Check, ...]:
    """What every rule says to a plan, programme by programme, and whether the plan agrees with itself.

    area holds the units the plan assigns. The study's budget comes before the rulebook's.
    """
    streets = lay_out(area.roads)
    ground = Ground(area, streets, put_on(streets, area.points.x, area.points.y), project.pupils_per_1000)
    asked = {programme.key: programme for programme in project.programmes}
    checks = [_programme_check(plan, project, book)]
    for part in plan.parts:
        if part.programme in asked:
            checks += _part_checks(ground, part, asked[part.programme], book, project.locks)
    return tuple(checks)


def _part_checks(
    ground: Ground, part: TierPlan, programme: Programme, book: RuleBook, locks: tuple[Lock, ...]
) -> list[Check]:
    rules = book_with_budget(book, programme)
    seen = recount(ground, part, programme, terms_for(book, programme))
    spoken = [
        replace(KINDS[rule.kind].check(rule, seen.evidence), programme=programme.key)
        for rule in rules.of(programme.tier, programme.area)
    ]
    return [*_structure_checks(seen, rules), *_lock_checks(seen, locks), *spoken]


def _lock_checks(seen: Recount, locks: tuple[Lock, ...]) -> list[Check]:
    """Whether what was settled beforehand was kept; nothing where nothing was settled for the part's tier."""
    own = [lock for lock in locks if lock.tier == seen.programme.tier]
    kept = _every(len(own), Phrase("项事先规定已遵守", "things settled beforehand are kept"))
    return [flaw_check("PLAN-LOCKS", seen.programme.key, list(lock_flaws(seen, own)), kept)] if own else []


def _structure_checks(seen: Recount, book: RuleBook) -> list[Check]:
    units, schools, key = len(seen.evidence.unit_id), len(seen.part.sites), seen.programme.key
    return [
        flaw_check(
            "PLAN-UNITS",
            key,
            list(unit_flaws(seen)),
            _every(units, Phrase("个单元各分配一次", "units are each assigned once")),
        ),
        flaw_check(
            "PLAN-SITES",
            key,
            list(site_flaws(seen, book)),
            _every(schools, Phrase("所学校与现状和规模表相符", "schools agree with what exists and can be built")),
        ),
        flaw_check(
            "PLAN-NUMBERS",
            key,
            list(number_flaws(seen)),
            _every(units + schools, Phrase("行数字与重算一致", "rows of numbers agree with the recount")),
        ),
        flaw_check(
            "PLAN-STAGES",
            key,
            list(stage_flaws(seen)),
            _every(
                len(seen.part.stages), Phrase("个目标的结果、下界与差距一致", "goals agree in value, bound and gap")
            ),
        ),
    ]


def _every(count: int, what: Phrase) -> Phrase:
    return Phrase(f"{count} {what.zh}。", f"All {count} {what.en}.")


def _programme_check(plan: Plan, project: Project, book: RuleBook) -> Check:
    asked = [programme.key for programme in project.programmes]
    told = [part.programme for part in plan.parts]
    flaws = [Flaw(key, Phrase(f"缺少项目 {key}", f"programme {key} is missing")) for key in asked if key not in told]
    flaws += [
        Flaw(key, Phrase(f"研究文件没有项目 {key}", f"the study has no programme {key}"))
        for key in told
        if key not in asked
    ]
    flaws += [
        Flaw(key, Phrase(f"项目 {key} 出现多次", f"programme {key} appears more than once"))
        for key in sorted(set(told))
        if told.count(key) > 1
    ]
    flaws += _other_question(plan, project)
    if plan.rulebook != book.id:
        flaws.append(
            Flaw(
                plan.rulebook,
                Phrase(
                    f"方案依据 {plan.rulebook}，核查依据 {book.id}",
                    f"the plan follows {plan.rulebook}, the check {book.id}",
                ),
            )
        )
    if plan.crs != project.crs:
        flaws.append(
            Flaw(
                plan.crs,
                Phrase(
                    f"方案坐标系 {plan.crs}，应为 {project.crs}",
                    f"the plan is in {plan.crs}, the study in {project.crs}",
                ),
            )
        )
    return flaw_check("PLAN-PROGRAMMES", "all", flaws, _every(len(asked), Phrase("个项目齐全", "programmes are there")))


def _other_question(plan: Plan, project: Project) -> list[Flaw]:
    """Parts that say they answer another tier or area than their programme asks for."""
    asked = {programme.key: (programme.tier, programme.area) for programme in project.programmes}
    told = [(part.programme, (part.tier, part.area)) for part in plan.parts]
    return [
        Flaw(
            key,
            Phrase(
                f"项目 {key} 应为 {' '.join(asked[key])}，方案写为 {' '.join(said)}",
                f"programme {key} asks for {' '.join(asked[key])}, the plan says {' '.join(said)}",
            ),
        )
        for key, said in told
        if key in asked and said != asked[key]
    ]

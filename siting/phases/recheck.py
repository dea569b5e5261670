"""A folder with a plan over years judged again, from the study file and what stands in the folder."""

from __future__ import annotations

import time
from pathlib import Path

from siting.errors import Fault, InputError
from siting.export import Result
from siting.export.judging import judged
from siting.phases.asked import Asked
from siting.phases.outcome import opened_of
from siting.phases.run import Way, way_of
from siting.phases.standing import Opened, Stand, begun, with_opened
from siting.phases.written import FACTS
from siting.plan import Plan
from siting.plan_file import read_plan, text_of
from siting.rules.verdict import Check
from siting.run import Base, Study, prepared
from siting.verify.phases import openings, verify_phases
from siting.words import Phrase, name_some

AGAIN = Phrase("请检查路径，或重新运行 siting phases。", "Check the path, or run siting phases again.")


def verify_phases_folder(base: Base, folder: Path) -> tuple[Check, ...]:
    """Whether the phases.json of a folder says what the plans of its phases, which stand beside the folder, and the
    study add up to; first what every rule says to those plans.

    base is the study as its files have it; folder the one that holds phases.json. Raises InputError where a file
    cannot be read, or the phases of the study are faulty.
    """
    way, text = way_of(base), text_of(folder / FACTS, AGAIN)
    results = results_of(way, folder.parent, text)
    return (*(check for one in results for check in one.checks), *verify_phases(text, results, way.base))


def phase_result(base: Base, folder: Path, key: str) -> Result:
    """The plan of one phase, by its folder's name, with the study it answers and every check of it; folder is the one
    that holds phases.json. Raises InputError as ``verify_phases_folder`` does, and where the study has no such phase.
    """
    way, text = way_of(base), text_of(folder / FACTS, AGAIN)
    found = zip((at.key for at in way.asked), results_of(way, folder.parent, text), strict=True)
    result = dict(found).get(key)
    if result is None:
        what = Phrase(
            f"不是研究文件的一期，研究文件有 {len(way.asked)} 期。", f"is none of the study's {len(way.asked)} phases."
        )
        raise InputError((Fault(key, what, AGAIN),))
    return result


def results_of(way: Way, beside: Path, text: str) -> tuple[Result, ...]:
    """Every phase's plan as it stands in its folder, on what the file says that earlier phases opened."""
    found, stand, opens = list[Result](), Stand(way.base), openings(text)
    for at in way.asked:
        first = begun(stand, at, way.asked, way.promised)
        study, faults = prepared(first.base)
        if faults:
            raise InputError(faults)
        plan = read_plan(beside / at.key / "plan.json")
        _refuse_other(plan, study, at)
        found.append(judged(plan, study, time.perf_counter()))
        opened = opened_of(found[-1], opens.get(at.number, frozenset()))
        stand = with_opened(first.stand, [one for one in opened if one.is_new or _stands(one, first.base)])
    return tuple(found)


def _stands(one: Opened, base: Base) -> bool:
    """Whether a school that is enlarged stands, which a damaged phases.json may deny."""
    schools = base.area.schools
    return (one.id, one.tier) in zip(schools.id, schools.tier, strict=True)


def _refuse_other(plan: Plan, study: Study, at: Asked) -> None:
    """InputError where a plan speaks of programmes or units that the study does not have, or not any more."""
    asked, units = {one.key for one in study.project.programmes}, frozenset(study.area.units.id)
    strangers = [part.programme for part in plan.parts if part.programme not in asked]
    for part in plan.parts:
        of = (*(one.unit_id for one in part.assignments), *(s.unit_id for s in part.sites if s.action != "keep"))
        strangers += [unit for unit in of if unit not in units]
    if strangers:
        names = name_some(list(dict.fromkeys(strangers)))
        what = Phrase(
            f"写有研究中没有的项目或单元：{names.zh}。",
            f"speaks of programmes or units that are not in the study: {names.en}.",
        )
        raise InputError((Fault(f"{at.key}/plan.json", what, AGAIN),))

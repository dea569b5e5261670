"""A folder with a plan over years judged again, from the study file and what stands in the folder."""

from __future__ import annotations

import time
from pathlib import Path

from siting.errors import Fault, InputError, said_by_system
from siting.export import Result
from siting.export.judging import judged
from siting.phases.outcome import opened_of
from siting.phases.run import Way, read_way
from siting.phases.standing import Stand, begun, with_opened
from siting.phases.written import FACTS
from siting.plan_file import read_plan
from siting.rules.verdict import Check
from siting.run import prepared
from siting.verify.phases import openings, verify_phases
from siting.words import Phrase


def verify_phases_folder(study: Path, folder: Path) -> tuple[Check, ...]:
    """Whether the phases.json of a folder says what the plans of its phases, which stand beside the folder, and the
    study add up to; first what every rule says to those plans.

    folder is the one that holds phases.json. Raises InputError where a file cannot be read, or the study is faulty.
    """
    way, text = read_way(study), _text(folder / FACTS)
    results = results_of(way, folder.parent, text)
    return (*(check for one in results for check in one.checks), *verify_phases(text, results, way.base))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as flaw:
        said = flaw if isinstance(flaw, OSError) else OSError(str(flaw))
        cure = Phrase("请检查路径，或重新运行 siting phases。", "Check the path, or run siting phases again.")
        raise InputError((Fault(str(file), said_by_system("无法读取", "cannot be read", said), cure),)) from flaw


def results_of(way: Way, beside: Path, text: str) -> tuple[Result, ...]:
    """Every phase's plan as it stands in its folder, on what the file says that earlier phases opened."""
    found, stand, opens = list[Result](), Stand(way.base), openings(text)
    for at in way.asked:
        first = begun(stand, at, way.asked, way.promised)
        study, faults = prepared(first.base)
        if faults:
            raise InputError(faults)
        result = judged(read_plan(beside / at.key / "plan.json"), study, time.perf_counter())
        found.append(result)
        stand = with_opened(first.stand, opened_of(result, opens.get(at.number, frozenset())))
    return tuple(found)

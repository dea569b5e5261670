"""What this program wrote, checked again: which check reads which file, and what else it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from siting.backtest.run import BEST, REAL, judged_again, past_again
from siting.backtest.run import FOLDER as BACKTESTED
from siting.backtest.written import FACTS as BACKTEST
from siting.budgets.run import FOLDER as POINTS
from siting.budgets.run import point_again
from siting.budgets.written import FACTS as FRONTIER
from siting.errors import Fault, InputError, said_by_system
from siting.export import Result
from siting.export.ahead import FILE as AHEAD
from siting.export.compared import FACTS as COMPARISON
from siting.export.manifest import MANIFEST, sha256
from siting.phases.recheck import phase_result, verify_phases_folder
from siting.phases.run import FOLDER as PHASED
from siting.phases.written import FACTS as PHASES
from siting.plan_file import read_plan
from siting.robust.written import FACTS as ROBUST
from siting.rules.gather import terms_for
from siting.rules.verdict import Check
from siting.run import Base, Study, check_base, prepared
from siting.scenario import applied, read_scenario
from siting.scenario.works import BASE
from siting.verify import verify
from siting.verify.ahead import verify_ahead
from siting.verify.comparison import verify_comparison
from siting.verify.frontier import point_counts, verify_frontier
from siting.verify.robust import scenario_keys, verify_robust
from siting.words import Phrase

PLAN = "plan.json"

FREE_PLANS = "without_*.json"
"""Beside a comparison: plans without one lock each."""

SCENARIOS = "scenarios"
"""A scenario file is looked for beside the study file, in this folder there, and beside the folder of its plan."""


@dataclass(slots=True)
class Again:
    """A study's base, the scenario file somebody named, and the plans read so far with the studies they answer."""

    base: Base
    scenario: Path | None = None
    read: dict[Path, Result] = field(default_factory=dict)

    def result(self, file: Path) -> Result:
        """The plan in a file and the study it was made for: that of its scenario, phase, point or back-test, where it
        belongs to one."""
        if file not in self.read:
            key, phases = file.parent.name, file.parent.parent / PHASED
            if file.name == PLAN and key.startswith("phase_") and (phases / PHASES).is_file():
                self.read[file] = phase_result(self.base, phases, key)
            else:
                plan, study = read_plan(file), self._study(file.parent)
                self.read[file] = Result(plan, study.area, study.project, study.book, (), seconds=0.0)
        return self.read[file]

    def _study(self, folder: Path) -> Study:
        study, faults = prepared(self._part(folder) or self._changed(folder))
        if faults:
            raise InputError(faults)
        return study

    def _part(self, folder: Path) -> Base | None:
        """The base of a point of a frontier, or of either plan of a back-test; None where a folder holds neither."""
        backtest, frontier = folder.parent / BACKTESTED / BACKTEST, folder.parent / POINTS / FRONTIER
        if folder.name in (REAL, BEST) and backtest.is_file():
            return past_again(self.base, _read(backtest), folder.name)
        if folder.name.startswith("new_") and frontier.is_file():
            return point_again(self.base, _read(frontier), folder.name)
        return None

    def _changed(self, folder: Path) -> Base:
        """The base with the changes of a folder's scenario."""
        scenario = None if folder.name == BASE else self._scenario(folder)
        if scenario is None:
            return self.base
        first = folder.parent / BASE / PLAN
        return applied(self.base, read_scenario(scenario), read_plan(first) if first.is_file() else None)

    def _scenario(self, folder: Path) -> Path | None:
        """The scenario file that a folder's plan was made with, None where it was made with none."""
        made = _made_with(folder)
        if made is None:
            return self.scenario
        name, hashed = made
        beside = self.base.project.folder
        places = [self.scenario] if self.scenario else [beside / name, beside / SCENARIOS / name, folder.parent / name]
        there = [file for file in places if file.is_file()]
        if not there:
            raise InputError((_no_scenario(folder, name),))
        same = [file for file in there if sha256(file) == hashed]
        if not same:
            raise InputError((_other_scenario(there[0], folder),))
        return same[0]


def recheck(study: Path, where: Path, scenario: Path | None = None) -> tuple[Check, ...]:
    """What is found when a file, or every file of a folder that has a check, is looked at again.

    scenario is the file a plan was made with; where nobody names it, it is looked for. Raises InputError with the
    faults of the study, and where something that is needed is not there.
    """
    files = _files(where.resolve(), where)
    base, faults = check_base(study)
    if base is None or faults:
        raise InputError(faults)
    again = Again(base, scenario)
    return tuple(check for file in files for check in CHECKED.get(file.name, _plan)(again, file))


def _files(where: Path, called: Path) -> tuple[Path, ...]:
    """The files to look at; one of a name of its own is taken for a plan."""
    if not where.is_dir():
        _read(where, called)
        return (where,)
    held = tuple(where / name for name in CHECKED if (where / name).is_file())
    if not held:
        raise InputError((_nothing_to_check(where, called),))
    return held


# --- one check for each file -----------------------------------------------------------------------------------


def _plan(again: Again, file: Path) -> tuple[Check, ...]:
    made = again.result(file)
    return verify(made.plan, made.area, made.project, made.book)


def _ahead(again: Again, file: Path) -> tuple[Check, ...]:
    return verify_ahead(_read(file), again.result(_needed(file, file.parent / PLAN)))


def _comparison(again: Again, file: Path) -> tuple[Check, ...]:
    """A comparison lies in comparisons/, two folders below that of the base's plan and its scenario's."""
    out = file.parent.parent.parent
    base, other = (again.result(_needed(file, out / key / PLAN)) for key in (BASE, file.parent.name))
    free = {one.name: replace(other, plan=read_plan(one)) for one in sorted(file.parent.glob(FREE_PLANS))}
    return verify_comparison(_read(file), base, other, free)


def _robust(again: Again, file: Path) -> tuple[Check, ...]:
    text, out = _read(file), file.parent.parent
    plans = {key: read_plan(_needed(file, out / key / PLAN)) for key in (BASE, *scenario_keys(text))}
    return verify_robust(text, plans.pop(BASE), plans)


def _frontier(again: Again, file: Path) -> tuple[Check, ...]:
    text, out = _read(file), file.parent.parent
    plans = {count: read_plan(_needed(file, out / f"new_{count}" / PLAN)) for count in point_counts(text)}
    announced = {one.key: terms_for(again.base.book, one).new for one in again.base.project.programmes}
    return verify_frontier(text, {count: plan.parts[0] for count, plan in plans.items() if plan.parts}, announced)


def _backtest(again: Again, file: Path) -> tuple[Check, ...]:
    text, out = _read(file), file.parent.parent
    return judged_again(again.base, text, *(_needed(file, out / key / PLAN) for key in (REAL, BEST)))


def _phases(again: Again, file: Path) -> tuple[Check, ...]:
    return verify_phases_folder(again.base, file.parent)


CHECKED: Mapping[str, Callable[[Again, Path], tuple[Check, ...]]] = {
    PLAN: _plan,
    AHEAD: _ahead,
    COMPARISON: _comparison,
    ROBUST: _robust,
    FRONTIER: _frontier,
    BACKTEST: _backtest,
    PHASES: _phases,
}
"""The files that can be checked again. A new one is a line here."""


# --- what is read, and what is not there -----------------------------------------------------------------------


def _read(file: Path, called: Path | None = None) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as flaw:
        what = said_by_system("无法读取", "cannot be read", flaw)
        cure = Phrase("请检查路径。", "Check the path.")
        raise InputError((Fault(str(called or file), what, cure),)) from flaw


def _needed(file: Path, other: Path) -> Path:
    """Another file that a check needs."""
    if not other.is_file():
        what = Phrase(f"核查它还需要 {other}，而该文件不在。", f"needs {other} to be checked, which is not there.")
        cure = Phrase("请核查完整的结果文件夹。", "Check it where it was written, beside the plans it speaks of.")
        raise InputError((Fault(file.name, what, cure),))
    return other


def _made_with(folder: Path) -> tuple[str, str] | None:
    """The name and SHA-256 of the scenario file a plan was made with, as its manifest says; None where it says none."""
    try:
        inputs = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["inputs"]
        named = [its for key, its in inputs.items() if key.startswith("scenario ") and key.endswith(".toml")]
        return (str(named[0]["file"]), str(named[0]["sha256"])) if named else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _no_scenario(folder: Path, name: str) -> Fault:
    what = Phrase(
        f"方案按情景 {name} 编制，而找不到该文件。", f"was made with the scenario {name}, which is not to be found."
    )
    return Fault(folder.name, what, Phrase("请用 --scenario 写明。", "Say with --scenario where it is."))


def _other_scenario(file: Path, folder: Path) -> Fault:
    what = Phrase(
        f"与编制 {folder.name} 时的情景不同：文件改动过，或不是同一个。",
        f"is not the scenario that {folder.name} was made with: it was changed, or is another.",
    )
    cure = Phrase(
        "请重新运行 siting whatif，或用 --scenario 写明原文件。", "Run siting whatif again, or name the file."
    )
    return Fault(str(file), what, cure)


def _nothing_to_check(where: Path, called: Path) -> Fault:
    below = sorted({file.parent.relative_to(where).as_posix() for name in CHECKED for file in where.rglob(name)})
    what = Phrase(f"里没有可核查的文件（{'、'.join(CHECKED)}）。", f"holds none of {', '.join(CHECKED)}.")
    cure = Phrase("请检查路径。", "Check the path.")
    if below:
        cure = Phrase(f"请写其中一个文件夹：{'、'.join(below)}。", f"Name one of its folders: {', '.join(below)}.")
    return Fault(str(called), what, cure)

"""A dossier from a plan folder: its study found again, the plan read and judged anew, its projects looked at."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siting.errors import Fault, InputError
from siting.export.judging import judged
from siting.export.manifest import MADE_BY, MANIFEST, facts_in
from siting.export.needs import YearsAhead, see_ahead
from siting.export.result import Result
from siting.filing.dossier import Dossier, Settings
from siting.filing.norms import norms
from siting.filing.works import Years, works
from siting.phases.run import FOLDER as PHASED
from siting.phases.written import FACTS as PHASES
from siting.recheck import PLAN, Again
from siting.run import Base, check_base
from siting.words import Phrase, name_some


@dataclass(frozen=True, slots=True)
class Given:
    """A plan with the study it was made from, judged, and the years its projects open in."""

    result: Result
    years: Years


def given(plan_dir: Path, study: Path | None = None, scenario: Path | None = None) -> Given:
    """The plan in a folder. study and scenario: its files, where its manifest does not lead to them.

    Raises InputError where the folder holds no plan, its study cannot be found or read, or the layers or rules have
    changed since the plan was made, for then documents would contradict each other.
    """
    manifest = _manifest(plan_dir)
    base, faults = check_base(study or _study_of(plan_dir, manifest))
    if base is None or faults:
        raise InputError(faults)
    result = Again(base, scenario).result((plan_dir / PLAN).resolve())
    _refuse_changed(result, base, manifest)
    return Given(result if result.checks else _judged(result), _years(plan_dir))


def gathered(given: Given, settings: Settings) -> Dossier:
    """The dossier of a plan: its projects estimated, with other places beside them."""
    projects = works(given.result, given.years)
    return Dossier(given.result, projects, _ahead(given.result), norms(work.part.tier for work in projects), settings)


def _judged(result: Result) -> Result:
    return replace(judged(result.plan, result, started=0.0), seconds=result.seconds)


def _ahead(result: Result) -> YearsAhead | None:
    if result.area.forecast is None:
        return None
    return see_ahead(result.area, result.project, result.book, result.plan)


# --- the study of a plan folder --------------------------------------------------------------------------------


def _manifest(plan_dir: Path) -> Mapping[str, Any]:
    if not (plan_dir / PLAN).is_file():
        what = Phrase(f"里没有 {PLAN}。", f"holds no {PLAN}.")
        raise InputError((Fault(str(plan_dir), what, _below(plan_dir)),))
    manifest = facts_in(plan_dir / MANIFEST)
    return manifest if manifest.get("made_by") == MADE_BY else {}


def _below(plan_dir: Path) -> Phrase:
    """Which folders of a folder hold plans."""
    found = sorted(file.parent.name for file in plan_dir.glob(f"*/{PLAN}")) if plan_dir.is_dir() else []
    if not found:
        return Phrase("请写 siting plan 写出的文件夹。", "Name a folder that siting plan wrote.")
    names = name_some(found)
    return Phrase(f"请写其中一个文件夹：{names.zh}。", f"Name one of its folders: {names.en}.")


def _study_of(plan_dir: Path, manifest: Mapping[str, Any]) -> Path:
    """The study file that a manifest leads to. Raises InputError where it leads to none."""
    said = manifest.get("study", {})
    path = said.get("path", "") if isinstance(said, dict) else ""
    file = (plan_dir.resolve() / path).resolve()
    if path and file.is_file():
        return file
    name = str(said.get("file", "study.toml")) if isinstance(said, dict) else "study.toml"
    what = Phrase(f"按 {name} 编制，而找不到该文件。", f"was made from {name}, which is not to be found.")
    cure = Phrase("请用 --study 写明研究文件。", "Say with --study where the study file is.")
    raise InputError((Fault(str(plan_dir), what, cure),))


def _refuse_changed(result: Result, base: Base, manifest: Mapping[str, Any]) -> None:
    """InputError where a layer or the rulebook is not what the plan was made from."""
    inputs = manifest.get("inputs", {})
    now = result.area.sources
    changed = [f"{now[layer][0]}" for layer, its in inputs.items() if layer in now and its["sha256"] != now[layer][1]]
    changed += sorted(now[layer][0] for layer in now.keys() - inputs.keys()) if inputs else []
    if manifest.get("rulebook", {}).get("sha256", base.book.sha256) != base.book.sha256:
        changed.append(base.project.rulebook)
    if changed:
        names = name_some(changed)
        what = Phrase(
            f"编制方案以后，{len(changed)} 项输入改动过：{names.zh}。",
            f"{len(changed)} inputs have changed since the plan was made: {names.en}.",
        )
        cure = Phrase("请重新运行 siting plan 再导出。", "Run siting plan again, then export.")
        raise InputError((Fault(base.project.file.name, what, cure),))


def _years(plan_dir: Path) -> Years:
    """The year every project of a phase opens in, where the folder is one of a plan over years."""
    file = plan_dir.resolve().parent / PHASED / PHASES
    try:
        phases = json.loads(file.read_text(encoding="utf-8"))["phases"]
        mine = [phase for phase in phases if phase["folder"] == plan_dir.resolve().name]
        return {(one["programme"], one["site"]): _year(one["year"]) for phase in mine for one in phase["projects"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _year(stated: float | None) -> float:
    return math.nan if stated is None else float(stated)

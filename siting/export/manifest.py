"""What a result was made from: inputs by hash, rulebook, versions, limits, proof, time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from siting.export.facts import programme_facts, rows
from siting.export.result import Existing, Result
from siting.finished import Made
from siting.project import SEED
from siting.words import Phrase

MANIFEST = "manifest.json"
MADE_BY = "siting"


def facts_in(file: Path) -> Mapping[str, Any]:
    """What a file of facts says, as a manifest or a stamp; nothing where there is none to be read."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def write_manifest(result: Result, folder: Path) -> None:
    """manifest.json, with the hash of every other file of the folder: the last exporter to run."""
    _write(
        folder,
        {
            **_made_from(result, folder),
            "limits": _limits(result),
            "solver": {"name": "HiGHS", "version": version("highspy"), "seed": SEED},
            "programmes": [programme_facts(part, result.area) for part in result.plan.parts],
            "verdict": _verdict(result),
            "seconds": round(result.seconds, 3),
        },
    )


def write_audit_manifest(existing: Existing, folder: Path) -> None:
    """manifest.json of an audit, the last exporter to run."""
    _write(folder, {**_made_from(existing, folder), "coverage": rows(existing.audit.coverage)})


def write_comparison_manifest(base: Result, other: Result, folder: Path) -> None:
    """manifest.json of a comparison: what either plan was made from, and its proof."""
    sides = {"base": base, "other": other}
    proof = {side: [programme_facts(part, result.area) for part in result.plan.parts] for side, result in sides.items()}
    made = {side: {**_made_from(result, folder), "programmes": proof[side]} for side, result in sides.items()}
    _write(folder, {"compared": made})


def write_made_manifest(made: Made, about: Mapping[str, object], folder: Path) -> None:
    """manifest.json of anything else made from a study: what it says about itself; the last file to be written."""
    _write(folder, {**_made_from(made, folder), **about})


def _write(folder: Path, made: Mapping[str, object]) -> None:
    content = {
        "made_by": MADE_BY,
        **made,
        "versions": versions(),
        "platform": platform.platform(),
        "files": hash_files(folder),
    }
    (folder / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False), encoding="utf-8")


def _made_from(made: Made, folder: Path) -> Mapping[str, object]:
    return {
        "study": _study(made, folder),
        "rulebook": {"id": made.book.id, "title": made.book.title.zh, "sha256": made.book.sha256},
        "inputs": {layer: {"file": file, "sha256": sha} for layer, (file, sha) in made.area.sources.items()},
    }


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path in it; the manifest itself is left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in names.items() if name != MANIFEST}


def sha256(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Python and every package the product stands on, the solver (highspy) among them."""
    names = [_name(line) for line in requires("siting") or [] if "extra ==" not in line]
    return {"python": platform.python_version()} | {name: version(name) for name in ("siting", *sorted(names))}


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]


def _study(made: Made, folder: Path) -> Mapping[str, object]:
    project = made.project
    return {
        "name": project.name,
        "file": project.file.name,
        "path": path_from(folder, project.file),
        "sha256": sha256(project.file),
        "crs": project.crs,
        "notice": _said(made.area.notice),
    }


def path_from(folder: Path, file: Path) -> str:
    """A file as it is found from a folder, so that both can be moved together; from anywhere where no way leads."""
    try:
        return Path(os.path.relpath(file, folder.resolve())).as_posix()
    except ValueError:
        return file.resolve().as_posix()


def _limits(result: Result) -> Mapping[str, float]:
    limits = result.project.limits
    return {
        "snap_limit_m": limits.snap_limit_m,
        "block_residents": limits.block_residents,
        "spacing_m": limits.spacing_m,
        "seconds": limits.seconds,
    }


def _verdict(result: Result) -> Mapping[str, int]:
    checks = result.checks
    return {
        "kept": sum(check.kept is True for check in checks),
        "broken_must": sum(check.kept is False and check.strength == "must" for check in checks),
        "broken_should": sum(check.kept is False and check.strength == "should" for check in checks),
        "untested": sum(check.kept is None for check in checks),
    }


def _said(phrase: Phrase) -> Mapping[str, str]:
    return {"zh": phrase.zh, "en": phrase.en}

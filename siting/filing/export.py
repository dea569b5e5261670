"""The export of a plan folder: every kind asked for, written whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from siting.errors import Fault, InputError
from siting.export.folder import refuse_foreign, write_whole
from siting.export.manifest import MANIFEST, facts_in, write_made_manifest
from siting.filing.dossier import Dossier
from siting.filing.registry import KINDS
from siting.plan_file import plan_to_json
from siting.progress import Step, Tell, quietly
from siting.scenario.pool import processes
from siting.words import Phrase

FilesOf = dict[str, list[str]]
"""The files of every kind, by their path in the folder."""


def refuse_export(out: Path, only: Collection[str], overwrite: bool) -> None:
    """InputError where a kind is unknown, or the folder is not one to write in. Ask before the work."""
    unknown = [kind for kind in only if kind not in KINDS]
    if unknown:
        what = Phrase(f"没有 {unknown[0]} 这一类。", f"there is no kind {unknown[0]}.")
        known = ", ".join(KINDS)
        raise InputError((Fault("--only", what, Phrase(f"可选：{known}。", f"Choose among {known}.")),))
    refuse_foreign(out, overwrite)


@dataclass(frozen=True, slots=True)
class How:
    """How a dossier is written: whether edited files are replaced, who hears of each kind, and whether kinds are
    written side by side in processes of their own (a script that asks for it needs its ``__main__`` guarded)."""

    overwrite: bool = False
    tell: Tell = quietly
    side_by_side: bool = False


def write_dossier(dossier: Dossier, out: Path, only: Collection[str] = (), how: How = How()) -> FilesOf:
    """A dossier as files in ``out``, whole or not at all, as ``write_whole`` says; the files of every kind.

    only: the kinds to write, all where empty. Files of other kinds that stand in ``out`` stay, if they were made from
    the same plan.
    """
    refuse_export(out, only, how.overwrite)
    chosen = [kind for kind in KINDS if not only or kind in only]
    kept = {kind: files for kind, files in _kept(dossier, out).items() if kind not in chosen}
    files: FilesOf = {}
    write = partial(_write_kinds, dossier, chosen, files, how)
    write_whole([partial(_keep, out, kept, files), write, partial(_write_manifest, dossier, files)], out, how.overwrite)
    return files


def _keep(out: Path, kept: Mapping[str, list[str]], files: FilesOf, folder: Path) -> None:
    for kind, names in kept.items():
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(out / name, folder / name)
        files[kind] = names


def _write_kinds(dossier: Dossier, kinds: Sequence[str], files: FilesOf, how: How, folder: Path) -> None:
    """All kinds, every other one in a process of its own where they are written side by side."""
    here, there = (kinds[0::2], kinds[1::2]) if how.side_by_side else (kinds, ())
    with processes() if there else nullcontext() as pool:
        others = pool.submit(_write_some, dossier, folder, there, quietly) if pool else None
        written = _write_some(dossier, folder, here, how.tell) | (others.result() if others else {})
    files.update((kind, written[kind]) for kind in kinds)


def _write_some(dossier: Dossier, folder: Path, kinds: Sequence[str], tell: Tell) -> FilesOf:
    return {kind: _write_kind(dossier, folder, kind, tell) for kind in kinds}


def _write_kind(dossier: Dossier, folder: Path, kind: str, tell: Tell) -> list[str]:
    """The files of a kind, written in a folder of its own and moved to where they belong."""
    tell(Step(KINDS[kind].name))
    own = folder / f".{kind}"
    own.mkdir()
    KINDS[kind].write(dossier, own)
    names = sorted(_files(own))
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).rename(folder / name)
    shutil.rmtree(own)
    return names


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _write_manifest(dossier: Dossier, files: FilesOf, folder: Path) -> None:
    about = {"plan_sha256": _hash(dossier), "language": dossier.settings.language, "kinds": files}
    write_made_manifest(dossier.result, about, folder)


def _hash(dossier: Dossier) -> str:
    return hashlib.sha256(plan_to_json(dossier.result.plan).encode()).hexdigest()


def _kept(dossier: Dossier, out: Path) -> Mapping[str, list[str]]:
    """The files of an earlier export of the same plan in the same language, by kind."""
    manifest = facts_in(out / MANIFEST)
    same = manifest.get("plan_sha256") == _hash(dossier) and manifest.get("language") == dossier.settings.language
    kinds: Mapping[str, list[str]] = manifest.get("kinds", {}) if same else {}
    return {kind: names for kind, names in kinds.items() if all((out / name).is_file() for name in names)}

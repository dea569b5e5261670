"""A result folder, written whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from siting.errors import Fault, InputError, said_by_system
from siting.export.compared import Compared
from siting.export.manifest import MADE_BY, MANIFEST, hash_files
from siting.export.registry import AUDIT_EXPORTERS, COMPARISON_EXPORTERS, EXPORTERS
from siting.export.result import Existing, Result
from siting.words import Phrase, name_some


def write_plan(result: Result, out: Path, overwrite: bool = False) -> None:
    """A plan as files in ``out``, whole or not at all; see ``write_whole``."""
    write_whole([partial(write, result) for write in EXPORTERS.values()], out, overwrite)


def write_audit(existing: Existing, out: Path, overwrite: bool = False) -> None:
    """An audit of what exists as files in ``out``, whole or not at all; see ``write_whole``."""
    write_whole([partial(write, existing) for write in AUDIT_EXPORTERS.values()], out, overwrite)


def write_comparison(compared: Compared, out: Path, overwrite: bool = False) -> None:
    """A comparison as files in ``out``, whole or not at all; see ``write_whole``."""
    write_whole([partial(write, compared) for write in COMPARISON_EXPORTERS.values()], out, overwrite)


def write_whole(writers: Iterable[Callable[[Path], None]], out: Path, overwrite: bool) -> None:
    """What the writers write into ``out``: built beside it under another name, then renamed.

    A folder already there is replaced only if it holds nothing but an earlier result, and one that was edited
    since only with overwrite. Raises InputError otherwise, and leaves the folder as it is.
    """
    _restore(out)
    refuse_foreign(out, overwrite)
    try:
        with _folder_beside(out) as folder:
            for write in writers:
                write(folder)
            _swap(folder, out)
    except OSError as flaw:
        raise unwritable(out, flaw) from flaw


def refuse_foreign(out: Path, overwrite: bool = False) -> None:
    """InputError if ``out`` holds anything but an earlier result, or cannot be written beside. Ask before the work."""
    if out.is_file():
        raise _refusal(out, Phrase("是一个文件，不是文件夹。", "is a file, not a folder."))
    _refuse_unwritable(out)
    if out.is_dir() and any(out.iterdir()):
        _refuse_strangers(out)
        if not overwrite:
            _refuse_edited(out)


def _refuse_unwritable(out: Path) -> None:
    """InputError where no folder can be made in the nearest folder above that is there."""
    above = next(folder for folder in out.resolve().parents if folder.exists())
    try:
        with TemporaryDirectory(prefix=".siting.", dir=above):
            pass
    except OSError as flaw:
        raise unwritable(above, flaw) from flaw


def unwritable(place: Path, flaw: OSError) -> InputError:
    """What the system says to writing in a place, as an InputError."""
    cure = Phrase("请另选 --out。", "Choose another --out.")
    return InputError((Fault(str(place), said_by_system("不能写入", "cannot be written to", flaw), cure),))


def _refuse_strangers(out: Path) -> None:
    written = _written(out)
    names = name_some(sorted(set(hash_files(out)) - set(written)))
    if names.zh or not written:
        zh, en = names.zh or "空文件夹或子文件夹", names.en or "folders only"
        raise _refusal(out, Phrase(f"里有不是本程序写的内容：{zh}。", f"holds what this program did not write: {en}."))


def _refuse_edited(out: Path) -> None:
    written, found = _written(out), hash_files(out)
    edited = name_some(sorted(name for name in found if found[name] != written[name]))
    if edited.zh:
        what = Phrase(
            f"里的结果写出后被改动过：{edited.zh}。", f"holds results edited since they were written: {edited.en}."
        )
        cure = Phrase(
            "要覆盖请加 --overwrite，否则请另选 --out。", "Add --overwrite to replace them, or choose another --out."
        )
        raise InputError((Fault(str(out), what, cure),))


def _written(out: Path) -> Mapping[str, str]:
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    is_ours = isinstance(manifest, dict) and manifest.get("made_by") == MADE_BY
    return manifest.get("files", {}) if is_ours else {}


def _refusal(out: Path, what: Phrase) -> InputError:
    cure = Phrase("请另选 --out，或先移走它。", "Choose another --out, or move it away first.")
    return InputError((Fault(str(out), what, cure),))


@contextmanager
def _folder_beside(out: Path) -> Iterator[Path]:
    """A fresh folder that a failure leaves no trace of; one that a killed run left is cleared first."""
    folder = out.with_name(f".{out.name}.writing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(folder: Path, out: Path) -> None:
    previous = _previous(out)
    try:
        if out.exists():
            out.rename(previous)
        folder.rename(out)
    except OSError as error:
        _restore(out)
        raise _locked(out, error) from error
    shutil.rmtree(previous, ignore_errors=True)


def _restore(out: Path) -> None:
    """Put back the earlier result a run killed between two renames had set aside, or clear it away."""
    previous = _previous(out)
    if previous.is_dir() and not out.exists():
        previous.rename(out)
    shutil.rmtree(previous, ignore_errors=True)


def _previous(out: Path) -> Path:
    return out.with_name(f".{out.name}.previous")


def _locked(out: Path, error: OSError) -> InputError:
    what = said_by_system("不能替换", "cannot be replaced", error)
    cure = Phrase(
        "请关闭正在打开其中文件的程序后重试。", "Close the program that has one of its files open and try again."
    )
    return InputError((Fault(str(out), what, cure),))

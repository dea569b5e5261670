"""One map page, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from siting.errors import Fault, InputError
from siting.export.folder import unwritable
from siting.words import Phrase

PAGES = (".html", ".htm")


def refuse_page(out: Path) -> None:
    """InputError if ``out`` is no name of a page, or its folder is not there. Ask before the work, not after it."""
    if out.is_dir() or out.suffix.casefold() not in PAGES:
        what = Phrase("不是 .html 文件名。", "is not the name of an .html file.")
        cure = Phrase("请写 --out 地图.html。", "Write for example --out map.html.")
        raise InputError((Fault(str(out), what, cure),))
    if not out.resolve().parent.is_dir():
        what = Phrase("所在文件夹不存在。", "is in a folder that does not exist.")
        cure = Phrase("请先建文件夹，或另选 --out。", "Make the folder first, or choose another --out.")
        raise InputError((Fault(str(out), what, cure),))


def write_page(page: str, out: Path) -> None:
    """The page at ``out``, written beside it under another name and then renamed. InputError where it cannot be."""
    beside = out.with_name(f".{out.name}.writing")
    try:
        beside.write_text(page, encoding="utf-8")
        beside.replace(out)
    except OSError as flaw:
        raise unwritable(out, flaw) from flaw
    finally:
        beside.unlink(missing_ok=True)

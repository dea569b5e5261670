"""Which encodings to try for a file, in order. Many Chinese files are GBK and do not say so."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path

UNSTATED = ("utf-8-sig", "gb18030")
"""Where a file says nothing: strict UTF-8 never takes GBK for its own; GB18030 holds all of GBK."""

_DRIVERS: Mapping[int, str] = {
    **dict.fromkeys((0x4D, 0x7A), "gb18030"),
    **dict.fromkeys((0x4F, 0x78), "cp950"),
    **dict.fromkeys((0x13, 0x7B), "cp932"),
    **dict.fromkeys((0x4E, 0x79), "cp949"),
    **dict.fromkeys((0x03, 0x58, 0x59), "cp1252"),
    0x01: "cp437",
    0x02: "cp850",
}
"""Language drivers of dBASE tables. 0x57 means "whatever the computer used" and says nothing."""


def attempts(stated: str, file: Path | None = None) -> tuple[str, ...]:
    """Encodings to try: the stated one alone, else what a Shapefile says of itself, else UTF-8 and GB18030."""
    said = stated or (file is not None and file.suffix.casefold() == ".shp" and (_in_cpg(file) or _in_dbf(file))) or ""
    return (_strict(said),) if said else UNSTATED


def is_encoding(name: str) -> bool:
    """True if Python knows an encoding by this name."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _strict(name: str) -> str:
    """GBK and GB2312 are read by their superset, UTF-8 with or without its mark."""
    return {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf-8": "utf-8-sig"}.get(
        codecs.lookup(name).name, name
    )


def _in_cpg(file: Path) -> str | None:
    """What a Shapefile's .cpg names, if Python knows it; code pages by number too."""
    beside = _beside(file, ".cpg")
    if beside is None:
        return None
    word = beside.read_text(encoding="ascii", errors="replace").strip()
    page = word.casefold().removeprefix("ansi").removeprefix("cp").strip()
    named = {"65001": "utf-8"}.get(page, f"cp{page}") if page.isdigit() else word
    return named if named and is_encoding(named) else None


def _in_dbf(file: Path) -> str | None:
    beside = _beside(file, ".dbf")
    head = beside.read_bytes()[:30] if beside else b""
    return _DRIVERS.get(head[29]) if len(head) == 30 else None


def _beside(file: Path, ending: str) -> Path | None:
    return next((path for path in (file.with_suffix(ending), file.with_suffix(ending.upper())) if path.is_file()), None)

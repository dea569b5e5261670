"""By what an input file is known again."""

from __future__ import annotations

import hashlib
from pathlib import Path

_SHAPEFILE = (".shp", ".dbf", ".shx", ".cpg", ".prj")


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file; a Shapefile's is that of all its parts, in order of their names."""
    digest = hashlib.sha256()
    for part in _parts(file):
        with part.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _parts(file: Path) -> list[Path]:
    if file.suffix.casefold() != ".shp":
        return [file]
    return sorted(
        part for part in file.parent.iterdir() if part.stem == file.stem and part.suffix.casefold() in _SHAPEFILE
    )

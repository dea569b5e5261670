"""What a study file says of the documents that are filed: [filing]."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from siting.inputs.coordinates import why_not_readable
from siting.inputs.stated import Stated
from siting.project import Filing
from siting.words import Phrase

ENCODINGS: tuple[Literal["utf-8", "gbk"], ...] = ("utf-8", "gbk")


def read_filing(folder: Path, table: Stated) -> Filing:
    """The table [filing]; paths are those from the study file's folder."""
    table.close(("prepared_by", "internal", "shapefile_encoding", "crs", "last_year"))
    return Filing(
        prepared_by=table.text("prepared_by"),
        is_internal=table.yes("internal", True),
        encoding=table.word("shapefile_encoding", ENCODINGS, "utf-8"),
        crs=_crs(table),
        last_year=_file(folder, table, "last_year"),
    )


def _crs(table: Stated) -> str:
    stated = table.text("crs")
    wrong = why_not_readable(stated) if stated else None
    if wrong or (stated and not stated.casefold().startswith("epsg:")):
        table.refuse(
            "crs", Phrase(' "EPSG:4547" 或 "EPSG:4490" 这样的代码', 'a code such as "EPSG:4547" or "EPSG:4490"')
        )
        return ""
    return stated.upper()


def _file(folder: Path, table: Stated, key: str) -> Path | None:
    if key not in table.held:
        return None
    file = folder / table.text(key).replace("\\", "/")
    if not file.is_file():
        table.refuse(
            key, Phrase("一个存在的文件", "a file that is there"), Phrase(f"请检查路径 {file}。", f"Check {file}.")
        )
        return None
    return file

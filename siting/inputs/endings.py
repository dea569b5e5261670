"""Kinds of files that people have and we do not read, by their endings, and what to save them as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from siting.inputs.notes import Notes
from siting.project import Layer
from siting.words import Phrase

_SAVE_AS: Mapping[str, Phrase] = {
    **dict.fromkeys((".xls", ".et", ".ods", ".xlsb"), Phrase("请另存为 .xlsx。", "Save it as .xlsx.")),
    **dict.fromkeys(
        (".dwg", ".dxf", ".kml", ".kmz", ".tab", ".mif", ".gdb"),
        Phrase(
            "请在 CAD 或 GIS 中导出为 Shapefile 或 GeoPackage。",
            "Export it as a Shapefile or GeoPackage from CAD or GIS.",
        ),
    ),
}


def say_unknown(notes: Notes, layer: Layer, known: Sequence[str]) -> None:
    """A fault: a kind of file that is not read here, and what to save it as."""
    listed = Phrase(f"可用：{'、'.join(known)}。", f"We read {', '.join(known)}.")
    notes.fault(
        Phrase(f"不认识的文件类型“{layer.file.suffix}”。", f"unknown kind of file '{layer.file.suffix}'."),
        _SAVE_AS.get(layer.file.suffix.casefold(), listed),
    )

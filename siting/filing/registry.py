"""The one list of what a dossier is filed as. A new exporter is one file and one line here; the command and its help
list it by themselves, and load no writer to do so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from siting.on_use import loaded
from siting.words import Phrase

if TYPE_CHECKING:
    from siting.filing.dossier import Dossier

    Writer = Callable[[Dossier, Path], None]


@dataclass(frozen=True, slots=True)
class At:
    """The writer with its home there, "module:function", loaded when it writes."""

    home: str

    def __call__(self, dossier: Dossier, folder: Path) -> None:
        """Writes the files of its kind."""
        cast("Writer", loaded(self.home))(dossier, folder)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of filed document: what it is called, and who writes its files into a folder that is there."""

    name: Phrase
    write: Writer


KINDS: Mapping[str, Kind] = {
    "tables": Kind(Phrase("附表", "annex tables"), At("siting.filing.annex:write_annexes")),
    "proposal": Kind(Phrase("选址建议书", "siting proposal"), At("siting.filing.proposal:write_proposal")),
    "atlas": Kind(Phrase("图集", "atlas"), At("siting.filing.atlas:write_atlas")),
    "gis": Kind(Phrase("GIS 图层", "GIS layers"), At("siting.filing.gis:write_gis")),
    "notice": Kind(Phrase("招生简章", "enrolment notice"), At("siting.filing.notice:write_notice")),
    "maps": Kind(Phrase("地图", "maps"), At("siting.filing.maps:write_maps")),
}
"""By the word of --only, in the order they are written."""


def kinds_help() -> str:
    """The kinds there are, as the help of the command lists them."""
    kinds = "; ".join(f"{key} {kind.name.zh} {kind.name.en}" for key, kind in KINDS.items())
    return f"只导出这一类，可多次写 · only this kind, may be repeated: {kinds}"

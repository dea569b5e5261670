"""The one list of what a dossier is filed as. A new exporter is one file and one line here; the command and its help
list it by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from siting.filing.annex import write_annexes
from siting.filing.atlas import write_atlas
from siting.filing.dossier import Dossier
from siting.filing.gis import write_gis
from siting.filing.maps import write_maps
from siting.filing.notice import write_notice
from siting.filing.proposal import write_proposal
from siting.words import Phrase

Writer = Callable[[Dossier, Path], None]
"""Writes the files of one kind into a folder that is there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of filed document: what it is called, and who writes it."""

    name: Phrase
    write: Writer


KINDS: Mapping[str, Kind] = {
    "tables": Kind(Phrase("附表", "annex tables"), write_annexes),
    "proposal": Kind(Phrase("选址建议书", "siting proposal"), write_proposal),
    "atlas": Kind(Phrase("图集", "atlas"), write_atlas),
    "gis": Kind(Phrase("GIS 图层", "GIS layers"), write_gis),
    "notice": Kind(Phrase("招生简章", "enrolment notice"), write_notice),
    "maps": Kind(Phrase("地图", "maps"), write_maps),
}
"""By the word of --only, in the order they are written."""

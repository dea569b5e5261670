"""What a bureau files: from one plan folder the annex tables, the proposal, the atlas, GIS layers, notices and maps.

``export_plan`` writes them all, or the kinds asked for; ``KINDS`` is the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from siting.on_use import on_use

if TYPE_CHECKING:
    from siting.filing.dossier import Dossier, Settings
    from siting.filing.export import How, write_dossier
    from siting.filing.gather import gathered, given
    from siting.filing.registry import KINDS, Kind, kinds_help
    from siting.filing.run import Asked, export_plan

__all__ = [
    "KINDS",
    "Asked",
    "Dossier",
    "How",
    "Kind",
    "Settings",
    "export_plan",
    "gathered",
    "given",
    "kinds_help",
    "write_dossier",
]

on_use(
    __name__,
    {
        "KINDS": "siting.filing.registry:KINDS",
        "Asked": "siting.filing.run:Asked",
        "Dossier": "siting.filing.dossier:Dossier",
        "How": "siting.filing.export:How",
        "Kind": "siting.filing.registry:Kind",
        "Settings": "siting.filing.dossier:Settings",
        "export_plan": "siting.filing.run:export_plan",
        "gathered": "siting.filing.gather:gathered",
        "given": "siting.filing.gather:given",
        "kinds_help": "siting.filing.registry:kinds_help",
        "write_dossier": "siting.filing.export:write_dossier",
    },
)

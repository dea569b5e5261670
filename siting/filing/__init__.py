"""What a bureau files: from one plan folder the annex tables, the proposal, the atlas, GIS layers, notices and maps.

``export_plan`` writes them all, or the kinds asked for; ``KINDS`` is the list.
"""

from siting.filing.dossier import Dossier, Settings
from siting.filing.export import How, write_dossier
from siting.filing.gather import gathered, given
from siting.filing.registry import KINDS, Kind
from siting.filing.run import Asked, export_plan, kinds_help

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

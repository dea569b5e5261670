"""The one list of what a dossier is filed as. A new exporter is one file and one line here; the command and its help
list it by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from siting.filing.dossier import Dossier
from siting.words import Phrase

Writer = Callable[[Dossier, Path], None]
"""Writes the files of one kind into a folder that is there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of filed document: what it is called, and who writes it."""

    name: Phrase
    write: Writer


KINDS: Mapping[str, Kind] = {}
"""By the word of --only, in the order they are written."""

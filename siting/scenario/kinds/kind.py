"""What every kind of change is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from siting.inputs.stated import Stated
from siting.scenario.world import Change
from siting.study import TIERS, Tier
from siting.words import Phrase

MEANT = {"幼儿园": "kindergarten", "小学": "primary", "初中": "junior", "初级中学": "junior", "高中": "senior"}
"""Chinese words people write for a tier."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: the keys it knows besides ``kind``, and how a table of it is read (folder: where files named
    in it lie). What is wrong is noted; the change is None where nothing can be made of the table. brings_places: later
    changes may speak of places that it brings."""

    keys: tuple[str, ...]
    read: Callable[[Stated, Path], Change | None]
    brings_places: bool = False


def needed_text(table: Stated, key: str, cure: Phrase) -> str:
    """A text that has to be there."""
    table.need(key, cure)
    return table.text(key)


def tier_of(table: Stated) -> Tier:
    """The tier a change speaks of; a fault where it names none."""
    table.need("tier", Phrase("请写学段。", f"Name the tier: {', '.join(TIERS)}."))
    return table.word("tier", TIERS, TIERS[0], MEANT)


def reason_of(table: Stated) -> Phrase:
    """Why; a fault where nothing is said."""
    table.need("reason", Phrase("请写理由，结果中会写明。", "Say why; the results repeat it."))
    return table.phrase("reason")

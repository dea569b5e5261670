"""How many projects somebody allows, in words: "new <= 6, extend <= 1"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from siting.inputs.stated import Stated
from siting.project import Budget
from siting.words import Phrase

_BUDGET = re.compile(r"(new|extend|新建|扩建)\s*(<=|≤|≦|=)\s*(\d+)")
_ACTIONS: Mapping[str, str] = {"新建": "new", "扩建": "extend"}


def stated_budget(table: Stated, key: str = "budget") -> Budget:
    """ "new <= 6, extend <= 1" or "new = 6" ("新建≤6，扩建≤1"): how many projects at most, or exactly."""
    stated = unicodedata.normalize("NFKC", table.text(key))
    parts = [part.strip() for part in re.split("[,;、]", stated)] if stated else []
    terms = [_BUDGET.fullmatch(part) for part in parts]
    sound = [(_ACTIONS.get(term[1], term[1]), term[2], term[3]) for term in terms if term]
    if len(sound) < len(parts) or len({action for action, _, _ in sound}) < len(sound):
        table.refuse(
            key,
            Phrase(
                ' "new <= 6, extend <= 1" 或 "new = 6" 这样的写法',
                'like "new <= 6, extend <= 1", or "new = 6" for exactly 6',
            ),
        )
        return Budget()
    counts = {action: int(count) for action, _, count in sound}
    exact = {action: sign == "=" for action, sign, _ in sound}
    return Budget(counts.get("new"), counts.get("extend"), exact.get("new", False), exact.get("extend", False))

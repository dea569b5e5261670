"""What a long computation tells while it works. The package tells, the edges print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of news: the task, and where a search stands (incumbent and bound, nan where there is none)."""

    task: Phrase
    value: float = float("nan")
    bound: float = float("nan")


Tell = Callable[[Step], None]


def quietly(step: Step) -> None:
    """Tell nobody."""

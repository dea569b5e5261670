"""Names beside their places, none over another: the first in rank choose first, what finds no room is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from siting.filing.atlas.ink import PLAIN, Anchor, Type, width_of, words

RISE = 0.36
"""The base line lies so much of the size below the middle of letters."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name wanted at x, y in mm: beside a sign of size gap across, or in the middle of the place where gap is 0.

    must: it is set even where there is no room.
    """

    text: str
    x: float
    y: float
    look: Type = PLAIN
    gap: float = 0.0
    must: bool = False


@dataclass(slots=True)
class Paper:
    """Paper on which some places are taken."""

    width: float
    height: float
    _boxes: list[Box] = field(default_factory=list)

    def take(self, boxes: Iterable[Box]) -> None:
        """Nothing is to be written over these: left, top, right, bottom."""
        self._boxes.extend(boxes)

    def set(self, labels: Iterable[Label]) -> str:
        """The labels as SVG, in order; those without room are left out."""
        return "".join(self._set(label) for label in labels)

    def _set(self, label: Label) -> str:
        wide = width_of(label.text, label.look.size)
        ways = [_placed(label, wide, *way) for way in (_BESIDE if label.gap > 0 else _ON)]
        taken = np.array(self._boxes or [(-9.0, -9.0, -9.0, -9.0)])
        free = [way for way in ways if self._is_free(way[0], taken)]
        if not free and not label.must:
            return ""
        box, x, y, anchor = (free or ways)[0]
        self._boxes.append(box)
        return words(label.text, x, y, label.look, anchor)

    def _is_free(self, box: Box, taken: np.ndarray) -> bool:
        left, top, right, bottom = box
        if left < 0.5 or top < 0.5 or right > self.width - 0.5 or bottom > self.height - 0.5:
            return False
        apart = (taken[:, 0] >= right) | (taken[:, 2] <= left) | (taken[:, 1] >= bottom) | (taken[:, 3] <= top)
        return bool(apart.all())


Way = tuple[float, float, Anchor]
"""How far a name stands to the right of and below its place, in gaps and letters, and what of it stands there."""

_BESIDE: Sequence[Way] = (
    (1.0, 0.0, "start"), (-1.0, 0.0, "end"), (0.0, -1.0, "middle"), (0.0, 1.0, "middle"),
    (0.7, -0.8, "start"), (0.7, 0.8, "start"), (-0.7, -0.8, "end"), (-0.7, 0.8, "end"),
)  # fmt: skip
_ON: Sequence[Way] = (
    (0.0, 0.0, "middle"), (0.0, -1.2, "middle"), (0.0, 1.2, "middle"), (0.0, -2.2, "middle"), (0.0, 2.2, "middle"),
    (1.5, 0.0, "start"), (-1.5, 0.0, "end"),
)  # fmt: skip


def _placed(label: Label, wide: float, right: float, down: float, anchor: Anchor) -> tuple[Box, float, float, Anchor]:
    """The box a name takes, and where its base line is anchored."""
    size = label.look.size
    beside = label.gap / 2.0 + 0.2 * size if label.gap > 0 else size
    x = label.x + right * beside
    middle = label.y + down * (beside + 0.45 * size if label.gap > 0 else size)
    left = x - {"start": 0.0, "middle": wide / 2.0, "end": wide}[anchor]
    half = 0.52 * size
    return (left, middle - half, left + wide, middle + half), x, middle + RISE * size, anchor


def boxes_of(xy_mm: np.ndarray, size: float) -> list[Box]:
    """The boxes of signs of one size at places (N, 2) in mm."""
    half = size / 2.0
    return [(x - half, y - half, x + half, y + half) for x, y in xy_mm.tolist()]

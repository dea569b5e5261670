"""Which units lie side by side, and the unit every site lies in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from siting.location.classics.checks import refused
from siting.study import IntArray


@dataclass(frozen=True, slots=True)
class Adjacency:
    """neighbours (E, 2): pairs of units that touch, in any order and direction; home (J,): the unit of every site.

    A catchment is contiguous where each of its units reaches the site's home through units of the same catchment; the
    home belongs to it. Raises InputError where the arrays have other shapes or hold negative positions.
    """

    neighbours: IntArray
    home: IntArray

    def __post_init__(self) -> None:
        """Both as whole numbers of the right shape."""
        pairs = np.asarray(self.neighbours)
        pairs = pairs.reshape(0, 2) if pairs.size == 0 else pairs
        object.__setattr__(self, "neighbours", _whole("neighbours", pairs, "(E, 2)", (len(pairs), 2)))
        home = np.asarray(self.home)
        object.__setattr__(self, "home", _whole("home", home, "(J,)", (home.size,)))

    def beside(self, units: int) -> tuple[IntArray, IntArray]:
        """Neighbours in rows per unit: start (I+1,) and the neighbours themselves, each once, ascending."""
        pairs = np.concatenate([self.neighbours, self.neighbours[:, ::-1]])
        pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
        return np.searchsorted(pairs[:, 0], np.arange(units + 1)).astype(np.int64), pairs[:, 1].astype(np.int64)


def _whole(name: str, numbers: IntArray, words: str, shape: tuple[int, ...]) -> IntArray:
    if numbers.shape != shape:
        raise refused(name, f"形状为 {numbers.shape}", f"has shape {numbers.shape}", words)
    wrong = np.flatnonzero(~(numbers.ravel() >= 0) | (numbers.ravel() % 1 != 0))
    if len(wrong):
        found = numbers.ravel()[wrong[0]]
        raise refused(
            name, f"{len(wrong)} 处不是位置：{found}", f"{len(wrong)} are no positions: {found}", "0, 1, 2..."
        )
    return numbers.astype(np.int64)


def broken(adjacency: Adjacency, assigned: IntArray) -> IntArray:
    """The units (ascending) that cannot reach their site's home through units of the same catchment.

    assigned (I,), -1 for units without a site, which are not counted. Where a home goes elsewhere, the whole catchment
    is broken.
    """
    touching: dict[int, set[int]] = {}
    for one, other in adjacency.neighbours.tolist():
        touching.setdefault(one, set()).add(other)
        touching.setdefault(other, set()).add(one)
    reached: set[int] = set()
    for site in set(assigned[assigned >= 0].tolist()):
        reached |= _walked(touching, assigned, site, int(adjacency.home[site]))
    return np.asarray([i for i, site in enumerate(assigned.tolist()) if site >= 0 and i not in reached], dtype=np.int64)


def _walked(touching: dict[int, set[int]], assigned: IntArray, site: int, home: int) -> set[int]:
    """The units of a catchment that a walk from its home reaches."""
    if assigned[home] != site:
        return set()
    reached, waiting = {home}, deque([home])
    while waiting:
        for unit in touching.get(waiting.popleft(), ()):
            if assigned[unit] == site and unit not in reached:
                reached.add(unit)
                waiting.append(unit)
    return reached

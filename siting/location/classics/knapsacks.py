"""Things that are taken whole or not at all: the most they gain within a room, the least that enough of them costs."""

from __future__ import annotations

import numpy as np

from siting.compiled import bare, compiled
from siting.location.instance import BoolArray
from siting.study import FloatArray, IntArray

ROUNDING = 1e-9


@compiled
def packed(gain: FloatArray, size: FloatArray, room: float, nodes: int, taken: BoolArray) -> float:
    """No less than the most that things can gain within the room, whole; exact unless so many nodes are too few.

    gain, size > 0, the best gain per size first. taken: the best choice found. Source: Horowitz and Sahni (1974).
    """
    n = len(gain)
    till_gain, till_size = np.zeros(n + 1), np.zeros(n + 1)
    till_gain[1:], till_size[1:] = np.cumsum(gain), np.cumsum(size)
    inside = np.zeros(n, dtype=np.bool_)
    k, got, left, best, most, highest, seen, is_new = 0, 0.0, room, 0.0, 0.0, 0.0, 0, True
    while True:
        if is_new:
            end = np.searchsorted(till_size, till_size[k] + left + ROUNDING * room, side="right") - 1
            most = got + till_gain[end] - till_gain[k]
            if end < n:
                most += (left - till_size[end] + till_size[k]) * gain[end] / size[end]
            highest = most if seen == 0 else highest
            seen += 1
            if seen > nodes:
                return highest
        if k < n and most > best * (1 + ROUNDING):
            is_new = size[k] > left + ROUNDING * room
            inside[k] = not is_new
            if inside[k]:
                got, left = got + gain[k], left - size[k]
            k += 1
            continue
        if k == n and got > best:
            best = got
            taken[:] = inside
        k -= 1
        while k >= 0 and not inside[k]:
            k -= 1
        if k < 0:
            return min(best * (1 + ROUNDING), highest)
        inside[k], is_new = False, True
        got, left, k = got - gain[k], left + size[k], k + 1


@compiled
def enough(cost: FloatArray, size: IntArray, need: int, taken: BoolArray) -> float:
    """The least that things cost which are as large as need together, at most need each; inf where all are too small.

    taken: the best choice. Takes as many steps as there are things, times need.
    """
    before, least = np.full(need + 1, np.inf), np.zeros(need + 1)
    is_last = np.zeros((len(cost), need + 1), np.bool_)
    before[0] = 0.0
    for k in range(len(cost)):
        some = size[k]
        _choose_less(before[some:], before[: need + 1 - some], cost[k], least[some:], is_last[k, some:])
        _choose_less(before[:some], np.full(some, before[0]), cost[k], least[:some], is_last[k, :some])
        least[0], is_last[k, 0] = before[0], False
        before, least = least, before
    n = need
    for k in range(len(cost) - 1, -1, -1):
        if is_last[k, n]:
            taken[k] = True
            n = max(0, n - size[k])
    return before[need]


@bare
def _choose_less(without: FloatArray, others: FloatArray, more: float, least: FloatArray, is_more: BoolArray) -> None:
    """The lesser of two costs each, the second with more on top, and whether it is that."""
    for n in range(len(without)):
        one, two = without[n], others[n] + more
        is_more[n] = two < one
        least[n] = min(one, two)

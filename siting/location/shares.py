"""Who builds how much, where the parts of a county want more new schools together than may be built.

Fewer new schools never make a part better, so what is known of a part that may build more bounds it when it may build
less. The share-out these bounds speak for is found part by part (dynamic programming), what it leaves unknown is
answered, and so on until all of it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from siting.location.decision import StagedSolution, StageResult, built
from siting.location.instance import Instance

Vector = tuple[int, ...]
"""Goals in their order, in thousandths: added up without rounding, compared in the strict order."""

UNIT = 1_000
ROUNDING = 0.1
"""Thousandths that are none."""

EFFORT = 2.0
"""How many times the whole's pairs may be asked about once more, before it is answered as one."""

Answer = Callable[[Instance], StagedSolution]


@dataclass(frozen=True, slots=True)
class Shares:
    """The answer of every part with what it may build, and for each goal the least that any share-out can reach."""

    said: tuple[StagedSolution, ...]
    bounds: tuple[float, ...]


@dataclass(slots=True)
class _Wish:
    """What is known of a part: its answers by the number of new schools it may build, at most most, and what its first
    goals alone can be (heard)."""

    part: Instance
    most: int
    known: dict[int, StagedSolution] = field(default_factory=dict)
    heard: dict[int, StagedSolution] = field(default_factory=dict)

    def learn(self, count: int, said: StagedSolution) -> None:
        """An answer found for so many new schools is also the best for fewer, down to those it builds."""
        here = dict.fromkeys(range(built(self.part, said.decision), count + 1), said)
        if len(said.stages) < len(self.part.goals):
            self.heard = here | self.heard
        else:
            self.known = here | self.known

    def least(self, count: int) -> Vector:
        """What the goals are at least with so many new schools, in the strict order."""
        said = self.heard | self.known
        more = min((k for k in said if k >= count), default=None)
        first = () if more is None else _least(said[more].stages)
        least = (*first, *[0] * (len(self.part.goals) - len(first)))
        return least if more == count else _crowded(self.part, count, least)

    def value(self, count: int) -> Vector | None:
        """What the goals are in the answer, where there is one."""
        said = self.known.get(count)
        return None if said is None else tuple(_floor(stage.value) for stage in said.stages)


def must_share(most: int, part: Instance, spent: int) -> bool:
    """Whether pupils of a part are surely over for what others have spent, though not if it may build the most."""
    none = (0,) * len(part.goals)
    return _crowded(part, max(0, most - spent), none) > _crowded(part, most, none)


def shared_out(most: int, parts: Sequence[Instance], said: Sequence[StagedSolution], answer: Answer) -> Shares | None:
    """At most so many new schools shared out among parts, given the answers of the first of them, or of their first
    goals, if they may build as many each; None where that takes more answers than it is worth."""
    wishes = [_Wish(part, min(most, int((~part.is_existing).sum()))) for part in parts]
    for wish, each in zip(wishes, said, strict=False):
        if len(each.stages) == len(wish.part.goals):
            wish.most = built(wish.part, each.decision)
        wish.learn(wish.most, each)
    left = EFFORT * sum(len(part.arcs) for part in parts)
    while True:
        hoped, counts = _least_sum([[wish.least(k) for k in range(wish.most + 1)] for wish in wishes], most)
        unknown = [(wish, k) for wish, k in zip(wishes, counts, strict=True) if k not in wish.known]
        if not unknown:
            return _shares(wishes, most, hoped)
        wish, count = min(unknown, key=lambda asked: len(asked[0].part.arcs))
        left -= len(wish.part.arcs)
        if left < 0:
            return None
        wish.learn(count, answer(replace(wish.part, budget=replace(wish.part.budget, new=float(count)))))


def _shares(wishes: Sequence[_Wish], most: int, hoped: Vector) -> Shares:
    """The best share-out of what is known; a goal is bounded by what is hoped for, up to the first that is open."""
    best, counts = _least_sum([[wish.value(k) for k in range(wish.most + 1)] for wish in wishes], most)
    said = tuple(wish.known[k] for wish, k in zip(wishes, counts, strict=True))
    values = [sum(each.stages[g].value for each in said) for g in range(len(best))]
    first = next((g for g in range(len(best)) if hoped[g] < best[g]), len(best))
    hopes = [hoped[g] / UNIT if g == first else 0.0 for g in range(first, len(best))]
    return Shares(said, (*values[:first], *hopes))


def _least_sum(vectors: Sequence[Sequence[Vector | None]], most: int) -> tuple[Vector, list[int]]:
    """The least sum of one vector of each part, where the places they are taken from sum up to no more than most, and
    the places, as far back as can be."""
    width = next(len(vector) for vector in vectors[0] if vector is not None)
    sums: dict[int, tuple[Vector, list[int]]] = {0: ((0,) * width, [])}
    for options in vectors:
        reached: dict[int, tuple[Vector, list[int]]] = {}
        for spent, (total, places) in sums.items():
            for place, vector in enumerate(options[: most - spent + 1]):
                if vector is not None:
                    other = (tuple(a + b for a, b in zip(total, vector, strict=True)), [*places, -place])
                    reached[spent + place] = min(reached.get(spent + place, other), other)
        sums = reached
    total, places = min(sums.values())
    return total, [-place for place in places]


def _least(stages: Sequence[StageResult]) -> Vector:
    """Values as far as they are proved, the bound of the first goal that is not, and nothing of those after it."""
    open_at = next((g for g, stage in enumerate(stages) if stage.status != "optimal"), len(stages))
    return tuple(_floor(stage.bound) if g <= open_at else 0 for g, stage in enumerate(stages))


def _crowded(part: Instance, count: int, least: Vector) -> Vector:
    """The same, where so few new schools leave more pupils over than that, however they are spread."""
    if "over" not in part.goals:
        return least
    at = part.goals.index("over")
    lack = _floor(max(0.0, float(part.pupils[~part.may_lack].sum()) - _room(part, count)))
    return (*least[:at], lack, *[0] * (len(least) - at - 1)) if lack > least[at] else least


def _room(part: Instance, count: int) -> float:
    """The seats of all schools extended, and of the largest so many candidates."""
    existing = np.where(part.can_extend, part.extended_seats, part.seats)[part.is_existing]
    new = np.sort(part.seats[~part.is_existing])[::-1][:count]
    return float(existing.sum() + new.sum())


def _floor(value: float) -> int:
    return int(np.floor(value * UNIT + ROUNDING))

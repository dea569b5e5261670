"""A county in parts that have no school in common: each is answered by itself, and the answers are added up.

Every goal is a sum over units and schools, so what is best in every part, goal by goal, is best in the whole, unless a
budget is spent more than once by it; then new schools are shared out among the parts. A part in which a goal is not
proved may still give way for the sake of others, so from there on only what holds in any case is a bound of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from siting.location.decision import Decision, News, StagedSolution, Tell, built, quietly, violations
from siting.location.instance import Arcs, Instance
from siting.location.shares import must_share, shared_out
from siting.location.stages import results
from siting.project import Goal
from siting.study import FloatArray, IntArray

GATHERED = 3_000
"""Small parts are answered together up to so many pairs."""

ROUNDING = 1e-6
"""Share of a value that is not counted as giving way."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some units and sites of an instance, and all pairs between them: their positions in the whole."""

    instance: Instance
    units: IntArray
    sites: IntArray
    pairs: IntArray


def parts_of(one: Instance) -> tuple[Part, ...]:
    """The parts, the largest last; the whole as one part where a budget must be spent exactly."""
    if one.budget.new_exact or one.budget.extend_exact:
        return (_part(one, np.zeros(len(one.unit_id), np.int64), np.zeros(len(one.site_id), np.int64), [0]),)
    units, sites = len(one.unit_id), len(one.site_id)
    joins = coo_array((np.ones(len(one.arcs)), (one.arcs.unit, units + one.arcs.site)), shape=(units + sites,) * 2)
    piece = connected_components(joins, directed=False)[1].astype(np.int64)
    pairs = np.bincount(piece[one.arcs.unit], minlength=int(piece.max(initial=0)) + 1)
    return tuple(_part(one, piece[:units], piece[units:], some) for some in _gathered(pairs))


def _gathered(pairs: IntArray) -> Iterator[list[int]]:
    """Pieces that are answered together, given the pairs of each; those without any go with the smallest."""
    some: list[int] = []
    for piece in np.argsort(pairs, kind="stable").tolist():
        if some and pairs[some].sum() and pairs[some].sum() + pairs[piece] > GATHERED:
            yield some
            some = []
        some.append(piece)
    yield some


def _part(one: Instance, unit_piece: IntArray, site_piece: IntArray, some: list[int]) -> Part:
    units, sites = np.flatnonzero(np.isin(unit_piece, some)), np.flatnonzero(np.isin(site_piece, some))
    pairs = np.flatnonzero(np.isin(unit_piece[one.arcs.unit], some))
    arcs = one.arcs.take(pairs)
    part = replace(
        one,
        unit_id=tuple(one.unit_id[i] for i in units),
        site_id=tuple(one.site_id[j] for j in sites),
        residents=one.residents[units],
        pupils=one.pupils[units],
        is_existing=one.is_existing[sites],
        seats=one.seats[sites],
        extended_seats=one.extended_seats[sites],
        upper=one.upper[sites],
        extended_upper=one.extended_upper[sites],
        arcs=Arcs(np.searchsorted(units, arcs.unit), np.searchsorted(sites, arcs.site), arcs.metres, arcs.uncovered),
    )
    return Part(part, units, sites, pairs)


Answer = Callable[[Instance, Tell], StagedSolution]


def in_parts(one: Instance, parts: Sequence[Part], answer: Answer, tell: Tell) -> StagedSolution | None:
    """The answers of all parts as one; None where together they spend more than a budget and cannot share it.

    tell hears of the last part, the largest, with what the others have come to added.
    """
    *small, largest = parts
    said = _up_to_cost(one, parts, answer)
    if not _must_share(one, parts, said):
        said = others = [answer(part.instance, quietly) for part in small]
        if not _must_share(one, parts, others):
            said = [*others, answer(largest.instance, lambda news: tell(_with_others(news, others)))]
            summed = _summed(one, parts, said, _bounds(parts, said, one.goals).sum(axis=0).tolist())
            if summed is not None or not np.isfinite(one.budget.new):
                return summed
    some = [part.instance for part in parts]
    shares = shared_out(int(one.budget.new), some, said, lambda part: answer(part, quietly))
    return None if shares is None else _summed(one, parts, shares.said, shares.bounds)


def _up_to_cost(one: Instance, parts: Sequence[Part], answer: Answer) -> list[StagedSolution]:
    """What all parts but the largest build at the least cost, where it may be more than the largest can spare: what
    else is best with so many is then not worth finding. None of them elsewhere."""
    *small, largest = parts
    goals = one.goals[: one.goals.index("cost") + 1] if "cost" in one.goals else one.goals
    can_lack = np.isfinite(one.budget.new) and must_share(int(one.budget.new), largest.instance, int(one.budget.new))
    if not can_lack or goals == one.goals:
        return []
    return [answer(replace(part.instance, goals=goals), quietly) for part in small]


def _must_share(one: Instance, parts: Sequence[Part], others: Sequence[StagedSolution]) -> bool:
    """Whether the largest part surely lacks what the others have built."""
    if not np.isfinite(one.budget.new):
        return False
    spent = sum(built(part.instance, each.decision) for part, each in zip(parts, others, strict=False))
    return must_share(int(one.budget.new), parts[-1].instance, spent)


def _summed(
    one: Instance, parts: Sequence[Part], said: Sequence[StagedSolution], bounds: Sequence[float]
) -> StagedSolution | None:
    """The answers of parts as one, with the bound of every goal; None where they spend more than a budget."""
    decision = _joined(one, parts, said)
    if violations(one, decision):
        return None
    seconds = [sum(each.stages[k].seconds for each in said) for k in range(len(one.goals))]
    return StagedSolution(decision, results(one, decision, list(zip(bounds, seconds, strict=True))), "parts")


def _with_others(news: News, others: Sequence[StagedSolution]) -> News:
    stages = [stage for each in others for stage in each.stages if stage.goal == news.goal]
    value, bound = sum(stage.value for stage in stages), sum(stage.bound for stage in stages)
    return replace(news, value=news.value + value, bound=news.bound + bound)


def _joined(one: Instance, parts: Sequence[Part], said: Sequence[StagedSolution]) -> Decision:
    arc = np.full(len(one.unit_id), -1, dtype=np.int64)
    is_open, is_extended = np.zeros((2, len(one.site_id)), dtype=bool)
    for part, each in zip(parts, said, strict=True):
        arc[part.units] = each.decision.per_unit(part.pairs)
        is_open[part.sites], is_extended[part.sites] = each.decision.is_open, each.decision.is_extended
    return Decision(arc, is_open, is_extended)


def _bounds(parts: Sequence[Part], said: Sequence[StagedSolution], goals: Sequence[Goal]) -> FloatArray:
    """The least each goal can be in each part (P, G), while the sums of the goals before it are kept: what the part
    says, unless some other part may give way in a goal before and let this one have more of it."""
    value = np.array([[stage.value for stage in each.stages] for each in said])
    least = np.array([[stage.bound for stage in each.stages] for each in said])
    for k, goal in enumerate(goals):
        slack = (value - least)[:, :k] / np.maximum(1.0, value[:, :k].sum(axis=0))
        of_others = (slack.sum(axis=0) - slack).max(axis=1, initial=0.0)
        for p, part in enumerate(parts):
            if of_others[p] > ROUNDING:
                least[p, k] = _at_least(part.instance, goal)
    return least


def _at_least(one: Instance, goal: Goal) -> float:
    """What a goal is at least, whatever is built: nobody walks farther than to the nearest site."""
    if goal != "walk":
        return 0.0
    nearest: FloatArray = np.full(len(one.unit_id), np.inf)
    np.minimum.at(nearest, one.arcs.unit, one.arcs.metres)
    nearest[one.may_lack | ~np.isfinite(nearest)] = 0.0
    return float((one.residents * nearest).sum())

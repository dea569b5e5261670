"""Plans under several futures: what each regrets, and which sites are right whatever happens.

A regret is what a plan falls short of the best known plan of the same scenario, goal by goal (Savage 1951, "The theory
of statistical decision"). All goals are such that less is better. Pure arithmetic on given values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from siting.comparison.matching import SAME_PLACE_M, apart_m
from siting.plan import Plan, Site
from siting.study import FloatArray


@dataclass(frozen=True, slots=True)
class RegretTable:
    """Values and regrets of plans (P) in scenarios (S) by goals (G), less is better.

    value, regret (P, S, G): nan where a plan was not evaluated. greatest (P, G): the largest regret over scenarios;
    mean (P, G): the weighted mean; both nan where a plan lacks a scenario, for what is not known may be worse.
    """

    plan: tuple[str, ...]
    scenario: tuple[str, ...]
    goal: tuple[str, ...]
    value: FloatArray
    regret: FloatArray
    greatest: FloatArray
    mean: FloatArray

    def least_regret(self, goal: str) -> str:
        """The plan whose greatest regret in a goal is least, the first of equals; "" where none is known."""
        return self._least(self.greatest[:, self.goal.index(goal)])

    def least_mean(self, goal: str) -> str:
        """The plan whose weighted mean regret in a goal is least, the first of equals; "" where none is known."""
        return self._least(self.mean[:, self.goal.index(goal)])

    def _least(self, of_plan: FloatArray) -> str:
        return "" if np.isnan(of_plan).all() else self.plan[int(np.nanargmin(of_plan))]


def regret_table(
    plan: Sequence[str],
    scenario: Sequence[str],
    goal: Sequence[str],
    value: FloatArray,
    weight: Sequence[float] | None = None,
) -> RegretTable:
    """The regrets of plans from their values (P, S, G), each plan evaluated in each scenario.

    weight (S,): how likely each scenario is held to be, equal where not given. The best of a scenario is the least
    value any of the plans has there; inf where no plan has an end gives no regret. Raises ValueError where the shape
    is not (P, S, G), or weights are negative or add up to nothing.
    """
    value = np.asarray(value, dtype=np.float64)
    shares = _shares(len(scenario), weight)
    if value.shape != (len(plan), len(scenario), len(goal)):
        raise ValueError(f"value is {value.shape}, should be {(len(plan), len(scenario), len(goal))}")
    regret = _regret(value)
    mean = np.einsum("psg,s->pg", np.where(shares[None, :, None] > 0, regret, 0.0), shares)
    return RegretTable(tuple(plan), tuple(scenario), tuple(goal), value, regret, regret.max(axis=1), mean)


def _shares(scenarios: int, weight: Sequence[float] | None) -> FloatArray:
    given = np.ones(scenarios) if weight is None else np.asarray(weight, dtype=np.float64)
    if given.shape != (scenarios,) or not (given >= 0).all() or not given.sum() > 0:
        raise ValueError(f"{scenarios} weights of at least 0, not all 0, are needed; given {given.tolist()}")
    return given / given.sum()


def _regret(value: FloatArray) -> FloatArray:
    best = np.fmin.reduce(value, axis=0)[None]
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(value) & (value == best), 0.0, value - best)


@dataclass(frozen=True, slots=True)
class SteadySite:
    """A site that scenarios' best plans build or extend: its programme, id and name where it is met first, and the
    scenarios that do, in their order."""

    programme: str
    site_id: str
    name: str
    scenarios: tuple[str, ...]


def proposed_sites(best: Mapping[str, Plan]) -> tuple[SteadySite, ...]:
    """Every project of the best plans of scenarios, those of the most scenarios first.

    Sites are one where their programme and id are, or where they stand within a few metres of each other.
    """
    met: list[tuple[str, Site, list[str]]] = []
    for scenario, plan in best.items():
        for part in plan.parts:
            for site in part.sites:
                if site.action != "keep":
                    _meet(met, part.programme, site, scenario)
    found = [SteadySite(key, site.id, site.name, tuple(dict.fromkeys(where))) for key, site, where in met]
    return tuple(sorted(found, key=lambda one: -len(one.scenarios)))


def _meet(met: list[tuple[str, Site, list[str]]], programme: str, site: Site, scenario: str) -> None:
    for key, known, where in met:
        if key == programme and (known.id == site.id or apart_m(known, site) <= SAME_PLACE_M):
            where.append(scenario)
            return
    met.append((programme, site, [scenario]))


def no_regret(best: Mapping[str, Plan]) -> tuple[SteadySite, ...]:
    """Projects of every scenario's best plan: right whatever happens."""
    return tuple(one for one in proposed_sites(best) if len(one.scenarios) == len(best))


def only_in_one(best: Mapping[str, Plan]) -> tuple[SteadySite, ...]:
    """Projects that pay in one scenario only; none where there is only one."""
    return tuple(one for one in proposed_sites(best) if len(one.scenarios) == 1 < len(best))

"""Sets of sites worth trying in every scenario: what the best plans build, and mixtures of them within the budget."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from siting.plan import Action, TierPlan
from siting.rules.terms import Terms
from siting.words import Phrase

BASE_SET = Phrase("基准方案", "base")
UNION = Phrase("并集", "union")
MAJORITY = Phrase("多数", "majority")
STEADY = Phrase("共有", "common")

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SiteSet:
    """Sites of one programme, by id: candidates that are built whatever happens, and schools that may be extended where
    a scenario needs it. No other site has a project."""

    name: Phrase
    new: frozenset[str]
    extend: frozenset[str]


@dataclass(frozen=True, slots=True)
class Most:
    """Projects every scenario allows: counts (inf: unlimited), exactly so many where stated."""

    new: float
    extend: float
    new_exact: bool
    extend_exact: bool

    def allows(self, one: SiteSet) -> bool:
        """Whether a set is within the counts."""
        return _is_within(len(one.new), self.new, self.new_exact) and _is_within(
            len(one.extend), self.extend, self.extend_exact
        )


def _is_within(count: int, most: float, is_exact: bool) -> bool:
    return count == most if is_exact else count <= most


def most_of(terms: Sequence[Terms]) -> Most:
    """What the terms of all scenarios allow together."""
    new = min(math.inf if one.new is None else float(one.new) for one in terms)
    extend = min(math.inf if one.extend is None else float(one.extend) for one in terms)
    return Most(new, extend, any(one.new_exact for one in terms), any(one.extend_exact for one in terms))


def site_sets(base: TierPlan, best: Sequence[tuple[Phrase, float, TierPlan]], most: Most) -> tuple[SiteSet, ...]:
    """The base's sites and those of every scenario's best plan (name, weight, plan); then their union, what most of
    them (by weight) have, what all have: each once, and none beyond what every scenario allows.

    Of a mixture with too many sites, those of the weightiest scenarios stay. Of the first of equal sets the name
    stays. Where nothing else is allowed, the set without any site is the only one.
    """
    found: dict[tuple[frozenset[str], frozenset[str]], SiteSet] = {}
    for one in (*_own(base, best), *_mixtures([(weight, part) for _, weight, part in best], most)):
        if most.allows(one):
            found.setdefault((one.new, one.extend), one)
    nothing = SiteSet(Phrase("不建", "nothing"), frozenset(), frozenset())
    return tuple(found.values()) or (nothing,)


def _own(base: TierPlan, best: Sequence[tuple[Phrase, float, TierPlan]]) -> Iterator[SiteSet]:
    for name, part in ((BASE_SET, base), *((name, part) for name, _, part in best)):
        yield SiteSet(name, frozenset(_done(part, "new")), frozenset(_done(part, "extend")))


def _done(part: TierPlan, action: Action) -> list[str]:
    return [site.id for site in part.sites if site.action == action]


def _mixtures(best: Sequence[tuple[float, TierPlan]], most: Most) -> Iterator[SiteSet]:
    new, extend = _support(best, "new"), _support(best, "extend")
    for name, share in ((UNION, 0.0), (MAJORITY, 0.5), (STEADY, 1.0)):
        yield SiteSet(name, _first(new, share, most.new), _first(extend, share, most.extend))


def _support(best: Sequence[tuple[float, TierPlan]], action: Action) -> Mapping[str, float]:
    """The weight of the scenarios that do something at a site, of 1; the weightiest first, of equals the first met."""
    whole, found = sum(weight for weight, _ in best), dict[str, float]()
    for weight, part in best:
        for site in _done(part, action):
            found[site] = found.get(site, 0.0) + weight / whole
    return dict(sorted(found.items(), key=lambda item: -round(item[1], 9)))


def _first(support: Mapping[str, float], share: float, most: float) -> frozenset[str]:
    fitting = [site for site, its in support.items() if its >= share - ROUNDING]
    return frozenset(fitting[: len(fitting) if math.isinf(most) else int(most)])

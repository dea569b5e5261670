"""A search that begins with what a plan for a like question has decided."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from location.brute import small
from location.counties import town
from location.test_small_cases import agrees

from siting.location import Arcs, Instance, StagedSolution, Start, solve
from siting.location import large as large_module
from siting.location import search as search_module
from siting.location.decision import quietly, violations
from siting.location.search import possible
from siting.location.start import decision_from, site_before
from siting.project import Goal


def begun_with(one: Instance, said: StagedSolution) -> Start:
    is_new = said.decision.is_open & ~one.is_existing
    site = said.decision.site(one)
    return Start(
        opened=frozenset(one.site_id[j] for j in np.flatnonzero(is_new)),
        extended=frozenset(one.site_id[j] for j in np.flatnonzero(said.decision.is_extended)),
        site_of={one.unit_id[i]: one.site_id[j] for i, j in enumerate(site.tolist()) if j >= 0},
    )


def without(one: Instance, lost: int) -> Instance:
    """The instance without one of its sites."""
    stays = np.flatnonzero(np.arange(len(one.site_id)) != lost)
    arcs, row = one.arcs, np.full(len(one.site_id), -1)
    row[stays] = np.arange(len(stays))
    keep = np.flatnonzero(arcs.site != lost)
    by_site = {
        name: np.asarray(getattr(one, name))[stays]
        for name in ("is_existing", "seats", "extended_seats", "extended_upper", "upper")
        if np.ndim(getattr(one, name))
    }
    return replace(
        one,
        site_id=tuple(one.site_id[j] for j in stays),
        arcs=Arcs(arcs.unit[keep], row[arcs.site[keep]], arcs.metres[keep], arcs.uncovered[keep]),
        **by_site,
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_start_changes_no_proof(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a search starts from, bounds hold against trying everything; by both methods."""
    one = possible(small(seed))
    start = begun_with(one, solve(one, 20))
    like = (one, replace(one, pupils=one.pupils * 1.2), possible(without(one, len(one.site_id) - 1)))
    for asked in like:
        agrees(asked, solve(asked, 20, quietly, start))
    monkeypatch.setattr(search_module, "FEW_PAIRS", 0)
    monkeypatch.setattr(search_module, "by_groups", lambda *_: None)
    for asked in like:
        agrees(asked, solve(asked, 20, quietly, start))


def test_a_start_is_used_as_far_as_its_places_are_there() -> None:
    one = town(3, blocks=40, candidates=6)
    said = solve(one, 20)
    start = begun_with(one, said)
    assert decision_from(one, start).site(one).tolist() == said.decision.site(one).tolist()  # type: ignore[union-attr]
    used = int(np.flatnonzero(np.array([site in start.opened for site in one.site_id]))[0])
    less = without(one, used)
    begun = decision_from(less, start)
    assert begun is not None and not violations(less, begun)
    had = np.array([start.site_of.get(unit, "") for unit in less.unit_id])
    stays = (had != one.site_id[used]) & (had != "")
    assert (site_before(less, start) >= 0).tolist() == stays.tolist()
    now = np.array(less.site_id)[begun.site(less)]
    assert (now[stays] == had[stays]).all()


def test_a_start_that_a_budget_forbids_is_dropped() -> None:
    one = town(3, blocks=40, candidates=6)
    start = begun_with(one, solve(one, 20))
    assert start.opened
    assert decision_from(replace(one, budget=replace(one.budget, new=float(len(start.opened) - 1))), start) is None


def test_a_large_town_begun_where_it_ended_looks_for_no_other_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "FEW_PAIRS", 0)
    one, guided, looked_at = town(3, blocks=120, candidates=10), large_module._guided, []

    def watched(search: large_module._Search, goal: Goal, guide: large_module._Relaxation) -> float:
        looked_at.append(goal)
        return guided(search, goal, guide)

    first = solve(one, 60)
    monkeypatch.setattr(large_module, "_guided", watched)
    again = solve(one, 60, quietly, begun_with(one, first))
    assert "walk" not in looked_at
    for before, after in zip(first.stages, again.stages, strict=True):
        assert after.bound <= after.value <= before.value + 1e-6 * max(1.0, before.value)


@pytest.mark.parametrize(("more", "are_both"), [(1.1, True), (1.3, False), (3.0, False)])
def test_what_is_over_and_the_cost_are_settled_together_where_they_can_be(
    more: float, are_both: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fuller schools from a start: both goals come to what they are without one, whether it is the least cost that
    prices allow, a higher one, or somebody is over at any."""
    monkeypatch.setattr(search_module, "FEW_PAIRS", 0)
    one, guided, looked_at = town(3, blocks=120, candidates=10), large_module._guided, []
    full, start = replace(one, pupils=one.pupils * more), begun_with(one, solve(one, 60))
    alone = solve(full, 60)

    def watched(search: large_module._Search, goal: Goal, guide: large_module._Relaxation) -> float:
        looked_at.append(goal)
        return guided(search, goal, guide)

    monkeypatch.setattr(large_module, "_guided", watched)
    begun = solve(full, 60, quietly, start)
    assert ("over" not in looked_at) == are_both
    for first, second in zip(alone.stages[:3], begun.stages[:3], strict=True):
        assert second.value == pytest.approx(first.value, abs=1e-4)
        assert second.bound <= first.value + 1e-4
    assert (begun.stages[1].value > 0.0) == (more == 3.0)

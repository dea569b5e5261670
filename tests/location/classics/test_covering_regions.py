"""Bounds on the fewest sites from regions that are covered one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from siting.location import highs
from siting.location.classics import cover_fewest, cover_regions, set_covering
from siting.location.classics.cover_program import program
from siting.location.classics.cover_regions import regional_bound
from siting.location.classics.cover_sets import Cover, cover_of
from siting.location.instance import BoolArray


def scattered(seed: int, units: int = 160, sites: int = 90, reach: float = 0.14) -> BoolArray:
    """Who is within reach of whom on a square; nobody is out of reach of all."""
    chance = np.random.default_rng(seed)
    here, there = chance.random((units, 2)), chance.random((sites, 2))
    metres = np.linalg.norm(here[:, None] - there[None], axis=2)
    within = metres <= reach
    within[np.arange(units), metres.argmin(axis=1)] = True
    return within[:, within.any(axis=0)]


def as_cover(within: BoolArray) -> Cover:
    units, sites = within.shape
    return cover_of(sparse.csr_array(within.astype(float)), np.arange(units), np.arange(sites), np.ones(units))


def all_open(case: Cover) -> BoolArray:
    return np.ones(len(case.site), dtype=bool)


@pytest.mark.parametrize("seed", range(20))
def test_regions_bound_no_less_than_prices_and_no_more_than_the_answer(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover_regions, "UNITS", 40)
    case = as_cover(scattered(seed))
    whole = program(case, None)
    best, half = highs.solve(whole), highs.solve(whole.relaxed())
    assert best.status == "optimal"
    bound = regional_bound(case, all_open(case), 60.0)
    assert half.value - 1e-4 <= bound <= best.value + 1e-6


def test_whole_sites_in_regions_say_more_than_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring of five needs three sites, by halves two and a half; no region divides one."""
    monkeypatch.setattr(cover_regions, "UNITS", 10)
    ring = np.eye(5, dtype=bool) | np.roll(np.eye(5, dtype=bool), 1, axis=1)
    case = as_cover(np.kron(np.eye(6, dtype=bool), ring).astype(bool))
    assert regional_bound(case, all_open(case), 60.0) == pytest.approx(18.0)


def test_one_region_is_the_whole() -> None:
    case = as_cover(scattered(3))
    assert regional_bound(case, all_open(case), 60.0) == pytest.approx(highs.solve(program(case, None)).value)


def test_without_time_prices_still_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover_regions, "UNITS", 40)
    case = as_cover(scattered(5, units=400, sites=200, reach=0.12))
    least = highs.solve(program(case, None)).value
    assert 0.0 < regional_bound(case, all_open(case), 0.0) <= least + 1e-6


def test_without_prices_regions_are_covered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover_regions, "UNITS", 40)
    monkeypatch.setattr(highs, "duals", lambda *_: highs.Duals(np.zeros(0), np.zeros(0)))
    case = as_cover(scattered(7))
    assert 0.0 < regional_bound(case, all_open(case), 60.0) <= highs.solve(program(case, None)).value + 1e-6


def test_a_large_piece_is_bounded_by_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """With regions or without, the same is proved."""
    cases = [scattered(seed, units=300, sites=150, reach=0.11) for seed in range(6)]
    first = [set_covering(within) for within in cases]
    asked: list[float] = []

    def heard(cover: Cover, open_sites: BoolArray, seconds: float) -> float:
        asked.append(regional_bound(cover, open_sites, seconds))
        return asked[-1]

    monkeypatch.setattr(cover_fewest, "regional_bound", heard)
    monkeypatch.setattr(cover_fewest, "MANY", 5)
    monkeypatch.setattr(cover_fewest, "ROUNDS", 1)
    monkeypatch.setattr(cover_regions, "UNITS", 25)
    for within, before in zip(cases, first, strict=True):
        again = set_covering(within)
        assert before.status == again.status == "optimal"
        assert again.value == before.value
    assert len(asked) >= 1
    assert min(asked) > 0.0

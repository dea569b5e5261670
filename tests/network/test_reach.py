from __future__ import annotations

import numpy as np
import pytest

from siting.network.graph import BoundedDistances
from siting.network.reach import unit_reach
from siting.study import DemandPoints


def _points(unit: list[int], residents: list[float]) -> DemandPoints:
    return DemandPoints(
        np.array(unit), np.zeros(len(unit)), np.zeros(len(unit)), np.array(residents, dtype=float), 100.0
    )


def _distances(rows: list[dict[int, float]], cutoff_m: float) -> BoundedDistances:
    """One dict of point -> metres per site."""
    pairs = [pair for row in rows for pair in sorted(row.items()) if pair[1] <= cutoff_m]
    start = np.cumsum([0, *(sum(metres <= cutoff_m for metres in row.values()) for row in rows)])
    point, metres = (np.array([pair[k] for pair in pairs]) for k in range(2))
    return BoundedDistances(start, point.astype(np.int64), metres.astype(float), cutoff_m)


def test_means_are_weighted_by_residents() -> None:
    """Village 0: 30 people at 1000 m, 10 at 1400 m and nobody at 1900 m: (30 x 1000 + 10 x 1400) / 40 = 1100 m.

    Within 1000 m live 30. Village 1 (points mixed in between) has one point of 5 people at 700 m.
    """
    points = _points([0, 1, 0, 0], [30, 5, 10, 0])
    reach = unit_reach(points, 2, _distances([{0: 1000, 1: 700, 2: 1400, 3: 1900}], 2000.0), 1000.0)
    assert reach.unit.tolist() == [0, 1]
    assert reach.site.tolist() == [0, 0]
    assert reach.metres.tolist() == [1100.0, 700.0]
    assert reach.covered.tolist() == [30.0, 5.0]
    assert reach.farthest_m.tolist() == [1400.0, 700.0]
    assert (reach.radius_m, reach.limit_m) == (1000.0, 2000.0)


def test_a_village_partly_beyond_the_limit_is_out_of_reach() -> None:
    """Site 0 reaches one of two populated points; site 1 reaches both and misses only the empty one."""
    points = _points([0, 0, 0], [8, 8, 0])
    reach = unit_reach(points, 1, _distances([{0: 10, 1: 900, 2: 10}, {0: 400, 1: 500, 2: 900}], 500.0), 500.0)
    assert (reach.site.tolist(), reach.metres.tolist()) == ([1], [450.0])


def test_an_empty_village_counts_by_its_points() -> None:
    """Plain mean of 100 and 300; nobody to cover; its far point 2 keeps site 1 out."""
    points = _points([0, 0], [0, 0])
    reach = unit_reach(points, 1, _distances([{0: 100, 1: 300}, {0: 50, 1: 900}], 500.0), 500.0)
    assert (reach.site.tolist(), reach.metres.tolist(), reach.covered.tolist()) == ([0], [200.0], [0.0])


def test_points_in_no_unit_count_nowhere() -> None:
    reach = unit_reach(_points([-1, 0], [50, 1]), 1, _distances([{0: 5, 1: 10}], 20.0), 20.0)
    assert (reach.unit.tolist(), reach.covered.tolist()) == ([0], [1.0])


@pytest.mark.parametrize(("metres", "covered"), [(1500.0, 1.0), (1500.0000005, 1.0), (1500.01, 0.0)])
def test_the_radius_itself_is_covered(metres: float, covered: float) -> None:
    reach = unit_reach(_points([0], [1]), 1, _distances([{0: metres}], 2000.0), 1500.0)
    assert reach.covered.tolist() == [covered]


def test_pairs_are_sorted_by_unit_then_metres_then_site() -> None:
    rows = [{0: 300, 1: 100}, {0: 200, 1: 500}, {0: 200, 1: 400}]
    reach = unit_reach(_points([0, 1], [1, 1]), 2, _distances(rows, 1000.0), 250.0)
    assert list(zip(reach.unit.tolist(), reach.site.tolist(), strict=True)) == [
        (0, 1), (0, 2), (0, 0), (1, 0), (1, 2), (1, 1),
    ]  # fmt: skip


def test_nothing_in_reach() -> None:
    reach = unit_reach(_points([0], [1]), 1, _distances([{0: 900}], 500.0), 500.0)
    assert len(reach.unit) == len(reach.metres) == 0


@pytest.mark.parametrize("seed", range(20))
def test_against_adding_up_pair_by_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = _points(rng.integers(-1, 6, 40).tolist(), (rng.integers(0, 4, 40) * rng.integers(0, 2)).tolist())
    metres = rng.integers(0, 1000, (5, 40)).astype(float)
    reach = unit_reach(points, 6, _distances([dict(enumerate(row)) for row in metres], 950.0), 400.0)
    found = {
        (unit, site): tuple(numbers)
        for unit, site, *numbers in zip(
            reach.unit.tolist(), reach.site.tolist(), reach.metres, reach.covered, reach.farthest_m, strict=True
        )
    }
    expected = {}
    for unit in range(6):
        mine = [k for k in range(40) if points.unit[k] == unit]
        lived_in = [k for k in mine if points.residents[k] > 0] or mine
        people = [points.residents[k] or 1.0 for k in lived_in]
        for site in range(5):
            walk = [metres[site, k] for k in lived_in]
            if mine and max(walk) <= 950:
                mean = sum(w * p for w, p in zip(walk, people, strict=True)) / sum(people)
                covered = sum(points.residents[k] for k in lived_in if metres[site, k] <= 400)
                expected[unit, site] = (mean, covered, max(walk))
    assert found.keys() == expected.keys()
    for pair, numbers in expected.items():
        assert found[pair] == pytest.approx(numbers)

from __future__ import annotations

from dataclasses import replace

import distances
import numpy as np
import pytest
from distances import Differs, Ground
from road_grids import bare_grid, county_roads, degrees
from road_peers import graph_of, scipy_pairs

from siting.network.distances import bounded_distances


@pytest.fixture(scope="module")
def ground() -> Ground:
    return distances._ground("small", county_roads(3_000), 40, is_told=False)


def test_three_of_four_nodes_of_a_county_are_bends_and_none_of_a_grid() -> None:
    county, grid = county_roads(20_000), bare_grid(900)
    assert len(county.x) == pytest.approx(20_000, rel=0.03)
    assert degrees(county)[2] == pytest.approx(0.76, abs=0.02)
    assert (county.component == 0).all()
    # 30 x 30: 4 corners have two ends, 4 x 28 nodes of the rim three, the others four.
    assert degrees(grid) == [0.0, 0.0, 0.004, 0.124, 0.871]


def test_the_same_seed_makes_the_same_roads() -> None:
    one, again, other = county_roads(2_000), county_roads(2_000), county_roads(2_000, seed=8)
    assert np.array_equal(one.length_m, again.length_m)
    assert not np.array_equal(one.length_m, other.length_m)


def test_ours_are_compared_with_every_pair_of_scipy(ground: Ground) -> None:
    found = bounded_distances(ground.network, ground.sites, ground.nodes, distances.CUTOFF_M)
    distances._compare_pairs(ground, found)
    assert sum(len(row) for row, _, _ in scipy_pairs(ground.graph, ground.node, distances.CUTOFF_M)) == len(found.point)
    found.metres[7] += 1e-3
    with pytest.raises(Differs, match=r"small: up to 0\.00\d* m off"):
        distances._compare_pairs(ground, found)
    with pytest.raises(Differs, match="SciPy finds"):
        distances._compare_pairs(ground, replace(found, point=found.point[:-1]))


def test_of_parallel_edges_scipy_gets_the_shortest() -> None:
    grid = bare_grid(16)
    twice = replace(
        grid,
        tail=np.concatenate((grid.tail, grid.head)),
        head=np.concatenate((grid.head, grid.tail)),
        length_m=np.concatenate((grid.length_m, grid.length_m / 2)),
    )
    assert graph_of(twice).sum() == pytest.approx(grid.length_m.sum())


def test_a_row_says_ours_peer_and_their_ratio(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distances, "_has_pandana", lambda: False)
    rows = [*distances._bounded(ground, 3, 5.0), *distances._dense(ground, 1)]
    assert [row.peer for row in rows] == ["scipy", "scipy, sparse pairs", "scipy"]
    assert all(row.least <= row.ratio <= row.most for row in rows)
    assert rows[0].goal == 5.0 and np.isnan(rows[2].goal)
    assert "bounded, small" in distances._line(rows[0])


def test_only_what_is_asked_for_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(distances, "_bare", lambda nodes: distances._ground("bare", county_roads(500), 9))
    monkeypatch.setattr(distances, "_county", lambda nodes: pytest.fail("not asked for"))
    assert distances.main(["--only", "dense*bends", "--runs", "1"]) == 0
    assert capsys.readouterr().out.count("dense, bare") == 1

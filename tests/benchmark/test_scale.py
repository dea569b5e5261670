from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import pytest
import scale
from peers import plain_covering, spopt_p_median
from scale import Answer, Measured
from scipy import sparse
from synthetic import BY_ROAD, County, county, metres_to_nearest, nearest, within


def test_the_same_seed_makes_the_same_county() -> None:
    one, again, other = county(400, 120), county(400, 120), county(400, 120, seed=7)
    assert np.array_equal(one.xy, again.xy) and np.array_equal(one.residents, again.residents)
    assert not np.array_equal(one.xy, other.xy)
    assert one.residents.min() >= 1 and one.site_xy.shape == (120, 2)


def test_everybody_has_a_site_within_reach() -> None:
    # At most 700 m east and 700 m north of a village: 1.3 x 990 = 1287 m.
    here = county(3_000, 200)
    assert metres_to_nearest(here, np.arange(200)).max() < 1_500
    assert (np.diff(within(here, 1_500.0).start) >= 1).all()


def by_hand(here: County) -> np.ndarray:
    return BY_ROAD * np.hypot(*(here.xy[:, None, k] - here.site_xy[None, :, k] for k in (0, 1)))


def test_pairs_are_those_within_the_radius() -> None:
    here = county(300, 120)
    pairs, metres = within(here, 4_000.0), by_hand(here)
    assert len(pairs) == (metres <= 4_000.0).sum()
    assert np.allclose(pairs.metres, metres[pairs.unit, pairs.site])


def test_pairs_are_those_of_the_nearest_sites() -> None:
    here = county(300, 120)
    pairs, metres = nearest(here), by_hand(here)
    assert np.allclose(pairs.metres.reshape(300, 100), np.sort(metres, axis=1)[:, :100])


def test_the_plain_program_finds_the_best_cover() -> None:
    chance = np.random.default_rng(3)
    reach = chance.random((30, 8)) < 0.3
    reach[np.arange(30), chance.integers(8, size=30)] = True
    weight = chance.integers(1, 20, 30).astype(float)
    fewest = next(p for p in range(9) if any(reach[:, c].any(axis=1).all() for c in combinations(range(8), p)))
    most = max(weight[reach[:, c].any(axis=1)].sum() for c in combinations(range(8), 3))
    table = sparse.csr_array(reach.astype(float))
    every, three = plain_covering(table, None, 0, 20.0), plain_covering(table, weight, 3, 20.0)
    assert (every.value, every.is_optimal, every.bound) == (fewest, True, pytest.approx(fewest))
    assert (three.value, three.is_optimal, three.bound) == (most, True, pytest.approx(most))


def test_the_peer_for_medians_is_asked_the_same_question() -> None:
    pytest.importorskip("spopt", reason="the [bench] extra is not installed")
    metres, weight = np.array([[0.0, 4, 9], [3, 1, 7], [8, 6, 0]]), np.array([1.0, 2, 3])
    # sites 1 and 3: 0 + 2 x 3 + 0 = 6; sites 2 and 3: 4 + 2 x 1 + 0 = 6; sites 1 and 2: 0 + 2 + 18.
    for solver in ("HiGHS", "CBC"):
        peer = spopt_p_median(metres, weight, 2, solver, 20.0)
        assert (peer.value, peer.is_optimal) == (6.0, True)


def test_a_process_is_measured() -> None:
    said, seconds, peak = scale._process([sys.executable, "-c", "held = bytearray(64 << 20); print('done')"])
    assert said.strip() == "done" and seconds > 0
    assert peak > 64 or np.isnan(peak)


def test_what_is_asked_for_is_run_and_what_is_refused_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def fake(name: str, seconds: float, runs: int) -> Measured:
        asked.append(name)
        faults = ("the value is 2, not 1",) if "median" in name else ()
        return Measured(name, 0, Answer(1.0, 1.0, 0.0, "optimal", 2.0, faults), [1.0, 3.0, 2.0], [10.0] * 3)

    monkeypatch.setattr(scale, "measured", fake)
    assert scale.main(["--only", "covering set 1500*"]) == 0
    assert asked == ["covering set 1500 m 10000 x 2000", "covering set 1500 m 100000 x 2000"]
    assert "    2.00        10 " in capsys.readouterr().out  # the middle of three runs
    assert scale.main(["--only", "covering set 1500 m 10000 *", "--peers"]) == 0
    assert asked[2:] == ["covering set 1500 m 10000 x 2000", "covering set 1500 m 10000 x 2000 by plain HiGHS"]
    assert scale.main(["--only", "p-median*"]) == 1
    assert "refused: p-median p=200 100000 x 2000: the value is 2, not 1" in capsys.readouterr().err
    assert scale.main(["--only", "nothing"]) == 2


def test_copies_are_counted_by_county() -> None:
    one = Measured("plan of the sample x 4", 4, Answer(1.0, 1.0, 0.0, "exit 0", 9.0), [40.0], [800.0])
    assert "10.00 s    200 MiB" in one.line()

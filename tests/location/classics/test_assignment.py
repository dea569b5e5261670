from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from location.classics.load_cases import Case, case, least

from siting.location.classics.capacitated import assignment
from siting.location.classics.solution import Solution
from siting.study import FloatArray


def test_every_site_is_open_and_filled_to_its_lower_load() -> None:
    # All three are nearest to site 0 (1 + 1 + 1); site 1 needs one, the cheapest to send costs 3: 1 + 3 + 1 = 5.
    metres = np.array([[1.0, 9.0], [1.0, 3.0], [1.0, 6.0]])
    found = assignment(metres, np.ones(3), np.ones(3), 9.0, lower=1.0)
    assert found.value == 5.0 and found.assigned.tolist() == [0, 1, 0] and found.open.tolist() == [0, 1]


def test_three_of_two_do_not_fit_two_sites_of_three() -> None:
    # 6 seats for 6 pupils, but units of 2 stay whole: each site holds one, the third has no place.
    found = assignment(np.ones((3, 2)), np.ones(3), np.full(3, 2.0), 3.0)
    assert found.status == "infeasible" and found.value == np.inf


@pytest.mark.parametrize("seed", range(60))
def test_small_assignments_are_as_good_as_trying_everything(seed: int) -> None:
    one = replace(case(seed + 1000), fixed=(0, 1, 2, 3), fixed_cost=np.zeros(4))
    found, best = _assigned(one.lower, one), least(one.loads(None))
    assert found.status == ("optimal" if np.isfinite(best) else "infeasible")
    assert found.value == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_lower_loads_never_make_it_better(seed: int) -> None:
    one = case(seed * 3, 12, 4)
    free, bound = _assigned(np.zeros(4), one), _assigned(one.lower, one)
    assert free.value <= bound.value + 1e-6 and free.bound <= free.value


def _assigned(lower: FloatArray, one: Case) -> Solution:
    return assignment(one.metres, one.weight, one.demand, one.capacity, lower=lower)

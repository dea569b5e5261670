from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest

from siting.errors import InputError, SolverError
from siting.location import highs
from siting.location.classics import cover_fewest, cover_most, covering
from siting.location.classics.cover_prices import fewest_bound, most_bound
from siting.location.classics.cover_program import program
from siting.location.classics.cover_sets import covered
from siting.location.classics.covering import maximal_covering, set_covering
from siting.location.classics.pairs import Pairs, pairs_between
from siting.location.instance import BoolArray
from siting.location.program import Effort, Outcome, Program
from siting.study import FloatArray

# Village 0 is reached from sites 0 and 1, village 1 from 1 and 2, village 2 from 2 only, village 3 from 0 only.
VALLEY = np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 0]], dtype=bool)
PEOPLE = np.array([10.0, 20.0, 30.0, 5.0])


def test_two_sites_reach_the_valley() -> None:
    """Village 3 needs site 0 and village 2 needs site 2; they reach the others too."""
    said = set_covering(VALLEY)
    assert said.open.tolist() == [0, 2] and said.assigned.tolist() == [0, 2, 2, 0]
    assert (said.value, said.bound, said.status) == (2.0, 2.0, "optimal")


def test_a_site_that_stays_counts() -> None:
    said = set_covering(VALLEY, fixed=[1])
    assert said.open.tolist() == [0, 1, 2] and said.value == 3.0
    assert said.assigned.tolist() == [0, 1, 2, 0]


def test_a_village_no_site_reaches_makes_covering_all_infeasible() -> None:
    said = set_covering(np.vstack([VALLEY, np.zeros(3, dtype=bool)]))
    assert said.status == "infeasible" and said.open.tolist() == [] and said.assigned.tolist() == [-1] * 5
    assert said.value == said.bound == np.inf


def test_nobody_needs_no_site() -> None:
    said = set_covering(np.zeros((0, 2), dtype=bool))
    assert said.value == 0.0 and said.status == "optimal"
    assert set_covering(np.zeros((0, 2), dtype=bool), fixed=[1]).open.tolist() == [1]


def test_one_site_reaches_most_people() -> None:
    """Site 0: 10 + 5 = 15, site 1: 10 + 20 = 30, site 2: 20 + 30 = 50."""
    said = maximal_covering(VALLEY, PEOPLE, 1)
    assert said.open.tolist() == [2] and said.assigned.tolist() == [-1, 2, 2, -1]
    assert (said.value, said.bound, said.status) == (50.0, 50.0, "optimal")
    assert [one.value for one in said.incumbents][-1] == 50.0


def test_beside_a_site_that_stays_the_best_other() -> None:
    """Site 1 stays: 30. Site 2 adds 30, site 0 adds 5."""
    said = maximal_covering(VALLEY, PEOPLE, 2, fixed=[1])
    assert said.open.tolist() == [1, 2] and said.value == 60.0


def test_as_many_sites_as_asked_are_open_though_fewer_would_do() -> None:
    assert maximal_covering(VALLEY, PEOPLE, 3).open.tolist() == [0, 1, 2]
    said = maximal_covering(np.ones((2, 4), dtype=bool), np.zeros(2), 2)
    assert said.open.tolist() == [0, 1] and said.value == said.bound == 0.0


def test_everybody_goes_to_the_nearest_open_site() -> None:
    pairs = pairs_between(np.array([0, 0]), np.array([0, 1]), np.array([900.0, 300.0]), 1, 2)
    assert maximal_covering(pairs, np.array([1.0]), 2).assigned.tolist() == [1]
    assert set_covering(pairs, fixed=[0]).assigned.tolist() == [0]


@pytest.mark.parametrize(
    ("within", "weight", "p", "words"),
    [
        (VALLEY.astype(float), PEOPLE, 1, "within"),
        (VALLEY[0], PEOPLE, 1, "within"),
        (VALLEY, PEOPLE[:2], 1, "weight"),
        (VALLEY, -PEOPLE, 1, "weight"),
        (VALLEY, PEOPLE, 4, "p"),
        (VALLEY, PEOPLE, 0, "p"),
    ],
)
def test_what_makes_no_sense_is_refused(within: BoolArray, weight: FloatArray, p: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        maximal_covering(within, weight, p)
    with pytest.raises(InputError, match="fixed"):
        set_covering(VALLEY, fixed=[3])


@dataclass(frozen=True, slots=True)
class Case:
    """A random case: villages no site reaches, villages of no weight, copies of villages and of sites."""

    within: BoolArray
    weight: FloatArray
    fixed: tuple[int, ...]

    def covered(self, sites: tuple[int, ...]) -> float:
        return float(self.weight[self.within[:, list(sites)].any(axis=1)].sum())

    def choices(self, p: int) -> list[tuple[int, ...]]:
        sites = range(self.within.shape[1])
        return [chosen for chosen in combinations(sites, p) if set(self.fixed) <= set(chosen)]

    def most(self, p: int) -> float:
        return max(self.covered(chosen) for chosen in self.choices(p))

    def fewest(self) -> float:
        for p in range(self.within.shape[1] + 1):
            if any(self.within[:, list(chosen)].any(axis=1).all() for chosen in self.choices(p)):
                return float(p)
        return np.inf


def random_case(seed: int) -> Case:
    chance = np.random.default_rng(seed)
    units, sites = int(chance.integers(1, 14)), int(chance.integers(1, 9))
    within = chance.random((units, sites)) < chance.uniform(0.1, 0.6)
    if seed % 3:
        within[np.arange(units), chance.integers(sites, size=units)] = True
    within = np.vstack([within, within[: chance.integers(units + 1)]])
    within = np.hstack([within, within[:, : chance.integers(3)]])
    weight = chance.integers(0, 6, len(within)) * (1.0 if seed % 2 else 0.37)
    fixed = tuple(int(j) for j in np.flatnonzero(chance.random(within.shape[1]) < 0.1))
    return Case(within, weight, fixed)


def check_plan(case: Case, said_open: list[int], assigned: list[int]) -> None:
    assert set(case.fixed) <= set(said_open)
    reached = case.within[:, said_open].any(axis=1)
    for unit, site in enumerate(assigned):
        assert (site >= 0) == reached[unit]
        assert site < 0 or (site in said_open and case.within[unit, site])


@pytest.mark.parametrize("seed", range(120))
def test_fewest_against_trying_everything(seed: int) -> None:
    case = random_case(seed)
    said = set_covering(case.within, fixed=case.fixed)
    assert said.value == said.bound == case.fewest()
    if said.status != "infeasible":
        assert len(said.open) == said.value
        check_plan(case, said.open.tolist(), said.assigned.tolist())


@pytest.mark.parametrize("seed", range(120))
def test_most_against_trying_everything(seed: int) -> None:
    case = random_case(seed)
    previous = 0.0
    for p in range(max(1, len(case.fixed)), case.within.shape[1] + 1, 2):
        said = maximal_covering(case.within, case.weight, p, fixed=case.fixed)
        assert said.value == pytest.approx(case.most(p)) and said.bound >= said.value >= previous - 1e-9
        assert said.status == "optimal" and len(said.open) == p
        assert case.covered(tuple(said.open)) == pytest.approx(said.value)
        check_plan(case, said.open.tolist(), said.assigned.tolist())
        previous = said.value


def scattered(seed: int, units: int = 300, sites: int = 60) -> Pairs:
    """Villages and sites by chance in a square of 10 km, in reach within 2 km."""
    chance = np.random.default_rng(seed)
    home, place = chance.uniform(0, 10_000, (units, 2)), chance.uniform(0, 10_000, (sites, 2))
    metres = np.hypot(*(home[:, None] - place[None]).T).T
    metres[np.arange(units), metres.argmin(axis=1)] = np.minimum(metres.min(axis=1), 2_000)
    unit, site = np.nonzero(metres <= 2_000)
    return pairs_between(unit, site, metres[unit, site], units, sites)


def renumbered(pairs: Pairs, unit: FloatArray, site: FloatArray) -> Pairs:
    return pairs_between(unit[pairs.unit], site[pairs.site], pairs.metres, pairs.units, pairs.sites)


@pytest.mark.parametrize("seed", range(3))
def test_other_numbers_for_villages_and_sites_change_no_value(seed: int) -> None:
    pairs, chance = scattered(seed), np.random.default_rng(seed)
    unit, site = chance.permutation(pairs.units), chance.permutation(pairs.sites)
    weight = chance.integers(1, 100, pairs.units).astype(float)
    other = renumbered(pairs, unit, site)
    assert set_covering(pairs).value == set_covering(other).value
    moved = np.zeros(pairs.units)
    moved[unit] = weight
    assert maximal_covering(pairs, weight, 5).value == maximal_covering(other, moved, 5).value


@pytest.mark.parametrize("seed", range(6))
def test_what_prices_leave_out_costs_no_value(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices do not close these; without a second opinion the answers are those of one plain program."""
    monkeypatch.setattr(covering, "SMALL", 0)
    monkeypatch.setattr(cover_fewest, "WORK", 1_000)
    monkeypatch.setattr(cover_most, "WORK", 1_000)
    pairs = scattered(seed, 150, 60)
    weight = np.random.default_rng(seed).integers(1, 100, pairs.units).astype(float)
    whole = covered(pairs, weight)
    assert set_covering(pairs).value == highs.solve(program(whole, None)).value
    for p in (4, 9):
        said = maximal_covering(pairs, weight, p)
        assert said.value == said.bound == pytest.approx(weight.sum() - highs.solve(program(whole, p)).value)


@pytest.mark.parametrize("seed", range(25))
def test_prices_know_what_opening_and_closing_a_site_costs(seed: int) -> None:
    case = random_case(3 * seed + 1)
    pairs = covering.pairs_within(case.within)
    whole, sites = covered(pairs, case.weight), pairs.sites
    used = whole.keep(np.ones(pairs.units, dtype=bool), case.within.any(axis=0))
    few = fewest_bound(used, float(len(used.site)), 30)
    free = Case(case.within, case.weight, ())
    covers = [c for p in range(1, sites + 1) for c in free.choices(p) if free.within[:, list(c)].any(axis=1).all()]
    for at, site in enumerate(used.site):
        assert few.bound + few.if_opened[at] <= min(len(c) for c in covers if site in c) + 1e-9
        assert few.bound + few.if_closed[at] <= min((len(c) for c in covers if site not in c), default=np.inf) + 1e-9
    for p in range(1, sites):
        much = most_bound(whole, p, free.most(p), 30, 0.5 * case.weight)
        for site in range(sites):
            into = max(free.covered(c) for c in free.choices(p) if site in c)
            out = max(free.covered(c) for c in free.choices(p) if site not in c)
            assert much.bound - much.if_opened[site] >= into - 1e-9
            assert much.bound - much.if_closed[site] >= out - 1e-9


def test_more_sites_cover_no_less_and_in_the_end_everybody() -> None:
    pairs = scattered(7)
    weight = np.ones(pairs.units)
    fewest = int(set_covering(pairs).value)
    values = [maximal_covering(pairs, weight, p).value for p in range(1, fewest + 1)]
    assert values == sorted(values) and values[-1] == pairs.units and values[-2] < pairs.units


def test_the_same_question_has_the_same_answer() -> None:
    pairs = scattered(3)
    one, two = set_covering(pairs), set_covering(pairs)
    assert one.open.tolist() == two.open.tolist()


def test_a_solver_that_claims_too_much_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def liar(program: Program, effort: Effort, start: FloatArray | None = None) -> Outcome:
        return Outcome("optimal", None, 3.0, 3.0)

    monkeypatch.setattr(highs, "solve", liar)
    with pytest.raises(SolverError, match=r"set_covering: worth 2.0 .* 3.0"):
        set_covering(VALLEY)


def test_no_time_gives_an_answer_and_an_honest_bound() -> None:
    pairs = scattered(11, 500, 60)
    said = set_covering(pairs, seconds=0.0)
    assert said.bound <= set_covering(pairs, seconds=10.0).value <= said.value
    most = maximal_covering(pairs, np.ones(pairs.units), 8, seconds=0.0)
    assert most.value <= maximal_covering(pairs, np.ones(pairs.units), 8, seconds=10.0).value <= most.bound

from __future__ import annotations

import csv
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from siting.errors import InputError, SolverError
from siting.location import highs
from siting.location.classics import p_median_tree as tree
from siting.location.classics.lagrangean import priced
from siting.location.classics.p_median import SMALL, p_median, p_medians
from siting.location.classics.p_median_program import narrow_program, p_median_program
from siting.location.classics.pairs import pairs_of
from siting.location.classics.solution import Solution
from siting.location.program import Effort, Outcome, Program

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "location"
LIBRARY = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "or_library"
TSPLIB = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "tsplib"

Floats = NDArray[np.float64]

STREET = np.array([[0.0, 300.0, 900.0], [200.0, 100.0, 700.0], [800.0, 500.0, 100.0], [np.inf, 600.0, 0.0]])
"""Four villages, three plots; no road leads from the last village to the first plot."""
PUPILS = np.array([10.0, 20.0, 30.0, 40.0])


def everything(metres: Floats, weight: Floats, p: int, fixed: tuple[int, ...] = ()) -> float:
    """The least value over all choices of p sites that hold the fixed ones, inf where none reaches everybody."""
    choices = [c for c in combinations(range(metres.shape[1]), p) if set(fixed) <= set(c)]
    return min((value_of(metres, weight, c) for c in choices), default=np.inf)


def value_of(metres: Floats, weight: Floats, sites: tuple[int, ...]) -> float:
    nearest = metres[:, list(sites)].min(axis=1)
    return float((weight * nearest).sum()) if np.isfinite(nearest).all() else np.inf


def assert_answers(found: Solution, metres: Floats, weight: Floats, p: int) -> None:
    """The answer is one: p sites, everybody at an open allowed one, the value as it adds up."""
    units = np.arange(len(weight))
    assert len(set(found.open.tolist())) == p and set(found.assigned.tolist()) <= set(found.open.tolist())
    assert float((weight * metres[units, found.assigned]).sum()) == pytest.approx(found.value)
    assert found.bound <= found.value


def random_case(seed: int) -> tuple[Floats, Floats, int, tuple[int, ...]]:
    """Up to 12 units and 8 sites: often equal metres, missing pairs, units without weight, fixed sites."""
    random = np.random.default_rng(seed)
    units, sites = random.integers(1, 13), random.integers(1, 9)
    metres = random.integers(0, 10, (units, sites)).astype(float) if seed % 2 else random.random((units, sites)) * 1e4
    metres[random.random((units, sites)) < random.choice([0.0, 0.3, 0.6])] = np.inf
    weight = random.integers(0, 4, units).astype(float)
    p = int(random.integers(1, sites + 1))
    fixed = random.permutation(sites)[: random.integers(0, p + 1)] if seed % 3 == 0 else []
    return metres, weight, p, tuple(int(j) for j in fixed)


def plane(units: int, sites: int, seed: int = 0) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    here, there = random.random((units, 2)) * 1e4, random.random((sites, 2)) * 1e4
    return np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1)), random.integers(1, 50, units).astype(float)


def test_villages_on_a_street() -> None:
    """Plots 0 and 2: 0 + 20 x 200 + 30 x 100 + 0 = 7000; 0 and 1: 2000 + 15000 + 24000; 1 and 2: 3000 + 2000 + 3000."""
    found = p_median(STREET, PUPILS, 2)
    assert found.open.tolist() == [0, 2] and found.assigned.tolist() == [0, 0, 2, 2]
    assert found.value == found.bound == 7000.0 and found.status == "optimal" and found.gap == 0.0
    assert found.incumbents[-1].value == 7000.0


def test_a_fixed_plot_is_open() -> None:
    """Plots 1 and 2: 10 x 300 + 20 x 100 + 30 x 100 + 0 = 8000."""
    found = p_median(STREET, PUPILS, 2, fixed=[1])
    assert found.open.tolist() == [1, 2] and found.value == 8000.0


def test_nobody_can_be_left_without_a_plot() -> None:
    """Plot 0 alone does not reach the last village, even where nobody lives there."""
    assert p_median(STREET, np.array([9.0, 0.0, 0.0, 0.0]), 1).open.tolist() == [1]
    found = p_median(STREET, PUPILS, 1, fixed=[0])
    assert found.status == "infeasible" and found.value == np.inf and found.assigned.tolist() == [-1] * 4


def test_one_site_and_every_site() -> None:
    """One: the column with the least sum. All: the nearest of each, and no search."""
    metres, weight = plane(40, 30)
    assert p_median(metres, weight, 1).value == pytest.approx((weight @ metres).min())
    assert p_median(metres, weight, 30).value == pytest.approx(float(weight @ metres.min(axis=1)))


def test_no_units_cost_nothing() -> None:
    found = p_median(np.zeros((0, 3)), np.zeros(0), 2)
    assert found.value == found.bound == 0.0 and len(found.open) == 2 and found.status == "optimal"


@pytest.mark.parametrize("block", range(6))
def test_small_cases_against_everything(block: int) -> None:
    for seed in range(50 * block, 50 * block + 50):
        metres, weight, p, fixed = random_case(seed)
        least = everything(metres, weight, p, fixed)
        found = p_median(metres, weight, p, fixed=fixed)
        assert found.value == pytest.approx(least) and found.bound == pytest.approx(least), seed
        assert found.status == ("infeasible" if least == np.inf else "optimal"), seed
        if least < np.inf:
            assert_answers(found, metres, weight, p)
            assert set(fixed) <= set(found.open.tolist()), seed


@pytest.mark.parametrize("seed", range(4))
def test_one_program_says_the_same(seed: int) -> None:
    """Costs at random leave wide gaps, so the tree has work to do; more pairs than are checked on the way."""
    random = np.random.default_rng(seed)
    metres, weight = random.integers(1, 100, (51, 40)).astype(float), np.ones(51)
    found = p_median(metres, weight, 8 + seed)
    outcome = highs.solve(p_median_program(pairs_of(metres), weight, 8 + seed, np.zeros(0, dtype=np.int64)))
    assert found.status == outcome.status == "optimal" and found.value == pytest.approx(outcome.value)


@pytest.mark.parametrize("stages", [(0, 5_000), (5_000, 0), (3, 5_000)])
def test_every_stage_of_the_search_proves_alone(stages: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last tree, only the first two, all of them; with steps alone, and with prices of linear programs."""
    metres, weight = np.random.default_rng(5).integers(1, 100, (51, 40)).astype(float), np.ones(51)
    expected = p_median(metres, weight, 9).value
    for name, number in zip(("QUICK", "NODES"), stages, strict=True):
        monkeypatch.setattr(tree, name, number)
    found = p_median(metres, weight, 9)
    assert found.value == found.bound == expected and found.status == "optimal"


def test_prices_of_a_linear_program_are_the_best() -> None:
    """No prices give more than the linear program is worth, and its own give as much."""
    metres, weight = np.random.default_rng(2).integers(1, 100, (30, 30)).astype(float), np.ones(30)
    solve = p_medians(metres, weight)
    rows, standing = solve.problem.rows, np.zeros(30, dtype=np.int8)
    said = highs.duals(narrow_program(rows, standing, 6), 60.0)
    gain = np.zeros(30)
    bound = priced(rows, said.row[:30].copy(), gain) + np.sort(gain)[:6].sum()
    program = p_median_program(pairs_of(metres), weight, 6, np.zeros(0, dtype=np.int64))
    assert bound == pytest.approx(highs.solve(program.relaxed()).value)
    assert bound <= solve(6).value


def test_a_search_without_time_still_answers() -> None:
    """Its answer is worth what it says, and its bound is below the optimum."""
    metres, weight = plane(300, 60)
    best, found = p_median(metres, weight, 9), p_median(metres, weight, 9, seconds=0.0)
    assert best.status == "optimal" and found.status == "stopped early"
    assert found.bound <= best.value <= found.value
    assert_answers(found, metres, weight, 9)


def test_a_tree_that_is_cut_short_keeps_a_true_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    metres, weight = np.random.default_rng(5).integers(1, 100, (60, 40)).astype(float), np.ones(60)
    best = p_median(metres, weight, 5)
    monkeypatch.setattr(tree, "QUICK", 2)
    monkeypatch.setattr(tree, "NODES", 2)
    found = p_median(metres, weight, 5)
    assert found.status == "stopped early" and 0 < found.bound <= best.value <= found.value


def test_renumbered_it_is_the_same() -> None:
    metres, weight = plane(150, 40)
    random = np.random.default_rng(1)
    unit, site = random.permutation(150), random.permutation(40)
    one, other = p_median(metres, weight, 7), p_median(metres[unit][:, site], weight[unit], 7)
    assert other.value == pytest.approx(one.value)
    assert sorted(site[other.open].tolist()) == one.open.tolist()
    assert site[other.assigned].tolist() == one.assigned[unit].tolist()


def test_the_same_question_has_the_same_answer() -> None:
    metres, weight = plane(200, 50)
    one, other = p_median(metres, weight, 10), p_median(metres, weight, 10)
    assert one.open.tolist() == other.open.tolist() and one.value == other.value


def test_pairs_far_from_everybody_do_not_matter() -> None:
    """Of 40 sites the 20 nearest of each unit hold the best of p = 12 here; without them it is the same problem."""
    metres, weight = plane(120, 40)
    near = np.where(metres <= np.sort(metres, axis=1)[:, 19:20], metres, np.inf)
    assert p_median(pairs_of(near), weight, 12).value == pytest.approx(p_median(metres, weight, 12).value)


def test_sites_that_only_just_reach_everybody_are_found() -> None:
    """Each of 12 units has two sites of its own; 12 must open, one for each, the cheaper one."""
    metres = np.full((12, 24), np.inf)
    metres[np.arange(12), np.arange(12)], metres[np.arange(12), 12 + np.arange(12)] = 50.0, 70.0
    assert p_median(metres, np.ones(12), 12).value == 600.0
    assert p_median(metres, np.ones(12), 11).status == "infeasible"


def test_one_that_remembers_answers_as_one_that_does_not() -> None:
    metres, weight = plane(150, 40)
    solve = p_medians(metres, weight, fixed=[3])
    for p in (5, 6, 12, 4):
        assert solve(p).value == pytest.approx(p_median(metres, weight, p, fixed=[3]).value)


def test_a_second_method_that_disagrees_stops_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "solve", lambda *_: Outcome("optimal", np.ones(1), 7001.0, 7001.0))
    with pytest.raises(SolverError, match=r"p = 2: value 7000\.0.*value 7001\.0"):
        p_median(STREET, PUPILS, 2)
    monkeypatch.setattr(highs, "solve", lambda *_: Outcome("infeasible", None, np.inf, -np.inf))
    with pytest.raises(SolverError, match=r"p = 2: value 7000\.0"):
        p_median(STREET, PUPILS, 2)


def test_a_large_problem_has_no_second_method(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(program: Program, effort: Effort) -> Outcome:
        raise AssertionError(f"{len(program.cost)} columns, {effort}")

    monkeypatch.setattr(highs, "solve", refuse)
    assert SMALL < 60 * 40
    assert p_median(*plane(60, 40), 5).status == "optimal"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p": 4}, r"p: is 4.*1\.\.3"),
        ({"p": 0}, r"p: is 0"),
        ({"p": 1, "fixed": [0, 1]}, r"p: is 1.*2\.\.3"),
        ({"fixed": [3]}, r"fixed: holds 3"),
        ({"weight": -PUPILS}, r"weight: 4 numbers"),
        ({"weight": PUPILS[:2]}, r"weight: has shape \(2,\)"),
        ({"metres": -STREET[:, :2]}, r"metres: 7 are no metres"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, object], words: str) -> None:
    given = {"metres": STREET, "weight": PUPILS, "p": 2} | change
    with pytest.raises(InputError, match=words):
        p_median(**given)  # type: ignore[arg-type]


def test_each_row_of_the_program_says_its_sentence() -> None:
    program = p_median_program(pairs_of(np.array([[1.0, np.inf], [3.0, 2.0]])), np.array([2.0, 5.0]), 1, np.array([1]))
    said = [program.sentence(row) for row in range(len(program.row_lower))]
    assert said == ["assign: unit 0", "assign: unit 1", *[f"open: unit {u}" for u in USES], "count"]
    assert program.cost.tolist() == [0.0, 0.0, 2.0, 10.0, 15.0]
    assert program.lower.tolist() == [0.0, 1.0, 0.0, 0.0, 0.0]


USES = ("0 at site 0", "1 at site 1", "1 at site 0")


def published(folder: Path, name: str) -> tuple[Floats, Floats]:
    def columns(file: str, *names: str) -> Floats:
        with (folder / name / file).open(encoding="utf-8") as lines:
            return np.array([[float(row[n]) for n in names] for row in csv.DictReader(lines)])

    here, there = columns("demand.csv", "x_m", "y_m"), columns("sites.csv", "x_m", "y_m")
    return np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1)), columns("demand.csv", "population")[:, 0]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="reference data not given")
@pytest.mark.parametrize(
    ("name", "p", "value"), [("gongyi", 22, 1567390.8), ("gongyi", 24, 1493475.9), ("zy", 12, 1540.1)]
)
def test_published_counties(name: str, p: int, value: float) -> None:
    found = p_median(*published(FOLDER, name), p)
    assert found.status == "optimal" and found.value / 1000 == pytest.approx(value, abs=0.06)


@pytest.mark.skipif(not LIBRARY.is_dir(), reason="reference data not given")
def test_published_graphs() -> None:
    with (LIBRARY / "answers.csv").open(encoding="utf-8") as lines:
        answers = {
            row["instance"]: float(row["value"]) for row in csv.DictReader(lines) if row["problem"] == "p_median"
        }
    assert len(answers) == 20
    for name, value in answers.items():
        numbers = [int(word) for word in (LIBRARY / f"{name}.txt").read_text().split()]
        graph = np.zeros((numbers[0], numbers[0]))
        for a, b, length in np.reshape(numbers[3 : 3 + 3 * numbers[1]], (-1, 3)):
            graph[a - 1, b - 1] = graph[b - 1, a - 1] = length
        found = p_median(shortest_path(graph, directed=False), np.ones(numbers[0]), numbers[2])
        assert (found.value, found.bound, found.status) == (value, value, "optimal"), name


@pytest.mark.skipif(not TSPLIB.is_dir(), reason="reference data not given")
def test_a_published_drilling_plan() -> None:
    rows = [line.split() for line in (TSPLIB / "rl1304.tsp").read_text().splitlines()]
    at = np.array([[float(row[1]), float(row[2])] for row in rows if len(row) == 3 and row[0].isdigit()])
    metres = np.floor(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)))
    found = p_median(metres, np.ones(len(at)), 500)
    assert found.value == found.bound == 97024.0

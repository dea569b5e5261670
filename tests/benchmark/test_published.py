from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path

import numpy as np
import published
import pytest
from answers import Row
from benchmark.folders import HEAD, every_form, write
from instances import Instance

from siting.errors import SolverError
from siting.location.classics import Solution

Solve = Callable[[Row, Instance, bool, float], Solution]


def tried_out(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Solution:
    """The best of all answers; catchments of these few units are contiguous by themselves."""
    places = one.places
    is_covering = row.problem.endswith("covering")
    counts = [one.p] if one.p and row.problem != "set_covering" else range(1, len(places.site) + 1)
    best: tuple[float, tuple[int, ...], tuple[int, ...]] = (np.inf, (), ())
    for opened in (chosen for count in counts for chosen in combinations(range(len(places.site)), count or 0)):
        for used in product((*opened, -1) if is_covering else opened, repeat=len(places.unit)):
            best = min(best, (_worth(row, one, opened, used), opened, used))
    value = -best[0] if row.problem == "maximal_covering" else best[0]
    return Solution(np.array(best[1]), np.array(best[2]), value, value, "optimal", ())


def _worth(row: Row, one: Instance, opened: tuple[int, ...], used: tuple[int, ...]) -> float:
    places, units = one.places, np.arange(len(used))
    near = one.metres[units, used] <= one.radius
    is_served = np.array(used) >= 0
    if row.problem == "maximal_covering":
        return float(-places.weight[is_served].sum()) if near[is_served].all() else np.inf
    if row.problem == "set_covering":
        return float(len(opened)) if (near & is_served).all() else np.inf
    if row.problem.startswith("capacitated") and places.demand is not None and places.capacity is not None:
        loads = np.bincount(used, weights=places.demand, minlength=len(places.site))
        if (loads > places.capacity).any():
            return np.inf
    walked = float(places.weight @ one.metres[units, used])
    is_paid = row.problem.endswith("location") and places.fixed_cost is not None
    return walked + (float(places.fixed_cost[list(opened)].sum()) if is_paid and places.fixed_cost is not None else 0.0)


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], solve: Solve, *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(published, "solved", solve)
    status = published.main(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_form_is_solved_compared_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / "result.json"
    data = every_form(tmp_path / "data")
    status, out, err = run(monkeypatch, capsys, tried_out, str(data), "--json", str(result))
    assert (status, err) == (0, "")
    assert len([line for line in out.splitlines() if line.endswith(" optimal")]) == 13  # 12 rows, 1 contiguous as well
    rows = json.loads(result.read_text(encoding="utf-8"))["rows"]
    assert [row["difference_percent"] for row in rows if not row["contiguous"]] == [0.0] * 12
    assert [(row["value"], row["published"]) for row in rows if row["contiguous"]] == [(160.0, None)]


def test_one_instance_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(monkeypatch, capsys, tried_out, str(every_form(tmp_path)), "--only", "graph")
    assert status == 0 and "library: p_median: 1 rows, 1 proved" in out and "places" not in out


def test_an_answer_that_does_not_add_up_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def boasts(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Solution:
        right = tried_out(row, one, is_contiguous, seconds)
        return Solution(right.open, right.assigned, right.value + 1.0, right.bound, "stopped early", ())

    status, _, err = run(monkeypatch, capsys, boasts, str(every_form(tmp_path)), "--only", "graph")
    assert status == 1
    assert err == "refused: library/graph p_median: the value is 5.0, not 6.0\n"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("graph,p_median,,,graph,7,1", "5.0 is better than 7.0, which is proved to be the best"),
        ("graph,p_median,,,graph,3,0", "the bound 5.0 denies the published answer worth 3.0"),
    ],
)
def test_a_published_value_that_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, words: str
) -> None:
    write(every_form(tmp_path) / "library", {"answers.csv": f"{HEAD}{answer}\n"})
    status, _, err = run(monkeypatch, capsys, tried_out, str(tmp_path), "--only", "graph")
    assert (status, err) == (1, f"refused: library/graph p_median: {words}\n")


def test_covering_is_better_where_it_is_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(every_form(tmp_path) / "cover", {"answers.csv": f"{HEAD}points,maximal_covering,1,800,euclidean,10,1\n"})
    status, _, err = run(monkeypatch, capsys, tried_out, str(tmp_path), "--only", "points")
    assert status == 1 and "12.0 is better than 10.0, which is proved to be the best" in err


def test_a_disagreement_of_the_solver_is_refused_and_the_others_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Solution:
        if row.name == "t":
            raise SolverError("144 where 146 is best")
        return tried_out(row, one, is_contiguous, seconds)

    status, out, err = run(monkeypatch, capsys, fails, str(every_form(tmp_path)), "--only", "p_median")
    assert (status, err) == (1, "refused: tsp/t p_median: 144 where 146 is best\n")
    assert "library: p_median: 1 rows, 1 proved" in out


def test_infeasible_is_no_answer_to_what_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = np.zeros(0, dtype=np.int64)

    def gives_up(row: Row, one: Instance, is_contiguous: bool, seconds: float) -> Solution:
        return Solution(nobody, nobody, np.inf, np.inf, "infeasible", ())

    status, _, err = run(monkeypatch, capsys, gives_up, str(every_form(tmp_path)), "--only", "graph")
    assert status == 1 and "it is called infeasible, but there is an answer worth 5.0" in err


def test_what_is_broken_is_named_and_the_others_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = every_form(tmp_path)
    (data / "tsp" / "t.tsp").unlink()
    write(data / "loads", {"answers.csv": f"{HEAD}corners,p_dispersion,,,euclidean,7,1\n"})
    status, out, err = run(monkeypatch, capsys, tried_out, str(data), "--only", "*")
    assert status == 2
    assert "loads/answers.csv row 1 (corners): unknown problem 'p_dispersion'" in err
    assert "tsp/answers.csv row 1: there is no tsp/t" in err
    assert "places: set_covering: 1 rows, 1 proved" in out


def test_a_folder_without_answers_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(monkeypatch, capsys, tried_out, str(tmp_path))
    assert (status, out) == (2, "") and "no answers.csv" in err


@pytest.mark.parametrize(("only", "rows"), [("p_median", 3), ("cover", 2), ("set_covering", 1)])
def test_the_package_answers_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str], only: str, rows: int) -> None:
    assert published.main([str(every_form(tmp_path)), "--only", only, "--seconds", "20"]) == 0
    assert len([line for line in capsys.readouterr().out.splitlines() if line.endswith(" optimal")]) == rows

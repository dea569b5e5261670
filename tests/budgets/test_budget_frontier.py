"""What each further kindergarten brings to a line of villages, worked out on paper and by trying every set."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import line_county
import openpyxl
import pytest
import small_county
from line_county import uncovered
from typer.testing import CliRunner

from siting import cli
from siting.budgets import frontier_of, plan_frontier
from siting.budgets.tables import frontier_line
from siting.errors import InputError
from siting.plan import TierPlan
from siting.plan_file import read_plan
from siting.run import Base
from siting.scenario import alone, pool, works

KEY = "kindergarten-rural"
PEOPLE = [500.0, 900.0, 700.0, 1500.0, 400.0, 2000.0, 800.0, 1200.0, 600.0, 300.0]
CANDIDATES = (2, 4, 6, 8)
BEST = [min(uncovered(PEOPLE, some) for some in combinations(CANDIDATES, new)) for new in range(5)]
"""7500, 3500 (N6), 1300 (N2 N6), 400 (N2 N6 N8), 0."""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The line with a budget of two, its file there and its layers not needed."""
    file = tmp_path / "study.toml"
    file.write_text('[study]\nname = "一线"\n', encoding="utf-8")
    base = line_county.base(PEOPLE, CANDIDATES, 2)
    base = Base(replace(base.project, folder=tmp_path, file=file), base.book, base.area)
    monkeypatch.setattr(alone, "check_base", lambda path: (base, ()))
    return file


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in the place of processes, which take seconds to begin, and plans without maps and tables."""
    monkeypatch.setattr(works, "EXPORTERS", line_county.FEW_FILES)
    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(workers))


def part(uncovered: tuple[float, float], over: tuple[float, float] = (0.0, 0.0), new: int = 0) -> TierPlan:
    """A plan with two goals, each a value and a bound."""
    made, goals = small_county.tier_plan(), (("uncovered", uncovered), ("over", over))
    built = next(site for site in made.sites if site.action == "new")
    stages = tuple(small_county.stage(goal, *pair) for goal, pair in goals)
    return replace(made, stages=stages, sites=(built,) * new)


def test_in_processes_of_their_own(study: Path, tmp_path: Path) -> None:
    made = plan_frontier(study, KEY, tmp_path / "out", most=1)
    assert made.frontier is not None
    assert [one.known for one in made.frontier.points] == BEST[:2]
    assert (tmp_path / "out" / "new_1" / "map.html").is_file()


@pytest.mark.usefixtures("in_threads")
def test_every_point_is_the_best_there_is(study: Path, tmp_path: Path) -> None:
    made = plan_frontier(study, KEY, tmp_path / "out")
    assert made.frontier is not None
    points = made.frontier.points
    assert [one.count for one in points] == [one.built for one in points] == [0, 1, 2, 3, 4]
    assert [one.known for one in points] == [one.least for one in points] == BEST
    assert [one.brings for one in points][1:] == [BEST[new] - BEST[new + 1] for new in range(4)]
    assert (made.frontier.announced, made.frontier.goal) == (2, "uncovered")
    assert (made.frontier.enough, made.frontier.is_enough_proved) == (BEST.index(0.0), True)
    plan = read_plan(tmp_path / "out" / "new_3" / "plan.json")
    assert plan.parts[0].count("new") == 3


@pytest.mark.usefixtures("in_threads")
def test_a_second_run_makes_nothing_and_a_killed_one_goes_on(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, made = tmp_path / "out", list[str]()
    make = alone.make

    def note(work: Any, *words: Any, **named: Any) -> Any:
        made.append(work.key)
        return make(work, *words, **named)

    monkeypatch.setattr(alone, "make", note)
    plan_frontier(study, KEY, out, most=1)
    plan_frontier(study, KEY, out, most=2)
    assert sorted(made) == ["new_0", "new_1", "new_2"]
    shutil.rmtree(out / "new_1")
    again = plan_frontier(study, KEY, out, most=2)
    assert [done.is_new for done in again.every] == [False, True, False]


@pytest.mark.usefixtures("in_threads")
def test_tables_and_facts_say_the_same(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["frontier", str(study), "--programme", KEY, "--out", str(out), "--lang", "zh"]
    said = CliRunner().invoke(cli.app, words)
    assert said.exit_code == 0, said.output
    assert f"公布新建 2 所：服务半径外人口 {BEST[2]:,.0f}" in said.output
    facts = json.loads(CliRunner().invoke(cli.app, [*words, "--json"]).stdout)
    assert [one["known"] for one in facts["points"]] == BEST
    assert {key: facts[key] for key in ("announced", "enough", "exit_code")} == {
        "announced": 2, "enough": 4, "exit_code": 0,
    }  # fmt: skip
    sheet = openpyxl.load_workbook(out / "frontier" / "frontier.xlsx").worksheets[1]
    assert [sheet.cell(row, 5).value for row in range(4, 9)] == BEST
    assert sheet.cell(6, 2).value == "公布数"
    written = json.loads((out / "frontier" / "frontier.json").read_text(encoding="utf-8"))
    assert written["points"] == facts["points"]


def test_what_is_not_known_is_asked_for(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="Nearest: kindergarten-rural"):
        plan_frontier(study, "kindergarten-rurral", tmp_path / "out")
    free = line_county.base(PEOPLE, CANDIDATES, None)
    base = replace(free, project=replace(free.project, folder=tmp_path, file=study))
    monkeypatch.setattr(alone, "check_base", lambda path: (base, ()))
    with pytest.raises(InputError, match="--most"):
        plan_frontier(study, KEY, tmp_path / "out")


def test_neighbours_lend_answers_and_bounds() -> None:
    """Searches that stopped early: (50, 10), (60, 40), (30, 20). One more is never worse: 50, 50, 30 and 40, 40, 20."""
    parts = [(new, part(pair, new=new)) for new, pair in enumerate([(50.0, 10.0), (60.0, 40.0), (30.0, 20.0)])]
    frontier = frontier_of(1, parts)
    assert [one.known for one in frontier.points] == [50.0, 50.0, 30.0]
    assert [one.least for one in frontier.points] == [40.0, 40.0, 20.0]
    assert [one.value[0] for one in frontier.points] == [50.0, 60.0, 30.0]
    assert frontier.enough is None
    assert "With 2 there are still 30 (bound 20)" in frontier_line(frontier).en


def test_where_everybody_is_covered_the_next_goal_is_looked_at_and_nothing_is_lent() -> None:
    overs = [(80.0, 80.0), (20.0, 0.0), (25.0, 25.0), (0.0, 0.0)]
    frontier = frontier_of(2, [(new, part((0.0, 0.0), pair, new)) for new, pair in enumerate(overs)])
    assert frontier.goal == "over"
    assert [(one.known, one.least) for one in frontier.points] == overs
    assert (frontier.enough, frontier.is_enough_proved) == (3, False)
    proved = frontier_of(2, [(new, part((0.0, 0.0), (pair[0], pair[0]), new)) for new, pair in enumerate(overs)])
    assert proved.is_enough_proved

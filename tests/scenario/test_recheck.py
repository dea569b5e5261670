"""Everything that was written is looked at again, in its folder and with what it needs beside it."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import line_county
import pytest
import scenario_cases as cases
from typer.testing import CliRunner

from siting import cli, recheck
from siting.budgets import plan_frontier
from siting.budgets import run as budgets_run
from siting.errors import InputError
from siting.export import judging
from siting.recheck import recheck as again
from siting.robust import robust
from siting.robust import run as robust_run
from siting.rules.verdict import Check
from siting.run import Base
from siting.scenario import alone, pool, whatif, works

KEY = "kindergarten-rural"
PEOPLE = [500.0, 900.0, 700.0, 1500.0, 400.0, 2000.0, 800.0, 1200.0, 600.0, 300.0]
VETO = '[[change]]\nkind = "forbid_site"\nsite = "N6"\ntier = "kindergarten"\nreason = "sold"\n'
LOCK = '[[change]]\nkind = "lock_site"\nsite = "N6"\ntier = "kindergarten"\nreason = "promised"\n'


def patched(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """The line with a budget of one, its file there and its layers not needed; threads instead of processes."""
    file = folder / "study.toml"
    file.write_text('[study]\nname = "一线"\n', encoding="utf-8")
    base = line_county.base(PEOPLE, (2, 4, 6, 8), 1)
    base = Base(replace(base.project, folder=folder, file=file), base.book, base.area)
    monkeypatch.setattr(works, "EXPORTERS", line_county.FEW_FILES)
    monkeypatch.setattr(works, "COMPARISON_EXPORTERS", line_county.FEW_COMPARED)
    for module in (whatif, alone, recheck):
        monkeypatch.setattr(module, "check_base", lambda path: (base, ()))
    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(1))
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study, two scenarios and everything that comes of them."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as monkeypatch:
        study = patched(monkeypatch, folder)
        files = [cases.written(folder, VETO, "veto"), cases.written(folder, LOCK, "lock")]
        assert robust(study, files, folder / "out").exit_code in (0, 1)
        assert plan_frontier(study, KEY, folder / "points", most=2).exit_code == 0
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder, to be damaged."""
    shutil.copytree(made, tmp_path / "copy")
    patched(monkeypatch, tmp_path / "copy")
    return tmp_path / "copy"


def found(folder: Path, where: str, scenario: Path | None = None) -> tuple[Check, ...]:
    return again(folder / "study.toml", folder / where, scenario)


def structure(checks: tuple[Check, ...]) -> dict[str, bool | None]:
    """What the verifier says of the file itself, whatever the rules say."""
    files = ("PLAN-", "COMPARISON-", "ROBUST-", "FRONTIER-")
    return {check.rule: check.kept for check in checks if check.rule.startswith(files)}


@pytest.mark.parametrize(
    ("where", "first"),
    [
        ("out/base", "PLAN-PROGRAMMES"),
        ("out/base/plan.json", "PLAN-PROGRAMMES"),
        ("out/veto", "PLAN-PROGRAMMES"),
        ("out/lock", "PLAN-PROGRAMMES"),
        ("out/comparisons/veto", "COMPARISON-FILE"),
        ("out/comparisons/lock/comparison.json", "COMPARISON-FILE"),
        ("out/robust", "ROBUST-FILE"),
        ("points/frontier", "FRONTIER-FILE"),
        ("points/new_0", "PLAN-PROGRAMMES"),
        ("points/new_2", "PLAN-PROGRAMMES"),
    ],
)
def test_what_was_written_is_kept(here: Path, where: str, first: str) -> None:
    said = structure(found(here, where))
    assert next(iter(said)) == first
    assert all(said.values())


def _spoil(file: Path, *place: Any, value: object) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    *way, last = place
    held = content
    for step in way:
        held = held[step]
    held[last] = value
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("where", "file", "place", "rule"),
    [
        ("out/base", "plan.json", ("parts", 0, "radius_m"), "PLAN-NUMBERS"),
        ("out/comparisons/veto", "comparison.json", ("totals", 0, "base"), "COMPARISON-TOTALS"),
        ("out/robust", "robust.json", ("programmes", 0, "by_mean", "bound"), "ROBUST-BOUNDS"),
        ("points/frontier", "frontier.json", ("points", 1, "known"), "FRONTIER-KNOWN"),
    ],
)
def test_what_was_spoiled_is_caught_by_the_command(
    here: Path, where: str, file: str, place: tuple[Any, ...], rule: str
) -> None:
    _spoil(here / where / file, *place, value=123456.0)
    said = CliRunner().invoke(cli.app, ["verify", str(here / "study.toml"), str(here / where), "--json"])
    assert said.exit_code == 1, said.output
    assert rule in [check["rule"] for check in json.loads(said.stdout)["checks"] if check["kept"] is False]


def test_a_plan_without_its_scenario_says_what_is_missing(here: Path) -> None:
    elsewhere = here / "elsewhere"
    elsewhere.mkdir()
    file = (here / "veto.toml").rename(elsewhere / "mine.toml")
    for where in ("out/veto", "out/comparisons/veto"):
        with pytest.raises(InputError, match=r"made with the scenario veto\.toml.* --scenario"):
            found(here, where)
        assert all(structure(found(here, where, file)).values())
    said = CliRunner().invoke(
        cli.app, ["verify", str(here / "study.toml"), str(here / "out" / "veto"), "--scenario", str(file), "--json"]
    )
    assert all(structure_of(said.stdout).values())
    file.write_text(file.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml: is not the scenario that veto was made with"):
        found(here, "out/veto", file)


def structure_of(answer: str) -> dict[str, bool]:
    return {check["rule"]: check["kept"] for check in json.loads(answer)["checks"] if check["rule"].startswith("PLAN-")}


def test_scenarios_are_found_in_their_usual_folder(here: Path) -> None:
    (here / "scenarios").mkdir()
    (here / "lock.toml").rename(here / "scenarios" / "lock.toml")
    assert all(structure(found(here, "out/lock")).values())


@pytest.mark.parametrize(
    ("where", "gone", "missing"),
    [
        ("out/comparisons/veto", "out/base", "base/plan.json"),
        ("out/comparisons/veto", "out/veto", "veto/plan.json"),
        ("out/robust", "out/lock", "lock/plan.json"),
        ("points/frontier", "points/new_2", "new_2/plan.json"),
    ],
)
def test_what_is_not_beside_it_is_said(here: Path, where: str, gone: str, missing: str) -> None:
    shutil.rmtree(here / gone)
    with pytest.raises(InputError, match=f"json: needs .*{missing}"):
        found(here, where)


def test_a_folder_with_nothing_to_check_names_those_that_have(here: Path) -> None:
    with pytest.raises(InputError, match=r"base, comparisons/lock, comparisons/veto, lock, robust, veto\."):
        found(here, "out")
    (here / "empty").mkdir()
    with pytest.raises(InputError, match=r"holds none of plan\.json, ahead\.json.*Check the path"):
        found(here, "empty")
    with pytest.raises(InputError, match=r"nowhere: cannot be read"):
        found(here, "nowhere")


def test_a_plan_by_a_name_of_its_own(here: Path) -> None:
    """Beside it nothing says which scenario it is of: the one that is named, else none."""
    (here / "out" / "veto" / "plan.json").rename(here / "mine.json")
    assert structure(found(here, "mine.json", here / "veto.toml"))["PLAN-PROGRAMMES"]
    shutil.copy(here / "out" / "base" / "plan.json", here / "other.json")
    assert all(structure(found(here, "other.json")).values())


# --- inside the runs -------------------------------------------------------------------------------------------


def test_a_robust_choice_that_does_not_add_up_exits_1(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_json = robust_run.robust_to_json

    def spoiled(choices: Any) -> str:
        content = json.loads(to_json(choices))
        content["programmes"][0]["by_mean"]["bound"] += 1.0
        return json.dumps(content)

    monkeypatch.setattr(robust_run, "robust_to_json", spoiled)
    words = ["robust", str(here / "study.toml"), str(here / "veto.toml"), "--out", str(here / "out"), "--lang", "zh"]
    said = CliRunner().invoke(cli.app, [*words, "--json"])
    assert said.exit_code == json.loads(said.stdout)["exit_code"] == 1
    shown = CliRunner().invoke(cli.app, words)
    assert "ROBUST-BOUNDS" in shown.stdout
    assert "ROBUST-MEANS" not in shown.stdout


def test_a_frontier_that_does_not_add_up_exits_1(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_json = budgets_run.frontier_to_json
    monkeypatch.setattr(budgets_run, "frontier_to_json", lambda one: to_json(replace(one, announced=7)))
    words = ["frontier", str(here / "study.toml"), "--programme", KEY, "--most", "2", "--out", str(here / "points")]
    said = CliRunner().invoke(cli.app, [*words, "--json"])
    assert said.exit_code == json.loads(said.stdout)["exit_code"] == 1
    assert "FRONTIER-ENOUGH" in CliRunner().invoke(cli.app, words).stdout


def test_a_plan_is_judged_with_what_is_said_of_the_years_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    study, _ = cases.prepared(line_county.base(PEOPLE, (2, 4), 1))
    plan = cases.make_plan(study, workers=1)
    assert "AHEAD-FILE" not in [check.rule for check in judging.judged(plan, study, 0.0).checks]
    monkeypatch.setattr(judging, "ahead_to_json", lambda result: "{")
    assert [check.kept for check in judging.judged(plan, study, 0.0).checks if check.rule == "AHEAD-FILE"] == [False]

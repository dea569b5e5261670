"""A base and scenarios in one command: whole folders, nothing solved twice, and on from where a run was killed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import scenario_cases as cases
from typer.testing import CliRunner

from siting import cli
from siting.errors import InputError, SolverError
from siting.export.judging import judged
from siting.location import Instance, StagedSolution, Start, solve
from siting.plan_file import read_plan
from siting.rules.verdict import Check
from siting.run import Base
from siting.scenario import memory, pool, whatif, works
from siting.scenario.memory import Memory, question_key
from siting.scenario.telling import what_if_code
from siting.scenario.whatif import what_if
from siting.scenario.works import Done
from siting.words import Phrase

FORBID = '[[change]]\nkind = "forbid_site"\nsite = "N4"\ntier = "kindergarten"\nreason = "sold"\n'
FEWER = '[[change]]\nkind = "change_births"\nfactor = 0.5\n'
NOTHING_HERE = '[[change]]\nkind = "change_births"\nfactor = 1\n'


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The six villages as a study whose file is there and whose layers need not be."""
    file = tmp_path / "study.toml"
    file.write_text('[study]\nname = "六村"\n', encoding="utf-8")
    base = cases.base()
    base = Base(replace(base.project, folder=tmp_path, file=file), base.book, base.area)
    monkeypatch.setattr(whatif, "check_base", lambda path: (base, ()))
    return file


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread in the place of processes, which take seconds to begin: warnings are caught by one at a time only."""
    monkeypatch.setattr(pool, "ProcessPoolExecutor", _threads)


def _threads(workers: int, **_: Any) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The questions that were solved, not found."""
    asked: list[str] = []

    def counting(instance: Instance, seconds: float, tell: Any, start: Start | None) -> StagedSolution:
        asked.append(question_key(instance, ""))
        return solve(instance, seconds, tell, start)

    monkeypatch.setattr(memory, "solve", counting)
    yield asked


def _files(folder: Path) -> list[Path]:
    return [cases.written(folder, FORBID, "veto"), cases.written(folder, FEWER, "fewer")]


def _content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def _refuse(*_: object) -> Any:
    raise AssertionError("solved again")


def test_plans_in_processes_of_their_own_and_nothing_twice(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    out, files = tmp_path / "out", _files(tmp_path)
    every = what_if(study, files, out, hear=lambda done: heard.append(done.key))
    assert [(done.key, done.is_new, done.trouble) for done in every] == [
        ("base", True, None),
        ("veto", True, None),
        ("fewer", True, None),
    ]
    assert sorted(heard) == ["base", "fewer", "veto"]
    assert [site.id for site in read_plan(out / "veto" / "plan.json").parts[0].sites] == ["S1", "S5"]
    prices = json.loads((out / "comparisons" / "veto" / "comparison.json").read_text(encoding="utf-8"))["prices"]
    assert len(prices) == 1
    before = _content(out)
    monkeypatch.setattr(whatif, "make", _refuse)
    monkeypatch.setattr(whatif, "found", _refuse)
    again = what_if(study, files, out)
    assert [done.is_new for done in again] == [False, False, False]
    assert _content(out) == before


@pytest.mark.usefixtures("in_threads")
def test_a_killed_run_goes_on_where_it_was(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while the second scenario was written: a folder under another name, and no plan of it."""
    out, files = tmp_path / "out", _files(tmp_path)
    what_if(study, files[:1], out)
    (out / ".fewer.writing").mkdir()
    (out / ".fewer.writing" / "plan.json").write_text("{", encoding="utf-8")
    made: list[str] = []
    monkeypatch.setattr(whatif, "make", _noting(made, whatif.make))
    what_if(study, files, out)
    assert made == ["fewer"]
    assert not (out / ".fewer.writing").exists()
    shutil.rmtree(out / "comparisons" / "veto")
    what_if(study, files, out)
    assert made == ["fewer"]
    assert (out / "comparisons" / "veto" / "comparison.json").is_file()


def _noting(made: list[str], make: Callable[..., Done]) -> Callable[..., Done]:
    def note(work: Any, *words: Any, **named: Any) -> Done:
        made.append(work.key)
        return make(work, *words, **named)

    return note


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize("place", ["plan", "comparison"])
def test_a_plan_that_stands_keeps_its_verdict(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Exit code 1 the first time, and the next time too, when nothing is made."""
    out, files = tmp_path / "out", _files(tmp_path)[:1]
    broken = Check("SUM", "", "must", False, 1.0, 0.0, (), Phrase("多算", "too much"), "")
    with monkeypatch.context() as patched:
        if place == "plan":
            patched.setattr(works, "judged", lambda *of: replace(judged(*of), checks=(broken,)))
        else:
            patched.setattr(works, "verify_comparison", lambda *_: (broken,))
        first = what_if(study, files, out)
    again = what_if(study, files, out)
    assert not any(done.is_new for done in again)
    assert [done.is_broken for done in again] == [done.is_broken for done in first]
    assert what_if_code(again) == 1


@pytest.mark.usefixtures("in_threads")
def test_a_changed_scenario_is_made_anew(study: Path, tmp_path: Path) -> None:
    out, files = tmp_path / "out", _files(tmp_path)
    what_if(study, files, out)
    cases.written(tmp_path, FEWER.replace("0.5", "0.7"), "fewer")
    again = what_if(study, files, out)
    assert [done.is_new for done in again] == [False, False, True]


@pytest.mark.usefixtures("in_threads")
def test_a_question_that_is_the_bases_is_not_solved_again(study: Path, tmp_path: Path, solved: list[str]) -> None:
    out = tmp_path / "out"
    every = what_if(study, [cases.written(tmp_path, NOTHING_HERE, "nothing")], out)
    assert len(solved) == 1
    assert [done.reused for done in every] == [0, 1]
    one, other = (read_plan(out / key / "plan.json").parts[0] for key in ("base", "nothing"))
    assert one == other


@pytest.mark.usefixtures("in_threads")
def test_the_search_for_a_scenario_begins_with_the_bases_plan(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Start | None] = []

    def watching(instance: Instance, seconds: float, tell: Any, start: Start | None) -> StagedSolution:
        begun.append(start)
        return solve(instance, seconds, tell, start)

    monkeypatch.setattr(memory, "solve", watching)
    what_if(study, _files(tmp_path)[:1], tmp_path / "out")
    part = read_plan(tmp_path / "out" / "base" / "plan.json").parts[0]
    first, *others = begun
    assert first is None and others
    for start in others:
        assert start is not None
        assert start.opened == {site.id for site in part.sites if site.action == "new"}
        assert start.site_of == {one.unit_id: one.site_id for one in part.assignments}


def test_an_answer_found_from_a_start_is_kept_under_its_start(tmp_path: Path) -> None:
    study, _ = cases.prepared(cases.base())
    kept = Memory(tmp_path, "")
    first = cases.make_plan(study, solver=kept.solve, workers=1)
    assert not kept.found
    cases.make_plan(study, solver=kept.solve, workers=1, start=first)
    assert len(kept.found) == 1
    lone = Memory(tmp_path / "other", "")
    cases.make_plan(study, solver=lone.solve, workers=1, start=first)
    cases.make_plan(study, solver=lone.solve, workers=1)
    assert not lone.found


def test_a_damaged_memory_is_no_answer(tmp_path: Path, solved: list[str]) -> None:
    study, _ = cases.prepared(cases.base())
    kept = Memory(tmp_path, "")
    first = cases.make_plan(study, solver=kept.solve, workers=1)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    again = Memory(tmp_path, "")
    second = cases.make_plan(study, solver=again.solve, workers=1)
    assert (len(solved), again.found) == (2, [])
    assert second.parts[0].sites == first.parts[0].sites


@pytest.mark.usefixtures("in_threads")
def test_what_stops_one_scenario_stops_no_other(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(work: Any, *words: Any, **named: Any) -> Done:
        if work.key == "veto":
            raise SolverError("stage walk: 1 is not 2")
        return make(work, *words, **named)

    make = whatif.make
    monkeypatch.setattr(whatif, "make", failing)
    every = what_if(study, _files(tmp_path), tmp_path / "out")
    assert [done.trouble is None for done in every] == [True, False, True]
    assert not (tmp_path / "out" / "veto").exists()


def test_all_faults_of_all_scenarios_before_anything_is_solved(study: Path, tmp_path: Path) -> None:
    files = [
        cases.written(tmp_path, FORBID.replace("N4", "N9"), "one"),
        cases.written(tmp_path, FORBID.replace("N4", "N8"), "two"),
    ]
    with pytest.raises(InputError) as flaw:
        what_if(study, files, tmp_path / "out")
    assert [fault.file for fault in flaw.value.faults] == ["one.toml", "two.toml"]
    with pytest.raises(InputError, match="Rename"):
        what_if(study, [cases.written(tmp_path, FORBID, "base")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_and_what_does_not_fit_come_at_once(study: Path, tmp_path: Path) -> None:
    """A change that is not sound hides no fault of the others, unless they may speak of the places it brings."""
    unknown, wrong = FORBID.replace("N4", "N9"), '[[change]]\nkind = "change_births"\nfactor = -2\n'
    estate = '[[change]]\nkind = "add_estate"\nname = "E"\nx = 1\ny = 1\ncrs = "EPSG:4547"\nphases = []\n'
    for text, said in ((wrong + unknown, ("factor", "N9")), (unknown + estate, ("phases", "N9"))):
        with pytest.raises(InputError) as flaw:
            what_if(study, [cases.written(tmp_path, text, "one")], tmp_path / "out")
        told = [fault.said_in("en") for fault in flaw.value.faults]
        assert len(told) == 2 and all(word in one for word, one in zip(said, told, strict=True))
    with pytest.raises(InputError) as flaw:
        what_if(study, [cases.written(tmp_path, estate + unknown, "one")], tmp_path / "out")
    assert [("phases" in fault.said_in("en")) for fault in flaw.value.faults] == [True]
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("in_threads", "study")
def test_the_command_tells_what_became_of_each(tmp_path: Path) -> None:
    words = ["whatif", str(tmp_path / "study.toml"), str(cases.written(tmp_path, FORBID, "veto"))]
    said = CliRunner().invoke(cli.app, [*words, "--out", str(tmp_path / "out"), "--json", "--lang", "en"])
    told = json.loads(said.stdout)
    assert said.exit_code == told["exit_code"] == 1  # the veto leaves 1200 people without a kindergarten near them
    assert [(plan["key"], plan["comparison"]) for plan in told["plans"]] == [
        ("base", None),
        ("veto", "comparisons/veto"),
    ]
    assert "a case: done in" in said.stderr

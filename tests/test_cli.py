from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import small_county
from click.testing import Result as Answer
from typer.testing import CliRunner

from siting import cli, project_file, recheck, run
from siting.errors import Fault, InputError, RuleError, SolverError
from siting.export import judging
from siting.plan import Plan
from siting.progress import Step, Tell
from siting.project import Project
from siting.rules.verdict import Check
from siting.run import Base, Study, study_of
from siting.study import Remark
from siting.words import Phrase

TWO_FAULTS = (
    Fault(
        "villages.csv",
        Phrase("3 行没有人口：V1、V2、V3。", "3 rows have no residents: V1, V2, V3."),
        Phrase("请补。", "Fill in."),
    ),
    Fault("roads.osm", Phrase("没有道路。", "has no roads."), Phrase("请换文件。", "Choose another file.")),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_county.project(tmp_path)


@pytest.fixture
def study(project: Project, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study that is read at once and planned at once, so that only the command line is tested."""
    monkeypatch.delenv("SITING_LANG", raising=False)
    study = study_of(project, small_county.book(), small_county.study_area())
    monkeypatch.setattr(project_file, "read_project", lambda path: project)
    monkeypatch.setattr(run, "prepared", lambda base: (study, ()))
    monkeypatch.setattr(run, "read_study", lambda path: study)
    monkeypatch.setattr(run, "make_plan", _tell_and_plan)
    base = Base(project, small_county.book(), small_county.study_area())
    for module in (run, recheck):
        monkeypatch.setattr(module, "check_base", lambda path: (base, ()))
    _answer_checks(monkeypatch, small_county.check(True))
    return study


def _tell_and_plan(study: Study, tell: Tell) -> Plan:
    tell(Step(Phrase("选址：农村幼儿园", "siting: rural kindergarten"), 5.0, 3.0))
    tell(Step(Phrase("选址：农村幼儿园", "siting: rural kindergarten"), 4.0, 4.0))
    return small_county.plan()


def _answer_checks(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    monkeypatch.setattr(run, "verify_plan", lambda plan, study: checks)
    for module in (judging, recheck):
        monkeypatch.setattr(module, "verify", lambda plan, area, project, book: checks)


def _fail_with(error: BaseException) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


def _ask(*words: str | Path) -> Answer:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.mark.usefixtures("study")
def test_a_plan_that_keeps_every_must_exits_0(tmp_path: Path) -> None:
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    assert answer.exit_code == 0
    assert "农村幼儿园" in answer.stdout
    assert "核查通过：符合 1 条" in answer.stdout
    assert str(tmp_path / "out" / "map.html") in answer.stdout
    assert "合成数据，仅供演示" in answer.stdout
    assert (tmp_path / "out" / "plan.json").is_file()


@pytest.mark.usefixtures("study")
def test_the_summary_counts_actions_and_covered_residents(tmp_path: Path) -> None:
    row = next(line for line in _ask("plan", "s.toml", "--out", tmp_path / "out").stdout.splitlines() if "%" in line)
    # 1 new, 1 extended, 1 kept; (10800 - 1700) / 10800 = 84.26 %
    assert [cell.strip() for cell in row.split("│")][2:6] == ["1", "1", "1", "84.26%"]


@pytest.mark.usefixtures("study")
def test_a_broken_must_exits_1_and_the_plan_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _answer_checks(monkeypatch, small_county.check(False))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    assert answer.exit_code == 1
    assert "核查不通过：符合 0 条，违反“必须” 1 条" in answer.stdout
    assert (tmp_path / "out" / "plan.json").is_file()


@pytest.mark.usefixtures("study")
def test_a_broken_should_exits_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _answer_checks(monkeypatch, small_county.check(False, "should"))
    assert _ask("plan", "study.toml", "--out", tmp_path / "out").exit_code == 0


@pytest.mark.usefixtures("study")
def test_bad_input_names_every_fault_and_exits_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "read_study", _fail_with(InputError(TWO_FAULTS)))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    assert answer.exit_code == 2
    assert answer.stderr.splitlines()[-2:] == [fault.said_in("zh") for fault in TWO_FAULTS]
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("study")
def test_check_lists_every_fault_and_exits_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "check_base", lambda path: (None, TWO_FAULTS))
    answer = _ask("check", "study.toml", "--lang", "en")
    assert answer.exit_code == 2
    assert "villages.csv: 3 rows have no residents: V1, V2, V3. Fill in." in answer.stderr
    assert "roads.osm: has no roads." in answer.stderr


@pytest.mark.usefixtures("study")
def test_check_of_good_files_says_what_was_read() -> None:
    answer = _ask("check", "study.toml", "--lang", "en")
    assert answer.exit_code == 0
    assert "8 units, 8 demand points, 2 schools, 7 road segments; no faults." in answer.stdout
    assert "villages.csv: Grid and villages differ by 2 %." in answer.stdout


@pytest.mark.usefixtures("study")
def test_a_badly_written_rule_exits_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = RuleError(Phrase("规则 X 没有单位", "rule X has no unit"))
    monkeypatch.setattr(run, "read_study", _fail_with(wrong))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out", "--lang", "en")
    assert (answer.exit_code, answer.stderr.strip()) == (2, "rule X has no unit")


@pytest.mark.usefixtures("study")
def test_a_refused_claim_exits_3_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "make_plan", _fail_with(SolverError("objective 5 claimed, 7 recomputed")))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out", "--lang", "en")
    assert answer.exit_code == 3
    assert "No plan: objective 5 claimed, 7 recomputed" in answer.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("study")
def test_a_programme_without_a_plan_exits_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = small_county.tier_plan()
    empty = replace(
        part,
        stages=tuple(replace(stage, status="stopped early") for stage in part.stages),
        sites=(),
        assignments=tuple(replace(given, site_id="") for given in part.assignments),
    )
    monkeypatch.setattr(run, "make_plan", lambda study, tell: replace(small_county.plan(), parts=(empty,)))
    assert _ask("plan", "study.toml", "--out", tmp_path / "out").exit_code == 3
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("study")
def test_a_foreign_folder_is_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "make_plan", _fail_with(AssertionError("the plan was made all the same")))
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    answer = _ask("plan", "study.toml", "--out", tmp_path)
    assert answer.exit_code == 2
    assert "thesis.docx" in answer.stderr


@pytest.mark.usefixtures("study")
def test_progress_is_one_line_a_stage_on_stderr(tmp_path: Path) -> None:
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    lines = [line for line in answer.stderr.splitlines() if line]
    assert lines == ["读入数据时有 1 条说明，请用 siting check 查看。", "选址：农村幼儿园  当前 4  下界 4"]


@pytest.mark.usefixtures("study")
def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out", "--json")
    facts = json.loads(answer.stdout)
    assert answer.stdout.count("\n") == 1
    assert facts["exit_code"] == answer.exit_code == 0
    programme = facts["programmes"][0]
    assert (programme["new"], programme["extend"], programme["keep"]) == (1, 1, 1)
    assert programme["stages"][2]["bound"] == 8_910_000


@pytest.mark.usefixtures("study")
def test_json_carries_faults_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "read_study", _fail_with(InputError(TWO_FAULTS)))
    facts = json.loads(_ask("plan", "s.toml", "--out", tmp_path / "out", "--json", "--lang", "en").stdout)
    assert facts["exit_code"] == 2
    assert [fault["file"] for fault in facts["faults"]] == ["villages.csv", "roads.osm"]


@pytest.mark.usefixtures("study")
def test_audit_names_who_is_not_served() -> None:
    answer = _ask("audit", "study.toml")
    assert answer.exit_code == 0
    assert "61.11%" in answer.stdout
    assert "第7村" in answer.stdout
    assert answer.stderr.splitlines()[-1] == "现状评价：农村幼儿园"


@pytest.mark.usefixtures("study")
def test_audit_writes_files_only_when_asked(tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert "out" not in json.loads(_ask("audit", "study.toml", "--json").stdout)
    assert set(tmp_path.iterdir()) == before
    facts = json.loads(_ask("audit", "study.toml", "--json", "--out", tmp_path / "out").stdout)
    assert facts["files"] == ["audit.gpkg", "audit.xlsx", "manifest.json", "map.html"]
    assert facts["coverage"][0]["covered_residents"] == 6600
    assert str(tmp_path / "out" / "map.html") in _ask("audit", "study.toml", "--out", tmp_path / "out").stdout


@pytest.mark.usefixtures("study")
def test_audit_refuses_a_foreign_folder_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "audit_study", _fail_with(AssertionError("the audit was made all the same")))
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    assert _ask("audit", "study.toml", "--out", tmp_path).exit_code == 2


@pytest.mark.usefixtures("study")
def test_verify_reads_the_plan_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask("plan", "study.toml", "--out", tmp_path / "out")
    _answer_checks(monkeypatch, small_county.check(False), small_county.check(True))
    answer = _ask("verify", "study.toml", tmp_path / "out", "--json")
    assert answer.exit_code == 1
    assert [check["kept"] for check in json.loads(answer.stdout)["checks"]] == [False, True]
    assert "不符合（必须）" in _ask("verify", "study.toml", tmp_path / "out" / "plan.json").stdout


@pytest.mark.usefixtures("study")
def test_map_draws_a_written_plan_again(tmp_path: Path) -> None:
    _ask("plan", "study.toml", "--out", tmp_path / "out")
    answer = _ask("map", "study.toml", tmp_path / "out", "--out", tmp_path / "again.html")
    assert answer.exit_code == 0
    assert "<html" in (tmp_path / "again.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("out", "zh"),
    [
        ("study.toml", "不是 .html 文件名。"),
        (".", "不是 .html 文件名。"),
        ("nowhere/map.html", "所在文件夹不存在。"),
    ],
)
def test_a_map_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, zh: str
) -> None:
    monkeypatch.setattr(run, "read_study", _fail_with(AssertionError("the work has begun")))
    answer = _ask("map", "study.toml", tmp_path, "--out", tmp_path / out)
    assert answer.exit_code == 2
    assert zh in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.usefixtures("study")
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the folder above should be; so does a folder without permission to its owner."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(run, "make_plan", _fail_with(AssertionError("the work has begun")))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "file" / "out")
    assert answer.exit_code == 2
    assert f"{tmp_path / 'file'}: 不能写入（路径中有一段不是文件夹）。 请另选 --out。" in answer.stderr


def test_remarks_on_the_data_are_mentioned(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remarks = (*study.area.remarks, Remark("villages.csv", Phrase("可能写错。", "may be wrong.")))
    told = replace(study, area=replace(study.area, remarks=remarks))
    monkeypatch.setattr(run, "read_study", lambda path: told)
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    assert f"读入数据时有 {len(remarks)} 条说明，请用 siting check 查看。" in answer.stderr


@pytest.mark.usefixtures("study")
def test_ctrl_c_leaves_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "make_plan", _fail_with(KeyboardInterrupt()))
    answer = _ask("plan", "study.toml", "--out", tmp_path / "out")
    assert answer.exit_code == 130
    assert answer.stderr.splitlines()[-1] == "已中止，没有写出任何结果。"
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.usefixtures("study")
def test_a_missing_plan_exits_2(tmp_path: Path) -> None:
    answer = _ask("verify", "study.toml", tmp_path / "nothing.json")
    assert answer.exit_code == 2
    assert "nothing.json" in answer.stderr


@pytest.mark.usefixtures("study")
def test_the_language_is_asked_for_then_the_environments_then_the_studys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "未发现错误" in _ask("check", "study.toml").stdout
    monkeypatch.setenv("SITING_LANG", "en")
    assert "no faults" in _ask("check", "study.toml").stdout
    assert "未发现错误" in _ask("check", "study.toml", "--lang", "zh").stdout


def test_rules_lists_books_and_their_rules() -> None:
    assert "dingzhou-2021" in _ask("rules").stdout.split()
    assert "定发" in _ask("rules", "dingzhou-2021").stdout


def test_an_unknown_rulebook_exits_2() -> None:
    assert _ask("rules", "dingzhou-1999").exit_code == 2


def test_a_missing_sample_is_said_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "DEMO", tmp_path / "study.toml")
    answer = _ask("demo", "--lang", "en")
    assert answer.exit_code == 2
    assert "the embedded sample is not here" in answer.stderr


@pytest.mark.parametrize(
    "words", [["plam"], ["plan"], ["check", "a.toml", "--lang", "fr"], ["plan", "a.toml", "--ot", "x"]]
)
def test_a_command_written_wrongly_exits_2(words: list[str]) -> None:
    assert _ask(*words).exit_code == 2


def test_the_command_speaks_utf_8_wherever_it_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "siting.cli", "check", str(tmp_path / "没有.toml"), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert "没有.toml" in json.loads(done.stdout.decode("utf-8"))["faults"][0]["file"]

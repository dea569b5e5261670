from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import six_villages
from typer.testing import CliRunner

from siting import cli
from siting.errors import InputError
from siting.export import Result, write_plan
from siting.filing import Asked, Dossier, Kind, export, export_plan, gather
from siting.filing.export import KINDS
from siting.inputs.hashes import sha256_of
from siting.rules.book import read_rulebook
from siting.run import Base
from siting.words import Phrase

BOOK = read_rulebook("dingzhou-2021")


@pytest.fixture
def plan_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan of the six villages in out/plan, its study beside out; two kinds, each a text."""
    monkeypatch.delenv("SITING_LANG", raising=False)
    monkeypatch.setattr(export, "processes", lambda: ThreadPoolExecutor(2))
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    base = _base(tmp_path / "study.toml", "a")
    monkeypatch.setattr(gather, "check_base", lambda file: (_base(file, "a"), ()))
    result = Result(six_villages.plan(), base.area, base.project, BOOK, (), 0.0)
    write_plan(result, tmp_path / "out" / "plan")
    for kind in list(KINDS):
        monkeypatch.delitem(KINDS, kind)
    for kind in ("tables", "notice"):
        monkeypatch.setitem(KINDS, kind, Kind(Phrase(kind, kind), _text(kind)))
    return tmp_path / "out" / "plan"


def _base(file: Path, sha256: str) -> Base:
    project = replace(six_villages.project(), folder=file.parent, file=file)
    area = replace(six_villages.study_area(), sources={"villages": ("villages.csv", sha256)})
    return Base(project, BOOK, area)


def _text(kind: str, said: str = "") -> Callable[[Dossier, Path], None]:
    def write(dossier: Dossier, folder: Path) -> None:
        (folder / kind).mkdir()
        works = [work.name.said_in(dossier.settings.language) for work in dossier.works]
        (folder / kind / f"{kind}.txt").write_text("\n".join([said, *works]), encoding="utf-8")

    return write


def _read(out: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in out.rglob("*.txt")}


def test_every_kind_is_written_from_the_folder_alone(plan_dir: Path, tmp_path: Path) -> None:
    filed = export_plan(plan_dir, tmp_path / "filed")
    assert filed == {"tables": ["tables/tables.txt"], "notice": ["notice/notice.txt"]}
    assert _read(tmp_path / "filed")["tables.txt"] == "\n新建N4\n扩建S5"
    manifest = json.loads((tmp_path / "filed" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"]["notice/notice.txt"] == sha256_of(tmp_path / "filed" / "notice" / "notice.txt")


def test_plan_and_study_may_be_moved_together(plan_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("study.toml", "out"):
        (tmp_path / name).rename(tmp_path / "elsewhere" / name)
    assert export_plan(tmp_path / "elsewhere" / "out" / "plan", tmp_path / "filed").keys() == {"tables", "notice"}


def test_a_study_that_is_lost_is_asked_for(plan_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").rename(tmp_path / "mine.toml")
    with pytest.raises(InputError, match="--study"):
        export_plan(plan_dir, tmp_path / "filed")
    assert export_plan(plan_dir, tmp_path / "filed", Asked(study=tmp_path / "mine.toml"))


def test_one_kind_again_leaves_the_others(plan_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_plan(plan_dir, tmp_path / "filed")
    monkeypatch.setitem(KINDS, "notice", Kind(Phrase("", ""), _text("notice", "again")))
    filed = export_plan(plan_dir, tmp_path / "filed", Asked(only=("notice",)))
    assert filed.keys() == {"tables", "notice"}
    assert _read(tmp_path / "filed")["notice.txt"].startswith("again")
    assert _read(tmp_path / "filed")["tables.txt"].startswith("\n新建N4")


def test_one_kind_in_another_language_stands_alone(plan_dir: Path, tmp_path: Path) -> None:
    export_plan(plan_dir, tmp_path / "filed")
    assert export_plan(plan_dir, tmp_path / "filed", Asked(only=("notice",), language="en")).keys() == {"notice"}
    assert _read(tmp_path / "filed") == {"notice.txt": "\nNew kindergarten: N4\nExtension of S5"}


def test_an_export_that_fails_leaves_the_former_whole(
    plan_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_plan(plan_dir, tmp_path / "filed")
    before = _read(tmp_path / "filed")

    def break_off(dossier: Dossier, folder: Path) -> None:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setitem(KINDS, "notice", Kind(Phrase("", ""), break_off))
    with pytest.raises(KeyboardInterrupt):
        export_plan(plan_dir, tmp_path / "filed")
    assert _read(tmp_path / "filed") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["filed", "out", "study.toml"]


def test_changed_inputs_are_refused_by_name(plan_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "check_base", lambda file: (_base(file, "b"), ()))
    with pytest.raises(InputError, match=r"1 inputs have changed since the plan was made: villages\.csv"):
        export_plan(plan_dir, tmp_path / "filed")
    assert not (tmp_path / "filed").exists()


def test_a_folder_without_a_plan_says_which_have_one(plan_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no plan\.json.*Name one of its folders: plan"):
        export_plan(tmp_path / "out", tmp_path / "filed")


def test_a_folder_of_others_is_not_replaced(plan_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "filed").mkdir()
    (tmp_path / "filed" / "mine.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.docx"):
        export_plan(plan_dir, tmp_path / "filed")


def test_the_command_lists_and_takes_kinds(plan_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "filed"
    answer = CliRunner().invoke(cli.app, ["export", str(plan_dir), "--out", str(out), "--only", "notice", "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)["kinds"]) == (0, {"notice": ["notice/notice.txt"]})
    wrong = CliRunner().invoke(cli.app, ["export", str(plan_dir), "--out", str(out), "--only", "map", "--lang", "en"])
    assert wrong.exit_code == 2
    assert "--only: there is no kind map. Choose among tables, notice." in wrong.stderr

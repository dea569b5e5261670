from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pyogrio
import pytest
import small_county

from siting.errors import InputError
from siting.export import EXPORTERS, Result, folder, write_plan
from siting.project import SEED


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return Result(
        small_county.plan(),
        small_county.study_area(),
        small_county.project(tmp_path),
        small_county.book(),
        (small_county.check(),),
        seconds=1.5,
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two exporters instead of five: one text, and the manifest."""

    def write_note(result: Result, into: Path) -> None:
        (into / "note.txt").write_text(result.plan.name, encoding="utf-8")

    monkeypatch.setattr(folder, "EXPORTERS", {"note.txt": write_note, "manifest.json": EXPORTERS["manifest.json"]})


def test_a_result_is_every_file_of_the_registry(result: Result, tmp_path: Path) -> None:
    """A study that looks at no year ahead has nothing to say of any."""
    write_plan(result, tmp_path / "deep" / "out")
    assert {path.name for path in (tmp_path / "deep" / "out").iterdir()} == set(EXPORTERS) - {"ahead.json"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_layers_open_and_carry_the_programme(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    layers = dict(pyogrio.list_layers(tmp_path / "out" / "plan.gpkg"))
    assert set(layers) == {"sites", "units", "catchments", "uncovered", "schools", "demand"}
    uncovered = pyogrio.read_dataframe(tmp_path / "out" / "plan.gpkg", layer="uncovered")
    assert uncovered[["programme", "unit_id", "uncovered_residents"]].to_numpy().tolist() == [
        ["kindergarten-rural", "V7", 1700.0]
    ]


def test_manifest_says_what_the_plan_was_made_from(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    manifest = small_county.manifest_of(tmp_path / "out")
    assert manifest["inputs"] == {"villages": {"file": "villages.csv", "sha256": "ab" * 32}}
    assert manifest["rulebook"]["sha256"] == "cd" * 32
    assert manifest["programmes"][0]["stages"][2]["gap"] == pytest.approx(0.01)
    assert manifest["verdict"] == {"kept": 0, "broken_must": 1, "broken_should": 0, "untested": 0}
    assert manifest["solver"] == {"name": "HiGHS", "version": manifest["versions"]["highspy"], "seed": SEED}
    assert {"python", "siting", "highspy", "geopandas"} <= set(manifest["versions"])
    plan_sha = hashlib.sha256((tmp_path / "out" / "plan.json").read_bytes()).hexdigest()
    assert manifest["files"]["plan.json"] == plan_sha


@pytest.mark.usefixtures("quick")
def test_an_earlier_result_is_replaced(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    write_plan(result, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("quick")
def test_a_folder_of_somebody_else_is_never_replaced(result: Result, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds what this program did not write: thesis\.docx"):
        write_plan(result, out, overwrite=True)
    assert (out / "thesis.docx").read_text(encoding="utf-8") == "years of work"


@pytest.mark.usefixtures("quick")
def test_a_file_added_to_our_folder_is_never_thrown_away(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    (tmp_path / "out" / "remarks.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"did not write: remarks\.txt"):
        write_plan(result, tmp_path / "out", overwrite=True)


@pytest.mark.usefixtures("quick")
def test_an_edited_result_is_replaced_only_when_told_to(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    note = tmp_path / "out" / "note.txt"
    note.write_text("corrected by hand", encoding="utf-8")
    with pytest.raises(InputError, match=r"edited since they were written: note\.txt"):
        write_plan(result, tmp_path / "out")
    write_plan(result, tmp_path / "out", overwrite=True)
    assert note.read_text(encoding="utf-8") == "小县"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("manifest", ["{ half", "[]", '{"made_by": "somebody else", "files": {"a.txt": ""}}'])
def test_a_manifest_that_is_not_ours_protects_the_folder(result: Result, tmp_path: Path, manifest: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text(manifest, encoding="utf-8")
    (out / "a.txt").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="did not write"):
        write_plan(result, out, overwrite=True)


@pytest.mark.usefixtures("quick")
def test_a_file_in_the_way_is_named(result: Result, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_plan(result, tmp_path / "out")


def test_an_exporter_that_fails_leaves_the_old_result(
    result: Result, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plan(result, tmp_path / "out")
    before = _content(tmp_path / "out")

    def fail(result: Result, into: Path) -> None:
        (into / "half.txt").write_text("hal", encoding="utf-8")
        raise OSError("disk full")

    monkeypatch.setattr(folder, "EXPORTERS", {"half.txt": fail})
    with pytest.raises(InputError, match=r"cannot be written to \(disk full\)"):
        write_plan(result, tmp_path / "out")
    assert _content(tmp_path / "out") == before
    assert not (tmp_path / ".out.writing").exists()


def test_a_run_killed_while_writing_leaves_the_old_result(result: Result, tmp_path: Path, quick: None) -> None:
    write_plan(result, tmp_path / "out")
    before = _content(tmp_path / "out")
    _kill_while_writing(tmp_path)
    assert (tmp_path / ".out.writing" / "half.txt").exists()
    assert _content(tmp_path / "out") == before
    write_plan(result, tmp_path / "out")
    assert not (tmp_path / ".out.writing").exists()


@pytest.mark.usefixtures("quick")
def test_a_run_killed_between_two_renames_is_put_right_by_the_next(result: Result, tmp_path: Path) -> None:
    write_plan(result, tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.previous")
    write_plan(result, tmp_path / "out")
    assert (tmp_path / "out" / "note.txt").exists()
    assert not (tmp_path / ".out.previous").exists()


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _kill_while_writing(tmp_path: Path) -> None:
    """Start a writer that hangs in its first exporter, and end it without a chance to clean up."""
    script = f"""
import time
from pathlib import Path
import siting.export.folder as folder

def hang(result, into):
    (into / "half.txt").write_text("hal")
    time.sleep(60)

folder.EXPORTERS = {{"half.txt": hang}}
folder.write_plan(None, Path({str(tmp_path / "out")!r}))
"""
    writer = subprocess.Popen([sys.executable, "-c", script])
    half = tmp_path / ".out.writing" / "half.txt"
    for _ in range(300):
        if half.exists() or writer.poll() is not None:
            break
        time.sleep(0.1)
    writer.kill()
    writer.wait()

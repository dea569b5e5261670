"""From scenario files to one set of sites, by the command."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import line_county
import openpyxl
import pytest
from line_county import uncovered
from typer.testing import CliRunner

from siting import cli
from siting.errors import InputError
from siting.robust import robust
from siting.run import Base
from siting.scenario import pool, whatif, works

PEOPLE = [500.0, 900.0, 700.0, 1500.0, 400.0, 2000.0, 800.0, 1200.0, 600.0, 300.0]
VETO = 'name = { zh = "征地未成", en = "No land" }\nweight = 1\n\n[[change]]\nkind = "forbid_site"\nsite = "N6"\n'
VETO += 'tier = "kindergarten"\nreason = "sold"\n'
FEWER = 'name = { zh = "人口外流", en = "People leave" }\nweight = 3\n\n[[change]]\nkind = "change_migration"\n'
FEWER += "factor = 0.5\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The line with a budget of one, its file there and its layers not needed; threads instead of processes."""
    file = tmp_path / "study.toml"
    file.write_text('[study]\nname = "一线"\n', encoding="utf-8")
    base = line_county.base(PEOPLE, (2, 4, 6, 8), 1)
    base = Base(replace(base.project, folder=tmp_path, file=file), base.book, base.area)
    monkeypatch.setattr(works, "EXPORTERS", line_county.FEW_FILES)
    monkeypatch.setattr(works, "COMPARISON_EXPORTERS", line_county.FEW_COMPARED)
    monkeypatch.setattr(whatif, "check_base", lambda path: (base, ()))
    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(workers))
    return file


def _scenarios(folder: Path) -> list[Path]:
    files = {folder / "veto.toml": VETO, folder / "fewer.toml": FEWER}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def test_one_set_for_two_futures(study: Path, tmp_path: Path) -> None:
    """Where N6 is forbidden the set N6 is nothing; where half the people leave, all are worth half; weights 1, 3."""
    none, four, six = (uncovered(PEOPLE, some) for some in ((), (4,), (6,)))
    out, files = tmp_path / "out", [str(file) for file in _scenarios(tmp_path)]
    words = ["robust", str(study), *files, "--out", str(out)]
    answer = CliRunner().invoke(cli.app, [*words, "--json"])
    assert answer.exit_code in (0, 1), answer.output
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    (facts,) = json.loads(answer.stdout)["programmes"]
    worth = {tuple(one["new"]): value for one, value in zip(facts["sets"], facts["value"], strict=True)}
    assert [row[0] for row in worth["N6",]] == [none, six / 2]
    assert [row[0] for row in worth["N4",]] == [four, four / 2]
    means = {one: (row[0][0] + 3 * row[1][0]) / 4 for one, row in worth.items()}
    chosen = facts["sets"][facts["by_mean"]["set"]]
    assert means[tuple(chosen["new"])] == min(means.values())
    assert facts["by_mean"]["bound"] <= min(means.values())
    assert facts["by_mean"]["bound"] == pytest.approx((min(four, *_others()) + 3 * min(four, six, *_others()) / 2) / 4)
    said = CliRunner().invoke(cli.app, [*words, "--lang", "zh"])
    assert "最大后悔值" in said.output
    assert "征地未成" in said.output
    assert json.loads((out / "robust" / "robust.json").read_text(encoding="utf-8"))["programmes"] == [facts]
    assert openpyxl.load_workbook(out / "robust" / "robust.xlsx").sheetnames == ["说明", "稳健选择", "后悔值", "校址"]


def _others() -> tuple[float, float]:
    return uncovered(PEOPLE, (2,)), uncovered(PEOPLE, (8,))


def test_a_scenario_that_would_be_written_over_the_result_is_refused(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "robust.toml"
    file.write_text(VETO, encoding="utf-8")
    with pytest.raises(InputError, match="Rename the file"):
        robust(study, [file], tmp_path / "out")

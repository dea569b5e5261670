from __future__ import annotations

import json
from pathlib import Path

import pytest
import tables
from machine import machine, write_json

PLAIN = {
    **{"folder": "rows", "instance": "zya1", "problem": "capacitated_location", "contiguous": False, "by": "siting"},
    **{"p": None, "value": 4428.234567, "published": 4428.23, "proved": False, "difference_percent": 0.0001},
    **{"bound": 4424.0, "gap": 0.00095, "seconds": 2.0, "status": "stopped early", "incumbents": [], "faults": []},
}
WHOLE = {**PLAIN, "contiguous": True, "published": None, "difference_percent": None, "seconds": 40.0}
STAGE = {"programme": "junior-urban", "goal": "walk", "value": 5.0, "bound": 4.0, "gap": 0.2, "seconds": 1.5}
PLAN = {
    **{"work": "plan of the sample x 2", "counties": 2, "seconds": [30.0, 50.0, 40.0], "peak_mib": [900.0] * 3},
    "answer": {"value": float("nan"), "bound": float("nan"), "gap": 0.2, "status": "exit 0", "stages": [STAGE]},
}


def written(folder: Path, script: str, rows: list[object]) -> Path:
    file = folder / f"{script}.json"
    write_json(file, {"script": script, "rows": rows})
    return file


def test_what_is_not_finite_is_null(tmp_path: Path) -> None:
    said = json.loads(written(tmp_path, "scale", [PLAN]).read_text(encoding="utf-8"))
    assert said["rows"][0]["answer"]["value"] is None
    assert said["machine"]["cores"] == machine()["cores"] and "numpy" in said["machine"]["versions"]


def test_published_rows_become_two_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main([str(written(tmp_path, "published", [PLAIN, WHOLE, {**PLAIN, "seconds": 4.0}]))]) == 0
    lines = capsys.readouterr().out.splitlines()
    # 2 + 4 = 6 s, the slowest 4, gap 0.095 %
    assert "| rows: capacitated_location | 2 | 0 | 6.0 | 4.0 | 0.095 | 0.095 | 0.0001 | 0 |" in lines
    assert "| rows: capacitated_location contiguous | 1 | 0 | 40.0 | 40.0 | 0.095 | 0.095 |  | 0 |" in lines
    assert (
        "| zya1 | capacitated_location |  | 4428.234567 | 4428.23 | +0.0001 | 4424 | 0.095 | 2.00 | stopped early |"
        in lines
    )


def test_the_middle_run_counts_by_county(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main([str(written(tmp_path, "scale", [PLAN]))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "| plan of the sample x 2 |  |  | 20.000 | 40.00 | 900 | 20.00 | 450.00 | exit 0 |" in lines
    assert "| junior-urban: walk | 5 | 4 | 20.000 | 1.50 |" in lines


def test_rows_of_another_script_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main([str(written(tmp_path, "other", [{"work": "near", "seconds": 0.5}]))]) == 0
    assert "| near | 0.5 |" in capsys.readouterr().out


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n", encoding="utf-8")
    result = str(written(tmp_path, "other", [{"work": "near", "seconds": 0.5}]))
    assert tables.main([result, "--into", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{tables.BEGIN}\n\n### other\n") and text.endswith(f"{tables.END}\nafter\n")
    assert "old" not in text
    readme.write_text("no marks", encoding="utf-8")
    assert tables.main([result, "--into", str(readme)]) == 2


def test_ratios_of_distances_are_rounded_and_what_is_not_known_is_left_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"work": "near", "peer": "scipy", "runs": 3, "ours_s": 0.12349, "peer_s": 1.0, "ratio": 8.098}
    more = {"least": 7.96, "most": 9.0, "goal": None, "memory": 1.244}
    assert tables.main([str(written(tmp_path, "distances", [row | more]))]) == 0
    assert "| near | scipy | 3 | 0.123 | 1.000 | 8.1 | 8.0 | 9.0 |  | 1.24 |" in capsys.readouterr().out

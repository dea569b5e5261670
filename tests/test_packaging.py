from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap script, with a .venv of its own to look at."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp")
    return module


def _wanted(lines: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): str(one.specifier) for one in parsed}


def _conda_lines() -> list[str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    return re.findall(r"^ +- ([A-Za-z][\w.-]*[<>=!].*)$", text, flags=re.MULTILINE)


def _locked(job: str) -> dict[str, set[str]]:
    text = (ROOT / "requirements" / f"{job}.txt").read_text(encoding="utf-8")
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, flags=re.MULTILINE):
        locked.setdefault(canonicalize_name(name), set()).add(version)
    return locked


def test_conda_environment_asks_for_what_pyproject_asks_for(project: dict[str, object]) -> None:
    conda = _wanted(_conda_lines())
    assert conda.pop("python") == project["requires-python"]
    assert conda == _wanted(project["dependencies"])


@pytest.mark.parametrize("job", ["run", "test"])
def test_locks_hold_every_dependency_at_an_allowed_version(project: dict[str, object], job: str) -> None:
    locked = _locked(job)
    extra = project["optional-dependencies"]["test"] if job == "test" else []
    for line in [*project["dependencies"], *extra]:
        wanted = Requirement(line)
        versions = locked[canonicalize_name(wanted.name)]
        assert all(version in wanted.specifier for version in versions), line


def test_both_locks_agree() -> None:
    run, test = _locked("run"), _locked("test")
    assert {name: test[name] for name in run} == run


@pytest.mark.parametrize("job", ["run", "test"])
def test_every_locked_package_has_a_hash(job: str) -> None:
    text = (ROOT / "requirements" / f"{job}.txt").read_text(encoding="utf-8")
    pins = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)


def test_the_solver_that_claims_wrong_optima_is_excluded() -> None:
    assert "1.16.0" not in _locked("run")["highspy"]
    pins = [line for line in _conda_lines() if line.startswith("highspy")]
    assert Requirement(pins[0]).specifier.contains("1.16.0") is False


def test_the_licence_is_the_whole_apache_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_readme_names_every_exit_code_and_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for word in ("siting check", "siting audit", "siting plan", "siting verify", "siting map", "bootstrap.py demo"):
        assert text.count(word) >= 2, word
    assert "0 fine, 1 the plan breaks a `must`, 2 bad input, 3 stopped early without a plan" in text


def _said_by(program: str) -> list[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()


def test_the_command_answers_before_it_loads_what_computes() -> None:
    loaded = _said_by("import sys, siting.cli; print(*sys.modules)")
    assert "siting.cli" in loaded
    assert not {"numpy", "pandas", "shapely", "scipy", "numba", "folium", "siting.run", "siting.edge"} & set(loaded)


def test_what_only_one_command_shows_is_not_loaded_for_all() -> None:
    loaded = _said_by("import sys, siting.edge; print(*sys.modules)")
    assert "siting.edge" in loaded
    assert not {"scipy", "numba", "folium", "networkx", "siting.run", "siting.export", "siting.scenario"} & set(loaded)


def test_rooms_called_like_public_names_do_not_hide_them() -> None:
    told = _said_by(
        "import siting.run, siting; print(*(getattr(siting, name).__name__ for name in ('audit', 'verify')))"
    )
    assert told == ["audit_study", "verify_plan"]


def test_rulebooks_travel_with_the_package() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert "rules/books/*.toml" in data["siting"]
    assert list((ROOT / "siting" / "rules" / "books").glob("*.toml"))


def test_a_missing_environment_is_not_ready(bootstrap: ModuleType) -> None:
    assert not bootstrap.is_ready("demo")


def test_an_environment_without_an_interpreter_is_not_ready(bootstrap: ModuleType) -> None:
    bootstrap.VENV.mkdir()
    bootstrap.STAMP.write_text(f"demo {bootstrap.fingerprint('demo')}\n{bootstrap.VENV}\n", encoding="utf-8")
    assert not bootstrap.is_ready("demo")


def test_a_stale_stamp_is_not_ready_and_a_fresh_one_is(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.VENV.mkdir()
    monkeypatch.setattr(bootstrap, "program", lambda name: Path(sys.executable))
    bootstrap.STAMP.write_text(f"demo 0000\n{bootstrap.VENV}\n", encoding="utf-8")
    assert not bootstrap.is_ready("demo")
    bootstrap.STAMP.write_text(f"demo {bootstrap.fingerprint('demo')}\n{bootstrap.VENV}\n", encoding="utf-8")
    assert bootstrap.is_ready("demo")
    assert not bootstrap.is_ready("test")


def test_a_moved_environment_is_not_ready(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.VENV.mkdir()
    monkeypatch.setattr(bootstrap, "program", lambda name: Path(sys.executable))
    bootstrap.STAMP.write_text(f"demo {bootstrap.fingerprint('demo')}\n/elsewhere/.venv\n", encoding="utf-8")
    assert not bootstrap.is_ready("demo")


def test_what_serves_tests_serves_the_demo(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.VENV.mkdir()
    monkeypatch.setattr(bootstrap, "program", lambda name: Path(sys.executable))
    bootstrap.STAMP.write_text(f"test {bootstrap.fingerprint('test')}\n{bootstrap.VENV}\n", encoding="utf-8")
    assert bootstrap.is_ready("demo")


def test_programs_are_found_where_windows_keeps_them(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    posix = bootstrap.program("python").relative_to(bootstrap.VENV).parts
    monkeypatch.setattr(bootstrap, "NAME_OF_SYSTEM", "nt")
    assert bootstrap.program("python").relative_to(bootstrap.VENV).parts == ("Scripts", "python.exe")
    assert os.name == "nt" or posix == ("bin", "python")


def test_a_failing_check_fails_the_test_command(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "call", lambda command: int("mypy" in str(command[0])))
    assert bootstrap.run_checks([]) == 1
    assert "failed: mypy" in capsys.readouterr().out


def test_an_unknown_job_exits_2() -> None:
    command = [sys.executable, ROOT / "scripts" / "bootstrap.py", "dmeo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "invalid choice: 'dmeo'" in done.stderr

"""Two commands for a fresh machine: ``python3 scripts/bootstrap.py demo`` and ``python3 scripts/bootstrap.py test``.

Makes or reuses .venv beside pyproject.toml, installs the locked packages into it (uv where present, else pip) and
runs the demonstration or every test. Needs Python 3.11 or newer and nothing else.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (a clear word for those with an older Python)
    sys.exit(f"siting needs Python 3.11 or newer; this is {sys.version.split()[0]}. 需要 Python 3.11 或更高版本。")

import argparse
import hashlib
import os
import shutil
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

NAME_OF_SYSTEM = os.name
ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "siting-lock.sha256"
LOCKS = {"demo": ROOT / "requirements" / "run.txt", "test": ROOT / "requirements" / "test.txt"}

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-n", "2", "--dist", "loadfile"),
)
"""What ``test`` runs, the quick ones first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the job: the demo's own, or 0 where every test passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=sorted(LOCKS))
    job, rest = parser.parse_known_args(arguments)
    prepare(job.job)
    return run_demo(rest) if job.job == "demo" else run_checks(rest)


def prepare(job: str) -> None:
    """A .venv that holds what the lock file of the job says; left alone where it already does."""
    if is_ready(job):
        return
    if is_moved() or not runs(program("python")):
        make_venv()
    install(job)
    STAMP.write_text(f"{job} {fingerprint(job)}\n{VENV}\n", encoding="utf-8")


def is_ready(job: str) -> bool:
    """Whether .venv works and was filled from these lock files: what serves tests serves the demo too."""
    if not STAMP.is_file() or is_moved() or not runs(program("python")):
        return False
    stamp = STAMP.read_text(encoding="utf-8").splitlines()[0]
    return stamp in {f"{filled} {fingerprint(filled)}" for filled in (job, "test")}


def is_moved() -> bool:
    """Whether .venv was filled under another path: its programs still point there."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8").splitlines()[1:] != [str(VENV)]


def fingerprint(job: str) -> str:
    """Hash of all that decides what is installed: the lock file, pyproject.toml and the Python that runs."""
    parts = [LOCKS[job].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def program(name: str) -> Path:
    """A program of .venv, where this system keeps it."""
    return VENV / "Scripts" / f"{name}.exe" if NAME_OF_SYSTEM == "nt" else VENV / "bin" / name


def runs(python: Path) -> bool:
    """Whether an interpreter starts, and is of this one's version: a half-made .venv does not."""
    asked = "import sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info[:2])
    try:
        return subprocess.run([python, "-c", asked], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """A new .venv in place of a missing or broken one."""
    tell("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=shutil.which("uv") is None)
    except subprocess.CalledProcessError:
        sys.exit("python3-venv is missing: install it first (Debian, Ubuntu: apt-get install python3-venv).")


def install(job: str) -> None:
    """The locked packages, checked against their hashes, then the project itself."""
    tell(f"installing {LOCKS[job].relative_to(ROOT).as_posix()}")
    installer = find_installer()
    run([*installer, "--require-hashes", "-r", LOCKS[job]])
    run([*installer, "--no-deps", "-e", ROOT])


def find_installer() -> list[str | Path]:
    """The command that installs into .venv: uv where it is on PATH, else pip."""
    uv, python = shutil.which("uv"), program("python")
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", python]
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        run([python, "-m", "ensurepip", "--upgrade"])
    return [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def run_demo(rest: Sequence[str]) -> int:
    """The embedded sample from files to plan and map."""
    return call([program("python"), "-m", "siting.cli", "demo", *rest])


def run_checks(rest: Sequence[str]) -> int:
    """Every check in turn, all of them even where one fails; what is left over goes to pytest."""
    failed = []
    for name, *words in CHECKS:
        tell(" ".join((name, *words)))
        if call([program(name), *words, *(rest if name == "pytest" else ())]) != 0:
            failed.append(name)
    tell(f"failed: {', '.join(failed)}" if failed else "all passed")
    return 1 if failed else 0


def run(command: Sequence[str | Path]) -> None:
    """A command that has to succeed."""
    if call(command) != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def call(command: Sequence[str | Path]) -> int:
    """The exit code of a command run from the root, with UTF-8 output on every system."""
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}, check=False).returncode


def tell(what: str) -> None:
    """One line of news, in order with what the commands print."""
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

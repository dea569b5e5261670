"""The line of villages of ``line_county`` with phases, as a study file states them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import line_county
import numpy as np
import pytest

from siting.errors import Fault
from siting.inputs.asked_phases import read_phases
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.phases import run
from siting.run import Base
from siting.scenario import works
from siting.study import Forecast, StudyArea
from siting.words import both

PEOPLE = [500.0, 900.0, 700.0, 1500.0, 400.0, 2000.0, 800.0, 1200.0, 600.0, 300.0]
CANDIDATES = (2, 4, 6, 8)
KEY = "kindergarten-rural"

TWO = """
[[phase]]
name = { zh = "近期", en = "near term" }
from = 2026
to = 2027

[[phase]]
name = { zh = "远期", en = "far term" }
from = 2028
to = 2030
"""


def stated(text: str, base: Base, folder: Path) -> tuple[Base, tuple[Fault, ...]]:
    """The base with the phases of a text, which its study file holds, and what is wrong with them."""
    file = folder / "study.toml"
    file.write_text(f'[study]\nname = "一线"\n{text}', encoding="utf-8")
    notes = Notes(file.name)
    phases = read_phases(Stated("", tomllib.loads(text), notes), base.project.programmes)
    project = replace(base.project, folder=folder, file=file, phases=phases)
    return replace(base, project=project), tuple(notes.faults)


def study(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, base: Base | None = None, files: bool = False
) -> Path:
    """The study file of the line (five villages' worth of new builds unless a base is given), its layers not needed."""
    whole, faults = stated(text, base or line_county.base(PEOPLE, CANDIDATES, 4), folder)
    monkeypatch.setattr(run, "check_base", lambda path: (whole, faults))
    if not files:
        monkeypatch.setattr(works, "EXPORTERS", line_county.FEW_FILES)
    return whole.project.file


def base_of(study: Path) -> Base:
    """The study as its files have it."""
    base, _ = run.check_base(study)
    assert base is not None
    return base


def faults_of(text: str, folder: Path, base: Base) -> Sequence[str]:
    return [fault.said_in("en") for fault in stated(text, base, folder)[1]]


def forecast_of(area: StudyArea, year: int) -> Forecast:
    """A forecast of one year in which everything is as it is."""
    people = area.units.residents[:, None]
    return Forecast(area.units.part_of, np.array([year]), year, people, {}, {}, {}, both("as it is"))

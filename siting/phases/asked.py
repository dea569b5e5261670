"""What a study file asks of every phase: its years and budgets, and what changes in it and from then on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from siting.errors import Fault
from siting.inputs.asked_phases import within
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import Phase, Project
from siting.project_file import read_toml
from siting.scenario.reader import drawn_files, read_change
from siting.scenario.world import Change, Scenario, fault
from siting.words import Phrase

REFUSED = {
    "lock_site": Phrase(
        "分期中没有基准方案可沿用；前一期建成的总会保留。",
        "there is no base plan to keep to; what a phase opens stays open.",
    ),
    "change_budget": Phrase("请把名额写在 [[phase]] 的 budget 中。", "Write it in the `budget` of the [[phase]]."),
}
"""Kinds of change that a phase does not take, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A phase, its number from 1, and its changes as a scenario."""

    number: int
    phase: Phase
    scenario: Scenario
    is_last: bool = field(default=False)

    @property
    def key(self) -> str:
        """What its folder is called."""
        return f"phase_{self.number}"

    @property
    def name(self) -> Phrase:
        """Its name and years."""
        years = f"{self.phase.first}–{self.phase.last}"
        return Phrase(f"{self.phase.name.zh}（{years} 年）", f"{self.phase.name.en} ({years})")

    @property
    def where(self) -> str:
        """How messages about it begin."""
        return f"[[phase]] {self.number}: "


def read_asked(project: Project) -> tuple[tuple[Asked, ...], tuple[Fault, ...]]:
    """The phases of a study with their changes, and what is wrong with the changes."""
    notes = Notes(project.file.name)
    held = read_toml(project.file, notes)
    tables = () if held is None else Stated("", held, notes).tables("phase")
    if not project.phases:
        notes.fault(
            Phrase("没有 [[phase]]。", "there is no [[phase]]."),
            Phrase("请写各期的 name、from、to。", "Write one for each phase, with name, from and to."),
        )
    asked = tuple(
        Asked(number, phase, _scenario(project, phase, table), number == len(project.phases))
        for number, (phase, table) in enumerate(zip(project.phases, tables, strict=False), 1)
    )
    return asked, tuple(notes.faults)


def _scenario(project: Project, phase: Phase, table: Stated) -> Scenario:
    changes = tuple(_changes(table, project.folder))
    return Scenario(project.file, phase.name, 1.0, changes, dict(drawn_files(changes)))


def _changes(table: Stated, folder: Path) -> Iterator[Change]:
    for one in within(table, "change"):
        kind = str(one.held.get("kind"))
        if kind in REFUSED:
            what = Phrase(f"分期中不用 {kind}。", f"a phase has no {kind}.")
            fault(one.notes, one.where, what, REFUSED[kind])
            continue
        change = read_change(one, folder)
        if change is not None:
            yield change

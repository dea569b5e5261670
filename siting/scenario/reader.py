"""A scenario file as TOML: read once, closed against unknown keys, every fault in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from siting.errors import Fault, InputError
from siting.inputs.drawn import Drawn
from siting.inputs.hashes import sha256_of
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project_file import read_toml
from siting.scenario.kinds import KINDS
from siting.scenario.world import Change, Scenario
from siting.words import Phrase


def read_scenario(path: Path | str) -> Scenario:
    """A scenario from its file. Raises InputError with every fault of it."""
    scenario, faults = load_scenario(Path(path))
    if scenario is None or faults:
        raise InputError(faults)
    return scenario


def load_scenario(path: Path) -> tuple[Scenario | None, tuple[Fault, ...]]:
    """A scenario as far as it is sound, and every fault of its file; None where it is no TOML at all."""
    notes = Notes(path.name)
    held = read_toml(path, notes)
    scenario = None if held is None else _scenario(path.resolve(), Stated("", held, notes))
    return scenario, tuple(notes.faults)


def _scenario(file: Path, page: Stated) -> Scenario:
    page.close(("name", "weight", "change"))
    page.need("name", Phrase('如 name = "城北新建小区"。', 'For example name = { zh = "…", en = "…" }.'))
    page.need("change", Phrase("请写一段 [[change]]，含 kind。", "Write a [[change]] with its kind."))
    changes = tuple(_sound_changes(page, file.parent))
    return Scenario(
        file=file,
        name=page.phrase("name"),
        weight=page.number("weight", 1.0),
        changes=changes,
        sources={file.name: sha256_of(file), **dict(drawn_files(changes))},
    )


def _sound_changes(page: Stated, folder: Path) -> Iterator[Change]:
    """Changes without a fault, as far as none before them is unsound that they may build on."""
    is_ground = True
    for table in page.tables("change"):
        noted = len(page.notes.faults)
        change = read_change(table, folder)
        if len(page.notes.faults) > noted:
            kind = KINDS.get(str(table.held.get("kind")))
            is_ground = is_ground and not (kind and kind.brings_places)
        elif change is not None and is_ground:
            yield change


def read_change(table: Stated, folder: Path) -> Change | None:
    """One change; None, with its faults noted, where its kind is not known or nothing can be made of it."""
    names = tuple(KINDS)
    table.need("kind", Phrase("请写改什么。", f"Say what changes: {', '.join(names)}."))
    word = table.word("kind", names, "")
    if not word:
        return None
    kind, named = KINDS[word], Stated(f"{table.where}{word}: ", table.held, table.notes)
    named.close(("kind", *kind.keys))
    return kind.read(named, folder)


def drawn_files(changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Files that changes were drawn from, and their SHA-256."""
    for change in changes:
        for name in ("ground", "line"):
            drawn = getattr(change, name, None)
            if isinstance(drawn, Drawn) and drawn.file:
                yield drawn.file, drawn.sha256

"""The list of what is filed: every writer is at home where the list says, and the command's help names every kind."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest
import typer
from filed_villages import filed_villages

from siting.cli import app
from siting.filing import KINDS
from siting.filing.registry import At
from siting.on_use import loaded


@pytest.mark.parametrize("kind", KINDS)
def test_every_writer_is_at_home_where_the_list_says(kind: str) -> None:
    at = KINDS[kind].write
    assert isinstance(at, At)
    write = loaded(at.home)
    assert callable(write)
    assert list(signature(write).parameters) == ["dossier", "folder"]


def test_a_writer_is_loaded_when_it_writes(tmp_path: Path) -> None:
    KINDS["notice"].write(filed_villages(), tmp_path)
    assert [file.suffix for file in tmp_path.iterdir()] == [".xlsx"]


def test_the_command_helps_with_every_kind_of_the_list() -> None:
    export = typer.main.get_command(app).commands["export"]  # type: ignore[attr-defined]
    told = next(option.help for option in export.params if option.name == "only").partition(": ")[2]
    assert told.split("; ") == [f"{key} {kind.name.zh} {kind.name.en}" for key, kind in KINDS.items()]

"""The pages in docs/: their links lead somewhere, their code runs, their tables name what the readers know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from siting import project_file
from siting.cli import app
from siting.filing import KINDS
from siting.inputs import asked_phases
from siting.inputs.headers import ALIASES, plain
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import GOALS
from siting.rules.kinds import KINDS as RULE_KINDS
from siting.scenario.kinds import KINDS as CHANGES
from siting.study import TIERS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (*sorted(DOCS.glob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")))
PLANNERS = ("planner.md", "planner.en.md")


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _prose(page: Path) -> str:
    """A page without its code."""
    return re.sub(r"^```.*?^```", "", _text(page), flags=re.MULTILINE | re.DOTALL)


def _rows(page: str) -> list[list[str]]:
    """The cells of every row of every table of a page in docs/."""
    lines = [line for line in _prose(DOCS / page).splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _code(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _text(DOCS / page), re.MULTILINE | re.DOTALL)


# --- links -----------------------------------------------------------------------------------------------------


def _links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", _prose(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: small letters, blanks as hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().casefold()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for link in _links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in _anchors(target), f"{page.name}: {link}"


def test_the_list_of_pages_names_every_page() -> None:
    linked = {link for link in _links(DOCS / "README.md") if "/" not in link}
    assert linked == {page.name for page in DOCS.glob("*.md")} - {"README.md"}


# --- code ------------------------------------------------------------------------------------------------------


def test_the_code_for_analysts_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks, names = _code("analyst.md", "python"), dict[str, Any]()
    assert len(blocks) > 10
    for number, block in enumerate(blocks, start=1):
        exec(compile(block, f"analyst.md, block {number}", "exec"), names)


# --- commands --------------------------------------------------------------------------------------------------


def _commands(page: Path) -> Iterator[list[str]]:
    """Words of every `siting ...` line, in blocks and within sentences."""
    text = _text(page)
    for line in (*re.findall(r"^siting (.+)$", text, re.MULTILINE), *re.findall(r"`siting ([^`\n]+)`", text)):
        yield line.partition("#")[0].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_named_and_every_option_is_there(page: Path) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, *words in _commands(page):
        assert name in known, f"{page.name}: siting {name}"
        options = {option for parameter in known[name].params for option in parameter.opts} | {"--help"}
        stated = {word.strip(",，。、；;:.)") for word in words if word.startswith("--")}
        assert stated <= options, f"{page.name}: siting {name} {' '.join(sorted(stated - options))}"


def test_planners_are_told_of_every_command() -> None:
    for page in PLANNERS:
        told = {words[0] for words in _commands(DOCS / page)}
        assert told == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PLANNERS)
def test_planners_are_told_of_every_kind_that_is_filed(page: str) -> None:
    header, *kinds = [row for row in _rows(page) if len(row) == 4 and row[0].startswith("`") and row[1] != "`key`"]
    told = [_quoted(row[0])[0] for row in (header, *kinds) if not row[0].startswith("`[")]
    assert set(KINDS) <= {word.removeprefix("--only ") for word in told}


# --- the keys of a study file ----------------------------------------------------------------------------------

EVERY_TABLE = """
study = { notice = { zh = "", en = "" } }
demand = { pupils_per_1000 = {}, enrolment = {}, migration = {} }
goals = {}
limits = {}
filing = {}
layers = { villages = { columns = {} }, roads = {}, ages = {} }
programme = [{ tier = "primary", area = "urban", cost = {} }]
phase = [{ budget = {}, fixed = [{}] }]
"""

WITHIN = {"[study.notice]", "[demand.pupils_per_1000]", "[demand.enrolment]", "[[programme]].cost", "[[phase]].budget"}
"""Tables that hold names of languages, tiers, programmes, or are told in the row of the table that holds them."""


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, set[str]]:
    """Keys by table, as the readers close their tables."""
    found: dict[str, set[str]] = {}

    def noted(table: Stated, keys: Sequence[str]) -> None:
        found.setdefault(_table(table.where), set()).update(keys)

    monkeypatch.setattr(Stated, "close", noted)
    file = tmp_path / "study.toml"
    file.write_text(EVERY_TABLE, encoding="utf-8")
    project_file.load_project(file)
    return {table: keys for table, keys in found.items() if table not in WITHIN and not table.endswith("columns]")}


def _table(where: str) -> str:
    """How the pages write a table: [study], [[programme]], [[phase.fixed]]."""
    words = re.findall(r"\[\[?[\w.]+\]?\]", where)
    rest = where.rpartition(": ")[2].strip()
    return f"{words[-1]}.{rest}" if words and rest and not rest.startswith("[") else words[-1] if words else ""


@pytest.mark.parametrize("page", PLANNERS)
def test_every_key_of_a_study_file_is_told_and_no_other(page: str, known: Mapping[str, set[str]]) -> None:
    told: dict[str, set[str]] = {}
    for row in _rows(page):
        if row[0].startswith("`["):
            told.setdefault(_quoted(row[0])[0], set()).add(_quoted(row[1])[0])
    layers = told.pop("[layers.*]")
    for layer in ("villages", "roads", "ages"):
        assert told.pop(f"[layers.{layer}]", set()) | layers == known[f"[layers.{layer}]"]
    assert known["[layers]"] == set(ALIASES)
    assert known[""] == {re.split(r"[\[\].]+", table)[1] for table in told} | {"layers"}
    assert told == {table: keys for table, keys in known.items() if table and not table.startswith("[layers")}


def test_a_change_of_a_phase_is_a_key_of_it() -> None:
    assert {"fixed", "change", "budget"} <= set(asked_phases.KEYS)


@pytest.mark.parametrize("page", PLANNERS)
def test_words_a_key_may_hold_are_told(page: str) -> None:
    text = _text(DOCS / page)
    assert all(f"`{word}`" in text for word in (*GOALS, *TIERS, *project_file.AREAS))
    assert all(f'`"{word}"`' in text for word in project_file.LARGE_VILLAGE)


# --- the columns of layers -------------------------------------------------------------------------------------


def _columns(page: str) -> Mapping[str, Mapping[str, str]]:
    """By layer, every column that is told of, and the headers told for it."""
    text = _prose(DOCS / page)
    parts = re.split(r"^\*\*(villages|schools|roads|其他图层|the other layers)", text, flags=re.MULTILINE)
    found: dict[str, dict[str, str]] = {}
    for word, part in zip(parts[1::2], parts[2::2], strict=True):
        layer = word
        for line in part.split("\n### ")[0].splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("|") and word not in ALIASES:
                layer, *cells = [(_quoted(cells[0]) or [layer])[0], *cells[1:]]
            for column in _quoted(cells[0]) if line.startswith("|") else ():
                found.setdefault(layer, {})[column] = cells[1]
    return found


@pytest.mark.parametrize("page", PLANNERS)
def test_every_column_of_every_layer_is_told_and_no_other(page: str) -> None:
    told = _columns(page)
    for layer, aliases in ALIASES.items():
        per_tier = {f"{counted}_{tier}" for counted in aliases for tier in TIERS}
        ages = {column for column in aliases if re.fullmatch(r"age_\d+(_\d+)?", column)}
        assert set(told.get(layer, {})) - ages == set(aliases) - per_tier - ages, layer
        assert set(told.get(layer, {})) <= set(aliases), layer


def test_every_header_told_is_one_the_readers_know() -> None:
    for layer, columns in _columns("planner.md").items():
        for column, headers in columns.items():
            aliases = {plain(alias) for alias in ALIASES[layer][column]}  # type: ignore[index]
            stated = [] if "…" in headers else [header for header in headers.split("、") if "（" not in header]
            wrong = [
                header.strip()
                for header in stated
                if header.strip() not in ("", "同村庄") and plain(header) not in aliases
            ]
            assert not wrong, f"{layer} {column}: {wrong}"


def test_both_pages_for_planners_have_the_same_parts() -> None:
    zh, en = (_text(DOCS / page) for page in PLANNERS)
    for mark in (r"^#+ ", r"^\|", r"^- ", r"^siting "):
        counts = [len(re.findall(mark, text, re.MULTILINE)) for text in (zh, en)]
        assert counts[0] == counts[1], f"{mark}: {counts}"


# --- what developers are told ----------------------------------------------------------------------------------


def test_files_named_to_developers_are_there() -> None:
    named = re.findall(r"`((?:siting|tests|scripts)/[\w/.-]+\.(?:py|toml|md))`", _prose(DOCS / "extending.md"))
    new = set(re.findall(r"^New: `([^`]+)`", _text(DOCS / "extending.md"), re.MULTILINE))
    assert named and all((ROOT / file).is_file() for file in set(named) - new)
    assert new and not any((ROOT / file).exists() for file in new)


def test_what_developers_add_is_not_there_already() -> None:
    assert "most_classes" not in RULE_KINDS
    assert "add_classes" not in CHANGES
    assert "letter" not in KINDS


def test_faults_told_to_planners_are_said(tmp_path: Path) -> None:
    """A misspelt key and a backslash in a path, word for word as both pages have them."""
    file = tmp_path / "study.toml"
    said = []
    for text in ('[study]\nrulebok = "a"\n', '[study]\nname = "C:\\data"\n'):
        file.write_text(text, encoding="utf-8")
        notes = Notes("study.toml")
        held = project_file.read_toml(file, notes)
        faults = notes.faults if held is None else project_file.load_project(file)[1]
        said.append(faults[0])
    for page, sentence in zip(PLANNERS, (said[0].said_in("zh"), said[0].said_in("en")), strict=True):
        assert f"`{sentence.partition('] ')[2]}`" in _text(DOCS / page)
    assert "双引号里有反斜杠" in said[1].said_in("zh") and "a backslash within double quotes" in said[1].said_in("en")

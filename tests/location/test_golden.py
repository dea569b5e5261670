"""Every family of rows as text, beside the text that was agreed on: location/golden/<model>/<family>.txt.

A deliberate change is written down with SITING_GOLDEN=write pytest tests/location/test_golden.py, and read in the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from location.test_program import three_by_two

from siting.location.assignment import assignment_model
from siting.location.classics.cover_program import program as covering_program
from siting.location.classics.cover_sets import covered
from siting.location.classics.load_program import load_program
from siting.location.classics.loads import Loads
from siting.location.classics.p_median_program import p_median_program
from siting.location.classics.pairs import pairs_of
from siting.location.groups import group_model, list_groups
from siting.location.program import Program
from siting.location.stages import kept

GOLDEN = Path(__file__).parent / "golden"
HOW = "if it is meant: SITING_GOLDEN=write pytest tests/location/test_golden.py"


def assignment() -> tuple[Program, list[str]]:
    """Three villages and two sites, pair by pair, as the walk is made short: cost stays at 3 + 1 = 4."""
    model = assignment_model(three_by_two())
    names = [
        *("Ash>north", "Birch>north", "Birch>south", "Cedar>south"),
        *("no school: Ash", "no school: Birch", "no school: Cedar"),
        *("open south", "extend north"),
        *("over north", "over south", "seats over north", "seats over south", "under north", "under south"),
        "Ash shares",
    ]
    return kept(model.program.with_cost(model.cost("walk")), model.cost("cost"), 4.0, "cost"), names


def groups() -> tuple[Program, list[str]]:
    """The same villages as groups: what lies under its site is what the group holds."""
    one = three_by_two()
    listed = list_groups(one)
    assert listed is not None
    model = group_model(one, listed)
    members = [one.arcs.unit[listed.arc[a:b]] for a, b in zip(listed.start[:-1], listed.start[1:], strict=True)]
    names = [
        f"{one.site_id[j]}({' '.join(one.unit_id[i] for i in its)})"
        for j, its in zip(listed.site, members, strict=True)
    ]
    return model.program.with_cost(model.cost("walk")), names


PAIRS = pairs_of(np.array([[3.0, np.inf], [4.0, 5.0], [np.inf, 6.0]]))
"""Three units and two sites: the first reaches only the first site, the last only the second."""

OPEN = ["open s0", "open s1"]
USES = ["u0>s0", "u1>s0", "u1>s1", "u2>s1"]
WEIGHT = np.array([1.0, 2.0, 3.0])


def medians() -> tuple[Program, list[str]]:
    """p-median: both sites open, the first stays."""
    return p_median_program(PAIRS, WEIGHT, 2, np.array([0])), [*OPEN, *USES]


def fewest() -> tuple[Program, list[str]]:
    """Set covering."""
    return covering_program(covered(PAIRS, WEIGHT), None), OPEN


def most() -> tuple[Program, list[str]]:
    """Maximal covering with one site."""
    return covering_program(covered(PAIRS, WEIGHT), 1), [*OPEN, *(f"u{i} uncovered" for i in range(3))]


def loads() -> tuple[Program, list[str]]:
    """Units that load sites with 2, 3 and 4; the first site holds 5, the second has no limit but carries 6 at least."""
    limits = np.array([5.0, np.inf]), np.array([0.0, 6.0]), np.array([10.0, 20.0])
    question = Loads(PAIRS, WEIGHT, np.array([2.0, 3.0, 4.0]), *limits, 2, np.array([True, False]))
    return load_program(question)[1], [*USES, *OPEN]


MODELS = {
    "assignment": assignment,
    "groups": groups,
    "p_median": medians,
    "set_covering": fewest,
    "maximal_covering": most,
    "capacitated": loads,
}


def families(program: Program, names: list[str]) -> dict[str, str]:
    """The lines of the text by family: what stands before the first colon or bar."""
    found: dict[str, str] = {}
    for line in program.text(names).splitlines(keepends=True):
        family = line.partition(" | ")[0].partition(":")[0].replace(" ", "_")
        found[family] = found.get(family, "") + line
    return found


@pytest.mark.parametrize("model", MODELS)
def test_every_family_of_rows_reads_as_agreed(model: str) -> None:
    folder, said = GOLDEN / model, families(*MODELS[model]())
    if os.environ.get("SITING_GOLDEN") == "write":
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.txt"):
            old.unlink()
        for family, lines in said.items():
            (folder / f"{family}.txt").write_text(lines, encoding="utf-8")
    agreed = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.txt")}
    assert sorted(said) == sorted(agreed), HOW
    for family, lines in said.items():
        assert lines == agreed[family], HOW


def test_the_small_case_says_every_sentence_there_is() -> None:
    said = families(*assignment())
    assert list(said) == [
        *("minimise", "assign", "only_where_open", "without_a_school_only_where_none_is_open"),
        *("residents_above_the_upper_bound", "a_large_unit_shares", "pupils_above_the_seats"),
        *("residents_below_the_lower_bound", "budget", "kept", "whole", "real"),
    ]

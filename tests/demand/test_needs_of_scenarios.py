"""Scenarios that bring people never lower the seats a county needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_place import area, births, book, groups, project

from siting.demand.needs import needs
from siting.run import Base, prepared
from siting.scenario import applied, read_scenario
from siting.study import FloatArray

ESTATE = """[[change]]
kind = "add_estate"
name = "新城"
x = {x}
y = {y}
crs = "EPSG:4547"
inside_share = {inside}
phases = [{{ delivered = "{year}-09", dwellings = {dwellings} }}]
"""


def needed(folder: Path, of: Base, changes: str = "") -> FloatArray:
    """Seats needed by planning unit and year."""
    if changes:
        file = folder / "case.toml"
        file.write_text(f'name = {{ zh = "情景", en = "a case" }}\n{changes}', encoding="utf-8")
        of = applied(of, read_scenario(file))
    study, faults = prepared(of)
    assert faults == ()
    (one,) = needs(study.area, study.project, study.book)
    seats: FloatArray = one.balance.needed_seats
    return seats


def base(seed: int) -> Base:
    held = {"births": births()} if seed % 2 else {"ages": groups()}
    return Base(project(year=2030), book(), area(**held))


@pytest.mark.parametrize("seed", range(8))
def test_people_who_come_never_lower_needed_seats(tmp_path: Path, seed: int) -> None:
    draw, of = np.random.default_rng(seed), base(seed)
    before = needed(tmp_path, of)
    estate = ESTATE.format(
        x=draw.integers(0, 2000), y=draw.integers(100, 400), inside=0.0, year=draw.integers(2027, 2036),
        dwellings=draw.integers(1, 3000),
    )  # fmt: skip
    for changes in (
        estate,
        f'[[change]]\nkind = "change_migration"\npeople_a_year = {draw.integers(1, 200)}\n',
        f'[[change]]\nkind = "change_enrolment"\nfactor = {1.0 + draw.uniform(0.0, 0.08):.3f}\n',
        '[[change]]\nkind = "change_births"\nvariant = "high"\n' if seed % 2 else estate,
    ):
        assert (needed(tmp_path, of, changes) >= before - 1e-9).all(), changes

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from siting.location.classics.covering import maximal_covering, set_covering
from siting.location.instance import BoolArray
from siting.study import FloatArray

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "covering"
PUBLISHED = "SJC324", "SJC402", "SJC500"

pytestmark = pytest.mark.skipif(not (FOLDER / "answers.csv").is_file(), reason="no reference data")


def published(name: str) -> tuple[BoolArray, FloatArray, dict[int, float]]:
    """Who is within reach of whom, weights, and the published value for every p."""
    rows = [line.split() for line in (FOLDER / f"{name}.txt").read_text().splitlines() if len(line.split()) == 2]
    weight = np.loadtxt(FOLDER / f"demand-{name}.dat")
    with (FOLDER / "answers.csv").open(encoding="utf-8") as file:
        answers = [row for row in csv.DictReader(file) if row["instance"] == name]
    radius = float(answers[0]["radius_m"])
    xy = np.array(rows, dtype=float)
    return cdist(xy, xy) <= radius, weight, {int(row["p"]): float(row["value"]) for row in answers}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_values_are_reached_and_proved(name: str) -> None:
    within, weight, answers = published(name)
    for p, value in answers.items():
        said = maximal_covering(within, weight, p)
        assert said.value == said.bound == value
        assert weight[within[:, said.open].any(axis=1)].sum() == value


@pytest.mark.parametrize("name", PUBLISHED)
def test_as_few_sites_as_the_published_table_needs_cover_everybody(name: str) -> None:
    within, weight, answers = published(name)
    enough = min(p for p, value in answers.items() if value == weight.sum())
    said = set_covering(within)
    assert said.status == "optimal" and said.value >= enough

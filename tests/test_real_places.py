"""Two real places from their files to an audit, against the figures known of them.

Skipped without SITING_REFERENCE_DATA, the folder that holds sao_paulo/ and liechtenstein/.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from siting.audit import Audit
from siting.run import Study, audit_study, read_study

DATA = Path(os.environ.get("SITING_REFERENCE_DATA", ""))
FILES = (DATA / "sao_paulo" / "spo_osm.pbf", DATA / "liechtenstein" / "liechtenstein.osm.pbf")
SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "real_places.py"

pytestmark = pytest.mark.skipif(not all(file.is_file() for file in FILES), reason="SITING_REFERENCE_DATA not set")


@pytest.fixture(scope="module")
def sao_paulo(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return read_study(runpy.run_path(str(SCRIPT))["write_sao_paulo"](DATA, tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def liechtenstein(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return read_study(runpy.run_path(str(SCRIPT))["write_liechtenstein"](DATA, tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def liechtenstein_audit(liechtenstein: Study) -> Audit:
    return audit_study(liechtenstein)


def _in_largest_piece(study: Study) -> int:
    return int((study.network.component == 0).sum())


def _row(frame: pd.DataFrame, programme: str) -> pd.Series:
    return frame.set_index("programme").loc[programme]


# --- São Paulo -------------------------------------------------------------------------------------------------


def test_sao_paulo_has_its_hexagons_people_and_schools(sao_paulo: Study) -> None:
    assert len(sao_paulo.area.units) == 323
    assert sao_paulo.area.points.residents.sum() == 517_570
    assert len(sao_paulo.area.schools) == 59


def test_sao_paulo_has_about_19_900_walk_nodes(sao_paulo: Study) -> None:
    """Bends are nodes. 20,254 with the small pieces, 19,791 in the largest, which is 97.7 %."""
    assert _in_largest_piece(sao_paulo) == pytest.approx(19_900, rel=0.01)
    assert _in_largest_piece(sao_paulo) / len(sao_paulo.area.roads.x) == pytest.approx(0.98, abs=0.005)


def test_about_93_percent_live_within_1500_m_of_a_hexagon_with_a_school(sao_paulo: Study) -> None:
    """The 93 % put places on the nearest node of the network, a detour of its own; on the nearest edge it is 95 %."""
    row = _row(audit_study(sao_paulo).coverage, "primary-all")
    assert row["covered_share"] == pytest.approx(0.95, abs=0.005)
    assert _share_by_nodes(sao_paulo) == pytest.approx(0.93, abs=0.005)
    assert row["overstates_share"] > 0


def _share_by_nodes(study: Study) -> float:
    """People within 1500 m where every place is on the nearest node of the largest piece, and walks there straight."""
    area, roads = study.area, study.area.roads
    largest = np.flatnonzero(study.network.component == 0)
    leg_m, near = cKDTree(np.column_stack((roads.x, roads.y))[largest]).query(
        np.column_stack((area.points.x, area.points.y))
    )
    node, has_school = largest[near], np.isin(area.points.unit, area.schools.unit)
    streets = nx.Graph()
    for tail, head, metres in sorted(zip(roads.tail.tolist(), roads.head.tolist(), roads.length_m, strict=True)):
        shorter = min(metres, streets.get_edge_data(tail, head, {"metres": metres})["metres"])
        streets.add_edge(tail, head, metres=shorter)
    starts = set(node[has_school].tolist())
    reached = nx.multi_source_dijkstra_path_length(streets, starts, weight="metres")
    walk_m = np.array([reached.get(one, np.inf) for one in node.tolist()]) + leg_m
    return float(area.points.residents[walk_m <= 1500].sum() / area.points.residents.sum())


# --- Liechtenstein ---------------------------------------------------------------------------------------------


def test_liechtenstein_has_the_schools_of_the_map(liechtenstein: Study) -> None:
    tiers = pd.Series(liechtenstein.area.schools.tier).value_counts()
    assert tiers.to_dict() == {"primary": 19, "kindergarten": 6}


def test_liechtenstein_has_about_53_000_walk_nodes(liechtenstein: Study) -> None:
    """Bends are nodes. 54,616 with the small pieces, 53,891 in the largest."""
    assert _in_largest_piece(liechtenstein) == pytest.approx(53_000, rel=0.02)
    assert _in_largest_piece(liechtenstein) / len(liechtenstein.area.roads.x) > 0.98


def test_liechtensteins_people_are_those_of_its_villages(liechtenstein: Study) -> None:
    """12 villages with a population tag: 38,195, less Nendeln's 1,357, whom Eschen counts too."""
    assert len(set(liechtenstein.area.units.part_of)) == 12
    assert liechtenstein.area.points.residents.sum() == pytest.approx(38_195 - 1_357)
    assert len(liechtenstein.area.points) > 8000


def test_straight_lines_flatter_in_the_mountains(liechtenstein_audit: Audit) -> None:
    for programme in ("kindergarten-all", "primary-all"):
        row = _row(liechtenstein_audit.coverage, programme)
        assert row["straight_covered_share"] > row["covered_share"] > 0.3
        assert row["overstates_share"] > 0.1


def test_villages_without_a_school_nearby_are_named(liechtenstein_audit: Audit) -> None:
    """Balzers, 4,539 people, has no school on the map; it is divided into blocks, and Triesen's is the nearest."""
    beyond = liechtenstein_audit.uncovered
    balzers = beyond[(beyond["programme"] == "primary-all") & beyond["name"].str.startswith("Balzers")]
    assert balzers["uncovered_residents"].sum() == pytest.approx(4539)
    assert set(balzers["school"]) == {"Weiterführende Schule Triesen"}

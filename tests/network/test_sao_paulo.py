from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from network.road_cases import by_networkx
from pyproj import Transformer

from siting.errors import Fault
from siting.inputs.roads import read_roads
from siting.network.build import build_network
from siting.network.distances import bounded_distances, nearest
from siting.network.graph import RoadNetwork, Snapped
from siting.network.snapping import snap
from siting.project import Layer

FOLDER = Path(os.environ.get("SITING_REFERENCE_DATA", "")) / "sao_paulo"
CRS = "EPSG:31983"
pytestmark = pytest.mark.skipif(not (FOLDER / "spo_osm.pbf").is_file(), reason="SITING_REFERENCE_DATA not set")


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    faults: list[Fault] = []
    roads = read_roads(Layer(FOLDER / "spo_osm.pbf"), CRS, faults, [])
    assert roads is not None
    return build_network(roads)


@pytest.fixture(scope="module")
def hexagons() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "spo_hexgrid.csv")


@pytest.fixture(scope="module")
def centres(network: RoadNetwork, hexagons: pd.DataFrame) -> Snapped:
    x, y = Transformer.from_crs(4326, CRS, always_xy=True).transform(hexagons["lon"], hexagons["lat"])
    return snap(network, np.asarray(x), np.asarray(y))


def _some(places: Snapped, which: np.ndarray) -> Snapped:
    return Snapped(places.edge[which], places.along_m[which], places.leg_m[which])


def test_most_of_the_network_is_one_piece(network: RoadNetwork) -> None:
    assert 0.97 < np.mean(network.component == 0) < 0.99


def test_distances_are_those_of_networkx(network: RoadNetwork, centres: Snapped) -> None:
    sites = _some(centres, np.arange(0, len(centres), 40))
    exact = by_networkx(network, sites, centres)
    distances = bounded_distances(network, sites, centres, 2500.0)
    row = np.repeat(np.arange(len(sites)), np.diff(distances.start))
    assert len(row) == (exact <= 2500.0).sum()
    assert distances.metres == pytest.approx(exact[row, distances.point], abs=1e-6)
    assert nearest(network, sites, centres)[1] == pytest.approx(exact.min(axis=0), abs=1e-6)


def test_people_within_1500_m_of_a_school(network: RoadNetwork, hexagons: pd.DataFrame, centres: Snapped) -> None:
    """About 93 % of people live within 1.5 km of a hexagon with a school."""
    people, has_school = hexagons["population"].to_numpy(), hexagons["schools"].to_numpy() > 0
    _, metres = nearest(network, _some(centres, np.flatnonzero(has_school)), centres)
    assert people[metres <= 1500].sum() / people.sum() == pytest.approx(0.93, abs=0.02)

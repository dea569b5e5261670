"""A county made by seeded chance, as large as wanted: villages in clusters, homes around them, sites at villages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from siting.location.classics import Pairs, pairs_between

Floats = NDArray[np.float64]

SIDE_M = 40_000.0
TOWNS = 25
BY_ROAD = 1.3
"""Metres by road for a metre as the crow flies."""

NEAREST = 100
"""Where everybody must be served each place may use so many sites, the nearest; the answer is checked against all."""


@dataclass(frozen=True, slots=True)
class County:
    """Places where people live, xy (I, 2) metres and residents (I,), and sites (J, 2)."""

    xy: Floats
    residents: Floats
    site_xy: Floats


def county(places: int, sites: int, seed: int = 20211010) -> County:
    """A county of so many places and sites; three villages of ten lie anywhere, the others around towns."""
    chance = np.random.default_rng(seed)
    towns = chance.uniform(0.0, SIDE_M, (TOWNS, 2))
    near_town = towns[chance.integers(TOWNS, size=sites)] + chance.normal(0.0, 3_000.0, (sites, 2))
    anywhere = chance.uniform(0.0, SIDE_M, (sites, 2))
    villages = np.where(chance.random((sites, 1)) < 0.3, anywhere, near_town)
    size = chance.lognormal(np.log(1_775.0), 0.6, sites)
    village = np.concatenate([np.arange(sites), chance.choice(sites, places - sites, p=size / size.sum())])
    away = np.clip(chance.normal(0.0, 250.0, (places, 2)), -700.0, 700.0)
    residents = np.ceil(chance.lognormal(0.0, 0.8, places) * size.sum() / places)
    return County(villages[village] + away, residents, villages)


def within(here: County, radius_m: float) -> Pairs:
    """Pairs of places and sites at most so far by road."""
    far = radius_m / BY_ROAD
    found = cKDTree(here.xy).sparse_distance_matrix(cKDTree(here.site_xy), far, output_type="ndarray")
    return pairs_between(found["i"], found["j"], found["v"] * BY_ROAD, len(here.xy), len(here.site_xy))


def nearest(here: County) -> Pairs:
    """Pairs of every place and the sites nearest to it."""
    straight, site = cKDTree(here.site_xy).query(here.xy, k=NEAREST)
    place = np.repeat(np.arange(len(here.xy)), NEAREST)
    return pairs_between(
        place, np.asarray(site).ravel(), np.asarray(straight).ravel() * BY_ROAD, len(here.xy), len(here.site_xy)
    )


def metres_to_nearest(here: County, open_sites: NDArray[np.int64]) -> Floats:
    """Metres from every place to the nearest open site (I,), of all there are."""
    straight, _ = cKDTree(here.site_xy[open_sites]).query(here.xy)
    return np.asarray(straight * BY_ROAD, dtype=np.float64)

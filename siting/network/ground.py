"""What journeys start from: a study area, its roads as a network, its demand points on them."""

from __future__ import annotations

from dataclasses import dataclass

from siting.latest import kept_for_latest
from siting.network.build import build_network
from siting.network.graph import RoadNetwork, Snapped
from siting.network.snapping import snap
from siting.study import StudyArea


@dataclass(frozen=True, slots=True)
class Ground:
    """A study area, its roads as a network, and its demand points on them."""

    area: StudyArea
    network: RoadNetwork
    points: Snapped


@kept_for_latest
def ground_of(area: StudyArea) -> Ground:
    """The roads of an area, ready to be walked; those of the area last asked for are kept."""
    network = build_network(area.roads)
    return Ground(area, network, snap(network, area.points.x, area.points.y))

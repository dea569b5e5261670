"""What journeys start from: a study area, its roads as a network, its demand points on them."""

from __future__ import annotations

from dataclasses import dataclass

from siting.latest import kept_for_latest
from siting.network.build import build_network
from siting.network.graph import RoadNetwork, Snapped
from siting.network.snapping import snap
from siting.study import DemandPoints, Roads, StudyArea


@dataclass(frozen=True, slots=True)
class Ground:
    """A study area, its roads as a network, and its demand points on them."""

    area: StudyArea
    network: RoadNetwork
    points: Snapped


def ground_of(area: StudyArea) -> Ground:
    """The roads of an area, ready to be walked; those of the area last asked for are kept."""
    return Ground(area, *_walked(area.roads, area.points))


@kept_for_latest
def _walked(roads: Roads, points: DemandPoints) -> tuple[RoadNetwork, Snapped]:
    network = build_network(roads)
    return network, snap(network, points.x, points.y)

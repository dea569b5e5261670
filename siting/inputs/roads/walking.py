"""Where a child may walk: OpenStreetMap's words read as one table of roads and a few words of permission.

Walking is both ways whatever ``oneway`` says. Railways carry no ``highway`` tag and are never read.
Source: OpenStreetMap wiki, "Key:highway" and "Key:access", read for a child on foot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from siting.study import ROAD_CLASSES

RoadClass = Literal["trunk", "primary", "secondary", "tertiary", "local", "path"]

OPEN: Mapping[str, RoadClass] = {
    "trunk": "trunk",
    "trunk_link": "trunk",
    "primary": "primary",
    "primary_link": "primary",
    "secondary": "secondary",
    "secondary_link": "secondary",
    "tertiary": "tertiary",
    "tertiary_link": "tertiary",
    "unclassified": "local",
    "residential": "local",
    "living_street": "local",
    "service": "local",
    "road": "local",
    "pedestrian": "path",
    "footway": "path",
    "path": "path",
    "steps": "path",
    "track": "path",
    "cycleway": "path",
    "bridleway": "path",
    "corridor": "path",
    "elevator": "path",
}
"""Highways one may walk unless told otherwise, and what each is drawn as."""

ONLY_IF_ALLOWED: Mapping[str, RoadClass] = {
    "motorway": "trunk",
    "motorway_link": "trunk",
    "busway": "local",
    "bus_guideway": "local",
}
"""Highways closed on foot unless ``foot`` says yes."""

NO_WAY = frozenset(
    {"construction", "proposed", "planned", "disused", "abandoned", "razed", "no", "platform", "bus_stop", "raceway"}
    | {"rest_area", "services", "emergency_bay", "escape", "via_ferrata", "railway"}
)
"""Words of road files for what is not there, not a road, or not for children."""

AREAS = frozenset({"pedestrian", "footway", "path"})
"""Highways that may be drawn as an area (a square); its outline is walked. Other areas are yards and car parks."""

_ALLOWED = frozenset({"yes", "designated", "permissive", "official", "public", "destination"})
_FORBIDDEN = frozenset({"no", "private", "military", "permit", "emergency", "use_sidepath"})


class Tags(Protocol):
    """Words of a way by key: a dict, or what osmium has of a way."""

    def get(self, key: str, default: str, /) -> str | None:
        """The word, else the default."""
        ...


def walked_as(tags: Tags) -> int | None:
    """The way's position in ROAD_CLASSES, or None where a child may not walk."""
    highway = tags.get("highway", "") or ""
    drawn_as = OPEN.get(highway) or ONLY_IF_ALLOWED.get(highway)
    is_yard = tags.get("area", "") == "yes" and highway not in AREAS
    if drawn_as is None or is_yard or not _may_walk(highway, tags):
        return None
    return ROAD_CLASSES.index(drawn_as)


def _may_walk(highway: str, tags: Tags) -> bool:
    """What ``foot`` says outweighs ``access``, ``motorroad`` and the kind of road."""
    foot = tags.get("foot", "")
    if foot in _ALLOWED:
        return True
    closed = foot in _FORBIDDEN or tags.get("access", "") in _FORBIDDEN or tags.get("motorroad", "") == "yes"
    return highway in OPEN and not closed

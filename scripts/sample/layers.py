"""Estates, protected land and the built-up area: what a planner lays over the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from sample.facts import degrees
from sample.people import County
from sample.places import blob

Features = Sequence[tuple[BaseGeometry, Mapping[str, object]]]
"""Shapes in metres and what is said of each."""

_ESTATES = 8
_FARMLAND = 16
_KINDS = {"river": "河流", "railway": "铁路", "motorway": "高速公路"}


def make_estates(county: County, rng: np.random.Generator) -> Features:
    """Eight estates at the edge of the city, two streets wide, handed over between 2022 and 2028."""
    city = county.settlements[0]
    turns = np.linspace(0.4, 2 * np.pi + 0.4, _ESTATES, endpoint=False) + rng.uniform(-0.2, 0.2, _ESTATES)
    estates: list[tuple[BaseGeometry, Mapping[str, object]]] = []
    for number, turn in enumerate(turns.tolist(), 1):
        toward = np.array([np.cos(turn), np.sin(turn)])
        reach = max(
            off for off in range(1500, 5000, 100) if city.ground.contains(shapely.Point(city.middle + off * toward))
        )
        x, y = city.middle + (reach - 450.0) * toward
        width, depth = rng.uniform(220.0, 420.0, 2)
        dwellings = round(width * depth / 100.0 * rng.uniform(1.2, 2.2) / 10) * 10
        said = {"名称": f"合成小区{number}", "户数": dwellings, "交付年份": int(rng.integers(2022, 2029))}
        estates.append((box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2), said))
    return estates


def make_protected(county: County, rng: np.random.Generator) -> Features:
    """Patches of basic farmland clear of every place, and a heritage zone in the old city."""
    built_up = shapely.union_all([*(place.ground for place in county.settlements), *county.grounds])
    fields = shapely.difference(
        shapely.buffer(county.facts.outline, -200.0),
        shapely.union_all([shapely.buffer(built_up, 120.0), shapely.buffer(county.ground.gap, 60.0)]),
    )
    west, south, east, north = fields.bounds
    protected: list[tuple[BaseGeometry, Mapping[str, object]]] = []
    while len(protected) < _FARMLAND:
        around = blob(rng.uniform((west, south), (east, north)), rng.uniform(1300.0, 2100.0), rng)
        patch = _largest(shapely.intersection(fields, around))
        is_new = not any(patch.intersects(other) for other, _ in protected)
        if patch.area > 1.2e6 and is_new:
            said = {"名称": f"永久基本农田{len(protected) + 1}（合成）", "类型": "永久基本农田"}
            protected.append((shapely.simplify(patch, 15.0), said))
    x, y = county.settlements[0].middle + np.array([250.0, 60.0])
    zone = box(x - 260.0, y - 220.0, x + 260.0, y + 220.0)
    return [*protected, (zone, {"名称": "历史文化街区（合成）", "类型": "历史文化保护"})]


def _largest(ground: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(ground)
    return parts[int(np.argmax(shapely.area(parts)))] if len(parts) else Polygon()


def urban_area(county: County) -> Features:
    """The city and the towns, one shape each."""
    return [(_outline_of(place.ground), {"名称": place.name, "类型": place.area}) for place in county.settlements]


def _outline_of(ground: BaseGeometry) -> BaseGeometry:
    return shapely.simplify(shapely.buffer(shapely.buffer(ground, 80.0), -80.0), 10.0)


def barrier_lines(county: County) -> Features:
    """Rivers, railways and expressways within the outline."""
    return [(one.line, {"名称": one.name, "类型": _KINDS[one.kind]}) for one in county.ground.barriers]


def as_geojson(features: Features) -> dict[str, object]:
    """A GeoJSON collection in degrees."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": said, "geometry": mapping(shapely.transform(shape, degrees))}
            for shape, said in features
        ],
    }

"""Schools and villages out of OpenStreetMap files: nodes and mapped areas, with their tags as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import osmium
import pandas as pd
import shapely

from siting.inputs.notes import Notes
from siting.project import LayerName
from siting.words import Phrase

WANTED: Mapping[LayerName, tuple[str, frozenset[str]]] = {
    "schools": ("amenity", frozenset({"school", "kindergarten"})),
    "villages": (
        "place",
        frozenset({"city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet", "isolated_dwelling"}),
    ),
}
"""The tag that makes an object a row of a layer, and its values."""

_LEVELS: Mapping[str, str] = {"0": "kindergarten", "1": "primary", "2": "junior", "3": "senior"}
"""UNESCO's levels, as OpenStreetMap has them in ``isced:level``."""

_OPERATORS: Mapping[str, str] = {"public": "public", "government": "public", "private": "private"}

_OTHER_MEANING = frozenset({"area", "type", "level", "kind", "unit", "x", "y", "lat", "lon"})
"""Tags that are called like columns of ours and mean something else."""


def read_osm_places(file: Path, layer: LayerName, notes: Notes) -> pd.DataFrame | None:
    """One row per school or settlement: its id ("n12", "a34"), every tag, and its place in degrees as ``geometry``.

    None, and a fault, where the file cannot be read or the layer is none that OpenStreetMap has.
    """
    if layer not in WANTED:
        _say_not_there(notes, layer)
        return None
    key, values = WANTED[layer]
    try:
        rows = [_row(found) for found in _objects(file, key) if found.tags.get(key) in values]
    except RuntimeError as refusal:  # osmium has one error for everything it cannot read
        _say_unreadable(notes, str(refusal))
        return None
    if not rows:
        _say_none(notes, key, values)
        return None
    return _frame(rows, layer)


def _objects(file: Path, key: str) -> Iterator[osmium.osm.Node | osmium.osm.Area]:
    wanted = osmium.filter.KeyFilter(key)
    for found in osmium.FileProcessor(file).with_areas(wanted).with_filter(wanted):
        if isinstance(found, osmium.osm.Node | osmium.osm.Area):
            yield found


def _row(found: osmium.osm.Node | osmium.osm.Area) -> dict[str, object]:
    tags = {tag.k: tag.v for tag in found.tags}
    if isinstance(found, osmium.osm.Node):
        own, place = f"n{found.id}", shapely.Point(found.lon, found.lat)
    else:
        own, place = f"a{found.id}", shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(found))
    name = tags.get("name:zh") or tags.get("name") or own
    return {
        **{key: tags[key] for key in tags if key not in _OTHER_MEANING},
        "id": own,
        "name": name,
        "geometry": place.representative_point(),
    }


def _frame(rows: list[dict[str, object]], layer: LayerName) -> pd.DataFrame:
    frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1), dtype=object)
    frame = frame.where(frame.notna(), "")
    if layer == "schools":
        frame["tier"] = [_tier(row) for row in rows]
        frame["operator"] = [_OPERATORS.get(str(row.get("operator:type")), "") for row in rows]
    return frame


def _tier(tags: Mapping[str, object]) -> str:
    """The tiers that are mapped, joined by ";"; "" for a school that says nothing."""
    if tags.get("amenity") == "kindergarten":
        return "kindergarten"
    levels = [_LEVELS[level] for level in str(tags.get("isced:level", "")) if level in _LEVELS]
    return ";".join(dict.fromkeys(levels))


def _say_not_there(notes: Notes, layer: LayerName) -> None:
    notes.fault(
        Phrase(f"不能从 OpenStreetMap 文件读取 {layer}。", f"is an OpenStreetMap file, which has no {layer} for us."),
        Phrase("请改用表格或矢量图层。", "Give a table or a vector layer."),
    )


def _say_unreadable(notes: Notes, refusal: str) -> None:
    notes.fault(
        Phrase(f"不是可读的 OpenStreetMap 文件（{refusal}）。", f"is not a readable OpenStreetMap file ({refusal})."),
        Phrase("请重新下载 .osm.pbf 或 .osm 文件。", "Download the .osm.pbf or .osm file again."),
    )


def _say_none(notes: Notes, key: str, values: frozenset[str]) -> None:
    words = "、".join(sorted(values))
    notes.fault(
        Phrase(f"没有标记 {key} = {words} 的对象。", f"holds nothing tagged {key} = {' or '.join(sorted(values))}."),
        Phrase("请检查范围，或改用表格。", "Check the extent, or give a table."),
    )

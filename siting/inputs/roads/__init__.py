"""Roads: every file we can read them from, one function to read them."""

from __future__ import annotations

from siting.errors import Fault
from siting.inputs.endings import say_unknown
from siting.inputs.notes import Notes
from siting.inputs.roads.graphml import read_graphml
from siting.inputs.roads.lines import read_lines
from siting.inputs.roads.osm import read_osm
from siting.project import Layer
from siting.study import Remark, Roads
from siting.words import Phrase

OSM_FILES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPH_FILES = (".graphml",)
LINE_FILES = (".shp", ".gpkg", ".geojson", ".json", ".fgb")


def read_roads(layer: Layer, crs: str, faults: list[Fault], remarks: list[Remark]) -> Roads | None:
    """The walkable roads of a layer in the study's CRS; None, with every fault noted, where there are none.

    The file's ending says what it is: OSM_FILES, GRAPH_FILES or LINE_FILES.
    """
    notes = Notes(layer.file.name, faults, remarks)
    if not layer.file.is_file():
        _say_missing(notes, layer)
        return None
    name = layer.file.name.casefold()
    if name.endswith(OSM_FILES):
        _remark_crs(notes, layer.crs)
        return read_osm(layer.file, crs, notes)
    if name.endswith(GRAPH_FILES):
        return read_graphml(layer.file, layer.crs, crs, notes)
    if name.endswith(LINE_FILES):
        return read_lines(layer, crs, notes)
    say_unknown(notes, layer, (*OSM_FILES, *GRAPH_FILES, *LINE_FILES))
    return None


def _remark_crs(notes: Notes, stated: str) -> None:
    """OpenStreetMap files are in WGS84 by definition; anything else stated is not believed."""
    if stated.casefold() in ("", "wgs84", "epsg:4326", "cgcs2000", "epsg:4490"):
        return
    notes.remark(
        Phrase(
            f"OpenStreetMap 文件一律为 WGS84，未采用所写的 {stated}。",
            f"OpenStreetMap files are always in WGS84; the stated {stated} is not used.",
        )
    )


def _say_missing(notes: Notes, layer: Layer) -> None:
    notes.fault(
        Phrase(f"道路文件不存在（{layer.file}）。", f"the road file does not exist ({layer.file})."),
        Phrase("请更正 [layers.roads] 的 file。", "Correct `file` in [layers.roads]."),
    )

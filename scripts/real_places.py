"""Study folders of two real places, for measuring against: ``python scripts/real_places.py DATA_DIR OUT_DIR``.

DATA_DIR holds sao_paulo/ (spo_osm.pbf, spo_hexgrid.csv) and liechtenstein/ (liechtenstein.osm.pbf). Each study gets a
study.toml, a rulebook and the small tables derived here; roads, and Liechtenstein's schools, are read from DATA_DIR.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import osmium
import shapely

Table = Iterable[Sequence[object]]

BAND_SOURCE = "定发〔2021〕40号 四(六)"
HOMES = frozenset({"yes", "house", "residential", "apartments", "farm", "detached", "terrace"})

HOME_M = 3000.0
"""Buildings farther than this from every village are alps and barns, not homes."""

# Eschen's count is the municipality's, and Nendeln, which has a count of its own, is a part of it.
HELD_TWICE = {"Eschen": "Nendeln"}


def main() -> None:
    """Write both studies and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    given = parser.parse_args()
    for write in (write_sao_paulo, write_liechtenstein):
        print(write(given.data_dir, given.out_dir))


def write_sao_paulo(data_dir: Path, out_dir: Path) -> Path:
    """The centre of São Paulo: hexagons as units, a school at the middle of its hexagon. The study file."""
    source, folder = (data_dir / "sao_paulo").resolve(), out_dir / "sao_paulo"
    folder.mkdir(parents=True, exist_ok=True)
    with (source / "spo_hexgrid.csv").open(encoding="utf-8", newline="") as opened:
        hexagons = list(csv.DictReader(opened))
    places = [(one["id"], one["id"], one["lon"], one["lat"], one["population"], "city") for one in hexagons]
    _write(folder / "hexagons.csv", ("id", "name", "lon", "lat", "residents", "area"), places)
    schools = [
        (f"{one['id']}-{k}", f"{one['id']} school {k}", "primary", one["id"], one["lon"], one["lat"])
        for one in hexagons
        for k in range(1, int(one["schools"]) + 1)
    ]
    _write(folder / "schools.csv", ("id", "name", "tier", "unit", "lon", "lat"), schools)
    (folder / "rules.toml").write_text(
        _book("sao-paulo", "圣保罗对照规则", "Rules to measure São Paulo by", _reach("primary", 1500), _BAND),
        encoding="utf-8",
    )
    notice = ("学校位于所在六边形中心（推算）", "Schools stand at the middle of their hexagon (derived)")
    layers = {"villages": "hexagons.csv", "schools": "schools.csv", "roads": (source / "spo_osm.pbf").as_posix()}
    return _study(folder, "São Paulo", "EPSG:31983", notice, layers, {"primary": 65})


def write_liechtenstein(data_dir: Path, out_dir: Path) -> Path:
    """Liechtenstein: villages by their population tag, people spread over mapped buildings. The study file."""
    source, folder = (data_dir / "liechtenstein" / "liechtenstein.osm.pbf").resolve(), out_dir / "liechtenstein"
    folder.mkdir(parents=True, exist_ok=True)
    villages = _villages(source)
    _write(
        folder / "villages.csv",
        ("id", "name", "lon", "lat", "residents", "area"),
        [(f"n{own}", name, *lonlat, people, "town") for own, name, lonlat, people in villages],
    )
    _write(folder / "people_on_buildings_synthetic.csv", ("lon", "lat", "residents"), _spread(source, villages))
    (folder / "rules.toml").write_text(
        _book(
            "liechtenstein",
            "列支敦士登对照规则",
            "Rules to measure Liechtenstein by",
            _reach("kindergarten", 1500),
            _reach("primary", 2000),
        ),
        encoding="utf-8",
    )
    notice = (
        "人口按建筑占地推算（合成），学校取自开放街图且不完整",
        "Residents spread over buildings (synthetic); schools from OpenStreetMap, not complete",
    )
    layers = {
        "villages": "villages.csv",
        "population": "people_on_buildings_synthetic.csv",
        "schools": source.as_posix(),
        "roads": source.as_posix(),
    }
    return _study(folder, "Liechtenstein", "EPSG:2056", notice, layers, {"kindergarten": 20, "primary": 50})


# --- Liechtenstein's people ------------------------------------------------------------------------------------

Village = tuple[int, str, tuple[float, float], int]
"""OSM id, name, lon and lat, residents."""


def _villages(file: Path) -> list[Village]:
    """Villages with a population tag; what two of them count is taken from the larger."""
    tagged = osmium.FileProcessor(file, osmium.osm.NODE).with_filter(osmium.filter.TagFilter(("place", "village")))
    found: list[Village] = [
        (node.id, node.tags["name"], (node.lon, node.lat), int(node.tags["population"]))
        for node in tagged
        if isinstance(node, osmium.osm.Node) and "population" in node.tags
    ]
    people = {name: count for _, name, _, count in found}
    twice = {whole: people[part] for whole, part in HELD_TWICE.items()}
    return [(own, name, lonlat, count - twice.get(name, 0)) for own, name, lonlat, count in found]


def _spread(file: Path, villages: list[Village]) -> list[tuple[float, float, float]]:
    """Every village's residents over the buildings nearest to it, by footprint: lon, lat, residents."""
    homes = defaultdict[int, list[tuple[float, float, float]]](list)
    for lon, lat, footprint in _buildings(file):
        metres = [_metres(lon, lat, *lonlat) for _, _, lonlat, _ in villages]
        if min(metres) <= HOME_M:
            homes[metres.index(min(metres))].append((lon, lat, footprint))
    return [
        (lon, lat, round(people * footprint / sum(area for _, _, area in homes[k]), 4))
        for k, (_, _, _, people) in enumerate(villages)
        for lon, lat, footprint in homes[k]
    ]


def _metres(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Metres between two places, near enough to compare within a small country."""
    return 111_195.0 * math.hypot((lon - to_lon) * math.cos(math.radians(lat)), lat - to_lat)


def _buildings(file: Path) -> Iterable[tuple[float, float, float]]:
    """Lon, lat and footprint (in square degrees, only to compare) of every building somebody may live in."""
    is_building = osmium.filter.KeyFilter("building")
    to_wkb = osmium.geom.WKBFactory()
    for found in osmium.FileProcessor(file).with_areas(is_building).with_filter(is_building):
        if isinstance(found, osmium.osm.Area) and found.tags["building"] in HOMES and "amenity" not in found.tags:
            shape = shapely.from_wkb(to_wkb.create_multipolygon(found))
            yield shape.centroid.x, shape.centroid.y, shape.area


# --- files -----------------------------------------------------------------------------------------------------


def _write(file: Path, header: Sequence[str], rows: Table) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def _study(
    folder: Path,
    name: str,
    crs: str,
    notice: tuple[str, str],
    layers: dict[str, str],
    pupils_per_1000: dict[str, int],
) -> Path:
    zh, en = (_quoted(said) for said in notice)
    lines = [
        "[study]",
        f"name = {_quoted(name)}",
        'rulebook = "rules.toml"',
        f"crs = {_quoted(crs)}",
        'language = "en"',
        f"notice = {{ zh = {zh}, en = {en} }}",
    ]
    for layer, file in layers.items():
        lines += ["", f"[layers.{layer}]", f"file = {_quoted(file)}", 'crs = "wgs84"']
    rates = ", ".join(f"{tier} = {rate}" for tier, rate in pupils_per_1000.items())
    lines += ["", "[demand]", f"pupils_per_1000 = {{ {rates} }}"]
    for tier in pupils_per_1000:
        lines += ["", "[[programme]]", f"tier = {_quoted(tier)}", 'area = "all"']
    study = folder / "study.toml"
    study.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return study


def _quoted(text: str) -> str:
    """A TOML string; JSON writes strings the same way."""
    return json.dumps(text, ensure_ascii=False)


def _book(book: str, zh: str, en: str, *rules: str) -> str:
    head = f'[rulebook]\nid = "{book}"\ntitle = {{ zh = "{zh}", en = "{en}" }}\n'
    return "\n".join([head, *rules])


def _reach(tier: str, metres: int) -> str:
    return f"""[[rule]]
id = "{tier.upper()}-REACH"
kind = "max_distance"
tier = "{tier}"
area = "all"
value = {metres}
unit = "m"
strength = "must"
in_force = 2021-10-10
source = "for comparison; no rule of this place"
certainty = "C"
verify = true
says = {{ zh = "{metres} 米以内有学校。", en = "A school within {metres} m of everyone." }}
"""


_BAND = f"""[[rule]]
id = "PRIMARY-POP"
kind = "service_population"
tier = "primary"
area = "all"
lower = 7000
upper = 20000
unit = "residents"
strength = "should"
in_force = 2021-10-10
source = "{BAND_SOURCE}, for comparison; no rule of this place"
certainty = "C"
verify = true
says = {{ zh = "每所小学服务7000至20000人。", en = "A primary school serves 7,000 to 20,000 residents." }}
"""


if __name__ == "__main__":
    main()

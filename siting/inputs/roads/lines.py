"""Roads from line layers without topology (Shapefile, GeoPackage, GeoJSON, FlatGeobuf)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from siting.inputs.coordinates import converter, moved, why_not_readable
from siting.inputs.notes import Notes
from siting.inputs.placing import is_elsewhere
from siting.inputs.roads.noding import BoolArray, node_lines
from siting.inputs.roads.segments import fits
from siting.inputs.roads.walking import NO_WAY, ONLY_IF_ALLOWED, OPEN, walked_as
from siting.inputs.shapefiles import lacks_parts, read_shapefile
from siting.project import Layer
from siting.study import Roads
from siting.words import Phrase, name_some

HEADERS: Mapping[str, tuple[str, ...]] = {
    "highway": (
        *("highway", "fclass", "road_class", "class", "type"),
        *("等级", "道路等级", "公路等级", "行政等级", "技术等级", "道路类型", "类型"),
    ),
    "bridge": ("bridge", "桥", "桥梁", "是否桥梁"),
    "tunnel": ("tunnel", "隧道", "是否隧道"),
    "layer": ("layer", "层", "层级"),
    "foot": ("foot",),
    "access": ("access",),
    "motorroad": ("motorroad",),
}
"""What we need of a line, and the headers it is found under."""

WORDS: Mapping[str, str] = {
    "高速": "motorway",
    "铁路": "railway",
    "轨道": "railway",
    "在建": "construction",
    "规划": "proposed",
    "快速": "trunk",
    "国道": "trunk",
    "省道": "primary",
    "县道": "secondary",
    "乡道": "tertiary",
    "村道": "unclassified",
    "主干": "primary",
    "次干": "secondary",
    "支路": "tertiary",
    "一级": "primary",
    "二级": "secondary",
    "三级": "tertiary",
    "四级": "unclassified",
    "等外": "unclassified",
    "专用": "unclassified",
    "街": "residential",
    "巷": "residential",
    "机耕": "track",
    "步行": "footway",
    "人行": "footway",
    "步道": "footway",
    "小路": "path",
}
"""Chinese words within a road's class and the highway they stand for; the first that occurs decides."""

LETTERS: Mapping[str, str] = {
    "G": "trunk",
    "S": "primary",
    "X": "secondary",
    "Y": "tertiary",
    "C": "unclassified",
    "Z": "unclassified",
}
"""Administrative classes of highways by their letter (JTG B01, GB/T 917)."""

_LEVEL = re.compile(r"[-+]?\d+(\.0+)?")

_NOT_SO = frozenset({"", "0", "0.0", "no", "n", "false", "f", "none", "nan", "<na>", "否", "无"})


@dataclass(frozen=True, slots=True)
class _Lines:
    """Walkable lines as read (L): shapes in the file's coordinates, class, and whether each is a bridge or tunnel."""

    shapes: NDArray[np.object_]
    road_class: NDArray[np.int8]
    is_raised: BoolArray


def read_lines(layer: Layer, crs: str, notes: Notes) -> Roads | None:
    """The walkable lines of a layer, noded; None, and a fault, where it cannot be read or holds none."""
    if _lacks_crs(layer, notes):
        return None
    frame = _read(layer, notes)
    if frame is None:
        return None
    lines = _walkable(frame.explode(ignore_index=True), layer.columns or {}, notes)
    if lines is None:
        return None
    if not fits(shapely.get_coordinates(lines.shapes), layer.crs, notes):
        return None
    metres = moved(lines.shapes, converter(layer.crs, crs))
    return node_lines(metres, lines.is_raised, lines.road_class)


def _lacks_crs(layer: Layer, notes: Notes) -> bool:
    """True, and a fault, where the study file does not state the layer's coordinate system in words we know."""
    wrong = why_not_readable(layer.crs) if layer.crs else _NO_CRS
    if wrong:
        notes.fault(*wrong)
    return wrong is not None


_NO_CRS = (
    Phrase("没有说明坐标系。", "has no coordinate system stated."),
    Phrase(
        '请在 [layers.roads] 中写 crs，如 crs = "cgcs2000"。',
        'State it in [layers.roads], for example crs = "cgcs2000".',
    ),
)


def _read(layer: Layer, notes: Notes) -> gpd.GeoDataFrame | None:
    if lacks_parts(layer.file, notes):
        return None
    try:
        frame = _rows(layer)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as flaw:
        notes.fault(
            Phrase(f"不是可读的矢量图层（{flaw}）。", f"is not a readable vector layer ({flaw})."),
            Phrase("请重新导出，或在 encoding 中写明编码。", "Export it again, or name its encoding."),
        )
        return None
    return None if is_elsewhere(frame, layer.crs, notes) else _drawn(frame, notes)


def _rows(layer: Layer) -> pd.DataFrame:
    if layer.file.suffix.casefold() == ".shp":
        return read_shapefile(layer.file, layer.encoding)
    return pyogrio.read_dataframe(layer.file, layer=layer.sheet or None, encoding=layer.encoding or None)


def _drawn(frame: pd.DataFrame, notes: Notes) -> gpd.GeoDataFrame | None:
    """The rows with a shape; None, and a fault, where there are none or some are not lines."""
    if not isinstance(frame, gpd.GeoDataFrame):
        _say_no_line(notes, len(frame))
        return None
    drawn = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    others = drawn.geom_type[~drawn.geom_type.isin(["LineString", "MultiLineString", "LinearRing"])]
    if len(others):
        _say_not_lines(notes, others, len(frame))
        return None
    if drawn.empty:
        _say_no_line(notes, len(frame))
        return None
    return drawn


def _walkable(frame: gpd.GeoDataFrame, columns: Mapping[str, str], notes: Notes) -> _Lines | None:
    """The lines one may walk, each shape once; None, and a fault, where there are none."""
    tags = _tags(frame, columns)
    walked = pd.Series(_walked(tags), index=frame.index, dtype="Int8")
    kept = _once(frame.geometry[walked.notna()]).index
    if kept.empty:
        _say_no_way(notes, len(frame))
        return None
    _remark_unknown_words(notes, tags["highway"])
    _remark_drawing(notes, tags)
    return _Lines(
        shapes=frame.geometry[kept].to_numpy(),
        road_class=walked[kept].to_numpy(dtype=np.int8),
        is_raised=_is_raised(tags.loc[kept]),
    )


def _is_raised(tags: pd.DataFrame) -> BoolArray:
    """(L,) True for bridges, tunnels and lines on a level other than 0; a CAD layer's name is no level."""
    is_level = tags["layer"].str.fullmatch(_LEVEL.pattern)
    said = tags[["bridge", "tunnel"]].assign(layer=tags["layer"].where(is_level, ""))
    return said.map(_is_so).any(axis=1).to_numpy(dtype=bool)


def _once(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Every shape once, whichever way and however high it was drawn."""
    alike = pd.Series(shapely.to_wkb(shapely.normalize(shapely.force_2d(shapes.to_numpy()))), index=shapes.index)
    return shapes[~alike.duplicated()]


def _tags(frame: gpd.GeoDataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """One column of text per word of HEADERS, empty where the layer has none."""
    known = {str(header).casefold(): header for header in frame.columns}
    found = {
        word: next(
            (known[name.casefold()] for name in _names(word, aliases, columns) if name.casefold() in known), None
        )
        for word, aliases in HEADERS.items()
    }
    texts = {word: "" if header is None else _text(frame[header]) for word, header in found.items()}
    return pd.DataFrame(texts, index=frame.index)


def _names(word: str, aliases: tuple[str, ...], columns: Mapping[str, str]) -> tuple[str, ...]:
    return (columns[word],) if word in columns else aliases


def _text(column: pd.Series) -> pd.Series:
    return column.astype(str).where(column.notna(), "").str.strip()


def _walked(tags: pd.DataFrame) -> list[int | None]:
    """What each line may be walked as, by the same table as OpenStreetMap's ways."""
    words = list(HEADERS)
    in_osm = tags.assign(highway=tags["highway"].map(highway_of))[words]
    return [walked_as(dict(zip(words, row, strict=True))) for row in in_osm.itertuples(index=False)]


def highway_of(word: str) -> str:
    """The OpenStreetMap highway a class word stands for; "road" where nothing is said or nobody knows the word."""
    return _known_highway(word) or "road"


def _known_highway(word: str) -> str | None:
    plain = word.casefold().split("_grade")[0]
    if plain in OPEN or plain in ONLY_IF_ALLOWED or plain in NO_WAY:
        return plain
    within = (highway for part, highway in WORDS.items() if part in word)
    return LETTERS.get(word.upper()) or next(within, None)


def _is_so(text: str) -> bool:
    return text.casefold() not in _NOT_SO


def _remark_unknown_words(notes: Notes, words: pd.Series) -> None:
    unknown = sorted({word for word in words if word and _known_highway(word) is None})
    if not unknown:
        return
    count, names = int(words.isin(unknown).sum()), name_some(unknown)
    notes.remark(
        Phrase(
            f"{count} 条道路的等级不认识，按可步行的一般道路处理：{names.zh}。",
            f"{count} lines have a class we do not know and are read as local roads: {names.en}.",
        )
    )


def _remark_drawing(notes: Notes, tags: pd.DataFrame) -> None:
    """A remark where no line has a class but the lines of a drawing have layers: contours and walls look like roads."""
    layers = sorted({word for word in tags["layer"] if word and not _LEVEL.fullmatch(word)})
    if not layers or (tags["highway"] != "").any():
        return
    names = name_some(layers, most=12)
    notes.remark(
        Phrase(
            f"没有道路等级，{len(tags)} 条线全部按可步行的道路处理；图层（layer）有：{names.zh}。其中如有不是道路的"
            f'（地形、房屋、围墙等），请先删去；图层名含等级的，写 columns = {{ highway = "表头" }}。',
            f"has no class of road: all {len(tags)} lines are walked. Its layers are {names.en}. Remove what is "
            f'no road (contours, houses, walls); where layers name classes, write columns = {{ highway = "header" }}.',
        )
    )


def _say_not_lines(notes: Notes, others: pd.Series, rows: int) -> None:
    held = [f"{kind} {count}" for kind, count in others.value_counts().items()]
    notes.fault(
        Phrase(
            f"{rows} 行中有不是线的图形：{'、'.join(held)}。",
            f"holds shapes that are not lines: {', '.join(held)} of {rows}.",
        ),
        Phrase("道路图层只能有线；请另存线要素。", "A road layer holds lines only; export the lines alone."),
    )


def _say_no_line(notes: Notes, rows: int) -> None:
    notes.fault(
        Phrase(f"{rows} 行中没有一条线。", f"holds no line in its {rows} rows."),
        Phrase("请检查导出的图层。", "Check which layer was exported."),
    )


def _say_no_way(notes: Notes, lines: int) -> None:
    notes.fault(
        Phrase(f"{lines} 条线中没有一条可步行。", f"none of its {lines} lines may be walked."),
        Phrase(
            "请检查等级列；高速公路、铁路和在建道路不可步行。",
            "Check the class column; motorways, railways and roads under construction are not walked.",
        ),
    )

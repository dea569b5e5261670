"""GeoDataFrames as a study folder: layers and a study file that every command reads like anybody's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, get_args

import geopandas as gpd
import networkx as nx
import numpy as np
from pyproj import CRS

from siting.errors import Fault, InputError
from siting.inputs.notes import did_you_mean
from siting.project import LayerName
from siting.words import Phrase

Frame: TypeAlias = gpd.GeoDataFrame | nx.MultiDiGraph
Value: TypeAlias = str | float | Sequence[str] | Mapping[str, str] | Mapping[str, float]


def write_study(
    folder: Path | str,
    frames: Mapping[str, Frame],
    programmes: Sequence[Mapping[str, Value]],
    study: Mapping[str, Value],
    pupils_per_1000: Mapping[str, float] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """The study file of a new folder that holds frames as layers; ``read_study`` reads it.

    frames maps the layer names of a study file (villages, schools, roads, ...) to GeoDataFrames with a CRS; roads may
    be an OSMnx graph. programmes, study ("name", "crs", "rulebook", ...) and columns use the words of the study file.
    Only the active geometry is written, and no index or column called "fid". Raises InputError for a folder that
    is not empty (unless overwrite), an unknown layer, what is no GeoDataFrame, a frame without CRS.
    """
    folder = Path(folder)
    faults = (*_faults(folder, frames, overwrite), *_unnamed(frames, columns or {}), *_no_tables(programmes))
    if faults:
        raise InputError(faults)
    folder.mkdir(parents=True, exist_ok=True)
    layers = {name: _write(folder, name, frame) for name, frame in frames.items()}
    for name, named in (columns or {}).items():
        layers[name] = {**layers[name], "columns": named}
    file = folder / "study.toml"
    file.write_text(_toml(study, layers, pupils_per_1000 or {}, programmes), encoding="utf-8")
    return file


def _faults(folder: Path, frames: Mapping[str, Frame], overwrite: bool) -> Iterator[Fault]:
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        yield Fault(
            str(folder),
            Phrase("文件夹不是空的。", "the folder is not empty."),
            Phrase("请另选文件夹，或用 overwrite=True。", "Choose another, or say overwrite=True."),
        )
    for name, frame in frames.items():
        if name not in get_args(LayerName):
            near = did_you_mean(name, get_args(LayerName))
            yield Fault(name, Phrase("不是图层名。", "is not the name of a layer."), near)
        elif not isinstance(frame, gpd.GeoDataFrame | nx.MultiDiGraph):
            kind = type(frame).__name__
            yield Fault(
                name,
                Phrase(f"是 {kind}，不是 GeoDataFrame。", f"is a {kind}, not a GeoDataFrame."),
                Phrase("请用 geopandas.points_from_xy 加上几何。", "Give it a geometry, by geopandas.points_from_xy."),
            )
        elif isinstance(frame, gpd.GeoDataFrame) and (frame.crs is None or frame.crs.to_epsg() is None):
            yield Fault(
                name,
                Phrase("没有坐标系，或坐标系没有 EPSG 代码。", "has no CRS, or one without an EPSG code."),
                Phrase("请用 set_crs 写明。", "State it with set_crs."),
            )


def _unnamed(frames: Mapping[str, Frame], columns: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """Layers whose columns are named and that are not there."""
    for name in columns:
        if name not in frames:
            what = Phrase("columns 中的图层没有数据。", "is a layer of `columns` that has no frame.")
            yield Fault(name, what, did_you_mean(name, frames))


def _no_tables(programmes: Sequence[Mapping[str, Value]]) -> Iterator[Fault]:
    if isinstance(programmes, Mapping) or not all(isinstance(programme, Mapping) for programme in programmes):
        what = Phrase("应为字典的列表。", "has to be a list of dictionaries.")
        cure = Phrase('如 [{"tier": "primary", "area": "urban"}]。', 'As [{"tier": "primary", "area": "urban"}].')
        yield Fault("programmes", what, cure)


def _write(folder: Path, name: str, frame: Frame) -> Mapping[str, Value]:
    """One layer as a file, and what the study file says of it."""
    if isinstance(frame, nx.MultiDiGraph):
        import osmnx  # here, because loading it takes longer than most commands do

        osmnx.save_graphml(frame, folder / f"{name}.graphml")
        return {"file": f"{name}.graphml"}
    file = folder / f"{name}.gpkg"
    file.unlink(missing_ok=True)
    others = [
        column
        for column, kind in frame.dtypes.items()
        if column != frame.geometry.name and (kind == "geometry" or str(column).casefold() == "fid")
    ]
    kept = frame.drop(columns=others)
    kept = kept.rename_axis(None) if str(kept.index.name).casefold() == "fid" else kept
    kept.to_file(file, layer=name, driver="GPKG")
    return {"file": file.name, "crs": f"EPSG:{frame.crs.to_epsg()}"}


def _toml(
    study: Mapping[str, Value],
    layers: Mapping[str, Mapping[str, Value]],
    pupils_per_1000: Mapping[str, float],
    programmes: Sequence[Mapping[str, Value]],
) -> str:
    tables = [("[study]", study), *((f"[layers.{name}]", said) for name, said in layers.items())]
    if pupils_per_1000:
        tables.append(("[demand]", {"pupils_per_1000": pupils_per_1000}))
    tables += [("[[programme]]", programme) for programme in programmes]
    return "\n".join(line for head, words in tables for line in (head, *_lines(words), ""))


def _lines(words: Mapping[str, Value]) -> Iterator[str]:
    for key, value in words.items():
        if value is not None:
            yield f"{key} = {_said(value)}"


def _said(value: Value) -> str:
    """A value as TOML; its strings and numbers are those of JSON."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_said(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    """What people hand over for a text or a number, as one."""
    if isinstance(value, CRS):
        return f"EPSG:{value.to_epsg()}"
    return value.item() if isinstance(value, np.generic) else str(value)

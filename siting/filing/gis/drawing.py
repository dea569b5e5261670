"""A CAD drawing (DXF) in the study's metres: schools, projects, plots with their corners, catchments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from ezdxf.document import Drawing
from ezdxf.filemanagement import new
from ezdxf.layouts.blocklayout import BlockLayout
from ezdxf.layouts.layout import Modelspace
from ezdxf.math import Vec2
from shapely.geometry.base import BaseGeometry

from siting.filing.dossier import Dossier
from siting.filing.fonts import one_line
from siting.filing.gis import signs
from siting.filing.gis.layer import GisLayer
from siting.filing.gis.systems import said
from siting.mapping.looks import CATCHMENT_COLOURS
from siting.words import Phrase

VERSION = "R2010"
METRES = 6
"""$INSUNITS."""

TEXT_STYLE, FONT_FILE, FONT_FAMILY = "CHINESE", "simhei.ttf", "SimHei"
"""A font of every Chinese Windows; programs without it take another of their own."""


class Ink(NamedTuple):
    """A layer of the drawing: its name and colour."""

    name: Phrase
    colour: str
    linetype: str = "CONTINUOUS"


BOUNDARY = Ink(Phrase("规划范围", "BOUNDARY"), "#6b6460", "DASHDOT")
UNITS = Ink(Phrase("村社区", "UNITS"), "#7f7a74")
EXISTING = Ink(Phrase("现状学校", "EXISTING_SCHOOLS"), "#1f5a94")
NEW = Ink(Phrase("规划新建", "NEW_BUILDS"), "#c8102e")
EXTEND = Ink(Phrase("规划扩建", "EXTENSIONS"), "#e07b00")
OTHERS = Ink(Phrase("备选地点", "ALTERNATIVES"), "#8a4b08")
PLOTS = Ink(Phrase("地块_推荐方案_示意", "PLOTS_RECOMMENDED_ILLUSTRATIVE"), "#c8102e")
OTHER_PLOTS = Ink(Phrase("地块_备选方案_示意", "PLOTS_ALTERNATIVE_ILLUSTRATIVE"), "#e07b00", "DASHED")
CORNERS = Ink(Phrase("界址点_示意", "PLOT_CORNERS_ILLUSTRATIVE"), "#2b2825")
NOTES = Ink(Phrase("图面说明", "NOTES"), "#2b2825")

_INKS = (BOUNDARY, UNITS, EXISTING, NEW, EXTEND, OTHERS, PLOTS, OTHER_PLOTS, CORNERS, NOTES)


def write_drawing(layers: Sequence[GisLayer], dossier: Dossier, file: Path) -> None:
    """The drawing; layers by kind of thing, one of catchments for each programme."""
    by_key = {layer.key: layer for layer in layers}
    sheet = _new_sheet(dossier)
    catchments = [layer for layer in layers if layer.key.startswith("catchments")]
    for layer, colour in zip(catchments, cycle(CATCHMENT_COLOURS)):
        _add_catchments(sheet, layer, colour)
    if "boundary" in by_key:
        _add_outlines(sheet, BOUNDARY, by_key["boundary"].frame.geometry)
    _add_units(sheet)
    _add_schools(sheet, by_key["existing_schools"])
    _add_projects(sheet, by_key["projects"])
    _add_alternatives(sheet, by_key["alternatives"])
    _add_plots(sheet, by_key["plots"])
    _add_notes(sheet)
    sheet.doc.saveas(file)


@dataclass(frozen=True, slots=True)
class _Sheet:
    doc: Drawing
    space: Modelspace
    dossier: Dossier

    def on(self, ink: Ink) -> dict[str, Any]:
        """What puts something on a layer."""
        return {"layer": self.dossier.said(ink.name)}

    def write(self, ink: Ink, text: str, x: float, y: float, height: float) -> None:
        """A line of text that starts at a place."""
        attributes = self.on(ink) | {"style": TEXT_STYLE, "height": height}
        self.space.add_text(as_text(text), dxfattribs=attributes).set_placement(Vec2(x, y))


def as_text(text: str) -> str:
    """A text in which a drawing program finds no codes of its own: %%c, \\U+2205, ^J."""
    plain = one_line(text).replace("%%", "％％").replace("^", "^ ")
    return plain.replace("\\U+", "＼U+").replace("\\M+", "＼M+")


# --- the sheet -------------------------------------------------------------------------------------------------


def _new_sheet(dossier: Dossier) -> _Sheet:
    doc = new(VERSION, setup=["linetypes"], units=METRES)
    doc.header["$MEASUREMENT"] = 1
    doc.header["$LTSCALE"] = 100.0
    style = doc.styles.add(TEXT_STYLE, font=FONT_FILE)
    style.set_extended_font_data(family=FONT_FAMILY)
    for ink in _INKS:
        _add_layer(doc, dossier.said(ink.name), ink.colour, ink.linetype)
    _add_symbols(doc)
    x, y = dossier.result.area.units.x, dossier.result.area.units.y
    middle = ((x.min() + x.max()) / 2.0, (y.min() + y.max()) / 2.0)
    height = float(max(np.ptp(y), np.ptp(x) / 1.5)) * 1.2 + 1000.0
    doc.set_modelspace_vport(height=height, center=middle)
    _add_page(doc, middle, height)
    return _Sheet(doc, doc.modelspace(), dossier)


def _add_page(doc: Drawing, middle: tuple[float, float], height: float) -> None:
    """An A3 page that shows everything, beside the model itself."""
    page = doc.paperspace()
    page.page_setup(size=_A3_MM, margins=(_MARGIN_MM,) * 4, units="mm")
    width, tall = (side - 2 * _MARGIN_MM for side in _A3_MM)
    page.add_viewport(
        center=(width / 2.0, tall / 2.0), size=(width, tall), view_center_point=middle, view_height=height, status=2
    )


_A3_MM, _MARGIN_MM = (420, 297), 10


def _add_layer(doc: Drawing, name: str, colour: str, linetype: str = "CONTINUOUS") -> None:
    layer = doc.layers.add(name, linetype=linetype)
    red, green, blue = bytes.fromhex(colour[1:])
    layer.rgb = (red, green, blue)


_SYMBOL_M = {"SCHOOL": 40.0, "NEW_BUILD": 90.0, "EXTENSION": 70.0, "ALTERNATIVE": 50.0}
"""Radius of each symbol."""


def _add_symbols(doc: Drawing) -> None:
    """Blocks around the place they mark, which a point marks too; projects carry their code and name."""
    for name, radius in _SYMBOL_M.items():
        block = doc.blocks.new(name)
        block.add_point((0.0, 0.0), dxfattribs=_AS_LAYER)
        _draw_symbol(block, name, radius)
        for row, tag in enumerate(("CODE", "NAME")):
            attributes = _AS_LAYER | {"style": TEXT_STYLE, "height": 40.0}
            block.add_attdef(tag, (radius * 1.3, 10.0 - 60.0 * row), dxfattribs=attributes)


_AS_LAYER = {"layer": "0"}
"""Things in a block on layer 0 take on the layer the block is put on."""


def _draw_symbol(block: BlockLayout, name: str, radius: float) -> None:
    corners = {"NEW_BUILD": 10, "EXTENSION": 3}.get(name)
    if corners is None:
        block.add_circle((0.0, 0.0), radius, dxfattribs=_AS_LAYER)
        return
    angles = np.pi / 2.0 + 2.0 * np.pi * np.arange(corners) / corners
    radii = np.where(np.arange(corners) % 2 == 0, radius, 0.4 * radius) if corners == 10 else np.full(corners, radius)
    ring = np.column_stack((radii * np.cos(angles), radii * np.sin(angles)))
    block.add_lwpolyline(ring.tolist(), close=True, dxfattribs=_AS_LAYER)


# --- what is on it ---------------------------------------------------------------------------------------------


def _add_catchments(sheet: _Sheet, layer: GisLayer, colour: str) -> None:
    ink = Ink(layer.name, colour)
    _add_layer(sheet.doc, sheet.dossier.said(ink.name), ink.colour)
    _add_outlines(sheet, ink, layer.frame.geometry)
    for row, shape in zip(_rows(layer), layer.frame.geometry, strict=True):
        inside = shape.representative_point()
        sheet.write(ink, row["school_name"], inside.x, inside.y, 60.0)


def _add_outlines(sheet: _Sheet, ink: Ink, shapes: Iterable[BaseGeometry]) -> None:
    """Every ring, outer or inner, as a closed line."""
    for shape in shapes:
        for ring in _rings(shape):
            points = shapely.get_coordinates(ring)[:-1].tolist()
            sheet.space.add_lwpolyline(points, close=True, dxfattribs=sheet.on(ink))


def _rings(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shape).tolist():
        yield part.exterior
        yield from part.interiors


def _add_units(sheet: _Sheet) -> None:
    units = sheet.dossier.result.area.units
    for name, x, y in zip(units.name, units.x.tolist(), units.y.tolist(), strict=True):
        sheet.space.add_point((x, y), dxfattribs=sheet.on(UNITS))
        sheet.write(UNITS, name, x + 15.0, y - 15.0, 30.0)


def _add_schools(sheet: _Sheet, layer: GisLayer) -> None:
    for row, place in zip(_rows(layer), layer.frame.geometry, strict=True):
        _add_symbol(sheet, EXISTING, "SCHOOL", place, row["school_id"], row["school_name"])


def _add_projects(sheet: _Sheet, layer: GisLayer) -> None:
    is_new = {work.code: work.site.action == "new" for work in sheet.dossier.works}
    for row, place in zip(_rows(layer), layer.frame.geometry, strict=True):
        ink, symbol = (NEW, "NEW_BUILD") if is_new[row["code"]] else (EXTEND, "EXTENSION")
        _add_symbol(sheet, ink, symbol, place, row["code"], row["project"])


def _add_alternatives(sheet: _Sheet, layer: GisLayer) -> None:
    for row, place in zip(_rows(layer), layer.frame.geometry, strict=True):
        _add_symbol(sheet, OTHERS, "ALTERNATIVE", place, row["place_code"], row["place"])


def _add_symbol(sheet: _Sheet, ink: Ink, symbol: str, place: BaseGeometry, code: str, name: str) -> None:
    put = sheet.space.add_blockref(symbol, (place.x, place.y), dxfattribs=sheet.on(ink))
    put.add_auto_attribs({"CODE": as_text(code), "NAME": as_text(name)})
    for attribute in put.attribs:
        attribute.dxf.layer = sheet.dossier.said(ink.name)


def _add_plots(sheet: _Sheet, layer: GisLayer) -> None:
    recommended = sheet.dossier.said(signs.RECOMMENDED)
    for row, shape in zip(_rows(layer), layer.frame.geometry, strict=True):
        ink = PLOTS if row["scheme"] == recommended else OTHER_PLOTS
        _add_outlines(sheet, ink, [shape])
        hectares = sheet.dossier.said(Phrase("公顷（示意）", "ha (illustrative)"))
        label = f"{row['place_code']} {row['land_m2'] / 1e4:.4f} {hectares}"
        sheet.write(ink, label, shape.centroid.x - 30.0, shape.centroid.y, 5.0)
        for number, (x, y) in enumerate(shapely.get_coordinates(shape)[:-1].tolist(), 1):
            sheet.space.add_circle((x, y), 0.8, dxfattribs=sheet.on(CORNERS))
            sheet.write(CORNERS, f"J{number}", x + 1.5, y + 1.5, 3.0)


def _add_notes(sheet: _Sheet) -> None:
    area = sheet.dossier.result.area
    x, y = float(area.units.x.min()), float(area.units.y.min()) - 1500.0
    for line, text in enumerate(filter(None, map(sheet.dossier.said, _notes(sheet.dossier)))):
        sheet.write(NOTES, text, x, y - 260.0 * line, 160.0)


def _notes(dossier: Dossier) -> Iterator[Phrase]:
    area, settings = dossier.result.area, dossier.settings
    yield Phrase(f"{area.name} 学校布局", f"{area.name}: schools")
    yield Phrase(f"坐标系：{said(area.crs)}；单位：米", f"CRS: {said(area.crs)}; units: metres")
    yield Phrase("地块为示意，不是勘测定界成果", "Plots are illustrative, not surveyed")
    yield Phrase(
        f"制图：{settings.prepared_by}　{settings.day:%Y-%m-%d}", f"{settings.prepared_by} {settings.day:%Y-%m-%d}"
    )
    yield area.notice
    if settings.is_internal:
        yield Phrase("内部资料 供审批使用", "Internal, for approval only")


def _rows(layer: GisLayer) -> list[Mapping[str, Any]]:
    return layer.frame.drop(columns="geometry").to_dict("records")

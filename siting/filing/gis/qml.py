"""Styles of QGIS as XML: categories in the looks of the maps, labels, and the names of coded columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from siting.filing.gis.fields import FIELDS
from siting.filing.gis.layer import GisLayer, Style
from siting.filing.gis.signs import STRONG
from siting.mapping.scene import Look
from siting.words import Language

Naming = Callable[[str], str]
"""The name in a file of a column's key."""

_VERSION = "3.22.0"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
MM_PER_PX = 25.4 / 96.0
_FONT = "Microsoft YaHei"


def style_of(layer: GisLayer, named: Naming, language: Language) -> str:
    """The style of a layer whose columns are so named; written as a .qml beside a file, QGIS takes it by itself."""
    root = Element(
        "qgis",
        version=_VERSION,
        styleCategories="Symbology|Labeling|Fields",
        labelsEnabled=_bit(bool(layer.style.label)),
    )
    _add_names(root, layer, named, language)
    _add_renderer(root, layer.style, named, language)
    if layer.style.label:
        _add_labels(root, layer, named)
    SubElement(root, "layerGeometryType").text = {"Point": "0", "MultiPolygon": "2"}[layer.geometry]
    indent(root)
    return _DOCTYPE + tostring(root, encoding="unicode") + "\n"


def _bit(is_so: bool) -> str:
    return "1" if is_so else "0"


def _add_names(root: Element, layer: GisLayer, named: Naming, language: Language) -> None:
    """Columns by their full names, where the file holds codes."""
    aliases = SubElement(root, "aliases")
    for index, key in enumerate(layer.columns):
        full = FIELDS[key].named_in(language)
        name = full if full != named(key) else ""
        SubElement(aliases, "alias", field=named(key), index=str(index), name=name)


# --- signs -----------------------------------------------------------------------------------------------------


def _add_renderer(root: Element, style: Style, named: Naming, language: Language) -> None:
    kind = "categorizedSymbol" if style.by else "singleSymbol"
    renderer = SubElement(
        root, "renderer-v2", type=kind, symbollevels="0", enableorderby="0", forceraster="0", referencescale="-1"
    )
    if style.by:
        renderer.set("attr", named(style.by))
        _add_categories(renderer, style, language)
    symbols = SubElement(renderer, "symbols")
    for number, (_, look) in enumerate(style.signs):
        _add_symbol(symbols, str(number), look)


def _add_categories(renderer: Element, style: Style, language: Language) -> None:
    kind = "string" if FIELDS[style.by].decimals is None else "long"
    categories = SubElement(renderer, "categories")
    for number, (value, look) in enumerate(style.signs):
        words = value.said_in(language)
        label = (look.words or value).said_in(language) if kind == "long" else words
        SubElement(categories, "category", value=words, symbol=str(number), label=label, type=kind, render="true")


def _add_symbol(symbols: Element, name: str, look: Look) -> None:
    kind, layer, properties = _DRAWN[look.shape](look)
    symbol = SubElement(symbols, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = SubElement(symbol, "layer", attrib={"class": layer, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in properties.items():
        SubElement(drawn, "prop", k=key, v=value)


Drawn = tuple[str, str, Mapping[str, str]]


def _dot(look: Look) -> Drawn:
    return _marker(look, "circle", 2.0 * _px(look, "radius", 5.0))


def _star(look: Look) -> Drawn:
    return _marker(look, "star", 20.0)


def _triangle(look: Look) -> Drawn:
    return _marker(look, "triangle", 16.0)


def _marker(look: Look, shape: str, px: float) -> Drawn:
    properties = {
        "name": shape,
        "color": _colour(look, "fillColor", "fillOpacity"),
        "outline_color": _colour(look, "color", "opacity"),
        "outline_style": "solid",
        "outline_width": _mm(_px(look, "weight", 1.0)),
        "outline_width_unit": "MM",
        "size": _mm(px),
        "size_unit": "MM",
    }
    return "marker", "SimpleMarker", properties


def _area(look: Look) -> Drawn:
    properties = {
        "color": _colour(look, "fillColor", "fillOpacity"),
        "style": "solid",
        "outline_color": _colour(look, "color", "opacity"),
        "outline_style": "dash" if "dashArray" in look.paint else "solid",
        "outline_width": _mm(_px(look, "weight", 1.0)),
        "outline_width_unit": "MM",
        "joinstyle": "miter",
    }
    return "fill", "SimpleFill", properties


def _line(look: Look) -> Drawn:
    properties = {
        "line_color": _colour(look, "color", "opacity"),
        "line_style": "dash" if "dashArray" in look.paint else "solid",
        "line_width": _mm(_px(look, "weight", 1.0)),
        "line_width_unit": "MM",
    }
    return "line", "SimpleLine", properties


_DRAWN: Mapping[str, Callable[[Look], Drawn]] = {
    "dot": _dot,
    "new": _star,
    "extend": _triangle,
    "area": _area,
    "line": _line,
}


def _px(look: Look, key: str, usual: float) -> float:
    return float(look.paint.get(key, usual))


def _mm(px: float) -> str:
    return f"{px * MM_PER_PX:.2f}"


def _colour(look: Look, key: str, opacity: str) -> str:
    """Red, green, blue and alpha."""
    shade = bytes.fromhex(str(look.paint.get(key, look.paint["color"]))[1:])
    alpha = round(255 * float(look.paint.get(opacity, 1.0)))
    return ",".join(str(part) for part in (*shade, alpha))


# --- labels ----------------------------------------------------------------------------------------------------


def _add_labels(root: Element, layer: GisLayer, named: Naming) -> None:
    is_strong = layer.style.label_rank == STRONG
    labeling = SubElement(root, "labeling", type="simple")
    settings = SubElement(labeling, "settings", calloutType="simple")
    text = SubElement(
        settings,
        "text-style",
        fieldName=named(layer.style.label),
        isExpression="0",
        fontFamily=_FONT,
        fontSize="9" if is_strong else "8",
        fontSizeUnit="Point",
        fontWeight="75" if is_strong else "50",
        textColor="143,18,32,255" if is_strong else "43,40,37,255",
        textOpacity="1",
        multilineHeight="1",
    )
    SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="0.85",
    )
    SubElement(settings, "text-format", wrapChar="", autoWrapLength="0", multilineAlign="3")
    SubElement(settings, "placement", attrib=_placement(layer))
    SubElement(
        settings,
        "rendering",
        drawLabels="1",
        displayAll="0",
        scaleVisibility="1",
        scaleMin="0",
        scaleMax=str(layer.style.label_scale),
        obstacle=_bit(layer.geometry == "Point"),
    )


def _placement(layer: GisLayer) -> dict[str, str]:
    """Points have their names around them, areas within them."""
    rank = str(layer.style.label_rank)
    if layer.geometry == "Point":
        return {"placement": "6", "dist": "1.2", "distUnits": "MM", "priority": rank}
    return {"placement": "1", "priority": rank, "centroidInside": "1", "centroidWhole": "1", "quadOffset": "4"}

"""What a map shows, before anybody draws it: layers of features with looks, in groups. Degrees begin here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from siting.mapping.degrees import PER_DEGREE, Coded
from siting.mapping.service import Service
from siting.mapping.tables import UnitTable, service_data, tables_data
from siting.words import Language, Phrase

Side = Literal["", "left", "right", "both"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one sort of feature is drawn, on the map and in the legend alike.

    words is its legend entry, None where the legend is silent; looks of the same words share one. paint holds
    Leaflet's path options, or for signs (new, extend) fill and stroke.
    """

    shape: Literal["dot", "area", "line", "new", "extend"]
    paint: Mapping[str, str | float]
    words: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map: its place in degrees as ``coded`` writes it, its look (position in the layer's looks),
    its name, and the values of the layer's columns, None where unknown. site is the id of the school it stands for."""

    place: tuple[str, Coded]
    look: int = 0
    name: str = ""
    values: tuple[Phrase | str | None, ...] = ()
    site: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image laid over the map: a data URI, and the degrees of its edges (south, west, north, east)."""

    uri: str
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class NameTags:
    """Names written beside features from a zoom on; where two would collide the lower rank wins."""

    rank: int
    from_zoom: float
    style: Literal["town", "site", "village"]


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: features or a picture, what its legend says, and whether it is on at the start.

    Layers of the same key in different themes share one switch. Only layers of the pane "live" answer the mouse,
    and only in it does level count: higher is drawn later. columns are the labels of the features' values.
    scale is the unit of looks that are the steps of a scale, and stand side by side in the legend.
    side is where a page with two plans shows a live layer: left or right of the swipe, or on both sides.
    made says what the page draws by itself from the services: the units, lines from them to their schools, or rings
    around schools by how full they are.
    """

    key: str
    title: Phrase
    looks: tuple[Look, ...]
    features: tuple[Feature, ...] = ()
    picture: Picture | None = None
    columns: tuple[Phrase, ...] = ()
    tags: NameTags | None = None
    pane: Literal["paper", "pictures", "backdrop", "live"] = "live"
    level: int = 0
    scale: Phrase | None = None
    is_on: bool = True
    side: Side = ""
    made: Literal["", "units", "links", "fill"] = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """What is shown together, one at a time: a programme of a plan, or a tier of what exists.

    facts are label and value (or values, of two plans; a row without a label heads them); sentences stand below.
    services says who goes where: one for each table of the scene, or none where nobody knows.
    """

    title: Phrase
    layers: tuple[MapLayer, ...]
    facts: tuple[tuple[Phrase, ...], ...] = ()
    sentences: tuple[Phrase, ...] = ()
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole map: what it is called, what its themes are (choice), the layers they share, and its edges (south,
    west, north, east). swipe names two plans that lie left and right of a bar, None where there is one. tables hold
    the units: one, or those of the left and of the right plan."""

    title: Phrase
    choice: Phrase
    notice: Phrase
    sources: Phrase
    bounds: tuple[float, float, float, float]
    themes: tuple[Theme, ...]
    shared: tuple[MapLayer, ...]
    tables: tuple[UnitTable, ...]
    swipe: tuple[str, str] | None = None


def scene_data(scene: Scene, language: Language) -> dict[str, object]:
    """A scene as the page's script reads it, in one language."""
    return {
        "title": scene.title.said_in(language),
        "choice": scene.choice.said_in(language),
        "notice": scene.notice.said_in(language),
        "sources": scene.sources.said_in(language),
        "bounds": scene.bounds,
        "perDegree": PER_DEGREE,
        "swipe": scene.swipe,
        **tables_data(scene.tables, language),
        "themes": [_theme_data(theme, language) for theme in scene.themes],
        "shared": [_layer_data(layer, language) for layer in scene.shared],
    }


def _theme_data(theme: Theme, language: Language) -> dict[str, object]:
    return {
        "title": theme.title.said_in(language),
        "facts": [[word.said_in(language) for word in fact] for fact in theme.facts],
        "sentences": [sentence.said_in(language) for sentence in theme.sentences],
        "layers": [_layer_data(layer, language) for layer in theme.layers],
        "services": [service_data(service, language, len(theme.services) == 1) for service in theme.services],
    }


def _layer_data(layer: MapLayer, language: Language) -> dict[str, object]:
    return {
        "key": layer.key,
        "title": layer.title.said_in(language),
        "looks": [_look_data(look, language) for look in layer.looks],
        "columns": [column.said_in(language) for column in layer.columns],
        "features": [_feature_data(feature, language) for feature in layer.features],
        "picture": None if layer.picture is None else {"uri": layer.picture.uri, "bounds": layer.picture.bounds},
        "tags": None if layer.tags is None else _tags_data(layer.tags),
        "isOn": layer.is_on,
        "pane": layer.pane,
        "level": layer.level,
        "side": layer.side,
        "made": layer.made,
        "scale": None if layer.scale is None else layer.scale.said_in(language),
    }


def _look_data(look: Look, language: Language) -> dict[str, object]:
    words = None if look.words is None else look.words.said_in(language)
    return {"shape": look.shape, "words": words, **look.paint}


def _feature_data(feature: Feature, language: Language) -> dict[str, object]:
    kind, place = feature.place
    values = [_said(value, language) for value in feature.values]
    properties: dict[str, object] = {"look": feature.look, "name": feature.name, "values": values}
    if feature.site:
        properties["site"] = feature.site
    return {"properties": properties, "at": [kind, place]}


def _tags_data(tags: NameTags) -> dict[str, object]:
    return {"rank": tags.rank, "fromZoom": tags.from_zoom, "style": tags.style}


def _said(value: Phrase | str | None, language: Language) -> str | None:
    return value.said_in(language) if isinstance(value, Phrase) else value

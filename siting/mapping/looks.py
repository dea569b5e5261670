"""Colours and signs of the map: quiet ground, one strong colour for what is proposed, red for who is left out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from siting.mapping.scene import Look
from siting.study import OPERATOR_NAMES, Operator
from siting.words import Phrase, both

POPULATION_BREAKS = (5.0, 15.0, 40.0, 100.0)
POPULATION_COLOURS = ["#f3ead9", "#e6d0ab", "#d0aa78", "#ad7d4e", "#7d5231"]
POPULATION_SCALE = Phrase("人口密度（人/公顷）", "residents per hectare")
STREET_COLOUR = "#bab3a8"

OPERATOR_COLOURS: Mapping[Operator, str] = {
    "public": "#1f5a94",
    "quasi_public": "#3f8fbf",
    "inclusive": "#3d8b6d",
    "private": "#8a7fa8",
}

CATCHMENT_COLOURS = ("#7fa7c9", "#a8c686", "#d9b36c", "#b79cc7", "#83bfb5", "#d79a8b", "#9aa3b5", "#c6c27a")


def population_looks() -> tuple[Look, ...]:
    """Residents per hectare, class by class."""
    return tuple(
        Look("area", {"fillColor": colour, "fillOpacity": 1, "weight": 0}, words)
        for colour, words in zip(POPULATION_COLOURS, _population_words(), strict=True)
    )


def _population_words() -> list[Phrase]:
    between = [f"{low:g}–{high:g}" for low, high in pairwise(POPULATION_BREAKS)]
    return [both(words) for words in (f"<{POPULATION_BREAKS[0]:g}", *between, f"≥{POPULATION_BREAKS[-1]:g}")]


STREETS = (Look("line", {"color": STREET_COLOUR, "weight": 1}, Phrase("村庄街道", "streets")),)

MAIN_ROADS = (
    Look("line", {"color": "#8c7b66", "weight": 2.6}, Phrase("干线、主要公路", "trunk and primary road")),
    Look("line", {"color": "#8c7b66", "weight": 2}, Phrase("干线、主要公路", "trunk and primary road")),
    Look("line", {"color": "#a39684", "weight": 1.4}, Phrase("次要、乡村公路", "secondary and tertiary road")),
    Look("line", {"color": "#b3aa9c", "weight": 1}, Phrase("次要、乡村公路", "secondary and tertiary road")),
)

BOUNDARY = (
    Look(
        "area",
        {"color": "#6b6460", "weight": 2, "dashArray": "8 3 2 3", "fillColor": "#fdfcfa", "fillOpacity": 1},
        Phrase("规划范围", "study area"),
    ),
)
URBAN_AREA = (
    Look(
        "area",
        {"color": "#a0757a", "weight": 1.2, "dashArray": "4 3", "fillColor": "#c9a6a6", "fillOpacity": 0.16},
        Phrase("城镇建成区", "urban area"),
    ),
)
PROTECTED = (
    Look(
        "area",
        {"color": "#6f8f5a", "weight": 1, "dashArray": "2 3", "fillColor": "#9dbb85", "fillOpacity": 0.3},
        Phrase("保护用地", "protected land"),
    ),
)
BARRIERS = (
    Look("line", {"color": "#3c3835", "weight": 2, "dashArray": "7 4"}, Phrase("铁路", "railway")),
    Look("line", {"color": "#5b93bd", "weight": 2.4, "opacity": 0.9}, Phrase("河流、渠道", "river, canal")),
    Look("line", {"color": "#8a6a8f", "weight": 2.2}, Phrase("其他阻隔", "other barrier")),
)
_ESTATE = Phrase("新建居住区", "new estate")
ESTATES = (
    Look(
        "dot",
        {"color": "#7a4b86", "weight": 1.5, "fillColor": "#d9b8e0", "fillOpacity": 0.9, "radius": 6},
        _ESTATE,
    ),
    Look("area", {"color": "#7a4b86", "weight": 1.5, "fillColor": "#d9b8e0", "fillOpacity": 0.5}, _ESTATE),
)
UNITS = (
    Look(
        "dot",
        {"color": "#5f5a55", "weight": 0.8, "fillColor": "#ffffff", "fillOpacity": 0.85, "radius": 3},
        Phrase("村庄、社区（大小示人口）", "village or community (size: residents)"),
    ),
)
UNITS_OF_TWO = (
    *UNITS,
    Look(
        "dot",
        {"color": "#7a4b86", "weight": 2, "fillColor": "#d9b8e0", "fillOpacity": 0.95, "radius": 4},
        Phrase("只在本侧方案中（新建小区等）", "in this plan only (estates)"),
    ),
)
TOWNSHIPS = (Look("dot", {"radius": 0, "opacity": 0, "fillOpacity": 0}),)

CATCHMENTS = tuple(
    Look(
        "area",
        {"color": colour, "weight": 1.4, "opacity": 0.95, "fillColor": colour, "fillOpacity": 0.24},
        Phrase("服务范围（颜色仅作区分）", "catchment (colours only tell apart)"),
    )
    for colour in CATCHMENT_COLOURS
)
EXISTING = tuple(
    Look(
        "dot",
        {"color": "#ffffff", "weight": 1.2, "fillColor": OPERATOR_COLOURS[operator], "fillOpacity": 1, "radius": 5},
        Phrase(f"现状{name.zh}", f"existing, {name.en}"),
    )
    for operator, name in OPERATOR_NAMES.items()
)
PROPOSED = (
    Look("new", {"fillColor": "#c8102e", "color": "#ffffff"}, Phrase("规划新建", "new build")),
    Look("extend", {"fillColor": "#e07b00", "color": "#ffffff"}, Phrase("规划扩建", "extension")),
)
UNCOVERED = (
    Look(
        "dot",
        {"color": "#c00000", "weight": 2, "fillColor": "#ff6b5e", "fillOpacity": 0.5, "radius": 5.5},
        Phrase("有居民在服务半径外", "residents beyond the radius"),
    ),
    Look(
        "dot",
        {"color": "#700000", "weight": 2.5, "fillColor": "#c00000", "fillOpacity": 0.9, "radius": 5.5},
        Phrase("未分配学校", "assigned to no school"),
    ),
)
SPIDER = (Look("line", {"color": "#555555", "weight": 0.8, "opacity": 0.8}, Phrase("村校归属连线", "who goes where")),)
MOVED = (
    Look(
        "area",
        {"color": "#2f6f4f", "weight": 1.4, "dashArray": "5 3", "fillColor": "#4f9d77", "fillOpacity": 0.26},
        Phrase("换校，路程不变或更近", "another school, no farther"),
    ),
    Look(
        "area",
        {"color": "#9a5a12", "weight": 1.4, "dashArray": "5 3", "fillColor": "#d98b2b", "fillOpacity": 0.26},
        Phrase("换校，路程更远", "another school, farther"),
    ),
)
REACH = (
    Look(
        "area",
        {"color": "#0b6b8f", "weight": 2.6, "fillColor": "#1b9cc4", "fillOpacity": 0.4},
        Phrase("有居民进入服务半径", "people gain reach"),
    ),
    Look(
        "area",
        {"color": "#8f0b1f", "weight": 2.6, "fillColor": "#d8283f", "fillOpacity": 0.38},
        Phrase("有居民离开服务半径", "people lose reach"),
    ),
)
_RING: Mapping[str, str | float] = {"weight": 3.4, "fillOpacity": 0, "radius": 13}
SITE_CHANGES = (
    Look("dot", {**_RING, "color": "#0b7a3e"}, Phrase("增加的学校", "site gained")),
    Look("dot", {**_RING, "color": "#2b2825", "dashArray": "5 4"}, Phrase("取消的学校", "site lost")),
    Look("dot", {**_RING, "color": "#e08a00"}, Phrase("调整的学校", "site changed")),
)

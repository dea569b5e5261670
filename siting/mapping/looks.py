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
    "public": "#0b4f8a",
    "quasi_public": "#56b4e9",
    "inclusive": "#009e73",
    "private": "#cc79a7",
}
"""After the palette of Okabe and Ito, which colour-blind readers can tell apart."""

WITHIN_COLOURS = ("#d9ecf7", "#f2a541", "#8c1d40")
"""Light, orange, dark: they differ in lightness too, and so on paper without colours."""

FILL_COLOURS = ("#9ecae1", "#4292c6", "#08306b", "#d55e00")
FILL_STEPS = (0.6, 0.85, 1.0)
"""Pupils per seat below which a school has the first, second, third colour; above the last it has the fourth."""

CATCHMENT_COLOURS = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00")
"""Paul Tol's light palette, for areas that carry names."""


def population_looks() -> tuple[Look, ...]:
    """Residents per hectare, class by class."""
    return tuple(
        Look("area", {"fillColor": colour, "fillOpacity": 1, "weight": 0}, words)
        for colour, words in zip(POPULATION_COLOURS, _population_words(), strict=True)
    )


def _population_words() -> list[Phrase]:
    between = [f"{low:g}–{high:g}" for low, high in pairwise(POPULATION_BREAKS)]
    return [both(words) for words in (f"<{POPULATION_BREAKS[0]:g}", *between, f"≥{POPULATION_BREAKS[-1]:g}")]


def _fill_words() -> list[Phrase]:
    between = [f"{low:.0%}–{high:.0%}" for low, high in pairwise(FILL_STEPS)]
    steps = [f"<{FILL_STEPS[0]:.0%}", *between, f">{FILL_STEPS[-1]:.0%}"]
    return [Phrase(f"学位利用率 {step}", f"{step} of seats taken") for step in steps]


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
_CIRCLE: Mapping[str, str | float] = {"color": "#5f5a55", "weight": 0.8, "fillOpacity": 0.95, "radius": 3}
_WITHIN = (
    Phrase("居民全在所选距离内", "all residents within the distance"),
    Phrase("居民部分在所选距离内", "some within the distance"),
    Phrase("居民全在所选距离外", "none within the distance"),
)
UNITS = (
    Look("dot", {**_CIRCLE, "fillColor": "#ffffff"}, Phrase("村庄、社区", "village or community")),
    *(
        Look("dot", {**_CIRCLE, "fillColor": colour}, words)
        for colour, words in zip(WITHIN_COLOURS, _WITHIN, strict=True)
    ),
    Look(
        "dot",
        {**_CIRCLE, "color": "#7a4b86", "weight": 2, "fillColor": "#d9b8e0", "radius": 4},
        Phrase("只在本侧方案中（新建小区等）", "in this plan only (estates)"),
    ),
)
"""A unit outside the programme; then by how many of it live within the distance asked for; then of one plan only."""

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
    Look("extend", {"fillColor": "#f0a000", "color": "#4a3200"}, Phrase("规划扩建", "extension")),
)
UNCOVERED = (
    Look(
        "dot",
        {"color": "#c8102e", "weight": 2.2, "fillColor": "#c8102e", "fillOpacity": 0, "radius": 7},
        Phrase("有居民在服务半径外", "residents beyond the radius"),
    ),
    Look(
        "dot",
        {"color": "#2b2825", "weight": 2.5, "fillColor": "#c8102e", "fillOpacity": 0.9, "radius": 6},
        Phrase("未分配学校", "assigned to no school"),
    ),
)
SPIDER = (Look("line", {"color": "#555555", "weight": 0.8, "opacity": 0.8}, Phrase("村校归属连线", "who goes where")),)
FILL = tuple(
    Look("dot", {"color": colour, "weight": 4, "opacity": 1, "fillOpacity": 0, "radius": 9}, words)
    for colour, words in zip(FILL_COLOURS, _fill_words(), strict=True)
)
MOVED = (
    Look(
        "area",
        {"color": "#1f5a94", "weight": 1.4, "dashArray": "5 3", "fillColor": "#2b7bba", "fillOpacity": 0.26},
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
    Look("dot", {**_RING, "color": "#0072b2"}, Phrase("增加的学校", "site gained")),
    Look("dot", {**_RING, "color": "#2b2825", "dashArray": "5 4"}, Phrase("取消的学校", "site lost")),
    Look("dot", {**_RING, "color": "#e69f00"}, Phrase("调整的学校", "site changed")),
)

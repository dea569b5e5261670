"""How layers look: the colours and signs of the maps, and which value has which."""

from __future__ import annotations

from dataclasses import replace

from siting.filing.gis.layer import Style
from siting.mapping import looks
from siting.mapping.scene import Look
from siting.plan import ACTION_NAMES
from siting.study import OPERATOR_NAMES
from siting.words import Phrase, both

RECOMMENDED, ALTERNATIVE = Phrase("推荐方案", "recommended"), Phrase("备选方案", "alternative")

COVERED, PARTLY, BEYOND, UNASSIGNED = (
    Phrase("是", "yes"), Phrase("部分", "partly"), Phrase("否", "no"), Phrase("未分配", "unassigned"),
)  # fmt: skip

STRONG = 10
"""Rank of labels that are set bold and always win."""

EXISTING = Style(
    tuple(zip(OPERATOR_NAMES.values(), looks.EXISTING, strict=True)), "operator", "school_name", label_scale=60_000
)
_NEW, _EXTEND = looks.PROPOSED
_ACTIONS = (
    (ACTION_NAMES["new"], _NEW),
    (ACTION_NAMES["extend"], _EXTEND),
    (ACTION_NAMES["keep"], looks.EXISTING[0]),
)
PLANNED = Style(_ACTIONS, "action", "school_name", label_scale=60_000)
PROJECTS = Style(_ACTIONS[:2], "action", "code", label_scale=400_000, label_rank=STRONG)
ALTERNATIVES = Style(
    ((ALTERNATIVE, Look("dot", {"color": "#c8102e", "weight": 2, "fillColor": "#ffffff", "radius": 5})),),
    label="place_code",
    label_rank=6,
)
PLOTS = Style(
    (
        (RECOMMENDED, Look("area", {"color": "#c8102e", "weight": 3, "fillColor": "#c8102e", "fillOpacity": 0.25})),
        (
            ALTERNATIVE,
            Look(
                "area",
                {"color": "#e07b00", "weight": 2, "dashArray": "5 3", "fillColor": "#e07b00", "fillOpacity": 0.12},
            ),
        ),
    ),
    "scheme",
    "place_code",
    label_scale=10_000,
    label_rank=STRONG,
)
_SERVED, _SOME, _NONE = looks.UNITS[1:4]
_COVERAGE = ((COVERED, _SERVED), (PARTLY, _SOME), (BEYOND, _NONE), (UNASSIGNED, looks.UNCOVERED[1]))
UNITS = Style(_COVERAGE, "is_covered", "unit_name", label_scale=60_000, label_rank=3)
UNCOVERED = Style(_COVERAGE[1:], "is_covered", "unit_name", label_scale=150_000)
CATCHMENTS = Style(
    tuple((both(str(number)), look) for number, look in enumerate(looks.CATCHMENTS, 1)),
    "colour",
    "school_name",
    label_scale=80_000,
    label_rank=1,
)
ESTATE_POINTS, ESTATE_GROUNDS = (
    Style(((Phrase("新建居住区", "new estate"), look),), label="name", label_scale=60_000) for look in looks.ESTATES
)
BOUNDARY = Style(((Phrase("规划范围", "study area"), looks.BOUNDARY[0]),))


def on_ground(style: Style) -> Style:
    """The same style for areas instead of dots."""
    signs = tuple((value, replace(look, shape="area")) for value, look in style.signs)
    return replace(style, signs=signs)

"""Inks and signs of the atlas, in the colours of the maps: shape and fill differ too, for grey prints and colour-blind
readers; class colours run from light to dark."""

from __future__ import annotations

from collections.abc import Mapping

from siting.filing.atlas.ink import Ink, Shape, Type
from siting.mapping import looks
from siting.plan import Action
from siting.study import Operator
from siting.words import Phrase

PAPER = Ink("#fdfcfa")
LAND = Ink("#ffffff", "#5d5650", 0.45, "3 0.8 0.8 0.8")
EDGE = Ink("", "#5d5650", 0.45, "3 0.8 0.8 0.8")
URBAN = Ink("#ece5e2", "#a0757a", 0.15, "0.9 0.6")
PROTECTED = Ink("", "#6f8f5a", 0.15, hatch_mm=0.9)
WATER = Ink("", "#5b93bd", 0.5)
OTHER_BARRIER = Ink("", "#8a6a8f", 0.5)
RAIL = Ink("", "#55504a", 0.55)
SLEEPERS = Ink("", "#ffffff", 0.3, "1.2 1.2")
ROADS = (Ink("", "#8c7b66", 0.6), Ink("", "#8c7b66", 0.45), Ink("", "#a39684", 0.3), Ink("", "#b3aa9c", 0.2))
STREET, PATH = Ink("", "#b9b2a7", 0.18), Ink("", "#b9b2a7", 0.15, "0.7 0.5")
UNIT_EDGE = Ink("", "#b5aea4", 0.1)

NAMES = Type(2.0, "#222222", has_rim=True)
TOWNS = Type(2.9, "#6a625a", has_rim=True)
NUMBERS = Type(2.0, "#111111", has_rim=True)
SMALL = Type(2.1, "#333333")


def _paint(look: object, key: str, usual: str) -> str:
    """A colour of a look of the maps."""
    paint: Mapping[str, str | float] = getattr(look, "paint", {})
    return str(paint.get(key, usual))


NEW_COLOUR = _paint(looks.PROPOSED[0], "fillColor", "#c8102e")
EXTEND_COLOUR = _paint(looks.PROPOSED[1], "fillColor", "#e07b00")

ACTIONS: Mapping[Action, tuple[Shape, float, Ink]] = {
    "new": ("triangle", 3.2, Ink(NEW_COLOUR, "#ffffff", 0.2)),
    "extend": ("half", 2.9, Ink(EXTEND_COLOUR, "#4a2a00", 0.22)),
    "keep": ("circle", 1.9, Ink("#ffffff", "#30506e", 0.35)),
}
ACTION_WORDS: Mapping[Action, Phrase] = {
    "new": Phrase("规划新建", "new build"),
    "extend": Phrase("规划扩建", "extension"),
    "keep": Phrase("现状保留", "kept"),
}
OPERATORS: Mapping[Operator, tuple[Shape, float, Ink]] = {
    "public": ("circle", 2.4, Ink(looks.OPERATOR_COLOURS["public"], "#ffffff", 0.2)),
    "quasi_public": ("square", 2.4, Ink(looks.OPERATOR_COLOURS["quasi_public"], "#ffffff", 0.2)),
    "inclusive": ("triangle", 2.6, Ink(looks.OPERATOR_COLOURS["inclusive"], "#ffffff", 0.2)),
    "private": ("diamond", 2.6, Ink("#ffffff", looks.OPERATOR_COLOURS["private"], 0.45)),
}
COUNTED: tuple[Shape, float, Ink] = ("circle", 1.9, Ink(looks.OPERATOR_COLOURS["public"], "#ffffff", 0.25))
NOT_COUNTED: tuple[Shape, float, Ink] = ("diamond", 1.9, Ink("#ffffff", "#55504a", 0.3))
BEYOND: tuple[Shape, float, Ink] = ("ring", 2.1, Ink("#ffffff", "#b3001b", 0.35))
ALTERNATIVE: tuple[Shape, float, Ink] = ("diamond", 2.6, Ink("#ffffff", "#111111", 0.4))
ESTATE = Ink("#d9b8e0", "#5e3570", 0.3)
ESTATE_SIGN: tuple[Shape, float, Ink] = ("square", 2.6, ESTATE)

FAR_COLOURS = ("#fff3d6", "#fbd58f", "#eda65a", "#c46a2b", "#7a3510")
MANY_COLOURS = ("#eef4f8", "#c6dcea", "#8fb9d6", "#4f8ab8", "#1f5282")
SPARE_COLOURS = ("#2f6da3", "#85b2d6", "#d3e4f0")
LACK_COLOURS = ("#fbe0c0", "#f0a860", "#b85c10")
EVEN = Ink("#f7f7f5")
UNCOUNTED = Ink("#ffffff", "#777777", 0.1, hatch_mm=1.2)
UNREACHED = Ink("#3a1a08", "#ffffff", 0.1, hatch_mm=1.2)
UNCOUNTED_WORDS = Phrase("未统计", "nobody counted")

CATCHMENTS = tuple(Ink(colour, "#5d5650", 0.22, opacity=0.5) for colour in looks.CATCHMENT_COLOURS)
OUTLINE = Ink("", "#7d8f9e", 0.2, "1.2 0.8")
OWN_CATCHMENT = Ink("#bcd4e6", "#30506e", 0.4, opacity=0.35)
NEARER = Ink("", "#222222", 0.25, "2 1")
HAIR = Ink("", "#b8b0a5", 0.1)
EMPTY = Ink("", "#b8b0a5", 0.15, "1 1")
CORNER = Ink("#111111")
PLOT = Ink("#f4b8a0", "#b3001b", 0.35, opacity=0.55)
"""The illustrative plot of a project."""

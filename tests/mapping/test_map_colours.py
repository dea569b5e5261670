"""Whether colour-blind readers can tell apart what the map tells apart by colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from siting.mapping import looks

SEEN_AS = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
"""Linear RGB as dichromats see it: Machado, Oliveira and Fernandes (2009), severity 1."""

TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
JUST_SEEN = 2.3
"""CIE 1976 distance that half of all readers notice."""


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen_as: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(SEEN_AS[seen_as] @ linear(colour), 0, 1) / WHITE
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def least(colours: list[str], seen_as: str) -> float:
    seen = [lab(colour, seen_as) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


def strokes(of: tuple[looks.Look, ...]) -> list[str]:
    return [str(look.paint["color"]) for look in of]


def fills(of: tuple[looks.Look, ...]) -> list[str]:
    return [str(look.paint["fillColor"]) for look in of]


CLASSES = {
    "who lives within the distance": list(looks.WITHIN_COLOURS),
    "how full schools are": list(looks.FILL_COLOURS),
    "who runs a school": list(looks.OPERATOR_COLOURS.values()),
    "new or extended": fills(looks.PROPOSED),
    "nearer or farther": fills(looks.MOVED),
    "reach gained or lost": fills(looks.REACH),
    "sites gained, lost, changed": strokes(looks.SITE_CHANGES),
    "residents per hectare": looks.POPULATION_COLOURS,
}


def test_black_and_white_lie_a_hundred_apart() -> None:
    assert least(["#000000", "#ffffff"], "everybody") == pytest.approx(100, abs=0.01)


def test_red_and_green_of_equal_lightness_are_what_a_deuteranope_confuses() -> None:
    assert least(["#d73027", "#5f8a1f"], "deuteranopia") < 0.6 * least(["#d73027", "#5f8a1f"], "everybody")


@pytest.mark.parametrize("seen_as", SEEN_AS)
@pytest.mark.parametrize("what", CLASSES)
def test_classes_of_one_kind_are_told_apart(what: str, seen_as: str) -> None:
    assert least(CLASSES[what], seen_as) > 5 * JUST_SEEN


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_neighbouring_catchments_are_told_apart(seen_as: str) -> None:
    assert least(list(looks.CATCHMENT_COLOURS), seen_as) > 4 * JUST_SEEN

"""Villages and communities as one layer of circles, and the names of their townships."""

from __future__ import annotations

import numpy as np
import pandas as pd

from siting.mapping import looks
from siting.mapping.degrees import points_in_degrees
from siting.mapping.scene import Feature, MapLayer, NameTags, Side
from siting.study import StudyArea
from siting.words import Phrase


def units_layer(side: Side = "") -> MapLayer:
    """Every unit of a table as a circle, coloured by who of it lives within the distance the reader asks for."""
    tags = NameTags(rank=2, from_zoom=13, style="village")
    title = Phrase("村庄、社区", "Villages")
    return MapLayer("units", title, looks.UNITS, tags=tags, level=2, side=side, made="units")


def townships(area: StudyArea) -> MapLayer:
    """Township names, each at the middle of its residents."""
    units = area.units
    weight = np.nan_to_num(units.residents) + 1.0
    frame = pd.DataFrame({"town": units.township, "weight": weight, "x": weight * units.x, "y": weight * units.y})
    middle = frame.groupby("town").sum()
    places = points_in_degrees(middle["x"] / middle["weight"], middle["y"] / middle["weight"], area.crs)
    return MapLayer(
        "townships",
        Phrase("乡镇名称", "Township names"),
        looks.TOWNSHIPS,
        tuple(Feature(place, name=str(name)) for place, name in zip(places, middle.index, strict=True) if name),
        tags=NameTags(rank=1, from_zoom=0, style="town"),
        pane="backdrop",
    )

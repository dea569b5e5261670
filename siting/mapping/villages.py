"""Villages and communities as one layer of circles, and the names of their townships."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from siting.mapping import looks
from siting.mapping.scene import Feature, MapLayer, NameTags, points_in_degrees
from siting.mapping.wording import metres, number
from siting.plan import Assignment, TierPlan
from siting.project import AREA_NAMES, programme_name
from siting.study import StudyArea
from siting.words import Phrase, both

LARGEST_PX = 8.0
"""Radius of the circle of the largest unit; areas of circles are in proportion to residents."""

SMALLEST_PX = 1.8


def village_layers(area: StudyArea, parts: tuple[TierPlan, ...]) -> tuple[MapLayer, ...]:
    """Units with the school each goes to in every programme, and townships as names."""
    return _units(area, parts), townships(area)


def _units(area: StudyArea, parts: tuple[TierPlan, ...]) -> MapLayer:
    units = area.units
    goes = [goes_where(part) for part in parts]
    features = tuple(
        Feature(
            place,
            name=units.name[k],
            values=(
                units.township[k],
                number(units.residents[k]),
                AREA_NAMES[units.area[k]],
                *(school.get(units.id[k]) for school in goes),
            ),
            radius=radius,
        )
        for k, (place, radius) in enumerate(
            zip(points_in_degrees(units.x, units.y, area.crs), radius_of(area), strict=True)
        )
    )
    return MapLayer(
        "units",
        Phrase("村庄、社区", "Villages"),
        looks.UNITS,
        features,
        columns=(
            Phrase("所属乡镇", "Township"),
            Phrase("常住人口", "Residents"),
            Phrase("城乡分类", "Urban or rural"),
            *(programme_name(part) for part in parts),
        ),
        tags=NameTags(rank=2, from_zoom=13, style="village"),
        level=2,
    )


def radius_of(area: StudyArea) -> list[float]:
    """Pixels of the circle of each unit (U,)."""
    residents = np.nan_to_num(area.units.residents)
    share = residents / max(residents.max(initial=0.0), 1.0)
    radius: list[float] = np.maximum(SMALLEST_PX, LARGEST_PX * np.sqrt(share)).round(1).tolist()
    return radius


def goes_where(part: TierPlan) -> Mapping[str, Phrase]:
    """Where each unit of a programme goes, in words."""
    names = {site.id: site.name for site in part.sites}
    return {given.unit_id: _assigned(given, names) for given in part.assignments}


def _assigned(given: Assignment, names: Mapping[str, str]) -> Phrase:
    if not given.site_id:
        return Phrase("未分配学校", "no school")
    school, far, covered = names[given.site_id], metres(given.metres) or both("—"), number(given.covered)
    return Phrase(
        f"{school}，平均{far.zh}，半径内 {covered} 人", f"{school}, mean {far.en}, {covered} within the radius"
    )


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

"""Seats of schools whose classes are counted and whose seats are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from siting.study import Remark, StudyArea, Tier
from siting.words import Phrase, name_some


def with_seats(area: StudyArea, class_size: Mapping[Tier, float]) -> StudyArea:
    """The study area with seats = classes x class size where nobody counted the seats of a school; remarked by name.

    class_size: pupils to a class, of the tiers that are asked about. Schools without a count of classes stay as
    they are: their seats are unknown.
    """
    schools = area.schools
    size = np.array([class_size.get(tier, np.nan) for tier in schools.tier], dtype=np.float64)
    derived = np.where(np.isnan(schools.seats), schools.classes * size, np.nan)
    filled = np.flatnonzero(~np.isnan(derived))
    if not len(filled):
        return area
    seats = np.where(np.isnan(derived), schools.seats, derived)
    file = area.sources["schools"][0] if "schools" in area.sources else "schools"
    names = name_some(list(dict.fromkeys(schools.name[row] for row in filled.tolist())))
    remark = Remark(
        file,
        Phrase(
            f"{len(filled)} 所学校没有学位数，按班数 × 每班人数折算：{names.zh}。",
            f"{len(filled)} schools have no count of seats; taken as classes x class size: {names.en}.",
        ),
    )
    return replace(area, schools=replace(schools, seats=seats), remarks=(*area.remarks, remark))

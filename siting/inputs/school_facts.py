"""What a table of schools says beyond what is planned with: code, boarders, land, floor area, teachers, remarks."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np

from siting.inputs.notes import Notes
from siting.inputs.schools import identified, tiers_of
from siting.inputs.values import counts, texts
from siting.study import MU_M2, FloatArray, SchoolFacts, Tier
from siting.words import Phrase

_CALLED: Mapping[str, Phrase] = {
    "boarders": Phrase("寄宿生数", "boarders"),
    "floor_m2": Phrase("建筑面积", "floor areas"),
    "teachers": Phrase("专任教师数", "teachers"),
}
_LAND_M2: Mapping[str, float] = {"land_m2": 1.0, "land_mu": MU_M2, "land_ha": 10_000.0}
"""Square metres to the unit of each column that land may stand in."""


def read_school_facts(frame: gpd.GeoDataFrame, notes: Notes) -> Mapping[tuple[str, Tier], SchoolFacts]:
    """The facts of every school by id and tier; those of a row with several tiers stand with the first, the others
    have its code. frame as ``read_schools`` has it, which says what is wrong with ids and tiers."""
    said_already = Notes(notes.file)
    ids, tiers = identified(frame, said_already)["id"], tiers_of(identified(frame, said_already), said_already)
    facts = _facts(frame, notes)
    known: dict[tuple[str, Tier], SchoolFacts] = {}
    for school, of, own in zip(ids, tiers, facts, strict=True):
        for tier in of:
            known[school, tier] = own if tier == of[0] else SchoolFacts(own.code)
    return known


def _facts(frame: gpd.GeoDataFrame, notes: Notes) -> list[SchoolFacts]:
    number = {column: counts(frame, column, called, notes) for column, called in _CALLED.items()}
    number["land_m2"] = _land_m2(frame, notes)
    codes, remarks = texts(frame, "id"), texts(frame, "remark")
    return [
        SchoolFacts(code=code, remark=remark, **{column: float(held[row]) for column, held in number.items()})
        for row, (code, remark) in enumerate(zip(codes, remarks, strict=True))
    ]


def _land_m2(frame: gpd.GeoDataFrame, notes: Notes) -> FloatArray:
    """Square metres of the plots, of the first column that states each; a column without a unit is remarked and left
    out, for mu and square metres lie 667 times apart and no plan is made with either."""
    land = np.full(len(frame), np.nan)
    for column, square_metres in _LAND_M2.items():
        stated = counts(frame, column, Phrase("用地面积", "land areas"), notes) * square_metres
        land = np.where(np.isnan(land), stated, land)
    bare = sum(bool(cell) and bool(np.isnan(own)) for cell, own in zip(texts(frame, "land"), land, strict=True))
    if bare:
        notes.remark(
            Phrase(
                f"{bare} 所学校的用地面积没有写单位，未采用：请把表头写成“用地面积（亩）”或“用地面积（㎡）”。",
                f"{bare} schools state land without a unit, which is left out: call the column land_mu or land_m2.",
            )
        )
    return land

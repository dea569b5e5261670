"""附表1: the schools as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from siting.export.fields import (
    CLASSES,
    DEGREES,
    HUNDREDTH,
    M2,
    MICRO,
    MU,
    NO_UNIT,
    PEOPLE,
    SCHOOLS_TABLE,
    VILLAGES_TABLE,
    WORKED_OUT,
    YEAR,
    Annex,
    Field,
    people,
    ratio,
    seats,
    share,
)
from siting.export.tables import TENTH, WHOLE, Table
from siting.inputs.coordinates import converter
from siting.study import MU_M2, OPERATOR_NAMES, TIER_NAMES, Area, SchoolFacts, StudyArea
from siting.words import Language, Phrase

CAMPUS_NAMES: Mapping[Area, Phrase] = {
    "city": Phrase("城区", "city"),
    "town": Phrase("镇区", "town"),
    "rural": Phrase("乡村", "rural"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One school and tier: its row in the study area's schools, what else is known of it, its place in degrees."""

    area: StudyArea
    row: int
    facts: SchoolFacts
    longitude: float
    latitude: float

    @property
    def unit(self) -> int:
        """The position of its unit, -1 for none."""
        return int(self.area.schools.unit[self.row])

    @property
    def enrolment(self) -> float:
        """Its pupils."""
        return float(self.area.schools.enrolment[self.row])

    @property
    def seats(self) -> float:
        """Its seats."""
        return float(self.area.schools.seats[self.row])

    @property
    def classes(self) -> float:
        """Its classes."""
        return float(self.area.schools.classes[self.row])


def standing(area: StudyArea) -> Iterator[Standing]:
    """Every school of a study area, in its order."""
    schools = area.schools
    degrees = converter(area.crs, "cgcs2000")(np.column_stack((schools.x, schools.y)))
    for row, (longitude, latitude) in enumerate(degrees.tolist()):
        facts = area.school_facts.get((schools.id[row], schools.tier[row]), SchoolFacts())
        yield Standing(area, row, facts, longitude, latitude)


def _village(one: Standing) -> str:
    return one.area.units.village(one.unit) if one.unit >= 0 else ""


def _township(one: Standing) -> str:
    return one.area.units.township[one.unit] if one.unit >= 0 else ""


def _campus(one: Standing) -> Phrase:
    return CAMPUS_NAMES[one.area.units.area[one.unit]] if one.unit >= 0 else NO_UNIT


def _tier(one: Standing) -> Phrase:
    return TIER_NAMES[one.area.schools.tier[one.row]]


def _operator(one: Standing) -> Phrase:
    return OPERATOR_NAMES[one.area.schools.operator[one.row]]


_STATED = Phrase("学校表所列", "as the table of schools states it")
_FIRST = Phrase(
    "学校表所列；一校多学段且未分列的，全校数记在第一个学段",
    "as the table of schools states it; of a school with several tiers, stated together, with the first",
)

STANDING: Annex[Standing] = Annex(
    Phrase("附表1 现状学校", "1 Existing schools"),
    Phrase("附表1　现状学校一览表", "Table 1. Existing schools"),
    (
        Field(
            Phrase("学校名称", "school"),
            26,
            lambda one: one.area.schools.name[one.row],
            Phrase("学校名称；多学段学校每学段一行", "name; a school of several tiers has a row for each"),
            SCHOOLS_TABLE,
        ),
        Field(Phrase("学校代码", "school code"), 13, lambda one: one.facts.code, _STATED, SCHOOLS_TABLE),
        Field(
            Phrase("学段", "tier"),
            10,
            _tier,
            Phrase("幼儿园、小学、初中、高中", "kindergarten to senior"),
            SCHOOLS_TABLE,
        ),
        Field(
            Phrase("办学性质", "operator"),
            12,
            _operator,
            Phrase("公办、公办性质、普惠性民办、民办", "public, quasi-public, inclusive private, private"),
            SCHOOLS_TABLE,
        ),
        Field(
            Phrase("所在乡镇（街道）", "township"),
            14,
            _township,
            Phrase("校址所在村（社区）的乡镇（街道）", "that of the village it stands in"),
            VILLAGES_TABLE,
        ),
        Field(
            Phrase("所在村（社区）", "village"),
            16,
            _village,
            Phrase("校址所在村（社区）", "the village or community it stands in"),
            VILLAGES_TABLE,
        ),
        Field(
            Phrase("校区类型", "campus type"),
            9,
            _campus,
            Phrase("城区、镇区、乡村，按所在村（社区）", "city, town or rural, as the village is"),
            VILLAGES_TABLE,
        ),
        Field(
            Phrase("现状班数", "classes"),
            10,
            lambda one: one.classes,
            _STATED,
            SCHOOLS_TABLE,
            CLASSES,
            WHOLE,
            True,
        ),
        people(Phrase("在校生数", "pupils"), 10, lambda one: one.enrolment, _STATED, SCHOOLS_TABLE),
        Field(
            Phrase("平均班额", "pupils per class"),
            10,
            lambda one: ratio(one.enrolment, one.classes),
            Phrase("在校生数 ÷ 现状班数", "pupils / classes"),
            WORKED_OUT,
            Phrase("人/班", ""),
            TENTH,
        ),
        seats(
            Phrase("核定学位", "seats"),
            10,
            lambda one: one.seats,
            Phrase("学校表所列；没有的按班数 × 规则每班人数", "as stated; else classes x the rulebook's class size"),
            SCHOOLS_TABLE,
        ),
        people(Phrase("寄宿生数", "boarders"), 9, lambda one: one.facts.boarders, _FIRST, SCHOOLS_TABLE),
        Field(
            Phrase("用地面积", "land"),
            10,
            lambda one: one.facts.land_m2 / MU_M2,
            _FIRST,
            SCHOOLS_TABLE,
            MU,
            HUNDREDTH,
            True,
        ),
        Field(
            Phrase("建筑面积", "floor area"),
            11,
            lambda one: one.facts.floor_m2,
            _FIRST,
            SCHOOLS_TABLE,
            M2,
            WHOLE,
            True,
        ),
        Field(
            Phrase("生均用地", "land per pupil"),
            10,
            lambda one: ratio(one.facts.land_m2, one.enrolment),
            Phrase("用地面积 ÷ 在校生数", "land / pupils"),
            WORKED_OUT,
            Phrase("㎡/生", "m2"),
            TENTH,
        ),
        Field(
            Phrase("专任教师", "teachers"),
            9,
            lambda one: one.facts.teachers,
            _FIRST,
            SCHOOLS_TABLE,
            PEOPLE,
            WHOLE,
            True,
        ),
        Field(
            Phrase("建校年份", "opened"),
            8,
            lambda one: float(one.area.schools.opened_year[one.row]),
            _STATED,
            SCHOOLS_TABLE,
            number=YEAR,
        ),
        Field(
            Phrase("经度", "longitude"),
            12,
            lambda one: one.longitude,
            Phrase("CGCS2000 经度，由平面坐标换算", "CGCS2000, converted from the plane"),
            SCHOOLS_TABLE,
            DEGREES,
            MICRO,
        ),
        Field(
            Phrase("纬度", "latitude"),
            11,
            lambda one: one.latitude,
            Phrase("CGCS2000 纬度，由平面坐标换算", "CGCS2000, converted from the plane"),
            SCHOOLS_TABLE,
            DEGREES,
            MICRO,
        ),
        Field(Phrase("备注", "remarks"), 20, lambda one: one.facts.remark, _STATED, SCHOOLS_TABLE),
    ),
    is_wide=True,
)
"""附表1."""

_FULL: Field[Standing] = share(
    Phrase("学位利用率", "seats filled"),
    9,
    lambda one: ratio(one.enrolment, one.seats),
    Phrase("在校生数 ÷ 核定学位", "pupils / seats"),
)
_ROOM: Field[Standing] = Field(
    Phrase("可扩至", "can grow to"),
    10,
    lambda one: float(one.area.schools.max_classes[one.row]),
    Phrase("现有校址最多可办班数", "the most classes its plot can hold"),
    SCHOOLS_TABLE,
    CLASSES,
    WHOLE,
)


def existing_schools(area: StudyArea, language: Language = "zh") -> Table:
    """附表1: schools as they stand."""
    return STANDING.table(standing(area), language, _tier)


def existing_schools_filled(area: StudyArea) -> Table:
    """The same with how full they are and what they can grow to."""
    return STANDING.with_fields(_FULL, _ROOM).table(standing(area), "zh", _tier)

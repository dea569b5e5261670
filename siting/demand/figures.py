"""Numbers that stand in where a county has none of its own: each with its unit, its source and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from siting.study import Tier

Certainty = Literal["P", "S", "K-H", "K-M", "K-L", "C"]
"""P the plan itself, S a public text at second hand, K general knowledge (high, medium, low), C computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every number says of itself."""

    unit: str
    source: str
    certainty: Certainty

    @property
    def verify(self) -> bool:
        """Whether a planner should look it up before it is printed: it was not read in the source's own text."""
        return self.certainty.startswith("K")


@dataclass(frozen=True, slots=True)
class Figure(Sourced):
    """One number and where it comes from."""

    value: float


@dataclass(frozen=True, slots=True)
class FigureRange(Sourced):
    """A number of which the source gives two ends."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class FigureRow(Sourced):
    """Numbers that follow one another, year by year."""

    values: tuple[float, ...]


_PLAN = "定发〔2021〕40号"


def _rate(value: float, source: str, certainty: Certainty) -> Figure:
    return Figure(value, unit="pupils/child", source=source, certainty=certainty)


ENROLMENT_RATE: Mapping[Tier, Figure] = {
    "kindergarten": _rate(0.92, f"{_PLAN} 一，毛入园率，到2025年", "P"),
    "primary": _rate(1.0, "义务教育阶段全部入学", "C"),
    "junior": _rate(1.0, "义务教育阶段全部入学；巩固率98%另行核对", "C"),
    "senior": _rate(0.475, f"{_PLAN} 一，毛入学率95% × 普通高中一半（职普比大体相当）", "C"),
}
"""Pupils per child of the tier's ages."""


def _per_1000(lower: float, upper: float) -> FigureRange:
    return FigureRange(lower, upper, unit="seats/1000 residents", source="城市规划常用千人学位", certainty="K-M")


SEATS_PER_1000: Mapping[Tier, FigureRange] = {
    "kindergarten": _per_1000(30.0, 40.0),
    "primary": _per_1000(60.0, 80.0),
    "junior": _per_1000(30.0, 45.0),
    "senior": _per_1000(20.0, 30.0),
}
"""The classic indicator 千人学位; it offers about twice what present births fill."""

LOW_BIRTHS = Figure(-0.04, unit="per year", source="低方案：每年减少4%，规划人员可改", certainty="K-L")
HIGH_BIRTHS = Figure(0.02, unit="per year", source="高方案：每年增加2%，规划人员可改", certainty="K-L")

LEAST_FILL = Figure(0.6, unit="pupils/seat", source="学位使用率低于六成视为可能闲置，规划人员可改", certainty="K-L")
SMALL_SCHOOL = Figure(100.0, unit="pupils", source="乡村小规模学校：不足100人", certainty="S")

PERSONS_PER_DWELLING = Figure(
    2.9, unit="persons/dwelling", source="2020年普查户均人口：保定2.78、定兴3.01、大城2.83", certainty="S"
)
OCCUPANCY = FigureRow(
    (0.20, 0.45, 0.65, 0.80, 0.90),
    unit="homes lived in/homes",
    source="入住率逐年20/45/65/80/90%，以后不变",
    certainty="K-M",
)
YOUTH = Figure(1.35, unit="times", source="新建小区幼儿偏多，1.2-1.5取中值", certainty="K-M")
INTERNAL_SHARE = Figure(0.7, unit="families/families", source="新建小区住户来自本县的比例", certainty="K-M")

INCLUSIVE_TARGET = Figure(0.85, unit="children/children", source=f"{_PLAN} 三(四)，到2025年", certainty="P")
MIGRANT_TARGET = Figure(0.90, unit="pupils/pupils", source=f"{_PLAN} 四(六)，到2025年", certainty="P")
CHILDCARE_TARGET = Figure(4.5, unit="places/1000 residents", source="国家“十四五”规划，到2025年", certainty="S")
NURSERY_CLASS = Figure(20.0, unit="places/class", source="托育机构设置标准，托大班不超过20人", certainty="K-H")
BOARDING_LIMIT_M = Figure(2000.0, unit="m", source="河北省农村小学服务半径一般不超过2公里", certainty="S")
MAY_BOARD: Mapping[Tier, Figure] = {
    "primary": Figure(
        0.5, unit="grades/grades", source="国办发〔2018〕27号：一至三年级不寄宿，六个年级余三", certainty="K-H"
    ),
    "junior": Figure(1.0, unit="grades/grades", source="国办发〔2018〕27号：只限制小学低年级", certainty="K-H"),
}


def _yuan(value: float, source: str, certainty: Certainty) -> Figure:
    return Figure(value, unit="yuan/pupil/year", source=source, certainty=certainty)


RECURRENT_YUAN: Mapping[Tier, Figure] = {
    "kindergarten": _yuan(400.0, f"{_PLAN} 九(二十四)", "P"),
    "primary": _yuan(720.0, "全国生均公用经费基准定额，2023年起；计划只说达到全省平均", "K-M"),
    "junior": _yuan(940.0, "全国生均公用经费基准定额，2023年起；计划只说达到全省平均", "K-M"),
    "senior": _yuan(1000.0, f"{_PLAN} 九(二十四)", "P"),
}
"""公用经费; what keeping a school costs a year besides its teachers."""
FUNDED_AS = Figure(100.0, unit="pupils", source="不足100人的农村义务教育学校按100人拨付公用经费", certainty="K-H")

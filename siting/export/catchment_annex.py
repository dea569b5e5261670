"""附表8: whom every school of a plan takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siting.export.fields import (
    NO_UNIT,
    THE_PLAN,
    WORKED_OUT,
    Annex,
    Field,
    joined,
    people,
    programme_of,
    ratio,
    seats,
    share,
)
from siting.export.named import listed, unit_names
from siting.export.result import Result
from siting.export.tables import WHOLE, Table
from siting.plan import Site, TierPlan
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a catchment lies: its neighbours to the four sides, in words, and the units cut off from its main piece."""

    bounds: Phrase
    enclaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catchment:
    """A school with somebody assigned to it, their villages by name, and where they lie (None: nobody looked)."""

    part: TierPlan
    site: Site
    served: tuple[str, ...]
    ground: Ground | None


def catchments_of(result: Result, grounds: Mapping[tuple[str, str], Ground]) -> Iterator[Catchment]:
    """Every catchment, by programme and site; grounds likewise."""
    names = unit_names(result.area)
    for part in result.plan.parts:
        for site in part.sites:
            if site.units:
                yield Catchment(part, site, listed(site.units, names), grounds.get((part.programme, site.id)))


def _bounds(one: Catchment) -> Phrase:
    return one.ground.bounds if one.ground else NO_UNIT


def enclaves(one: Catchment) -> Phrase:
    """有, with the units cut off, or 无."""
    if one.ground is None:
        return NO_UNIT
    names = joined(one.ground.enclaves)
    return Phrase(f"有：{names.zh}", f"yes: {names.en}") if one.ground.enclaves else Phrase("无", "no")


_WHO: tuple[Field[Catchment], ...] = (
    Field(Phrase("学校", "school"), 26, lambda one: one.site.name, Phrase("学校名称", "name"), THE_PLAN),
    Field(
        Phrase("服务范围（社区/村/路段）", "catchment (communities, villages)"),
        56,
        lambda one: joined(one.served),
        Phrase(
            "整村整社区分配；社区分块的，各块都在本校时只写社区名",
            "each as a whole; blocks where a community is divided",
        ),
        THE_PLAN,
    ),
)
_WHERE: Field[Catchment] = Field(
    Phrase("四至", "bounded by"),
    34,
    _bounds,
    Phrase(
        "与学区相邻的村（社区），按地块边界；没有边界的按人口所在推定，示意，不作确权依据",
        "adjoining villages, by their boundaries, or else by where people live: illustrative, no legal boundary",
    ),
    WORKED_OUT,
)
_HOW_MANY: tuple[Field[Catchment], ...] = (
    people(
        Phrase("适龄人口", "children"),
        11,
        lambda one: one.site.pupils,
        Phrase("分配到该校的适龄人口（预测年份为要求入学的人数）", "children of its ages assigned to it"),
        THE_PLAN,
    ),
    seats(Phrase("学位", "seats"), 10, lambda one: one.site.seats, Phrase("建成后学位", "seats once built"), THE_PLAN),
    share(
        Phrase("利用率", "seats filled"),
        9,
        lambda one: ratio(one.site.pupils, one.site.seats),
        Phrase("适龄人口 ÷ 学位", "children / seats"),
    ),
)
ENCLAVES: Field[Catchment] = Field(
    Phrase("飞地（有/无）", "enclaves"),
    20,
    enclaves,
    Phrase(
        "学区不相连且中间隔着其他学区的，列出较小一片的村（社区）",
        "units cut off from the main piece by other catchments",
    ),
    WORKED_OUT,
)
_MORE: tuple[Field[Catchment], ...] = (
    Field(Phrase("项目类别", "programme"), 14, programme_of, Phrase("项目类别", "programme"), THE_PLAN),
    Field(
        Phrase("所在乡镇（街道）", "township"),
        14,
        lambda one: one.site.township,
        Phrase("校址所在乡镇（街道）", "the township it stands in"),
        THE_PLAN,
    ),
    Field(
        Phrase("村（社区）数", "units"),
        9,
        lambda one: len(one.site.units),
        Phrase("分配单元数，社区分块的按块计", "units assigned, blocks counted one by one"),
        THE_PLAN,
        NO_UNIT,
        WHOLE,
        True,
    ),
    people(
        Phrase("服务人口", "residents served"),
        11,
        lambda one: one.site.service_population,
        Phrase("分配到该校的常住人口", "residents assigned to it"),
        THE_PLAN,
    ),
)

_TAB8 = Phrase("附表8 学区划分", "8 Catchments")
_TITLE8 = Phrase("附表8　学区（招生服务区）划分表", "Table 8. Catchments")
CATCHMENTS: Annex[Catchment] = Annex(_TAB8, _TITLE8, (*_WHO, _WHERE, *_HOW_MANY, ENCLAVES, *_MORE), is_wide=True)
"""附表8."""
_PLAIN = Annex(_TAB8, _TITLE8, (*_WHO, *_HOW_MANY, *_MORE))


def catchments(result: Result) -> Table:
    """附表8 without the ground: nobody looks at shapes."""
    return _PLAIN.table(catchments_of(result, {}), "zh", programme_of)

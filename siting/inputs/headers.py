"""Column headers, Chinese and English: what each layer's columns are called in the files people have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.roads.lines import HEADERS as ROAD_HEADERS
from siting.inputs.shapefiles import SHORTEST_CUT
from siting.project import LayerName
from siting.study import TIERS
from siting.words import Phrase, name_some

Aliases = Mapping[str, tuple[str, ...]]
"""Our name of a column, and the headers it is found under; the first that occurs counts."""

PLACE: Aliases = {
    "lon": ("lon", "lng", "long", "longitude", "经度", "东经"),
    "lat": ("lat", "latitude", "纬度", "北纬"),
    "x": ("x", "x坐标", "坐标x", "横坐标", "east", "easting", "东坐标", "point_x", "xcoord"),
    "y": ("y", "y坐标", "坐标y", "纵坐标", "north", "northing", "北坐标", "point_y", "ycoord"),
}
"""Where a row lies. The Chinese survey's 横坐标 is the easting and 纵坐标 the northing; X and Y are checked."""

_NAME = ("name", "名称", "全称", "mc")
_ID = ("id", "code", "代码", "编码", "编号", "标识码")
_MAX_CLASSES = ("max_classes", "可扩至班数", "可扩至", "规划班数", "最大班数", "规划规模", "班数上限")

_UNIT_ID = ("unit_id", "unit", "所在村代码", "所在村社区代码", "村代码", "社区代码", "village_code")

_COUNTED: Aliases = {
    "classes": ("classes", "班数", "现状班数", "教学班数", "班级数", "class_count", "办学规模"),
    "seats": ("seats", "学位", "学位数", "核定学位", "核定学位数", "capacity", "places"),
    "enrolment": (
        *("enrolment", "enrollment", "pupils", "students", "在校生数", "在校生", "在校学生数"),
        *("在园幼儿", "在园幼儿数", "在园人数", "学生数"),
    ),
    "max_classes": _MAX_CLASSES,
    "migrants": (
        *("migrants", "migrant_pupils", "随迁子女", "随迁子女数", "随迁子女人数", "在校随迁子女"),
        *("进城务工人员随迁子女", "进城务工人员随迁子女数", "外来务工人员子女"),
    ),
    "bought": ("bought", "bought_places", "购买学位", "购买学位数", "政府购买学位", "政府购买学位数"),
}

_TIER_WORDS: Aliases = {
    "kindergarten": ("kindergarten", "幼儿园", "幼儿"),
    "primary": ("primary", "小学", "小学部"),
    "junior": ("junior", "初中", "初中部"),
    "senior": ("senior", "高中", "高中部"),
}


def _per_tier() -> Aliases:
    """classes_primary and the like: 小学班数, primary_classes."""
    return {
        f"{counted}_{tier}": (
            f"{counted}_{tier}",
            *(f"{word}{alias}" for word in _TIER_WORDS[tier] for alias in aliases),
        )
        for counted, aliases in _COUNTED.items()
        for tier in TIERS
    }


_CHILDREN: Aliases = {
    "children_kindergarten": (
        *("children_kindergarten", "age_3_5", "ages_3_5", "幼儿园适龄", "幼儿园适龄儿童", "学前适龄儿童"),
        *("3-5岁", "3-5岁人口", "3~5岁", "3至5岁", "学前适龄"),
    ),
    "children_primary": (
        *("children_primary", "age_6_11", "ages_6_11", "小学适龄", "小学适龄儿童"),
        *("6-11岁", "6-11岁人口", "6~11岁", "6至11岁"),
    ),
    "children_junior": (
        *("children_junior", "age_12_14", "ages_12_14", "初中适龄", "初中适龄人口", "初中适龄儿童"),
        *("12-14岁", "12-14岁人口", "12~14岁", "12至14岁"),
    ),
    "children_senior": (
        *("children_senior", "age_15_17", "ages_15_17", "高中适龄", "高中适龄人口"),
        *("15-17岁", "15-17岁人口", "15~17岁", "15至17岁"),
    ),
}

HUKOU = ("户籍人口", "户籍人口数", "户籍", "hukou", "registered_population")
"""Registered population: never read as residents unless the study file says so."""

_RESIDENTS = (
    *("residents", "常住人口", "常住人口数", "常住人数", "population", "pop", "人口", "人口数", "总人口"),
    *("people", "人数"),
)

_LAND = ("用地面积", "占地面积", "校园面积", "校园占地面积", "土地面积", "学校占地面积")
_AREA_M2 = ("m2", "平方米", "平米")

_SCHOOL_FACTS: Aliases = {
    "boarders": ("boarders", "寄宿生数", "寄宿生", "寄宿生人数", "住宿生数", "住宿生"),
    "land_m2": ("land_m2", *(f"{word}{unit}" for word in _LAND for unit in _AREA_M2)),
    "land_mu": ("land_mu", *(f"{word}亩" for word in _LAND)),
    "land_ha": ("land_ha", *(f"{word}{unit}" for word in _LAND for unit in ("公顷", "ha", "hm2"))),
    "land": ("land", *_LAND),
    "floor_m2": (
        *("floor_m2", "建筑面积", "校舍建筑面积", "校舍面积", "总建筑面积"),
        *(f"{word}{unit}" for word in ("建筑面积", "校舍建筑面积", "校舍面积", "总建筑面积") for unit in _AREA_M2),
    ),
    "teachers": ("teachers", "专任教师", "专任教师数", "专任教师人数"),
    "remark": ("remark", "remarks", "备注", "说明"),
}
"""What is only repeated in the bureau's own tables. Land without a unit is known so as to be asked about."""

ALIASES: Mapping[LayerName, Aliases] = {
    "villages": {
        "id": (
            *("id", "unit_id", "village_id", "village_code", "code", "代码", "编码", "村代码", "村编码"),
            *("村社区代码", "社区代码", "行政村代码", "统计用区划代码", "区划代码", "行政区划代码", "xzqdm"),
            *("编号", "标识码"),
        ),
        "name": (
            *_NAME,
            *("村名", "村名称", "村", "行政村", "村社区", "村社区名称", "村庄名称", "社区名称"),
            *("village", "village_name"),
        ),
        "township": (
            *("township", "town", "乡镇", "乡镇街道", "乡镇名称", "乡镇街道名称", "所在乡镇", "所在乡镇街道", "街道"),
            *("所属乡镇", "所属乡镇街道", "township_name"),
        ),
        "township_id": (
            *("township_id", "township_code", "streetcode", "乡镇代码", "乡镇街道代码", "街道代码", "乡镇编码"),
            "所属乡镇代码",
        ),
        "residents": _RESIDENTS,
        "area": (
            *("area", "城乡", "城乡分类", "城乡分类代码", "城乡类型", "校区类型"),
            *("area_type", "urban_rural", "urban_class"),
        ),
        "kind": ("kind", "类型", "类别", "村居类型", "type"),
        "planning_unit": ("planning_unit", "规划单元", "片区", "规划片区", "教育片区"),
        **_CHILDREN,
        **PLACE,
    },
    "schools": {
        "id": (*_ID, "school_id", "school_code", "学校代码", "学校标识码", "学校编码", "学校编号"),
        "name": (*_NAME, "学校名称", "学校", "校名", "园名", "学校园名称", "school", "school_name"),
        "tier": ("tier", "学段", "办学类型", "学校类型", "学校类别", "类型", "level", "type"),
        "operator": ("operator", "办学性质", "性质", "举办者", "举办者类型", "办别", "ownership"),
        "unit": _UNIT_ID,
        "opened_year": (
            *("opened_year", "year_opened", "opening_year", "开办年份", "开办年", "开办时间", "建校年份", "建校年"),
            *("建校时间", "建园年份", "建园时间", "办学年份", "成立年份", "设立年份", "启用年份", "投入使用年份"),
        ),
        **_COUNTED,
        **_per_tier(),
        **_SCHOOL_FACTS,
        **PLACE,
    },
    "candidates": {
        "id": (*_ID, "candidate_id", "地块编号", "地块代码"),
        "name": (*_NAME, "地块名称", "地块", "备选点", "候选点"),
        "tier": ("tier", "tiers", "学段", "可建学段"),
        "unit": _UNIT_ID,
        "max_classes": _MAX_CLASSES,
        **PLACE,
    },
    "population": {"residents": (*_RESIDENTS, "value"), **PLACE},
    "estates": {
        "name": (*_NAME, "小区", "小区名称", "项目名称", "estate"),
        "dwellings": ("dwellings", "户数", "总户数", "住宅套数", "套数", "households", "homes"),
        "delivery_year": ("delivery_year", "交付年份", "交付时间", "交付日期", "分期交付时间", "year"),
        "phase": ("phase", "分期", "期", "期数", "期次"),
        "persons_per_dwelling": ("persons_per_dwelling", "户均人口", "户均人数", "每户人口"),
        "inside_share": ("inside_share", "县内迁入比例", "县内比例", "本地购房比例"),
        "school_tiers": ("school_tiers", "配建学校", "配建学段", "预留教育用地", "配套学校"),
        "school_max_classes": ("school_max_classes", "配建班数", "配建规模", "配建学校班数"),
        "school_opens": ("school_opens", "学校交付时间", "学校开办时间", "学校交付", "配套学校交付时间"),
        **PLACE,
    },
    "births": {
        "township": (
            *("township", "town", "乡镇", "乡镇街道", "乡镇名称", "乡镇街道名称", "所在乡镇", "所属乡镇", "街道"),
            *("township_name", "name", "名称"),
        ),
        "township_id": (
            *("township_id", "township_code", "乡镇代码", "乡镇街道代码", "街道代码", "乡镇编码", "code", "代码"),
        ),
        "year": ("year", "年份", "年度", "出生年份", "出生年"),
        "births": ("births", "出生人数", "出生人口", "出生数", "活产数", "活产", "新生儿", "live_births"),
    },
    "ages": {
        "id": ("id", "unit_id", "village_id", "code", "代码", "编码", "村代码", "村社区代码", "区划代码", "编号"),
        "name": (*_NAME, "村名", "村名称", "村", "行政村", "村社区", "村社区名称", "社区名称", "village"),
        **{f"age_{age}": (f"age_{age}", f"{age}岁", f"{age}周岁", f"{age}岁人口", f"{age}") for age in range(19)},
        **{
            f"age_{first}_{first + 4}": tuple(
                f"{sign}".join((f"{before}{first}", f"{first + 4}{after}"))
                for before, after in (("", "岁"), ("", "岁人口"), ("age_", ""), ("ages_", ""), ("", ""))
                for sign in ("-", "~", "至", "—", "_")
            )
            for first in range(0, 30, 5)
        },
    },
    "barriers": {"name": _NAME},
    "protected": {"name": _NAME},
    "urban_area": {},
    "boundary": {},
    "roads": ROAD_HEADERS,
}
"""The headers of every layer. A header alias is added here and nowhere else."""


def plain(header: str) -> str:
    """A header without what people add to it: case, width, spaces, units in brackets, punctuation.

    "常住人口（人）" is 常住人口, "X 坐标 (m)" is x坐标; 村（社区）代码 is 村社区代码.
    """
    text = unicodedata.normalize("NFKC", header).casefold().strip()
    text = re.sub(r"[(\[](人|班|个|人/班|米|m|度|°|户|套|座)[)\]]", "", text)
    return re.sub(r"[\s_()\[\]:;,.、/*·\"']", "", text)


def named_columns(aliases: Aliases, headers: Iterable[str]) -> Mapping[str, str]:
    """Our names of the columns a table has, and its headers; the first alias that occurs counts."""
    by_plain = {plain(header): header for header in reversed(list(headers))}
    return {ours: by_plain[alias] for ours, alias in _first_aliases(aliases, by_plain).items()}


def found_columns(
    layer: LayerName, headers: Iterable[str], stated: Mapping[str, str], is_cut: bool, notes: Notes
) -> Mapping[str, str]:
    """Our names of the columns a file has, and the file's headers; what the study file states wins over aliases.

    is_cut says that headers may have lost their ends, as a Shapefile's do after ten bytes (常住人 for 常住人口).
    A stated header that the file does not have is a fault.
    """
    known = list(headers)
    by_plain = {plain(header): header for header in reversed(known)}
    found = dict(named_columns(ALIASES[layer], known))
    if is_cut:
        found = {**_cut_columns(ALIASES[layer], known), **found}
    for ours, header in stated.items():
        if plain(header) in by_plain:
            found[ours] = by_plain[plain(header)]
        else:
            found.pop(ours, None)
            _say_no_header(notes, ours, header, known)
    return found


def _first_aliases(aliases: Aliases, by_plain: Mapping[str, str]) -> Mapping[str, str]:
    matches = {ours: [plain(alias) for alias in names if plain(alias) in by_plain] for ours, names in aliases.items()}
    return {ours: found[0] for ours, found in matches.items() if found}


def _cut_columns(aliases: Aliases, headers: list[str]) -> dict[str, str]:
    """Headers as long as a Shapefile can hold that begin the aliases of one column and of no other."""
    found: dict[str, str] = {}
    for header in (header for header in headers if len(header.encode()) >= SHORTEST_CUT):
        begun = [
            ours for ours, names in aliases.items() if any(plain(name).startswith(plain(header)) for name in names)
        ]
        if len(begun) == 1:
            found.setdefault(begun[0], header)
    return found


def _say_no_header(notes: Notes, ours: str, header: str, known: list[str]) -> None:
    near = did_you_mean(header, known)
    notes.fault(
        Phrase(
            f"没有 columns 中写的列“{header}”（{ours}）。",
            f"has no column '{header}', which `columns` names for {ours}.",
        ),
        near,
    )


def say_no_column(notes: Notes, layer: LayerName, wanted: tuple[str, ...], headers: Iterable[str]) -> None:
    """A fault: none of the wanted columns is there; says which headers are, and which of them is near."""
    held = list(headers)
    expected = [alias for ours in wanted for alias in ALIASES[layer][ours]]
    shown = name_some(held, most=12)
    near = _nearest(held, expected)
    notes.fault(
        Phrase(
            f"没有{' / '.join(_chinese(ALIASES[layer][ours]) for ours in wanted)}列；表头有：{shown.zh or '（无）'}。",
            f"has no column for {' or '.join(wanted)}; its headers are {shown.en or '(none)'}.",
        ),
        Phrase(
            f'{near.zh}请改表头，或在 [layers.{layer}] 中写 columns = {{ {wanted[0]} = "表头" }}。',
            f'{near.en}Rename a header, or write columns = {{ {wanted[0]} = "header" }} in [layers.{layer}].',
        ),
    )


def _chinese(aliases: tuple[str, ...]) -> str:
    return next((alias for alias in aliases if not alias.isascii()), aliases[0])


def _nearest(held: list[str], expected: list[str]) -> Phrase:
    for header in held:
        if get_close_matches(plain(header), [plain(alias) for alias in expected], n=1, cutoff=0.6):
            return Phrase(f"是否指“{header}”？", f"Did you mean '{header}'? ")
    return Phrase("", "")

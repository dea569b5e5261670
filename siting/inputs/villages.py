"""Villages and communities: from a table to Units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.inputs.headers import HUKOU, plain, say_no_column
from siting.inputs.notes import Notes
from siting.inputs.values import (
    Bools,
    as_key,
    codes,
    counts,
    fault_rows,
    one_code,
    refuse_twins,
    some_rows,
    texts,
    words,
)
from siting.study import TIER_NAMES, TIERS, Area, FloatArray, Tier, UnitKind, Units
from siting.words import Phrase, name_some

AREA_WORDS: Mapping[str, Area] = {
    **dict.fromkeys(
        ("city", "urban", "城区", "主城区", "城市", "城乡结合区", "城乡结合部", "城镇", "111", "112"), "city"
    ),
    **dict.fromkeys(
        ("town", "镇区", "镇", "镇中心区", "镇乡结合区", "镇乡结合部", "特殊区域", "县镇", "121", "122", "123"), "town"
    ),
    **dict.fromkeys(("rural", "乡村", "农村", "乡中心区", "村庄", "210", "220"), "rural"),
}
"""Words and codes of the statistical 城乡分类."""

_AREAS = Phrase("城区、镇区、乡村（或统计代码 111、220 等）", "city, town, rural (or statistical codes: 111, 220, ...)")

KIND_WORDS: Mapping[str, UnitKind] = {
    **dict.fromkeys(("village", "村", "行政村", "自然村", "村委会", "村民委员会"), "village"),
    **dict.fromkeys(("community", "社区", "居委会", "居民委员会"), "community"),
    **dict.fromkeys(("block", "街区", "地块"), "block"),
    **dict.fromkeys(("estate", "小区", "居住区", "居住小区"), "estate"),
}

_KINDS = Phrase("村、社区、街区、小区", "village, community, block, estate")

_COMMUNITY_ENDINGS = ("社区", "居委会", "居民委员会")


@dataclass(frozen=True, slots=True)
class Around:
    """What the study knows besides the villages' own file: its name, the urban area, whether a grid counts people."""

    name: str
    urban_area: BaseGeometry | None
    has_grid: bool


def read_villages(frame: gpd.GeoDataFrame, around: Around, notes: Notes) -> Units | None:
    """Units in file order; None only where some cannot be placed. Faults are noted by the names of the rows."""
    names = _names(frame, notes)
    frame = frame.assign(name=names)
    ids = _ids(frame, names, notes)
    frame = _without_sizes(frame.assign(id=ids))
    township_id, township = _townships(frame, around.name, notes)
    residents = _residents(frame, around, notes)
    children = _children(frame, residents, notes)
    area = _areas(frame, around.urban_area, notes)
    kind = _kinds(frame, names, area, notes)
    if frame.geometry.isna().any():
        return None
    _remark_same_place(frame, notes)
    _remark_same_name(frame, township_id, notes)
    planning_unit = [own or of for own, of in zip(texts(frame, "planning_unit"), township, strict=True)]
    return Units(
        id=tuple(ids),
        name=tuple(names),
        township_id=tuple(township_id),
        township=tuple(township),
        area=tuple(area),
        kind=tuple(kind),
        planning_unit=tuple(planning_unit),
        part_of=tuple(ids),
        x=frame["x"].to_numpy(dtype=np.float64),
        y=frame["y"].to_numpy(dtype=np.float64),
        residents=residents,
        children=children,
        polygon=_polygons(frame),
    )


def _remark_same_place(frame: gpd.GeoDataFrame, notes: Notes) -> None:
    """A remark naming units that lie where another does, to the metre."""
    is_shared = frame[["x", "y"]].round().duplicated(keep=False).to_numpy(dtype=bool)
    if is_shared.any():
        rows = some_rows(frame, is_shared)
        notes.remark(
            Phrase(
                f"{is_shared.sum()} 个村（社区）与别的坐标相同，可能是复制未改：{rows.zh}。",
                f"{is_shared.sum()} units lie where another does, perhaps copied and not changed: {rows.en}.",
            )
        )


def _remark_same_name(frame: gpd.GeoDataFrame, township_id: list[str], notes: Notes) -> None:
    """A remark naming units of one township that are called the same: one of them may be there twice."""
    keys = frame[["name"]].assign(of=township_id)
    is_shared = keys.duplicated(keep=False).to_numpy(dtype=bool)
    if is_shared.any():
        rows = some_rows(frame, is_shared, list(frame["id"]))
        notes.remark(
            Phrase(
                f"{is_shared.sum()} 个村（社区）与同一乡镇的别的村同名，可能是重复登记：{rows.zh}。",
                f"{is_shared.sum()} units have the name of another of their township, perhaps listed twice: {rows.en}.",
            )
        )


def _polygons(frame: gpd.GeoDataFrame) -> tuple[BaseGeometry | None, ...]:
    return tuple(shape if shape.area > 0.0 else None for shape in frame.geometry)


# --- names and codes -------------------------------------------------------------------------------------------


def _names(frame: gpd.GeoDataFrame, notes: Notes) -> list[str]:
    """The name column; where the file has none, the ids."""
    if "name" in frame:
        names = texts(frame, "name")
        fault_rows(
            frame,
            np.array([not name for name in names], dtype=bool),
            Phrase("没有名称", "have no name"),
            Phrase("请补填名称。", "Fill it in."),
            notes,
        )
        return names
    if "id" in frame:
        notes.remark(Phrase("没有名称列，以代码为名称。", "has no column of names; the ids serve as names."))
        return texts(frame, "id")
    say_no_column(notes, "villages", ("name",), frame.attrs["headers"])
    return [f"#{row}" for row in frame.index]


def _ids(frame: gpd.GeoDataFrame, names: list[str], notes: Notes) -> list[str]:
    """The codes; from the name, or the row's number where a name occurs twice, where there is none."""
    stated = codes(frame, "id", Phrase("代码", "codes"), notes)
    refuse_twins(frame, [as_key(code) for code in stated], Phrase("代码", "a code"), notes)
    is_without = np.array([not code for code in stated], dtype=bool)
    if is_without.any():
        rows = some_rows(frame, is_without)
        notes.remark(
            Phrase(
                f"{is_without.sum()} 行没有代码，以名称（重名时加行号）为代码：{rows.zh}。",
                f"{is_without.sum()} rows have no id; their names serve, with the row's number where two are "
                f"alike: {rows.en}.",
            )
        )
    return [
        code or (name if names.count(name) == 1 else f"{name}#{row}")
        for code, name, row in zip(stated, names, frame.index, strict=True)
    ]


# --- townships -------------------------------------------------------------------------------------------------


def _townships(frame: gpd.GeoDataFrame, study: str, notes: Notes) -> tuple[list[str], list[str]]:
    """Codes and names of the townships, each from the other or from the village's code where one is missing."""
    names = texts(frame, "township")
    stated = codes(frame, "township_id", Phrase("乡镇代码", "township codes"), notes)
    known = [
        _township_code(code) or name or _in_village_code(unit)
        for code, name, unit in zip(stated, names, frame["id"], strict=True)
    ]
    if not any(known):
        _remark_one_township(study, notes)
        return [study] * len(frame), [study] * len(frame)
    ids = _one_spelling(known)
    fault_rows(
        frame,
        np.array([not code for code in ids], dtype=bool),
        Phrase("没有所在乡镇（街道）", "have no township"),
        Phrase("请补填乡镇名称或代码；合并的单元格请拆分填满。", "Fill in its name or code, merged cells too."),
        notes,
    )
    called = {code: name for code, name in zip(reversed(ids), reversed(names), strict=True) if name}
    return ids, [name or called.get(code, code) for name, code in zip(names, ids, strict=True)]


def _township_code(code: str) -> str:
    """A township's code in nine digits; statistics write three zeros more."""
    return code[:9] if len(code) == 12 and code.endswith("000") else code


def _in_village_code(code: str) -> str:
    """The township in a village's statistical code of twelve digits; "" in any other."""
    return code[:9] if len(code) == 12 and code.isdigit() else ""


def _one_spelling(ids: list[str]) -> list[str]:
    """Codes as the file first spells them, whichever prefix later rows have."""
    first: dict[str, str] = {}
    return [first.setdefault(one_code(code), code) for code in ids]


def _remark_one_township(study: str, notes: Notes) -> None:
    notes.remark(
        Phrase(
            f"没有乡镇列，全部归入“{study}”。",
            f"says nothing about townships; every unit is counted to '{study}'.",
        )
    )


# --- people ----------------------------------------------------------------------------------------------------


def _residents(frame: gpd.GeoDataFrame, around: Around, notes: Notes) -> FloatArray:
    if "residents" not in frame and not around.has_grid:
        _say_no_residents(frame, notes)
    return counts(frame, "residents", Phrase("常住人口", "residents"), notes)


def _say_no_residents(frame: gpd.GeoDataFrame, notes: Notes) -> None:
    """A fault; registered population is not taken for residents unless the planner says so."""
    headers: list[str] = frame.attrs["headers"]
    registered = next((header for header in headers if plain(header) in HUKOU), None)
    if registered is None:
        say_no_column(notes, "villages", ("residents",), headers)
        return
    notes.fault(
        Phrase(
            f"只有“{registered}”，没有常住人口；需求按常住人口计算，户籍人口通常偏多。",
            f"has '{registered}' (registered population) but no residents; demand is counted by residents, "
            "who are usually fewer.",
        ),
        Phrase(
            f'请补常住人口；确要用户籍人口的，写 columns = {{ residents = "{registered}" }}。',
            f'Add residents, or accept it by columns = {{ residents = "{registered}" }} in [layers.villages].',
        ),
    )


def _children(frame: gpd.GeoDataFrame, residents: FloatArray, notes: Notes) -> Mapping[Tier, FloatArray]:
    """Children per tier that has a column."""
    counted = [tier for tier in TIERS if f"children_{tier}" in frame]
    children = {tier: counts(frame, f"children_{tier}", _aged(tier), notes) for tier in counted}
    together = np.nansum(list(children.values()), axis=0) if children else np.zeros(len(frame))
    is_more = (together > residents) & (residents >= 0.0)
    if is_more.any():
        shown = [f"{some:g} > {people:g}" for some, people in zip(together, residents, strict=True)]
        rows = some_rows(frame, is_more, shown)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_more.sum()} 行的适龄儿童多于常住人口：{rows.zh}。",
                f"{is_more.sum()} of {len(frame)} rows have more children than residents: {rows.en}.",
            ),
            Phrase("请核对两列。", "Check both columns."),
        )
    return children


def _aged(tier: Tier) -> Phrase:
    name = TIER_NAMES[tier]
    return Phrase(f"{name.zh}适龄儿童", f"children of {name.en} age")


# --- urban or rural, village or community ----------------------------------------------------------------------


def _areas(frame: gpd.GeoDataFrame, urban_area: BaseGeometry | None, notes: Notes) -> list[Area]:
    """The 城乡 class of each unit: as stated, else by the built-up area, else rural, which is remarked."""
    stated = words(frame, "area", AREA_WORDS, Phrase("城乡分类", "urban or rural class"), notes, _AREAS)
    fallen = [_by_urban_area(x, y, urban_area) for x, y in zip(frame["x"], frame["y"], strict=True)]
    is_unsaid = np.array([not cell for cell in texts(frame, "area")], dtype=bool)
    if is_unsaid.any():
        _remark_area(frame, is_unsaid, urban_area is not None, notes)
    return [own or given for own, given in zip(stated, fallen, strict=True)]


def _without_sizes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows without a column "area" that holds the polygons' sizes, as many layers have it."""
    cells = [cell for cell in texts(frame, "area") if cell]
    is_size = bool(cells) and all(_NUMBER.fullmatch(cell) and cell not in AREA_WORDS for cell in cells)
    return frame.drop(columns="area") if is_size else frame


_NUMBER = re.compile(r"[\d.,]+(e[+-]?\d+)?", re.IGNORECASE)


def _by_urban_area(x: float, y: float, urban_area: BaseGeometry | None) -> Area:
    return "city" if urban_area is not None and shapely.intersects_xy(urban_area, x, y) else "rural"


def _remark_area(frame: gpd.GeoDataFrame, which: Bools, has_urban_area: bool, notes: Notes) -> None:
    by = (
        Phrase("按城区范围确定", "the urban area decides (inside: city, outside: rural)")
        if has_urban_area
        else Phrase("一律按乡村处理", "they are read as rural")
    )
    rows = name_some([]) if which.all() else some_rows(frame, which)
    notes.remark(
        Phrase(
            f"{which.sum()} 个村（社区）没有城乡分类，{by.zh}{'：' if rows.zh else ''}{rows.zh}。",
            f"{which.sum()} units have no urban or rural class; {by.en}{': ' if rows.en else ''}{rows.en}.",
        )
    )


def _kinds(frame: gpd.GeoDataFrame, names: list[str], area: list[Area], notes: Notes) -> list[UnitKind]:
    """Village or community: as stated, else by the name's ending, else by the area."""
    stated = words(frame, "kind", KIND_WORDS, Phrase("类型", "kind of unit"), notes, _KINDS)
    return [own or _kind_of(name, where) for own, name, where in zip(stated, names, area, strict=True)]


def _kind_of(name: str, area: Area) -> UnitKind:
    return (
        "community" if name.endswith(_COMMUNITY_ENDINGS) or (area == "city" and not name.endswith("村")) else "village"
    )

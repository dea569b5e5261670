"""Existing schools: from a table to one row per school and tier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.inputs.headers import say_no_column
from siting.inputs.locating import located
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.values import (
    Bools,
    as_key,
    codes,
    counts,
    fault_rows,
    plain_text,
    refuse_twins,
    some_rows,
    texts,
    words,
)
from siting.study import TIERS, FloatArray, Operator, Schools, Tier, Units
from siting.words import Phrase, name_some

Tiers = tuple[Tier, ...]

TIER_WORDS: Mapping[str, Tiers] = {
    **dict.fromkeys(("kindergarten", "幼儿园", "学前", "学前教育"), ("kindergarten",)),
    **dict.fromkeys(
        ("primary", "primary school", "小学", "完全小学", "完小", "教学点", "小学教学点", "初小", "非完全小学"),
        ("primary",),
    ),
    **dict.fromkeys(
        ("junior", "junior middle", "junior middle school", "初中", "初级中学", "初级中等", "普通初中"), ("junior",)
    ),
    **dict.fromkeys(
        ("senior", "senior high", "senior high school", "高中", "普通高中", "高级中学", "普高"), ("senior",)
    ),
    **dict.fromkeys(
        ("nine-year", "nine-year school", "九年一贯制", "九年一贯制学校", "九年制", "九年制学校"), ("primary", "junior")
    ),
    **dict.fromkeys(("complete middle", "complete middle school", "完全中学", "完中"), ("junior", "senior")),
    **dict.fromkeys(("twelve-year", "十二年一贯制", "十二年一贯制学校"), ("primary", "junior", "senior")),
}
"""Words of the 学段 column, and the tiers a school of that word has."""

_USUAL_TIERS = Phrase(
    "幼儿园、小学、初中、高中、九年一贯制、完全中学、十二年一贯制",
    "kindergarten, primary, junior, senior, nine-year, complete middle, twelve-year",
)

_IN_NAMES: Mapping[str, Tiers] = {
    "幼儿园": ("kindergarten",),
    "九年一贯": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "小学": ("primary",),
    "教学点": ("primary",),
    "初中": ("junior",),
    "初级中学": ("junior",),
    "高中": ("senior",),
    "高级中学": ("senior",),
    "kindergarten": ("kindergarten",),
    "primary": ("primary",),
}
"""Words within a school's name that tell its tier where no column does; the first that occurs counts."""

_NOT_PLANNED = re.compile("职业|中职|职教|技工|特殊|特教|专门|培训|成人|vocational|special")

_GRADES: Mapping[Tier, int] = {"kindergarten": 3, "primary": 6, "junior": 3, "senior": 3}

OPERATOR_WORDS: Mapping[str, Operator] = {
    **dict.fromkeys(("public", "公办", "公立", "政府办", "教育部门办", "教育部门"), "public"),
    **dict.fromkeys(("quasi_public", "quasi-public", "公办性质", "集体办", "事业单位办", "村集体办"), "quasi_public"),
    **dict.fromkeys(
        ("inclusive", "inclusive private", "普惠性民办", "民办普惠", "普惠民办", "民办(普惠)", "普惠性", "普惠"),
        "inclusive",
    ),
    **dict.fromkeys(("private", "民办", "私立", "民办非普惠", "非普惠性民办", "营利性民办"), "private"),
}

_OPERATORS = Phrase("公办、公办性质、普惠性民办、民办", "public, quasi-public, inclusive private, private")

_CALLED: Mapping[str, Phrase] = {
    "classes": Phrase("班数", "classes"),
    "seats": Phrase("学位", "seats"),
    "enrolment": Phrase("在校生数", "enrolment"),
    "max_classes": Phrase("可扩至班数", "max_classes"),
    "migrants": Phrase("随迁子女数", "migrant pupils"),
    "bought": Phrase("购买学位数", "bought places"),
}

FIRST_OPENED, YEARS_TO_COME = 1900, 10
"""The first year a school may have opened in, and years from now up to which one may be about to."""

_YEAR = re.compile(r"^(\d{4})(年.*|[-./]\d.*)$")
"""A year with what stands behind it in a date."""

FULL_ENROLMENT = 1.5
"""Pupils per seat above which a school is named, for one of the two numbers is likely wrong."""


FEWEST_SEATS, MOST_SEATS = 10.0, 70.0
"""Seats to a class outside which a school is named, for one of the two numbers is likely wrong."""


def read_schools(frame: gpd.GeoDataFrame, units: Units | None, notes: Notes) -> Schools | None:
    """Schools in file order, each tier of a school in a row of its own; None where some cannot be placed.

    Without units (where these could not be read) the rest is still checked.
    """
    frame = identified(frame, notes)
    tiers = tiers_of(frame, notes)
    operators, opened = _operators(frame, notes), _opened(frame, notes)
    refuse_twins(
        frame,
        [f"{key} {'/'.join(of)}" if (key := as_key(own)) else "" for own, of in zip(frame["id"], tiers, strict=True)],
        Phrase("代码和学段", "an id and a tier"),
        notes,
    )
    row = np.array([at for at, of in enumerate(tiers) for _ in of], dtype=np.int64)
    tier = tuple(one for of in tiers for one in of)
    numbers = _per_tier(frame, tiers, notes)
    _check(frame.iloc[row].assign(**numbers), notes)
    if frame.geometry.isna().any() or units is None:
        return None
    unit = located(frame, units, Phrase("学校", "schools"), notes)
    return Schools(
        id=tuple(frame["id"].iloc[row]),
        name=tuple(frame["name"].iloc[row]),
        tier=tier,
        operator=tuple(operators[at] for at in row),
        unit=unit[row],
        x=frame["x"].to_numpy(dtype=np.float64)[row],
        y=frame["y"].to_numpy(dtype=np.float64)[row],
        classes=numbers["classes"],
        seats=numbers["seats"],
        enrolment=numbers["enrolment"],
        max_classes=_at_least(numbers["max_classes"], numbers["classes"]),
        opened_year=opened[row],
        migrants=numbers["migrants"],
        bought=numbers["bought"],
    )


def identified(frame: gpd.GeoDataFrame, notes: Notes) -> gpd.GeoDataFrame:
    """The rows with a name and an id each; where the file has one of the two, it serves as both."""
    if "name" not in frame and "id" not in frame:
        say_no_column(notes, "schools", ("name",), frame.attrs["headers"])
    names, ids = texts(frame, "name"), codes(frame, "id", Phrase("学校代码", "school codes"), notes)
    if "name" in frame:
        is_nameless = np.array([not name for name in names], dtype=bool)
        cure = Phrase("请补填学校名称。", "Fill in the school's name.")
        fault_rows(frame, is_nameless, Phrase("没有学校名称", "have no name"), cure, notes)
    is_without = np.array([not own for own in ids], dtype=bool)
    if is_without.any():
        notes.remark(
            Phrase(
                f"{is_without.sum()} 行没有学校代码，以校名（重名时加行号）为代码。",
                f"{is_without.sum()} rows have no id; their names serve, with the row's number where two are alike.",
            )
        )
    called = [name or own or f"#{row}" for name, own, row in zip(names, ids, frame.index, strict=True)]
    own = [own or _own_id(name, called, row) for own, name, row in zip(ids, called, frame.index, strict=True)]
    return frame.assign(name=called, id=own)


def _own_id(name: str, names: list[str], row: int) -> str:
    return name if names.count(name) == 1 else f"{name}#{row}"


# --- tiers and operators ---------------------------------------------------------------------------------------


def tiers_of(frame: gpd.GeoDataFrame, notes: Notes) -> list[Tiers]:
    """The tiers of each row: as stated, else by the name; none for kinds of schools that are not planned here."""
    stated = texts(frame, "tier")
    found = [
        _stated_tiers(word) if word else _named_tiers(name) for word, name in zip(stated, frame["name"], strict=True)
    ]
    is_foreign = np.array(
        [
            not of and bool(_NOT_PLANNED.search(f"{word}{name}"))
            for of, word, name in zip(found, stated, frame["name"], strict=True)
        ],
        dtype=bool,
    )
    is_said = np.array([bool(word) for word in stated], dtype=bool)
    is_unknown = np.array([not of for of in found], dtype=bool) & ~is_foreign
    _remark_foreign(frame, is_foreign, notes)
    _say_unknown(frame, is_unknown & is_said, stated, notes)
    _remark_by_name(frame, ~is_said & ~is_unknown & ~is_foreign, notes)
    _remark_primary(frame, is_unknown & ~is_said, notes)
    return [
        of or (("primary",) if lost and not said else ())
        for of, lost, said in zip(found, is_unknown, is_said, strict=True)
    ]


def _stated_tiers(word: str) -> Tiers:
    """ "九年一贯制", "小学、初中" or "primary;junior"; none where a part of it is unknown."""
    parts = [part for part in re.split(r"[;、,，/+和]", plain_text(word)) if part]
    known = [TIER_WORDS.get(part, ()) for part in parts]
    together = {tier for tiers in known for tier in tiers}
    return tuple(tier for tier in TIERS if tier in together) if all(known) else ()


def _named_tiers(name: str) -> Tiers:
    return next((tiers for word, tiers in _IN_NAMES.items() if word in name.casefold()), ())


def _remark_foreign(frame: gpd.GeoDataFrame, which: Bools, notes: Notes) -> None:
    if which.any():
        rows = some_rows(frame, which)
        notes.remark(
            Phrase(
                f"{which.sum()} 所学校（职业、特殊教育等）不在规划学段内，未计入：{rows.zh}。",
                f"{which.sum()} schools are of kinds not planned here (vocational, special) and left out: {rows.en}.",
            )
        )


def _say_unknown(frame: gpd.GeoDataFrame, which: Bools, stated: list[str], notes: Notes) -> None:
    if which.any():
        rows = some_rows(frame, which, stated)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {which.sum()} 行的学段不认识：{rows.zh}。",
                f"{which.sum()} of {len(frame)} rows have an unknown tier: {rows.en}.",
            ),
            did_you_mean(stated[int(np.flatnonzero(which)[0])], TIER_WORDS, _USUAL_TIERS),
        )


def _remark_by_name(frame: gpd.GeoDataFrame, which: Bools, notes: Notes) -> None:
    if which.any():
        notes.remark(
            Phrase(
                f"{which.sum()} 所学校没有学段，按校名确定。", f"{which.sum()} schools state no tier; their names tell."
            )
        )


def _remark_primary(frame: gpd.GeoDataFrame, which: Bools, notes: Notes) -> None:
    if which.any():
        rows = some_rows(frame, which)
        notes.remark(
            Phrase(
                f"{which.sum()} 所学校没有学段，校名也看不出，按小学处理：{rows.zh}。",
                f"{which.sum()} schools state no tier and their names do not tell; read as primary schools: {rows.en}.",
            )
        )


def _operators(frame: gpd.GeoDataFrame, notes: Notes) -> list[Operator]:
    """Who runs each school; public where nobody says, which is remarked."""
    found = words(frame, "operator", OPERATOR_WORDS, Phrase("办学性质", "operator"), notes, _OPERATORS)
    unsaid = sum(not cell for cell in texts(frame, "operator"))
    if unsaid:
        notes.remark(
            Phrase(f"{unsaid} 所学校没有办学性质，按公办处理。", f"{unsaid} schools state no operator; read as public.")
        )
    return [operator or "public" for operator in found]


# --- numbers ---------------------------------------------------------------------------------------------------


def _per_tier(frame: gpd.GeoDataFrame, tiers: list[Tiers], notes: Notes) -> Mapping[str, FloatArray]:
    """Each count for each tier of each school; schools whose counts had to be divided are remarked."""
    numbers: dict[str, FloatArray] = {}
    divided: dict[str, Bools] = {}
    for column, called in _CALLED.items():
        whole = counts(frame, column, called, notes)
        own = {tier: counts(frame, f"{column}_{tier}", called, notes) for tier in TIERS}
        stated = [np.array([own[tier][at] for tier in of], dtype=np.float64) for at, of in enumerate(tiers)]
        shares = [_shared(whole[at], of) for at, of in enumerate(tiers)]
        is_open = [len(of) > 1 and whole[at] > 0 and np.isnan(stated[at]).any() for at, of in enumerate(tiers)]
        divided[column] = np.array(is_open, dtype=bool)
        numbers[column] = _joined([np.where(np.isnan(a), b, a) for a, b in zip(stated, shares, strict=True)])
    _remark_split(frame, divided, notes)
    return numbers


def _opened(frame: gpd.GeoDataFrame, notes: Notes) -> FloatArray:
    """The year each school opened in, of "2019", "2019年9月" or "2019-09-01"; nan where nobody said."""
    called, latest = Phrase("开办年份", "opening years"), date.today().year + YEARS_TO_COME
    cells = [_YEAR.sub(r"\1", plain_text(cell)) for cell in texts(frame, "opened_year")]
    year = counts(frame.assign(opened_year=cells), "opened_year", called, notes)
    is_odd = (year >= 0) & ((year < FIRST_OPENED) | (year > latest) | (year != np.rint(year)))
    if is_odd.any():
        rows = some_rows(frame, is_odd, [f"{one:g}" for one in year])
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_odd.sum()} 行的开办年份不在 {FIRST_OPENED}-{latest} 之内：{rows.zh}。",
                f"{is_odd.sum()} of {len(frame)} rows opened in no year from {FIRST_OPENED} to {latest}: {rows.en}.",
            ),
            Phrase("请写四位年份；不知道的留空。", "Write years of four digits; leave blank what nobody knows."),
        )
    return year


def _at_least(max_classes: FloatArray, classes: FloatArray) -> FloatArray:
    """What a plot can be enlarged to, which is never less than what stands on it; nan where nobody said."""
    return np.where(max_classes < classes, classes, max_classes)


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate([np.empty(0), *parts])


def _shared(whole: float, tiers: Tiers) -> FloatArray:
    """A school's number over its tiers by grades, in whole classes: 27 of a nine-year school are 18 and 9."""
    grades = np.array([_GRADES[tier] for tier in tiers], dtype=np.float64)
    if len(tiers) < 2:
        return np.full(len(tiers), whole)
    up_to = np.rint(whole * np.cumsum(grades) / grades.sum())
    return np.diff(up_to, prepend=0.0)


def _remark_split(frame: gpd.GeoDataFrame, divided: Mapping[str, Bools], notes: Notes) -> None:
    which = np.any(list(divided.values()), axis=0)
    if which.any():
        called = [_CALLED[column] for column, schools in divided.items() if schools.any()]
        rows = some_rows(frame, which)
        notes.remark(
            Phrase(
                f"{which.sum()} 所多学段学校的{'、'.join(name.zh for name in called)}按年级数划分"
                f"（小学 6、初中 3、高中 3）：{rows.zh}。",
                f"{which.sum()} schools of several tiers have their {', '.join(name.en for name in called)} divided "
                f"by grades (primary 6, junior 3, senior 3): {rows.en}.",
            )
        )


def _check(schools: pd.DataFrame, notes: Notes) -> None:
    """Numbers that contradict each other, one row per school and tier."""
    pupils, seats = schools["enrolment"].to_numpy(), schools["seats"].to_numpy()
    is_full = (pupils > FULL_ENROLMENT * seats) & (seats > 0)
    if is_full.any():
        rows = some_rows(schools, is_full, [f"{a:g} / {b:g}" for a, b in zip(pupils, seats, strict=True)])
        notes.remark(
            Phrase(
                f"{is_full.sum()} 所学校的在校生超过学位的 {FULL_ENROLMENT:g} 倍（在校生 / 学位）：{rows.zh}。",
                f"{is_full.sum()} schools have over {FULL_ENROLMENT:g} pupils per seat (pupils / seats): {rows.en}.",
            )
        )
    _remark_capacity(schools, notes)
    _refuse_migrants(schools, notes)
    is_smaller = schools["max_classes"].to_numpy() < schools["classes"].to_numpy()
    if is_smaller.any():
        rows = name_some([str(name) for name in schools["name"].to_numpy()[is_smaller]])
        notes.remark(
            Phrase(
                f"{is_smaller.sum()} 所学校的可扩至班数小于现有班数，按不能扩建处理：{rows.zh}。",
                f"{is_smaller.sum()} schools can be enlarged to fewer classes than they have; "
                f"read as not to be enlarged: {rows.en}.",
            )
        )


def _refuse_migrants(schools: pd.DataFrame, notes: Notes) -> None:
    migrants, pupils = schools["migrants"].to_numpy(), schools["enrolment"].to_numpy()
    is_more = migrants > pupils
    if is_more.any():
        rows = some_rows(schools, is_more, [f"{a:g} / {b:g}" for a, b in zip(migrants, pupils, strict=True)])
        notes.fault(
            Phrase(
                f"{is_more.sum()} 所学校的随迁子女多于在校生：{rows.zh}。",
                f"{is_more.sum()} schools have more migrant pupils than pupils: {rows.en}.",
            ),
            Phrase(
                "请核对两个数；多学段学校请分学段写。", "Check both; where there are several tiers, state them by tier."
            ),
        )


def _remark_capacity(schools: pd.DataFrame, notes: Notes) -> None:
    """Schools whose size nobody counted, who have no seat, or whose seats do not go with their classes."""
    classes, seats = schools["classes"].to_numpy(), schools["seats"].to_numpy()
    seats_each = np.divide(seats, classes, out=np.full(len(schools), np.nan), where=classes > 0)
    is_odd = (seats_each > MOST_SEATS) | (seats_each < FEWEST_SEATS)
    shown = [f"{a:g} / {b:g}" for a, b in zip(seats, classes, strict=True)]
    told = (
        (
            np.isnan(seats) & np.isnan(classes),
            None,
            Phrase(
                "没有学位数和班数，按容量不限处理，请补填",
                "state neither seats nor classes and are taken to hold anybody; fill them in",
            ),
        ),
        (seats == 0, None, Phrase("学位为 0，不能接收学生", "have 0 seats, so that nobody can be assigned to them")),
        (
            is_odd,
            shown,
            Phrase("学位与班数不相称（学位 / 班数）", "have seats that do not go with their classes (seats / classes)"),
        ),
    )
    for which, figures, what in told:
        if which.any():
            rows = some_rows(schools, which, figures)
            notes.remark(
                Phrase(f"{which.sum()} 所学校{what.zh}：{rows.zh}。", f"{which.sum()} schools {what.en}: {rows.en}.")
            )

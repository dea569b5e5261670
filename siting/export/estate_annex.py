"""附表7: new estates, what they ask of schools, and whether the school is there in time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.demand.needs import EstateNeeds
from siting.demand.settling import estate_id
from siting.export.fields import (
    CLASSES,
    HOMES,
    NO_UNIT,
    THE_PLAN,
    WORKED_OUT,
    Annex,
    Field,
    people,
    seats,
)
from siting.export.tables import WHOLE, Table
from siting.plan import Plan, Site
from siting.study import TIER_NAMES, StudyArea, Tier
from siting.words import Language, Phrase, both

NAN = math.nan

ESTATES_LAYER = Phrase("新建居住区图层", "the layer of estates")


@dataclass(frozen=True, slots=True)
class Estate:
    """One estate: its rows in the layer, what it needs (None without a forecast), schools the plan builds in it."""

    name: str
    rows: gpd.GeoDataFrame
    needs: EstateNeeds | None
    sites: tuple[Site, ...] = field(default_factory=tuple)

    def peak(self, tier: Tier) -> float:
        """Pupils of a tier when it has the most of them, nan where nobody looked ahead."""
        return self.needs.peak_pupils.get(tier, NAN) if self.needs else NAN


def estates_of(area: StudyArea, needs: Sequence[EstateNeeds], plan: Plan | None) -> Iterator[Estate]:
    """Every estate of a study area, in its order."""
    needed = {one.name: one for one in needs}
    built: dict[str, list[Site]] = {}
    for site in (site for part in (plan.parts if plan else ()) for site in part.sites if site.action == "new"):
        built.setdefault(site.id, []).append(site)
    for name in dict.fromkeys(area.estates["name"]):
        rows = area.estates[area.estates["name"] == name]
        yield Estate(str(name), rows, needed.get(name), tuple(built.get(estate_id(name), ())))


def _ground(one: Estate) -> Phrase:
    """The township where it is known, and the size of the ground where one is drawn."""
    hectares = float(one.rows.geometry.union_all().area) / 10_000.0
    township = one.needs.township if one.needs else ""
    if hectares <= 0.0:
        return both(township)
    return Phrase(
        f"{township}{'，' if township else ''}约 {hectares:.1f} 公顷",
        f"{township}{', ' if township else ''}about {hectares:.1f} ha",
    )


def _dwellings(one: Estate) -> float:
    held = _numbers(one.rows, "dwellings")
    return float(np.nansum(held)) if np.isfinite(held).any() else NAN


def _handed_over(one: Estate) -> Phrase:
    """Phase by phase: name, month, homes."""
    told = [
        _phase(*row)
        for row in zip(
            _words(one.rows, "phase"),
            _days(one.rows, "delivered"),
            _numbers(one.rows, "delivery_year").tolist(),
            _numbers(one.rows, "dwellings").tolist(),
            strict=True,
        )
    ]
    return Phrase("；".join(one.zh for one in told if one.zh), "; ".join(one.en for one in told if one.en))


def _phase(phase: str, day: date | None, year: float, dwellings: float) -> Phrase:
    when = f"{day:%Y-%m}" if day else "" if math.isnan(year) else f"{year:.0f}"
    if not when or math.isnan(dwellings):
        return both(f"{phase} {when}".strip())
    return Phrase(f"{phase} {when}（{dwellings:,.0f} 户）".strip(), f"{phase} {when} ({dwellings:,.0f} homes)".strip())


def _school(one: Estate) -> Phrase:
    """Schools the plan builds in it, else those land is kept for."""
    if one.sites:
        names = [site.name for site in one.sites]
        return Phrase("、".join(names), ", ".join(names))
    tiers = [tier for tier in TIER_NAMES if any(tier in kept for kept in _kept(one.rows))]
    names_ = [TIER_NAMES[tier] for tier in tiers]
    if not names_:
        return NO_UNIT
    return Phrase(
        f"预留{'、'.join(name.zh for name in names_)}用地，本方案未建",
        f"land kept for {', '.join(name.en for name in names_)}; not built in this plan",
    )


def _classes(one: Estate) -> float:
    if one.sites:
        return sum(site.classes for site in one.sites)
    held = _numbers(one.rows, "school_max_classes")
    return float(np.nanmax(held)) if np.isfinite(held).any() else NAN


def _opens(one: Estate) -> str:
    days = [day for day in _days(one.rows, "school_opens") if day]
    return f"{min(days):%Y-%m}" if days else ""


def _in_time(one: Estate) -> Phrase:
    if one.needs is None:
        return NO_UNIT
    months = one.needs.gap_months
    if math.isnan(months):
        return Phrase("未填开办日期", "no day of opening")
    if months <= 0:
        return Phrase("同步", "in time")
    return Phrase(f"晚于首期 {months:.0f} 个月", f"{months:.0f} months after the first homes")


def _kept(rows: gpd.GeoDataFrame) -> list[frozenset[Tier]]:
    if "school_tiers" not in rows:
        return []
    return [tiers for tiers in rows["school_tiers"] if isinstance(tiers, frozenset)]


def _numbers(rows: gpd.GeoDataFrame, column: str) -> np.ndarray:
    return np.array(rows[column], dtype=np.float64) if column in rows else np.full(len(rows), np.nan)


def _words(rows: gpd.GeoDataFrame, column: str) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in rows[column]] if column in rows else [""] * len(rows)


def _days(rows: gpd.GeoDataFrame, column: str) -> list[date | None]:
    if column not in rows:
        return [None] * len(rows)
    return [None if pd.isna(day) else pd.Timestamp(day).date() for day in rows[column]]


def _asked(tier: Tier, zh: str, en: str) -> Field[Estate]:
    return seats(
        Phrase(f"{zh}学位需求", f"{en} seats needed"),
        10,
        lambda one: one.peak(tier),
        Phrase("推算年份内学生数的最高值", "the most pupils of any year of the forecast"),
        WORKED_OUT,
    )


ESTATES: Annex[Estate] = Annex(
    Phrase("附表7 新建小区配套", "7 New estates"),
    Phrase("附表7　新建居住区配套学校测算表", "Table 7. Schools of new estates"),
    (
        Field(Phrase("小区名称", "estate"), 20, lambda one: one.name, Phrase("小区名称", "name"), ESTATES_LAYER),
        Field(
            Phrase("地块", "ground"),
            22,
            _ground,
            Phrase(
                "所在乡镇（街道）与图上面积；地块编号由填报单位补填",
                "township and area drawn; parcel no. to be filled in",
            ),
            ESTATES_LAYER,
        ),
        Field(
            Phrase("总户数", "dwellings"),
            9,
            _dwellings,
            Phrase("各期户数之和", "homes of all phases"),
            ESTATES_LAYER,
            HOMES,
            WHOLE,
            True,
        ),
        people(
            Phrase("规划人口", "residents"),
            10,
            lambda one: one.needs.residents if one.needs else NAN,
            Phrase(
                "推算年份内入住人口的最高值；推算起始年以前入住的已计入所在村（社区）",
                "the most residents of any year of the forecast; who lived there before it is counted in the village",
            ),
            WORKED_OUT,
        ),
        Field(
            Phrase("分期交付时间", "phases handed over"),
            26,
            _handed_over,
            Phrase("期数、交付年月、户数", "phase, month, homes"),
            ESTATES_LAYER,
        ),
        _asked("kindergarten", "幼儿园", "kindergarten"),
        _asked("primary", "小学", "primary"),
        _asked("junior", "初中", "junior"),
        Field(
            Phrase("配建学校", "school"),
            26,
            _school,
            Phrase(
                "方案在小区内新建的学校；没有的写预留用地", "what the plan builds in it, else what land is kept for"
            ),
            THE_PLAN,
        ),
        Field(
            Phrase("规模", "its classes"),
            8,
            _classes,
            Phrase("方案班数；未建的为预留用地最多可办班数", "of the plan; else the most the land can hold"),
            THE_PLAN,
            CLASSES,
            WHOLE,
        ),
        Field(
            Phrase("交付时间", "school opens"),
            10,
            _opens,
            Phrase("承诺的学校开办年月", "the month its school is promised for"),
            ESTATES_LAYER,
        ),
        Field(
            Phrase("同步情况", "in time"),
            16,
            _in_time,
            Phrase("学校开办比首期交付晚几个月；不晚为同步", "months the school opens after the first homes"),
            WORKED_OUT,
        ),
    ),
    is_wide=True,
)
"""附表7."""


def estates_table(
    area: StudyArea,
    needs: Sequence[EstateNeeds],
    plan: Plan | None,
    language: Language = "zh",
    notes: Sequence[Phrase] = (),
) -> Table:
    """附表7: new estates, their pupils at the peak, and whether the school is there in time."""
    return ESTATES.table(estates_of(area, needs, plan), language, notes=notes)

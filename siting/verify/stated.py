"""A file as it states itself; of a comparison, the two plans it speaks of as frames: rows of sites and of units."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from siting.finished import Finished
from siting.plan import Site, TierPlan
from siting.project import Programme
from siting.rules.gather import terms_for
from siting.rules.terms import Terms
from siting.study import StudyArea
from siting.verify.flaws import Flaw, differ, said_of
from siting.words import Phrase

Stated = Mapping[str, Any]
"""A record of the file: its keys and values as JSON has them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One programme of one plan. sites, by id, and units, by id, are frames of what the plan and the area say.

    units: name, village_id, village, township, residents, site, school, metres (inf without a school), covered.
    site and unit are their rows. What a damaged plan tells twice counts where it is told first.
    """

    part: TierPlan
    programme: Programme
    terms: Terms
    sites: pd.DataFrame
    units: pd.DataFrame
    site: Mapping[str, Stated]
    unit: Mapping[str, Stated]


def sides(judged: Finished) -> dict[str, Side]:
    """Every programme of a plan that was asked for, by key."""
    asked = {one.key: one for one in judged.project.programmes}
    return {
        part.programme: _side(part, asked[part.programme], judged)
        for part in judged.plan.parts
        if part.programme in asked
    }


def _side(part: TierPlan, programme: Programme, judged: Finished) -> Side:
    schools = judged.area.schools
    counted = {
        school: seats
        for school, tier, seats in zip(schools.id, schools.tier, schools.seats, strict=True)
        if tier == part.tier
    }
    terms = terms_for(judged.book, programme)
    rows = [_site_row(site, counted, terms) for site in part.sites]
    sites = pd.DataFrame(rows, columns=SITE_COLUMNS).drop_duplicates("id").set_index("id")
    units = _units(part, judged.area)
    return Side(part, programme, terms, sites, units, _rows(sites), _rows(units))


def _rows(frame: pd.DataFrame) -> dict[str, Stated]:
    records = frame.reset_index(drop=True).to_dict("records")
    return {
        str(key): {str(name): value for name, value in row.items()}
        for key, row in zip(frame.index, records, strict=True)
    }


SITE_COLUMNS = [
    "id", "site_id", "name", "township", "action", "x", "y", "classes", "seats", "added", "residents", "pupils",
    "farthest_m", "serves",
]  # fmt: skip


def _site_row(site: Site, counted: Mapping[str, float], terms: Terms) -> tuple[object, ...]:
    before = counted.get(site.id, math.nan)
    before = site.classes_before * terms.class_size if before != before else before
    added = {"keep": 0.0, "new": site.seats, "extend": site.seats - before}[site.action]
    return (
        site.id, site.id, site.name, site.township, site.action, site.x, site.y, site.classes, site.seats, added,
        site.service_population, site.pupils, site.farthest_m, len(site.units),
    )  # fmt: skip


def _units(part: TierPlan, area: StudyArea) -> pd.DataFrame:
    units = area.units
    known = pd.DataFrame(
        {
            "name": units.name,
            "village_id": units.part_of,
            "village": [units.village(k) for k in range(len(units))],
            "township": units.township,
            "residents": units.residents,
        },
        index=pd.Index(units.id, name="unit"),
    )
    rows = [(one.unit_id, one.site_id, one.metres, one.covered) for one in part.assignments]
    given = pd.DataFrame(rows, columns=["unit", "site", "metres", "covered"]).drop_duplicates("unit")
    given = given.set_index("unit")
    given["metres"] = given["metres"].where(given["site"] != "", math.inf)
    given["school"] = given["site"].map({site.id: site.name for site in part.sites}).fillna("")
    return given.join(known)


def number(value: object) -> float:
    """A number of the file: null is nan, "inf" and "-inf" are endless; anything else is nan too."""
    if isinstance(value, str):
        return {"inf": math.inf, "-inf": -math.inf}.get(value, math.nan)
    return float(value) if isinstance(value, int | float) else math.nan


def read_stated(text: str) -> tuple[Stated, list[Flaw]]:
    """What the text of a comparison states, and why it is none of ours, or damaged."""
    content, flaws = read_record(text, "comparison.json", "siting comparison", TOP)
    return content, flaws or [
        flaw
        for place, programme in enumerate(content["programmes"])
        for flaw in _lacking(programme, PROGRAMME, f"programmes[{place}]")
    ]


def read_record(text: str, file: str, kind: str, shape: Mapping[str, Any]) -> tuple[Stated, list[Flaw]]:
    """What the text of a file states, and why it is none of its kind (version 1), or not of its shape."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}, [_damaged(file, "不是有效的 JSON", "is not JSON")]
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (kind, 1):
        return {}, [_damaged(file, f"不是第 1 版的 {kind}", f"is no {kind} of version 1")]
    return content, list(_lacking(content, shape, ""))


def _damaged(file: str, zh: str, en: str) -> Flaw:
    return Flaw(file, Phrase(f"{file} {zh}", f"{file} {en}"))


_PAIR = {"key": str, "name": dict, "unit": dict, "base": None, "other": None, "difference": None}
TOP: Mapping[str, Any] = {
    "base_name": str, "other_name": str, "notice": dict, "programmes": [None], "totals": [_PAIR], "base_only": [None],
    "other_only": [None],
    "prices": [{"what": dict, "reason": dict, "programme": str, "free": str, "measures": [_PAIR]}],
}  # fmt: skip
_PLACE = {"name": str, "township": str, "residents": None}
_BOTH = dict.fromkeys(("classes", "seats", "residents"))
_FAR = {"village_id": str, **_PLACE, "mean_m": None, "school": str}
PROGRAMME: Mapping[str, Any] = {
    "programme": str, "tier": str, "area": str,
    "radius_m": [None], "lower": [None], "upper": [None], "seat_wan_yuan": [None],
    "figures": [_PAIR], "equity": [_PAIR],
    "sites": [{
        "change": str, "name": str, "township": str, "base_id": str, "other_id": str, "base_action": str,
        "other_action": str, "moved_m": None,
        **{f"{side}_{key}": None for key in _BOTH for side in ("base", "other")},
    }],
    "units": [{
        "unit_id": str, **_PLACE, "base_site": str, "other_site": str, "base_school": str, "other_school": str,
        "base_m": None, "other_m": None,
    }],
    "reach": [{"village_id": str, **_PLACE, "gained": None, "lost": None}],
    "apart": [{"unit_id": str, **_PLACE, "where": str}],
    "base_worst": [_FAR], "other_worst": [_FAR],
}  # fmt: skip
"""Keys and kinds of what the file holds: None for a number, or what is looked at elsewhere."""


def _lacking(value: object, shape: Any, at: str) -> Iterable[Flaw]:
    """Where a value is not of its shape: keys missing or too many, texts and lists that are none."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield _misshapen(at)
            return
        for place, item in enumerate(value):
            if shape[0] is not None:
                yield from _lacking(item, shape[0], f"{at}[{place}]")
    elif isinstance(shape, Mapping):
        if not isinstance(value, dict):
            yield _misshapen(at)
            return
        for key in shape.keys() ^ (value.keys() - {"format", "version"}):
            yield _misshapen(f"{at}.{key}".lstrip("."))
        for key in shape.keys() & value.keys():
            yield from _lacking(value[key], shape[key], f"{at}.{key}".lstrip("."))
    elif shape is not None and not isinstance(value, shape):
        yield _misshapen(at)


def _misshapen(at: str) -> Flaw:
    return Flaw(at, Phrase(f"{at} 缺失、多余或类型不符", f"{at} is missing, unknown or of the wrong kind"))


def told_flaws(told: Iterable[str], expected: Collection[str], what: Phrase) -> Iterable[Flaw]:
    """Flaws where what is expected is not told once, or something else is told."""
    times = Counter(told)
    for one in sorted(set(expected) | times.keys()):
        if times[one] != (one in expected):
            yield said_of(
                one,
                f"的{what.zh}应列出 {int(one in expected)} 次，实为 {times[one]} 次",
                f"should be listed {int(one in expected)} times as {what.en}, and is {times[one]} times",
            )


def other_flaws(where: str, expected: Mapping[str, object], told: Stated) -> Iterable[Flaw]:
    """Flaws where a record holds something else than what is expected of a key."""
    for key, value in expected.items():
        if told[key] != value:
            yield said_of(where, f"的 {key} 应为 {value}，写为 {told[key]}", f"has {key} {value}, told as {told[key]}")


def unlike(where: str, what: str, measured: float, stated: object, tolerance: float = 0.05) -> Iterable[Flaw]:
    """A flaw where a stated number is not the measured one."""
    said = number(stated)
    if differ(measured, said, tolerance):
        zh = f"{where} 的 {what} 写为 {said:,.4g}，重算为 {measured:,.4g}"
        en = f"{where}: {what} is stated as {said:,.4g} and adds up to {measured:,.4g}"
        yield Flaw(where, Phrase(zh, en))

"""What is said of the years ahead is tested by damage: one spoiled file for each sentence the check can say.

60 births a year in T1, 30 in T2: 165.6 and 82.8 kindergarten pupils every year. NB, built for Va and Vb, has 180 seats;
SC, extended to 180, serves Vc, Vd and the estate 锦绣园, whose 400 homes of 30 June 2027 and 200 of 30 September 2028
wait for a kindergarten promised for 31 August 2028: 14 months, and one begun.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from small_place import area, births, book, estates, project
from test_needs import plan, site

from siting.demand.ahead import looked_ahead
from siting.export import Result
from siting.export.ahead import ahead_to_json
from siting.plan import Plan
from siting.project import Project
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.verify.ahead import verify_ahead

Spoil = Callable[[dict[str, Any]], object]
ESTATE = "锦绣园"


def _phases() -> gpd.GeoDataFrame:
    opens = np.array(["2028-08-31"], dtype="datetime64[D]")
    first = estates(400.0, "2027-06-30", phase="一期").assign(school_opens=opens)
    second = estates(200.0, "2028-09-30", phase="二期").assign(school_opens=opens)
    return gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=first.crs)


def _plan() -> Plan:
    (part,) = plan().parts
    built = site("NB", "new", 180.0, ("Va", "Vb"), 4000.0)
    grown = site("SC", "extend", 180.0, ("Vc", "Vd", f"estate:{ESTATE}"), 3000.0)
    kept = site("SA", "keep", 90.0, (), 0.0)
    return replace(plan(), parts=(replace(part, sites=(built, grown, kept)),))


def _made(place: StudyArea | None = None, asked: Project | None = None, made: Plan | None = None) -> Result:
    asked = asked or project(year=2028)
    seen, faults = looked_ahead(place or area(births=births(), estates=_phases()), asked)
    assert not faults
    return Result(made or _plan(), seen, asked, book(), (), 1.0)


MADE = _made()
TEXT = ahead_to_json(MADE)


def broken(text: str, made: Result = MADE) -> list[Check]:
    return [check for check in verify_ahead(text, made) if not check.kept]


def test_a_right_file_is_kept_in_every_word() -> None:
    checks = verify_ahead(TEXT, MADE)
    names = ["FILE", "PROPOSALS", "PUPILS", "FILL", "VERDICTS", "DELIVERY"]
    assert [check.rule.removeprefix("AHEAD-") for check in checks] == names
    assert all(check.kept and check.source == "ahead.json" for check in checks)


def test_the_file_says_what_paper_says() -> None:
    told = json.loads(TEXT)
    built, grown = told["proposals"]
    assert (built["opens"], built["pupils"]["2031"], built["opening"]) == (
        2028,
        pytest.approx(165.6),
        pytest.approx(0.92),
    )
    assert (built["later"], built["is_compliant"], built["is_viable"]) == (pytest.approx(0.92), True, True)
    assert grown["pupils"]["2025"] == pytest.approx(82.8)  # nobody has moved in yet
    assert grown["peak"] > grown["opening"] > 82.8 / 180
    (estate,) = told["estates"]
    days = estate["dwellings"], estate["delivered"], estate["school_opens"], estate["gap_months"]
    assert days == (600.0, "2027-06-30", "2028-08-31", 15.0)
    assert estate["residents"] == pytest.approx(600 * 0.9 * 2.5)  # the last of the occupancy ramp


def test_a_study_that_looks_at_today_has_no_file_and_believes_none() -> None:
    today = replace(MADE, area=area())
    assert ahead_to_json(today) == ""
    (check,) = broken(TEXT, today)
    assert (check.rule, "本研究只看现状" in check.evidence.zh) == ("AHEAD-FILE", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "不是有效的 JSON"), ("[]", "不是第 1 版"), ('{"format": "siting plan", "version": 1}', "不是第 1 版")],
)
def test_a_file_that_is_none(text: str, said: str) -> None:
    (check,) = verify_ahead(text, MADE)
    assert (check.rule, check.kept) == ("AHEAD-FILE", False)
    assert said in check.evidence.zh


def built(**changes: Any) -> Spoil:
    return lambda content: content["proposals"][0].update(changes)


def homes(**changes: Any) -> Spoil:
    return lambda content: content["estates"][0].update(changes)


def _again(of: str, **changes: Any) -> Spoil:
    """The first row of a list once more, changed."""
    return lambda content: content[of].append({**content[of][0], **changes})


def _peak(**pupils: float) -> Spoil:
    return lambda content: content["estates"][0]["peak_pupils"].update(pupils)


def _pupils(**changes: Any) -> Spoil:
    return lambda content: content["proposals"][0]["pupils"].update(changes)


SPOILED: dict[str, tuple[str, Spoil, str]] = {
    "a key is missing": ("FILE", lambda c: c["proposals"][0].pop("opens"), "proposals[0].opens 缺失"),
    "a key is unknown": ("FILE", lambda c: c.update(estate=[]), "estate 缺失、多余"),
    "a list is none": ("FILE", lambda c: c.update(estates={}), "estates 缺失"),
    "a year is a word": ("FILE", built(peak_year="2030"), "proposals[0].peak_year"),
    "another year": ("FILE", lambda c: c.update(year_planned=2030), "year_planned 应为 2028，写为 2030"),
    "other years": ("FILE", lambda c: c["years"].pop(), "years 应为 [2025, 2026"),
    "another method": ("FILE", lambda c: c["method"].update(zh="占卜"), "写为 {'zh': '占卜'"),
    "a proposal left out": ("PROPOSALS", lambda c: c["proposals"].pop(), "SC 的项目应列出 1 次，实为 0 次"),
    "a proposal twice": ("PROPOSALS", _again("proposals"), "kindergarten-rural NB 的项目应列出 1 次，实为 2 次"),
    "a proposal invented": ("PROPOSALS", _again("proposals", site="N9"), "kindergarten-rural N9 的项目应列出 0 次"),
    "a kept school as one": ("PROPOSALS", _again("proposals", site="SA"), "kindergarten-rural SA 的项目应列出 0 次"),
    "of another programme": ("PROPOSALS", _again("proposals", programme="x"), "x NB 的项目应列出 0 次"),
    "by another name": ("PROPOSALS", built(name="某园"), "应名为 NB，写为 某园"),
    "opened later": ("PROPOSALS", built(opens=2030), "应于 2028 年开办，写为 2030 年"),
    "other seats": ("PROPOSALS", built(seats=90.0), "seats 写为 90，重算为 180"),
    "other residents": ("PROPOSALS", built(service_population=5000.0), "service_population 写为 5,000，重算为 4,000"),
    "pupils of a year": ("PUPILS", _pupils(**{"2030": 170.0}), "pupils 2030 写为 170，重算为 165.6"),
    "a year left out": ("PUPILS", lambda c: c["proposals"][0]["pupils"].pop("2030"), "2030 年学生数多余或缺失"),
    "a year too many": ("PUPILS", _pupils(**{"2099": 1.0}), "2099 年学生数多余或缺失"),
    "a year that is none": ("PUPILS", _pupils(soon=1.0), "soon 年学生数多余或缺失"),
    "full on opening": ("FILL", built(opening=1.0), "opening 写为 1，重算为 0.92"),
    "full at the peak": ("FILL", built(peak=0.93), "peak 写为 0.93，重算为 0.92"),
    "full ten years on": ("FILL", built(later=0.9), "later 写为 0.9，重算为 0.92"),
    "unknown ten years on": ("FILL", built(later=None), "later 写为 nan，重算为 0.92"),
    "the peak in another year": ("FILL", lambda c: c["proposals"][1].update(peak_year=2028), "最高使用率不在 2028 年"),
    "the peak before opening": ("FILL", built(peak_year=2026), "最高使用率不在 2026 年"),
    "not compliant": ("VERDICTS", built(is_compliant=False), "is_compliant 应为 true，写为 False"),
    "not viable": ("VERDICTS", built(is_viable=None), "is_viable 应为 true，写为 None"),
    "an estate left out": ("DELIVERY", lambda c: c["estates"].pop(), "锦绣园 的小区应列出 1 次，实为 0 次"),
    "an estate twice": ("DELIVERY", _again("estates"), "锦绣园 的小区应列出 1 次，实为 2 次"),
    "an estate invented": ("DELIVERY", _again("estates", name="空中园"), "空中园 的小区应列出 0 次，实为 1 次"),
    "homes later": ("DELIVERY", homes(delivered="2028-06-30"), "delivered 应为 2027-06-30，写为 2028-06-30"),
    "the school sooner": ("DELIVERY", homes(school_opens="2027-06-30"), "school_opens 应为 2028-08-31"),
    "the school unknown": ("DELIVERY", homes(school_opens=None), "school_opens 应为 2028-08-31，写为 None"),
    "fewer months": ("DELIVERY", homes(gap_months=14.0), "gap_months 写为 14，重算为 15"),
    "fewer homes": ("DELIVERY", homes(dwellings=400.0), "dwellings 写为 400，重算为 600"),
    "another township": ("DELIVERY", homes(township="乡镇T1"), "应属 乡镇T2，写为 乡镇T1"),
    "fewer people": ("DELIVERY", homes(residents=1000.0), "residents 写为 1,000，重算为 1,350"),
    "fewer pupils": ("DELIVERY", _peak(primary=1.0), "peak_pupils primary 写为 1"),
    "a tier invented": ("DELIVERY", _peak(college=1.0), "peak_pupils college"),
}  # fmt: skip


@pytest.mark.parametrize(("check", "spoil", "said"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_caught_where_it_is_wrong(check: str, spoil: Spoil, said: str) -> None:
    content = json.loads(TEXT)
    spoil(content)
    found = broken(json.dumps(content))
    assert [one.rule for one in found] == [f"AHEAD-{check}"]
    assert said in found[0].evidence.zh


def test_an_estate_that_the_forecast_does_not_know() -> None:
    """A row added to the layer behind the forecast's back, and told."""
    more = estates(10.0, "2029-08-31").assign(name="新苑", school_opens=np.datetime64("NaT", "D"))
    layer = gpd.GeoDataFrame(pd.concat([MADE.area.estates, more], ignore_index=True), crs=MADE.area.crs)
    content = json.loads(TEXT)
    content["estates"].append(
        {**content["estates"][0], "name": "新苑", "dwellings": 10.0, "delivered": "2029-08-31", "school_opens": None,
         "gap_months": None}
    )  # fmt: skip
    (check,) = broken(json.dumps(content), replace(MADE, area=replace(MADE.area, estates=layer)))
    assert check.evidence.zh == "新苑 不在推算的单元中。"


def test_what_nobody_counted_is_unknown_in_both() -> None:
    """No seats, no residents, ten years on beyond the forecast, a layer that knows years only and no school."""
    (part,) = _plan().parts
    bare = replace(part, sites=(site("NB", "new", float("nan"), ("Va",), float("nan")),))
    layer = estates().drop(columns="delivered")
    made = _made(area(births=births(), estates=layer), project(year=2035), replace(_plan(), parts=(bare,)))
    told = json.loads(ahead_to_json(made))
    (one,), (estate,) = told["proposals"], told["estates"]
    assert [one[key] for key in ("seats", "opening", "peak", "later", "is_compliant", "is_viable")] == [None] * 6
    assert (estate["delivered"], estate["school_opens"], estate["gap_months"]) == ("2027-08-31", None, None)
    assert broken(json.dumps(told), made) == []


@pytest.mark.parametrize("seed", range(8))
def test_any_plan_is_told_as_the_check_adds_it_up(seed: int) -> None:
    """Units sent anywhere, seats and years of any kind, low and high births, families from inside the county."""
    random = np.random.default_rng(seed)
    units = np.array(["Va", "Vb", "Vc", "Vd", f"estate:{ESTATE}"])
    asked = project(year=int(random.integers(2027, 2040)), births=str(random.choice(["low", "high"])))
    of = random.integers(0, 2, len(units))
    sites = tuple(
        site(
            f"N{k}",
            "new" if k else "extend",
            float(random.choice([90.0, 180.0, 0.0])),
            tuple(units[of == k]),
            float(random.integers(500, 9000)),
        )
        for k in range(2)
    )
    (part,) = _plan().parts
    layer = _phases().assign(inside_share=0.5)
    made = _made(area(births=births(), estates=layer), asked, replace(_plan(), parts=(replace(part, sites=sites),)))
    assert [check.evidence.zh for check in broken(ahead_to_json(made), made)] == []

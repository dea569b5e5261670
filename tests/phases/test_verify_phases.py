"""The verifier of plans over years, one spoiled file for each sentence it can say."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import phase_county
import pytest
from phase_county import KEY
from test_phase_plans import CLOSE, SENIOR, limited, two_schools

from siting.export import Result
from siting.phases import plan_phases, recheck
from siting.phases.run import Way, read_way
from siting.rules.verdict import Check
from siting.verify.phases import verify_phases

Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, tuple[Result, ...], Way]:
    """Near term: one project a year at most, 500 of money, a settled senior high in 2026. Far term: S5 closes."""
    folder = tmp_path_factory.mktemp("phases")
    with pytest.MonkeyPatch.context() as patch:
        near = f"annual_projects = 1\nmoney_wan = 500\n{SENIOR.replace('迁建', 'relocate')}"
        study = phase_county.study(limited(near, f"annual_projects = 2\n{CLOSE}"), folder, patch, two_schools(4))
        plan_phases(study, folder / "out")
        way = read_way(study)
    text = (folder / "out" / "phases" / "phases.json").read_text(encoding="utf-8")
    return text, recheck.results_of(way, folder / "out", text), way


def judged(made: tuple[str, tuple[Result, ...], Way], spoil: Spoil) -> dict[str, Check]:
    text, results, way = made
    content = json.loads(text)
    spoil(content)
    return {check.rule: check for check in verify_phases(json.dumps(content), results, way.base)}


def of(content: dict[str, Any], number: int, state: str) -> dict[str, Any]:
    return next(one for one in content["phases"][number - 1]["projects"] if one["state"] == state)


def test_what_is_right_is_kept(made: tuple[str, tuple[Result, ...], Way]) -> None:
    checks = judged(made, lambda content: None)
    assert all(check.kept for check in checks.values()) and len(checks) == 11


def _set(place: Callable[[dict[str, Any]], dict[str, Any]], **values: Any) -> Spoil:
    return lambda content: place(content).update(values)


def _near(content: dict[str, Any]) -> dict[str, Any]:
    return content["phases"][0]  # type: ignore[no-any-return]


def _far(content: dict[str, Any]) -> dict[str, Any]:
    return content["phases"][1]  # type: ignore[no-any-return]


def _opens(content: dict[str, Any]) -> dict[str, Any]:
    return of(content, 1, "opens")


def _first(name: str, **values: Any) -> Spoil:
    """A spoiled first row of a list of the near term."""
    return lambda content: _near(content)[name][0].update(values)


def _fixed(content: dict[str, Any]) -> dict[str, Any]:
    return of(content, 1, "fixed")


def _twice(content: dict[str, Any]) -> None:
    _near(content)["projects"].append(deepcopy(_opens(content)))


def _dropped(state: str) -> Spoil:
    def spoil(content: dict[str, Any]) -> None:
        _near(content)["projects"].remove(of(content, 1, state))

    return spoil


def _earlier(content: dict[str, Any]) -> None:
    """The chosen project moves to the settled one's year."""
    _opens(content)["year"] = 2026.0


def _open_after_all(content: dict[str, Any]) -> None:
    one = of(content, 1, "postponed")
    one.update(state="opens", year=2027.0)


def _no_delivery(content: dict[str, Any]) -> None:
    _opens(content)["late"].append({"estate": "新城", "delivered": "2026-01-01", "months": 3.0})


SPOILED: dict[str, tuple[str, str, Spoil]] = {
    "no key": ("FILE", "is missing, unknown or of the wrong kind", lambda content: content.pop("notice")),
    "other format": ("FILE", "is no siting phases of version 1", _set(lambda content: content, format="plan")),
    "phase gone": ("FILE", "has 1 phases, for 2 plans", lambda content: content["phases"].pop()),
    "other years": ("FILE", "has first 2026, told as 2025", _set(_near, first=2025)),
    "other limit": ("FILE", "money_wan is stated as 900", _set(_near, money_wan=900)),
    "year untold": ("FILE", "does not tell of every year", lambda content: _near(content)["years"].pop()),
    "told twice": ("PROJECTS", "is 2 times", _twice),
    "left out": ("PROJECTS", "should be listed 1 times as a project, and is 0", _dropped("opens")),
    "settled left out": ("PROJECTS", "县一中 should be listed 1 times", _dropped("fixed")),
    "other classes": ("PROJECTS", "classes is stated as 99", _set(_opens, classes=99)),
    "other action": ("PROJECTS", "has action new, told as extend", _set(_opens, action="extend")),
    "settled otherwise": ("PROJECTS", "is not the project the study settles", _set(_fixed, action="new")),
    "settled dearer": ("PROJECTS", "money_wan is stated as 5", _set(_fixed, money_wan=5)),
    "beyond the phase": ("PROJECTS", "is told as opens 2029", _set(_opens, year=2029.0)),
    "too soon unfunded": ("PROJECTS", "is told as unfunded", _set(lambda c: of(c, 1, "postponed"), state="unfunded")),
    "opens and is missing": ("STANDING", "opens and is missing in phase_2", _open_after_all),
    "stands unopened": ("STANDING", "never opened and stands in phase_2", _set(_opens, year=None, state="postponed")),
    "too many a year": ("COUNTS", "has 2 projects of 1 allowed", _earlier),
    "year miscounted": ("COUNTS", "new is stated as 5", _set(lambda c: _near(c)["years"][1], new=5)),
    "allowance untold": ("COUNTS", "has no allowance told", lambda content: _near(content)["allowed"].pop()),
    "other allowance": ("COUNTS", "new is stated as 9", _set(lambda c: _near(c)["allowed"][0], new=9)),
    "exact or not": (
        "COUNTS", "told wrongly of what it has to do exactly", _set(lambda c: _near(c)["allowed"][0], new_exact=True)
    ),
    "other seats": ("MONEY", "seats_added is stated as 1 ", _set(_opens, seats_added=1)),
    "other money": ("MONEY", "money_wan is stated as 1 ", _set(_opens, money_wan=1)),
    "other band": ("MONEY", "money_high_wan is stated as 1 ", _set(_opens, money_high_wan=1)),
    "other sum": ("MONEY", "money_wan is stated as 7 ", _set(lambda c: _near(c)["years"][1], money_wan=7)),
    "other rest": ("MONEY", "left_wan is stated as 7 ", _set(_near, left_wan=7)),
    "other price": ("MONEY", "seat price is stated as 1 ", _set(lambda c: c["seat_cost"][0], wan_yuan=1)),
    "too dear": ("MONEY", "(10,000 yuan) of 500", _set(_opens, money_wan=9000)),
    "people untold": ("WAITING", "does not tell who waits in every year", _set(_opens, waiting=[1])),
    "other waiting": ("WAITING", "waited is stated as 1 ", _set(_opens, waited=1)),
    "other total": ("WAITING", "schedule is stated as 1 ", lambda c: _near(c)["schedule"].update(value=1, bound=1)),
    "other queue": ("WAITING", "waiting is stated as 1 ", _set(lambda c: _near(c)["years"][0], waiting=1)),
    "bound above": ("WAITING", "has a bound of", lambda c: _near(c)["schedule"].update(bound=1e9)),
    "unproved": ("WAITING", "has a bound of 0.0 on", lambda c: _near(c)["schedule"].update(bound=0.0)),
    "could be sooner": ("WAITING", "could open in 2027 and spare", _set(_opens, year=None, state="postponed")),
    "full though nobody knows": ("FILL", "opening is stated as 0.5", _set(_opens, opening=0.5)),
    "no such delay": ("DELIVERY", "is told of 新城 as 2026-01-01", _no_delivery),
    "closure untold": ("CLOSURES", "S5 kindergarten should be listed 1 times", lambda c: _far(c)["closures"].pop()),
    "no hearing": (
        "CLOSURES", "not marked as needing a hearing", _set(lambda c: _far(c)["closures"][0], needs_hearing=False)
    ),
    "becomes what": (
        "CLOSURES", "S5 primary should be listed 0 times as a conversion",
        _set(lambda c: _far(c)["closures"][0], becomes="primary"),
    ),
    "hearing for nothing": ("CLOSURES", "is marked wrongly as to a hearing", _set(_opens, needs_hearing=True)),
    "other residents": ("INDICATORS", "residents is stated as 1 ", _first("indicators", residents=1)),
    "other cover": ("INDICATORS", "covered_after", _first("indicators", covered_after=0.99)),
    "other fill": ("INDICATORS", "fill_after", _first("indicators", fill_after=0.99)),
    "other goal": ("INDICATORS", "has uncovered for its leading goal", _first("indicators", goal="walk")),
    "no indicators": ("INDICATORS", "has no indicators", lambda c: _near(c)["indicators"].pop()),
    "other people": ("INDICATORS", "waiting 2027 is stated as", lambda c: _opens(c)["waiting"].__setitem__(1, 1.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_every_sentence(name: str, made: tuple[str, tuple[Result, ...], Way]) -> None:
    rule, sentence, spoil = SPOILED[name]
    check = judged(made, spoil)[f"PHASES-{rule}"]
    assert check.kept is False
    assert sentence in check.evidence.en


def test_not_json(made: tuple[str, tuple[Result, ...], Way]) -> None:
    _, results, way = made
    (check,) = verify_phases("{", results, way.base)
    assert (check.kept, check.evidence.en) == (False, "phases.json is not JSON.")


def test_a_new_build_before_it_can_be_built(made: tuple[str, tuple[Result, ...], Way]) -> None:
    text, results, way = made
    near, far = way.base.project.phases
    project = replace(way.base.project, phases=(replace(near, new_from=2030), far))
    checks = {one.rule: one for one in verify_phases(text, results, replace(way.base, project=project))}
    assert "opens in 2027, before 2030" in checks["PHASES-PROJECTS"].evidence.en


def test_counts_beyond_the_entry_and_the_whole_budget(made: tuple[str, tuple[Result, ...], Way]) -> None:
    text, results, way = made
    entry = next(iter(way.base.project.phases[0].budgets.values()), None)
    assert entry is None
    budget = replace(way.base.project.programmes[0].budget, new=0)
    phase = replace(way.base.project.phases[0], budgets={KEY: budget})
    project = replace(
        way.base.project,
        phases=(phase, *way.base.project.phases[1:]),
        programmes=(replace(way.base.project.programmes[0], budget=budget),),
    )
    checks = {one.rule: one for one in verify_phases(text, results, replace(way.base, project=project))}
    said = checks["PHASES-COUNTS"].evidence.en
    assert "has 1 (new) in the phase of 0 allowed" in said
    assert "(new) in all phases of 0 allowed" in said


def test_a_plan_for_another_year(made: tuple[str, tuple[Result, ...], Way]) -> None:
    text, results, way = made
    ahead = replace(results[0].project.ahead, year=2035)
    forecast = phase_county.forecast_of(results[0].area, 2035)
    other = replace(
        results[0], project=replace(results[0].project, ahead=ahead), area=replace(results[0].area, forecast=forecast)
    )
    (check,) = verify_phases(text, (other, *results[1:]), way.base)
    assert "is planned for 2035, not 2027" in check.evidence.en


def test_fill_rates_are_recounted_where_the_years_are_known(made: tuple[str, tuple[Result, ...], Way]) -> None:
    text, results, way = made
    content, area = json.loads(text), results[0].area
    its = _opens(content)
    year = int(its["year"])
    ahead = phase_county.forecast_of(area, year)
    ahead = replace(ahead, children={its["tier"]: 0.05 * ahead.residents}, rate={its["tier"]: 0.9})
    first = replace(results[0], area=replace(area, forecast=ahead))

    def checked() -> Check:
        checks = verify_phases(json.dumps(content), (first, *results[1:]), way.base)
        return next(check for check in checks if check.rule == "PHASES-FILL")

    assert "opening is stated as nan" in checked().evidence.en
    part = next(part for part in results[0].plan.parts if part.programme == its["programme"])
    site = next(site for site in part.sites if site.id == its["site"])
    rows = [area.units.id.index(unit) for unit in site.units]
    rate = ahead.rate[part.tier] * ahead.children[part.tier][rows, 0].sum() / site.seats
    assert rate > 0
    its.update(opening=rate, peak=rate, peak_year=year)
    assert checked().kept
    its.update(peak_year=year - 1)
    assert f"is not fullest in {year - 1}" in checked().evidence.en


def test_a_protected_school_and_people_who_lose_theirs(made: tuple[str, tuple[Result, ...], Way]) -> None:
    """As if S5 were protected, and N4 and N6 had not been built in either phase."""
    text, results, way = made
    protected = replace(results[1].project, protected_schools=frozenset({"第五园"}))
    checks = {
        one.rule: one for one in verify_phases(text, (results[0], replace(results[1], project=protected)), way.base)
    }
    assert "第五园 is protected, and closed or converted" in checks["PHASES-CLOSURES"].evidence.en
    part = results[1].plan.parts[0]
    fewer = replace(part, sites=tuple(site for site in part.sites if site.id in ("S0", "N2")))
    plan = replace(results[1].plan, parts=(fewer,))
    checks = {one.rule: one for one in verify_phases(text, (results[0], replace(results[1], plan=plan)), way.base)}
    said = checks["PHASES-REACH"].evidence.en
    assert "V5 had 2,000 residents within 1500 m of 第五园, and has 0 now" in said


def test_a_school_that_shrinks(made: tuple[str, tuple[Result, ...], Way]) -> None:
    text, results, way = made
    part = results[1].plan.parts[0]
    smaller = tuple(replace(site, classes=1.0) for site in part.sites)
    plan = replace(results[1].plan, parts=(replace(part, sites=smaller),))
    content = json.loads(text)
    _opens(content)["classes"] = 2
    checks = {
        one.rule: one
        for one in verify_phases(json.dumps(content), (results[0], replace(results[1], plan=plan)), way.base)
    }
    assert "opens with 2 classes and has 1 in phase_2" in checks["PHASES-STANDING"].evidence.en

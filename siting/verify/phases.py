"""A plan over years judged anew: from the plans of its phases, the study area and the study file, by separate code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from siting.finished import Finished, Made
from siting.project import Phase
from siting.rules.verdict import Check
from siting.verify.flaws import Flaw, said_of, told_check
from siting.verify.phase_fill import fill_flaws
from siting.verify.phase_reach import indicator_flaws, reach_flaws
from siting.verify.phase_sums import count_flaws, delivery_flaws, money_flaws, name_of, waiting_flaws
from siting.verify.phase_view import Seen, is_open, seen_of, site_of
from siting.verify.stated import Stated, number, other_flaws, read_record, told_flaws, unlike
from siting.words import Phrase

FILE = "phases.json"

PHRASE = {"zh": str, "en": str}
SHAPE = {
    "name": str, "notice": PHRASE,
    "seat_cost": [{"tier": str, "wan_yuan": None, "source": str}],
    "phases": [{
        "number": int, "name": PHRASE, "first": int, "last": int, "folder": str,
        "money_wan": None, "annual_wan": None, "annual_projects": None, "left_wan": None,
        "allowed": [{"programme": str, "new": None, "extend": None, "new_exact": bool, "extend_exact": bool}],
        "projects": [{
            "state": str, "programme": str, "tier": str, "site": str, "name": str, "township": str, "action": str,
            "year": None, "classes_before": None, "classes": None, "seats_added": None, "money_wan": None,
            "money_low_wan": None, "money_high_wan": None, "waiting": [None], "waited": None, "opening": None,
            "peak": None, "peak_year": None, "later": None, "clause": str, "responsible": str, "reason": PHRASE,
            "needs_hearing": bool, "late": [{"estate": str, "delivered": str, "months": None}], "lacking": PHRASE,
        }],
        "closures": [{
            "school": str, "name": str, "tier": str, "becomes": None, "reason": PHRASE, "needs_hearing": bool,
        }],
        "years": [{
            "year": int, "new": int, "extend": int, "other": int, "seats_added": None, "money_wan": None,
            "waiting": None,
        }],
        "indicators": [{
            "programme": str, "residents": None, "covered_before": None, "covered_after": None,
            "covered_if_all": None, "schools": int, "pupils": None, "seats_before": None, "seats_after": None,
            "fill_before": None, "fill_after": None, "goal": str, "value": None, "bound": None, "gap": None,
        }],
        "schedule": {"value": None, "bound": None, "gap": None, "status": str},
    }],
}  # fmt: skip


def verify_phases(text: str, results: Sequence[Finished], base: Made) -> tuple[Check, ...]:
    """Whether the text of phases.json says what the plans of its phases, in order, and the study add up to.

    base is the study as its files have it. Checks PHASES-FILE first, alone where the file is none or speaks of other
    phases; then -PROJECTS, -STANDING, -COUNTS, -MONEY, -WAITING, -FILL, -DELIVERY, -CLOSURES, -REACH and -INDICATORS.
    """
    stated, damage = read_record(text, FILE, "siting phases", SHAPE)
    damage = damage or list(_phase_flaws(stated, results, base.project.phases))
    file = _check(
        "FILE",
        damage,
        len(results),
        Phrase("期齐全，年份与限额同研究文件", "phases are there, with the study's years and limits"),
    )
    if damage:
        return (file,)
    seen = seen_of(stated, results, base)
    projects = sum(len(one.projects) for one in seen)
    return (
        file,
        _check("PROJECTS", _of(seen, _project_flaws), projects, _PROJECTS),
        _check("STANDING", list(_standing_flaws(seen)), projects, _STANDING),
        _check("COUNTS", list(count_flaws(seen, base)), projects, _COUNTS),
        _check("MONEY", list(money_flaws(seen, stated["seat_cost"])), projects, _MONEY),
        _check("WAITING", _of(seen, waiting_flaws), projects, _WAITING),
        _check("FILL", _of(seen, fill_flaws), projects, _FILL),
        _check("DELIVERY", _of(seen, delivery_flaws), projects, _DELIVERY),
        _check("CLOSURES", _of(seen, _closure_flaws), sum(len(one.gone) for one in seen), _CLOSURES),
        _check("REACH", _of(seen, reach_flaws), sum(len(one.gone) for one in seen), _REACH),
        _check(
            "INDICATORS", _of(seen, indicator_flaws), sum(len(one.stated["indicators"]) for one in seen), _INDICATORS
        ),
    )


def openings(text: str) -> Mapping[int, frozenset[tuple[str, str]]]:
    """The projects that open in each phase, by its number, as a text of phases.json has it; none where it is none."""
    stated, damage = read_record(text, FILE, "siting phases", SHAPE)
    return {
        one["number"]: frozenset(
            (its["programme"], its["site"]) for its in one["projects"] if its["state"] == "opens" and is_open(its)
        )
        for one in ([] if damage else stated["phases"])
    }


_PROJECTS = Phrase("个项目各列一次，年份在本期之内", "projects are each told once, in a year of their phase")
_STANDING = Phrase("个项目开办后一直在，未开办的不在", "projects stand from their opening on, and not before")
_COUNTS = Phrase("个项目的个数在名额之内", "projects are within the counts")
_MONEY = Phrase("个项目的投资在限额之内", "projects are within the money")
_WAITING = Phrase("个项目的等待人数、人年相符", "projects add up in people and resident-years of waiting")
_FILL = Phrase("个项目的使用率与重算一致", "projects' fill rates agree with the recount")
_DELIVERY = Phrase("个项目与小区交付的间隔属实", "projects are as far from the first homes of estates as told")
_CLOSURES = Phrase("项撤并、转型均已标明听证", "closures are marked as needing a hearing")
_REACH = Phrase("项撤并、转型没有使居民失去服务", "closures leave nobody without the school they had")
_INDICATORS = Phrase("行分期指标与重算一致", "rows of indicators agree with the recount")


def _check(name: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"PHASES-{name}", flaws, count, what, FILE)


def _of(seen: Sequence[Seen], look: Callable[[Seen], Iterator[Flaw]]) -> list[Flaw]:
    return [flaw for one in seen for flaw in look(one)]


# --- phases and projects ---------------------------------------------------------------------------------------


def _phase_flaws(stated: Stated, results: Sequence[Finished], phases: Sequence[Phase]) -> Iterator[Flaw]:
    """Phases that are not those of the study file, or were planned for another year."""
    told = stated["phases"]
    if not len(told) == len(results) == len(phases):
        zh = f"有 {len(told)} 期，方案 {len(results)} 个，研究文件 {len(phases)} 期"
        yield said_of(FILE, zh, f"has {len(told)} phases, for {len(results)} plans and {len(phases)} in the study")
        return
    for place, (one, result, phase) in enumerate(zip(told, results, phases, strict=True), 1):
        yield from _terms_flaws(f"phases[{place}]", place, one, phase)
        ahead = result.area.forecast
        if ahead is not None and result.project.ahead.year not in (None, phase.last):
            zh, en = (
                f"的方案编到 {ahead.year_planned} 年，应为 {phase.last} 年",
                f"is planned for {ahead.year_planned}, not {phase.last}",
            )
            yield said_of(f"phases[{place}]", zh, en)


def _terms_flaws(where: str, place: int, one: Stated, phase: Phase) -> Iterator[Flaw]:
    """Numbers, names, years and limits of a phase that are not those of the study file."""
    expected = {
        "number": place, "folder": f"phase_{place}", "first": phase.first, "last": phase.last,
        "name": {"zh": phase.name.zh, "en": phase.name.en},
    }  # fmt: skip
    yield from other_flaws(where, expected, one)
    for key in ("money_wan", "annual_wan", "annual_projects"):
        yield from unlike(where, key, getattr(phase, key), one[key])
    if [year["year"] for year in one["years"]] != list(phase.years):
        yield said_of(where, "的年份不全", "does not tell of every year")


def _project_flaws(one: Seen) -> Iterator[Flaw]:
    """Projects of the plan, and settled ones, left out, invented or told twice; what is told of them that is not so."""
    key = one.stated["folder"]
    of_plan = {
        f"{key} {part.programme} {site.id}"
        for part in one.result.plan.parts
        for site in part.sites
        if site.action != "keep"
    }
    chosen = [its for its in one.projects if its["state"] != "fixed"]
    yield from told_flaws([f"{key} {its['programme']} {its['site']}" for its in chosen], of_plan, _PROJECT)
    settled = [its for its in one.projects if its["state"] == "fixed"]
    yield from told_flaws(
        [f"{key} {its['tier']} {its['site']}" for its in settled],
        {f"{key} {f.tier} {f.name}" for f in one.phase.fixed},
        _PROJECT,
    )
    for its in one.chosen:
        yield from _site_flaws(one, its)
    for its in settled:
        yield from _settled_flaws(one, its)
    for its in one.projects:
        yield from _when_flaws(one, its)


_PROJECT = Phrase("项目", "a project")


def _site_flaws(one: Seen, its: Stated) -> Iterator[Flaw]:
    site = site_of(one, its)
    assert site is not None
    expected = {
        "name": site.name, "township": site.township, "tier": one.sides[its["programme"]].part.tier,
        "action": site.action, "clause": site.clause,
    }  # fmt: skip
    yield from other_flaws(name_of(its), expected, its)
    yield from unlike(name_of(its), "classes", site.classes, its["classes"])
    yield from unlike(name_of(its), "classes_before", site.classes_before, its["classes_before"])


def _settled_flaws(one: Seen, its: Stated) -> Iterator[Flaw]:
    fixed = next((f for f in one.phase.fixed if (f.name, f.tier) == (its["site"], its["tier"])), None)
    if fixed is None:
        return
    if (its["action"], its["programme"]) != (fixed.action, fixed.programme):
        yield said_of(name_of(its), "的建设性质或项目类别与研究文件不符", "is not the project the study settles")
    for key, value in (("year", float(fixed.year)), ("money_wan", fixed.money_wan), ("classes", fixed.classes)):
        yield from unlike(name_of(its), key, value, its[key])


def _when_flaws(one: Seen, its: Stated) -> Iterator[Flaw]:
    """A year outside the phase, or a state that does not go with it."""
    year, state = number(its["year"]), its["state"]
    without = "unfunded" if one.is_last else "postponed"
    if state == "opens" and its["action"] == "new" and year < one.phase.new_from:
        zh, en = f"{year:g} 年开办，新建最早 {one.phase.new_from} 年", f"opens in {year:g}, before {one.phase.new_from}"
        yield said_of(name_of(its), zh, en)
    if state == without and math.isnan(year):
        return
    if state not in ("opens", "fixed") or year not in one.phase.years:
        years = f"{one.phase.first}-{one.phase.last}"
        zh, en = f"写为 {state} {its['year']}，本期为 {years}", f"is told as {state} {its['year']} in {years}"
        yield said_of(name_of(its), zh, en)


# --- what stands, what closes ----------------------------------------------------------------------------------


def _standing_flaws(seen: Sequence[Seen]) -> Iterator[Flaw]:
    """Schools that open in a phase and are missing, or smaller, in a later plan; and schools that never opened."""
    for place, one in enumerate(seen):
        for school in sorted(one.strangers):
            zh, en = (
                f"没有开办，{one.stated['folder']} 却以它为现有学校",
                f"never opened and stands in {one.stated['folder']}",
            )
            yield said_of(school, zh, en)
        closed = set[tuple[str, str]]()
        for later in seen[place + 1 :]:
            closed |= {(its["school"], its["tier"]) for its in later.stated["closures"]}
            for its in one.chosen:
                if is_open(its) and (its["site"], its["tier"]) not in closed:
                    yield from _later_flaws(its, later)


def _later_flaws(its: Stated, later: Seen) -> Iterator[Flaw]:
    folder, schools = later.stated["folder"], later.result.area.schools
    site = site_of(later, its)
    held = dict(zip(zip(schools.id, schools.tier, strict=True), schools.classes.tolist(), strict=True))
    classes = held.get((its["site"], its["tier"]))
    if site is None or classes is None or site.action == "new":
        yield said_of(name_of(its), f"开办后在 {folder} 中不见了", f"opens and is missing in {folder}")
    elif min(site.classes, classes) < number(its["classes"]):
        least = min(site.classes, classes)
        zh, en = (
            f"开办时 {its['classes']:g} 班，{folder} 中只有 {least:g} 班",
            f"opens with {its['classes']:g} classes and has {least:g} in {folder}",
        )
        yield said_of(name_of(its), zh, en)


def _closure_flaws(one: Seen) -> Iterator[Flaw]:
    """Schools that are closed or converted and not told of, not marked, or protected."""
    gone, told = {f"{held.id} {held.tier}": held for held in one.gone}, one.stated["closures"]
    yield from told_flaws([f"{its['school']} {its['tier']}" for its in told], gone, Phrase("撤并", "a closure"))
    for its in told:
        if its["needs_hearing"] is not True:
            yield said_of(
                its["school"],
                "撤并或转型没有标明须先听证",
                "is closed or converted and not marked as needing a hearing",
            )
    yield from told_flaws(
        [f"{its['school']} {its['becomes']}" for its in told if its["becomes"]],
        {f"{school} {tier}" for school, tier in one.turned_now},
        Phrase("转型", "a conversion"),
    )
    for held in gone.values():
        if {held.id, held.name} & one.result.project.protected_schools:
            yield said_of(held.name, "是受保护的学校，却被撤并或转型", "is protected, and closed or converted")
    for its in one.chosen:
        if its["needs_hearing"] != (its["site"] in one.turned):
            yield said_of(name_of(its), "的听证标记不对", "is marked wrongly as to a hearing")

"""Plans over years on a line of ten villages, worked out on paper.

Residents of V0 ... V9: 500, 900, 700, 1500, 400, 2000, 800, 1200, 600, 300. S0 stands in V0, plots are in V2, V4, V6
and V8; the radius is 1.5 km, so a school covers its village and those next to it. All four cover everybody.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import line_county
import numpy as np
import openpyxl
import phase_county
import pytest
import six_villages
from phase_county import CANDIDATES, KEY, PEOPLE, TWO, base_of
from typer.testing import CliRunner

from siting import cli
from siting.errors import InputError
from siting.phases import Phased, plan_phases, run, verify_phases_folder
from siting.phases.allowance import Promised
from siting.phases.asked import read_asked
from siting.phases.recheck import phase_result
from siting.phases.records import PhaseRecord, Project
from siting.phases.standing import Stand, begun
from siting.plan_file import read_plan
from siting.project_file import load_project
from siting.run import Base
from siting.scenario.kinds.close_school import HEARING
from siting.study import stacked

SEAT = 4.27
"""10,000 yuan of a kindergarten seat; a class has 30."""


def limited(near: str, far: str = "") -> str:
    """The two phases with lines added to either."""
    return TWO.replace("to = 2027", f"to = 2027\n{near}").replace("to = 2030", f"to = 2030\n{far}")


def planned(text: str, folder: Path, patch: pytest.MonkeyPatch, base: Base | None = None, **how: Any) -> Phased:
    made = plan_phases(phase_county.study(text, folder, patch, base), folder / "out", **how)
    assert [check.rule for check in made.checks if not check.kept] == []
    return made


def phase(made: Phased, number: int) -> PhaseRecord:
    assert made.plan is not None
    return made.plan.phases[number - 1]


def opens(one: PhaseRecord) -> dict[str, float]:
    return {its.site: its.year for its in one.projects if its.state in ("opens", "fixed")}


def left(one: PhaseRecord) -> dict[str, str]:
    return {its.site: its.lacking.en for its in one.projects if its.state in ("postponed", "unfunded")}


def project(one: PhaseRecord, site: str) -> Project:
    return next(its for its in one.projects if its.site == site)


# --- years -----------------------------------------------------------------------------------------------------


def test_everything_opens_at_once_where_nothing_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = planned(TWO, tmp_path, monkeypatch)
    assert opens(phase(made, 1)) == {"N2": 2026, "N4": 2026, "N6": 2026, "N8": 2026}
    assert phase(made, 2).projects == ()
    (row,) = phase(made, 2).indicators
    assert (row.covered_before, row.covered_after, row.schools) == (1.0, 1.0, 5)


def test_one_project_a_year_and_the_rest_in_the_next_phase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for whom most wait come first; two fit, and the other two are asked again in the far term."""
    made = planned(limited("annual_projects = 1"), tmp_path, monkeypatch)
    near, far = phase(made, 1), phase(made, 2)
    waits = {its.site: its.waiting[0] for its in near.projects}
    first, second = sorted(waits, key=lambda site: -waits[site])[:2]
    assert opens(near) == {first: 2026, second: 2027}
    assert set(left(near).values()) == {"every year has all the projects it may have"}
    assert set(opens(far)) == set(CANDIDATES_IDS) - {first, second}
    assert [its.new for its in near.allowed] == [4] and [its.new for its in far.allowed] == [2]
    waited = waits[second] + 2 * sum(waits[site] for site in left(near))
    assert near.schedule.value == pytest.approx(waited) == near.schedule.bound
    assert near.years[1].waiting == pytest.approx(sum(waits[site] for site in left(near)))


CANDIDATES_IDS = tuple(line_county.name(place) for place in CANDIDATES)


def test_people_who_wait_are_those_nobody_covered_and_pupils_without_a_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All within reach of N2 are uncovered but V1, which S0 reaches: so all of its people but V1's, and 21 pupils per
    1000 of all."""
    made = planned(TWO, tmp_path, monkeypatch)
    plan = read_plan(tmp_path / "out" / "phase_1" / "plan.json").parts[0]
    for its in phase(made, 1).projects:
        site = next(site for site in plan.sites if site.id == its.site)
        people = sum(PEOPLE[int(unit[1:])] for unit in site.units if unit not in ("V0", "V1"))
        assert its.waiting == pytest.approx((people + site.pupils,) * 2)
        assert its.money_wan == pytest.approx(site.classes * 30 * SEAT) == its.seats_added * SEAT
        assert (its.money_low_wan, its.money_high_wan) == pytest.approx((0.7 * its.money_wan, 1.3 * its.money_wan))


def test_money_of_a_year_and_of_the_phase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class costs 128.1: 260 a year pay two classes, 390 in all three; the far term has 100, which pays none."""
    text = limited("money_wan = 390\nannual_wan = 260", "money_wan = 100")
    made = planned(text, tmp_path, monkeypatch)
    near, far = phase(made, 1), phase(made, 2)
    for year in near.years:
        assert year.money_wan <= 260
    assert sum(year.money_wan for year in near.years) + near.left_wan == pytest.approx(390)
    assert near.left_wan < 128.1
    assert opens(far) == {} and all(its.state == "unfunded" for its in far.projects)
    assert all("the phase lacks" in why for why in left(far).values())
    short = project(far, min(left(far)))
    assert f"{short.money_wan - 100:,.0f}" in short.lacking.en


def test_new_builds_open_no_earlier_than_they_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = planned(limited("new_from = 2027\nannual_projects = 3"), tmp_path, monkeypatch)
    assert set(opens(phase(made, 1)).values()) == {2027}
    assert list(left(phase(made, 1)).values()) == ["every year has all the projects it may have"]
    assert set(opens(phase(made, 2)).values()) == {2028}


def test_a_phase_does_no_more_than_its_entry_and_the_whole_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = f'[phase.budget]\n{KEY} = "new <= 1"'
    made = planned(limited(entry), tmp_path, monkeypatch, line_county.base(PEOPLE, CANDIDATES, 3))
    assert len(opens(phase(made, 1))) == 1
    assert len(opens(phase(made, 2))) == 2
    assert [one.allowed[0].new for one in (phase(made, 1), phase(made, 2))] == [1, 2]


def test_a_later_exact_entry_is_kept_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = limited("", f'[phase.budget]\n{KEY} = "new = 3"')
    made = planned(text, tmp_path, monkeypatch)
    assert [len(opens(phase(made, number))) for number in (1, 2)] == [1, 3]


def test_extensions_come_before_new_builds_and_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S0 has 3 classes, 90 seats, and may have 12. Nobody may build: of 186.9 pupils 96.9 lack a seat; 9 classes hold
    them, the next size above 6."""
    made = planned(limited(f'[phase.budget]\n{KEY} = "new <= 0, extend <= 1"'), tmp_path, monkeypatch, growing())
    near, far = phase(made, 1), phase(made, 2)
    grown = project(near, "S0")
    assert (grown.action, grown.year, grown.classes_before, grown.classes) == ("extend", 2026, 3, 9)
    assert grown.seats_added == 180 and grown.waiting[0] == pytest.approx(186.9 - 90)
    assert far.indicators[0].seats_before == 270
    site = next(s for s in read_plan(tmp_path / "out" / "phase_2" / "plan.json").parts[0].sites if s.id == "S0")
    assert (site.action, site.classes) == ("keep", 9)


def growing() -> Base:
    base = line_county.base(PEOPLE, CANDIDATES, 0, 1)
    schools = replace(base.area.schools, max_classes=np.array([12.0]))
    programme = replace(base.project.programmes[0], assign_limit_m=20_000.0)
    area = replace(base.area, schools=schools)
    return replace(base, area=area, project=replace(base.project, programmes=(programme,)))


# --- settled projects ------------------------------------------------------------------------------------------

SENIOR = """
[[phase.fixed]]
name = "县一中"
tier = "senior"
action = "迁建"
year = 2026
money_wan = 100
classes = 36
"""


def test_settled_projects_use_up_money_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The senior high takes the only place of 2026, and 100 of 250: one class, 128.1, is left for."""
    fixed = SENIOR.replace("迁建", "relocate")
    made = planned(limited(f"annual_projects = 1\nmoney_wan = 250\n{fixed}"), tmp_path, monkeypatch)
    near = phase(made, 1)
    assert opens(near)["县一中"] == 2026
    chosen = [its for its in near.projects if its.state == "opens"]
    assert all(its.year == 2027 and its.money_wan <= 150 for its in chosen)
    assert (near.years[0].other, near.years[0].money_wan) == (1, 100)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "phases" / "phases.xlsx")["项目时序"]
    assert sheet.cell(4, 4).value == "县一中" and sheet.cell(4, 7).value == "迁建"


def test_a_settled_project_of_a_planned_tier_uses_its_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = SENIOR.replace("senior", "kindergarten").replace("迁建", "new")
    made = planned(limited(fixed), tmp_path, monkeypatch, line_county.base(PEOPLE, CANDIDATES, 2))
    assert [phase(made, number).allowed[0].new for number in (1, 2)] == [1, 0]
    assert len(opens(phase(made, 1))) == 2
    assert [its.action for its in phase(made, 2).projects] == ["extend"]  # the new one, to serve more people


# --- what changes ----------------------------------------------------------------------------------------------


def two_schools(new: int = 0) -> Base:
    """S0 and S5, each with 12 classes."""
    base = line_county.base(PEOPLE, CANDIDATES, new)
    one = base.area.schools
    other = replace(one, id=("S5",), name=("第五园",), unit=np.array([5]), x=one.x + 5000.0)
    both = stacked(one, other)
    return replace(base, area=replace(base.area, schools=both))


CLOSE = """
[[phase.change]]
kind = "close_school"
school = "S5"
tier = "kindergarten"
reason = { zh = "生源不足", en = "too few pupils" }
"""


def test_a_closure_that_strands_a_village_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V4, V5 and V6 had S5; S0 is 4000, 5000 and 6000 m away."""
    study = phase_county.study(limited("", CLOSE), tmp_path, monkeypatch, two_schools())
    with pytest.raises(InputError) as caught:
        plan_phases(study, tmp_path / "out")
    (fault,) = caught.value.faults
    said = fault.said_in("en")
    assert "[[phase]] 2: once 第五园 is closed" in said
    assert "V4 (100% to 0%, nearest 4,000 m)" in said and "V6 (100% to 0%, nearest 6,000 m)" in said
    assert "within 1500 m" in said and "Require a site near them" in said
    assert "V4（100%→0%，最近 4,000 米）" in fault.said_in("zh")
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".answers"]


def test_a_closure_with_a_school_built_first_needs_a_hearing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N4 and N6 stand before S5 goes: V4 to V7 lose nothing."""
    made = planned(limited("", CLOSE), tmp_path, monkeypatch, two_schools(4))
    (closed,) = phase(made, 2).closures
    assert (closed.school, closed.becomes, closed.needs_hearing) == ("S5", None, True)
    assert phase(made, 1).closures == ()
    study = read_plan(tmp_path / "out" / "phase_2" / "plan.json")
    assert "S5" not in [site.id for site in study.parts[0].sites]
    book = openpyxl.load_workbook(tmp_path / "out" / "phases" / "phases.xlsx")
    row = [cell.value for cell in book["听证事项"][4]]
    assert row[1:3] == ["第五园", "幼儿园"] and row[3] == "撤并" and "听证" in str(row[5])
    assert HEARING.zh in open_cover(tmp_path)


def test_a_converted_school_and_its_extension_need_a_hearing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A primary school in V5 becomes a kindergarten of 3 classes, 90 seats for 5,600 people's 117.6 children."""
    base = growing()
    one = base.area.schools
    school = replace(
        one, id=("P5",), name=("五村小学",), tier=("primary",), unit=np.array([5]), x=one.x + 5000.0,
        classes=np.array([6.0]), max_classes=np.array([6.0]),
    )  # fmt: skip
    base = replace(base, area=replace(base.area, schools=stacked(replace(one, max_classes=np.array([3.0])), school)))
    convert = """
[[phase.change]]
kind = "convert_school"
school = "P5"
tier = "primary"
to = "kindergarten"
classes = 3
max_classes = 12
reason = "生源少"
"""
    made = planned(limited(convert), tmp_path, monkeypatch, base)
    (turned,) = phase(made, 1).closures
    assert (turned.school, turned.tier, turned.becomes, turned.needs_hearing) == ("P5", "primary", "kindergarten", True)
    grown = project(phase(made, 1), "P5")
    assert (grown.action, grown.needs_hearing) == ("extend", True)
    book = openpyxl.load_workbook(tmp_path / "out" / "phases" / "phases.xlsx")
    assert [book["听证事项"].cell(row, 4).value for row in (4, 5)] == ["转为幼儿园", "转型学校的建设项目"]
    assert phase(made, 2).closures == ()


def open_cover(folder: Path) -> str:
    sheet = openpyxl.load_workbook(folder / "out" / "phases" / "phases.xlsx").worksheets[0]
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_a_required_site_is_built_in_its_phase_and_stands_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N8 covers fewest, 2100 people; required in the far term, a place of the whole budget of two is kept for it."""
    require = '[[phase.change]]\nkind = "require_site"\nsite = "N8"\ntier = "kindergarten"\nreason = "已划拨"'
    three = TWO + TWO.replace("2026", "2031").replace("2027", "2032").split("[[phase]]")[1].join(["\n[[phase]]", ""])
    made = planned(
        three.replace("to = 2030", f"to = 2030\n{require}"),
        tmp_path,
        monkeypatch,
        line_county.base(PEOPLE, CANDIDATES, 2),
    )
    assert [one.allowed[0].new for one in made.plan.phases] == [1, 1, 0]  # type: ignore[union-attr]
    assert opens(phase(made, 2)) == {"N8": 2028}
    assert opens(phase(made, 3)) == {}


def require(site: str) -> str:
    return f'[[phase.change]]\nkind = "require_site"\nsite = "{site}"\ntier = "kindergarten"\nreason = "已划拨"\n'


def test_a_site_that_was_required_and_opened_uses_no_count_of_a_later_phase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in each phase: N2 stands when N4 is required, which is one of one."""
    one = f'budget = {{ {KEY} = "new <= 1" }}\n'
    made = planned(limited(one + require("N2"), one + require("N4")), tmp_path, monkeypatch)
    assert [opens(phase(made, number)) for number in (1, 2)] == [{"N2": 2026}, {"N4": 2028}]


def test_a_required_site_opens_before_those_for_whom_more_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One a year in two years: of the 2400 of N4, the 2200 of N2, the 2100 of N8 and the 800 of N6 those of N2 would
    come before those of N8."""
    near = phase(planned(limited("annual_projects = 1\n" + require("N8")), tmp_path, monkeypatch), 1)
    assert "N8" in opens(near) and set(opens(near).values()) == {2026, 2027}
    assert near.schedule.status == "optimal"


def test_what_becomes_of_either_tier_of_one_school(tmp_path: Path) -> None:
    """Of a school with a kindergarten and a primary one is closed, the other turned into a junior."""
    base = line_county.base(PEOPLE, CANDIDATES, 4)
    one = base.area.schools
    area = replace(base.area, schools=stacked(one, replace(one, tier=("primary",))))
    change = '[[phase.change]]\nschool = "S0"\nreason = "{0}"\ntier = "{1}"\n'
    closed = change.format("生源不足", "primary") + 'kind = "close_school"\n'
    turned = change.format("初中学位不足", "kindergarten") + 'kind = "convert_school"\nto = "junior"\n'
    whole, faults = phase_county.stated(limited(closed + turned), replace(base, area=area), tmp_path)
    asked, doubts = read_asked(whole.project)
    assert not (*faults, *doubts)
    gone = begun(Stand(whole), asked[0], asked, Promised({})).gone
    assert {(its.tier, its.to, its.reason.zh) for its in gone} == {
        ("primary", None, "生源不足"), ("kindergarten", "junior", "初中学位不足")
    }  # fmt: skip


def test_a_file_that_an_earlier_phase_was_drawn_from_stamps_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = run.read_way(phase_county.study(TWO, tmp_path, monkeypatch))
    near, far = way.asked

    def stamps(sha256: str) -> list[str]:
        drawn = replace(near, scenario=replace(near.scenario, sources={"road.geojson": sha256}))
        first = begun(Stand(way.base), drawn, way.asked, way.promised)
        second = begun(first.stand, far, way.asked, way.promised)
        return [run._work(at, one, tmp_path, False).stamp for at, one in ((drawn, first), (far, second))]

    assert all(one != other for one, other in zip(stamps("1"), stamps("2"), strict=True))


def test_an_estate_whose_school_opens_late_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 homes from September 2026 at V9, far from S0. Its school opens on 31 August 2027: 12 months later; before
    31 August 2027 nobody of the estate waits."""
    estate = f"""
[[phase.change]]
kind = "add_estate"
name = "新城"
x = {line_county.X0 + 8900}
y = {line_county.Y0 + 50}
crs = "EPSG:4547"
phases = [{{ delivered = 2026-09-15, dwellings = 500 }}]
"""
    made = planned(
        limited(estate).replace("from = 2026", "from = 2027"), tmp_path, monkeypatch, line_county.base(PEOPLE, [8], 1)
    )
    its = project(phase(made, 1), "N8")
    assert its.year == 2027
    assert [(late.estate, late.delivered, late.months) for late in its.late] == [("新城", "2026-09-15", 12)]
    assert not math.isnan(its.opening) and its.peak >= its.opening
    (tmp_path / "later").mkdir()
    later = planned(
        limited(f"annual_projects = 0\n{estate}"), tmp_path / "later", monkeypatch, line_county.base(PEOPLE, [8], 1)
    )
    waits = project(phase(later, 1), "N8").waiting
    assert waits[1] > waits[0]


# --- runs ------------------------------------------------------------------------------------------------------


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, made = phase_county.study(limited("annual_projects = 1"), tmp_path, monkeypatch), list[str]()
    write = run.write_made

    def die(work: Any, result: Any) -> None:
        if made:
            raise KeyboardInterrupt
        made.append(work.key)
        write(work, result)

    monkeypatch.setattr(run, "write_made", die)
    with pytest.raises(KeyboardInterrupt):
        plan_phases(study, tmp_path / "out")
    monkeypatch.setattr(run, "write_made", write)
    again = plan_phases(study, tmp_path / "out")
    assert [(done.key, done.is_new, done.reused) for done in again.every] == [
        ("phase_1", False, 0),
        ("phase_2", True, 1),
    ]
    third = plan_phases(study, tmp_path / "out")
    assert [done.is_new for done in third.every] == [False, False]
    assert third.plan == again.plan or json.dumps(str(third.plan)) == json.dumps(str(again.plan))


def test_the_folder_is_verified_from_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = phase_county.study(limited("annual_projects = 1"), tmp_path, monkeypatch)
    plan_phases(study, tmp_path / "out")
    checks = verify_phases_folder(base_of(study), tmp_path / "out" / "phases")
    assert [check.rule for check in checks if check.rule.startswith("PHASES") and check.kept] == [
        f"PHASES-{word}"
        for word in (
            "FILE", "PROJECTS", "STANDING", "COUNTS", "MONEY", "WAITING", "FILL", "DELIVERY", "CLOSURES", "REACH",
            "INDICATORS",
        )
    ]  # fmt: skip
    (tmp_path / "out" / "phases" / "phases.json").unlink()
    with pytest.raises(InputError, match="run siting phases again"):
        verify_phases_folder(base_of(study), tmp_path / "out" / "phases")


def test_a_folder_of_another_study_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last village is called otherwise in the plan of the near term."""
    study = phase_county.study(TWO, tmp_path, monkeypatch)
    plan_phases(study, tmp_path / "out")
    file = tmp_path / "out" / "phase_1" / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"V9"', '"V99"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"phase_1/plan\.json: speaks of programmes or units .* study: V99\."):
        verify_phases_folder(base_of(study), tmp_path / "out" / "phases")


def test_one_phase_is_verified_on_what_earlier_ones_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opened in the near term stands in the far one; a damaged file that denies it is caught, not stumbled on."""
    study = phase_county.study(limited("annual_projects = 1"), tmp_path, monkeypatch)
    plan_phases(study, tmp_path / "out")
    phases = tmp_path / "out" / "phases"
    for key in ("phase_1", "phase_2"):
        checks = phase_result(base_of(study), phases, key).checks
        assert all(check.kept for check in checks if check.rule.startswith("PLAN-"))
    with pytest.raises(InputError, match="phase_9: is none of the study's 2 phases"):
        phase_result(base_of(study), phases, "phase_9")
    content = json.loads((phases / "phases.json").read_text(encoding="utf-8"))
    for one in content["phases"][0]["projects"]:
        one.update(state="postponed", year=None)
    (phases / "phases.json").write_text(json.dumps(content), encoding="utf-8")
    assert "PLAN-SITES" in [check.rule for check in verify_phases_folder(base_of(study), phases) if check.kept is False]


def test_the_command_says_what_the_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = phase_county.study(limited("annual_projects = 1"), tmp_path, monkeypatch)
    words = ["phases", str(study), "--out", str(tmp_path / "out"), "--lang", "zh"]
    said = CliRunner().invoke(cli.app, words)
    assert said.exit_code == 0, said.output
    assert "\n近期：安排 2 个项目（含已定 0 个）" in said.output and "PHASES-MONEY" in said.output
    assert "必须”条款" not in said.output
    facts = json.loads(CliRunner().invoke(cli.app, [*words, "--json"]).stdout)
    written = json.loads((tmp_path / "out" / "phases" / "phases.json").read_text(encoding="utf-8"))
    assert facts["phases"] == written["phases"] and facts["exit_code"] == 0
    english = CliRunner().invoke(cli.app, [*words[:-1], "en"])
    assert "near term: 2 projects (0 settled)" in english.output
    book = openpyxl.load_workbook(tmp_path / "out" / "phases" / "phases.xlsx")
    assert book.sheetnames[1:] == ["Timetable", "Years", "Indicators", "Hearings", "Without a year"]


def test_a_phase_that_leaves_a_must_unkept_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may build: V2 to V9 are 2 to 9 km from S0."""
    study = phase_county.study(TWO, tmp_path, monkeypatch, line_county.base(PEOPLE, CANDIDATES, 0))
    said = CliRunner().invoke(cli.app, ["phases", str(study), "--out", str(tmp_path / "out"), "--lang", "en"])
    assert said.exit_code == 1
    assert "The plan of near term (2026–2027) leaves a must unkept: see phase_1/plan.xlsx." in said.output


def test_whole_plans_with_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = phase_county.study(TWO, tmp_path, monkeypatch, files=True)
    plan_phases(study, tmp_path / "out")
    assert (tmp_path / "out" / "phase_2" / "map.html").is_file()
    sheets = openpyxl.load_workbook(tmp_path / "out" / "phase_1" / "plan.xlsx")
    assert "近期（2026–2027 年）" in str(sheets.worksheets[0].cell(1, 1).value)


def test_a_study_with_phases_is_a_study(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(f'[study]\nname = "六村"\nrulebook = "dingzhou-2021"\ncrs = "EPSG:4547"\n{TWO}', encoding="utf-8")
    project_, faults = load_project(file)
    assert project_ is not None and [(one.first, one.last) for one in project_.phases] == [(2026, 2027), (2028, 2030)]
    assert not any("phase" in fault.what.en for fault in faults)
    assert six_villages.project().phases == ()

"""What was really built along a line of villages beside the best there could have been, tried set by set."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import line_county
import numpy as np
import openpyxl
import pytest
import small_county
from line_county import X0, Y0, uncovered
from typer.testing import CliRunner

from siting import cli
from siting.backtest import backtest_of, plan_backtest
from siting.backtest.past import past_of
from siting.backtest.points import Backtest
from siting.backtest.tables import backtest_line
from siting.backtest.written import backtest_to_json
from siting.errors import InputError
from siting.export import Result
from siting.plan import TierPlan
from siting.recheck import recheck
from siting.run import Base, make_plan, prepared
from siting.scenario import alone, pool, works
from siting.study import Schools, stacked
from siting.verify.backtest import verify_backtest

KEY = "kindergarten-rural"
PEOPLE = [500.0, 900.0, 700.0, 1500.0, 400.0, 2000.0, 800.0, 1200.0, 600.0, 300.0]
CANDIDATES = (2, 4, 6, 8)
REAL = (3, 9)
"""Villages where kindergartens were really opened, in 2019 and 2021."""

LEFT = uncovered(PEOPLE, REAL)
"""V5, V6 and V7: 4000."""

BEST = min(uncovered(PEOPLE, some) for some in combinations((*CANDIDATES, *REAL), 2))
"""The one in 3 and N6 leave V8 and V9: 900."""


def opened(*places: int, year: tuple[float, ...] = (2019.0, 2021.0), classes: float = 6.0) -> Schools:
    many = len(places)
    return Schools(
        id=tuple(f"S{place}" for place in places),
        name=tuple(f"第{place}村幼儿园" for place in places),
        tier=("kindergarten",) * many,
        operator=("public",) * many,
        unit=np.array(places),
        x=X0 + 1000.0 * np.array(places),
        y=np.full(many, Y0),
        classes=np.full(many, classes),
        seats=np.full(many, 30.0 * classes),
        enrolment=np.full(many, np.nan),
        max_classes=np.full(many, classes),
        opened_year=np.array(year),
        migrants=np.full(many, np.nan),
        bought=np.full(many, np.nan),
    )


def base_with(more: Schools) -> Base:
    base = line_county.base(PEOPLE, CANDIDATES, 2)
    return replace(base, area=replace(base.area, schools=stacked(base.area.schools, more)))


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The line with two kindergartens more, its file there and its layers not needed."""
    return filed(base_with(opened(*REAL)), tmp_path, monkeypatch)


def filed(base: Base, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = folder / "study.toml"
    file.write_text('[study]\nname = "一线"\n', encoding="utf-8")
    base = replace(base, project=replace(base.project, folder=folder, file=file))
    monkeypatch.setattr(alone, "check_base", lambda path: (base, ()))
    monkeypatch.setattr("siting.recheck.check_base", lambda path: (base, ()))
    return file


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in the place of processes, which take seconds to begin, and plans without maps and tables."""
    monkeypatch.setattr(works, "EXPORTERS", line_county.FEW_FILES)
    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(workers))


def asked_again(study: Path, out: Path, since: int = 2019) -> Backtest:
    made = plan_backtest(study, KEY, since, out)
    assert made.test is not None
    assert [check.rule for check in made.checks if not check.kept] == []
    assert made.exit_code == 0
    return made.test


@pytest.mark.usefixtures("in_threads")
def test_the_best_there_could_have_been(study: Path, tmp_path: Path) -> None:
    test = asked_again(study, tmp_path / "out")
    first = test.goals[0]
    assert (first.goal, first.real, first.best) == ("uncovered", LEFT, BEST)
    assert (first.real_bound, first.best_bound) == (LEFT, BEST)
    assert (first.regret, first.at_least, first.at_most) == (LEFT - BEST,) * 3
    assert all(math.isnan(one.at_least) and math.isnan(one.at_most) for one in test.goals[1:])
    assert (test.built, test.unknown) == (2, 1), "the kindergarten in the first village has no year"
    places = [[(one.id, one.name, one.year) for one in some] for some in (test.shared, test.real_only, test.best_only)]
    assert places[:2] == [[("real:S3", "第3村幼儿园", 2019)], [("real:S9", "第9村幼儿园", 2021)]]
    assert places[2] == [("N6", "第6村", None)]
    assert test.gained - test.lost == pytest.approx(first.regret)


@pytest.mark.usefixtures("in_threads")
def test_of_one_that_opened_later_the_older_stays(study: Path, tmp_path: Path) -> None:
    """With S3 standing the best single place leaves as little as any: S9, N2, N4, N6 and N8 are tried on paper."""
    test = asked_again(study, tmp_path / "out", 2020)
    assert test.built == 1
    assert test.goals[0].best == min(uncovered(PEOPLE, (3, place)) for place in (2, 4, 6, 8, 9))


@pytest.mark.usefixtures("in_threads")
def test_where_the_real_sites_are_the_best_that_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = min(combinations(CANDIDATES, 2), key=lambda some: uncovered(PEOPLE, some))
    test = asked_again(filed(base_with(opened(*good)), tmp_path, monkeypatch), tmp_path / "out")
    assert test.goals[0].regret == test.goals[0].at_most == 0.0
    assert len(test.shared) == 2 and test.real_only == test.best_only == ()
    assert backtest_line(test).en.startswith(
        "The best plan builds on the very places that were chosen, and nothing better exists: proved."
    )


@pytest.mark.usefixtures("in_threads")
def test_a_second_run_makes_nothing(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = plan_backtest(study, KEY, 2019, out)
    again = plan_backtest(study, KEY, 2019, out)
    assert [done.is_new for done in first.every] == [True, True]
    assert [done.is_new for done in again.every] == [False, False]
    assert again.test is not None and first.test is not None
    assert backtest_line(again.test) == backtest_line(first.test)
    other = plan_backtest(study, KEY, 2020, out)
    assert [done.is_new for done in other.every] == [True, True]


@pytest.mark.usefixtures("in_threads")
def test_the_command_shows_and_writes_the_same(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["backtest", str(study), "--programme", KEY, "--since", "2019", "--out", str(out), "--lang", "zh"]
    said = CliRunner().invoke(cli.app, words)
    assert said.exit_code == 0, said.output
    assert f"服务半径外人口：实际选址 {LEFT:,.0f}，同样新建 2 所的最好方案 {BEST:,.0f}" in said.output
    facts = json.loads(CliRunner().invoke(cli.app, [*words, "--json"]).stdout)
    written = json.loads((out / "backtest" / "backtest.json").read_text(encoding="utf-8"))
    assert facts["goals"] == written["goals"] and facts["exit_code"] == 0
    sheet = openpyxl.load_workbook(out / "backtest" / "backtest.xlsx").worksheets[1]
    assert [sheet.cell(4, column).value for column in (2, 4, 6)] == [LEFT, BEST, LEFT - BEST]
    again = recheck(study, out / "backtest")
    assert [check.rule for check in again] == [
        f"BACKTEST-{word}" for word in ("FILE", "PAST", "GOALS", "SITES", "REACH")
    ]
    assert all(check.kept for check in again)
    for word in ("real", "best"):
        assert all(check.kept for check in recheck(study, out / word) if check.rule.startswith("PLAN-"))
    (out / "backtest" / "backtest.json").write_text("{}", encoding="utf-8")
    assert [(check.rule, check.kept) for check in recheck(study, out / "backtest")] == [("BACKTEST-FILE", False)]


@pytest.mark.parametrize(
    ("more", "since", "said"),
    [
        (opened(4, year=(math.nan,)), 2019, r"nothing to look back on\. Add a column opened_year"),
        (opened(4, year=(2015.0,)), 2019, r"opened in 2019 or later; the latest did in 2015\. Say --since 2015"),
        (replace(opened(4, year=(2020.0,)), operator=("private",)), 2019, "nothing to look back on"),
    ],
)
def test_what_cannot_be_looked_back_on_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: Schools, since: int, said: str
) -> None:
    study = filed(base_with(more), tmp_path, monkeypatch)
    with pytest.raises(InputError, match=said):
        plan_backtest(study, KEY, since, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_school_becomes_a_place_of_its_size() -> None:
    """Of 3, 4, 6, 9 and 12 classes: 5 count as 6, which is remarked. N4, under S4, is one with it."""
    base = base_with(opened(4, 7, classes=5.0))
    past = past_of(base, base.project.programmes[0], 2019)
    places = past.base.area.candidates
    assert past.place == {"real:S4": 2019, "real:S7": 2021}
    assert set(places.id) == {"real:S4", "real:S7", "N2", "N6", "N8"}
    assert places.max_classes[:2].tolist() == [6.0, 6.0]
    assert past.base.area.schools.id == ("S0",)
    (remark,) = past.base.area.remarks
    assert "第4村幼儿园 (5 → 6)" in remark.what.zh
    assert past.base.project.programmes[0].budget == past.programme.budget
    assert (past.programme.budget.new, past.programme.budget.extend) == (2, 0)
    assert base.area.schools.id == ("S0", "S4", "S7"), "the base is never touched"


def test_the_other_tier_of_a_school_stays() -> None:
    base = base_with(stacked(opened(4, year=(2020.0,)), replace(opened(4, year=(2020.0,)), tier=("primary",))))
    past = past_of(base, base.project.programmes[0], 2019)
    schools = past.base.area.schools
    assert list(zip(schools.id, schools.tier, strict=True)) == [("S0", "kindergarten"), ("S4", "primary")]


# --- what is proved ----------------------------------------------------------------------------------------------


def part(place: str, **goals: tuple[float, float]) -> TierPlan:
    """A plan that builds on one place."""
    made = small_county.tier_plan()
    sites = tuple(replace(site, id=place) if site.action == "new" else site for site in made.sites)
    return replace(made, stages=tuple(small_county.stage(goal, *pair) for goal, pair in goals.items()), sites=sites)


def result(made: TierPlan) -> Result:
    folder, area = Path(), small_county.study_area()
    project = replace(line_county.base([1.0], (), None).project, folder=folder, programmes=(PROGRAMME,))
    return Result(replace(small_county.plan(), parts=(made,)), area, project, small_county.book(), (), 0.0)


PROGRAMME = line_county.base([1.0], (), None).project.programmes[0]


def test_searches_that_stopped_early_enclose_what_was_saved() -> None:
    """Nothing tells the plans apart in the first goal. In the second no plan with the real sites is below 90 and one
    with others has 70, none below 40: between 20 and 60 would have been saved. What follows answers two questions."""
    real = part("real:S9", uncovered=(5.0, 5.0), over=(100.0, 90.0), walk=(1000.0, 900.0))
    best = part("N2", uncovered=(5.0, 5.0), over=(70.0, 40.0), walk=(1200.0, 1100.0))
    test = backtest_of(2019, {}, 0, result(real), result(best))
    told = [(one.regret, one.at_least, one.at_most) for one in test.goals]
    assert told[:2] == [(0.0, 0.0, 0.0), (30.0, 20.0, 60.0)]
    assert told[2][0] == -200.0 and math.isnan(told[2][1]) and math.isnan(told[2][2])
    assert test.decisive is test.goals[1]
    assert "at least 20 and at most 60" in backtest_line(test).en


def test_a_search_that_found_less_than_was_built_says_so() -> None:
    real, best = part("real:S9", uncovered=(100.0, 80.0)), part("N2", uncovered=(120.0, 60.0))
    test = backtest_of(2019, {}, 0, result(real), result(best))
    assert [(one.regret, one.at_least, one.at_most) for one in test.goals] == [(-20.0, 0.0, 40.0)]
    assert "nothing better than the real sites (100; its best 120)" in backtest_line(test).en


def test_what_is_not_proved_is_open() -> None:
    """The same value, or the same place; a bound of 60 below 100."""
    pair = {"uncovered": (100.0, 80.0)}, {"uncovered": (100.0, 60.0)}
    other = backtest_of(2019, {}, 0, result(part("real:S9", **pair[0])), result(part("N2", **pair[1])))
    assert "whether residents beyond the radius could fall, by up to 40, is open" in backtest_line(other).en
    again = backtest_of(2019, {}, 0, result(part("real:S9", **pair[0])), result(part("real:S9", **pair[1])))
    assert backtest_line(again).en.startswith("The best plan builds on the very places that were chosen; whether")
    assert (len(other.real_only), len(again.shared)) == (1, 1)


# --- verified by damage ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A back-test and both plans with what they stand on."""
    base = base_with(opened(*REAL))
    past = past_of(base, base.project.programmes[0], 2019)
    found = {"base": base}
    for word, its in (("real", past.as_built()), ("best", past.base)):
        ground, _ = prepared(its)
        plan = make_plan(ground, workers=1)
        found[word] = Result(plan, ground.area, ground.project, ground.book, (), 0.0)
    test = backtest_of(2019, past.place, past.unknown, found["real"], found["best"])
    return {**found, "said": json.loads(backtest_to_json(test))}


def broken(made: dict[str, Any], said: dict[str, Any], **other: Any) -> dict[str, str]:
    its = {**made, **other}
    checks = verify_backtest(json.dumps(said), its["base"].area, its["real"], its["best"])
    return {check.rule: check.evidence.en for check in checks if not check.kept}


def test_what_was_written_adds_up(made: dict[str, Any]) -> None:
    assert broken(made, made["said"]) == {}


def test_a_school_that_lies_in_no_unit_is_none_of_the_programme(made: dict[str, Any]) -> None:
    outside = replace(opened(4, year=(2020.0,)), unit=np.array([-1]))
    area = replace(made["base"].area, schools=stacked(made["base"].area.schools, outside))
    assert broken(made, made["said"], base=replace(made["base"], area=area)) == {}


SPOILED = {
    "not json": (lambda said: said.update(format="siting plan"), "BACKTEST-FILE", "is no siting backtest"),
    "a key": (lambda said: said.pop("gained"), "BACKTEST-FILE", "gained is missing"),
    "another programme": (lambda said: said.update(programme="x"), "BACKTEST-FILE", "is no plan of x alone"),
    "built": (lambda said: said.update(built=3), "BACKTEST-PAST", "built should be 2, and is 3"),
    "unknown": (lambda said: said.update(unknown=0), "BACKTEST-PAST", "unknown should be 1, and is 0"),
    "since": (lambda said: said.update(since=2020), "BACKTEST-PAST", "should be listed 0 times as a new build"),
    "order": (lambda said: said["goals"].reverse(), "BACKTEST-GOALS", "goals should be uncovered"),
    "real": (lambda said: said["goals"][0].update(real=1.0), "BACKTEST-GOALS", "real is stated as 1"),
    "bound": (lambda said: said["goals"][0].update(best_bound=1.0), "BACKTEST-GOALS", "best_bound is stated as 1"),
    "regret": (lambda said: said["goals"][0].update(regret=1.0), "BACKTEST-GOALS", "regret is stated as 1"),
    "at least": (lambda said: said["goals"][0].update(at_least=9e9), "BACKTEST-GOALS", "at_least is stated as"),
    "behind": (lambda said: said["goals"][-1].update(at_most=0.0), "BACKTEST-GOALS", "at_most is stated as 0"),
    "a site less": (lambda said: said["best_only"].pop(), "BACKTEST-SITES", "listed 1 times as best only"),
    "a name": (lambda said: said["real_only"][0].update(name="x"), "BACKTEST-SITES", "told as x"),
    "a year": (lambda said: said["real_only"][0].update(year=1999), "BACKTEST-SITES", "told as 1999"),
    "served": (
        lambda said: said["real_only"][0].update(real_residents=1.0), "BACKTEST-SITES", "real_residents is stated as 1",
    ),
    "reach": (lambda said: said["reach"].pop(), "BACKTEST-REACH", "as a change of reach"),
    "gained": (lambda said: said.update(gained=1.0), "BACKTEST-REACH", "gained is stated as 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_file_is_caught(made: dict[str, Any], name: str) -> None:
    spoil, rule, sentence = SPOILED[name]
    said = json.loads(json.dumps(made["said"]))
    spoil(said)
    told = broken(made, said)
    assert sentence in told[rule]


def test_plans_that_do_not_compare_are_caught(made: dict[str, Any]) -> None:
    """A plan that extends, one in which a school still stands, and a bound above what the real sites reach."""
    best = made["best"]
    (part_,) = best.plan.parts

    def with_part(new: TierPlan) -> dict[str, Any]:
        return {"best": replace(best, plan=replace(best.plan, parts=(new,)))}

    kept = next(site for site in part_.sites if site.action == "keep")
    grown = tuple(replace(site, action="extend") if site is kept else site for site in part_.sites)
    told = broken(made, made["said"], **with_part(replace(part_, sites=grown)))
    assert "builds 2 and extends 1" in told["BACKTEST-PAST"]
    stands = (*part_.sites, replace(kept, id="S3"))
    told = broken(made, made["said"], **with_part(replace(part_, sites=stands)))
    assert "S3 still stands in the plan 'best'" in told["BACKTEST-PAST"]
    first = replace(part_.stages[0], value=LEFT + 9.0, bound=LEFT + 9.0)
    told = broken(made, made["said"], **with_part(replace(part_, stages=(first, *part_.stages[1:]))))
    assert f"has a bound of {LEFT + 9.0:,.2f}, and the real sites reach {LEFT:,.2f}" in told["BACKTEST-GOALS"]


@pytest.mark.parametrize("seed", range(6))
def test_no_choice_was_better_than_the_bound(seed: int) -> None:
    """Other people, other real sites: regret is never negative in the leading goal, and the best is the best of all."""
    random = np.random.default_rng(seed)
    people = random.integers(2, 25, 10) * 100.0
    real = sorted(random.choice(np.arange(2, 10), 2, replace=False).tolist())
    base = line_county.base(people.tolist(), CANDIDATES, 2)
    base = replace(base, area=replace(base.area, schools=stacked(base.area.schools, opened(*real, classes=12.0))))
    past = past_of(base, base.project.programmes[0], 2019)
    plans = [make_plan(prepared(its)[0], workers=1).parts[0] for its in (past.as_built(), past.base)]
    before, after = (plan.stages[0] for plan in plans)
    assert before.value == uncovered(people.tolist(), real)
    every = {*CANDIDATES, *real}
    assert after.value == min(uncovered(people.tolist(), some) for some in combinations(sorted(every), 2))
    assert before.value >= after.bound

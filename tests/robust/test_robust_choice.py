"""Sets of sites in several futures of a line of villages, against trying every set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import line_county
import numpy as np
import pytest
from line_county import name, uncovered

from siting.plan import Plan
from siting.project import Lock
from siting.robust import choose
from siting.robust.bound import least_leading
from siting.robust.locking import fits, with_sets
from siting.robust.sets import SiteSet, most_of, site_sets
from siting.robust.trial import tried
from siting.rules.gather import terms_for
from siting.run import Base, make_plan, prepared
from siting.words import Phrase, both

KEY = "kindergarten-rural"
GOALS = {KEY: ("uncovered", "over", "cost", "under", "walk")}
CANDIDATES = (2, 4, 6, 8)


def planned(base: Base) -> Plan:
    study, faults = prepared(base)
    assert faults == ()
    return make_plan(study, workers=1)


def site_set(*places: int) -> SiteSet:
    return SiteSet(both("+".join(map(name, places))), frozenset(map(name, places)), frozenset())


def futures(seed: int) -> list[list[float]]:
    random = np.random.default_rng(seed)
    return [[float(one) for one in random.integers(2, 25, 10) * 100] for _ in range(3)]


@pytest.mark.parametrize(("seed", "new"), [(1, 1), (2, 2), (3, 2), (4, None)])
def test_the_choice_against_every_set(tmp_path: Path, seed: int, new: int | None) -> None:
    """Every set of candidates is worth what the paper says; nothing beats the bound; the sets tried are the best of
    themselves, and of all where the budget is one site."""
    people, weight = futures(seed), (1.0, 2.0, 1.0)
    bases = [line_county.base(one, CANDIDATES, new) for one in people]
    plans = [planned(base) for base in bases]
    most = len(CANDIDATES) if new is None else new
    every = [site_set(*some) for size in range(most + 1) for some in combinations(CANDIDATES, size)]
    trials = [tried(base, plan, {KEY: every}, GOALS, tmp_path) for base, plan in zip(bases, plans, strict=True)]
    value = np.stack([trial.value[KEY] for trial in trials], axis=1)
    paper = [[uncovered(one, (int(site[1:]) for site in some.new)) for one in people] for some in every]
    assert value[:, :, 0] == pytest.approx(np.array(paper))
    mean = np.average(paper, axis=1, weights=weight)
    bound = np.average([trial.least[KEY] for trial in trials], weights=weight)
    assert bound <= mean.min() + 1e-6
    best = [(both(str(k)), w, plan.parts[0]) for k, (w, plan) in enumerate(zip(weight, plans, strict=True))]
    terms = [terms_for(base.book, base.project.programmes[0]) for base in bases]
    sets = site_sets(plans[0].parts[0], best, most_of(terms))
    row = {some.new: place for place, some in enumerate(every)}
    tried_value = value[[row[some.new] for some in sets]]
    own = np.stack([trial.own[KEY] for trial in trials])
    judged = choose([str(some.name) for some in sets], "abc", GOALS[KEY], tried_value, own, weight)
    assert judged.mean[judged.by_mean, 0] == pytest.approx(judged.mean[:, 0].min())
    assert judged.mean[judged.by_mean, 0] >= mean.min() - 1e-6
    marks = np.minimum(tried_value[:, :, 0].min(axis=0), own[:, 0])
    greatest = (tried_value[:, :, 0] - marks).max(axis=1)
    assert judged.table.greatest[judged.by_regret, 0] == pytest.approx(greatest.min())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("new", [1, 2, None])
def test_no_set_is_below_its_bound_however_people_are_scattered(seed: int, new: int | None) -> None:
    """Few sites open send villages farther than they may go otherwise; some of their people live near even so."""
    random = np.random.default_rng(seed)
    people = [float(one) for one in random.integers(2, 45, 9) * 100]
    base = line_county.scattered(line_county.base(people, (3, 5, 8), new), random)
    study, faults = prepared(base)
    assert faults == ()
    programme, free = base.project.programmes[0], make_plan(study, workers=1).parts[0]
    least = least_leading(study, programme, free)
    most = 3 if new is None else new
    for some in (places for size in range(most + 1) for places in combinations((3, 5, 8), size)):
        made = make_plan(with_sets(study, {KEY: site_set(*some)}), workers=1).parts[0]
        assert made.stages[0].value >= least - 1e-6


def test_mixtures_keep_to_the_budget_and_to_the_weightiest() -> None:
    """Three futures build N2 N6, N2 N8, N4 N8 with weights 3, 2, 2: N2 has 5 of 7, N8 4, N6 3, N4 2."""
    base = planned(line_county.base([1000.0] * 10, CANDIDATES, 2)).parts[0]
    kept = next(site for site in base.sites if site.action == "keep")

    def part(*places: int) -> object:
        built = tuple(replace(kept, id=name(place), action="new") for place in places)
        return replace(base, sites=(kept, *built))

    best = [
        (both(str(k)), weight, part(*some)) for k, (weight, some) in enumerate([(3, (2, 6)), (2, (2, 8)), (2, (4, 8))])
    ]
    terms = terms_for(line_county.BOOK, line_county.base([1.0] * 2, (1,), 2).project.programmes[0])
    found = {some.name.en: sorted(some.new) for some in site_sets(base, best, most_of([terms]))}
    assert list(found.values()).count(["N2", "N8"]) == 1
    assert found["common"] == []
    assert {tuple(some) for some in found.values()} >= {("N2", "N6"), ("N2", "N8"), ("N4", "N8")}
    assert max(map(len, found.values())) == 2
    exact = most_of([replace(terms, new_exact=True)])
    assert all(len(some.new) == 2 for some in site_sets(base, best, exact))


def test_what_a_future_settles_stays_settled(tmp_path: Path) -> None:
    """N2 cannot be had in this future: the set N2 N6 is N6 there. N8 is required: N2 N6 are then one too many."""
    veto = Lock("N2", "kindergarten", "forbid", Phrase("征地未通过", "sold"))
    promise = Lock("N8", "kindergarten", "require", Phrase("已承诺", "promised"))
    base, people = line_county.base([1000.0] * 10, CANDIDATES, 2), [1000.0] * 10
    for lock, is_possible in ((veto, True), (promise, False)):
        study, _ = prepared(replace(base, project=replace(base.project, locks=(lock,))))
        assert fits(study, base.project.programmes[0], site_set(2, 6)) is is_possible
    study, _ = prepared(replace(base, project=replace(base.project, locks=(veto,))))
    made = make_plan(with_sets(study, {KEY: site_set(2, 6)}), workers=1)
    assert {site.id for site in made.parts[0].sites} == {"S0", "N6"}
    assert made.parts[0].stages[0].value == uncovered(people, (6,))
    settled = replace(base, project=replace(base.project, locks=(promise,)))
    trial = tried(settled, planned(settled), {KEY: [site_set(2, 6), site_set(6)]}, GOALS, tmp_path)
    assert np.isnan(trial.value[KEY][0]).all()
    assert trial.value[KEY][1, 0] == uncovered(people, (6, 8))


def test_a_second_look_finds_the_answers(tmp_path: Path) -> None:
    base = line_county.base(futures(7)[0], CANDIDATES, 2)
    plan = planned(base)
    first = tried(base, plan, {KEY: [site_set(2), site_set(4, 8)]}, GOALS, tmp_path)
    files = sorted(file.name for file in tmp_path.iterdir())
    again = tried(base, plan, {KEY: [site_set(2), site_set(4, 8)]}, GOALS, tmp_path)
    assert first.value[KEY].tolist() == again.value[KEY].tolist()
    assert sorted(file.name for file in tmp_path.iterdir()) == files


def test_only_cover_has_a_bound() -> None:
    base = line_county.base(futures(5)[0], CANDIDATES, 2)
    goals = ("cost", "uncovered", "walk")
    programme = replace(base.project.programmes[0], goals=goals)
    base = replace(base, project=replace(base.project, programmes=(programme,)))
    study, _ = prepared(base)
    assert least_leading(study, programme, planned(base).parts[0]) == 0.0


def test_a_set_that_lacks_a_future_is_not_chosen() -> None:
    value = np.array([[[0.0], [np.nan]], [[5.0], [7.0]]])
    judged = choose(["a", "b"], ["x", "y"], ("uncovered",), value, np.array([[4.0], [7.0]]), (1, 1))
    assert (judged.by_mean, judged.by_regret) == (1, 1)
    assert judged.table.greatest[1, 0] == 5.0
    none = choose(["a"], ["x", "y"], ("uncovered",), value[:1], np.array([[4.0], [7.0]]), (1, 1))
    assert (none.by_mean, none.by_regret) == (-1, -1)


def test_goals_count_in_their_order() -> None:
    """Equal in the first goal; the second decides, whatever the third says."""
    value = np.array([[[5.0, 3.0, 1.0]], [[5.0, 2.0, 9.0]]])
    judged = choose(["a", "b"], ["x"], ("uncovered", "cost", "walk"), value, value[0], (1,))
    assert (judged.by_mean, judged.by_regret) == (1, 1)

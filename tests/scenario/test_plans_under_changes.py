"""What holds of the plans of every scenario, tried on six villages with other people in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scenario_cases as cases
from scenario_cases import X0, Y0, changed, planned, values

from siting.plan import Plan
from siting.programme import Ground
from siting.programme.question import ask
from siting.project import GOALS, Goal
from siting.rules.gather import terms_for
from siting.run import Base, prepared
from siting.study import Candidates

ORDERS: tuple[tuple[Goal, ...], ...] = (
    GOALS,
    ("over", "uncovered", "cost", "under", "walk"),
    ("cost", "uncovered", "over", "under", "walk"),
    ("under", "over", "uncovered", "walk", "cost"),
)


def crowd(seed: int) -> Base:
    """Other numbers of people, plots in V2 and V4, another school that can grow, another order of the goals.

    Large villages only where cover leads: one that has to run its own school (大村独办, from 3,000 people) is free of
    that where its plot cannot be had, so that a veto may save a new build.
    """
    base, draw = cases.base(), np.random.default_rng(seed)
    goals = ORDERS[seed % len(ORDERS)]
    residents = draw.integers(3, 60 if goals[0] == "uncovered" else 29, 7) * 100.0
    units, points, schools = base.area.units, base.area.points, base.area.schools
    plots = Candidates(
        ("N2", "N4"),
        ("N2", "N4"),
        (frozenset({"kindergarten"}),) * 2,
        np.array([2, 4]),
        X0 + np.array([2000.0, 4000.0]),
        np.full(2, Y0),
        np.array([12.0, 6.0]),
    )
    area = replace(
        base.area,
        units=replace(units, residents=residents),
        points=replace(points, residents=points.residents / units.residents[points.unit] * residents[points.unit]),
        schools=replace(schools, max_classes=np.array([9.0, 6, 1, 6])),
        candidates=plots,
    )
    programmes = (replace(base.project.programmes[0], goals=goals),)
    return replace(base, area=area, project=replace(base.project, programmes=programmes))


def settle(kind: str, site: str) -> str:
    return f'[[change]]\nkind = "{kind}"\nsite = "{site}"\ntier = "kindergarten"\nreason = "x"\n'


def told(plan: Plan) -> list[object]:
    (part,) = plan.parts
    return [(site.id, site.action, site.classes, site.units) for site in part.sites]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_forbidden_or_required_never_improves_the_leading_goal(tmp_path: Path, seed: int) -> None:
    """In any order of the goals, at plots and at schools; and what is required is done."""
    base = crowd(seed)
    free = planned(base).parts[0].stages[0]
    for kind, site, action in (
        ("forbid_site", "N2", None),
        ("forbid_site", "N4", None),
        ("forbid_site", "S5", "keep"),
        ("require_site", "N4", "new"),
        ("require_site", "S1", "extend"),
        ("require_site", "S5", "extend"),
    ):
        plan = planned(changed(tmp_path, settle(kind, site), of=base))
        first = plan.parts[0].stages[0]
        assert first.goal == free.goal
        assert first.value >= free.bound - 1e-6 * max(1.0, free.bound), (kind, site)
        assert cases.actions(plan).get(site) == action


@pytest.mark.parametrize("seed", range(8))
def test_what_the_plan_does_anyway_may_be_required(tmp_path: Path, seed: int) -> None:
    """Locked as they are, all sites at once, nothing changes."""
    base = crowd(seed)
    plan = planned(base)
    locks = "".join(settle("lock_site", site) for site in ("N2", "N4", "S1", "S5"))
    again = planned(changed(tmp_path, locks, plan, of=base))
    assert cases.actions(again) == cases.actions(plan)
    assert values(again) == pytest.approx(values(plan))


def metres(base: Base) -> dict[tuple[str, str], float]:
    """Mean road from every unit to every site it may go to."""
    study, faults = prepared(base)
    assert faults == ()
    (programme,) = base.project.programmes
    ground = Ground(study.area, study.network, study.points)
    one = ask(ground, programme, terms_for(base.book, programme), base.project).instance
    pairs = zip(one.arcs.unit.tolist(), one.arcs.site.tolist(), one.arcs.metres.tolist(), strict=True)
    return {(one.unit_id[i], one.site_id[j]): road for i, j, road in pairs}


@pytest.mark.parametrize("seed", range(10))
def test_a_bridge_more_lengthens_no_walk_to_any_site(tmp_path: Path, seed: int) -> None:
    """Between any two places of the road, over the fields; and nobody loses reach by it."""
    base, draw = crowd(4 * seed), np.random.default_rng(seed)
    first, last = (X0 + np.sort(draw.uniform(0.0, 6000.0, 2)).round(1)).tolist()
    line = [[first, Y0], [(first + last) / 2.0, Y0 + float(draw.uniform(-900.0, 900.0))], [last, Y0]]
    bridge = f'[[change]]\nkind = "add_road"\nline = {line}\ncrs = "EPSG:4547"\n'
    crossed = changed(tmp_path, bridge, of=base)
    before, after = metres(base), metres(crossed)
    assert before.keys() <= after.keys()
    assert all(after[pair] <= road + 1e-6 for pair, road in before.items())
    assert values(planned(crossed))["uncovered"] <= values(planned(base))["uncovered"] + 1e-6


CUT = f"[[{X0 + 50}, {Y0 + 20}], [{X0 + 950}, {Y0 + 20}], [{X0 + 950}, {Y0 + 400}], [{X0 + 50}, {Y0 + 400}]]\n"
PAIRS = (
    ('kind = "change_births"\nfactor = 2', 'kind = "change_births"\nfactor = 0.5'),
    ('kind = "change_migration"\nfactor = 2', 'kind = "change_migration"\nfactor = 0.5'),
    (
        'kind = "change_enrolment"\nfactor = 0.5\ntownships = ["留早镇"]',
        'kind = "change_enrolment"\nfactor = 2\ntownships = ["留早镇"]',
    ),
    (
        'kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = 900',
        'kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = 1500',
    ),
    (
        f'kind = "add_road"\nline = [[{X0 + 100}, {Y0}], [{X0 + 900}, {Y0 + 300}]]\nsnap_m = 400\ncrs = "EPSG:4547"',
        f'kind = "remove_road"\npolygon = {CUT}crs = "EPSG:4547"',
    ),
)


@pytest.mark.parametrize("seed", range(6))
def test_changes_taken_back_in_reverse_give_the_base_plan(tmp_path: Path, seed: int) -> None:
    base, draw = crowd(seed), np.random.default_rng(seed)
    order = draw.permutation(len(PAIRS))[: 2 + seed % 4].tolist()
    changes = [*(PAIRS[k][0] for k in order), *(PAIRS[k][1] for k in reversed(order))]
    plan, again = planned(base), planned(changed(tmp_path, "".join(f"[[change]]\n{one}\n" for one in changes), of=base))
    assert told(again) == told(plan)
    assert values(again) == pytest.approx(values(plan))


@pytest.mark.parametrize("seed", range(4))
def test_a_veto_leaves_nothing_behind(tmp_path: Path, seed: int) -> None:
    """The base planned before a scenario and after it is the same plan, number by number."""
    base = crowd(seed)
    plan = planned(base)
    planned(changed(tmp_path, settle("forbid_site", "N4") + settle("forbid_site", "S5"), of=base))
    again = planned(base)
    assert told(again) == told(plan)
    assert [(stage.value, stage.bound) for stage in again.parts[0].stages] == [
        (stage.value, stage.bound) for stage in plan.parts[0].stages
    ]

"""What holds of every scenario, tried on small random places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scenario_cases as cases
import shapely
from scenario_cases import X0, Y0, changed, planned

from siting.network.build import build_network
from siting.network.distances import bounded_distances
from siting.network.snapping import snap
from siting.run import Base
from siting.scenario.roadwork import cut_out, linked, noded, shortest_way, without_edges
from siting.study import Candidates, FloatArray, Roads

ROWS = 5
FAR_M = 1e6


def _streets(seed: int) -> Roads:
    """A crooked grid of streets 100 m apart, some of them missing."""
    draw = np.random.default_rng(seed)
    x, y = (grid.ravel() for grid in np.meshgrid(100.0 * np.arange(ROWS), 100.0 * np.arange(ROWS)))
    x, y = x + draw.uniform(-20, 20, len(x)), y + draw.uniform(-20, 20, len(y))
    node = np.arange(ROWS**2).reshape(ROWS, ROWS)
    tail = np.concatenate((node[:, :-1].ravel(), node[:-1].ravel()))
    head = np.concatenate((node[:, 1:].ravel(), node[1:].ravel()))
    kept = np.concatenate((np.ones(ROWS * (ROWS - 1), dtype=bool), draw.random(ROWS * (ROWS - 1)) < 0.5))
    kept[ROWS * (ROWS - 1) :: ROWS] = True
    tail, head = tail[kept], head[kept]
    return Roads(x, y, tail, head, np.hypot(x[tail] - x[head], y[tail] - y[head]), np.full(len(tail), 4, dtype=np.int8))


def _walks(roads: Roads, seed: int) -> FloatArray:
    """Metres from three gates to twenty homes (60,)."""
    draw = np.random.default_rng(seed)
    network = build_network(roads)
    homes, gates = draw.uniform(-50, 450, (2, 20)), draw.uniform(0, 400, (2, 3))
    found = bounded_distances(network, snap(network, *gates), snap(network, *homes), FAR_M)
    metres = np.full((3, 20), np.inf)
    metres[np.repeat(np.arange(3), np.diff(found.start)), found.point] = found.metres
    return metres.ravel()


@pytest.mark.parametrize("seed", range(40))
def test_a_road_more_makes_no_walk_longer(seed: int) -> None:
    roads, draw = _streets(seed), np.random.default_rng(seed + 1000)
    first, last, bend = draw.uniform(0, 400, (3, 2))
    more, one, _ = noded(roads, *first)
    more, other, _ = noded(more, *last)
    if one == other:
        return
    more = linked(more, one, bend[None, :], other)
    before, after = _walks(roads, seed), _walks(more, seed)
    assert (after <= before + 1e-6).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_road_added_and_removed_leaves_every_walk_as_it_was(seed: int) -> None:
    roads, draw = _streets(seed), np.random.default_rng(seed + 2000)
    more, one, _ = noded(roads, *draw.uniform(0, 400, 2))
    more, other, _ = noded(more, *draw.uniform(0, 400, 2))
    if one == other:
        return
    more = linked(more, one, np.zeros((0, 2)), other)
    left = without_edges(more, shortest_way(more, one, other))
    straight = np.hypot(more.x[one] - more.x[other], more.y[one] - more.y[other])
    if (
        np.isclose(straight, more.length_m[shortest_way(more, one, other)].sum())
        and len(left.tail) == len(more.tail) - 1
    ):
        assert _walks(left, seed) == pytest.approx(_walks(roads, seed))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_cut_out_and_what_is_left_are_all_there_was(seed: int) -> None:
    roads, draw = _streets(seed), np.random.default_rng(seed + 3000)
    ground = shapely.Point(draw.uniform(100, 300, 2)).buffer(draw.uniform(30, 120))
    left, within_m = cut_out(roads, ground)
    assert left.length_m.sum() + within_m == pytest.approx(roads.length_m.sum())
    ends = np.stack((left.tail, left.head), axis=1)
    lines = shapely.linestrings(np.stack((left.x[ends], left.y[ends]), axis=2))
    assert shapely.length(shapely.intersection(lines, ground.buffer(-0.01))).sum() == pytest.approx(0.0, abs=0.1)


def _many_plots(seed: int) -> Base:
    """The six villages with other numbers of people, and a plot in each."""
    base, draw = cases.base(), np.random.default_rng(seed)
    residents = draw.integers(300, 4000, 7).astype(float)
    units, points = base.area.units, base.area.points
    shares = points.residents / units.residents[points.unit]
    plots = Candidates(
        tuple(f"N{k}" for k in range(6)),
        tuple(f"N{k}" for k in range(6)),
        (frozenset({"kindergarten"}),) * 6,
        np.arange(6),
        X0 + 1000.0 * np.arange(6) + 30.0,
        np.full(6, Y0),
        np.full(6, np.nan),
    )
    area = replace(
        base.area,
        units=replace(units, residents=residents),
        points=replace(points, residents=shares * residents[points.unit]),
        candidates=plots,
    )
    return replace(base, area=area)


@pytest.mark.parametrize("seed", range(4))
def test_forbidding_a_site_never_improves_the_leading_goal(tmp_path: Path, seed: int) -> None:
    base = _many_plots(seed)
    free = planned(base).parts[0]
    for site in [site.id for site in free.sites if site.action == "new"]:
        forbid = f'[[change]]\nkind = "forbid_site"\nsite = "{site}"\ntier = "kindergarten"\nreason = "x"\n'
        part = planned(changed(tmp_path, forbid, of=base)).parts[0]
        assert site not in {one.id for one in part.sites}
        assert part.stages[0].value >= free.stages[0].bound - 1e-6
        require = forbid.replace("forbid_site", "require_site")
        bound = planned(changed(tmp_path, require, of=base)).parts[0]
        assert [stage.value for stage in bound.stages] == pytest.approx([stage.value for stage in free.stages])


REVERSES = {
    "births": ('kind = "change_births"\nfactor = 0.8', 'kind = "change_births"\nfactor = 1.25'),
    "migration": ('kind = "change_migration"\nfactor = 2', 'kind = "change_migration"\nfactor = 0.5'),
    "rule": (
        'kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = 1000',
        'kind = "change_rule"\nrule = "KG-R-REACH"\nparameter = "value"\nvalue = 1500',
    ),
    "road": (
        f'kind = "add_road"\nline = [[{X0 + 100}, {Y0}], [{X0 + 900}, {Y0 + 300}]]\nsnap_m = 400\ncrs = "EPSG:4547"',
        f'kind = "remove_road"\npolygon = [[{X0 + 50}, {Y0 + 20}], [{X0 + 950}, {Y0 + 20}], [{X0 + 950}, {Y0 + 400}], '
        f'[{X0 + 50}, {Y0 + 400}]]\ncrs = "EPSG:4547"',
    ),
}


@pytest.mark.parametrize("name", REVERSES)
def test_a_scenario_and_its_reverse_give_the_base_plan(tmp_path: Path, name: str) -> None:
    there, back = REVERSES[name]
    plan = planned(changed(tmp_path, f"[[change]]\n{there}\n[[change]]\n{back}\n")).parts[0]
    base = planned(cases.base()).parts[0]
    assert [(site.id, site.action, site.classes, site.units) for site in plan.sites] == [
        (site.id, site.action, site.classes, site.units) for site in base.sites
    ]
    assert [stage.value for stage in plan.stages] == pytest.approx([stage.value for stage in base.stages])

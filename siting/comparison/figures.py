"""The measures a comparison puts side by side: of one programme, and added up over programmes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from siting.comparison.equity import gini, mean, quantile
from siting.comparison.money import SEAT_WAN_YUAN
from siting.comparison.records import Pair
from siting.comparison.views import View
from siting.indicators import covered_share
from siting.plan import Site, Stage
from siting.project import goal_name
from siting.study import Tier
from siting.words import Phrase, both

TOLERANCE = 1e-6
"""Residents by which a sum may miss a bound through rounding alone."""

SCHOOLS = Phrase("所", "schools")
METRES = Phrase("米", "m")
SEATS = Phrase("个", "seats")
SHARE = Phrase("比例", "share")
RESIDENTS = Phrase("人", "residents")
WAN_YUAN = Phrase("万元", "10,000 yuan")


class Measure(NamedTuple):
    """One measure: what it is called, its unit, and how it is taken of a programme."""

    name: Phrase
    unit: Phrase
    of: Callable[[View], float]


def pair(key: str, name: Phrase, unit: Phrase, base: float, other: float) -> Pair:
    """A measure in both plans and its difference; two that are the same, be they endless, differ by 0."""
    return Pair(key, name, unit, base, other, 0.0 if base == other else other - base)


def figures(base: View, other: View) -> tuple[Pair, ...]:
    """Goals with their bounds, then schools, seats, cost and pupils."""
    return (*_goals(base, other), *_pairs(FIGURES, base, other))


def equity(base: View, other: View) -> tuple[Pair, ...]:
    """How far people walk and how evenly."""
    return _pairs(EQUITY, base, other)


def _pairs(measures: Mapping[str, Measure], base: View, other: View) -> tuple[Pair, ...]:
    return tuple(pair(key, one.name, one.unit, one.of(base), one.of(other)) for key, one in measures.items())


def _goals(base: View, other: View) -> Iterator[Pair]:
    """Value and bound of every goal of either plan."""
    before, after = _stages(base), _stages(other)
    for goal, stage in {**before, **after}.items():
        name = goal_name(goal, other.part.radius_m)
        least = Phrase(f"{name.zh}（下界）", f"{name.en} (bound)")
        yield pair(goal, name, stage.unit, _value(before.get(goal)), _value(after.get(goal)))
        yield pair(f"{goal}_bound", least, stage.unit, _bound(before.get(goal)), _bound(after.get(goal)))


def _stages(view: View) -> Mapping[str, Stage]:
    return {stage.goal: stage for stage in view.part.stages}


def _value(stage: Stage | None) -> float:
    return stage.value if stage else math.nan


def _bound(stage: Stage | None) -> float:
    return stage.bound if stage else math.nan


def seat_wan_yuan(tier: Tier) -> float:
    """What a seat of a tier is estimated to cost; nan where nobody said."""
    return SEAT_WAN_YUAN[tier].value if tier in SEAT_WAN_YUAN else math.nan


def seats_added(view: View) -> float:
    """Seats of new builds, and what extensions add to those counted before (classes x class size where none are)."""
    return float(sum(added_at_sites(view).values()))


def added_at_sites(view: View) -> Mapping[str, float]:
    """``seats_added`` of every site that is built or extended, by its id."""
    schools = view.area.schools
    now = dict(zip(zip(schools.id, schools.tier, strict=True), schools.seats.tolist(), strict=True))

    def before(site: Site) -> float:
        counted = now.get((site.id, view.part.tier), math.nan)
        return site.classes_before * view.terms.class_size if math.isnan(counted) else counted

    done = [site for site in view.part.sites if site.action != "keep"]
    return {site.id: site.seats - (before(site) if site.action == "extend" else 0.0) for site in done}


def money_wan_yuan(view: View) -> float:
    """What the added seats are estimated to cost; nothing added costs nothing."""
    added = seats_added(view)
    return 0.0 if added == 0 else added * seat_wan_yuan(view.part.tier)


def cost_points(view: View) -> float:
    """Projects as the programme weighs them."""
    return view.asked.cost_new * view.part.count("new") + view.asked.cost_extend * view.part.count("extend")


def _below(view: View) -> float:
    """Schools that serve fewer residents than the band; nan where the rules give none."""
    lower = view.terms.lower
    if lower <= 0:
        return math.nan
    return float(sum(site.service_population < lower - TOLERANCE for site in view.part.sites))


def _above(view: View) -> float:
    """Schools that serve more, those that may (large villages, extensions with seats) included."""
    upper = view.terms.upper
    if math.isinf(upper):
        return math.nan
    return float(sum(site.service_population > upper + TOLERANCE for site in view.part.sites))


def _counted(values: Iterable[float]) -> float:
    return float(sum(value for value in values if not math.isnan(value)))


def _pupils(view: View) -> float:
    return _counted(site.pupils for site in view.part.sites)


def _pupils_per_school(view: View) -> float:
    served = [site for site in view.part.sites if site.units]
    return _pupils(view) / len(served) if served else math.nan


def _fill(view: View) -> float:
    """Pupils per seat of schools whose seats are counted."""
    counted = [site for site in view.part.sites if site.seats > 0 and not math.isnan(site.pupils)]
    seats = sum(site.seats for site in counted)
    return sum(site.pupils for site in counted) / seats if seats > 0 else math.nan


def worst_m(view: View) -> float:
    """The longest way of any resident to school; inf where somebody has none."""
    if any(not given.site_id and view.residents(unit) > 0 for unit, given in view.given.items()):
        return math.inf
    return max((site.farthest_m for site in view.part.sites if not math.isnan(site.farthest_m)), default=math.nan)


def beyond_share(view: View) -> float:
    """Share of residents beyond the radius of their school, person by person; nan where no distance is promised.

    Source: service standard of Church and ReVelle (1974), measured on assignments.
    """
    return 1.0 - covered_share(view.part, view.area)


FIGURES: Mapping[str, Measure] = {
    "covered_share": Measure(Phrase("覆盖率", "covered"), SHARE, lambda view: covered_share(view.part, view.area)),
    "residents": Measure(Phrase("常住人口", "residents"), RESIDENTS, lambda view: float(np.nansum(view.everybody()))),
    "pupils": Measure(Phrase("学生", "pupils"), Phrase("人", "pupils"), _pupils),
    "schools": Measure(Phrase("学校", "schools"), SCHOOLS, lambda view: float(len(view.part.sites))),
    "new": Measure(Phrase("新建", "new builds"), SCHOOLS, lambda view: float(view.part.count("new"))),
    "extend": Measure(Phrase("扩建", "extensions"), SCHOOLS, lambda view: float(view.part.count("extend"))),
    "cost_points": Measure(Phrase("建设项目计分", "projects, weighed"), Phrase("分", "points"), cost_points),
    "seats": Measure(Phrase("学位", "seats"), SEATS, lambda view: _counted(site.seats for site in view.part.sites)),
    "seats_added": Measure(Phrase("新增学位", "seats added"), SEATS, seats_added),
    "money_wan_yuan": Measure(Phrase("投资估算，不含土地", "estimated money without land"), WAN_YUAN, money_wan_yuan),
    "fill_share": Measure(Phrase("学位利用率", "seats filled"), SHARE, _fill),
    "pupils_per_school": Measure(
        Phrase("校均学生", "pupils per school"), Phrase("人/所", "pupils"), _pupils_per_school
    ),
    "below_band": Measure(Phrase("低于服务人口下限的学校", "schools below the band"), SCHOOLS, _below),
    "above_band": Measure(Phrase("高于服务人口上限的学校", "schools above the band"), SCHOOLS, _above),
}
"""In the order people read them. Sums are of what is counted."""

EQUITY: Mapping[str, Measure] = {
    "mean_m": Measure(Phrase("平均路程", "mean distance"), METRES, lambda view: mean(view.metres(), view.everybody())),
    "median_m": Measure(
        Phrase("中位路程", "median distance"), METRES, lambda view: quantile(view.metres(), view.everybody(), 0.5)
    ),
    "p90_m": Measure(
        Phrase("九成居民以内", "90 % live within"), METRES, lambda view: quantile(view.metres(), view.everybody(), 0.9)
    ),
    "worst_m": Measure(Phrase("最远居民", "farthest resident"), METRES, worst_m),
    "beyond_share": Measure(Phrase("服务半径外", "beyond the radius"), SHARE, beyond_share),
    "gini": Measure(
        Phrase("路程基尼系数", "Gini of distance"), both("0–1"), lambda view: gini(view.metres(), view.everybody())
    ),
}

SUMMED = ("uncovered", "schools", "new", "extend", "cost_points", "seats", "seats_added", "money_wan_yuan")
"""Figures that add up over programmes."""


def totals(every: Sequence[Sequence[Pair]]) -> tuple[Pair, ...]:
    """SUMMED over the figures of every programme; nan where some programme's is nan, nothing where none has it."""
    found = {key: [one for figures in every for one in figures if one.key == key] for key in SUMMED}
    return tuple(
        pair(key, pairs[0].name, pairs[0].unit, sum(one.base for one in pairs), sum(one.other for one in pairs))
        for key, pairs in found.items()
        if pairs
    )

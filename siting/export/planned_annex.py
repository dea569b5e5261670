"""附表4: schools as a plan leaves them, what is built first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siting.export.bodies import bodies
from siting.export.fields import (
    CLASSES,
    ESTIMATED,
    FUNDS,
    HUNDREDTH,
    M2,
    MU,
    NO_UNIT,
    THE_PLAN,
    THE_RULES,
    WAN,
    WORKED_OUT,
    Annex,
    Field,
    joined,
    metres,
    people,
    programme_of,
    seats,
)
from siting.export.named import listed, unit_names
from siting.export.result import Result
from siting.export.tables import WHOLE, Table, responsible
from siting.plan import ACTION_NAMES, Site, TierPlan
from siting.rules.base import RuleBook
from siting.study import MU_M2, TIER_NAMES, SchoolFacts
from siting.words import Phrase

NAN = math.nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a project takes: land of a new build, floor that is built, money; when it is built, and what to add to the
    remarks. nan and "" where nobody knows."""

    land_m2: float = NAN
    floor_m2: float = NAN
    money_wan: float = NAN
    built: Phrase = NO_UNIT
    remark: Phrase = NO_UNIT


Estimates = Mapping[tuple[str, str], Estimate]
"""By programme and site."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One school of a plan: its part and site, what stands there now, what its project takes."""

    part: TierPlan
    site: Site
    served: tuple[str, ...]
    seats_now: float
    facts: SchoolFacts
    book: RuleBook
    estimate: Estimate

    @property
    def seats_added(self) -> float:
        """Seats the plan adds, nan where nobody counted those there are."""
        before = {"new": 0.0, "extend": self.seats_now, "keep": self.site.seats}
        return self.site.seats - before[self.site.action]

    @property
    def land_m2(self) -> float:
        """Its plot: that of a new build by the norm, else the one it has."""
        return self.estimate.land_m2 if self.site.action == "new" else self.facts.land_m2

    @property
    def floor_m2(self) -> float:
        """Its buildings, those to be built among them."""
        before = 0.0 if self.site.action == "new" else self.facts.floor_m2
        return before if self.site.action == "keep" else before + self.estimate.floor_m2

    @property
    def remark(self) -> Phrase:
        """Why, and what else is to be known."""
        said = [phrase for phrase in (self.estimate.remark, self.site.reason) if phrase.zh]
        return Phrase("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def planned(result: Result, estimates: Estimates) -> Iterator[Planned]:
    """Every school of a plan: programme by programme, what is built first, kept ones last."""
    area, names = result.area, unit_names(result.area)
    keys = zip(area.schools.id, area.schools.tier, strict=True)
    now = dict(zip(keys, area.schools.seats.tolist(), strict=True))
    for part in result.plan.parts:
        for site in sorted(part.sites, key=lambda site: _BUILT_FIRST.index(site.action)):
            key, own = (site.id, part.tier), estimates.get((part.programme, site.id), Estimate())
            facts = area.school_facts.get(key, SchoolFacts())
            yield Planned(part, site, listed(site.units, names), now.get(key, NAN), facts, result.book, own)


_BUILT_FIRST = ("new", "extend", "keep")


def radius_m(part: TierPlan, book: RuleBook) -> float:
    """The shortest distance the rules promise, nan where they promise none."""
    radii = [rule.value for rule in book.of(part.tier, part.area) if rule.kind == "max_distance"]
    return min(radii, default=NAN)


_SIZE: tuple[Field[Planned], ...] = (
    Field(Phrase("学校名称", "school"), 26, lambda one: one.site.name, Phrase("学校名称", "name"), THE_PLAN),
    Field(
        Phrase("所在乡镇（街道）", "township"),
        14,
        lambda one: one.site.township,
        Phrase("校址所在乡镇（街道）", "the township it stands in"),
        THE_PLAN,
    ),
    Field(
        Phrase("建设性质", "action"),
        9,
        lambda one: ACTION_NAMES[one.site.action],
        Phrase("新建、扩建、保留；本方案不决定改扩建、迁建、撤并、转型", "new build, extension or kept as it is"),
        THE_PLAN,
    ),
    Field(
        Phrase("学段", "tier"),
        10,
        lambda one: TIER_NAMES[one.part.tier],
        Phrase("学段", "tier"),
        THE_PLAN,
    ),
    Field(
        Phrase("办学规模", "classes"),
        9,
        lambda one: one.site.classes,
        Phrase("建成后班数", "classes once it is built"),
        THE_PLAN,
        CLASSES,
        WHOLE,
        True,
    ),
    seats(
        Phrase("学位数", "seats"),
        10,
        lambda one: one.site.seats,
        Phrase("建成后学位；新建、扩建为班数 × 规则每班人数", "seats once it is built: classes x class size"),
        THE_PLAN,
    ),
    seats(
        Phrase("新增学位", "seats added"),
        10,
        lambda one: one.seats_added,
        Phrase("建成后学位 − 现有学位", "seats less those there are"),
        WORKED_OUT,
    ),
)

_LAND: tuple[Field[Planned], ...] = (
    Field(
        Phrase("用地面积", "land"),
        10,
        lambda one: one.land_m2 / MU_M2,
        Phrase("新建按生均用地指标估算；其余为学校表所列现有用地", "new builds by the norm; others as stated"),
        ESTIMATED,
        MU,
        HUNDREDTH,
        True,
    ),
    Field(
        Phrase("建筑面积", "floor area"),
        11,
        lambda one: one.floor_m2,
        Phrase(
            "新建按生均建筑面积估算；扩建为现有与增建之和，现有不详的留空",
            "new builds by the norm; extensions with what stands",
        ),
        ESTIMATED,
        M2,
        WHOLE,
        True,
    ),
)

_SERVED: tuple[Field[Planned], ...] = (
    Field(
        Phrase("服务范围", "serves"),
        36,
        lambda one: joined(one.served),
        Phrase("分配到该校的村（社区），整村整社区分配", "villages assigned to it, each as a whole"),
        THE_PLAN,
    ),
    people(
        Phrase("服务人口", "residents served"),
        11,
        lambda one: one.site.service_population,
        Phrase("分配到该校的常住人口，不是服务半径圈内人口", "residents assigned, not those within the radius"),
        THE_PLAN,
    ),
    metres(
        Phrase("服务半径", "radius"),
        9,
        lambda one: radius_m(one.part, one.book),
        Phrase("规则规定的路网距离上限；没有规定的留空", "the distance by road the rules promise, if any"),
        THE_RULES,
    ),
)

_MONEY: tuple[Field[Planned], ...] = (
    Field(
        Phrase("投资估算", "money"),
        11,
        lambda one: one.estimate.money_wan,
        Phrase("新增学位 × 单位投资，估算，不含土地", "an estimate, without land"),
        ESTIMATED,
        WAN,
        WHOLE,
        True,
    ),
    FUNDS,
    Field(
        Phrase("建设年限", "built"),
        11,
        lambda one: one.estimate.built,
        Phrase("分期方案给出开办年份的写年份，否则写近期", "the year it opens where the plan has years"),
        THE_PLAN,
    ),
)

_DUTY: tuple[Field[Planned], ...] = (
    Field(
        Phrase("责任单位", "responsible"),
        20,
        lambda one: bodies(responsible(one.part, one.book)),
        Phrase("规则集所列责任单位", "the bodies the rulebook charges, by name"),
        THE_RULES,
    ),
    Field(
        Phrase("备注", "remarks"), 36, lambda one: one.remark, Phrase("理由等", "why, and what else matters"), THE_PLAN
    ),
)

_WALKS: tuple[Field[Planned], ...] = (
    Field(Phrase("项目类别", "programme"), 14, programme_of, Phrase("项目类别", "programme"), THE_PLAN),
    metres(
        Phrase("平均路程", "mean way"),
        9,
        lambda one: one.site.mean_m,
        Phrase("服务人口到校路网距离的平均", "mean way by road of the residents served"),
        THE_PLAN,
    ),
    metres(
        Phrase("最远路程", "farthest way"),
        9,
        lambda one: one.site.farthest_m,
        Phrase("服务人口到校路网距离的最大", "the longest way of anybody served"),
        THE_PLAN,
    ),
    Field(
        Phrase("依据条款", "clause"),
        12,
        lambda one: one.site.clause,
        Phrase("依据条款", "the rule it rests on"),
        THE_RULES,
    ),
)

_TAB4, _TITLE4 = (
    Phrase("附表4 规划学校", "4 Planned schools"),
    Phrase("附表4　规划学校一览表", "Table 4. Planned schools"),
)
PLANNED: Annex[Planned] = Annex(_TAB4, _TITLE4, (*_SIZE, *_LAND, *_SERVED, *_MONEY, *_DUTY), is_wide=True)
"""附表4."""
_SHORT = Annex(_TAB4, _TITLE4, (*_SIZE, *_SERVED, *_DUTY, *_WALKS))


def planned_schools(result: Result) -> Table:
    """附表4 without estimates, with walks and clauses."""
    return _SHORT.table(planned(result, {}), "zh", programme_of)

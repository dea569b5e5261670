"""What a comparison of two plans holds. ``nan`` means nobody counted, ``inf`` no road; differences are other - base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from siting.study import Tier
from siting.words import Phrase

Change = Literal["gained", "lost", "changed", "kept"]
CHANGE_NAMES: dict[Change, Phrase] = {
    "gained": Phrase("增加", "gained"),
    "lost": Phrase("取消", "lost"),
    "changed": Phrase("调整", "changed"),
    "kept": Phrase("不变", "kept"),
}
Where = Literal["base", "other"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure in both plans. difference = other - base: 0 where both are the same, nan where either is."""

    key: str
    name: Phrase
    unit: Phrase
    base: float
    other: float
    difference: float


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One site in both plans. ids, actions are "" and numbers 0 in a plan that does not have it; nan where nobody
    counted. moved_m is the straight line between its two places (nan unless both have it)."""

    change: Change
    name: str
    township: str
    base_id: str
    other_id: str
    base_action: str
    other_action: str
    base_classes: float
    other_classes: float
    base_seats: float
    other_seats: float
    base_residents: float
    other_residents: float
    moved_m: float


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit of both plans that goes to another school: from whom to whom ("" for none), the mean road metres of its
    residents before and after (inf without a school). residents are those of the other plan's study area."""

    unit_id: str
    name: str
    township: str
    residents: float
    base_site: str
    other_site: str
    base_school: str
    other_school: str
    base_m: float
    other_m: float


@dataclass(frozen=True, slots=True)
class ReachChange:
    """A village of both plans some of whose people come within the radius of their school, or fall out of it.

    Each plan is measured by its own radius, which a scenario may have changed. Counted unit by unit: (covered share in
    the other plan - in the base) x residents in the other plan's study area; more is gained, less is lost. A village
    of several blocks may have both.
    """

    village_id: str
    name: str
    township: str
    residents: float
    gained: float
    lost: float


@dataclass(frozen=True, slots=True)
class Apart:
    """A unit of one plan only (an estate, a community divided otherwise): told, and never counted as a change."""

    unit_id: str
    name: str
    township: str
    residents: float
    where: Where


@dataclass(frozen=True, slots=True)
class FarVillage:
    """One of the villages whose residents walk farthest: the mean of its residents (inf: some have no road or school),
    and the school most of them go to ("" for none)."""

    village_id: str
    name: str
    township: str
    residents: float
    mean_m: float
    school: str


@dataclass(frozen=True, slots=True)
class ProgrammeComparison:
    """One programme in both plans. radius_m, lower, upper and seat_wan_yuan are (base, other): what each was judged
    by: the promised distance, the band of service population, and the price of a seat (nan: none known).

    figures and equity are measures of each plan as it is, estates included; sites, units and reach speak of what
    both have. base_worst, other_worst: the worst-served villages, the farthest first.
    """

    programme: str
    tier: Tier
    area: str
    radius_m: tuple[float, float]
    lower: tuple[float, float]
    upper: tuple[float, float]
    seat_wan_yuan: tuple[float, float]
    figures: tuple[Pair, ...]
    equity: tuple[Pair, ...]
    sites: tuple[SiteChange, ...]
    units: tuple[UnitChange, ...]
    reach: tuple[ReachChange, ...]
    apart: tuple[Apart, ...]
    base_worst: tuple[FarVillage, ...]
    other_worst: tuple[FarVillage, ...]

    def count(self, change: Change) -> int:
        """Sites with a change."""
        return sum(site.change == change for site in self.sites)

    def people(self) -> tuple[float, float]:
        """People of all villages who come within the radius, and who fall out of it."""
        return sum(one.gained for one in self.reach), sum(one.lost for one in self.reach)


BASE_PLAN = "base"
"""The base's own plan, where it is the one without a lock."""


@dataclass(frozen=True, slots=True)
class LockPrice:
    """What one lock or veto (or several together) costs: measures of the plan without it (base) and with it (other).

    programme is its key. what says which site may not, or must, be; reason why, as the scenario states it. free names
    the plan without it: BASE_PLAN, or the file beside the comparison that holds it.
    """

    what: Phrase
    reason: Phrase
    programme: str
    free: str
    measures: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two finished plans side by side. base_only, other_only: keys of programmes that only one of them has.

    totals add the programmes up that both have. prices is empty where nothing is locked.
    """

    base_name: str
    other_name: str
    notice: Phrase
    programmes: tuple[ProgrammeComparison, ...]
    totals: tuple[Pair, ...]
    base_only: tuple[str, ...]
    other_only: tuple[str, ...]
    prices: tuple[LockPrice, ...]

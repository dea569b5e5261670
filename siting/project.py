"""The study file: what a planner asks for, read once, closed against unknown keys, handed on frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from siting.study import TIER_NAMES, Area, Tier
from siting.words import Language, Phrase, both

Goal = Literal["uncovered", "over", "cost", "under", "walk"]
GOALS: tuple[Goal, ...] = ("uncovered", "over", "cost", "under", "walk")
GOAL_NAMES: Mapping[str, Phrase] = {
    "uncovered": Phrase("服务半径外人口", "residents beyond the radius"),
    "over": Phrase("超出规模上限", "above a school's upper bound or seats"),
    "cost": Phrase("建设项目", "projects"),
    "under": Phrase("低于服务人口下限", "below a school's lower bound"),
    "walk": Phrase("就学路程", "walk to school"),
}

AREA_NAMES: Mapping[str, Phrase] = {
    "rural": Phrase("农村", "rural"),
    "urban": Phrase("城镇", "urban"),
    "city": Phrase("城区", "city"),
    "town": Phrase("镇区", "town"),
    "all": Phrase("全域", "all"),
}

SEED = 1
"""Where every random choice of a search begins: the same inputs give the same plan."""

LayerName = Literal[
    "villages",
    "population",
    "schools",
    "roads",
    "candidates",
    "urban_area",
    "boundary",
    "estates",
    "barriers",
    "protected",
    "births",
    "ages",
]


@dataclass(frozen=True, slots=True)
class Layer:
    """One input file: where it is, which coordinates it holds, and how its columns are called.

    crs is "wgs84", "cgcs2000", "gcj02", "bd09" or "EPSG:n"; empty only for formats that fix their own
    (.osm, .pbf, .graphml are WGS84 by definition; a GeoTIFF states its own).
    columns maps our names to the file's headers where the aliases do not know them.
    place (roads only) is what to download where the file is not there yet: "定州市, 河北省"; where the study has a
    boundary, what lies within that.
    counted (ages only) is the day the residents were counted on.
    """

    file: Path
    crs: str = ""
    encoding: str = ""
    sheet: str = ""
    columns: Mapping[str, str] | None = None
    place: str = ""
    counted: date | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """How many projects may be done: new builds and extensions, None where unlimited; exact where "=" was said."""

    new: int | None = None
    extend: int | None = None
    new_exact: bool = False
    extend_exact: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """One siting question: a tier in an area, its goals in strict order, its budget.

    key is "kindergarten-rural", "kindergarten-urban", "primary-urban", ...
    cost_new and cost_extend are the weights of the "cost" goal (project counts, a new build counts more).
    assign_limit_m is the longest road a unit may be assigned over (nan: chosen from the rules).
    large_village says what a village over the upper bound gets: a "larger" kindergarten or a "second" one.
    """

    key: str
    tier: Tier
    area: Literal["rural", "urban", "city", "town", "all"]
    goals: tuple[Goal, ...] = GOALS
    budget: Budget = Budget()
    cost_new: float = 3.0
    cost_extend: float = 1.0
    assign_limit_m: float = float("nan")
    large_village: Literal["larger", "second"] = "larger"


@dataclass(frozen=True, slots=True)
class Lock:
    """What may not be decided freely: no project at a site, or one there in any case, and why.

    site is the id of a candidate or a school, in the programmes of its tier. "forbid" leaves a candidate unbuilt and a
    school as large as it is; "require" builds a candidate and extends a school.
    """

    site: str
    tier: Tier
    word: Literal["forbid", "require"]
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that keep a study honest and a run short.

    snap_limit_m: a place farther from every road is a fault. block_residents: urban units larger than this are
    divided into blocks. spacing_m: distance between generated candidates in built-up places.
    seconds: the wall clock a whole siting run may take, a safety net behind deterministic effort limits.
    """

    snap_limit_m: float = 1000.0
    block_residents: float = 1500.0
    spacing_m: float = 800.0
    seconds: float = 600.0


BirthVariant = Literal["low", "middle", "high"]
"""Births of the years ahead: the low, the middle or the high variant of an outlook."""

OVERALL = "*"
"""The key of net migration of the whole county."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a study asks of the years ahead.

    year: the autumn planned for, None for that of the newest data. births: the variant of births to come.
    enrolment: pupils per child, where they are not the usual ones. migration: people a year who come less those who go,
    by township (code or name), or OVERALL for the whole county. estates: whether the new estates fill.
    """

    year: int | None = None
    births: BirthVariant = "middle"
    enrolment: Mapping[Tier, float] = field(default_factory=dict)
    migration: Mapping[str, float] = field(default_factory=dict)
    estates: bool = False


FixedAction = Literal["new", "extend", "rebuild", "relocate"]
FIXED_ACTION_NAMES: Mapping[str, Phrase] = {
    "new": Phrase("新建", "new build"),
    "extend": Phrase("扩建", "extension"),
    "rebuild": Phrase("改扩建", "rebuilt and extended"),
    "relocate": Phrase("迁建", "relocation"),
}


@dataclass(frozen=True, slots=True)
class FixedProject:
    """A project that is settled elsewhere, as senior high schools are: when it opens and what it costs.

    programme is the key of the one whose counts it uses ("" for none: its tier is not planned for, or it is a
    relocation). classes are those it adds, nan where nobody said.
    """

    name: str
    tier: Tier
    action: FixedAction
    year: int
    money_wan: float
    classes: float = float("nan")
    programme: str = ""

    @property
    def counts_as(self) -> Literal["new", "extend", ""]:
        """Which of its programme's counts it uses."""
        words: Mapping[str, Literal["new", "extend", ""]] = {"new": "new", "extend": "extend", "rebuild": "extend"}
        return words.get(self.action, "") if self.programme else ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a plan over years: the years from first to last, in which schools open in autumn.

    budgets: by a programme's key, what it may do in the phase; programmes without an entry have what earlier phases
    left. money_wan: 10,000 yuan of the whole phase, annual_wan of one year; annual_projects: schools opened in a year;
    all inf where unlimited. new_from: the first year in which a new build may open, since building takes time. fixed:
    projects that are settled elsewhere.
    """

    name: Phrase
    first: int
    last: int
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    money_wan: float = math.inf
    annual_wan: float = math.inf
    annual_projects: float = math.inf
    new_from: int = 0
    fixed: tuple[FixedProject, ...] = ()

    @property
    def years(self) -> range:
        """Its years."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Filing:
    """What documents say of whoever files them. prepared_by: 制图单位 and 填表单位, "" leaves a blank. is_internal:
    whether they are marked 内部资料 供审批使用. encoding: of shapefiles' tables. crs: of GIS files, "" for the study's.
    last_year: a table of the school every unit went to, None where there is none."""

    prepared_by: str = ""
    is_internal: bool = True
    encoding: Literal["utf-8", "gbk"] = "utf-8"
    crs: str = ""
    last_year: Path | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A study file, read and checked. folder is where it lies; layer paths are absolute.

    pupils_per_1000 maps a tier to children per 1000 residents, used where no layer counts children.
    ahead is what is asked of the years to come; the usual one asks nothing. locks are what a scenario settles
    beforehand. protected_schools are ids or names of schools that no scenario may close or convert. phases, in order,
    are those of a plan over years; whoever plans for one year passes them over. filing is what documents say of
    whoever files them.
    """

    folder: Path
    file: Path
    name: str
    rulebook: str
    crs: str
    language: Language
    notice: Phrase
    layers: Mapping[LayerName, Layer]
    programmes: tuple[Programme, ...]
    pupils_per_1000: Mapping[Tier, float]
    limits: Limits
    ahead: Ahead = Ahead()
    locks: tuple[Lock, ...] = ()
    protected_schools: frozenset[str] = frozenset()
    phases: tuple[Phase, ...] = ()
    filing: Filing = Filing()


def areas_of(area: str) -> frozenset[Area]:
    """The unit areas a rule's or programme's area word takes in."""
    words: Mapping[str, frozenset[Area]] = {
        "rural": frozenset({"rural"}),
        "city": frozenset({"city"}),
        "town": frozenset({"town"}),
        "urban": frozenset({"city", "town"}),
        "all": frozenset({"city", "town", "rural"}),
    }
    return words[area]


def goal_name(goal: str, radius_m: float) -> Phrase:
    """A goal as planners call it; where no distance is promised (radius inf) people without a school are left."""
    if goal == "uncovered" and math.isinf(radius_m):
        return Phrase("没有学校可去的人口", "residents without a school")
    return GOAL_NAMES.get(goal, both(goal))


class Asked(Protocol):
    """A siting question: a programme, or the part of a plan that answers one."""

    @property
    def tier(self) -> Tier:
        """Its tier."""
        ...

    @property
    def area(self) -> str:
        """Where its units lie."""
        ...


def programme_name(asked: Asked) -> Phrase:
    """The siting question in words: 农村幼儿园, rural kindergarten."""
    area, tier = AREA_NAMES[asked.area], TIER_NAMES[asked.tier]
    return Phrase(f"{area.zh}{tier.zh}", f"{area.en} {tier.en}")

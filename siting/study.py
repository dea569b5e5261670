"""The study area: everything known about a place before anything is decided.

All coordinates are metres in one projected CRS. ``nan`` means nobody counted, ``0`` counted and none.
Arrays named ``unit`` hold positions in ``Units`` of the same study area; -1 means "in no unit".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from siting.words import Phrase

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = TypeVar("Rows", bound="DataclassInstance")

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Area = Literal["city", "town", "rural"]
"""Where a unit lies: 城区, 镇区, 乡村. "urban" in a rule means city or town."""

UnitKind = Literal["village", "community", "block", "estate"]

Tier = Literal["kindergarten", "primary", "junior", "senior"]
TIERS: tuple[Tier, ...] = ("kindergarten", "primary", "junior", "senior")
TIER_NAMES: Mapping[Tier, Phrase] = {
    "kindergarten": Phrase("幼儿园", "kindergarten"),
    "primary": Phrase("小学", "primary school"),
    "junior": Phrase("初级中学", "junior middle school"),
    "senior": Phrase("普通高中", "senior high school"),
}

Operator = Literal["public", "quasi_public", "inclusive", "private"]
OPERATOR_NAMES: Mapping[Operator, Phrase] = {
    "public": Phrase("公办", "public"),
    "quasi_public": Phrase("公办性质", "quasi-public"),
    "inclusive": Phrase("普惠性民办", "inclusive private"),
    "private": Phrase("民办", "private"),
}


BLOCK_MARK = "·"
"""Between the name of a divided unit and the number of a block: 中心社区·02."""


@dataclass(frozen=True, slots=True)
class Units:
    """Villages, communities, estates and urban blocks (U): each goes whole to one school per tier.

    children maps a tier to (U,) children of its ages, nan where nobody counted them; where the study looks ahead, those
    of them who ask for a seat in the year planned for.
    polygon is (U,) of shapely polygons, None where no boundary is known.
    part_of is the id of the village or community a block was divided from, else the unit's own id.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    township_id: tuple[str, ...]
    township: tuple[str, ...]
    area: tuple[Area, ...]
    kind: tuple[UnitKind, ...]
    planning_unit: tuple[str, ...]
    part_of: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    residents: FloatArray
    children: Mapping[Tier, FloatArray]
    polygon: tuple[BaseGeometry | None, ...]

    def __len__(self) -> int:
        return len(self.id)

    def village(self, unit: int) -> str:
        """The name of a unit's village or community: a block's is what stands before BLOCK_MARK."""
        name = self.name[unit]
        return name.rpartition(BLOCK_MARK)[0] or name if self.kind[unit] == "block" else name


@dataclass(frozen=True, slots=True)
class DemandPoints:
    """Places where residents are counted (N): populated grid cells, or the unit's seat where no grid reaches.

    The residents of a unit's points add up to the unit's residents; every unit has at least one point.
    cell_m is the grid spacing, nan without a grid.
    """

    unit: IntArray
    x: FloatArray
    y: FloatArray
    residents: FloatArray
    cell_m: float

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class Schools:
    """Existing schools, one row per school and tier (S): a nine-year school has two rows with one id.

    seats, enrolment and classes are nan where unknown; max_classes is what the plot can be enlarged to
    (equal to classes where it cannot grow, nan where nobody said); opened_year is nan where unknown. migrants are
    pupils not registered here, bought those of them whose places in a private school the county pays for; nan where
    unknown.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    tier: tuple[Tier, ...]
    operator: tuple[Operator, ...]
    unit: IntArray
    x: FloatArray
    y: FloatArray
    classes: FloatArray
    seats: FloatArray
    enrolment: FloatArray
    max_classes: FloatArray
    opened_year: FloatArray
    migrants: FloatArray
    bought: FloatArray

    def __len__(self) -> int:
        return len(self.id)


MU_M2 = 2000.0 / 3.0
"""Square metres of one mu (亩)."""


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a bureau's table says of a school beyond what plans are made with; nan and "" where it says nothing.

    land_m2 is that of its plot, floor_m2 that of its buildings, teachers those employed full-time (专任教师).
    """

    code: str = ""
    boarders: float = float("nan")
    land_m2: float = float("nan")
    floor_m2: float = float("nan")
    teachers: float = float("nan")
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Places where a school could be built (C). tiers says for which; max_classes is nan where nobody said."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    tiers: tuple[frozenset[Tier], ...]
    unit: IntArray
    x: FloatArray
    y: FloatArray
    max_classes: FloatArray

    def __len__(self) -> int:
        return len(self.id)


def taken(table: Rows, rows: Sequence[int] | IntArray) -> Rows:
    """Some rows of a table all of whose fields have an entry a row, such as Schools or Candidates."""
    at = np.asarray(rows, dtype=np.int64)
    return replace(table, **{one.name: _entries(getattr(table, one.name), at) for one in fields(table)})


def stacked(first: Rows, *others: Rows) -> Rows:
    """The rows of tables of one kind below each other."""
    tables = (first, *others)
    columns = {one.name: [getattr(table, one.name) for table in tables] for one in fields(first)}
    return replace(first, **{name: _joined(parts) for name, parts in columns.items()})


def _entries(column: tuple[object, ...] | NDArray[Any], at: IntArray) -> tuple[object, ...] | NDArray[Any]:
    return column[at] if isinstance(column, np.ndarray) else tuple(column[row] for row in at.tolist())


def _joined(columns: Sequence[Any]) -> Any:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    return tuple(entry for column in columns for entry in column)


ROAD_CLASSES = ("trunk", "primary", "secondary", "tertiary", "local", "path", "link")
"""What a road segment is drawn as; OSM's highway values are folded into these by the reader. A "link" is a bridge or an
underpass that a scenario adds: it is walked from end to end, and no place is put on it."""

LINK = ROAD_CLASSES.index("link")


@dataclass(frozen=True, slots=True)
class Roads:
    """Walkable road segments, straight between two nodes: x, y (V,); tail, head, length_m, road_class (E,).

    Every bend is a node, so an edge is a straight line. length_m is the planar length of that line in the
    study's CRS unless the file states a longer one. road_class holds positions in ROAD_CLASSES.
    Segments meet only where they share a node: a bridge over a road shares none with it.
    """

    x: FloatArray
    y: FloatArray
    tail: IntArray
    head: IntArray
    length_m: FloatArray
    road_class: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the planner should know about the data that is not a fault: 'grid and villages differ by 2 %'."""

    file: str
    what: Phrase


@dataclass(frozen=True, slots=True)
class BirthCounts:
    """Births of townships (T) in consecutive calendar years, count (T, Y); every township of the units is there."""

    township_id: tuple[str, ...]
    township: tuple[str, ...]
    first_year: int
    count: FloatArray


@dataclass(frozen=True, slots=True)
class AgeCounts:
    """Residents by age, count (U, K) in the order of the units, on the last day of a month.

    span 1: single ages from 0; span 5: groups 0-4, 5-9, ... 25-29.
    """

    span: Literal[1, 5]
    year: int
    month: int
    count: FloatArray


@dataclass(frozen=True, slots=True)
class Forecast:
    """Who lives in every village and estate (V) on 31 August of consecutive years (Y), and who asks for a seat.

    unit_id is ``Units.part_of``: blocks have their share of their village. residents and children are (V, Y); pupils
    are children x rate. year_planned is the year whose pupils ``Units.children`` holds. delivered maps a new estate to
    the day its first homes are handed over. said tells method and vintage.
    """

    unit_id: tuple[str, ...]
    year: IntArray
    year_planned: int
    residents: FloatArray
    children: Mapping[Tier, FloatArray]
    rate: Mapping[Tier, float]
    delivered: Mapping[str, date]
    said: Phrase

    def pupils(self, tier: Tier) -> FloatArray:
        """Children of a tier's ages who ask for a seat (V, Y)."""
        asked: FloatArray = self.children[tier] * self.rate[tier]
        return asked


NO_NOTICE = Phrase("", "")


def no_places() -> gpd.GeoDataFrame:
    """A layer with nothing in it."""
    return gpd.GeoDataFrame({"name": []}, geometry=[], crs=None)


@dataclass(frozen=True, slots=True)
class StudyArea:
    """A place, complete when constructed. A what-if makes a new one with ``dataclasses.replace``.

    crs is the projected CRS of every coordinate. estates, barriers and protected are layers in it, each with a
    ``name`` column (estates also ``dwellings``, ``delivery_year``; nan where unknown; ``siting.demand.settling`` says
    what else). births and ages are what was counted, None where nothing was; forecast what became of them.
    notice is printed on every map and report ("synthetic data"), empty for real data.
    sources maps a layer to its file and the file's SHA-256, for the manifest. school_facts are by id and tier; numbers
    stated of several tiers together stand with the first.
    """

    name: str
    crs: str
    units: Units
    points: DemandPoints
    schools: Schools
    candidates: Candidates
    roads: Roads
    boundary: BaseGeometry | None = None
    urban_area: BaseGeometry | None = None
    estates: gpd.GeoDataFrame = field(default_factory=no_places)
    barriers: gpd.GeoDataFrame = field(default_factory=no_places)
    protected: gpd.GeoDataFrame = field(default_factory=no_places)
    notice: Phrase = NO_NOTICE
    remarks: tuple[Remark, ...] = ()
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    births: BirthCounts | None = None
    ages: AgeCounts | None = None
    forecast: Forecast | None = None
    school_facts: Mapping[tuple[str, Tier], SchoolFacts] = field(default_factory=dict)

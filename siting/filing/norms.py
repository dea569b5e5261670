"""What a project takes: land, floor area and money, each by a figure with its source; estimates, labelled so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from siting.comparison.money import FLOOR_M2, SEAT_WAN_YUAN, SPREAD
from siting.demand.figures import Figure
from siting.filing.dossier import Norm
from siting.study import TIER_NAMES, Tier
from siting.words import Phrase


def _land(value: float, source: str) -> Figure:
    return Figure(value, unit="m2/seat", source=source, certainty="S")


LAND_M2: Mapping[Tier, Figure] = {
    "kindergarten": _land(15.0, "6/9/12班幼儿园用地2700/4000/5400㎡（合15㎡/生），各地规划常用值"),
    "primary": _land(20.0, "各地规划小学生均用地16.9-25㎡，取20㎡/生"),
    "junior": _land(23.0, "各地规划初中生均用地20-30㎡，取23㎡/生"),
}
"""Land of a new school per seat. Tiers without a figure have no estimate."""

_BUILT: tuple[tuple[Tier, str], ...] = (
    ("kindergarten", "9 classes, 270 children, 3,300 m2 of floor"),
    ("primary", "建标〔2002〕102号, city primary schools of 18 classes: 8.3 m2 per pupil"),
    ("junior", "建标〔2002〕102号, city junior middle schools of 18 classes: 10.1 m2 per pupil"),
)

ENGLISH: Mapping[str, str] = {
    LAND_M2["kindergarten"].source: "kindergartens of 6, 9, 12 classes on 2,700, 4,000, 5,400 m2: 15 m2 per child",
    LAND_M2["primary"].source: "plans of other counties: 16.9-25 m2 per primary pupil; 20 is taken",
    LAND_M2["junior"].source: "plans of other counties: 20-30 m2 per junior pupil; 23 is taken",
    **{FLOOR_M2[tier].source: said for tier, said in _BUILT},
    **{SEAT_WAN_YUAN[tier].source: f"{said}, x 3,500 yuan per m2 (Hebei, +-30 %)" for tier, said in _BUILT},
}
"""The sources in English; regulations keep their names."""

PER_SEAT_M2, PER_SEAT_WAN = Phrase("㎡/学位", "m2 per seat"), Phrase("万元/学位", "10,000 yuan per seat")


def estimate(table: Mapping[Tier, Figure], tier: Tier, seats: float) -> float:
    """What so many seats take by a table; nan where it has no figure."""
    return seats * table[tier].value if tier in table else float("nan")


def norms(tiers: Iterable[Tier]) -> tuple[Norm, ...]:
    """The figures behind the estimates of some tiers."""
    return tuple(norm for tier in dict.fromkeys(tiers) for norm in _of_tier(tier))


def _of_tier(tier: Tier) -> Iterator[Norm]:
    name = TIER_NAMES[tier]
    for table, what, unit in (
        (LAND_M2, Phrase("新建用地", "land of a new build"), PER_SEAT_M2),
        (FLOOR_M2, Phrase("建筑面积", "floor area"), PER_SEAT_M2),
        (SEAT_WAN_YUAN, Phrase("单位投资（估算，不含土地）", "estimated money, without land"), PER_SEAT_WAN),
    ):
        if tier in table:
            said, figure = Phrase(f"{name.zh}{what.zh}", f"{name.en}, {what.en}"), table[tier]
            source = Phrase(figure.source, ENGLISH.get(figure.source, figure.source))
            yield Norm(said, figure.value, unit, source, not figure.verify)


LOW, HIGH = 1.0 - SPREAD, 1.0 + SPREAD
"""The range of an estimate of money, as shares of it."""

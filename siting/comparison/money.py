"""What a seat costs to build, where nobody has said better: always an estimate (估算), land not included."""

from __future__ import annotations

from collections.abc import Mapping

from siting.demand.figures import Figure
from siting.study import Tier

YUAN_PER_SQUARE_METRE = 3500.0


def _floor(value: float, source: str) -> Figure:
    return Figure(value, unit="m2/seat", source=source, certainty="K-L")


FLOOR_M2: Mapping[Tier, Figure] = {
    "kindergarten": _floor(12.2, "9班270人建筑面积3300㎡"),
    "primary": _floor(8.3, "建标〔2002〕102号 城市小学18班8.3㎡/生"),
    "junior": _floor(10.1, "建标〔2002〕102号 城市初中18班10.1㎡/生"),
}
"""Floor area per seat that is added. Tiers without a figure have no estimate."""


def _cost(floor: Figure) -> Figure:
    value = round(floor.value * YUAN_PER_SQUARE_METRE / 10_000.0, 2)
    source = f"{floor.source} × 造价3500元/㎡（河北，±30%）"
    return Figure(value, unit="wan yuan/seat", source=source, certainty="K-L")


SEAT_WAN_YUAN: Mapping[Tier, Figure] = {tier: _cost(floor) for tier, floor in FLOOR_M2.items()}
"""10,000 yuan per seat that is added. Tiers without a figure have no estimate."""

SPREAD = 0.3
"""An estimate may be out by this share either way."""

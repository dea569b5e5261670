"""What a seat costs to build, where nobody has said better: always an estimate (估算), land not included."""

from __future__ import annotations

from collections.abc import Mapping

from siting.demand.figures import Figure
from siting.study import Tier


def _seat(square_metres: float, source: str) -> Figure:
    value = round(square_metres * YUAN_PER_SQUARE_METRE / 10_000.0, 2)
    return Figure(value, unit="wan yuan/seat", source=f"{source} × 造价3500元/㎡（河北，±30%）", certainty="K-L")


YUAN_PER_SQUARE_METRE = 3500.0

SEAT_WAN_YUAN: Mapping[Tier, Figure] = {
    "kindergarten": _seat(12.2, "9班270人建筑面积3300㎡"),
    "primary": _seat(8.3, "建标〔2002〕102号 城市小学18班8.3㎡/生"),
    "junior": _seat(10.1, "建标〔2002〕102号 城市初中18班10.1㎡/生"),
}
"""10,000 yuan per seat that is added. Tiers without a figure have no estimate."""

SPREAD = 0.3
"""An estimate may be out by this share either way."""

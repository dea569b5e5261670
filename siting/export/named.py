"""Units of a catchment by name: a village whose every block is in it by its own name, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from siting.study import StudyArea


class Named(NamedTuple):
    """A unit's name, its village's name and id, and of how many blocks the village consists (1 where it is whole)."""

    name: str
    village: str
    village_id: str
    blocks: int


def unit_names(area: StudyArea) -> Mapping[str, Named]:
    """Every unit's names, by its id."""
    units, blocks = area.units, Counter(area.units.part_of)
    return {
        unit: Named(units.name[k], units.village(k), units.part_of[k], blocks[units.part_of[k]])
        for k, unit in enumerate(units.id)
    }


def listed(units: Iterable[str], names: Mapping[str, Named]) -> tuple[str, ...]:
    """Units by name, in their order; a village whose every block is among them by its own, once."""
    served = {unit: names[unit] for unit in units}
    times = Counter(named.village_id for named in served.values())
    said = {
        named.village_id if times[named.village_id] == named.blocks else unit: named for unit, named in served.items()
    }
    return tuple(named.name if key in served else named.village for key, named in said.items())

"""Births that are higher or lower than in the base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.asked_ahead import VARIANT_WORDS, VARIANTS
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.project import BirthVariant
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.people import SCALED_KEYS, Scaling, grows_up, read_scaled, with_ahead, with_pupils
from siting.scenario.world import World, fault
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class BirthsVariant:
    """Another variant of the births to come, where the study follows births through the years."""

    where: str
    variant: BirthVariant

    def applied(self, world: World, notes: Notes) -> World:
        """With that variant."""
        if not grows_up(world):
            what = Phrase(
                "研究没有按出生推算各年，variant 不起作用。",
                "the study does not follow births, so that no variant counts.",
            )
            cure = Phrase(
                "请写 factor，或在研究文件 [demand] 中写 year。", "Write `factor`, or `year` in [demand] of the study."
            )
            fault(notes, self.where, what, cure)
            return world
        return with_ahead(world, replace(world.base.project.ahead, births=self.variant))


@dataclass(frozen=True, slots=True)
class ChangeBirths(Scaling):
    """So many times the births, in some townships or everywhere, where the study does not follow births through the
    years: the pupils of every tier named are so many times as many."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the pupils scaled."""
        if grows_up(world):
            what = Phrase(
                "研究按出生推算各年，不能再按倍数。", "the study follows births through the years, not by a factor."
            )
            fault(notes, self.where, what, Phrase("请写 variant。", 'Write `variant`: "low", "middle" or "high".'))
            return world
        return with_pupils(world, self.one, notes)


def _read(table: Stated, folder: Path) -> ChangeBirths | BirthsVariant:
    if "variant" not in table.held:
        return ChangeBirths(read_scaled(table))
    for key in SCALED_KEYS:
        if key in table.held:
            both = Phrase("（已写 variant，不再写它）", "left out beside `variant`")
            table.refuse(key, both)
    return BirthsVariant(table.where, table.word("variant", VARIANTS, "middle", VARIANT_WORDS))


KIND = Kind(("variant", *SCALED_KEYS), _read)

"""Enrolment that is higher or lower than in the base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from siting.demand.enrolment import usual_rates
from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.kind import Kind
from siting.scenario.kinds.people import SCALED_KEYS, Scaling, grows_up, read_scaled, with_ahead, with_pupils
from siting.scenario.world import World, fault
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class ChangeEnrolment(Scaling):
    """So many times as many pupils per child, in some townships or everywhere."""

    def applied(self, world: World, notes: Notes) -> World:
        """With the pupils scaled; where the study follows births, the rates."""
        if not grows_up(world):
            return with_pupils(world, self.one, notes)
        if self.one.townships:
            what = Phrase("按出生推算时，入学率全县一致。", "where births are followed, enrolment is the county's.")
            fault(notes, self.where, what, Phrase("请去掉 townships。", "Leave `townships` out."))
            return world
        ahead = world.base.project.ahead
        rates = {**usual_rates(), **ahead.enrolment}
        scaled = {tier: rate * self.one.factor for tier, rate in rates.items() if tier in self.one.tiers}
        return with_ahead(world, replace(ahead, enrolment={**ahead.enrolment, **scaled}))


def _read(table: Stated, folder: Path) -> ChangeEnrolment:
    return ChangeEnrolment(read_scaled(table))


KIND = Kind(SCALED_KEYS, _read)

"""What if: named lists of changes to what a study says, and the plans that follow from them."""

from siting.scenario.applying import applied
from siting.scenario.reader import read_scenario
from siting.scenario.world import Scenario

__all__ = ["Scenario", "applied", "read_scenario"]

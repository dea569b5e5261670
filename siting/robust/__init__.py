"""One set of sites for several scenarios: what it regrets in each, and how good it is provably."""

from siting.robust.choice import ProgrammeChoice, choose
from siting.robust.run import Robust, robust

__all__ = ["ProgrammeChoice", "Robust", "choose", "robust"]

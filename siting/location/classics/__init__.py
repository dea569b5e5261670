"""The classic problems of facility location, each with value, bound and gap: arrays in, a Solution out."""

from siting.location.classics.covering import maximal_covering, set_covering
from siting.location.classics.frontier import frontier
from siting.location.classics.p_median import PMedians, p_median, p_medians
from siting.location.classics.pairs import Doors, Pairs, doors_of, pairs_between, pairs_of
from siting.location.classics.solution import Incumbent, Solution

__all__ = [
    "Doors",
    "Incumbent",
    "PMedians",
    "Pairs",
    "Solution",
    "doors_of",
    "frontier",
    "maximal_covering",
    "p_median",
    "p_medians",
    "pairs_between",
    "pairs_of",
    "set_covering",
]

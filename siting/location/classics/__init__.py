"""The classic problems of facility location, each with value, bound and gap: arrays in, a Solution out."""

from siting.location.classics.adjacency import Adjacency, broken
from siting.location.classics.capacitated import assignment, capacitated_location, capacitated_p_median
from siting.location.classics.covering import maximal_covering, set_covering
from siting.location.classics.frontier import frontier
from siting.location.classics.p_median import PMedians, p_median, p_medians
from siting.location.classics.pairs import Doors, Pairs, doors_of, pairs_between, pairs_of
from siting.location.classics.solution import Incumbent, Solution

__all__ = [
    "Adjacency",
    "Doors",
    "Incumbent",
    "PMedians",
    "Pairs",
    "Solution",
    "assignment",
    "broken",
    "capacitated_location",
    "capacitated_p_median",
    "doors_of",
    "frontier",
    "maximal_covering",
    "p_median",
    "p_medians",
    "pairs_between",
    "pairs_of",
    "set_covering",
]

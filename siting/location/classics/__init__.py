"""The classic problems of facility location, each with value, bound and gap: arrays in, a Solution out."""

from siting.location.classics.pairs import Doors, Pairs, doors_of, pairs_between, pairs_of
from siting.location.classics.solution import Incumbent, Solution

__all__ = ["Doors", "Incumbent", "Pairs", "Solution", "doors_of", "pairs_between", "pairs_of"]

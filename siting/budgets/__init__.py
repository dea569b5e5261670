"""What each further project brings: one programme planned for every number of new builds."""

from siting.budgets.points import Frontier, Point, frontier_of
from siting.budgets.run import Planned, plan_frontier

__all__ = ["Frontier", "Planned", "Point", "frontier_of", "plan_frontier"]

"""Where schools go and who attends which: an instance in, a decision with value and bound of every goal out."""

from siting.location.decision import Decision, News, StagedSolution, StageResult
from siting.location.instance import Arcs, Budget, Instance
from siting.location.search import solve
from siting.location.start import Start

__all__ = ["Arcs", "Budget", "Decision", "Instance", "News", "StageResult", "StagedSolution", "Start", "solve"]

"""One programme of a study from question to answer."""

from __future__ import annotations

from collections.abc import Callable

from siting.location import Instance, News, StagedSolution, Start, solve
from siting.location.decision import Tell as Hear
from siting.network.ground import Ground
from siting.plan import TierPlan
from siting.programme.answer import answer
from siting.programme.question import ask
from siting.progress import Step, Tell
from siting.project import Programme, Project, goal_name, programme_name
from siting.rules.base import RuleBook
from siting.rules.gather import terms_for
from siting.words import Phrase

__all__ = ["Ground", "Solver", "decided", "plan_programme"]

Solver = Callable[[Instance, float, Hear], StagedSolution]
"""Answers an instance within so many seconds: ``siting.location.solve``, or what remembers its answers."""


def plan_programme(
    ground: Ground,
    programme: Programme,
    project: Project,
    book: RuleBook,
    seconds: float,
    tell: Tell,
    solver: Solver = solve,
) -> TierPlan:
    """The plan of one programme within so many seconds. Raises SolverError where a solver's claim does not add up."""
    terms = terms_for(book, programme)
    question = ask(ground, programme, terms, project)
    name = programme_name(programme)

    def told(news: News) -> None:
        goal = goal_name(news.goal, terms.radius_m)
        tell(Step(Phrase(f"{name.zh}：{goal.zh}", f"{name.en}: {goal.en}"), news.value, news.bound))

    return answer(question, solver(question.instance, seconds, told))


def decided(part: TierPlan) -> Start:
    """What a plan has decided, as the start of the search for another."""
    return Start(
        opened=frozenset(site.id for site in part.sites if site.action == "new"),
        extended=frozenset(site.id for site in part.sites if site.action == "extend"),
        site_of={one.unit_id: one.site_id for one in part.assignments},
    )

"""What a study has to show for itself, as those who judge, compare or write it ask for it."""

from __future__ import annotations

from typing import Protocol

from siting.plan import Plan
from siting.project import Project
from siting.rules.base import RuleBook
from siting.study import StudyArea


class Made(Protocol):
    """Anything with what it was made from: a base, an audit, the needs of the years ahead."""

    @property
    def area(self) -> StudyArea:
        """The study area."""
        ...

    @property
    def project(self) -> Project:
        """What was asked."""
        ...

    @property
    def book(self) -> RuleBook:
        """The rules it follows."""
        ...


class Finished(Made, Protocol):
    """A plan with what it was made from: what an export's Result is."""

    @property
    def plan(self) -> Plan:
        """The plan, which assigns the units of the area."""
        ...

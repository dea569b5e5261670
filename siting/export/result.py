"""Everything one run has to show for itself."""

from __future__ import annotations

from dataclasses import dataclass

from siting.audit import Audit
from siting.plan import Plan
from siting.project import Project
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import StudyArea


@dataclass(frozen=True, slots=True)
class Result:
    """A plan with what it was made from, what the verifier says to it, and the seconds it took."""

    plan: Plan
    area: StudyArea
    project: Project
    book: RuleBook
    checks: tuple[Check, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Existing:
    """An audit of what exists, with what it was made from."""

    audit: Audit
    area: StudyArea
    project: Project
    book: RuleBook

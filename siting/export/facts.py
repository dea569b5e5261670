"""Results as plain facts: what JSON can hold, for the manifest and for ``--json``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from siting.audit import Audit
from siting.export.result import Result
from siting.indicators import breaks_a_must, covered_share
from siting.plan import Stage, TierPlan
from siting.rules.verdict import Check
from siting.study import StudyArea


def number(value: float) -> float | str | None:
    """A number JSON can hold: null where nobody counted, "inf" and "-inf" where there is no end."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)


def plan_facts(result: Result, out: Path) -> Mapping[str, object]:
    """The plan in short, for machines."""
    return {
        "exit_code": int(breaks_a_must(result.checks)),
        "study": result.project.name,
        "out": str(out),
        "files": sorted(path.name for path in out.iterdir()),
        "programmes": [programme_facts(part, result.area) for part in result.plan.parts],
        "checks": [check_facts(check) for check in result.checks],
        "seconds": round(result.seconds, 3),
    }


def programme_facts(part: TierPlan, area: StudyArea) -> Mapping[str, object]:
    """What one programme does, and the proof of its stages."""
    return {
        "programme": part.programme,
        "new": part.count("new"),
        "extend": part.count("extend"),
        "keep": part.count("keep"),
        "covered_share": number(covered_share(part, area)),
        "stages": [stage_facts(stage) for stage in part.stages],
        "shortfalls": [{"zh": said.zh, "en": said.en} for said in part.shortfalls],
    }


def stage_facts(stage: Stage) -> Mapping[str, object]:
    """One goal: value, bound, gap and time."""
    return {
        "goal": stage.goal,
        "unit": stage.unit.en,
        "status": stage.status,
        "value": number(stage.value),
        "bound": number(stage.bound),
        "gap": number(stage.gap),
        "seconds": round(stage.seconds, 3),
    }


def check_facts(check: Check) -> Mapping[str, object]:
    """One rule's word, for machines."""
    return {
        "rule": check.rule,
        "programme": check.programme,
        "strength": check.strength,
        "kept": check.kept,
        "measured": number(check.measured),
        "limit": number(check.limit),
        "where": list(check.where),
        "evidence": {"zh": check.evidence.zh, "en": check.evidence.en},
        "source": check.source,
    }


def audit_facts(audit: Audit, out: Path | None = None) -> Mapping[str, object]:
    """What exists, for machines: every frame of the audit as a list of rows, without its shapes. out: files written."""
    written = {"out": str(out), "files": sorted(path.name for path in out.iterdir())} if out else {}
    return {
        "exit_code": 0,
        **written,
        "notice": {"zh": audit.notice.zh, "en": audit.notice.en},
        "coverage": rows(audit.coverage),
        "areas": rows(audit.areas),
        "townships": rows(audit.townships),
        "schools": rows(audit.schools),
        "planning_units": rows(audit.planning_units),
        "uncovered": rows(audit.uncovered),
    }


def rows(frame: pd.DataFrame) -> list[Mapping[str, object]]:
    """The rows of a frame as JSON can hold them; geometry is left out."""
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    return [{str(column): _fact(value) for column, value in row.items()} for row in plain.to_dict("records")]


def _fact(value: object) -> object:
    return number(value) if isinstance(value, float) else value

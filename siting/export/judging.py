"""A plan with everything it has to show for itself, and what the verifier says to that."""

from __future__ import annotations

import time
from dataclasses import replace

from siting.export.ahead import ahead_to_json
from siting.export.result import Result
from siting.finished import Made
from siting.plan import Plan
from siting.verify import verify
from siting.verify.ahead import verify_ahead


def judged(plan: Plan, study: Made, started: float) -> Result:
    """A plan of a study, verified together with what is written about the years ahead; started as by
    ``time.perf_counter``."""
    checks = verify(plan, study.area, study.project, study.book)
    result = Result(plan, study.area, study.project, study.book, checks, seconds=0.0)
    ahead = ahead_to_json(result)
    said = verify_ahead(ahead, result) if ahead else ()
    return replace(result, checks=(*result.checks, *said), seconds=time.perf_counter() - started)

"""What exists, audited once for all documents of a dossier."""

from __future__ import annotations

from siting.audit import Audit, audit
from siting.export.result import Result
from siting.latest import kept_for_latest


@kept_for_latest
def audited_once(result: Result) -> Audit:
    """The audit of a result's study area; that of the result last asked for is kept."""
    return audit(result.area, result.project, result.book)

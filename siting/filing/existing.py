"""What exists, audited once for all documents of a dossier."""

from __future__ import annotations

from siting.audit import Audit, audit
from siting.export.result import Result

_latest: list[tuple[Result, Audit]] = []


def audited_once(result: Result) -> Audit:
    """The audit of a result's study area; that of the result last asked for is kept."""
    if not _latest or _latest[0][0] is not result:
        _latest[:] = [(result, audit(result.area, result.project, result.book))]
    return _latest[0][1]

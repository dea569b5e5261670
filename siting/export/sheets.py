"""The sheets of a plan's workbook."""

from __future__ import annotations

from siting.export.catchment_annex import catchments
from siting.export.coverage_annex import coverage
from siting.export.planned_annex import planned_schools
from siting.export.result import Result
from siting.export.school_annex import existing_schools_filled
from siting.export.tables import Table, checks, shortfalls, stages


def plan_sheets(result: Result) -> tuple[Table, ...]:
    """Every table of the workbook, in the order of its tabs."""
    return (
        existing_schools_filled(result.area),
        planned_schools(result),
        coverage(result),
        catchments(result),
        stages(result),
        checks(result),
        shortfalls(result),
    )

"""What a plan is written as: files for machines, GIS, tables and maps, all from one registry."""

from siting.export.compared import Compared
from siting.export.folder import refuse_foreign, write_audit, write_comparison, write_plan
from siting.export.needs import YearsAhead, see_ahead, write_needs
from siting.export.page import refuse_page, write_page
from siting.export.registry import AUDIT_EXPORTERS, COMPARISON_EXPORTERS, EXPORTERS
from siting.export.result import Existing, Result

__all__ = [
    "AUDIT_EXPORTERS",
    "COMPARISON_EXPORTERS",
    "EXPORTERS",
    "Compared",
    "Existing",
    "Result",
    "YearsAhead",
    "refuse_foreign",
    "refuse_page",
    "see_ahead",
    "write_audit",
    "write_comparison",
    "write_needs",
    "write_page",
    "write_plan",
]

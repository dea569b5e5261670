"""What a plan is written as: files for machines, GIS, tables and maps, all from one registry."""

from siting.export.folder import refuse_foreign, write_audit, write_plan
from siting.export.page import refuse_page, write_page
from siting.export.registry import AUDIT_EXPORTERS, EXPORTERS
from siting.export.result import Existing, Result

__all__ = [
    "AUDIT_EXPORTERS",
    "EXPORTERS",
    "Existing",
    "Result",
    "refuse_foreign",
    "refuse_page",
    "write_audit",
    "write_page",
    "write_plan",
]

"""What a plan is written as: files for machines, GIS, tables and maps, all from one registry."""

from siting.export.folder import refuse_foreign, write_plan
from siting.export.registry import EXPORTERS
from siting.export.result import Result

__all__ = ["EXPORTERS", "Result", "refuse_foreign", "write_plan"]

"""The one list of what a plan, or an audit, is written as. A new exporter is a new line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from siting.export.ahead import FILE as AHEAD
from siting.export.ahead import write_ahead
from siting.export.compared import FACTS as COMPARISON_FACTS
from siting.export.compared import MAP as COMPARISON_MAP
from siting.export.compared import WORKBOOK as COMPARISON_WORKBOOK
from siting.export.compared import (
    Compared,
    write_comparison_file,
    write_comparison_map,
    write_comparison_workbook,
)
from siting.export.existing import LAYERS as AUDIT_LAYERS
from siting.export.existing import WORKBOOK as AUDIT_WORKBOOK
from siting.export.existing import write_audit_layers, write_audit_workbook
from siting.export.layers import FILE as LAYERS
from siting.export.layers import write_layers
from siting.export.manifest import MANIFEST, write_audit_manifest, write_comparison_manifest, write_manifest
from siting.export.result import Existing, Result
from siting.export.workbook import FILE as WORKBOOK
from siting.export.workbook import write_workbook
from siting.mapping import draw_audit, draw_plan
from siting.plan_file import plan_to_json

Exporter = Callable[[Result, Path], None]
"""Writes one file of a result into a folder."""


def write_plan_file(result: Result, folder: Path) -> None:
    """plan.json: the plan itself, which ``verify`` and ``map`` read again."""
    (folder / "plan.json").write_text(plan_to_json(result.plan), encoding="utf-8")


def write_map(result: Result, folder: Path) -> None:
    """map.html: one file that opens without a network, in the study's language."""
    page = draw_plan(result.plan, result.area, result.project.language, result.checks)
    (folder / "map.html").write_text(page, encoding="utf-8")


EXPORTERS: Mapping[str, Exporter] = {
    "plan.json": write_plan_file,
    AHEAD: write_ahead,
    LAYERS: write_layers,
    WORKBOOK: write_workbook,
    "map.html": write_map,
    MANIFEST: write_manifest,
}
"""In the order they run; the manifest hashes the others and comes last. AHEAD is there where a study looks ahead."""

AuditExporter = Callable[[Existing, Path], None]
"""Writes one file of an audit into a folder."""


def write_audit_map(existing: Existing, folder: Path) -> None:
    """map.html: what exists, in the study's language."""
    page = draw_audit(existing.area, existing.project.language, existing.audit)
    (folder / "map.html").write_text(page, encoding="utf-8")


AUDIT_EXPORTERS: Mapping[str, AuditExporter] = {
    AUDIT_WORKBOOK: write_audit_workbook,
    AUDIT_LAYERS: write_audit_layers,
    "map.html": write_audit_map,
    MANIFEST: write_audit_manifest,
}
"""The same for an audit of what exists."""

ComparisonExporter = Callable[[Compared, Path], None]
"""Writes one file of a comparison into a folder."""


def write_both_manifest(compared: Compared, folder: Path) -> None:
    """manifest.json: what both plans were made from."""
    write_comparison_manifest(compared.base, compared.other, folder)


COMPARISON_EXPORTERS: Mapping[str, ComparisonExporter] = {
    COMPARISON_FACTS: write_comparison_file,
    COMPARISON_WORKBOOK: write_comparison_workbook,
    COMPARISON_MAP: write_comparison_map,
    MANIFEST: write_both_manifest,
}
"""The same for a comparison of two plans."""

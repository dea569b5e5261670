"""The interactive maps: what exists, and the plan; one page each, which open without a network."""

from __future__ import annotations

from pathlib import Path

from siting.filing.dossier import Dossier
from siting.filing.existing import audited_once
from siting.mapping import draw_audit, draw_plan
from siting.words import Phrase

EXISTING = Phrase("现状图.html", "existing_schools.html")
PLANNED = Phrase("规划图.html", "plan.html")


def write_maps(dossier: Dossier, folder: Path) -> None:
    """Both maps, in the dossier's language."""
    result, language = dossier.result, dossier.settings.language
    pages = {
        EXISTING: draw_audit(result.area, language, audited_once(result)),
        PLANNED: draw_plan(result.plan, result.area, language, result.checks),
    }
    for name, page in pages.items():
        (folder / dossier.said(name)).write_text(page, encoding="utf-8")

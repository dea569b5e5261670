"""The annex tables (附表1-9) of a plan as one workbook."""

from __future__ import annotations

from siting.filing.annex.write import write_annexes

__all__ = ["write_annexes"]

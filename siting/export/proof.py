"""Stages of a plan in plain words: what was reached, what nobody could beat, and how far the two lie apart."""

from __future__ import annotations

import math
from collections.abc import Mapping

from siting.plan import METRES_WALKED, Stage
from siting.words import Phrase

STATUS_NAMES: Mapping[str, Phrase] = {
    "optimal": Phrase("已证明最优", "proved"),
    "stopped early": Phrase("提前停止", "stopped early"),
    "infeasible": Phrase("无解", "infeasible"),
}


def prove(stage: Stage) -> Phrase:
    """What a stage proves, as a sentence. Earlier goals are kept where they stand."""
    if stage.status == "infeasible":
        return Phrase("按前序目标无可行方案。", "No plan keeps the earlier goals.")
    if math.isnan(stage.bound):
        return Phrase(
            f"结果 {_said(stage.value, stage).zh}，未得到下界。", f"{_said(stage.value, stage).en}; no bound."
        )
    return _proved(stage) if stage.gap <= PROVED else _open(stage)


PROVED = 1e-6
"""Gap below which a stage is proved: the solver's own tolerance."""


def _proved(stage: Stage) -> Phrase:
    reached = _said(stage.value, stage)
    if stage.value == 0:
        return Phrase(f"{reached.zh}，不可能更好。", f"{reached.en}, which nothing can beat.")
    return Phrase(f"{reached.zh}，已证明没有更少的方案。", f"{reached.en}; proved that no plan needs less.")


def _open(stage: Stage) -> Phrase:
    reached, least = _said(stage.value, stage), _said(stage.bound, stage)
    return Phrase(
        f"{reached.zh}；任何方案都不会少于 {least.zh}，差距 {stage.gap:.2%}。",
        f"{reached.en}; no plan can have less than {least.en}, gap {stage.gap:.2%}.",
    )


def _said(number: float, stage: Stage) -> Phrase:
    """A number with its unit; walks in kilometres, since nobody reads nine digits of metres."""
    if stage.unit == METRES_WALKED:
        return Phrase(f"{number / 1000:,.0f} 人·公里", f"{number / 1000:,.0f} resident-km")
    shown = f"{number:,.0f}" if abs(number - round(number)) < 0.05 else f"{number:,.1f}"
    return Phrase(f"{shown} {stage.unit.zh}", f"{shown} {stage.unit.en}")

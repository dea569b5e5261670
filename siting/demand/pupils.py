"""Children of a tier's ages in every unit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from siting.study import FloatArray, StudyArea, Tier


def unit_pupils(area: StudyArea, tier: Tier, pupils_per_1000: Mapping[Tier, float]) -> FloatArray:
    """Children of a tier in every unit (U,): where nobody counted them, residents at the study's rate per 1000.

    0 where they are neither counted nor given a rate; ``knows_pupils`` tells that from a true nought.
    """
    by_rate = area.units.residents * pupils_per_1000.get(tier, 0.0) / 1000.0
    if tier not in area.units.children:
        return by_rate
    counted = area.units.children[tier]
    return np.where(np.isnan(counted), by_rate, counted)


def knows_pupils(area: StudyArea, tier: Tier, pupils_per_1000: Mapping[Tier, float]) -> bool:
    """Whether there is a count or a rate for the tier in every unit."""
    counted = area.units.children.get(tier)
    return tier in pupils_per_1000 or (counted is not None and not bool(np.isnan(counted).any()))

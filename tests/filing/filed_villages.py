"""The six villages as a dossier: N4 is built, S5 extended, everything judged; names may be given other ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import six_villages

from siting.export import Result
from siting.export.needs import see_ahead
from siting.filing.dossier import Dossier, Settings
from siting.filing.norms import norms
from siting.filing.works import works
from siting.plan import Stage, TierPlan
from siting.rules.book import read_rulebook
from siting.study import Forecast
from siting.verify import verify
from siting.words import Language, Phrase

DAY = date(2026, 11, 26)


def filed_villages(
    language: Language = "zh",
    names: Mapping[str, str] | None = None,
    stages: Mapping[str, Stage] | None = None,
    years: Mapping[tuple[str, str], float] | None = None,
) -> Dossier:
    """A dossier. names: what sites are called, by id; stages: other stages by their goal; years: openings."""
    part = _part(names or {}, stages or {})
    plan, book = replace(six_villages.plan(), parts=(part,)), read_rulebook("dingzhou-2021")
    area, project = six_villages.study_area(), six_villages.project()
    result = Result(plan, area, project, book, verify(plan, area, project, book), 0.0)
    return Dossier(
        result, works(result, years or {}), None, norms(["kindergarten"]), Settings(language=language, day=DAY)
    )


def _part(names: Mapping[str, str], stages: Mapping[str, Stage]) -> TierPlan:
    part = six_villages.part()
    return replace(
        part,
        sites=tuple(replace(site, name=names.get(site.id, site.name)) for site in part.sites),
        stages=tuple(stages.get(stage.goal, stage) for stage in part.stages),
    )


def foreseen(dossier: Dossier) -> Dossier:
    """The same where the study looks ahead from 2026 to 2040: 20 children per 1000 residents, a twentieth of that fewer
    every year; all of them ask for a seat."""
    result, years = dossier.result, np.arange(2026, 2041)
    residents = np.repeat(np.array(six_villages.RESIDENTS)[:, None], len(years), axis=1)
    children = {"kindergarten": residents * 0.02 * (1.0 - 0.05 * np.arange(len(years)))}
    said = Phrase("按出生数推算", "from births")
    forecast = Forecast(six_villages.IDS, years, 2026, residents, children, {"kindergarten": 1.0}, {}, said)
    area = replace(result.area, forecast=forecast)
    ahead = see_ahead(area, result.project, result.book, result.plan)
    return replace(dossier, result=replace(result, area=area), ahead=ahead)

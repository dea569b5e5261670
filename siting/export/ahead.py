"""ahead.json: how full a plan's proposals will be, and what its new estates ask for, year by year."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from siting.demand.needs import EstateNeeds, Proposal, estate_needs, proposals
from siting.export.facts import number
from siting.export.result import Result
from siting.finished import Finished
from siting.study import Forecast

FILE = "ahead.json"
FORMAT, VERSION = "siting ahead", 1


def write_ahead(result: Result, folder: Path) -> None:
    """ahead.json where the study looks ahead; nothing else."""
    said = ahead_to_json(result)
    if said:
        (folder / FILE).write_text(said, encoding="utf-8")


def ahead_to_json(made: Finished) -> str:
    """The file as text; "" where the study does not look ahead."""
    forecast = made.area.forecast
    if forecast is None:
        return ""
    built = proposals(made.plan, made.area, made.project, made.book)
    facts = ahead_facts(forecast, built, estate_needs(made.area, made.project))
    content = {"format": FORMAT, "version": VERSION, **facts}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def ahead_facts(
    forecast: Forecast, proposals_: Sequence[Proposal], estates: Sequence[EstateNeeds]
) -> Mapping[str, object]:
    """Proposals and estates for machines; null where nobody knows."""
    years = forecast.year.tolist()
    return {
        "year_planned": forecast.year_planned,
        "method": {"zh": forecast.said.zh, "en": forecast.said.en},
        "years": years,
        "proposals": [_proposal(one, years) for one in proposals_],
        "estates": [_estate(one) for one in estates],
    }


def _proposal(one: Proposal, years: Sequence[int]) -> Mapping[str, object]:
    pupils = zip(years, one.pupils.tolist(), strict=True)
    return {
        "programme": one.programme.key,
        "site": one.site.id,
        "name": one.site.name,
        "opens": one.opens,
        "seats": number(one.site.seats),
        "service_population": number(one.site.service_population),
        "pupils": {str(year): number(count) for year, count in pupils},
        "opening": number(one.opening),
        "peak": number(one.peak),
        "peak_year": one.peak_year,
        "later": number(one.later),
        "is_compliant": one.verdict.is_compliant,
        "is_viable": one.verdict.is_viable,
    }


def _estate(one: EstateNeeds) -> Mapping[str, object]:
    return {
        "name": one.name,
        "township": one.township,
        "dwellings": number(one.dwellings),
        "residents": number(one.residents),
        "peak_pupils": {tier: number(count) for tier, count in one.peak_pupils.items()},
        "delivered": one.delivered.isoformat(),
        "school_opens": one.school_opens.isoformat() if one.school_opens else None,
        "gap_months": number(one.gap_months),
    }

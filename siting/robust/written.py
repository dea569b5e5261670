"""What a robust choice is written as: robust.json, robust.xlsx, and the manifest beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from siting.export.facts import number
from siting.export.in_language import cover_in
from siting.export.manifest import write_made_manifest
from siting.export.workbook import save_workbook
from siting.project import programme_name
from siting.robust.choice import ProgrammeChoice
from siting.robust.tables import choice_line, robust_tables
from siting.run import Base
from siting.study import FloatArray, StudyArea
from siting.words import Language, Phrase

FACTS, WORKBOOK = "robust.json", "robust.xlsx"
FORMAT, VERSION = "siting robust", 1


def robust_to_json(choices: Sequence[ProgrammeChoice]) -> str:
    """robust.json as text: every figure."""
    content = {"format": FORMAT, "version": VERSION, **robust_facts(choices)}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


def write_facts(said: str, folder: Path) -> None:
    """robust.json, of its text."""
    (folder / FACTS).write_text(said, encoding="utf-8")


def write_tables(area: StudyArea, choices: Sequence[ProgrammeChoice], language: Language, folder: Path) -> None:
    """robust.xlsx."""
    title = Phrase(f"{area.name}　多情景稳健选址", f"{area.name}: one set of sites for all scenarios")
    about = (*((programme_name(one), choice_line(one)) for one in choices), *_NOTES)
    cover = cover_in(language, title, area.notice, about)
    save_workbook(folder / WORKBOOK, cover, robust_tables(choices, language), area.notice, language)


def write_manifest(base: Base, choices: Sequence[ProgrammeChoice], folder: Path) -> None:
    """manifest.json: what the base was made from, and the scenarios; the last file to be written."""
    names = choices[0].table.scenario if choices else ()
    weights = choices[0].weight if choices else ()
    write_made_manifest(base, {"scenarios": dict(zip(names, weights, strict=True))}, folder)


def robust_facts(choices: Sequence[ProgrammeChoice]) -> Mapping[str, object]:
    """The choice of every programme for machines; null where a number is not known, "inf" where it has no end."""
    return {"programmes": [_facts(one) for one in choices]}


def _facts(one: ProgrammeChoice) -> Mapping[str, object]:
    table, sets = one.table, len(one.sets)
    return {
        "programme": one.programme,
        "scenarios": [
            {"key": key, "name": name, "weight": weight, "bound": number(least)}
            for key, name, weight, least in zip(one.key, table.scenario, one.weight, one.least, strict=True)
        ],
        "goals": list(table.goal),
        "sets": [
            {"name": {"zh": its.name.zh, "en": its.name.en}, "new": sorted(its.new), "extend": sorted(its.extend)}
            for its in one.sets
        ],
        "value": _listed(table.value[:sets]),
        "own_value": _listed(np.array([table.value[sets + k, k] for k in range(len(table.scenario))])),
        "regret": _listed(table.regret[:sets]),
        "mean_value": _listed(one.mean),
        "mean_regret": _listed(table.mean[:sets]),
        "greatest_regret": _listed(table.greatest[:sets]),
        "by_mean": {"set": one.by_mean, "bound": number(one.bound), "gap": number(one.gap)},
        "by_regret": {"set": one.by_regret, "bound": 0.0, "is_proved": one.is_regret_proved},
        "no_regret": [site.site_id for site in one.steady],
        "only_in_one": [{"site": site.site_id, "scenario": site.scenarios[0]} for site in one.single],
    }


def _listed(values: FloatArray) -> list[object]:
    return [_listed(one) if np.ndim(one) else number(float(one)) for one in values]


_NOTES = (
    (
        Phrase("校址组合", "Set of sites"),
        Phrase(
            "新建的校址在每个情景都建；所列学校可以扩建，按情景需要；其余一律不建。情景自身规定（禁建、必建）优先。",
            "New builds are built in every scenario; the schools named may be extended where a scenario needs it; "
            "nothing else is built. What a scenario itself forbids or requires stays so.",
        ),
    ),
    (
        Phrase("后悔值", "Regret"),
        Phrase(
            "某组合在某情景的目标值，减去该情景已知最好方案的目标值；先比第一目标，再比其后。",
            "A set's value in a scenario less that of the best plan known there; the leading goal first, then "
            "the next.",
        ),
    ),
    (
        Phrase("下界", "Bound"),
        Phrase(
            "加权平均：任何组合的第一目标都不低于各情景下界的加权平均。最大后悔值：为 0 即已证明最小；"
            "否则只是所试组合中最好的，未证明没有更好的组合。",
            "Mean: no set's leading goal is below the weighted mean of the scenarios' bounds. Greatest regret: 0 is "
            "proved least; anything else is the best of the sets tried, and no proof that there is none better.",
        ),
    ),
)

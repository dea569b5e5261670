"""Scenarios written as a planner would, put to the six villages of ``six_villages``."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import six_villages

from siting.errors import InputError
from siting.plan import Plan
from siting.rules.book import read_rulebook
from siting.run import Base, make_plan, prepared
from siting.scenario import Scenario, applied, read_scenario

BOOK = read_rulebook("dingzhou-2021")
X0, Y0 = six_villages.X0, six_villages.Y0


def base() -> Base:
    return Base(six_villages.project(), BOOK, six_villages.study_area())


def scenario(folder: Path, changes: str, name: str = "case") -> Scenario:
    return read_scenario(written(folder, changes, name))


def written(folder: Path, changes: str, name: str = "case") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(f'name = {{ zh = "情景", en = "a case" }}\n{changes}', encoding="utf-8")
    return file


def changed(folder: Path, changes: str, plan: Plan | None = None, of: Base | None = None) -> Base:
    return applied(of or base(), scenario(folder, changes), plan)


def planned(of: Base) -> Plan:
    study, faults = prepared(of)
    assert faults == ()
    return make_plan(study, workers=1)


def faults_of(folder: Path, changes: str, of: Base | None = None) -> list[str]:
    """What is wrong with a scenario, in English; "" where nothing is."""
    try:
        changed(folder, changes, of=of)
    except InputError as error:
        return [fault.said_in("en") for fault in error.faults]
    return []


def values(plan: Plan) -> dict[str, float]:
    return {stage.goal: stage.value for stage in plan.parts[0].stages}


def actions(plan: Plan) -> dict[str, str]:
    return {site.id: site.action for site in plan.parts[0].sites}


def same(one: object, other: object) -> bool:
    """Whether two records hold the same, arrays included."""
    if isinstance(one, np.ndarray) and one.dtype.kind == "f":
        return isinstance(other, np.ndarray) and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other)
    if isinstance(one, float):
        return isinstance(other, float) and (one == other or (math.isnan(one) and math.isnan(other)))
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__)
    return bool(one == other)

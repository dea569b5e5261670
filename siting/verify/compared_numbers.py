"""The measures a comparison states, each added up again from the two plans."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from siting.verify.flaws import Flaw
from siting.verify.stated import Side, Stated, number, unlike
from siting.words import Phrase

FINE = 1e-6
"""Tolerance of shares and coefficients."""

SHARES = ("covered_share", "fill_share", "beyond_share", "gini")

SUMMED = ("uncovered", "schools", "new", "extend", "cost_points", "seats", "seats_added", "money_wan_yuan")


def difference_flaws(pairs: Sequence[Stated], where: str) -> Iterator[Flaw]:
    """Differences that are not other - base."""
    for one in pairs:
        base, other = number(one["base"]), number(one["other"])
        difference = 0.0 if base == other else other - base
        yield from unlike(f"{where} {one['key']}", "difference", difference, one["difference"], FINE)


def measure_flaws(
    pairs: Sequence[Stated], base: Mapping[str, float], other: Mapping[str, float], where: str
) -> Iterator[Flaw]:
    """Measures that are missing, unknown or told twice, and values that are not what the plans add up to."""
    told = [one["key"] for one in pairs]
    for key in dict.fromkeys([*base, *told]):
        if told.count(key) != (key in base):
            yield Flaw(
                f"{where} {key}",
                Phrase(f"{where} 的 {key} 应出现 {int(key in base)} 次，实为 {told.count(key)} 次",
                       f"{where}: {key} should be told {int(key in base)} times, and is {told.count(key)} times"),
            )  # fmt: skip
    for one in pairs:
        if one["key"] in base:
            tolerance = FINE if one["key"] in SHARES else 0.05
            yield from unlike(f"{where} {one['key']}", "base", base[one["key"]], one["base"], tolerance)
            yield from unlike(f"{where} {one['key']}", "other", other[one["key"]], one["other"], tolerance)


def judged_flaws(stated: Stated, base: Side, other: Side) -> Iterator[Flaw]:
    """Radius and band that are not those of the rules."""
    for place, side in enumerate((base, other)):
        rules = {"radius_m": side.part.radius_m, "lower": side.terms.lower, "upper": side.terms.upper}
        for key, value in rules.items():
            given = stated[key][place] if len(stated[key]) == 2 else math.nan
            yield from unlike(stated["programme"], f"{key}[{place}]", value, given)


def figure_values(side: Side, goals: Sequence[str], seat_wan_yuan: float) -> dict[str, float]:
    """Every figure of one programme of one plan, by key; goals are those of either plan."""
    stage = {one.goal: one for one in side.part.stages}
    values = {goal: stage[goal].value if goal in stage else math.nan for goal in goals}
    values |= {f"{goal}_bound": stage[goal].bound if goal in stage else math.nan for goal in goals}
    return values | _people(side) | _schools(side, seat_wan_yuan)


def _people(side: Side) -> dict[str, float]:
    residents = float(side.units["residents"].sum())
    covered = side.units["covered"].sum() / side.units["residents"].sum(skipna=False) if residents > 0 else math.nan
    return {
        "covered_share": float(covered) if math.isfinite(side.part.radius_m) else math.nan,
        "residents": residents,
        "pupils": float(side.sites["pupils"].sum()),
    }


def _schools(side: Side, seat_wan_yuan: float) -> dict[str, float]:
    sites, asked = side.sites, side.programme
    new, extend = int((sites["action"] == "new").sum()), int((sites["action"] == "extend").sum())
    added = float(sites["added"].sum(skipna=False)) if len(sites) else 0.0
    with_seats = sites[(sites["seats"] > 0) & sites["pupils"].notna()]
    serving = int((sites["serves"] > 0).sum())
    lower, upper = side.terms.lower, side.terms.upper
    return {
        "schools": float(len(sites)),
        "new": float(new),
        "extend": float(extend),
        "cost_points": new * asked.cost_new + extend * asked.cost_extend,
        "seats": float(sites["seats"].sum()),
        "seats_added": added,
        "money_wan_yuan": 0.0 if added == 0 else added * seat_wan_yuan,
        "fill_share": with_seats["pupils"].sum() / with_seats["seats"].sum() if len(with_seats) else math.nan,
        "pupils_per_school": sites["pupils"].sum() / serving if serving else math.nan,
        "below_band": float((sites["residents"] < lower - FINE).sum()) if lower > 0 else math.nan,
        "above_band": float((sites["residents"] > upper + FINE).sum()) if math.isfinite(upper) else math.nan,
    }


def equity_values(side: Side) -> dict[str, float]:
    """Every measure of equity of one programme of one plan, by key."""
    lived_in = side.units[(side.units["residents"] > 0) & side.units["metres"].notna()]
    served = lived_in[np.isfinite(lived_in["metres"])]
    mean = (served["metres"] * served["residents"]).sum() / served["residents"].sum() if len(served) else math.nan
    return {
        "mean_m": float(mean),
        "median_m": _within(lived_in, 0.5),
        "p90_m": _within(lived_in, 0.9),
        "worst_m": _farthest(side),
        "beyond_share": 1.0 - _people(side)["covered_share"],
        "gini": _gini(served["metres"].to_numpy(), served["residents"].to_numpy()),
    }


def _within(units: pd.DataFrame, share: float) -> float:
    """The shortest distance within which a share of the residents live: tried one after another."""
    if units.empty:
        return math.nan
    asked = share * units["residents"].sum() * (1.0 - 1e-12)
    lived = units.groupby("metres")["residents"].sum().sort_index().cumsum()
    return float(lived.index[lived >= asked][0])


def _farthest(side: Side) -> float:
    is_left = (side.units["site"] == "") & (side.units["residents"] > 0)
    return math.inf if is_left.any() else float(side.sites["farthest_m"].max())


def _gini(metres: np.ndarray, residents: np.ndarray) -> float:
    """Over every pair of units, as the definition says."""
    if not residents.sum() > 0:
        return math.nan
    walked = float(metres @ residents)
    if walked == 0:
        return 0.0
    return float(residents @ np.abs(metres[:, None] - metres[None, :]) @ residents / (2.0 * residents.sum() * walked))


def total_values(stated: Sequence[Stated]) -> dict[str, tuple[float, float]]:
    """What the figures of all programmes add up to, by key; their own values are looked at elsewhere."""
    figures = [one for programme in stated for one in programme["figures"] if one["key"] in SUMMED]
    found = dict.fromkeys(SUMMED, (0.0, 0.0))
    for one in figures:
        base, other = found[one["key"]]
        found[one["key"]] = (base + number(one["base"]), other + number(one["other"]))
    return {key: both for key, both in found.items() if any(one["key"] == key for one in figures)}


def price_values(side: Side, seat_wan_yuan: float) -> dict[str, float]:
    """What a lock's price is counted in, of one programme of one plan."""
    units = side.units
    schools = _schools(side, seat_wan_yuan)
    served = units[np.isfinite(units["metres"]) & (units["residents"] > 0)]
    return {
        "uncovered": float(units["residents"].sum() - units["covered"].sum()),
        "walk": float((served["metres"] * served["residents"]).sum()),
        "worst_m": _farthest(side),
        "cost_points": schools["cost_points"],
        "money_wan_yuan": schools["money_wan_yuan"],
    }

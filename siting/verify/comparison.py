"""A comparison judged anew from the two plans, by code that has never met the one that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from siting.finished import Finished
from siting.rules.verdict import Check
from siting.verify.compared_changes import apart_flaws, reach_flaws, site_flaws, unit_flaws, worst_flaws
from siting.verify.compared_numbers import (
    difference_flaws,
    equity_values,
    figure_values,
    judged_flaws,
    measure_flaws,
    price_values,
    total_values,
)
from siting.verify.flaws import Flaw, told_check
from siting.verify.seat_price import seat_price_flaws
from siting.verify.stated import Side, Stated, number, read_stated, sides
from siting.words import Phrase

Sides = dict[str, Side]


NO_PLANS: Mapping[str, Finished] = {}


def verify_comparison(
    text: str, base: Finished, other: Finished, free: Mapping[str, Finished] = NO_PLANS
) -> tuple[Check, ...]:
    """Whether a comparison (the text of comparison.json) says of two plans what they add up to.

    Checks COMPARISON-FILE first, alone where the file is none; then -PROGRAMMES and -TOTALS, and per programme
    -DIFFERENCES, -FIGURES, -EQUITY, -SITES, -UNITS, -REACH, -APART and -WORST; -PRICES where locks are priced. free are
    the plans without locks that the base's own is not, by the names the file has for them. What a seat costs is taken
    as stated.
    """
    stated, damage = read_stated(text)
    file = _check("FILE", "all", damage, 1, Phrase("个文件完整", "file is whole"))
    if damage:
        return (file,)
    before, after = sides(base), sides(other)
    checks = [file, _programmes(stated, before, after), _totals(stated)]
    for programme in stated["programmes"]:
        key = programme["programme"]
        if key in before and key in after:
            checks += _programme_checks(programme, before[key], after[key])
    if stated["prices"]:
        checks.append(_prices(stated, {BASE_PLAN: before, **{name: sides(one) for name, one in free.items()}}, after))
    return tuple(checks)


def _check(name: str, programme: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"COMPARISON-{name}", flaws, count, what, "comparison.json", programme)


def _programmes(stated: Stated, before: Sides, after: Sides) -> Check:
    told: dict[str, list[Any]] = {
        "programmes": [one["programme"] for one in stated["programmes"]],
        "base_only": stated["base_only"],
        "other_only": stated["other_only"],
    }
    expected = {
        "programmes": [key for key in before if key in after],
        "base_only": [key for key in before if key not in after],
        "other_only": [key for key in after if key not in before],
    }
    flaws = [
        Flaw(
            key,
            Phrase(
                f"{key} 应为 {expected[key]}，写为 {told[key]}", f"{key} should be {expected[key]}, and is {told[key]}"
            ),
        )
        for key in expected
        if sorted(map(str, told[key])) != sorted(expected[key])
    ]
    return _check("PROGRAMMES", "all", flaws, len(before), Phrase("个项目齐全", "programmes are there"))


def _totals(stated: Stated) -> Check:
    values = total_values(stated["programmes"])
    base, other = ({key: both[side] for key, both in values.items()} for side in (0, 1))
    flaws = [*measure_flaws(stated["totals"], base, other, "totals"), *difference_flaws(stated["totals"], "totals")]
    return _check("TOTALS", "all", flaws, len(values), Phrase("项合计相符", "totals add up"))


def _programme_checks(stated: Stated, base: Side, other: Side) -> Iterator[Check]:
    key = stated["programme"]
    found: dict[str, tuple[list[Flaw], int, Phrase]] = {
        "DIFFERENCES": (
            [*difference_flaws(stated["figures"], "figures"), *difference_flaws(stated["equity"], "equity")],
            len(stated["figures"]) + len(stated["equity"]),
            Phrase("项差值相符", "differences are other - base"),
        ),
        "FIGURES": (
            [*judged_flaws(stated, base, other), *_figures(stated, base, other)],
            len(stated["figures"]),
            Phrase("项指标与重算一致", "figures agree with the recount"),
        ),
        "EQUITY": (
            list(measure_flaws(stated["equity"], equity_values(base), equity_values(other), "equity")),
            len(stated["equity"]),
            Phrase("项公平指标与重算一致", "measures of equity agree with the recount"),
        ),
        "SITES": (
            list(site_flaws(stated["sites"], base, other)),
            len(stated["sites"]),
            Phrase("所学校的变化属实", "changes of sites are so"),
        ),
        "UNITS": (
            list(unit_flaws(stated["units"], stated["sites"], base, other)),
            len(stated["units"]),
            Phrase("个单元的换校属实", "changes of school are so"),
        ),
        "REACH": (
            list(reach_flaws(stated["reach"], base, other)),
            len(stated["reach"]),
            Phrase("个村的可达变化属实", "changes of reach are so"),
        ),
        "APART": (
            list(apart_flaws(stated["apart"], base, other)),
            len(stated["apart"]),
            Phrase("个单元确只在一方", "units are of one plan only"),
        ),
        "WORST": (
            [
                *worst_flaws(stated["base_worst"], base, "base_worst"),
                *worst_flaws(stated["other_worst"], other, "other_worst"),
            ],
            len(stated["base_worst"]) + len(stated["other_worst"]),
            Phrase("个村确为最远", "villages are the worst served"),
        ),
    }
    for name, (flaws, count, what) in found.items():
        yield _check(name, key, flaws, count, what)


def _figures(stated: Stated, base: Side, other: Side) -> Iterator[Flaw]:
    goals = list(dict.fromkeys(stage.goal for side in (base, other) for stage in side.part.stages))
    values = [figure_values(side, goals, _seat(stated, place)) for place, side in enumerate((base, other))]
    for price in stated["seat_wan_yuan"]:
        yield from seat_price_flaws(stated["programme"], stated["tier"], price)
    yield from measure_flaws(stated["figures"], values[0], values[1], "figures")


def _seat(stated: Stated, place: int) -> float:
    prices = stated["seat_wan_yuan"]
    return number(prices[place]) if len(prices) == 2 else float("nan")


BASE_PLAN = "base"
"""What a price calls the base's own plan, where that is the one without its locks."""


def _prices(stated: Stated, before: Mapping[str, Sides], after: Sides) -> Check:
    flaws: list[Flaw] = []
    seats = {one["programme"]: _seat(one, 1) for one in stated["programmes"]}
    for price in stated["prices"]:
        key, name = price["programme"], price["free"]
        if key not in after:
            flaws.append(Flaw(key, Phrase(f"没有项目 {key}", f"there is no programme {key}")))
            continue
        if key not in before.get(name, {}):
            flaws.append(Flaw(name, Phrase(f"没有不受限制的方案 {name}", f"there is no plan {name} without the lock")))
            continue
        free, held = (price_values(side[key], seats.get(key, float("nan"))) for side in (before[name], after))
        flaws += measure_flaws(price["measures"], free, held, price["what"]["zh"])
        flaws += difference_flaws(price["measures"], price["what"]["zh"])
    return _check("PRICES", "all", flaws, len(stated["prices"]), Phrase("项限制的代价相符", "prices of locks add up"))

"""A robust choice judged anew from its file and the plans beside it, by code that has never met the one that made it.

What a set of sites is worth in a scenario is taken as stated: no plan of it is written. Everything made of those values
is worked out again, and what the scenarios' own plans say is read from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from siting.plan import Plan, Site, TierPlan
from siting.rules.verdict import Check
from siting.verify.compared_changes import SAME_PLACE_M
from siting.verify.flaws import Flaw, said_of, told_check
from siting.verify.stated import Stated, number, read_record, told_flaws, unlike
from siting.words import Phrase, both

FILE = "robust.json"

FINE = 1e-6
"""What adding up may lose, of every unit of a value."""

DIGITS = 9
"""Values that agree in so many digits are equal."""

SHAPE = {
    "programmes": [{
        "programme": str,
        "scenarios": [{"key": str, "name": str, "weight": None, "bound": None}],
        "goals": [str],
        "sets": [{"name": {"zh": str, "en": str}, "new": [str], "extend": [str]}],
        "value": [[[None]]], "own_value": [[None]], "regret": [[[None]]],
        "mean_value": [[None]], "mean_regret": [[None]], "greatest_regret": [[None]],
        "by_mean": {"set": int, "bound": None, "gap": None},
        "by_regret": {"set": int, "bound": None, "is_proved": bool},
        "no_regret": [str],
        "only_in_one": [{"site": str, "scenario": str}],
    }],
}  # fmt: skip

Values = list[list[float]]


@dataclass(frozen=True, slots=True)
class Told:
    """One programme of the file: what it states, its sets and scenarios by name, shares of the weights (S), values of
    sets by set, scenario and goal, and own values by scenario and goal."""

    stated: Stated
    sets: tuple[str, ...]
    scenarios: tuple[str, ...]
    share: tuple[float, ...]
    value: tuple[Values, ...]
    own: Values

    def cells(self) -> Iterator[tuple[int, int, int]]:
        """Every set, scenario and goal."""
        for p in range(len(self.sets)):
            for s in range(len(self.scenarios)):
                for g in range(len(self.stated["goals"])):
                    yield p, s, g

    def regret(self, p: int, s: int, g: int) -> float:
        """What a set falls short of the best that is known in a scenario, its own plan among it."""
        value = self.value[p][s][g]
        known = [one for one in (self.own[s][g], *(of[s][g] for of in self.value)) if not math.isnan(one)]
        best = min(known, default=math.nan)
        return 0.0 if math.isinf(value) and value == best else value - best

    def greatest(self, p: int, g: int) -> float:
        """The largest regret of a set; nan where it lacks a scenario."""
        regrets = [self.regret(p, s, g) for s in range(len(self.scenarios))]
        return math.nan if any(map(math.isnan, regrets)) else max(regrets)

    def mean(self, p: int, g: int) -> float:
        """The weighted mean value of a set."""
        return sum(share * self.value[p][s][g] for s, share in enumerate(self.share))

    def mean_regret(self, p: int, g: int) -> float:
        """The weighted mean regret of a set, over the scenarios that weigh something."""
        return sum(share * self.regret(p, s, g) for s, share in enumerate(self.share) if share > 0)


def scenario_keys(text: str) -> tuple[str, ...]:
    """The folders of the scenarios that a file speaks of; none where it is no robust choice."""
    stated, damage = read_record(text, FILE, "siting robust", SHAPE)
    told = [] if damage else [one["key"] for programme in stated["programmes"] for one in programme["scenarios"]]
    return tuple(dict.fromkeys(told))


def verify_robust(text: str, first: Plan, own: Mapping[str, Plan]) -> tuple[Check, ...]:
    """Whether the text of robust.json is what its values, the base's plan and the scenarios' own plans add up to.

    own maps scenarios' keys to their plans. Checks ROBUST-FILE first, alone where the file is none; then -PROGRAMMES,
    and per programme -PLANS, -SETS, -REGRETS, -MEANS, -BOUNDS, -CHOICE and -SITES.
    """
    stated, damage = read_record(text, FILE, "siting robust", SHAPE)
    damage = damage or [flaw for one in stated["programmes"] for flaw in _shape_flaws(one, own)]
    file = _check("FILE", "all", damage, 1, Phrase("个文件完整", "file is whole"))
    if damage:
        return (file,)
    known = [part.programme for part in first.parts]
    told = [one["programme"] for one in stated["programmes"]]
    lacking = list(told_flaws(told, known, Phrase("项目", "a programme")))
    programmes = _check("PROGRAMMES", "all", lacking, len(known), Phrase("个项目齐全", "programmes are there"))
    checks = [check for one in stated["programmes"] if one["programme"] in known for check in _checks(one, first, own)]
    return (file, programmes, *checks)


def _check(name: str, programme: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"ROBUST-{name}", flaws, count, what, FILE, programme)


def _shape_flaws(one: Stated, own: Mapping[str, Plan]) -> Iterator[Flaw]:
    """Tables that have not a number for every set, scenario and goal, and scenarios without a plan or a weight."""
    sets, scenarios, goals = len(one["sets"]), len(one["scenarios"]), len(one["goals"])
    shapes = {
        "value": (sets, scenarios, goals), "own_value": (scenarios, goals), "regret": (sets, scenarios, goals),
        "mean_value": (sets, goals), "mean_regret": (sets, goals), "greatest_regret": (sets, goals),
    }  # fmt: skip
    for key, shape in shapes.items():
        if not _has_shape(one[key], shape):
            size = " x ".join(map(str, shape))
            yield said_of(f"{one['programme']} {key}", f"应为 {size} 个数", f"should hold {size} numbers")
    for its in one["scenarios"]:
        if its["key"] not in own or one["programme"] not in {part.programme for part in own[its["key"]].parts}:
            yield said_of(its["key"], f"没有 {one['programme']} 的方案", f"has no plan of {one['programme']}")
    weights = [number(its["weight"]) for its in one["scenarios"]]
    if not (all(weight >= 0 for weight in weights) and sum(weights) > 0):
        yield said_of(f"{one['programme']} weight", "应不小于 0 且不全为 0", "should be at least 0, and not all 0")


def _has_shape(table: Any, shape: tuple[int, ...]) -> bool:
    if not shape:
        return not isinstance(table, list)
    return isinstance(table, list) and len(table) == shape[0] and all(_has_shape(row, shape[1:]) for row in table)


def _checks(one: Stated, first: Plan, own: Mapping[str, Plan]) -> Iterator[Check]:
    key, told = one["programme"], _told(one)
    plans = {its["name"]: _part(own[its["key"]], key) for its in one["scenarios"]}
    built = [_part(first, key), *plans.values()]
    sets, values = len(told.sets), len(told.sets) * len(told.scenarios) * len(one["goals"])
    found: Mapping[str, tuple[Iterator[Flaw], int, Phrase]] = {
        "PLANS": (_plan_flaws(told, plans), len(plans), Phrase("个情景的目标值与方案相符", "plans are worth as told")),
        "SETS": (_set_flaws(told, built), sets, Phrase("个校址组合出自各方案", "sets are of sites of the plans")),
        "REGRETS": (_regret_flaws(told), values, Phrase("个后悔值相符", "regrets add up")),
        "MEANS": (_mean_flaws(told), sets, Phrase("个组合的平均值相符", "sets' means add up")),
        "BOUNDS": (
            _bound_flaws(told),
            len(plans),
            Phrase("个情景的下界不高于取值", "bounds are no higher than values"),
        ),
        "CHOICE": (_choice_flaws(told), 2, Phrase("项选择成立", "choices hold")),
        "SITES": (_site_flaws(told, plans), len(one["no_regret"]) + len(one["only_in_one"]), _SITES),
    }
    for name, (flaws, count, what) in found.items():
        yield _check(name, key, list(flaws), count, what)


_SITES = Phrase("处无悔或只在一个情景有用的校址属实", "sites are no-regret, or of one scenario only")


def _told(one: Stated) -> Told:
    weights = [number(its["weight"]) for its in one["scenarios"]]
    return Told(
        stated=one,
        sets=tuple(its["name"]["zh"] for its in one["sets"]),
        scenarios=tuple(its["name"] for its in one["scenarios"]),
        share=tuple(weight / sum(weights) for weight in weights),
        value=tuple([[number(cell) for cell in row] for row in table] for table in one["value"]),
        own=[[number(cell) for cell in row] for row in one["own_value"]],
    )


def _part(plan: Plan, key: str) -> TierPlan:
    return next(part for part in plan.parts if part.programme == key)


# --- plans and sets --------------------------------------------------------------------------------------------


def _plan_flaws(told: Told, plans: Mapping[str, TierPlan]) -> Iterator[Flaw]:
    """Own values that are not those of the scenarios' plans."""
    for s, (name, part) in enumerate(plans.items()):
        value = {stage.goal: stage.value for stage in part.stages}
        for g, goal in enumerate(told.stated["goals"]):
            yield from _unlike(name, f"own_value {goal}", value.get(goal, math.nan), told.own[s][g])


def _set_flaws(told: Told, built: Sequence[TierPlan]) -> Iterator[Flaw]:
    """Sets told twice, and sites in them that no plan builds or extends."""
    projects = {
        action: {site.id for part in built for site in part.sites if site.action == action}
        for action in ("new", "extend")
    }
    seen: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    for name, one in zip(told.sets, told.stated["sets"], strict=True):
        own = (frozenset(one["new"]), frozenset(one["extend"]))
        if own in seen:
            yield said_of(name, f"与 {seen[own]} 是同一组合", f"is the same set as {seen[own]}")
        seen.setdefault(own, name)
        for action, sites in (("new", own[0]), ("extend", own[1])):
            for site in sorted(sites - projects[action]):
                yield said_of(name, f"的 {site}（{action}）不在任何方案中", f"has {site} ({action}), which no plan has")


# --- regrets and means -----------------------------------------------------------------------------------------


def _regret_flaws(told: Told) -> Iterator[Flaw]:
    for p, s, g in told.cells():
        where, goal = f"{told.sets[p]} / {told.scenarios[s]}", told.stated["goals"][g]
        yield from _unlike(where, f"regret {goal}", told.regret(p, s, g), told.stated["regret"][p][s][g])
    for p, name in enumerate(told.sets):
        for g, goal in enumerate(told.stated["goals"]):
            yield from _unlike(
                name, f"greatest_regret {goal}", told.greatest(p, g), told.stated["greatest_regret"][p][g]
            )


def _mean_flaws(told: Told) -> Iterator[Flaw]:
    for p, name in enumerate(told.sets):
        for g, goal in enumerate(told.stated["goals"]):
            yield from _unlike(name, f"mean_value {goal}", told.mean(p, g), told.stated["mean_value"][p][g])
            yield from _unlike(name, f"mean_regret {goal}", told.mean_regret(p, g), told.stated["mean_regret"][p][g])


def _unlike(where: str, what: str, measured: float, stated: object) -> Iterator[Flaw]:
    yield from unlike(where, what, measured, stated, FINE)


# --- bounds and choices ----------------------------------------------------------------------------------------


def _bound_flaws(told: Told) -> Iterator[Flaw]:
    """Bounds above a value in their scenario, and the choices' bounds that are not what they are made of."""
    bounds = [number(its["bound"]) for its in told.stated["scenarios"]]
    for s, (name, bound) in enumerate(zip(told.scenarios, bounds, strict=True)):
        yield from _above(name, bound, Phrase("本情景方案", "its own plan"), told.own[s][0])
        for its, of in zip(told.sets, told.value, strict=True):
            yield from _above(name, bound, both(f"“{its}”"), of[s][0])
    mean = sum(share * bound for share, bound in zip(told.share, bounds, strict=True))
    yield from _unlike("by_mean", "bound", mean, told.stated["by_mean"]["bound"])
    yield from _unlike("by_regret", "bound", 0.0, told.stated["by_regret"]["bound"])
    yield from _unlike("by_mean", "gap", _gap(told, mean), told.stated["by_mean"]["gap"])


def _above(scenario: str, bound: float, whose: Phrase, value: float) -> Iterator[Flaw]:
    """A bound that is above a value, or none at all; of a value nobody knows nothing is said."""
    if not math.isnan(value) and not bound <= value + FINE * max(1.0, abs(value)):
        yield said_of(
            scenario,
            f"的下界 {bound:,.4g} 高于{whose.zh}的值 {value:,.4g}",
            f"has a bound of {bound:,.4g}, above the value {value:,.4g} of {whose.en}",
        )


def _gap(told: Told, bound: float) -> float:
    chosen = told.stated["by_mean"]["set"]
    if not 0 <= chosen < len(told.sets):
        return math.nan
    value = told.mean(chosen, 0)
    return max(0.0, value - bound) / max(value, 1.0)


def _choice_flaws(told: Told) -> Iterator[Flaw]:
    """Sets chosen that are not the least by their measure, and a proof that is none."""
    for key, best in (("by_mean", _best(told, 0)), ("by_regret", _best(told, 1))):
        chosen = told.stated[key]["set"]
        if chosen != best and not _are_equal(told, chosen, best):
            names = [told.sets[place] if 0 <= place < len(told.sets) else "none" for place in (best, chosen)]
            yield said_of(key, f"应选 {names[0]}，写为 {names[1]}", f"should be {names[0]}, and is {names[1]}")
    best = _best(told, 1)
    is_proved = best >= 0 and told.greatest(best, 0) <= FINE
    if told.stated["by_regret"]["is_proved"] != is_proved:
        yield said_of(
            "by_regret", f"的 is_proved 应为 {is_proved}".lower(), f"should have is_proved {is_proved}".lower()
        )


def _best(told: Told, first: int) -> int:
    """The set that is least goal by goal in the mean (first = 0) or the greatest regret (1), then in the other; the
    first of equals, -1 where every set lacks something."""
    best, least = -1, tuple[float, ...]()
    for p in range(len(told.sets)):
        own = tuple(float(f"{one:.{DIGITS}g}") for one in _measures(told, p, first))
        if not any(map(math.isnan, own)) and (best < 0 or own < least):
            best, least = p, own
    return best


def _measures(told: Told, p: int, first: int) -> list[float]:
    goals = range(len(told.stated["goals"]))
    of = ([told.mean(p, g) for g in goals], [told.greatest(p, g) for g in goals])
    return [*of[first], *of[1 - first]]


def _are_equal(told: Told, one: int, other: int) -> bool:
    """Whether two sets are worth the same but for what adding up loses; none is no set's equal."""
    if not (0 <= one < len(told.sets) and 0 <= other < len(told.sets)):
        return False
    both = zip(_measures(told, one, 0), _measures(told, other, 0), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-8, abs_tol=FINE) for a, b in both)


# --- sites -----------------------------------------------------------------------------------------------------


def _site_flaws(told: Told, plans: Mapping[str, TierPlan]) -> Iterator[Flaw]:
    """Sites left out of, or wrongly told among, those of every scenario and those of one only."""
    met: list[tuple[Site, set[str]]] = []
    for name, part in plans.items():
        for site in part.sites:
            if site.action != "keep":
                _where(met, site).add(name)
    every = {site.id for site, scenarios in met if len(scenarios) == len(plans)}
    single = {f"{site.id} / {min(of)}" for site, of in met if len(of) == 1 < len(plans)}
    yield from told_flaws(told.stated["no_regret"], every, Phrase("无悔校址", "a no-regret site"))
    only = [f"{one['site']} / {one['scenario']}" for one in told.stated["only_in_one"]]
    yield from told_flaws(only, single, Phrase("只在一个情景有用", "a site of one scenario only"))


def _where(met: list[tuple[Site, set[str]]], site: Site) -> set[str]:
    """The scenarios of a site met before, by id or in the same place; a new entry where it was not."""
    for known, scenarios in met:
        if known.id == site.id or math.dist((known.x, known.y), (site.x, site.y)) <= SAME_PLACE_M:
            return scenarios
    met.append((site, set()))
    return met[-1][1]

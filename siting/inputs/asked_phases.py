"""What the study file asks of a plan over years: [[phase]] with its years, budgets and settled projects.

What changes in a phase, [[phase.change]], is read by ``siting.phases``, which knows the kinds of change.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from siting.inputs.asked_ahead import FIRST_YEAR, LAST_YEAR
from siting.inputs.asked_budget import stated_budget
from siting.inputs.notes import did_you_mean
from siting.inputs.stated import Stated
from siting.project import Budget, FixedAction, FixedProject, Phase, Programme
from siting.study import TIER_NAMES, TIERS
from siting.words import Phrase

KEYS = ("name", "from", "to", "budget", "money_wan", "annual_wan", "annual_projects", "new_from", "fixed", "change")
"""What [[phase]] may hold."""

FIXED_KEYS = ("name", "tier", "action", "year", "money_wan", "classes", "programme")
FIXED_ACTIONS: tuple[FixedAction, ...] = get_args(FixedAction)
FIXED_WORDS = {"新建": "new", "扩建": "extend", "改扩建": "rebuild", "迁建": "relocate"}


ROUNDING = 1e-6
"""What adding up 10,000 yuan may lose."""


def read_phases(page: Stated, programmes: Sequence[Programme]) -> tuple[Phase, ...]:
    """The phases in order; what is wrong is noted."""
    tables = page.tables("phase")
    phases = tuple(_phase(table, programmes) for table in tables)
    for before, table, phase in zip(phases, tables[1:], phases[1:], strict=False):
        if phase.first and phase.first <= before.last:
            table.refuse(
                "from",
                Phrase(
                    f"上一期（至 {before.last} 年）以后的年份，各期不得重叠",
                    f"a year after {before.last}, in which the phase before ends: phases do not overlap",
                ),
            )
    return phases


def within(table: Stated, key: str) -> tuple[Stated, ...]:
    """The tables of an array in a phase; messages name both."""
    return tuple(Stated(f"{table.where}{one.where}", one.held, one.notes) for one in table.tables(key, "phase"))


def _phase(table: Stated, programmes: Sequence[Programme]) -> Phase:
    table.close(KEYS)
    table.need("name", Phrase('如 name = "近期"。', 'For example name = { zh = "近期", en = "near term" }.'))
    first, last = _year(table, "from"), _year(table, "to")
    if first and last and last < first:
        table.refuse("to", Phrase(f"不早于 {first} 的年份", f"a year from {first} on"))
        last = first
    years = range(first, last + 1) if first and last else range(0)
    phase = Phase(
        name=table.phrase("name"),
        first=first,
        last=last,
        budgets=_budgets(table, programmes),
        money_wan=table.number("money_wan", math.inf, above=False),
        annual_wan=table.number("annual_wan", math.inf, above=False),
        annual_projects=_whole(table, "annual_projects"),
        new_from=_new_from(table, years),
        fixed=tuple(one for its in within(table, "fixed") for one in _fixed(its, years, programmes)),
    )
    _refuse_twins(table, phase.fixed)
    if years:
        _refuse_dear(table, phase)
    return phase


def _year(table: Stated, key: str) -> int:
    """A year; 0 where there is none."""
    table.need(key, Phrase(f"如 {key} = 2026。", f"For example {key} = 2026."))
    value = table.held.get(key, 0)
    if isinstance(value, int) and not isinstance(value, bool) and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    if key in table.held:
        table.refuse(key, Phrase(f" {FIRST_YEAR}-{LAST_YEAR} 之间的年份，如 2026", "a year such as 2026"))
    return 0


def _new_from(table: Stated, years: range) -> int:
    """The first year in which a new build may open, that of the phase unless stated."""
    year = _year(table, "new_from") if "new_from" in table.held else 0
    if year and years and year not in years:
        table.refuse("new_from", Phrase(f"本期 {years[0]}-{years[-1]} 之内的年份", f"a year of {years[0]}-{years[-1]}"))
    return year


def _whole(table: Stated, key: str) -> float:
    number = table.number(key, math.inf, above=False)
    if math.isfinite(number) and number != round(number):
        table.refuse(key, Phrase("整数", "a whole number"))
    return number


def _budgets(table: Stated, programmes: Sequence[Programme]) -> Mapping[str, Budget]:
    """What each programme may do; a budget that is no table is refused with an example."""
    known = [programme.key for programme in programmes]
    if not isinstance(table.held.get("budget", {}), dict):
        example = f'budget = {{ {known[0] if known else "primary-urban"} = "new <= 1" }}'
        expected = Phrase("按项目写的名额", "a table by programme")
        table.refuse("budget", expected, Phrase(f"如 {example}。", f"For example {example}."))
        return {}
    budgets = table.table("budget")
    budgets.close(known)
    return {key: stated_budget(budgets, key) for key in known if key in budgets.held}


# --- settled projects ------------------------------------------------------------------------------------------


def _fixed(table: Stated, years: range, programmes: Sequence[Programme]) -> Iterator[FixedProject]:
    """One settled project; none, with its faults noted, where it is not sound."""
    before = len(table.notes.faults)
    table.close(FIXED_KEYS)
    table.need("name", Phrase('如 name = "定州一中"。', 'For example name = "定州一中".'))
    table.need("tier", Phrase("请写学段。", f"Name the tier: {', '.join(TIERS)}."))
    table.need("action", Phrase("请写建设性质。", f"Say what is done: {', '.join(FIXED_ACTIONS)}."))
    table.need("money_wan", Phrase("请写投资（万元）。", "State the money in 10,000 yuan."))
    year = _year(table, "year")
    if year and years and year not in years:
        table.refuse("year", Phrase(f"本期 {years[0]}-{years[-1]} 之内的年份", f"a year of {years[0]}-{years[-1]}"))
    one = FixedProject(
        name=table.text("name"),
        tier=table.word("tier", TIERS, TIERS[0]),
        action=table.word("action", FIXED_ACTIONS, FIXED_ACTIONS[0], FIXED_WORDS),
        year=year,
        money_wan=table.number("money_wan", 0.0, above=False),
        classes=table.number("classes", math.nan),
        programme=_programme(table, programmes),
    )
    if len(table.notes.faults) == before:
        yield one


def _programme(table: Stated, programmes: Sequence[Programme]) -> str:
    """The programme whose counts a settled project uses: the one it names, else the only one of its tier."""
    own = [programme.key for programme in programmes if programme.tier == table.held.get("tier")]
    stated = table.text("programme")
    if stated and stated not in own:
        table.refuse("programme", Phrase("本学段的项目", "a programme of its tier"), did_you_mean(stated, own))
    if not stated and len(own) > 1:
        table.need("programme", Phrase(f"请写占用哪一类的名额：{'、'.join(own)}。", f"Name one: {', '.join(own)}."))
    return stated or (own[0] if len(own) == 1 else "")


def _refuse_twins(table: Stated, fixed: Sequence[FixedProject]) -> None:
    """Settled projects of one name and tier, of which nobody could say which is which."""
    for (name, tier), times in Counter((one.name, one.tier) for one in fixed).items():
        if times > 1:
            of = TIER_NAMES[tier]
            table.notes.fault(
                Phrase(
                    f"{table.where}有 {times} 个已定项目同为{of.zh}“{name}”。",
                    f"{table.where}{times} settled projects are the {of.en} '{name}'.",
                ),
                Phrase(
                    "请合并为一段 [[phase.fixed]]，或写不同的 name。",
                    "Make them one [[phase.fixed]], or give them different names.",
                ),
            )


def _refuse_dear(table: Stated, phase: Phase) -> None:
    """Settled projects that are more than the phase allows."""
    for key, most, spent in (
        ("money_wan", phase.money_wan, sum(one.money_wan for one in phase.fixed)),
        *(
            ("annual_wan", phase.annual_wan, sum(one.money_wan for one in phase.fixed if one.year == year))
            for year in phase.years
        ),
        *(
            ("annual_projects", phase.annual_projects, sum(one.year == year for one in phase.fixed))
            for year in phase.years
        ),
    ):
        if spent > most + ROUNDING:
            expected = Phrase(f"不少于已定项目的 {spent:,g}", f"at least the {spent:,g} of its settled projects")
            table.refuse(key, expected)
    for key, budget in phase.budgets.items():
        _refuse_full(table, key, budget, phase.fixed)


def _refuse_full(table: Stated, key: str, budget: Budget, fixed: Sequence[FixedProject]) -> None:
    for word, zh, most in (("new", "新建", budget.new), ("extend", "扩建", budget.extend)):
        used = sum(one.programme == key and one.counts_as == word for one in fixed)
        if most is not None and used > most:
            table.table("budget").refuse(
                key,
                Phrase(f"不少于已定项目的{zh} {used} 所", f"at least the {used} ({word}) of its settled projects"),
            )

"""The tables of a back-test, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from siting.backtest.points import ROUNDING, Backtest, BuiltSite
from siting.export.in_language import Header, table_in
from siting.export.tables import WHOLE, Row, Table
from siting.project import goal_name, programme_name
from siting.words import Language, Phrase

SHARED = Phrase("两者都建", "both")
REAL_ONLY = Phrase("仅实际", "real only")
BEST_ONLY = Phrase("仅最好方案", "best only")

PEOPLE = "#,##0.##"


def title_of(test: Backtest) -> Phrase:
    """The programme and the year."""
    name = programme_name(test)
    return Phrase(
        f"{name.zh}：{test.since} 年以来新建 {test.built} 所的回测",
        f"{name.en}: the {test.built} built since {test.since}, looked back on",
    )


def saved_table(test: Backtest, language: Language) -> Table:
    """遗憾值: one row per goal, in the strict order."""
    headers = [
        Header(Phrase("目标", "goal"), 24),
        Header(Phrase("实际选址", "real sites"), 15, PEOPLE),
        Header(Phrase("实际选址的下界", "bound with real sites"), 15, PEOPLE),
        Header(Phrase("最好方案", "best plan"), 15, PEOPLE),
        Header(Phrase("下界", "bound"), 15, PEOPLE),
        Header(Phrase("遗憾值", "regret"), 15, PEOPLE),
        Header(Phrase("至少可省", "saved at least"), 12, PEOPLE),
        Header(Phrase("至多可省", "saved at most"), 12, PEOPLE),
    ]
    rows: list[Row] = [
        (
            goal_name(one.goal, test.radius_m).said_in(language),
            *(one.real, one.real_bound, one.best, one.best_bound, one.regret, one.at_least, one.at_most),
        )
        for one in test.goals
    ]
    return table_in(Phrase("遗憾值", "Regret"), title_of(test), headers, rows, language)


def sites_table(test: Backtest, language: Language) -> Table:
    """校址: every place one of the plans builds on; what they share first."""
    headers = [
        Header(Phrase("归属", "built in"), 12),
        Header(Phrase("学校名称", "name"), 28),
        Header(Phrase("乡镇（街道）", "township"), 16),
        Header(Phrase("开办年份", "opened"), 9),
        Header(Phrase("实际：服务人口（人）", "residents, real sites"), 14, WHOLE),
        Header(Phrase("最好方案：服务人口（人）", "residents, best plan"), 14, WHOLE),
    ]
    groups = ((SHARED, test.shared), (REAL_ONLY, test.real_only), (BEST_ONLY, test.best_only))
    rows = (_site(word.said_in(language), one) for word, some in groups for one in some)
    return table_in(Phrase("校址", "Sites"), title_of(test), headers, rows, language)


def _site(word: str, one: BuiltSite) -> Row:
    year = "" if one.year is None else str(one.year)
    return word, one.name, one.township, year, one.real_residents, one.best_residents


def reach_table(test: Backtest, language: Language) -> Table:
    """可达变化: villages that would gain or lose with the best sites, against the real ones."""
    headers = [
        Header(Phrase("村（社区）", "village"), 20),
        Header(Phrase("乡镇（街道）", "township"), 16),
        Header(Phrase("常住人口（人）", "residents"), 11, WHOLE),
        Header(Phrase("最好方案多覆盖（人）", "gain reach"), 13, WHOLE, True),
        Header(Phrase("最好方案少覆盖（人）", "lose reach"), 13, WHOLE, True),
    ]
    rows = ((one.name, one.township, one.residents, one.gained, one.lost) for one in test.reach)
    return table_in(Phrase("可达变化", "Reach"), title_of(test), headers, rows, language)


def backtest_tables(test: Backtest, language: Language) -> tuple[Table, ...]:
    """Every sheet, in the order of its tabs."""
    return saved_table(test, language), sites_table(test, language), reach_table(test, language)


def backtest_line(test: Backtest) -> Phrase:
    """What might have been, in a few sentences."""
    said = [*_saved(test), _places(test), *_unknown(test)]
    return Phrase("".join(one.zh for one in said), " ".join(one.en for one in said))


def _saved(test: Backtest) -> Iterator[Phrase]:
    one = test.decisive
    if one is None or not test.real_only:
        same = ("最好的方案与实际选址各目标相同", "The best plan is worth what the real sites are")
        if not test.real_only:
            same = ("最好的方案正建在实际的各处", "The best plan builds on the very places that were chosen")
        proof = _proof(test)
        yield Phrase(f"{same[0]}{proof.zh}。", f"{same[1]}{proof.en}.")
        return
    name, zh, en = goal_name(one.goal, test.radius_m), f"{one.real:,.0f}", f"{one.best:,.0f}"
    if one.regret > 0:
        yield Phrase(
            f"{name.zh}：实际选址 {zh}，同样新建 {test.built} 所的最好方案 {en}，遗憾值 {one.regret:,.0f}。",
            f"{name.en}: {zh} with the real sites, {en} in the best plan with as many new builds; "
            f"regret {one.regret:,.0f}.",
        )
    else:
        yield Phrase(
            f"{name.zh}：限定的搜索没有找到比实际选址（{zh}）更好的方案（{en}）。",
            f"{name.en}: the search found nothing better than the real sites ({zh}; its best {en}).",
        )
    yield Phrase(
        f"已证明：换址至少可省 {one.at_least:,.0f}，至多可省 {one.at_most:,.0f}。",
        f"Proved: other sites would have saved at least {one.at_least:,.0f} and at most {one.at_most:,.0f}.",
    )


def _proof(test: Backtest) -> Phrase:
    """Whether something better is ruled out; else how much better in which goal."""
    one = next((goal for goal in test.goals if goal.at_most > ROUNDING * max(1.0, abs(goal.real))), None)
    if one is None:
        return Phrase("，已证明没有更好的", ", and nothing better exists: proved")
    name, most = goal_name(one.goal, test.radius_m), f"{one.at_most:,.0f}"
    return Phrase(
        f"；{name.zh}是否还可减少（至多 {most}）未证明", f"; whether {name.en} could fall, by up to {most}, is open"
    )


def _places(test: Backtest) -> Phrase:
    return Phrase(
        f"两者共有 {len(test.shared)} 处，不同 {len(test.real_only)} 处；最好方案多覆盖 {test.gained:,.0f} 人，"
        f"少覆盖 {test.lost:,.0f} 人。",
        f"They share {len(test.shared)} places and differ in {len(test.real_only)}; with the best plan "
        f"{test.gained:,.0f} people gain reach and {test.lost:,.0f} lose it.",
    )


def _unknown(test: Backtest) -> Iterator[Phrase]:
    if test.unknown:
        yield Phrase(
            f"另有 {test.unknown} 所没有开办年份，按原有学校处理。",
            f"{test.unknown} more have no opening year and count as older.",
        )

"""The table of a frontier, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siting.budgets.points import Frontier, Point
from siting.export.in_language import Header, table_in
from siting.export.tables import WHOLE, Row, Table
from siting.project import goal_name, programme_name
from siting.words import Language, Phrase

SHORT = 7
"""Columns before those of every goal."""

MARK = Phrase("公布数", "announced")


def title_of(frontier: Frontier) -> Phrase:
    """The programme and what is shown."""
    name = programme_name(frontier)
    return Phrase(f"{name.zh}：每增一所的成效", f"{name.en}: what each further project brings")


def name_of_goal(frontier: Frontier) -> Phrase:
    """The goal that is looked at, as planners call it."""
    return goal_name(frontier.goal, frontier.radius_m)


def frontier_table(frontier: Frontier, language: Language) -> Table:
    """成效: one row per number of new builds; the goal that is looked at with its best known value, its
    bound and what the last build brought, then every goal's value and bound in that plan."""
    lead = name_of_goal(frontier)
    headers = [
        Header(Phrase("新建数（所）", "new builds"), 9, "0"),
        Header(Phrase("公布", "announced"), 9, ""),
        Header(Phrase("实建（所）", "built"), 8, WHOLE),
        Header(Phrase("扩建（所）", "extended"), 8, WHOLE),
        Header(Phrase(f"{lead.zh}（已知最好）", f"{lead.en} (best known)"), 14, WHOLE),
        Header(Phrase(f"{lead.zh}（下界）", f"{lead.en} (bound)"), 14, WHOLE),
        Header(Phrase("比少一所减少", "less than with one fewer"), 12, WHOLE),
    ]
    for goal in frontier.points[0].goals:
        name = goal_name(goal, frontier.radius_m)
        headers.append(Header(Phrase(f"{name.zh}（值）", f"{name.en} (value)"), 14, WHOLE))
        headers.append(Header(Phrase(f"{name.zh}（界）", f"{name.en} (bound)"), 14, WHOLE))
    rows = (_row(one, frontier.announced, language) for one in frontier.points)
    return table_in(Phrase("成效", "Frontier"), title_of(frontier), headers, rows, language)


def short_table(frontier: Frontier, language: Language) -> Table:
    """The table without the columns of every goal, for a terminal."""
    whole = frontier_table(frontier, language)
    return replace(whole, columns=whole.columns[:SHORT], rows=tuple(row[:SHORT] for row in whole.rows))


def _row(one: Point, announced: int | None, language: Language) -> Row:
    goals = zip(one.value, one.bound, strict=True)
    return (
        float(one.count),
        MARK.said_in(language) if one.count == announced else "",
        float(one.built),
        float(one.extended),
        one.known,
        one.least,
        one.brings,
        *(number for pair in goals for number in pair),
    )


def frontier_line(frontier: Frontier) -> Phrase:
    """Where the announced number falls, and how many are enough, in a sentence or two."""
    said = [*_announced(frontier), _enough(frontier)]
    return Phrase("".join(one.zh for one in said), " ".join(one.en for one in said))


def _announced(frontier: Frontier) -> Iterator[Phrase]:
    lead = name_of_goal(frontier)
    for place, one in enumerate(frontier.points):
        if one.count != frontier.announced:
            continue
        zh = f"公布新建 {one.count} 所：{lead.zh} {one.known:,.0f}（下界 {one.least:,.0f}）"
        en = f"At the announced number of new builds, {one.count}: {lead.en} {one.known:,.0f} (bound {one.least:,.0f})"
        more = frontier.points[place + 1 : place + 2]
        further = [(f"，再增一所减少 {its.brings:,.0f}", f"; one more takes {its.brings:,.0f} off") for its in more]
        yield Phrase(zh + "".join(some for some, _ in further) + "。", en + "".join(some for _, some in further) + ".")


def _enough(frontier: Frontier) -> Phrase:
    lead, count = name_of_goal(frontier), frontier.enough
    if count is None:
        last = frontier.points[-1]
        return Phrase(
            f"新建 {last.count} 所仍有 {last.known:,.0f}（下界 {last.least:,.0f}）。",
            f"With {last.count} there are still {last.known:,.0f} (bound {last.least:,.0f}).",
        )
    proof = (
        ("，已证明再少不行", ", and no fewer: proved") if frontier.is_enough_proved else ("，再少是否可行未证明", "")
    )
    return Phrase(f"{lead.zh}为零须新建 {count} 所{proof[0]}。", f"{count} new builds leave none{proof[1]}.")

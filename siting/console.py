"""How results look in a terminal: faults, progress, tables. Builds them; the command line prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from siting.indicators import covered_share
from siting.progress import Step, Tell
from siting.project import goal_name, programme_name
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import TIER_NAMES, StudyArea
from siting.words import Language, Phrase, both

if TYPE_CHECKING:
    from siting.audit import Audit
    from siting.comparison import Comparison
    from siting.export import Result, YearsAhead


@contextmanager
def telling(console: Console, language: Language) -> Iterator[Tell]:
    """A place to tell steps to: the running one moves on a terminal, every finished one leaves a line."""
    with console.status("") if console.is_terminal else nullcontext() as status:
        teller = _Teller(console, language, status)
        yield teller.tell
        teller.finish()


class _Teller:
    """The last step heard of each task, printed when the next task begins."""

    def __init__(self, console: Console, language: Language, status: Status | None) -> None:
        self.console, self.language, self.status = console, language, status
        self.last: Step | None = None

    def tell(self, step: Step) -> None:
        if self.last is not None and self.last.task != step.task:
            self.finish()
        self.last = step
        if self.status is not None:
            self.status.update(Text(step_line(step, self.language)))

    def finish(self) -> None:
        if self.last is not None:
            self.console.print(Text(step_line(self.last, self.language)), soft_wrap=True)
            self.last = None


def step_line(step: Step, language: Language) -> str:
    """Task, incumbent and bound in one line; what is not known is left out."""
    value, bound = Phrase("当前", "incumbent"), Phrase("下界", "bound")
    known = [
        f"{word.said_in(language)} {_figure(number)}"
        for word, number in ((value, step.value), (bound, step.bound))
        if not math.isnan(number)
    ]
    return "  ".join((step.task.said_in(language), *known))


def _figure(number: float) -> str:
    """A number without a decimal that says nothing."""
    return f"{number:,.0f}" if abs(number) >= 100.0 or float(number).is_integer() else f"{number:,.1f}"


def firm(table: Table) -> Table:
    """The table with its columns of numbers so wide that no number is broken, however narrow the terminal."""
    for column in (column for column in table.columns if column.justify == "right"):
        column.min_width = max((cell_len(str(cell)) for cell in column.cells), default=0)
    return table


def plan_tables(result: Result, language: Language) -> Iterator[Table]:
    """What is built, kept and covered, and what each stage proves."""
    yield _programmes(result, language)
    yield _stages(result, language)


def _programmes(result: Result, language: Language) -> Table:
    headers = (
        Phrase("项目", "programme"),
        Phrase("新建", "new"),
        Phrase("扩建", "extended"),
        Phrase("保留", "kept"),
        Phrase("覆盖率", "covered"),
    )
    table = _table(headers, language, numbers=4)
    for part in result.plan.parts:
        counts = (str(part.count(action)) for action in ("new", "extend", "keep"))
        share = _percent(covered_share(part, result.area))
        table.add_row(programme_name(part).said_in(language), *counts, share)
    return table


def _stages(result: Result, language: Language) -> Table:
    from siting.export.proof import prove

    headers = (Phrase("项目", "programme"), Phrase("目标", "goal"), Phrase("结果与证明", "value and proof"))
    table = _table(headers, language, numbers=0)
    for part in result.plan.parts:
        for stage in part.stages:
            said = (programme_name(part), goal_name(stage.goal, part.radius_m), prove(stage))
            table.add_row(*(Text(phrase.said_in(language)) for phrase in said))
        table.add_section()
    return table


def needs_tables(ahead: YearsAhead, language: Language) -> Iterator[Table]:
    """The county's seats every five years and in the year planned for, then how full the proposals will be."""
    yield _needs(ahead, language)
    if ahead.proposals:
        yield _fill_rates(ahead, language)


def _needs(ahead: YearsAhead, language: Language) -> Table:
    headers = (
        Phrase("学段", "tier"),
        Phrase("年份", "year"),
        Phrase("学生", "pupils"),
        Phrase("需求学位", "seats needed"),
        Phrase("现有学位", "seats there"),
        Phrase("缺口", "lacking"),
        Phrase("富余", "to spare"),
    )
    table = _table(headers, language, numbers=6)
    for one in ahead.needs:
        held, planned = one.balance, ahead.area.forecast.year_planned if ahead.area.forecast else 0
        counted = (held.pupils, held.needed_seats, held.existing_seats, held.seat_gap, held.spare_seats)
        for at, year in enumerate(held.year.tolist()):
            if at % 5 == 0 or year == planned:
                figures = (f"{figure[:, at].sum():,.0f}" for figure in counted)
                table.add_row(TIER_NAMES[held.tier].said_in(language), str(year), *figures)
        table.add_section()
    return table


def _fill_rates(ahead: YearsAhead, language: Language) -> Table:
    """The proposals that will be emptiest; all of them are in the workbook."""
    headers = (
        Phrase(f"使用率最低的项目（共 {len(ahead.proposals)} 个）", f"emptiest of {len(ahead.proposals)} projects"),
        Phrase("学位", "seats"),
        Phrase("开办", "opening"),
        Phrase("最高", "peak"),
        Phrase("最高年份", "peak year"),
        Phrase("十年后", "ten years on"),
    )
    table = _table(headers, language, numbers=5)
    for one in sorted(ahead.proposals, key=lambda one: (np.nan_to_num(one.later, nan=one.opening), one.site.id))[:10]:
        rates = (_percent(one.opening), _percent(one.peak), str(one.peak_year), _percent(one.later))
        table.add_row(Text(one.site.name), f"{one.site.seats:,.0f}", *rates)
    return table


def audit_tables(audit: Audit, language: Language) -> Iterator[Table]:
    """Whom the existing schools serve: what is worst by name, and how much more there is."""
    yield _coverage(audit, language)
    yield _existing_schools(audit, language)
    yield from _if_any(_townships(audit, language))
    yield from _if_any(_planning_units(audit, language))
    yield from _if_any(_uncovered(audit, language))


AUDIT_ROWS = 15
"""Rows shown of a table that may be as long as a county has villages; --json gives them all."""


def _if_any(table: Table) -> Iterator[Table]:
    if table.row_count:
        yield table


def _coverage(audit: Audit, language: Language) -> Table:
    headers = (
        Phrase("项目", "programme"),
        Phrase("常住人口", "residents"),
        Phrase("适龄儿童", "children"),
        Phrase("半径（米）", "radius m"),
        Phrase("覆盖率", "covered"),
        Phrase("直线覆盖率", "straight line"),
        Phrase("直线高估", "over by"),
        Phrase("平均（米）", "mean m"),
        Phrase("中位（米）", "median m"),
        Phrase("95%（米）", "95 % m"),
        Phrase("最远（米）", "farthest m"),
    )
    title = Phrase("现状覆盖：到最近学校的路网距离", "Coverage: by road to the nearest school")
    table = _table(headers, language, numbers=10, title=title)
    names = _names(audit, language)
    for row in audit.coverage.to_dict("records"):
        counts = (_whole(row[key], language) for key in ("residents", "children", "radius_m"))
        shares = (_percent(row[key]) for key in ("covered_share", "straight_covered_share", "overstates_share"))
        metres = (_whole(row[key], language) for key in ("mean_m", "median_m", "p95_m", "farthest_m"))
        table.add_row(names[row["programme"]], *counts, *shares, *metres)
    return table


def _existing_schools(audit: Audit, language: Language) -> Table:
    headers = (
        Phrase("项目", "programme"),
        Phrase("学校", "schools"),
        Phrase("计入", "counted"),
        Phrase("学位", "seats"),
        Phrase("在校生", "enrolment"),
        Phrase("利用率", "filled"),
        Phrase("最近人口最多的学校", "nearest for most residents"),
        Phrase("人口（非学区）", "residents (no catchment)"),
    )
    table = _table(headers, language, numbers=0, title=Phrase("现有学校", "Schools as they stand"))
    names = _names(audit, language)
    for column in (*table.columns[1:6], table.columns[-1]):
        column.justify = "right"
    for row in audit.coverage.to_dict("records"):
        counts = (_whole(row[key], language) for key in ("schools", "counted_schools", "seats", "enrolment"))
        name, most = _nearest_for_most(audit, row["programme"])
        said = (Text(name), _whole(most, language))
        table.add_row(names[row["programme"]], *counts, _percent(row["fill_share"]), *said)
    return table


def _nearest_for_most(audit: Audit, programme: str) -> tuple[str, float]:
    """The school nearest for the most residents of a programme, and how many; nothing where none is counted."""
    schools = audit.schools[(audit.schools["programme"] == programme) & audit.schools["is_counted"].astype(bool)]
    if schools.empty:
        return "", math.nan
    first = schools.loc[schools["nearest_residents"].idxmax()]
    return str(first["name"]), float(first["nearest_residents"])


def _townships(audit: Audit, language: Language) -> Table:
    from siting.frames import SOMEBODY

    headers = (
        Phrase("项目", "programme"),
        Phrase("乡镇（街道）", "township"),
        Phrase("常住人口", "residents"),
        Phrase("未覆盖人口", "not covered"),
        Phrase("覆盖率", "covered"),
    )
    beyond = audit.townships.assign(beyond=audit.townships["residents"] - audit.townships["covered_residents"])
    worst = beyond[beyond["beyond"] > SOMEBODY].sort_values("beyond", ascending=False, kind="stable")
    title = _so_many(Phrase("有未覆盖人口的乡镇", "Townships not fully covered"), len(worst))
    table = _table(headers, language, numbers=3, title=title)
    names = _names(audit, language)
    for row in worst.head(AUDIT_ROWS).to_dict("records"):
        counts = (_whole(row[key], language) for key in ("residents", "beyond"))
        table.add_row(names[row["programme"]], Text(row["township"]), *counts, _percent(row["covered_share"]))
    return table


def _planning_units(audit: Audit, language: Language) -> Table:
    headers = (
        Phrase("条款", "rule"),
        Phrase("规划单元", "planning unit"),
        Phrase("常住人口", "residents"),
        Phrase("学校", "schools"),
        Phrase("应设", "allowed"),
        Phrase("缺", "missing"),
        Phrase("多", "too many"),
    )
    places = audit.planning_units
    wrong = places[(places["missing"] > 0) | (places["surplus"] > 0)]
    wrong = wrong.sort_values(["missing", "surplus"], ascending=False, kind="stable")
    title = Phrase("学校数不符合人口配比的规划单元", "Planning units with too few or many schools")
    table = _table(headers, language, numbers=5, title=_so_many(title, len(wrong)))
    for row in wrong.head(AUDIT_ROWS).to_dict("records"):
        allowed = f"{row['fewest']:.0f}-{row['most']:.0f}"
        counts = (_whole(row[key], language) for key in ("residents", "schools"))
        misses = (_whole(row[key], language) for key in ("missing", "surplus"))
        table.add_row(Text(row["rule"]), Text(row["planning_unit"]), *counts, allowed, *misses)
    return table


def _uncovered(audit: Audit, language: Language) -> Table:
    headers = (
        Phrase("项目", "programme"),
        Phrase("村（社区）", "village"),
        Phrase("乡镇（街道）", "township"),
        Phrase("最近学校", "nearest school"),
        Phrase("常住人口", "residents"),
        Phrase("未覆盖人口", "not covered"),
        Phrase("路网（米）", "by road m"),
        Phrase("直线（米）", "straight m"),
    )
    worst = audit.uncovered.sort_values("uncovered_residents", ascending=False, kind="stable")
    title = _so_many(Phrase("未覆盖的村（社区）", "Villages not fully covered"), len(worst))
    table = _table(headers, language, numbers=4, title=title)
    names = _names(audit, language)
    for row in worst.head(AUDIT_ROWS).to_dict("records"):
        said = (Text(row[key]) for key in ("name", "township", "school"))
        numbers = (_whole(row[key], language) for key in ("residents", "uncovered_residents", "mean_m", "straight_m"))
        table.add_row(names[row["programme"]], *said, *numbers)
    return table


def _so_many(title: Phrase, rows: int) -> Phrase:
    """A title that says how many rows there are, and that only the first are shown where that is so."""
    if rows <= AUDIT_ROWS:
        return Phrase(f"{title.zh}：{rows} 个", f"{title.en}: {rows}")
    return Phrase(f"{title.zh}：{rows} 个，列出前 {AUDIT_ROWS} 个", f"{title.en}: {rows}, the first {AUDIT_ROWS} shown")


def _names(audit: Audit, language: Language) -> Mapping[str, str]:
    return {programme.key: programme_name(programme).said_in(language) for programme in audit.programmes}


def _whole(number: float, language: Language) -> str:
    """A whole number; nothing where nobody counted, words where no road leads."""
    if math.isnan(number):
        return ""
    return f"{number:,.0f}" if math.isfinite(number) else Phrase("无路可达", "no road").said_in(language)


def comparison_tables(comparison: Comparison, language: Language) -> Iterator[Table]:
    """Two plans side by side, then what moves between them."""
    from siting.export.compared_tables import GINI, summary
    from siting.export.tables import SHARE

    for made in summary(comparison, language):
        words = sum(not column.number for column in made.columns)
        headers = tuple(both(column.header.replace("（", "\n（")) for column in made.columns)
        table = _table(headers, language, len(headers) - words, both(made.title))
        table.columns[0].no_wrap = True
        finely = {SHARE: ".2%", GINI: ".3f"}
        for place, (name, *row) in enumerate(made.rows):
            cells = (cell(value, column.number, finely) for value, column in zip(row, made.columns[1:], strict=True))
            first = "" if words == 2 and place % 3 else str(name)
            table.add_row(Text(first), *map(Text, cells), end_section=words == 2 and place % 3 == 2)
        yield table


def cell(value: str | float | None, number: str, written: Mapping[str, str]) -> str:
    """A workbook's cell: words as they are, nothing where nobody knows; numbers as written by format, others whole."""
    if isinstance(value, str) or value is None or math.isnan(value):
        return value if isinstance(value, str) else ""
    return format(value, written.get(number, ",.0f"))


def checks_table(checks: Iterable[Check], language: Language) -> Table:
    """Every rule's word on a plan, broken ones first."""
    headers = (
        Phrase("结论", "verdict"),
        Phrase("条款", "rule"),
        Phrase("项目", "programme"),
        Phrase("证据", "evidence"),
    )
    table = _table(headers, language, numbers=0)
    for check in sorted(checks, key=lambda check: (check.kept is not False, check.kept is not None)):
        verdict = verdict_word(check).said_in(language)
        said = (verdict, check.rule, check.programme, check.evidence.said_in(language))
        table.add_row(*(Text(word) for word in said))
    return table


def verdict_word(check: Check) -> Phrase:
    """Kept, broken (and how badly that matters), or not tested."""
    if check.kept is None:
        return Phrase("未核查", "not tested")
    if check.kept:
        return Phrase("符合", "kept")
    return Phrase("不符合（必须）", "BROKEN") if check.strength == "must" else Phrase("不符合（应当）", "not met")


def verdict_line(checks: tuple[Check, ...]) -> Phrase:
    """The verifier's answer in one sentence."""
    must = sum(check.kept is False and check.strength == "must" for check in checks)
    should = sum(check.kept is False and check.strength == "should" for check in checks)
    kept = sum(check.kept is True for check in checks)
    verdict = Phrase("核查通过", "Verified") if must == 0 else Phrase("核查不通过", "Not verified")
    return Phrase(
        f"{verdict.zh}：符合 {kept} 条，违反“必须” {must} 条，未达到“应当” {should} 条。",
        f"{verdict.en}: {kept} rules kept, {must} musts broken, {should} shoulds not met.",
    )


def rules_table(book: RuleBook, language: Language) -> Table:
    """The rules of a book: id, strength, sentence, source."""
    headers = (Phrase("条款", "rule"), Phrase("强度", "strength"), Phrase("条文", "says"), Phrase("出处", "source"))
    table = _table(headers, language, numbers=0)
    strength = {"must": Phrase("必须", "must"), "should": Phrase("应当", "should")}
    for rule in book.rules:
        said = (rule.id, strength[rule.strength].said_in(language), rule.says.said_in(language), rule.source)
        table.add_row(*(Text(word) for word in said))
    return table


def area_line(area: StudyArea) -> Phrase:
    """What was read, in one sentence."""
    units, points, schools, roads = len(area.units), len(area.points), len(area.schools), len(area.roads.tail)
    zh = f"{units:,} 个分配单元，{points:,} 个需求点，{schools:,} 所（学段）学校，{roads:,} 段道路"
    en = f"{units:,} units, {points:,} demand points, {schools:,} schools, {roads:,} road segments"
    return Phrase(f"{area.name}：{zh}；未发现错误。", f"{area.name}: {en}; no faults.")


def remarks_line(area: StudyArea) -> Phrase:
    """That there are remarks on the data, and where to read them."""
    zh = f"读入数据时有 {len(area.remarks)} 条说明，请用 siting check 查看。"
    return Phrase(zh, f"{len(area.remarks)} remarks on the data: see siting check.")


def _table(headers: tuple[Phrase, ...], language: Language, numbers: int, title: Phrase | None = None) -> Table:
    """An empty table whose last few columns hold numbers."""
    table = Table(title=title.said_in(language) if title else None, title_justify="left")
    for position, header in enumerate(headers):
        is_number = position >= len(headers) - numbers
        table.add_column(header.said_in(language), justify="right" if is_number else "left", overflow="fold")
    return table


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{share:.2%}"

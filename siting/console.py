"""How results look in a terminal: faults, progress, tables. Builds them; the command line prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from siting.export import Result
from siting.export.proof import goal_name, prove
from siting.indicators import covered_share
from siting.progress import Step, Tell
from siting.project import programme_name
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.words import Language, Phrase


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
        f"{word.said_in(language)} {number:,.1f}"
        for word, number in ((value, step.value), (bound, step.bound))
        if not math.isnan(number)
    ]
    return "  ".join((step.task.said_in(language), *known))


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
        table.add_row(
            programme_name(part).said_in(language), *counts, _percent(covered_share(part, result.area)), style=None
        )
    return table


def _stages(result: Result, language: Language) -> Table:
    headers = (Phrase("项目", "programme"), Phrase("目标", "goal"), Phrase("结果与证明", "value and proof"))
    table = _table(headers, language, numbers=0)
    for part in result.plan.parts:
        for stage in part.stages:
            said = (programme_name(part), goal_name(stage), prove(stage))
            table.add_row(*(Text(phrase.said_in(language)) for phrase in said))
        table.add_section()
    return table


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


def _table(headers: tuple[Phrase, ...], language: Language, numbers: int) -> Table:
    """An empty table whose last few columns hold numbers."""
    table = Table()
    for position, header in enumerate(headers):
        is_number = position >= len(headers) - numbers
        table.add_column(header.said_in(language), justify="right" if is_number else "left", overflow="fold")
    return table


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{share:.2%}"


def audit_tables(audit: object, language: Language) -> Iterator[Table]:
    """Placeholder."""
    yield from ()

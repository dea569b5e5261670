"""Where results leave the program: tables for people, or one JSON object for machines, never both on stdout.

What only one command shows is loaded when it is shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from siting.console import (
    area_line,
    audit_tables,
    cell,
    checks_table,
    comparison_tables,
    firm,
    needs_tables,
    plan_tables,
    remarks_line,
    rules_table,
    telling,
    verdict_line,
)
from siting.errors import Fault
from siting.indicators import breaks_a_must
from siting.progress import Tell
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.words import Language, Phrase

if TYPE_CHECKING:
    from siting.audit import Audit
    from siting.backtest import Tested
    from siting.budgets import Planned
    from siting.export import Compared, Result, YearsAhead
    from siting.export.tables import Table as Sheet
    from siting.phases import Phased
    from siting.robust import Robust
    from siting.scenario.works import Done

PLAIN_WIDTH = 140
"""Characters to a line where the output is a file or a pipe."""


class Edge:
    """Says things in one language, on stdout for people or as JSON; progress and faults go to stderr."""

    def __init__(self, language: Language, as_json: bool) -> None:
        """Looks at stdout and stderr as they are now; a pipe or a file gets lines of PLAIN_WIDTH."""
        self.language, self.as_json = language, as_json
        self.out = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
        self.err = Console(file=sys.stderr, width=None if sys.stderr.isatty() else PLAIN_WIDTH, highlight=False)

    def telling(self) -> AbstractContextManager[Tell]:
        """Progress on stderr."""
        return telling(self.err, self.language)

    def show_faults(self, faults: tuple[Fault, ...]) -> None:
        """Every fault, one to a line."""
        if self.as_json:
            self._answer({"exit_code": 2, "faults": [self._fault(fault) for fault in faults]})
        for fault in faults:
            self.err.print(Text(fault.said_in(self.language), style="red"), soft_wrap=True)

    def show_trouble(self, what: Phrase, exit_code: int) -> None:
        """One thing that stopped the run."""
        if self.as_json:
            self._answer({"exit_code": exit_code, "trouble": what.said_in(self.language)})
        self.err.print(Text(what.said_in(self.language), style="red"), soft_wrap=True)

    def remind(self, area: StudyArea) -> None:
        """How much there is to know about the data, and where it is said; nothing where there is nothing."""
        if area.remarks:
            self.err.print(Text(remarks_line(area).said_in(self.language)), soft_wrap=True)

    def show_area(self, area: StudyArea) -> None:
        """What was read, and what to know about it."""
        remarks = [{"file": remark.file, "what": remark.what.said_in(self.language)} for remark in area.remarks]
        said = [Text(f"{remark['file']}: {remark['what']}") for remark in remarks]
        self._show(
            [Text(area_line(area).said_in(self.language)), *said],
            {"exit_code": 0, "faults": [], "units": len(area.units), "remarks": remarks},
        )

    def show_audit(self, audit: Audit, out: Path | None = None) -> None:
        """What exists and whom it serves, and where the files are if any were written."""
        from siting.export.facts import audit_facts

        lines = [str((out / "map.html").resolve()) if out else "", audit.notice.said_in(self.language)]
        said = [Text(line) for line in lines if line]
        self._show([*audit_tables(audit, self.language), *said], audit_facts(audit, out))

    def show_plan(self, result: Result, out: Path) -> None:
        """The plan in short, the verdict, and where the files are."""
        from siting.export.facts import plan_facts

        shortfalls = [said.said_in(self.language) for part in result.plan.parts for said in part.shortfalls]
        notice = result.area.notice.said_in(self.language)
        verdict = verdict_line(result.checks).said_in(self.language)
        lines = [*shortfalls, verdict, str((out / "map.html").resolve()), notice]
        said = [Text(line) for line in lines if line]
        self._show([*plan_tables(result, self.language), *said], plan_facts(result, out))

    def show_needs(self, ahead: YearsAhead, out: Path) -> None:
        """What the years ahead need, the indicators, how it was forecast, and where the files are."""
        from siting.export.measures import short_measures_table
        from siting.export.needs import needs_facts

        forecast = ahead.area.forecast
        told = [] if forecast is None else [forecast.said.said_in(self.language)]
        lines = [*told, str((out / "needs.xlsx").resolve()), ahead.area.notice.said_in(self.language)]
        said = [Text(line) for line in lines if line]
        measured = _sheet(short_measures_table(ahead.indicators, self.language))
        self._show([*needs_tables(ahead, self.language), measured, *said], needs_facts(ahead, out))

    def show_comparison(self, compared: Compared, out: Path) -> None:
        """Two plans side by side, and where the map and the tables are."""
        from siting.comparison import comparison_to_json
        from siting.export.compared import MAP, WORKBOOK

        files = [str((out / name).resolve()) for name in (MAP, WORKBOOK)]
        lines = [*files, compared.comparison.notice.said_in(self.language)]
        said = [Text(line) for line in lines if line]
        facts = json.loads(comparison_to_json(compared.comparison))
        self._show([*comparison_tables(compared.comparison, self.language), *said], {"exit_code": 0, **facts})

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """Every rule's word, then the verdict."""
        from siting.export.facts import check_facts

        exit_code = int(breaks_a_must(checks))
        said: list[RenderableType] = [
            checks_table(checks, self.language),
            Text(verdict_line(checks).said_in(self.language)),
        ]
        self._show(said, {"exit_code": exit_code, "checks": [check_facts(check) for check in checks]})

    def show_rules(self, book: RuleBook) -> None:
        """The rules of one book."""
        rules = [
            {"id": rule.id, "says": rule.says.said_in(self.language), "source": rule.source} for rule in book.rules
        ]
        self._show([rules_table(book, self.language)], {"exit_code": 0, "id": book.id, "rules": rules})

    def show_books(self, books: Iterable[str]) -> None:
        """The ids of the rulebooks that come with the package."""
        known = sorted(books)
        self._show([Text(book) for book in known], {"exit_code": 0, "rulebooks": known})

    def hear_plan(self, done: Done) -> None:
        """One plan of a what-if, as soon as it stands."""
        from siting.scenario.telling import done_line

        self.err.print(Text(done_line(done).said_in(self.language)), soft_wrap=True)

    def show_what_if(self, every: tuple[Done, ...], out: Path) -> None:
        """What each scenario changes, where the plans and comparisons are, and what became of each."""
        from siting.scenario.telling import done_facts, what_if_code

        said: list[RenderableType] = []
        for done in every:
            said += comparison_tables(done.comparison, self.language) if done.comparison else []
            said += [] if done.trouble else [Text(str((out / done.key).resolve()))]
        facts = {"exit_code": what_if_code(every), "out": str(out), "plans": [done_facts(done) for done in every]}
        self._show(said, facts)

    def show_robust(self, made: Robust, out: Path) -> None:
        """The sets of sites chosen, the regrets of all, and where the tables are; nothing where a plan is missing."""
        from siting.robust.run import FOLDER
        from siting.robust.tables import choice_line, chosen_table, regrets_table
        from siting.robust.written import WORKBOOK, robust_facts

        if not made.choices:
            self._show([], _made_facts(made, out))
            return
        tables = (regrets_table(made.choices, self.language), chosen_table(made.choices, self.language))
        lines = [choice_line(one).said_in(self.language) for one in made.choices]
        file = str((out / FOLDER / WORKBOOK).resolve())
        said: list[RenderableType] = [*map(_sheet, tables), *map(Text, [*lines, file]), *self._broken(made.checks)]
        self._show(said, _made_facts(made, out, robust_facts(made.choices)))

    def show_frontier(self, made: Planned, out: Path) -> None:
        """What each further project brings, and where the tables are; nothing where a plan is missing."""
        from siting.budgets.run import FOLDER
        from siting.budgets.tables import frontier_line, short_table
        from siting.budgets.written import WORKBOOK, frontier_facts

        if made.frontier is None:
            self._show([], _made_facts(made, out))
            return
        file = str((out / FOLDER / WORKBOOK).resolve())
        lines = [frontier_line(made.frontier).said_in(self.language), file]
        table = _sheet(short_table(made.frontier, self.language))
        said: list[RenderableType] = [table, *map(Text, lines), *self._broken(made.checks)]
        self._show(said, _made_facts(made, out, frontier_facts(made.frontier)))

    def show_backtest(self, made: Tested, out: Path) -> None:
        """The regrets, where the sites differ, and where the tables are; nothing where a plan is missing."""
        from siting.backtest.run import FOLDER
        from siting.backtest.tables import backtest_line, saved_table, sites_table
        from siting.backtest.written import WORKBOOK, backtest_to_json

        if made.test is None:
            self._show([], _made_facts(made, out))
            return
        tables = (saved_table(made.test, self.language), sites_table(made.test, self.language))
        lines = [backtest_line(made.test).said_in(self.language), str((out / FOLDER / WORKBOOK).resolve())]
        said: list[RenderableType] = [*map(_sheet, tables), *map(Text, lines), *self._broken(made.checks)]
        self._show(said, _made_facts(made, out, json.loads(backtest_to_json(made.test))))

    def show_phases(self, made: Phased, out: Path) -> None:
        """Projects by year, the phases in short, what the verifier says, and where the tables are; nothing where a plan
        is missing."""
        from siting.phases.run import FOLDER
        from siting.phases.tables import broken_line, phase_line, short_table
        from siting.phases.written import WORKBOOK, phases_to_json

        if made.plan is None:
            self._show([], _made_facts(made, out))
            return
        said = (*map(phase_line, made.plan.phases), verdict_line(made.checks), *map(broken_line, made.broken))
        lines = [*(one.said_in(self.language) for one in said), str((out / FOLDER / WORKBOOK).resolve())]
        tables = (_sheet(short_table(made.plan, made.names, self.language)), checks_table(made.checks, self.language))
        facts = _made_facts(made, out, json.loads(phases_to_json(made.plan)))
        self._show([*tables, *map(Text, lines)], facts)

    def _broken(self, checks: tuple[Check, ...]) -> Iterator[Table]:
        """What does not add up; nothing where all does."""
        broken = [check for check in checks if check.kept is False]
        if broken:
            yield checks_table(broken, self.language)

    def show_filed(self, filed: Mapping[str, list[str]], out: Path) -> None:
        """Which files, or folders of files, were written, kind by kind."""
        tops = dict.fromkeys(name.partition("/")[0] for names in filed.values() for name in names)
        files = [Text(str((out / name).resolve())) for name in tops]
        self._show(files, {"exit_code": 0, "out": str(out), "kinds": filed})

    def show_file(self, file: Path) -> None:
        """Where a file was written."""
        self._show([Text(str(file.resolve()))], {"exit_code": 0, "file": str(file)})

    def _show(self, said: Iterable[RenderableType], facts: Mapping[str, object]) -> None:
        if self.as_json:
            self._answer(facts)
            return
        for one in said:
            self.out.print(firm(one) if isinstance(one, Table) else one, soft_wrap=isinstance(one, Text), crop=False)

    def _answer(self, facts: Mapping[str, object]) -> None:
        self.out.file.write(json.dumps(facts, ensure_ascii=False, allow_nan=False) + "\n")

    def _fault(self, fault: Fault) -> Mapping[str, str]:
        what, cure = fault.what.said_in(self.language), fault.cure.said_in(self.language)
        return {"file": fault.file, "what": what, "cure": cure}


class _Made(Protocol):
    """What a command has made of several plans."""

    @property
    def every(self) -> tuple[Done, ...]:
        """What became of each plan."""
        ...

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the verifier says to what was made of them."""
        ...

    @property
    def exit_code(self) -> int:
        """How the command ends."""
        ...


def _made_facts(made: _Made, out: Path, about: Mapping[str, object] | None = None) -> Mapping[str, object]:
    """What became of the plans, what was made of them, and its checks; about is None where nothing could be made."""
    from siting.export.facts import check_facts
    from siting.scenario.telling import done_facts

    plans = {"exit_code": made.exit_code, "out": str(out), "plans": [done_facts(done) for done in made.every]}
    return plans if about is None else {**plans, **about, "checks": [check_facts(check) for check in made.checks]}


def _sheet(sheet: Sheet) -> Table:
    """A sheet of a workbook as a table for the terminal."""
    from siting.export.tables import SHARE, TENTH

    table = Table(title=sheet.title, title_justify="left")
    for column in sheet.columns:
        table.add_column(column.header, justify="right" if column.number else "left", overflow="fold")
    for row in sheet.rows:
        finely = {SHARE: ".1%", TENTH: ",.1f"}
        cells = (cell(value, column.number, finely) for value, column in zip(row, sheet.columns, strict=True))
        table.add_row(*map(Text, cells))
    return table

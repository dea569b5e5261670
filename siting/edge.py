"""Where results leave the program: tables for people, or one JSON object for machines, never both on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from siting.audit import Audit
from siting.console import (
    area_line,
    audit_tables,
    checks_table,
    firm,
    plan_tables,
    remarks_line,
    rules_table,
    telling,
    verdict_line,
)
from siting.errors import Fault
from siting.export import Result
from siting.export.facts import audit_facts, check_facts, plan_facts
from siting.indicators import breaks_a_must
from siting.progress import Tell
from siting.rules.base import RuleBook
from siting.rules.verdict import Check
from siting.study import StudyArea
from siting.words import Language, Phrase

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
        lines = [str((out / "map.html").resolve()) if out else "", audit.notice.said_in(self.language)]
        said = [Text(line) for line in lines if line]
        self._show([*audit_tables(audit, self.language), *said], audit_facts(audit, out))

    def show_plan(self, result: Result, out: Path) -> None:
        """The plan in short, the verdict, and where the files are."""
        shortfalls = [said.said_in(self.language) for part in result.plan.parts for said in part.shortfalls]
        notice = result.area.notice.said_in(self.language)
        verdict = verdict_line(result.checks).said_in(self.language)
        lines = [*shortfalls, verdict, str((out / "map.html").resolve()), notice]
        said = [Text(line) for line in lines if line]
        self._show([*plan_tables(result, self.language), *said], plan_facts(result, out))

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """Every rule's word, then the verdict."""
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

"""A study, a programme and a year in, its back-test out: the real sites and the best ones, each with a whole plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from siting.backtest.past import Past, past_of
from siting.backtest.points import Backtest, backtest_of
from siting.backtest.written import backtest_to_json, write_backtest_manifest, write_facts, write_tables
from siting.export import Result, refuse_foreign
from siting.export.folder import write_whole
from siting.indicators import breaks_a_must
from siting.plan import Plan
from siting.plan_file import read_plan
from siting.rules.verdict import Check
from siting.run import Base, prepared
from siting.scenario.alone import asked, checked_base, each_plan
from siting.scenario.telling import what_if_code
from siting.scenario.whatif import Hear, hear_nothing
from siting.scenario.works import Done, Work, stamp_of
from siting.scenario.world import Scenario
from siting.verify.backtest import question_of, verify_backtest
from siting.words import Language, Phrase

FOLDER = "backtest"
REAL, BEST = "real", "best"


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of both plans, and what the verifier says to what is written of them; test is None where one of them
    could not be made."""

    every: tuple[Done, ...]
    test: Backtest | None = None
    checks: tuple[Check, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 without a back-test; 1 where what is written does not add up. Plans may break what the study asks for."""
        return what_if_code(self.every) if self.test is None else int(breaks_a_must(self.checks))


def plan_backtest(
    study: Path,
    key: str,
    since: int,
    out: Path,
    language: Language = "zh",
    overwrite: bool = False,
    hear: Hear = hear_nothing,
) -> Tested:
    """The plan with the sites of one programme that were really built since a year, in ``out/real``, the best with as
    many, in ``out/best``, and what lies between them in ``out/backtest``.

    Plans that stand there, made from the same inputs, are left as they are; a run that was killed goes on where it was.
    Raises InputError with every fault of the study, where the programme is not known, where no school of it has an
    opening year, or none opened since then.
    """
    base = checked_base(study)
    past = past_of(base, asked(base, key), since)
    works = _works(base, past, out, overwrite)
    for folder in (out / FOLDER, *(work.folder for work in works)):
        refuse_foreign(folder, overwrite)
    made = list(each_plan(works, hear))
    every, plans = tuple(done for done, _ in made), [plan for _, plan in made if plan is not None]
    if len(plans) < len(works):
        return Tested(every)
    real, best = _results(past, plans)
    test = backtest_of(since, past.place, past.unknown, real, best)
    said = backtest_to_json(test)
    writers = (
        partial(write_facts, said),
        partial(write_tables, base.area, test, language),
        partial(write_backtest_manifest, base, test),
    )
    write_whole(writers, out / FOLDER, overwrite)
    return Tested(every, test, verify_backtest(said, base.area, real, best))


def _works(base: Base, past: Past, out: Path, overwrite: bool) -> tuple[Work, Work]:
    def work(key: str, name: Phrase, made_from: Base) -> Work:
        said = {"backtest": f"{past.programme.key} since {past.since}: {key}"}
        stamp = stamp_of(base, Scenario(out / f"{key}.toml", name, 1.0, (), said))
        return Work(key, name, made_from, stamp, out, overwrite)

    count = len(past.place)
    return (
        work(REAL, Phrase(f"实际选址（{past.since} 年以来 {count} 所）", "the real sites"), past.as_built()),
        work(BEST, Phrase(f"最好方案（新建 {count} 所）", f"the best plan with {count} new builds"), past.base),
    )


def _results(past: Past, plans: Sequence[Plan]) -> tuple[Result, Result]:
    """The plan with the real sites and the best one, with the studies they answer: both stand on the same ground."""
    ground, _ = prepared(past.base)
    real, best = (
        Result(plan, ground.area, base.project, base.book, (), seconds=0.0)
        for plan, base in zip(plans, (past.as_built(), past.base), strict=True)
    )
    return real, best


def past_again(base: Base, text: str, word: str) -> Base | None:
    """The base that the plan "real" or "best" of a backtest.json answers; None where the text is none."""
    question = question_of(text)
    if question is None:
        return None
    key, since = question
    past = past_of(base, asked(base, key), since)
    return past.as_built() if word == REAL else past.base


def judged_again(base: Base, text: str, real: Path, best: Path) -> tuple[Check, ...]:
    """What the verifier says to the text of a backtest.json and the two plans it speaks of."""
    question = question_of(text)
    if question is None:
        nothing = Result(read_plan(real), base.area, base.project, base.book, (), seconds=0.0)
        return verify_backtest(text, base.area, nothing, nothing)
    key, since = question
    past = past_of(base, asked(base, key), since)
    return verify_backtest(text, base.area, *_results(past, [read_plan(real), read_plan(best)]))

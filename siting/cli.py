"""The command line: the only place that prints.

Exit codes: 0 fine, 1 the plan breaks a must, 2 bad input, 3 stopped early without a plan, 130 stopped by Ctrl-C.
A command loads its rooms when it runs: whoever asks for help, or misspells a word, is answered at once.
"""

from __future__ import annotations

import gc
import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siting.errors import Fault, InputError, RuleError, SolverError
from siting.filing import kinds_help
from siting.usage import Commands
from siting.words import Language, Phrase

if TYPE_CHECKING:
    from siting.edge import Edge
    from siting.plan import Plan
    from siting.rules.verdict import Check

FINE, BROKEN, BAD_INPUT, NO_PLAN, STOPPED = 0, 1, 2, 3, 130
DEMO = Path(__file__).resolve().parents[1] / "data" / "dingzhou" / "study.toml"
GARBAGE = (50_000, 20, 50)
"""How seldom garbage is looked for: most of what a run makes stays, and looking at it too often takes seconds."""

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="县域学校选址与学区划分 · School siting and catchments for a county.",
)

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="研究文件 study.toml · the study file")]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="plan.json 或其所在文件夹 · plan.json or its folder")]
Out = Annotated[Path, typer.Option("--out", help="结果文件夹 · folder for the result")]
Json = Annotated[bool, typer.Option("--json", help="标准输出只给一个 JSON 对象 · one JSON object on stdout")]
Lang = Annotated[Language | None, typer.Option("--lang", envvar="SITING_LANG", help="界面语言 · language")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="覆盖改动过的结果 · replace edited results too")]


@app.command()
def demo(
    out: Out = Path("out/dingzhou"), as_json: Json = False, lang: Lang = None, overwrite: Overwrite = False
) -> None:
    """内置定州示例：编制、核查、导出 · the embedded Dingzhou sample from files to map."""
    with _answering(lang or "zh", as_json):
        if not DEMO.is_file():
            raise InputError((_missing_sample(),))
    plan(DEMO, out, as_json, lang, overwrite)


def _missing_sample() -> Fault:
    zh = "示例随源代码仓库提供，不在安装包内：请在仓库中运行，或用 siting plan 指定自己的 study.toml。"
    en = "It comes with the source repository, not with the package: run it there, or give siting plan a study."
    return Fault(str(DEMO), Phrase("找不到内置示例数据。", "the embedded sample is not here."), Phrase(zh, en))


@app.command()
def check(study: StudyFile, as_json: Json = False, lang: Lang = None) -> None:
    """一次列出全部输入错误 · list every fault of every file at once."""
    from siting.phases.checking import faults_of_phases
    from siting.run import check_base, prepared

    with _answering(_language(lang, study), as_json) as edge:
        base, faults = check_base(study)
        if base is None:
            raise InputError(faults)
        read, found = prepared(base)
        faults = (*faults, *found) or faults_of_phases(base)
        if faults:
            raise InputError(faults)
        edge.show_area(read.area)


@app.command()
def audit(
    study: StudyFile,
    out: Annotated[
        Path | None, typer.Option("--out", help="另存为表格、图层和地图 · write tables, layers, map")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """评价现状 · who is served by the schools that exist."""
    from siting.export import Existing, refuse_foreign, write_audit
    from siting.run import audit_study, read_study

    with _answering(_language(lang, study), as_json) as edge:
        if out is not None:
            refuse_foreign(out, overwrite)
        read = read_study(study)
        edge.remind(read.area)
        with edge.telling() as tell:
            seen = audit_study(read, tell)
        if out is not None:
            write_audit(Existing(seen, read.area, read.project, read.book), out, overwrite)
        edge.show_audit(seen, out)


@app.command()
def plan(
    study: StudyFile, out: Out = Path("out"), as_json: Json = False, lang: Lang = None, overwrite: Overwrite = False
) -> None:
    """编制方案并核查、导出 · make a plan, verify it, write it."""
    from siting.export import refuse_foreign, write_plan
    from siting.export.judging import judged
    from siting.indicators import is_unsolved
    from siting.run import make_plan, read_study

    with _answering(_language(lang, study), as_json) as edge:
        refuse_foreign(out, overwrite)
        started, read = time.perf_counter(), read_study(study)
        edge.remind(read.area)
        with edge.telling() as tell:
            result = judged(make_plan(read, tell), read, started)
        if is_unsolved(result.plan):
            _leave_unsolved(edge)
        write_plan(result, out, overwrite)
        edge.show_plan(result, out)
        _leave(result.checks)


def _leave_unsolved(edge: Edge) -> None:
    zh = "没有得到方案：限定时间内没有算出。请在 study.toml 的 [limits] 中调大 seconds。"
    en = "No plan within the limits; raise `seconds` in [limits] of the study file."
    edge.show_trouble(Phrase(zh, en), NO_PLAN)
    raise typer.Exit(NO_PLAN)


@app.command()
def demand(
    study: StudyFile,
    out: Out = Path("out/needs"),
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="同时预测该方案各校的使用率 · fill rates of this plan's proposals too")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """逐年预测学位需求 · seats needed in every planning unit and year."""
    from siting.export import refuse_foreign, see_ahead, write_needs
    from siting.run import read_study

    with _answering(_language(lang, study), as_json) as edge:
        refuse_foreign(out, overwrite)
        read = read_study(study)
        if read.area.forecast is None:
            raise InputError((_no_forecast(study),))
        made = None if plan_file is None else _read_plan(plan_file)
        ahead = see_ahead(read.area, read.project, read.book, made)
        write_needs(ahead, out, overwrite)
        edge.show_needs(ahead, out)


def _no_forecast(study: Path) -> Fault:
    zh = "请加 [layers.births]（乡镇、年份、出生人数）或 [layers.ages]，或在 [demand] 写 year = 2030。"
    en = "Add [layers.births] (township, year, births) or [layers.ages], or state year = 2030 in [demand]."
    return Fault(study.name, Phrase("没有要求预测。", "asks for no forecast."), Phrase(zh, en))


@app.command()
def verify(
    study: StudyFile,
    where: Annotated[
        Path, typer.Argument(metavar="WHERE", help="结果文件或文件夹 · a file that was written, or its folder")
    ],
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="该方案的情景文件 · the scenario file the plan was made with")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """用另一套程序核查写出的结果 · check what was written again, rule by rule, sum by sum."""
    from siting.recheck import recheck

    with _answering(_language(lang, study), as_json) as edge:
        checks = recheck(study, where, scenario)
        edge.show_checks(checks)
        _leave(checks)


@app.command()
def whatif(
    study: StudyFile,
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="情景文件 · scenario files")],
    out: Out = Path("out/whatif"),
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """如果……会怎样：基准与各情景方案及对比 · the base and scenarios, planned and compared."""
    from siting.scenario.telling import what_if_code
    from siting.scenario.whatif import what_if

    language = _language(lang, study)
    with _answering(language, as_json) as edge:
        every = what_if(study, scenarios, out, language, overwrite, edge.telling, edge.hear_plan)
        edge.show_what_if(every, out)
    _end(what_if_code(every))


@app.command()
def robust(
    study: StudyFile,
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="情景文件 · scenario files")],
    out: Out = Path("out/robust"),
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """多情景稳健选址：一组校址应对各种情景 · one set of sites for all scenarios."""
    from siting.robust import robust as choose_robust

    language = _language(lang, study)
    with _answering(language, as_json) as edge, edge.telling() as tell:
        made = choose_robust(study, scenarios, out, language, overwrite, tell, edge.hear_plan)
        edge.show_robust(made, out)
    _end(made.exit_code)


@app.command()
def frontier(
    study: StudyFile,
    programme: Annotated[str, typer.Option("--programme", help="项目，如 primary-urban · programme key")],
    most: Annotated[
        int | None, typer.Option("--most", min=0, help="最多新建几所（默认名额的两倍） · up to so many new builds")
    ] = None,
    out: Out = Path("out/frontier"),
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """每增一所带来什么 · what each further new build brings."""
    from siting.budgets import plan_frontier

    language = _language(lang, study)
    with _answering(language, as_json) as edge:
        made = plan_frontier(study, programme, out, most, language, overwrite, edge.hear_plan)
        edge.show_frontier(made, out)
    _end(made.exit_code)


@app.command()
def backtest(
    study: StudyFile,
    programme: Annotated[str, typer.Option("--programme", help="项目，如 primary-urban · programme key")],
    since: Annotated[int, typer.Option("--since", help="自哪一年开办的学校，如 2019 · schools opened since this year")],
    out: Out = Path("out/backtest"),
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """回测：近年实际选址与最好方案相差多少 · what was really built beside the best that could have been."""
    from siting.backtest import plan_backtest

    language = _language(lang, study)
    with _answering(language, as_json) as edge:
        made = plan_backtest(study, programme, since, out, language, overwrite, edge.hear_plan)
        edge.show_backtest(made, out)
    _end(made.exit_code)


@app.command()
def phases(
    study: StudyFile,
    out: Out = Path("out/phases"),
    as_json: Json = False,
    lang: Lang = None,
    overwrite: Overwrite = False,
) -> None:
    """近期、远期分期方案：项目进年度，资金与名额在限额之内 · a plan over years within its budgets."""
    from siting.phases import plan_phases

    language = _language(lang, study)
    with _answering(language, as_json) as edge:
        with edge.telling() as tell:
            made = plan_phases(study, out, language, overwrite, tell, edge.hear_plan)
        edge.show_phases(made, out)
    _end(made.exit_code)


@app.command(name="map")
def draw(
    study: StudyFile,
    plan_file: PlanFile,
    out: Out = Path("map.html"),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """重新绘制地图 · draw a plan's map again."""
    from siting.export import refuse_page, write_page
    from siting.mapping import draw_plan
    from siting.run import read_study, verify_plan

    language = _language(lang, study)
    with _answering(language, as_json) as edge:
        refuse_page(out)
        made, read = _read_plan(plan_file), read_study(study)
        write_page(draw_plan(made, read.area, language, verify_plan(made, read)), out)
        edge.show_file(out)


@app.command()
def export(
    plan_dir: Annotated[Path, typer.Argument(metavar="PLAN_DIR", help="方案文件夹 · the folder of a plan")],
    out: Annotated[Path, typer.Option("--out", help="文件夹 · folder for the documents")],
    only: Annotated[list[str] | None, typer.Option("--only", metavar="KIND", help=kinds_help())] = None,
    study: Annotated[
        Path | None, typer.Option("--study", help="研究文件（移动过时） · the study file, where it was moved")
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="该方案的情景文件 · the scenario file the plan was made with")
    ] = None,
    as_json: Json = False,
    lang: Annotated[
        Language | None, typer.Option("--language", "--lang", envvar="SITING_LANG", help="语言 · language")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """导出报批材料：附表、选址建议书、图集、GIS、招生简章 · all that is filed, from one plan folder."""
    from siting.filing import Asked, export_plan

    with _answering(lang or "zh", as_json) as edge:
        with edge.telling() as tell:
            filed = export_plan(plan_dir, out, Asked(tuple(only or ()), lang, study, scenario, overwrite), tell)
        edge.show_filed(filed, out)


@app.command()
def rules(
    book: Annotated[str, typer.Argument(help="规则集名或 TOML 文件 · rulebook id or TOML file")] = "",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """列出规则集及其条款 · list rulebooks, or the rules of one."""
    from siting.rules.book import built_in_books, read_rulebook

    with _answering(lang or "zh", as_json) as edge:
        if book:
            edge.show_rules(read_rulebook(book))
        else:
            edge.show_books(built_in_books())


def _read_plan(file: Path) -> Plan:
    from siting.plan_file import read_plan

    return read_plan(file / "plan.json" if file.is_dir() else file)


def _language(chosen: Language | None, study: Path) -> Language:
    """The language asked for, else the study's; Chinese while the study file cannot be read."""
    if chosen is not None:
        return chosen
    from siting.project_file import read_project

    try:
        return read_project(study).language
    except (InputError, RuleError):
        return "zh"


@contextmanager
def _answering(language: Language, as_json: bool) -> Iterator[Edge]:
    """An edge to show results on; what goes wrong inside is said there, and becomes an exit code."""
    from siting.edge import Edge

    edge = Edge(language, as_json)
    try:
        yield edge
    except InputError as error:
        edge.show_faults(error.faults)
        raise typer.Exit(BAD_INPUT) from None
    except RuleError as error:
        edge.show_trouble(error.what, BAD_INPUT)
        raise typer.Exit(BAD_INPUT) from None
    except SolverError as error:
        edge.show_trouble(Phrase(f"没有得到方案：{error}", f"No plan: {error}"), NO_PLAN)
        raise typer.Exit(NO_PLAN) from None
    except KeyboardInterrupt:
        edge.show_trouble(Phrase("已中止，没有写出任何结果。", "Stopped; nothing was written."), STOPPED)
        raise typer.Exit(STOPPED) from None


def _leave(checks: tuple[Check, ...]) -> None:
    from siting.indicators import breaks_a_must

    _end(BROKEN if breaks_a_must(checks) else FINE)


def _end(code: int) -> None:
    if code != FINE:
        raise typer.Exit(code)


def main() -> None:
    """The ``siting`` command. Output is UTF-8 wherever it runs."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    gc.set_threshold(*GARBAGE)
    app()


if __name__ == "__main__":
    main()

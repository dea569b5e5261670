"""What a plan over years is written as: phases.json, phases.xlsx, and the manifest beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from siting.comparison.money import SEAT_WAN_YUAN
from siting.export.in_language import cover_in
from siting.export.manifest import write_made_manifest
from siting.export.workbook import save_workbook
from siting.phases.records import KIND, VERSION, PhaseRecord, PlanOverYears, SeatCost
from siting.phases.tables import phase_line, phases_tables
from siting.plan_file import record_to_json
from siting.project import programme_name
from siting.rules.verdict import Check
from siting.run import Base
from siting.words import Language, Phrase, both

FACTS, WORKBOOK = "phases.json", "phases.xlsx"


def over_years(base: Base, records: Sequence[PhaseRecord]) -> PlanOverYears:
    """The record of all phases."""
    tiers = dict.fromkeys(one.tier for one in base.project.programmes)
    nobody = float("nan")
    costs = tuple(
        SeatCost(tier, SEAT_WAN_YUAN[tier].value, SEAT_WAN_YUAN[tier].source)
        if tier in SEAT_WAN_YUAN
        else SeatCost(tier, nobody, "")
        for tier in tiers
    )
    return PlanOverYears(base.project.name, base.area.notice, costs, tuple(records))


def phases_to_json(plan: PlanOverYears) -> str:
    """The text of phases.json."""
    return record_to_json(KIND, VERSION, plan)


def write_facts(plan: PlanOverYears, folder: Path) -> None:
    """phases.json: every figure."""
    (folder / FACTS).write_text(phases_to_json(plan), encoding="utf-8")


def write_tables(base: Base, plan: PlanOverYears, checks: Sequence[Check], language: Language, folder: Path) -> None:
    """phases.xlsx."""
    title = Phrase(f"{base.project.name}　分期建设方案", f"{base.project.name}: a plan over years")
    cover = cover_in(language, title, base.area.notice, (*_about(plan, checks), *_NOTES))
    save_workbook(folder / WORKBOOK, cover, phases_tables(plan, names_of(base), language), base.area.notice, language)


def names_of(base: Base) -> Mapping[str, Phrase]:
    """The programmes in words, by key."""
    return {one.key: programme_name(one) for one in base.project.programmes}


def write_phases_manifest(base: Base, plan: PlanOverYears, checks: Sequence[Check], folder: Path) -> None:
    """manifest.json: what the plans were made from, and the verdict; the last file to be written."""
    phases = [
        {
            "folder": one.folder,
            "years": [one.first, one.last],
            "waiting": {"value": one.schedule.value, "bound": one.schedule.bound, "status": one.schedule.status},
        }
        for one in plan.phases
    ]
    verdict = {"kept": sum(one.kept is True for one in checks), "broken": sum(one.kept is False for one in checks)}
    write_made_manifest(base, {"phases": phases, "verdict": verdict}, folder)


def _about(plan: PlanOverYears, checks: Sequence[Check]) -> Iterator[tuple[Phrase, Phrase]]:
    for one in plan.phases:
        yield both(f"{one.first}–{one.last}"), phase_line(one)
    broken = [check for check in checks if check.kept is False]
    yield (
        Phrase("核查结论", "Verdict"),
        Phrase(
            f"分期核查 {len(checks)} 条，不符 {len(broken)} 条。",
            f"{len(checks)} checks of the phases, {len(broken)} broken.",
        ),
    )
    yield from ((both(check.rule), check.evidence) for check in broken)


_NOTES = (
    (
        Phrase("各期的值与界", "Values and bounds"),
        Phrase(
            "每期在前期已开办学校的基础上单独求解：值、下界、差距只对“前期既成”的前提成立，不是各期合起来的最优证明。",
            "Every phase is solved on what earlier phases opened: its value, bound and gap hold given those, and "
            "prove nothing of the phases together.",
        ),
    ),
    (
        Phrase("等待", "Waiting"),
        Phrase(
            "项目开办前每年等待的人 = 分到该校、期初没有学校覆盖而该校能覆盖的居民 + 该校学生超出期初学位的部分；"
            "按推算逐年计算，小区自交付入住起计。规定建设的先排入；排期使各期等待的人年最少；相同时先扩建、后新建，再先省钱的。",
            "People who wait in a year = residents of a project's units whom it will cover and no school covered when "
            "the phase began, and its pupils beyond the seats there were; year by year of the forecast, so an estate "
            "waits from its delivery on. Years are chosen so that what is required opens, and then the fewest "
            "resident-years are waited; of equal ones extensions come first, then cheaper projects.",
        ),
    ),
    (
        Phrase("资金", "Money"),
        Phrase(
            "投资为估算（新增学位 × 每学位造价，±30%，不含土地），全部计入开办当年；已定项目按所写投资。",
            "Money is an estimate (seats added x cost of a seat, ±30 %, without land), all of it in the year of "
            "opening; that of settled projects is as stated.",
        ),
    ),
    (
        Phrase("撤并、转型", "Closures"),
        Phrase(
            "只按研究文件所写办理，须先听证；先建后撤：期末没有一个单元因撤并而在服务半径内少了学校。受保护的学校不动。"
            "“建设前”各项指标不含本期撤并的学校。",
            "Only those the study file states, each after a hearing; no unit has fewer residents within the radius of "
            "a school at the end of the phase. Protected schools stay. Indicators before building leave out the "
            "schools that the phase closes.",
        ),
    ),
)

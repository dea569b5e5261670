"""标题、目录、摘要: what is proposed, what comes of it, and what is proved, on the first pages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from siting.filing.dossier import Work
from siting.filing.proposal.blocks import Block, Contents, Heading, PageBreak, Paragraph
from siting.filing.proposal.claims import fewest, open_goals
from siting.filing.proposal.filed import Filed, capital
from siting.filing.proposal.shown import many, mu, share, span, total, whole
from siting.indicators import covered_share
from siting.plan import TierPlan
from siting.project import programme_name
from siting.words import Phrase


def title(filed: Filed) -> str:
    """What the document is called."""
    name = filed.dossier.result.project.name
    return filed.said(f"{name}学校布局选址建议书", f"School siting proposal: {name}")


def front(filed: Filed) -> Iterator[Block]:
    """The title page with the table of contents."""
    settings, notice = filed.dossier.settings, filed.dossier.said(filed.dossier.result.area.notice)
    if settings.is_internal:
        yield Paragraph(filed.said("内部资料　供审批使用", "Internal: for approval only"), "mark")
    yield Paragraph(title(filed), "title")
    if notice:
        yield Paragraph(notice, "mark")
    blank = filed.said("（待填）", "(to be filled in)")
    prepared = settings.prepared_by or blank
    yield Paragraph(filed.said(f"编制单位：{prepared}", f"Prepared by: {prepared}"), "subtitle")
    day = settings.day
    yield Paragraph(filed.said(f"{day.year}年{day.month}月{day.day}日", f"{day:%d %B %Y}".lstrip("0")), "subtitle")
    yield PageBreak()
    yield Contents(filed.said("目　　录", "Contents"))
    yield PageBreak()


def summary(filed: Filed) -> Iterator[Block]:
    """The first chapter."""
    yield Heading(1, filed.said("摘要", "Summary"))
    yield Paragraph(_whole(filed))
    for part, works in filed.parts():
        yield Heading(2, filed.dossier.said(capital(programme_name(part))))
        yield from (Paragraph(text) for text in _of_programme(filed, part, works) if text)
    yield Paragraph(
        filed.said(
            "以上“不存在”“不低于”只对所给的人口、路网、备选地点和条款成立，"
            "并以每个村（单元）整体分配给一所学校为前提；数据、条款改变后应重新计算。下界由求解过程得出，"
            "结果、人数、路程和差距由另一程序重新计算复核，复核不重新求解下界。",
            "What is said here not to exist does not exist for the residents, roads, candidate places and rules as "
            "given, with every unit assigned whole to one school; where they change, compute it anew. Bounds come from "
            "the search; values, people, distances and gaps are computed again by separate code.",
        )
    )


def _whole(filed: Filed) -> str:
    works, result = filed.dossier.works, filed.dossier.result
    new, extend = _count(works, "new"), _count(works, "extend")
    money, low, high = _money(works)
    seats, land = total(work.seats_added for work in works), total(work.land_m2 for work in works)
    zh = f"本建议书依据《{result.book.title.zh.strip('《》')}》等条文编制，建议新建 {new} 所、扩建 {extend} 所"
    en = f"Under {result.book.title.en}, {many(new, 'new build')} and {many(extend, 'extension')} are proposed"
    if not works:
        return filed.said(zh + "。", en + ".")
    zh += f"，新增学位 {whole(seats)} 个，新建用地 {mu(land) or '（无统计）'} 亩"
    en += f", with {whole(seats)} more seats on {mu(land) or '(not counted)'} mu of land"
    if not math.isnan(money):
        zh += f"，投资估算 {whole(money)} 万元（估算，不含土地，区间 {span(low, high)} 万元）"
        en += f", estimated at {whole(money)} (range {span(low, high)}) times 10,000 yuan without land"
    return filed.said(f"{zh}。{_places(filed).zh}", f"{en}. {_places(filed).en}")


def _places(filed: Filed) -> Phrase:
    works = filed.dossier.works
    compared = sum(bool(work.alternatives) for work in works)
    unseen = {f.constraint for work in works for f in work.recommended.findings if f.verdict == "unchecked"}
    ended = Phrase("", "")
    if unseen:
        ended = Phrase(
            f"有 {len(unseen)} 项约束没有图层可查，一律标为“未核查”，须在用地预审前补查。",
            f" {len(unseen)} constraints had no layer: not checked, to be looked at before land approval.",
        )
    return Phrase(
        f"其中 {compared} 个项目列有备选地点并作比选。{ended.zh}",
        f"{many(compared, 'project')} compared with other places.{ended.en}",
    )


def _count(works: Sequence[Work], action: str) -> int:
    return sum(work.site.action == action for work in works)


def _money(works: Sequence[Work]) -> tuple[float, float, float]:
    money, low, high = (
        total(getattr(work, name) for work in works) for name in ("money_wan", "money_low_wan", "money_high_wan")
    )
    return money, low, high


def _of_programme(filed: Filed, part: TierPlan, works: Sequence[Work]) -> Iterator[str]:
    checks, asked = filed.dossier.result.checks, filed.views.get(part.programme)
    yield _proposed(filed, part, works)
    yield _effect(filed, part)
    if asked is not None:
        proof = fewest(part, asked.asked, checks)
        left = open_goals(part, checks)
        yield filed.said(proof.zh + left.zh, f"{proof.en} {left.en}".strip())
    yield from (filed.dossier.said(said) for said in part.shortfalls)


def _proposed(filed: Filed, part: TierPlan, works: Sequence[Work]) -> str:
    money, low, high = _money(works)
    new, extend, keep = (part.count(action) for action in ("new", "extend", "keep"))
    zh = f"新建 {new} 所、扩建 {extend} 所、保留 {keep} 所"
    en = f"{many(new, 'new build')}, {many(extend, 'extension')}, {many(keep, 'school')} kept"
    if works:
        seats = whole(total(work.seats_added for work in works))
        zh, en = f"{zh}，新增学位 {seats} 个", f"{en}; {seats} more seats"
    if not math.isnan(money):
        zh = f"{zh}，投资 {whole(money)} 万元（估算，区间 {span(low, high)}）"
        en = f"{en}; {whole(money)} times 10,000 yuan (estimate, range {span(low, high)})"
    return filed.said(f"{zh}。", f"{en}.")


def _effect(filed: Filed, part: TierPlan) -> str:
    existing = filed.existing(part)
    if math.isinf(part.radius_m):
        return ""
    residents, covered = float(existing["residents"]), float(existing["covered_residents"])
    beyond = residents - covered
    after = residents - sum(given.covered for given in part.assignments)
    now, then = share(float(existing["covered_share"])), share(covered_share(part, filed.dossier.result.area))
    return filed.said(
        f"目前 {whole(residents)} 名常住人口中有 {whole(beyond)} 人到最近的学校超过 {part.radius_m:,.0f} 米（沿路网），"
        f"覆盖率 {now}；实施后超过的 {whole(abs(after))} 人，覆盖率 {then}。",
        f"Today {whole(beyond)} of {whole(residents)} residents live more than {part.radius_m:,.0f} m by road from the "
        f"nearest school ({now} covered); with the plan {whole(abs(after))} do ({then} covered).",
    )

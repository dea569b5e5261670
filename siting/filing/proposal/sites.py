"""选址方案: per programme a map and a table of its projects, then every project with its other places beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from siting.comparison.money import SEAT_WAN_YUAN
from siting.demand.needs import Proposal
from siting.export.bodies import bodies
from siting.filing.dossier import AGAINST, VERDICT_NAMES, VERDICT_ORDER, Finding, Place, Work
from siting.filing.norms import estimate
from siting.filing.proposal.blocks import Block, Field, Grid, Heading, Paragraph, Sheet
from siting.filing.proposal.filed import Filed, capital
from siting.filing.proposal.pictures import programme_picture, project_picture
from siting.filing.proposal.shown import decimals, mu, share, span, total, whole
from siting.plan import ACTION_NAMES, TierPlan
from siting.project import programme_name
from siting.words import Phrase


def sites(filed: Filed) -> Iterator[Block]:
    """The fourth chapter."""
    yield Heading(1, filed.said("选址方案与比选", "Sites and alternatives"))
    yield Paragraph(
        filed.said(
            "每个项目列推荐方案和备选方案。备选方案由未采用的备选地块和服务范围内人口集中的居民点产生，服务范围不变，"
            "按路网重新计算覆盖人口和路程，覆盖人口多者在前，其次平均路程短者在前。地块为示意，四至和界址以测绘为准。",
            "Every project has the recommended place and others: candidate places that the plan leaves open, and "
            "populated places of the catchment. The catchment stays; people within the radius and distances are "
            "computed anew by road. Plots are illustrative: boundaries need a survey.",
        )
    )
    yield from _constraints(filed)
    for part, works in filed.parts():
        yield from _programme(filed, part, works)


# --- constraints -----------------------------------------------------------------------------------------------


def _constraints(filed: Filed) -> Iterator[Block]:
    """How often each constraint says what of the recommended places."""
    found = [finding for work in filed.dossier.works for finding in work.recommended.findings]
    if not found:
        return
    said = filed.dossier.said
    fields = (
        Field(filed.said("约束", "constraint"), 46),
        *(Field(said(VERDICT_NAMES[verdict]), 18, True) for verdict in VERDICT_ORDER),
        Field(filed.said("依据", "source"), 40),
    )
    count = Counter((finding.constraint, finding.verdict) for finding in found)
    source = {finding.constraint: finding.source for finding in found}
    rows = tuple(
        (said(one), *(whole(count[one, verdict]) for verdict in VERDICT_ORDER), source[one])
        for one in sorted(source, key=lambda one: count[one, "unchecked"])
    )
    yield Grid(filed.said("推荐方案约束核查汇总（处）", "Constraints at the recommended places"), fields, rows)
    yield Paragraph(
        filed.said(
            "注：“未核查”表示没有提供该图层，不等于没有冲突；项目表中只列有发现的约束。",
            "Note: not checked means that no layer was given, never that nothing is there.",
        ),
        "note",
    )


def _constrained(filed: Filed, findings: Sequence[Finding]) -> str:
    """What stands against a place with its evidence, then how many were clear and how many unchecked."""
    said = filed.dossier.said
    told = [
        f"{said(VERDICT_NAMES[one.verdict])}：{said(one.constraint)}，{said(one.evidence)}"
        if filed.dossier.settings.language == "zh"
        else f"{said(VERDICT_NAMES[one.verdict])}: {said(one.constraint)}, {said(one.evidence)}"
        for one in findings
        if one.verdict in AGAINST
    ]
    clear, unseen = (sum(one.verdict == verdict for one in findings) for verdict in ("clear", "unchecked"))
    told += [filed.said(f"未见冲突 {clear} 项", f"no conflict in {clear}")] if clear else []
    told += [filed.said(f"未核查 {unseen} 项", f"{unseen} not checked")] if unseen else []
    return filed.said("；", "; ").join(told)


# --- programmes ------------------------------------------------------------------------------------------------


def _programme(filed: Filed, part: TierPlan, works: Sequence[Work]) -> Iterator[Block]:
    yield Heading(2, filed.dossier.said(capital(programme_name(part))))
    if not works:
        yield Paragraph(filed.said("本类没有新建、扩建项目。", "Nothing is built or extended."))
        return
    charged = [bodies(one) for one in dict.fromkeys(work.responsible for work in works if work.responsible)]
    if charged:
        zh, en = "；".join(one.zh for one in charged), "; ".join(one.en for one in charged)
        yield Paragraph(filed.said(f"责任单位：{zh}。", f"Charged by the rulebook: {en}."))
    yield programme_picture(filed, part, works)
    yield _listed(filed, part, works)
    fares = {one.site.id: one for one in _proposals(filed) if one.programme.key == part.programme}
    row = {unit: at for at, unit in enumerate(filed.dossier.result.area.units.id)}
    for work in works:
        yield _sheet(filed, work, fares.get(work.site.id), row)


def _proposals(filed: Filed) -> Sequence[Proposal]:
    return filed.dossier.ahead.proposals if filed.dossier.ahead else ()


def _listed(filed: Filed, part: TierPlan, works: Sequence[Work]) -> Grid:
    names = (
        (Phrase("编号", "code"), 15, False),
        (Phrase("项目名称", "project"), 33, False),
        (Phrase("乡镇（街道）", "township"), 19, False),
        (Phrase("规模（班）", "classes"), 11, True),
        (Phrase("学位（个）", "seats"), 10, True),
        (Phrase("新增学位", "seats added"), 11, True),
        (Phrase("服务人口（人）", "residents"), 15, True),
        (Phrase("覆盖率", "covered"), 13, True),
        (Phrase("平均（m）", "mean (m)"), 12, True),
        (Phrase("用地（亩）", "land (mu)"), 12, True),
        (Phrase("建筑（㎡）", "floor (m2)"), 13, True),
        (Phrase("投资（万元）", "10,000 yuan"), 15, True),
    )
    fields = tuple(Field(filed.dossier.said(name), width, is_number) for name, width, is_number in names)
    rows = [_row(filed, work) for work in works]
    rows.append(_totals(filed, works))
    heading = filed.said(
        f"{filed.name(part)}项目一览（用地、建筑面积、投资为估算）",
        f"{filed.name(part)}: projects (land, floor and money are estimates)",
    )
    return Grid(heading, fields, tuple(rows), has_total=True)


def _row(filed: Filed, work: Work) -> tuple[str, ...]:
    place, language = work.recommended, filed.dossier.settings.language
    return (
        work.code,
        filed.said(work.name.zh, f"{ACTION_NAMES[work.site.action].en}: {work.site.name}"),
        work.site.township,
        whole(work.site.classes),
        whole(work.site.seats),
        whole(work.seats_added),
        whole(place.residents),
        _covered(place, work.part),
        whole(place.mean_m, language),
        mu(work.land_m2),
        whole(work.floor_m2),
        whole(work.money_wan),
    )


def _covered(place: Place, part: TierPlan) -> str:
    """Where no radius is promised there is nothing to cover."""
    return share(place.covered_share) if math.isfinite(part.radius_m) else ""


def _totals(filed: Filed, works: Sequence[Work]) -> tuple[str, ...]:
    def summed(name: str) -> float:
        return total(getattr(work, name) for work in works)

    return (
        filed.said("合计", "Total"),
        "",
        "",
        whole(total(work.site.classes for work in works)),
        whole(total(work.site.seats for work in works)),
        whole(summed("seats_added")),
        whole(total(work.recommended.residents for work in works)),
        "",
        "",
        mu(summed("land_m2")),
        whole(summed("floor_m2")),
        whole(summed("money_wan")),
    )


# --- projects --------------------------------------------------------------------------------------------------


def _sheet(filed: Filed, work: Work, fares: Proposal | None, row: dict[str, int]) -> Sheet:
    places = (work.recommended, *work.alternatives)
    names = [filed.said(f"备选方案{k}", f"alternative {k}") for k in range(1, len(places))]
    compared = (
        (filed.said("位置", "place"), [_place(filed, place) for place in places]),
        (filed.said("服务覆盖", "covered"), [_reached(filed, work, place) for place in places]),
        (filed.said("平均/最远", "mean/max"), [_metres(filed, place) for place in places]),
        (filed.said("用地", "land"), [_land(filed, work, place) for place in places]),
        (filed.said("投资估算", "estimate"), [_money(filed, work, place) for place in places]),
        (filed.said("约束核查", "checks"), [_constrained(filed, place.findings) for place in places]),
        (filed.said("改址影响", "what is lost"), [_lost(filed, place, work) for place in places]),
    )
    return Sheet(
        title=f"{filed.dossier.said(work.name)}（{work.code}）"
        if filed.dossier.settings.language == "zh"
        else f"{work.name.en} ({work.code})",
        picture=project_picture(filed, work, row),
        said=_said(filed, work, fares),
        headers=(filed.said("比选", "compared"), filed.said("推荐方案", "recommended"), *names),
        rows=tuple((label, *texts) for label, texts in compared),
        below=_below(filed, work),
    )


def _place(filed: Filed, place: Place) -> str:
    """Its name; a crowded place has none but its village's."""
    if filed.dossier.settings.language == "en" and place.name == f"{place.village}居民点":
        return f"place in {place.village}"
    return place.name


def _reached(filed: Filed, work: Work, place: Place) -> str:
    people = whole(place.residents)
    told = [filed.said(f"{people} 人", f"{people} people"), _covered(place, work.part)]
    return filed.said("，", ", ").join(text for text in told if text)


def _metres(filed: Filed, place: Place) -> str:
    language = filed.dossier.settings.language
    mean, far = whole(place.mean_m, language), whole(place.farthest_m, language)
    return f"{mean} / {far} m" if mean and math.isfinite(place.mean_m) else mean


def _land(filed: Filed, work: Work, place: Place) -> str:
    if place is work.recommended and work.site.action == "extend":
        return filed.said("现有校园内", "on its own ground")
    unit = filed.said("亩", "mu")
    return f"{mu(place.plot.area_m2)} {unit}" if place.plot else ""


def _money(filed: Filed, work: Work, place: Place) -> str:
    """An extension moved elsewhere is a whole new school; a new build costs the same wherever it stands."""
    if place is not work.recommended and work.site.action == "extend":
        money = whole(estimate(SEAT_WAN_YUAN, work.part.tier, work.site.seats))
        return filed.said(f"{money} 万元（另址新建全校）", f"{money} (a whole school)") if money else ""
    money = whole(work.money_wan)
    return filed.said(f"{money} 万元", money) if money else ""


def _lost(filed: Filed, place: Place, work: Work) -> str:
    if place is work.recommended:
        return "—"
    return filed.dossier.said(place.lost)


def _said(filed: Filed, work: Work, fares: Proposal | None) -> str:
    site = work.site
    action = filed.dossier.said(ACTION_NAMES[site.action])
    money, low_high = whole(work.money_wan), span(work.money_low_wan, work.money_high_wan)
    zh = [f"{action} {whole(site.classes)} 班，学位 {whole(site.seats)} 个（新增 {whole(work.seats_added)} 个）"]
    en = [f"{action}: {whole(site.classes)} classes, {whole(site.seats)} seats ({whole(work.seats_added)} added)"]
    if not math.isnan(work.land_m2):
        zh.append(f"用地 {mu(work.land_m2)} 亩（{whole(work.land_m2)} ㎡）")
        en.append(f"land {mu(work.land_m2)} mu ({whole(work.land_m2)} m2)")
    if not math.isnan(work.floor_m2):
        zh.append(f"建筑面积 {whole(work.floor_m2)} ㎡")
        en.append(f"floor {whole(work.floor_m2)} m2")
    if money:
        unit = decimals(work.money_wan / work.seats_added, 2) if work.seats_added > 0 else ""
        zh.append(f"投资 {money} 万元（估算，{low_high}，{unit} 万元/学位）")
        en.append(f"{money} times 10,000 yuan (estimate, {low_high}, {unit} a seat)")
    if not math.isnan(work.year):
        zh.append(f"{work.year:.0f} 年秋季开学")
        en.append(f"opens in autumn {work.year:.0f}")
    told = filed.said("；".join(zh) + "。", "; ".join(en) + ". ")
    clause = filed.said(f"依据 {site.clause}：", f"By {site.clause}: ") if site.clause else ""
    return told + clause + filed.dossier.said(site.reason) + _fills(filed, fares)


def _fills(filed: Filed, fares: Proposal | None) -> str:
    if fares is None:
        return ""
    opening, peak, later = share(fares.opening), share(fares.peak), share(fares.later)
    word = {
        True: Phrase("可持续", "lasting"),
        False: Phrase("不可持续", "not lasting"),
        None: Phrase("不详", "unknown"),
    }
    lasting = word[fares.verdict.is_viable]
    return filed.said(
        f"使用率：开办（{fares.opens} 年）{opening}，最高 {peak}（{fares.peak_year} 年），"
        f"十年后 {later}；生源{lasting.zh}。",
        f" Seats filled: {opening} on opening in {fares.opens}, at most {peak} in {fares.peak_year}, "
        f"{later} ten years on; pupils {lasting.en}.",
    )


def _below(filed: Filed, work: Work) -> str:
    """Where the recommended place is, 四至 of its illustrative plot, and why there is no other place."""
    place, crs = work.recommended, filed.dossier.result.area.crs
    told = [
        filed.said(
            f"推荐方案：{place.township}{place.village}，X {place.y:,.0f}、Y {place.x:,.0f}（{crs}）。",
            f"Recommended: {place.township} {place.village}, E {place.x:,.0f}, N {place.y:,.0f} ({crs}).",
        )
    ]
    if place.plot is not None and work.site.action == "new":
        bounds = filed.said("，", ", ").join(filed.dossier.said(bound) for bound in place.plot.bounds)
        told.append(filed.said(f"四至（示意）：{bounds}。", f"Bounds (illustrative): {bounds}."))
    if not work.alternatives:
        told.append(filed.dossier.said(work.why_none))
    return filed.said("", " ").join(told)

"""核查结论, what is left to be filled in, and the annexes: the proof goal by goal, and what the plan was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siting.export.proof import STATUS_NAMES
from siting.filing.proposal.basis import KEPT, STRENGTH
from siting.filing.proposal.blocks import Blank, Block, Field, Grid, Heading, Paragraph
from siting.filing.proposal.claims import gap_of, is_proved, meaning
from siting.filing.proposal.filed import Filed
from siting.plan import METRES_WALKED, Stage
from siting.project import goal_name
from siting.rules.verdict import Check
from siting.words import Phrase


def verdicts(filed: Filed) -> Iterator[Block]:
    """The eighth chapter: what the plan breaks, and what could not be tested."""
    checks = filed.dossier.result.checks
    kept, broken = sum(one.kept is True for one in checks), [one for one in checks if one.kept is False]
    untested = [one for one in checks if one.kept is None]
    must = sum(one.strength == "must" for one in broken)
    yield Heading(1, filed.said("核查结论", "Verdict"))
    yield Paragraph(
        filed.said(
            f"独立核查程序共核查 {len(checks)} 项：符合 {kept} 项，不符合“必须” {must} 项，"
            f"不符合“应当” {len(broken) - must} 项，未核查 {len(untested)} 项。",
            f"Separate code tested {len(checks)} sentences: {kept} kept; {must} that must be kept are broken, and "
            f"{len(broken) - must} that should be; {len(untested)} could not be tested.",
        )
    )
    if broken or untested:
        found = sorted((*broken, *untested), key=lambda one: (one.kept is None, one.strength != "must"))
        yield _grid(filed, found)


def _grid(filed: Filed, found: list[Check]) -> Grid:
    fields = (
        Field(filed.said("条款", "clause"), 30),
        Field(filed.said("类别", "programme"), 22),
        Field(filed.said("力度", "force"), 12),
        Field(filed.said("结论", "verdict"), 13),
        Field(filed.said("证据", "evidence"), 86),
    )
    names = {part.programme: filed.name(part) for part, _ in filed.parts()}
    said = filed.dossier.said
    rows = tuple(
        (
            one.rule,
            names.get(one.programme, filed.said("全部", "all") if one.programme == "all" else one.programme),
            said(STRENGTH[one.strength]),
            said(KEPT[one.kept]),
            said(one.evidence),
        )
        for one in found
    )
    return Grid(filed.said("不符合和未核查的条款", "Clauses broken or not tested"), fields, rows)


# --- blanks ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Something no data of a study holds: its heading, and what is to be entered."""

    heading: Phrase
    asks: Phrase


_UNKNOWN = (
    _Unknown(
        Phrase("项目代码与审批", "Project code and approvals"),
        Phrase(
            "投资项目在线审批监管平台项目代码、用地预审与选址意见书文号",
            "code on the approval platform, numbers of permits",
        ),
    ),
    _Unknown(
        Phrase("项目法人与建设单位", "Legal person and builder"),
        Phrase("项目法人、建设单位、法定代表人、联系人", "legal person, building body, representative, contact"),
    ),
    _Unknown(
        Phrase("资金来源", "Funds"),
        Phrase("财政资金、中央预算内投资、专项债券及分年度安排", "budget, central funds, bonds, by year"),
    ),
    _Unknown(
        Phrase("土地权属与规划用途", "Ownership and planned use"),
        Phrase(
            "地类、权属、国土空间规划用途、是否在城镇开发边界内、四至和界址（须测绘）",
            "kind of land, owner, planned use, boundary (needs a survey)",
        ),
    ),
    _Unknown(
        Phrase("工程方案与市政条件", "Building scheme and services"),
        Phrase("建筑方案、供水、排水、供电、供暖、通信、消防条件", "design, water, sewerage, power, heating, fire"),
    ),
    _Unknown(
        Phrase("环境影响", "Environmental effects"),
        Phrase("环境影响评价结论、噪声和污染场地调查", "assessment, noise, contaminated soil"),
    ),
    _Unknown(Phrase("节能", "Energy"), Phrase("节能标准、年能耗、节能措施", "standard, consumption a year, measures")),
    _Unknown(
        Phrase("招标方案", "Tendering"),
        Phrase("招标范围、组织形式、招标方式", "scope, form and way of tendering"),
    ),
    _Unknown(
        Phrase("社会稳定风险与公示", "Public notice and objections"),
        Phrase("批前公示、村（居）民意见、社会稳定风险评估", "notice, opinions of residents, risks"),
    ),
    _Unknown(
        Phrase("教职工编制", "Staff"),
        Phrase("所需教职工、编制来源（市委编办）", "teachers and staff needed, and where the posts come from"),
    ),
)


def blanks(filed: Filed) -> Iterator[Block]:
    """The ninth chapter."""
    yield Heading(1, filed.said("待补充内容", "To be filled in"))
    yield Paragraph(
        filed.said(
            "以下内容不能由人口、路网、学校和条款推出，由有关单位填写。",
            "None of this follows from residents, roads, schools and rules; the bodies concerned enter it.",
        )
    )
    for one in _UNKNOWN:
        asks = filed.dossier.said(one.asks)
        yield Heading(2, filed.dossier.said(one.heading))
        yield Blank(filed.said(f"待填：{asks}。", f"To be filled in: {asks}."))


# --- annexes ---------------------------------------------------------------------------------------------------


def annexes(filed: Filed) -> Iterator[Block]:
    """The proof goal by goal, then the sources."""
    yield Heading(1, filed.said("附件1　逐目标证明", "Annex 1: proof, goal by goal"), is_numbered=False)
    yield Paragraph(
        filed.said(
            "各目标按先后次序求解，后一目标不得使前面目标变差。下界是任何方案都不能低于的数；差距=（结果－下界）÷结果，"
            "差距为 0 且求解正常结束的为“已证明最优”，其余一律不作为已证明。",
            "Goals are reached in strict order; none worsens an earlier one. No plan can go below the bound; "
            "gap = (value - bound) / value. Only a gap of 0 whose search ended by itself is called proved.",
        )
    )
    for part, _ in filed.parts():
        rows = tuple(_stage(filed, stage, part.radius_m) for stage in part.stages)
        yield Grid(filed.name(part), _stage_fields(filed), rows)
    yield from _sources(filed)


def _stage_fields(filed: Filed) -> tuple[Field, ...]:
    return (
        Field(filed.said("目标", "goal"), 26),
        Field(filed.said("结果", "value"), 20, True),
        Field(filed.said("下界", "bound"), 20, True),
        Field(filed.said("差距", "gap"), 15, True),
        Field(filed.said("单位", "unit"), 22),
        Field(filed.said("状态", "status"), 16),
        Field(filed.said("含义", "meaning"), 42),
    )


def _stage(filed: Filed, stage: Stage, radius_m: float) -> tuple[str, ...]:
    said = filed.dossier.said
    unit = Phrase("人·公里", "resident-km") if stage.unit == METRES_WALKED else stage.unit
    times = 0.001 if stage.unit == METRES_WALKED else 1.0
    gap = said(gap_of(stage)).removeprefix("差距 ").removeprefix("gap ")
    status = "optimal" if is_proved(stage) else stage.status
    word = said(STATUS_NAMES[status]) if status != "optimal" or is_proved(stage) else filed.said("未证明", "not proved")
    return (
        said(goal_name(stage.goal, radius_m)),
        _number(times * stage.value),
        _number(times * stage.bound),
        gap,
        said(unit),
        word,
        said(meaning(stage)),
    )


def _number(value: float) -> str:
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def _sources(filed: Filed) -> Iterator[Block]:
    area = filed.dossier.result.area
    yield Heading(1, filed.said("附件2　数据来源与说明", "Annex 2: data"), is_numbered=False)
    fields = (
        Field(filed.said("图层", "layer"), 26),
        Field(filed.said("文件", "file"), 70),
        Field("SHA-256", 56),
    )
    rows = tuple((layer, file, f"{sha[:16]}…") for layer, (file, sha) in area.sources.items())
    if rows:
        yield Grid(filed.said("输入文件", "Input files"), fields, rows)
    for remark in area.remarks:
        yield Paragraph(
            f"{remark.file}：{remark.what.zh}" if _zh(filed) else f"{remark.file}: {remark.what.en}", "note"
        )
    yield Paragraph(
        filed.said(
            f"坐标系：{area.crs}；距离沿所给路网计算。", f"Coordinates: {area.crs}; distances along the roads given."
        ),
        "note",
    )


def _zh(filed: Filed) -> bool:
    return filed.dossier.settings.language == "zh"

"""The workbook's first sheet: what this is, what it was made from, and what to know before using it."""

from __future__ import annotations

from collections.abc import Iterator

from siting.export.proof import prove
from siting.export.result import Result
from siting.plan import TierPlan
from siting.project import programme_name
from siting.study import StudyArea

Line = tuple[str, str]


def cover_lines(result: Result) -> Iterator[Line]:
    """Label and text, line by line."""
    yield f"{result.project.name}　学校布局方案", ""
    if result.area.notice.zh:
        yield "数据声明", result.area.notice.zh
    yield "依据", f"{result.book.title.zh}（规则集 {result.book.id}）"
    yield "坐标系", f"{result.area.crs}，距离单位为米，沿路网计算"
    for part in result.plan.parts:
        yield programme_name(part).zh, _summary(part)
    yield "核查结论", _verdict(result)
    yield (
        "名词",
        "服务人口指分配到该校的常住人口，不是服务半径圈内人口；“覆盖”指居民自身位置到所分配学校的路网距离不超过服务半径。",
    )
    yield (
        "指标",
        "“指标”表按现有学校的在校（园）生计算；普惠性幼儿园覆盖率在该表按在园幼儿计，在“核查”表按学位计，"
        "因为方案只决定学位，不决定谁入园。",
    )
    yield "空格", "表中空白表示没有统计数据；0 表示已统计且为零。"
    yield from source_lines(result.area)


def source_lines(area: StudyArea) -> Iterator[Line]:
    """What to know about the data, and the files they come from."""
    yield from (("数据说明", f"{remark.file}：{remark.what.zh}") for remark in area.remarks)
    yield from (("输入文件", f"{layer}：{file}（SHA-256 {sha[:12]}…）") for layer, (file, sha) in area.sources.items())


def _summary(part: TierPlan) -> str:
    counts = f"新建 {part.count('new')} 所，扩建 {part.count('extend')} 所，保留 {part.count('keep')} 所。"
    return counts + (prove(part.stages[0]).zh if part.stages else "")


def _verdict(result: Result) -> str:
    broken = [check for check in result.checks if check.kept is False]
    must = sum(check.strength == "must" for check in broken)
    kept = sum(check.kept is True for check in result.checks)
    untested = sum(check.kept is None for check in result.checks)
    return f"符合 {kept} 条；不符合“必须” {must} 条，不符合“应当” {len(broken) - must} 条；未核查 {untested} 条。"

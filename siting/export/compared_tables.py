"""The tables of a comparison: what each plan measures and what moves between them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siting.comparison.records import CHANGE_NAMES, Comparison, FarVillage, Pair, ProgrammeComparison
from siting.export.in_language import Header, table_in
from siting.export.tables import SHARE, WHOLE, Row, Table
from siting.plan import ACTION_NAMES
from siting.project import programme_name
from siting.words import Language, Phrase

DECIMALS, GINI = "#,##0.##", "0.000"

TOTAL = Phrase("全部项目", "all programmes")
NO_TAB = Phrase("", "")
DIFFERENCE = Phrase("差值", "difference")


PROGRAMME = Header(Phrase("项目类别", "programme"), 16)
PLAN = Header(Phrase("方案", "plan"), 16)
TOWNSHIP = Header(Phrase("乡镇（街道）", "township"), 16)
RESIDENTS = Header(Phrase("常住人口（人）", "residents"), 11, WHOLE, True)


def compared_tables(comparison: Comparison, language: Language) -> tuple[Table, ...]:
    """Every sheet of comparison.xlsx, in the order of its tabs; prices of locks only where there are some."""
    make = (_measures, _goals, _equity, _sites, _units, _reach, _worst, _apart)
    sheets = tuple(one(comparison, language) for one in make)
    return (*sheets, _prices(comparison, language)) if comparison.prices else sheets


def summary(comparison: Comparison, language: Language) -> tuple[Table, Table]:
    """What people ask for first: both plans and the difference, three rows per programme; and what moves, in one."""
    headers = [Header(Phrase(zh, en), 11, number) for _, zh, en, number in _SUMMARY]
    rows = tuple(row for one in comparison.programmes for row in _summary_rows(comparison, one, language))
    moves = tuple(_moves(one, language) for one in comparison.programmes)
    return (
        table_in(NO_TAB, Phrase("方案对比", "Two plans side by side"), (PROGRAMME, PLAN, *headers), rows, language),
        table_in(NO_TAB, Phrase("变化", "What changes"), (PROGRAMME, *_MOVES), moves, language),
    )


_SUMMARY = (
    ("covered_share", "覆盖率", "covered", SHARE),
    ("uncovered", "未覆盖（人）", "not covered", WHOLE),
    ("over", "超规模（人）", "over", WHOLE),
    ("under", "不足规模（人）", "under", WHOLE),
    ("new", "新建（所）", "new", WHOLE),
    ("extend", "扩建（所）", "extend", WHOLE),
    ("money_wan_yuan", "投资估算（万元）", "money (10k yuan)", WHOLE),
    ("mean_m", "平均路程（米）", "mean m", WHOLE),
    ("p90_m", "九成以内（米）", "90 % within m", WHOLE),
    ("worst_m", "最远（米）", "farthest m", WHOLE),
    ("gini", "基尼系数", "Gini", GINI),
)


def _summary_rows(comparison: Comparison, one: ProgrammeComparison, language: Language) -> Iterator[Row]:
    keys = [key for key, *_ in _SUMMARY]
    return _triples(comparison, _name(one, language), (*one.figures, *one.equity), keys, language)


_MOVES = (
    Header(Phrase("学校增加", "sites gained"), 9, WHOLE),
    Header(Phrase("取消", "lost"), 9, WHOLE),
    Header(Phrase("调整", "changed"), 9, WHOLE),
    Header(Phrase("不变", "kept"), 9, WHOLE),
    Header(Phrase("换校单元", "units that change school"), 9, WHOLE),
    Header(Phrase("进入服务半径（人）", "people gaining reach"), 9, WHOLE),
    Header(Phrase("离开服务半径（人）", "people losing reach"), 9, WHOLE),
    Header(Phrase("单方单元（不计入）", "units of one plan only"), 9, WHOLE),
)


def _moves(one: ProgrammeComparison, language: Language) -> Row:
    sites = (float(one.count(change)) for change in CHANGE_NAMES)
    return (_name(one, language), *sites, float(len(one.units)), *one.people(), float(len(one.apart)))


def _labels(comparison: Comparison, language: Language) -> tuple[str, str, str]:
    return comparison.base_name, comparison.other_name, DIFFERENCE.said_in(language)


def _name(one: ProgrammeComparison, language: Language) -> str:
    return programme_name(one).said_in(language)


def _values(pairs: Sequence[Pair], keys: Sequence[str], which: int) -> Iterator[float | None]:
    """Base (0), other (1) or difference (2) of some measures; None where there is no such measure."""
    known = {one.key: (one.base, one.other, one.difference)[which] for one in pairs}
    return (known.get(key) for key in keys)


# --- measures ---------------------------------------------------------------------------------------------------

_FORMATS = {"covered_share": SHARE, "fill_share": SHARE, "beyond_share": SHARE, "gini": GINI}


def _measures(comparison: Comparison, language: Language) -> Table:
    """指标对比: per programme both plans and the difference, then all programmes together."""
    keys = _keys(comparison, "figures")
    rows = (
        row
        for one in comparison.programmes
        for row in _triples(comparison, _name(one, language), one.figures, keys, language)
    )
    every = _triples(comparison, TOTAL.said_in(language), comparison.totals, keys, language)
    return table_in(
        Phrase("指标对比", "Measures"),
        Phrase("指标对比表（差值＝后者－前者；比例的差为百分点）", "Measures (difference = other - base)"),
        (PROGRAMME, PLAN, *_headers(comparison, "figures", keys)),
        iter([*rows, *every]),
        language,
    )


def _equity(comparison: Comparison, language: Language) -> Table:
    """公平性: how far people walk in both plans, and how evenly."""
    keys = _keys(comparison, "equity")
    rows = (
        row
        for one in comparison.programmes
        for row in _triples(comparison, _name(one, language), one.equity, keys, language)
    )
    return table_in(
        Phrase("公平性", "Equity"),
        Phrase("公平性对比表（按常住人口加权；村内居民取本村平均路程，最远居民与服务半径外按各居民自身位置）",
               "Equity (weighted by residents; all at the mean of their unit, but farthest and beyond one by one)"),
        (PROGRAMME, PLAN, *_headers(comparison, "equity", keys)),
        rows,
        language,
    )  # fmt: skip


def _keys(comparison: Comparison, of: str) -> list[str]:
    """Measures of any programme, goals left out: they have their own sheet."""
    goals = {goal for one in comparison.programmes for goal in _goal_keys(one)}
    every = dict.fromkeys(pair.key for one in comparison.programmes for pair in getattr(one, of))
    return [key for key in every if key not in goals and not key.endswith("_bound")]


def _goal_keys(one: ProgrammeComparison) -> list[str]:
    """Keys of goals: those that have a bound."""
    keys = [pair.key for pair in one.figures]
    return [key for key in keys if f"{key}_bound" in keys]


def _headers(comparison: Comparison, of: str, keys: Sequence[str]) -> list[Header]:
    known = {pair.key: pair for one in comparison.programmes for pair in getattr(one, of)}
    return [Header(_with_unit(known[key], key), 11, _FORMATS.get(key, WHOLE)) for key in keys]


def _with_unit(pair: Pair, key: str) -> Phrase:
    """The name of a measure with its unit; shares say theirs by their format."""
    if key in _FORMATS:
        return pair.name
    name, unit = pair.name, pair.unit
    zh = name.zh if "（" in name.zh else f"{name.zh}（{unit.zh}）"
    return Phrase(zh, name.en if unit.en in name.en.split() else f"{name.en} ({unit.en})")


def _triples(
    comparison: Comparison, name: str, pairs: Sequence[Pair], keys: Sequence[str], language: Language
) -> Iterator[Row]:
    for which, label in enumerate(_labels(comparison, language)):
        yield (name, label, *_values(pairs, keys, which))


def _goals(comparison: Comparison, language: Language) -> Table:
    """目标与下界: every goal, what each plan reaches and what nobody could beat."""
    headers = (
        PROGRAMME,
        Header(Phrase("目标", "goal"), 22),
        Header(Phrase("单位", "unit"), 24),
        *(
            Header(Phrase(f"{label}{word.zh}", f"{label}: {word.en}"), 15, DECIMALS)
            for label in (comparison.base_name, comparison.other_name)
            for word in (Phrase("结果", "value"), Phrase("下界", "bound"))
        ),
        Header(Phrase("结果差值", "difference"), 14, DECIMALS),
    )
    return table_in(
        Phrase("目标与下界", "Goals"), Phrase("各目标的结果与下界", "Goals with their bounds"), headers,
        (row for one in comparison.programmes for row in _goal_rows(one, language)), language,
    )  # fmt: skip


def _goal_rows(one: ProgrammeComparison, language: Language) -> Iterator[Row]:
    pair = {pair.key: pair for pair in one.figures}
    for goal in _goal_keys(one):
        value, bound = pair[goal], pair[f"{goal}_bound"]
        said = value.name.said_in(language), value.unit.said_in(language)
        yield (_name(one, language), *said, value.base, bound.base, value.other, bound.other, value.difference)


# --- what moves -------------------------------------------------------------------------------------------------


def _sites(comparison: Comparison, language: Language) -> Table:
    """学校变化: every site, what is gained first and what stays last."""
    base, other = comparison.base_name, comparison.other_name
    headers = (
        PROGRAMME,
        Header(Phrase("学校名称", "school"), 26),
        Header(Phrase("变化", "change"), 9),
        TOWNSHIP,
        *(Header(Phrase(f"{label}建设性质", f"{label}: action"), 13) for label in (base, other)),
        *(Header(Phrase(f"{label}班数（班）", f"{label}: classes"), 12, WHOLE, True) for label in (base, other)),
        *(Header(Phrase(f"{label}学位（个）", f"{label}: seats"), 12, WHOLE, True) for label in (base, other)),
        *(Header(Phrase(f"{label}服务人口（人）", f"{label}: residents"), 14, WHOLE, True) for label in (base, other)),
        Header(Phrase("移位（米）", "moved m"), 9, WHOLE),
    )
    return table_in(
        Phrase("学校变化", "Sites"), Phrase("学校变化一览表", "Changes of sites"), headers,
        (row for one in comparison.programmes for row in _site_rows(one, language)), language,
    )  # fmt: skip


def _site_rows(one: ProgrammeComparison, language: Language) -> Iterator[Row]:
    for site in one.sites:
        yield (
            _name(one, language), site.name, CHANGE_NAMES[site.change].said_in(language), site.township,
            _action(site.base_action, language), _action(site.other_action, language), site.base_classes,
            site.other_classes, site.base_seats, site.other_seats, site.base_residents, site.other_residents,
            site.moved_m,
        )  # fmt: skip


def _action(word: str, language: Language) -> str:
    """An action in words; a dash where a plan does not have the site."""
    named: dict[str, Phrase] = dict(ACTION_NAMES.items())
    return named[word].said_in(language) if word in named else "—"


def _units(comparison: Comparison, language: Language) -> Table:
    """换校: units that go to another school, the most residents first."""
    base, other = comparison.base_name, comparison.other_name
    headers = (
        PROGRAMME,
        Header(Phrase("村、社区（单元）", "unit"), 20),
        TOWNSHIP,
        RESIDENTS,
        Header(Phrase(f"{base}学校", f"{base}: school"), 26),
        Header(Phrase(f"{other}学校", f"{other}: school"), 26),
        Header(Phrase(f"{base}路程（米）", f"{base}: m"), 12, WHOLE),
        Header(Phrase(f"{other}路程（米）", f"{other}: m"), 12, WHOLE),
        Header(Phrase("路程差（米）", "difference m"), 11, WHOLE),
    )
    none = Phrase("没有学校", "no school").said_in(language)
    rows = (
        (_name(one, language), unit.name, unit.township, unit.residents, unit.base_school or none,
         unit.other_school or none, unit.base_m, unit.other_m, unit.other_m - unit.base_m)
        for one in comparison.programmes
        for unit in one.units
    )  # fmt: skip
    title = Phrase("换校的村（社区）一览表", "Units that change school")
    return table_in(Phrase("换校", "Change of school"), title, headers, rows, language)


def _reach(comparison: Comparison, language: Language) -> Table:
    """可达变化: villages with people who come within the radius or fall out of it."""
    headers = (
        PROGRAMME,
        Header(Phrase("村、社区", "village"), 20),
        TOWNSHIP,
        RESIDENTS,
        Header(Phrase("新进入服务半径（人）", "gain reach"), 13, WHOLE, True),
        Header(Phrase("离开服务半径（人）", "lose reach"), 13, WHOLE, True),
    )
    rows = (
        (_name(one, language), village.name, village.township, village.residents, village.gained, village.lost)
        for one in comparison.programmes
        for village in one.reach
    )
    title = Phrase("进入、离开服务半径的人口（只计两方案都有的单元）", "People gaining and losing reach")
    return table_in(Phrase("可达变化", "Reach"), title, headers, rows, language)


def _worst(comparison: Comparison, language: Language) -> Table:
    """最远的村: the worst-served villages of both plans by name."""
    headers = (
        PROGRAMME,
        PLAN,
        Header(Phrase("次序", "rank"), 6, "0"),
        Header(Phrase("村、社区", "village"), 20),
        TOWNSHIP,
        Header(Phrase("常住人口（人）", "residents"), 11, WHOLE),
        Header(Phrase("平均路程（米）", "mean m"), 11, WHOLE),
        Header(Phrase("学校", "school"), 26),
    )
    rows = (
        (_name(one, language), label, rank, village.name, village.township, village.residents, village.mean_m,
         village.school)
        for one in comparison.programmes
        for label, villages in _both_worst(comparison, one)
        for rank, village in enumerate(villages, 1)
    )  # fmt: skip
    title = Phrase("路程最远的村（社区）", "The worst-served villages")
    return table_in(Phrase("最远的村", "Worst served"), title, headers, rows, language)


def _both_worst(comparison: Comparison, one: ProgrammeComparison) -> tuple[tuple[str, tuple[FarVillage, ...]], ...]:
    return (comparison.base_name, one.base_worst), (comparison.other_name, one.other_worst)


def _apart(comparison: Comparison, language: Language) -> Table:
    """单方单元: estates and others that only one plan has; they count as no change."""
    headers = (
        PROGRAMME,
        Header(Phrase("单元", "unit"), 22),
        TOWNSHIP,
        RESIDENTS,
        Header(Phrase("只在", "only in"), 18),
    )
    label = {"base": comparison.base_name, "other": comparison.other_name}
    rows = (
        (_name(one, language), unit.name, unit.township, unit.residents, label[unit.where])
        for one in comparison.programmes
        for unit in one.apart
    )
    title = Phrase("只在一个方案中的单元（不计入变化）", "Units of one plan only (counted as no change)")
    return table_in(Phrase("单方单元", "One plan only"), title, headers, rows, language)


def _prices(comparison: Comparison, language: Language) -> Table:
    """限制的代价: every lock and veto against the plan without it."""
    headers = (
        Header(Phrase("限制", "lock"), 30),
        Header(Phrase("原因", "reason"), 24),
        PROGRAMME,
        Header(Phrase("指标", "measure"), 22),
        Header(Phrase("单位", "unit"), 16),
        Header(Phrase("没有限制", "without"), 14, DECIMALS),
        Header(Phrase("有限制", "with"), 14, DECIMALS),
        Header(Phrase("代价", "price"), 14, DECIMALS),
    )
    names = {one.programme: _name(one, language) for one in comparison.programmes}
    rows = (
        (price.what.said_in(language), price.reason.said_in(language), names.get(price.programme, price.programme),
         one.name.said_in(language), one.unit.said_in(language), one.base, one.other, one.difference)
        for price in comparison.prices
        for one in price.measures
    )  # fmt: skip
    title = Phrase("各项限制（禁建、必建）的代价", "What every lock and veto costs")
    return table_in(Phrase("限制的代价", "Locks"), title, headers, rows, language)

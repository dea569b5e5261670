"""The study file as TOML: read once, closed against unknown keys, every fault in one go."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from siting.errors import Fault, InputError, said_by_system
from siting.inputs.asked_ahead import KEYS, read_ahead, read_counted
from siting.inputs.asked_budget import stated_budget
from siting.inputs.asked_filing import read_filing
from siting.inputs.asked_phases import read_phases
from siting.inputs.broken_toml import broken_toml
from siting.inputs.coordinates import why_not_metric, why_not_readable
from siting.inputs.drawn import WHICH_CRS
from siting.inputs.encodings import is_encoding
from siting.inputs.grid import GRID_FILES
from siting.inputs.headers import ALIASES
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.roads import GRAPH_FILES, OSM_FILES
from siting.inputs.stated import Stated
from siting.project import GOALS, Goal, Layer, LayerName, Limits, Programme, Project
from siting.study import TIERS, Tier
from siting.words import Language, Phrase, name_some

LAYERS: tuple[LayerName, ...] = get_args(LayerName)
REQUIRED_LAYERS: tuple[LayerName, ...] = ("villages", "schools", "roads")
Scope = Literal["rural", "urban", "city", "town", "all"]
AREAS: tuple[Scope, ...] = ("rural", "urban", "city", "town", "all")
LARGE_VILLAGE: tuple[Literal["larger", "second"], ...] = ("larger", "second")
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_MEANT: Mapping[str, str] = {
    **{"幼儿园": "kindergarten", "学前": "kindergarten", "小学": "primary", "初中": "junior", "高中": "senior"},
    **{"初级中学": "junior", "普通高中": "senior", "农村": "rural", "乡村": "rural", "城镇": "urban"},
    **{"城市": "city", "城区": "city", "镇区": "town", "全部": "all", "全县": "all", "全域": "all", "全市": "all"},
}
"""Chinese words people write for a tier or an area, and the study file's words for them."""

STATES_ITSELF = (*OSM_FILES, *GRAPH_FILES, *GRID_FILES)
"""Files whose coordinate system is fixed or written within."""

STAND_IN_CRS = "EPSG:3857"
"""What layers are read in where the study's own CRS is wrong, only to find their faults too."""

PLACELESS: tuple[LayerName, ...] = ("births", "ages")
"""Layers that say nothing of places: their rows are told apart by codes and names."""

OWN_KEYS: Mapping[str, tuple[str, ...]] = {"roads": ("place",), "ages": ("counted",)}
"""Keys of one layer only."""


def read_project(path: Path) -> Project:
    """The study file. Raises InputError with every fault of it."""
    project, faults = load_project(path)
    if project is None or faults:
        raise InputError(faults)
    return project


def load_project(path: Path) -> tuple[Project | None, tuple[Fault, ...]]:
    """The study as far as it is sound, and every fault of its file; None where it is no TOML at all.

    Layers that cannot be read as stated are left out, so that the rest can still be looked through.
    """
    notes = Notes(path.name)
    held = read_toml(path, notes)
    project = None if held is None else _project(path.resolve(), Stated("", held, notes))
    return project, tuple(notes.faults)


def read_toml(path: Path, notes: Notes) -> Mapping[str, Any] | None:
    """The keys of a TOML file; None, and a fault, where it cannot be read as one."""
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text)
    except OSError as flaw:
        missing = said_by_system("无法读取", "cannot be read", flaw)
        notes.faults.append(
            Fault(str(path), missing, Phrase("请检查路径。", "Check the path; a study is one study.toml."))
        )
    except UnicodeDecodeError as flaw:
        notes.fault(
            Phrase(f"不是 UTF-8 编码（第 {flaw.start} 字节）。", f"is not UTF-8 (at byte {flaw.start})."),
            Phrase(
                "请用记事本打开，另存为，编码选 UTF-8。",
                "Save it as UTF-8 (Notepad: Save as, Encoding).",
            ),
        )
    except tomllib.TOMLDecodeError as flaw:
        notes.fault(*broken_toml(text, flaw))
    return None


def _project(file: Path, page: Stated) -> Project:
    page.close(("study", "layers", "demand", "goals", "programme", "limits", "phase", "filing"))
    study = page.table("study")
    study.close(("name", "rulebook", "crs", "language", "notice", "protected_schools"))
    study.need("name", Phrase('如 name = "我的县"。', 'For example name = "My county".'))
    study.need("rulebook", Phrase('如 rulebook = "dingzhou-2021"。', 'For example rulebook = "dingzhou-2021".'))
    programmes = _programmes(page)
    return Project(
        folder=file.parent,
        file=file,
        name=study.text("name", file.parent.name),
        rulebook=study.text("rulebook"),
        crs=_study_crs(study),
        language=study.word("language", LANGUAGES, "zh"),
        notice=study.phrase("notice"),
        layers=_layers(file.parent, page.table("layers")),
        programmes=programmes,
        pupils_per_1000=_pupils(page.table("demand")),
        limits=_limits(page.table("limits")),
        ahead=read_ahead(page.table("demand")),
        protected_schools=frozenset(study.texts("protected_schools")),
        phases=read_phases(page, programmes),
        filing=read_filing(file.parent, page.table("filing")),
    )


def _study_crs(study: Stated) -> str:
    """The study's CRS, or a stand-in where it is missing or wrong."""
    example = Phrase('如 crs = "EPSG:4547"（单位米）。', 'For example crs = "EPSG:4547", in metres.')
    study.need("crs", example)
    stated = study.text("crs")
    wrong = why_not_metric(stated) if stated else None
    if wrong:
        study.notes.fault(*wrong)
    return stated.upper() if stated and not wrong else STAND_IN_CRS


# --- layers ----------------------------------------------------------------------------------------------------


def _layers(folder: Path, tables: Stated) -> Mapping[LayerName, Layer]:
    tables.close(LAYERS)
    for name in REQUIRED_LAYERS:
        tables.need(name, Phrase(f"请写 [layers.{name}]。", f"Write [layers.{name}] with file and crs."))
    read = {name: _layer(folder, name, tables.table(name)) for name in LAYERS if name in tables.held}
    return {name: layer for name, layer in read.items() if layer is not None}


def _layer(folder: Path, name: LayerName, table: Stated) -> Layer | None:
    """One layer; None, with its faults noted, where it cannot be read as stated."""
    before = len(table.notes.faults)
    table.close(("file", "crs", "encoding", "sheet", "columns", *OWN_KEYS.get(name, ())))
    table.need("file", Phrase('如 file = "villages.csv"。', 'For example file = "villages.csv".'))
    file = folder / table.text("file").replace("\\", "/")
    place = table.text("place") if name == "roads" else ""
    if table.text("file") and not place and not file.is_file():
        _say_no_file(table, file)
    if place and not file.name.casefold().endswith(GRAPH_FILES):
        table.refuse(
            "file", Phrase(" .graphml 文件（下载的道路存于此）", "a .graphml file, where the download is kept")
        )
    layer = Layer(
        file=file,
        crs="" if name in PLACELESS else _layer_crs(table),
        encoding=_encoding(table),
        sheet=table.text("sheet"),
        columns=_columns(name, table.table("columns")),
        place=place,
        counted=read_counted(table) if name == "ages" else None,
    )
    return layer if len(table.notes.faults) == before else None


def _say_no_file(table: Stated, file: Path) -> None:
    beside = sorted(path.name for path in file.parent.iterdir()) if file.parent.is_dir() else []
    alike = [name for name in beside if name.casefold().endswith(file.suffix.casefold())]
    held = name_some(beside, most=12)
    near = (
        did_you_mean(file.name, alike)
        if alike
        else Phrase(
            f"请检查路径；该文件夹里有：{held.zh or '（无）'}。",
            f"Check the path; its folder holds {held.en or '(nothing)'}.",
        )
    )
    table.notes.fault(Phrase(f"{table.where}文件不存在：{file}。", f"{table.where}there is no file {file}."), near)


def _layer_crs(table: Stated) -> str:
    stated = table.text("crs")
    if not stated:
        if "crs" not in table.held and not table.text("file").casefold().endswith(STATES_ITSELF):
            table.need("crs", WHICH_CRS)
        return ""
    wrong = why_not_readable(stated)
    if wrong:
        what, cure = wrong
        table.notes.fault(Phrase(f"{table.where}{what.zh}", f"{table.where}{what.en}"), cure)
    return stated.upper() if stated.casefold().startswith("epsg") else stated.casefold()


def _encoding(table: Stated) -> str:
    stated = table.text("encoding")
    if stated and not is_encoding(stated):
        table.refuse("encoding", Phrase(" utf-8、gbk 或 gb18030 等编码名", "an encoding such as utf-8, gbk or gb18030"))
        return ""
    return stated


def _columns(name: LayerName, table: Stated) -> Mapping[str, str]:
    table.close(tuple(ALIASES[name]))
    return {key: table.text(key) for key in table.held if key in ALIASES[name]}


# --- programmes ------------------------------------------------------------------------------------------------


def _programmes(page: Stated) -> tuple[Programme, ...]:
    usual = page.table("goals")
    usual.close(("order",))
    goals = usual.words("order", GOALS, GOALS)
    page.need(
        "programme",
        Phrase("请写一段 [[programme]]，含 tier 和 area。", "Write a [[programme]] with tier and area."),
    )
    read = [_programme(table, goals) for table in page.tables("programme")]
    programmes = tuple(programme for programme in read if programme is not None)
    _refuse_twins(page.notes, programmes)
    return programmes


def _programme(table: Stated, goals: tuple[Goal, ...]) -> Programme | None:
    """One siting question; None, with its faults noted, where it is not sound."""
    before = len(table.notes.faults)
    table.close(("key", "tier", "area", "goals", "budget", "cost", "assign_limit_m", "large_village"))
    for key in ("tier", "area"):
        table.need(key, Phrase("选址问题须写明学段和范围。", "A siting question is a tier in an area."))
    tier = table.word("tier", TIERS, TIERS[0], _MEANT)
    area = table.word("area", AREAS, "all", _MEANT)
    cost = table.table("cost")
    cost.close(("new", "extend"))
    programme = Programme(
        key=table.text("key", f"{tier}-{area}"),
        tier=tier,
        area=area,
        goals=table.words("goals", GOALS, goals),
        budget=stated_budget(table),
        cost_new=cost.number("new", 3.0, above=False),
        cost_extend=cost.number("extend", 1.0, above=False),
        assign_limit_m=table.number("assign_limit_m", float("nan")),
        large_village=table.word("large_village", LARGE_VILLAGE, "larger"),
    )
    return programme if len(table.notes.faults) == before else None


def _refuse_twins(notes: Notes, programmes: tuple[Programme, ...]) -> None:
    for key, times in Counter(programme.key for programme in programmes).items():
        if times > 1:
            notes.fault(
                Phrase(f"{times} 段 [[programme]] 都是 {key}。", f"{times} [[programme]] are called {key}."),
                Phrase("请删去重复的，或各写 key。", "Remove one, or give each its own `key`."),
            )


# --- numbers ---------------------------------------------------------------------------------------------------


def _pupils(demand: Stated) -> Mapping[Tier, float]:
    demand.close(KEYS)
    rates = demand.table("pupils_per_1000")
    rates.close(TIERS)
    return {tier: _rate(rates, tier) for tier in TIERS if tier in rates.held}


def _rate(rates: Stated, tier: Tier) -> float:
    rate = rates.number(tier, float("nan"), above=False)
    if rate > 1000.0:
        rates.refuse(tier, Phrase("每千人的学生数，不超过 1000", "pupils per 1000 residents, at most 1000"))
    return rate


def _limits(table: Stated) -> Limits:
    usual = Limits()
    table.close(("snap_limit_m", "block_residents", "spacing_m", "seconds"))
    return Limits(
        snap_limit_m=table.number("snap_limit_m", usual.snap_limit_m),
        block_residents=table.number("block_residents", usual.block_residents),
        spacing_m=table.number("spacing_m", usual.spacing_m),
        seconds=table.number("seconds", usual.seconds),
    )

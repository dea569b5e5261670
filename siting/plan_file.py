"""A plan as JSON and back, without losing a number.

Every record of `siting.plan` is an object with that record's fields as keys; a phrase is {"zh", "en"}.
``nan`` (nobody counted) is null, ``inf`` and ``-inf`` (no road, no bound) are the strings "inf" and "-inf".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from siting.errors import Fault, InputError, said_by_system
from siting.plan import Plan, TierPlan
from siting.words import Phrase

FORMAT, VERSION = "siting plan", 1
INFINITE: Mapping[str, float] = {"inf": math.inf, "-inf": -math.inf}
AGAIN = Phrase("请重新生成方案文件。", "Write the plan again, or take an undamaged copy.")


def plan_to_json(plan: Plan) -> str:
    """The plan as readable JSON; the same plan always gives the same text."""
    return record_to_json(FORMAT, VERSION, plan)


def record_to_json(kind: str, version: int, record: object) -> str:
    """A record under the name and version of its format, written as above."""
    content = {"format": kind, "version": version, **_plain(record)}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def plan_from_json(text: str, file: str = "plan.json") -> Plan:
    """The plan a text holds; file is its name in messages.

    Raises InputError with every fault: not JSON, another format, keys missing or unknown, values of the wrong
    type, units that a school lists and nobody assigned, schools without a place.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as fault:
        what = Phrase(
            f"第 {fault.lineno} 行不是有效的 JSON：{fault.msg}。", f"line {fault.lineno} is not JSON: {fault.msg}."
        )
        raise InputError((Fault(file, what, AGAIN),)) from fault
    told: list[Phrase] = []
    body = _body(content, told)
    plan = _record(Plan, body, "", told.append) if not told else None
    told += (*_strangers(plan), *_nowhere(plan)) if plan and not told else ()
    if told:
        raise InputError(tuple(Fault(file, what, AGAIN) for what in told))
    return cast(Plan, plan)


def read_plan(file: Path) -> Plan:
    """The plan in a file. Raises InputError where it cannot be read or is damaged."""
    text = text_of(file, Phrase("请检查方案文件的路径。", "Check the path of the plan."))
    return plan_from_json(text, file.name)


def text_of(file: Path, cure: Phrase) -> str:
    """The text of a file that was written; cure is the way out where it is not there. Raises InputError where it cannot
    be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as flaw:
        raise InputError((Fault(str(file), said_by_system("无法读取", "cannot be read", flaw), cure),)) from flaw
    except UnicodeDecodeError as flaw:
        what = Phrase(f"不是 UTF-8 文本（第 {flaw.start} 字节）。", f"is not UTF-8 text (at byte {flaw.start}).")
        raise InputError((Fault(str(file), what, AGAIN),)) from flaw


def _plain(value: Any) -> Any:
    """A value in JSON's own words."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


Tell = Callable[[Phrase], None]


def _body(content: object, told: list[Phrase]) -> dict[str, Any]:
    """The plan's own keys, after format and version were found to be ours."""
    body = dict(content) if isinstance(content, dict) else {}
    found = (body.pop("format", None), body.pop("version", None))
    if found != (FORMAT, VERSION):
        told.append(
            Phrase(
                f"格式应为 “{FORMAT}” 第 {VERSION} 版，实为 {found[0]!r} 第 {found[1]!r} 版。",
                f"should be '{FORMAT}' version {VERSION}, and is {found[0]!r} version {found[1]!r}.",
            )
        )
    return body


def _record(kind: type, value: object, at: str, tell: Tell) -> Any:
    """A record from an object with exactly its keys; None, and its faults told, where it is not one."""
    if not isinstance(value, dict):
        return _wrong(value, at, "{ }", tell)
    types = _types(kind)
    faults = [*_missing(types, value, at), *_unknown(types, value, at)]
    parts = {key: _read(types[key], value[key], f"{at}.{key}".lstrip("."), tell) for key in types if key in value}
    for fault in faults:
        tell(fault)
    return None if faults else kind(**parts)


@cache
def _types(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _missing(types: Mapping[str, object], value: Mapping[str, object], at: str) -> Iterator[Phrase]:
    for key in types:
        if key not in value:
            yield Phrase(f"{at or '顶层'} 缺少键 '{key}'。", f"{at or 'the top'} has no key '{key}'.")


def _unknown(types: Mapping[str, object], value: Mapping[str, object], at: str) -> Iterator[Phrase]:
    for key in value:
        if key not in types:
            close = get_close_matches(key, types, n=1)
            zh, en = (f"；是否应为 '{close[0]}'？", f"; did you mean '{close[0]}'?") if close else ("。", ".")
            yield Phrase(
                f"{at or '顶层'} 有不认识的键 '{key}'{zh}", f"{at or 'the top'} has an unknown key '{key}'{en}"
            )


def _read(kind: Any, value: object, at: str, tell: Tell) -> Any:
    """A value of a type; None, and the fault told, where it is not one."""
    if is_dataclass(kind):
        return _record(cast(type, kind), value, at, tell)
    if get_origin(kind) is tuple:
        return _list(get_args(kind)[0], value, at, tell)
    if get_origin(kind) is Literal:
        known = get_args(kind)
        return value if value in known else _wrong(value, at, " / ".join(known), tell)
    if kind is float:
        return _number(value, at, tell)
    return value if isinstance(value, str) else _wrong(value, at, "text", tell)


def _list(kind: Any, value: object, at: str, tell: Tell) -> Any:
    if not isinstance(value, list):
        return _wrong(value, at, "[ ]", tell)
    return tuple(_read(kind, item, f"{at}[{place}]", tell) for place, item in enumerate(value))


def _number(value: object, at: str, tell: Tell) -> float | None:
    if value is None:
        return math.nan
    if isinstance(value, str) and value in INFINITE:
        return INFINITE[value]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return _wrong(value, at, 'number, null, "inf"', tell)


def _wrong(value: object, at: str, expected: str, tell: Tell) -> Any:
    """None, and the fault told."""
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    tell(
        Phrase(
            f"{at or '顶层'} 应为 {expected}，实为 {shown}。",
            f"{at or 'the top'} should be {expected}, and is {shown}.",
        )
    )


def _strangers(plan: Plan) -> Iterator[Phrase]:
    """Units that a school lists although nobody assigned them."""
    for part in plan.parts:
        for site_id, unit in _unassigned(part):
            yield Phrase(
                f"{part.programme}：{site_id} 所列单元 {unit} 不在分配表中。",
                f"{part.programme}: {site_id} lists unit {unit}, which is not among the assignments.",
            )


def _unassigned(part: TierPlan) -> list[tuple[str, str]]:
    known = {given.unit_id for given in part.assignments}
    return [(site.id, unit) for site in part.sites for unit in site.units if unit not in known]


def _nowhere(plan: Plan) -> Iterator[Phrase]:
    """Schools without a place on earth."""
    for part in plan.parts:
        for site in part.sites:
            if not (math.isfinite(site.x) and math.isfinite(site.y)):
                yield Phrase(f"{part.programme}：{site.id} 没有坐标。", f"{part.programme}: {site.id} has no place.")

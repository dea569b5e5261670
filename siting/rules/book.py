"""Rulebooks in TOML, read whole or refused whole: every fault of a book comes in one message."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from siting.errors import RuleError
from siting.rules.base import Rule, RuleArea, RuleBook, Strength
from siting.rules.kinds import KINDS
from siting.study import TIERS, Operator
from siting.words import Phrase

Table = Mapping[str, Any]

NUMBERS = ("value", "lower", "upper")
MEANINGS = (*NUMBERS, "menu", "operators")
"""Keys that mean something to some kinds only."""

REQUIRED = ("id", "kind", "tier", "area", "strength", "unit", "in_force", "source", "says")
OPTIONAL = ("certainty", "verify", "responsible")
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(KINDS),
    "tier": (*TIERS, "all"),
    "area": get_args(RuleArea),
    "strength": get_args(Strength),
    "certainty": ("P", "S", "K-H", "K-M", "K-L", "C"),
}
TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "kind", "tier", "area", "strength", "unit", "source", "certainty", "responsible"), (str,)),
    **dict.fromkeys(NUMBERS, (int, float)),
    "in_force": (date,),
    "says": (dict,),
    "menu": (list,),
    "operators": (list,),
    "verify": (bool,),
}


def built_in_books() -> tuple[str, ...]:
    """Ids of the rulebooks that come with the package."""
    names = (entry.name for entry in _shelf().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_rulebook(id_or_path: str, folder: Path | None = None) -> RuleBook:
    """The rulebook of a built-in id, or of a TOML file (a relative path is looked up in folder).

    Raises RuleError with every fault: unknown keys, numbers without unit or source, words nobody knows.
    """
    name, content = _content(id_or_path, folder)
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RuleError(Phrase(f"{name} 不是有效的 TOML：{fault}", f"{name} is not valid TOML: {fault}")) from fault
    faults = tuple(_book_faults(raw))
    if faults:
        raise RuleError(_all_said(name, faults))
    head = raw["rulebook"]
    rules = tuple(_rule(table) for table in raw["rule"])
    return RuleBook(head["id"], Phrase(**head["title"]), rules, hashlib.sha256(content).hexdigest())


def _shelf() -> Traversable:
    return files("siting.rules").joinpath("books")


def _content(id_or_path: str, folder: Path | None) -> tuple[str, bytes]:
    """The name a planner knows the book by, and its bytes."""
    if id_or_path in built_in_books():
        return f"{id_or_path}.toml", _shelf().joinpath(f"{id_or_path}.toml").read_bytes()
    path = (folder or Path()) / id_or_path
    if not path.is_file():
        raise RuleError(_no_book(id_or_path, path))
    return path.name, path.read_bytes()


def _no_book(id_or_path: str, path: Path) -> Phrase:
    known = built_in_books()
    return Phrase(
        f"没有规则集“{id_or_path}”：内置的有 {'、'.join(known)}，也没有文件 {path}。",
        f"No rulebook '{id_or_path}': built in are {', '.join(known)}, and there is no file {path}.",
    )


def _all_said(name: str, faults: tuple[Phrase, ...]) -> Phrase:
    return Phrase(
        "\n".join(f"{name}：{fault.zh}" for fault in faults), "\n".join(f"{name}: {fault.en}" for fault in faults)
    )


def _book_faults(raw: Table) -> Iterator[Phrase]:
    yield from _unknown(raw, ("rulebook", "rule"), Phrase("文件", "the file"))
    head, rules = raw.get("rulebook"), raw.get("rule")
    if not isinstance(head, dict) or not isinstance(head.get("id"), str) or not _is_phrase(head.get("title")):
        yield Phrase("[rulebook] 须写明 id 和 title = { zh, en }。", "[rulebook] must state id and title = { zh, en }.")
    else:
        yield from _unknown(head, ("id", "title"), Phrase("[rulebook]", "[rulebook]"))
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        yield Phrase("没有 [[rule]]。", "no [[rule]] in it.")
        return
    for place, table in enumerate(rules, start=1):
        yield from _rule_faults(table, _named(table, place))
    for rule_id, times in Counter(str(table.get("id")) for table in rules if "id" in table).items():
        if times > 1:
            yield Phrase(f"规则 {rule_id} 出现 {times} 次。", f"rule {rule_id} appears {times} times.")


def _named(table: Table, place: int) -> Phrase:
    name = table.get("id") or f"#{place}"
    return Phrase(f"规则 {name}", f"rule {name}")


def _unknown(table: Table, known: tuple[str, ...], where: Phrase) -> Iterator[Phrase]:
    for key in table:
        if key not in known:
            yield Phrase(
                f"{where.zh}：不认识的键 '{key}'{_did_you_mean(key, known).zh}",
                f"{where.en}: unknown key '{key}'{_did_you_mean(key, known).en}",
            )


def _did_you_mean(word: object, known: tuple[str, ...]) -> Phrase:
    close = get_close_matches(str(word), known, n=1)
    if close:
        return Phrase(f"；是否应为 '{close[0]}'？", f"; did you mean '{close[0]}'?")
    return Phrase(f"；可用：{'、'.join(known)}。", f"; known are {', '.join(known)}.")


def _rule_faults(table: Table, where: Phrase) -> Iterator[Phrase]:
    yield from _unknown(table, (*REQUIRED, *MEANINGS, *OPTIONAL), where)
    for key in REQUIRED:
        if key not in table:
            yield Phrase(f"{where.zh}：缺少 '{key}'。", f"{where.en}: '{key}' is missing.")
    wrong = [key for key in table if key in TYPES and not _has_type(table[key], TYPES[key])]
    for key in wrong:
        yield Phrase(
            f"{where.zh}：'{key}' 的值 {table[key]!r} 类型不对。", f"{where.en}: '{key}' cannot be {table[key]!r}."
        )
    sound = {key: value for key, value in table.items() if key not in wrong}
    yield from _word_faults(sound, where)
    yield from _number_faults(sound, where)
    yield from _kind_faults(sound, where)
    if "says" in sound and not _is_phrase(sound["says"]):
        yield Phrase(f"{where.zh}：says 须写成 {{ zh, en }}。", f"{where.en}: says must be {{ zh, en }}.")


def _has_type(value: object, types: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in types
    if isinstance(value, datetime):
        return False
    return isinstance(value, types) and value != ""


def _is_phrase(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"zh", "en"} and all(isinstance(v, str) for v in value.values())


def _word_faults(table: Table, where: Phrase) -> Iterator[Phrase]:
    given = [(key, table[key], known) for key, known in WORDS.items() if key in table]
    given += [("operators", word, get_args(Operator)) for word in table.get("operators", ())]
    for key, word, known in given:
        if word not in known:
            close = _did_you_mean(word, known)
            yield Phrase(
                f"{where.zh}：{key} 不能是 '{word}'{close.zh}", f"{where.en}: {key} cannot be '{word}'{close.en}"
            )


def _number_faults(table: Table, where: Phrase) -> Iterator[Phrase]:
    for key in NUMBERS:
        number = table.get(key, 0)
        if not 0 <= number < math.inf:
            yield Phrase(
                f"{where.zh}：{key} = {number} 应为有限的非负数。",
                f"{where.en}: {key} = {number} must be finite and not negative.",
            )
    lower, upper, menu = table.get("lower", 0), table.get("upper", math.inf), table.get("menu", [])
    if lower > upper:
        yield Phrase(
            f"{where.zh}：下限 {lower} 大于上限 {upper}。", f"{where.en}: lower {lower} is above upper {upper}."
        )
    if str(table.get("unit", "")).startswith("%") and table.get("value", 0) > 100:
        yield Phrase(
            f"{where.zh}：比例 {table['value']} 超过 100%。", f"{where.en}: a share of {table['value']} % is above 100."
        )
    if "menu" in table and not _is_menu(menu):
        yield Phrase(
            f"{where.zh}：班数 {menu} 应为由小到大的正整数。",
            f"{where.en}: menu {menu} must be whole numbers, ascending.",
        )


def _is_menu(menu: list[object]) -> bool:
    sizes = [size for size in menu if isinstance(size, int) and not isinstance(size, bool) and size > 0]
    return bool(menu) and len(sizes) == len(menu) and sizes == sorted(set(sizes))


def _kind_faults(table: Table, where: Phrase) -> Iterator[Phrase]:
    """Keys the kind needs and has not, keys that mean nothing to it, and numbers in a unit it does not know."""
    kind = KINDS.get(table.get("kind", ""))
    if kind is None:
        return
    name, given = table["kind"], {key for key in MEANINGS if key in table}
    for key in sorted(kind.needs - given):
        yield Phrase(f"{where.zh}：{name} 必须有 '{key}'。", f"{where.en}: a {name} needs '{key}'.")
    if kind.any_of and not kind.any_of & given:
        words = " / ".join(sorted(kind.any_of))
        yield Phrase(f"{where.zh}：{name} 须有 {words} 之一。", f"{where.en}: a {name} needs one of {words}.")
    for key in sorted(given - kind.keys):
        yield Phrase(f"{where.zh}：'{key}' 对 {name} 没有意义。", f"{where.en}: '{key}' means nothing to a {name}.")
    if "unit" in table and table["unit"] not in kind.units:
        close = _did_you_mean(table["unit"], kind.units)
        yield Phrase(
            f"{where.zh}：{name} 的单位不能是 '{table['unit']}'{close.zh}",
            f"{where.en}: a {name} is not measured in '{table['unit']}'{close.en}",
        )


def _rule(table: Table) -> Rule:
    words = {key: table[key] for key in (*REQUIRED, *OPTIONAL) if key in table}
    words |= {key: float(table[key]) for key in NUMBERS if key in table}
    words |= {"menu": tuple(table.get("menu", ())), "operators": frozenset(table.get("operators", ()))}
    return Rule(**{**words, "says": Phrase(**table["says"])})

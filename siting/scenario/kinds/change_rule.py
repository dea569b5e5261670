"""One number of one rule."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.rules.base import Rule
from siting.scenario.kinds.kind import Kind, needed_text
from siting.scenario.world import World, fault, nearest
from siting.words import Phrase

NUMBERS = ("value", "lower", "upper")
PARAMETERS = (*NUMBERS, "menu")


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A rule's id, which of its numbers, and the new one (a list for a menu of class counts)."""

    where: str
    rule: str
    parameter: str
    value: float | tuple[int, ...]

    def applied(self, world: World, notes: Notes) -> World:
        """With the rule changed, and its sentence marked; a fault where there is no such rule or number."""
        book = world.base.book
        old = next((rule for rule in book.rules if rule.id == self.rule), None)
        if old is None:
            what = Phrase(f"{book.id} 没有规则“{self.rule}”。", f"{book.id} has no rule '{self.rule}'.")
            fault(notes, self.where, what, nearest(self.rule, [rule.id for rule in book.rules]))
            return world
        before = len(notes.faults)
        for what, cure in self._wrong(old):
            fault(notes, self.where, what, cure)
        if len(notes.faults) > before:
            return world
        changed = tuple(self._changed(rule) if rule is old else rule for rule in book.rules)
        return replace(world, base=replace(world.base, book=replace(book, rules=changed)))

    def _wrong(self, old: Rule) -> Iterator[tuple[Phrase, Phrase]]:
        stated = [word for word in PARAMETERS if _is_stated(getattr(old, word))]
        if self.parameter not in stated:
            said = "、".join(stated) or "无", ", ".join(stated) or "none"
            yield (
                Phrase(f"{self.rule} 没有数值 {self.parameter}。", f"{self.rule} states no {self.parameter}."),
                Phrase(f"它有：{said[0]}。", f"It states: {said[1]}."),
            )
        elif (self.parameter == "menu") != isinstance(self.value, tuple):
            yield (
                Phrase(f"{self.parameter} 不能是 {self.value}。", f"{self.parameter} cannot be {self.value}."),
                Phrase("menu 写成 [6, 9, 12]，其余写一个数。", "A menu is a list such as [6, 9, 12], others a number."),
            )
        elif self._is_crossed(old):
            yield (
                Phrase(
                    f"改后下限 {self._changed(old).lower:g} 大于上限 {self._changed(old).upper:g}。",
                    f"the lower end {self._changed(old).lower:g} would be above {self._changed(old).upper:g}.",
                ),
                Phrase("请先改另一端。", "Change the other end first."),
            )
        elif old.unit.startswith("%") and isinstance(self.value, float) and self.value > 100.0:
            yield (
                Phrase(f"比例 {self.value:g} 超过 100%。", f"a share of {self.value:g} % is above 100."),
                Phrase("请写 0 到 100。", "Write 0 to 100."),
            )

    def _is_crossed(self, old: Rule) -> bool:
        return self._changed(old).lower > self._changed(old).upper

    def _changed(self, old: Rule) -> Rule:
        shown = "/".join(map(str, self.value)) if isinstance(self.value, tuple) else f"{self.value:g}"
        says = Phrase(
            f"{old.says.zh}（情景：{self.parameter} 改为 {shown}）",
            f"{old.says.en} (scenario: {self.parameter} is {shown})",
        )
        words = {self.parameter: self.value, "says": says}
        return replace(old, **words)  # type: ignore[arg-type]


def _is_stated(value: float | tuple[int, ...]) -> bool:
    return bool(value) if isinstance(value, tuple) else not math.isnan(value)


def _read(table: Stated, folder: Path) -> ChangeRule | None:
    before = len(table.notes.faults)
    rule = needed_text(
        table, "rule", Phrase("请写规则编号，见 siting rules。", "Name the rule's id; see siting rules.")
    )
    table.need("parameter", Phrase("请写改哪个数。", f"Say which: {', '.join(PARAMETERS)}."))
    parameter = table.word("parameter", PARAMETERS, "value")
    table.need("value", Phrase("请写新值。", "State the new value."))
    value = _menu(table) if isinstance(table.held.get("value"), list) else table.number("value", 0.0, above=False)
    return ChangeRule(table.where, rule, parameter, value) if len(table.notes.faults) == before else None


def _menu(table: Stated) -> tuple[int, ...]:
    held = table.held["value"]
    assert isinstance(held, list)
    sizes = tuple(size for size in held if isinstance(size, int) and not isinstance(size, bool) and size > 0)
    if not held or len(sizes) < len(held) or list(sizes) != sorted(set(sizes)):
        table.refuse("value", Phrase("由小到大的正整数列表", "whole numbers, ascending"))
    return sizes


KIND = Kind(("rule", "parameter", "value"), _read)

"""A school that becomes one of another tier; that needs a hearing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from siting.inputs.notes import Notes
from siting.inputs.stated import Stated
from siting.scenario.kinds.close_school import HEARING, may_change
from siting.scenario.kinds.kind import MEANT, Kind, needed_text, reason_of, tier_of
from siting.scenario.world import World, fault, school_rows
from siting.study import TIER_NAMES, TIERS, FloatArray, Schools, Tier
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class ConvertSchool:
    """A school's tier, what it becomes, and the classes it then has (nan: as many as before) and can grow to (nan: no
    more than that)."""

    where: str
    school: str
    tier: Tier
    to: Tier
    reason: Phrase
    classes: float
    max_classes: float

    def applied(self, world: World, notes: Notes) -> World:
        """With the school of another tier. Its seats follow from its classes; its pupils of today leave."""
        rows = school_rows(world, self.school, self.tier, self.where, notes)
        if not rows or not may_change(world, rows[0], self.where, notes):
            return world
        (row,), schools = rows, world.area.schools
        name, was, to = schools.name[row], TIER_NAMES[self.tier], TIER_NAMES[self.to]
        if any(one == schools.id[row] and its == self.to for one, its in zip(schools.id, schools.tier, strict=True)):
            what = Phrase(f"“{name}”已有{to.zh}部。", f"'{name}' has a {to.en} already.")
            fault(notes, self.where, what, Phrase("请改用 close_school。", "Use close_school."))
            return world
        said = Phrase(
            f"{name} 由{was.zh}转为{to.zh}（{self.reason.zh}）：{HEARING.zh}。",
            f"{name} becomes a {to.en} ({self.reason.en}): {HEARING.en}.",
        )
        area = replace(world.area, schools=self._converted(schools, row))
        return world.with_area(area).remarked(notes.file, said)

    def _converted(self, schools: Schools, row: int) -> Schools:
        nan = float("nan")
        classes = float(schools.classes[row]) if self.classes != self.classes else self.classes
        most = classes if self.max_classes != self.max_classes else max(classes, self.max_classes)
        return replace(
            schools,
            tier=(*schools.tier[:row], self.to, *schools.tier[row + 1 :]),
            classes=_with(schools.classes, row, classes),
            seats=_with(schools.seats, row, nan),
            enrolment=_with(schools.enrolment, row, nan),
            max_classes=_with(schools.max_classes, row, most),
        )


def _with(values: FloatArray, row: int, value: float) -> FloatArray:
    changed = values.copy()
    changed[row] = value
    return changed


def _read(table: Stated, folder: Path) -> ConvertSchool:
    table.need("to", Phrase("请写转为哪个学段。", "Name the tier it becomes."))
    return ConvertSchool(
        table.where,
        needed_text(table, "school", Phrase("请写学校的编号或名称。", "Name the school, or its id.")),
        tier_of(table),
        table.word("to", TIERS, TIERS[0], MEANT),
        reason_of(table),
        table.number("classes", float("nan")),
        table.number("max_classes", float("nan")),
    )


KIND = Kind(("school", "tier", "to", "reason", "classes", "max_classes"), _read)

"""What a change is applied to, and how the things it names are found there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

import numpy as np

from siting.inputs.notes import Notes
from siting.plan import Plan
from siting.project import Programme, areas_of
from siting.run import Base
from siting.study import TIER_NAMES, IntArray, Remark, StudyArea, Tier
from siting.words import Phrase

NEAREST = 3
"""Names proposed for one that is not there."""


@dataclass(frozen=True, slots=True)
class World:
    """A base as the changes so far have left it, the base's own plan (None: not known), and what they remarked."""

    base: Base
    plan: Plan | None = None

    @property
    def area(self) -> StudyArea:
        """Its place."""
        return self.base.area

    def with_area(self, area: StudyArea) -> World:
        """The same with another place."""
        return replace(self, base=replace(self.base, area=area))

    def remarked(self, file: str, what: Phrase) -> World:
        """The same with one thing more to know about it."""
        remarks = (*self.area.remarks, Remark(file, what))
        return self.with_area(replace(self.area, remarks=remarks))


class Change(Protocol):
    """One change of a scenario."""

    @property
    def where(self) -> str:
        """How messages about it begin."""
        ...

    def applied(self, world: World, notes: Notes) -> World:
        """The world with the change made; where it cannot be made, faults are noted and what is returned is void."""
        ...


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario file, read: a name, a weight among scenarios, changes in the order they are made.

    sources maps the file, and every file it names, to its SHA-256.
    """

    file: Path
    name: Phrase
    weight: float
    changes: tuple[Change, ...]
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What its folder is called."""
        return self.file.stem


def fault(notes: Notes, where: str, what: Phrase, cure: Phrase) -> None:
    """Note what is wrong with a change."""
    notes.fault(Phrase(f"{where}{what.zh}", f"{where}{what.en}"), cure)


def nearest(word: str, names: Iterable[str]) -> Phrase:
    """The names most like a word, the first few names where none is."""
    known = list(dict.fromkeys(names))
    like = get_close_matches(word, known, n=NEAREST, cutoff=0.4)
    if like:
        return Phrase(f"最接近的：{'、'.join(like)}。", f"Nearest: {', '.join(like)}.")
    shown = known[:NEAREST]
    zh, en = "、".join(shown) or "无", ", ".join(shown) or "none"
    return Phrase(f"可用的如：{zh}。", f"Known here, for example: {en}.")


def _rows(ids: tuple[str, ...], names: tuple[str, ...], word: str, may: Callable[[int], bool]) -> list[int]:
    """Rows called so that may be meant: by id, and where none is, by name."""
    by_id = [row for row, its in enumerate(ids) if its == word and may(row)]
    return by_id or [row for row, its in enumerate(names) if its == word and may(row)]


def school_rows(world: World, word: str, tier: Tier | None, where: str, notes: Notes) -> list[int]:
    """Rows of a school's tiers, one where a tier is named; none, and a fault, where there is no such school or its name
    stands for several."""
    schools = world.area.schools
    rows = _rows(schools.id, schools.name, word, lambda row: tier in (None, schools.tier[row]))
    if len({schools.id[row] for row in rows}) > 1:
        ids = [schools.id[row] for row in rows]
        what = Phrase(f"叫“{word}”的学校有 {len(ids)} 所。", f"{len(ids)} schools are called '{word}'.")
        fault(notes, where, what, Phrase(f"请写编号：{'、'.join(ids)}。", f"Write an id: {', '.join(ids)}."))
        return []
    if not rows:
        of = TIER_NAMES[tier] if tier else Phrase("学校", "school")
        own = [row for row, its in enumerate(schools.tier) if tier in (None, its)]
        known = [*(schools.name[row] for row in own), *(schools.id[row] for row in own)]
        fault(notes, where, Phrase(f"没有{of.zh}“{word}”。", f"there is no {of.en} '{word}'."), nearest(word, known))
    return rows


def candidate_row(world: World, word: str, tier: Tier) -> int:
    """The row of a candidate for a tier, by id or by its one name; -1 where there is none."""
    places = world.area.candidates
    rows = _rows(places.id, places.name, word, lambda row: tier in places.tiers[row])
    return rows[0] if len(rows) == 1 else -1


def site_names(world: World, tier: Tier) -> list[str]:
    """What candidates and schools of a tier are called."""
    places, schools = world.area.candidates, world.area.schools
    rows = [row for row, tiers in enumerate(places.tiers) if tier in tiers]
    own = [row for row, its in enumerate(schools.tier) if its == tier]
    ids = [*(places.id[row] for row in rows), *(schools.id[row] for row in own)]
    return [*ids, *(places.name[row] for row in rows), *(schools.name[row] for row in own)]


def township_units(world: World, words: tuple[str, ...], where: str, notes: Notes) -> IntArray:
    """Units of townships, by name or code; all where none is named. A fault for each that is not there."""
    units = world.area.units
    if not words:
        return np.arange(len(units))
    known = {*units.township, *units.township_id}
    for word in words:
        if word not in known:
            what = Phrase(f"没有乡镇（街道）“{word}”。", f"there is no township '{word}'.")
            fault(notes, where, what, nearest(word, units.township))
    called = zip(units.township, units.township_id, strict=True)
    return np.flatnonzero([name in words or code in words for name, code in called])


def programme_at(world: World, tier: Tier, unit: int) -> Programme | None:
    """The first programme of a tier in whose area a unit lies."""
    area = world.area.units.area[unit]
    asked = world.base.project.programmes
    return next((one for one in asked if one.tier == tier and area in areas_of(one.area)), None)

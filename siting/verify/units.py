"""Every unit of a programme goes whole to one school that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from siting.verify.flaws import Flaw
from siting.verify.recount import Recount
from siting.words import Phrase


def unit_flaws(seen: Recount) -> Iterator[Flaw]:
    """What is wrong with the assignments of a part."""
    yield from _count_flaws(seen)
    yield from _school_flaws(seen)
    yield from _member_flaws(seen)


def _count_flaws(seen: Recount) -> Iterator[Flaw]:
    times = Counter(given.unit_id for given in seen.part.assignments)
    known, here = set(seen.area.units.id), set(seen.evidence.unit_id)
    for unit in seen.evidence.unit_id:
        if unit not in times:
            yield Flaw(unit, Phrase(f"单元 {unit} 没有出现", f"unit {unit} is missing"))
    for unit, count in times.items():
        if unit not in known:
            yield Flaw(unit, Phrase(f"研究区内没有单元 {unit}", f"there is no unit {unit}"))
        elif unit not in here:
            yield Flaw(unit, Phrase(f"单元 {unit} 不属于本项目范围", f"unit {unit} lies outside this programme's area"))
        if count > 1:
            yield Flaw(unit, Phrase(f"单元 {unit} 分配了 {count} 次", f"unit {unit} is assigned {count} times"))


def _school_flaws(seen: Recount) -> Iterator[Flaw]:
    open_schools = {site.id for site in seen.part.sites}
    for given in seen.part.assignments:
        if given.site_id and given.site_id not in open_schools:
            yield Flaw(
                given.unit_id,
                Phrase(
                    f"单元 {given.unit_id} 分给了方案中没有的学校 {given.site_id}",
                    f"unit {given.unit_id} is assigned to {given.site_id}, which is not open",
                ),
            )


def _member_flaws(seen: Recount) -> Iterator[Flaw]:
    """A school's own list of units says the same as the assignments."""
    for site in seen.part.sites:
        given = {one.unit_id for one in seen.part.assignments if one.site_id == site.id}
        odd = sorted(given ^ set(site.units))
        if odd:
            names = "、".join(odd[:3])
            yield Flaw(
                site.id,
                Phrase(
                    f"{site.id} 所列单元与分配表不一致：{names}",
                    f"the units {site.id} lists are not those assigned to it: {names}",
                ),
            )

"""The numbers a plan states beside its decisions, each against what it adds up to."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from siting.plan import Assignment, Site
from siting.rules.verdict import Evidence, Served
from siting.verify.flaws import Flaw, differ
from siting.verify.recount import Recount
from siting.words import Phrase


def number_flaws(seen: Recount) -> Iterator[Flaw]:
    """What is wrong with the numbers of a part."""
    yield from _flaw(
        seen.part.programme, Phrase("服务半径", "metres of radius"), seen.terms.radius_m, seen.part.radius_m
    )
    for place, site in enumerate(seen.part.sites):
        yield from _site_flaws(seen, site, seen.evidence.schools[place], place)
    unit_of = {unit: k for k, unit in enumerate(seen.evidence.unit_id)}
    for given in seen.part.assignments:
        if given.unit_id in unit_of:
            yield from _assignment_flaws(seen, given, unit_of[given.unit_id])


def _site_flaws(seen: Recount, site: Site, served: Served, place: int) -> Iterator[Flaw]:
    mean, farthest = _walk(seen.evidence, place)
    yield from _flaw(site.id, Phrase("服务人口", "residents"), served.residents, site.service_population)
    yield from _flaw(site.id, Phrase("学生数", "pupils"), served.pupils, site.pupils)
    if served.residents > 0:
        yield from _flaw(site.id, Phrase("平均距离", "mean metres"), mean, site.mean_m)
        yield from _flaw(site.id, Phrase("最远距离", "farthest metres"), farthest, site.farthest_m)


def _walk(seen: Evidence, place: int) -> tuple[float, float]:
    """Mean and farthest metres of the residents of a school's catchment; nan where nobody lives in it."""
    theirs = (seen.school[seen.point_unit] == place) & (seen.point_residents > 0)
    if not theirs.any():
        return math.nan, math.nan
    metres = seen.point_metres[theirs]
    return float(np.average(metres, weights=seen.point_residents[theirs])), float(metres.max())


def _assignment_flaws(seen: Recount, given: Assignment, place: int) -> Iterator[Flaw]:
    if seen.evidence.school[place] < 0 or seen.evidence.residents[place] == 0:
        return
    yield from _flaw(given.unit_id, Phrase("距离", "metres"), float(seen.metres[place]), given.metres)
    yield from _flaw(given.unit_id, Phrase("覆盖人口", "residents covered"), float(seen.covered[place]), given.covered)


def _flaw(where: str, name: Phrase, measured: float, stated: float) -> Iterator[Flaw]:
    if differ(measured, stated):
        zh = f"{where} 的{name.zh}写为 {stated:,.1f}，重算为 {measured:,.1f}"
        en = f"{where} states {stated:,.1f} {name.en}, which are {measured:,.1f}"
        yield Flaw(where, Phrase(zh, en))

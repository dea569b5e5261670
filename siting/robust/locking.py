"""A set of sites as locks: what is in it is built, nothing else is, and the planner assigns people to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from siting.candidates import candidate_places
from siting.project import Lock, Programme, areas_of
from siting.robust.sets import SiteSet
from siting.rules.gather import terms_for
from siting.run import Study
from siting.study import Tier
from siting.words import Phrase

IN_SET = Phrase("稳健方案所列校址", "in the set of sites that is tried")
NOT_IN_SET = Phrase("不在所试的校址组合内", "not in the set of sites that is tried")


def with_sets(study: Study, sets: Mapping[str, SiteSet]) -> Study:
    """The study with one set per programme (by key) as its only projects.

    What the study itself settles stays settled: a plot it forbids is not built, one it requires is. Sites it does not
    have are passed over.
    """
    project = study.project
    own = {(lock.tier, lock.site): lock for lock in project.locks}
    for programme in project.programmes:
        for lock in _locks(study, programme, sets[programme.key]):
            own.setdefault((lock.tier, lock.site), lock)
    return replace(study, project=replace(project, locks=tuple(own.values())))


def _locks(study: Study, programme: Programme, chosen: SiteSet) -> Iterator[Lock]:
    for site in candidate_places(study.area, programme, study.project.limits.spacing_m).id:
        yield _lock(site, programme.tier, site in chosen.new)
    schools = study.area.schools
    for school, tier, unit in zip(schools.id, schools.tier, schools.unit.tolist(), strict=True):
        if tier == programme.tier and school not in chosen.extend and _is_here(study, programme, unit):
            yield _lock(school, tier, False)


def _is_here(study: Study, programme: Programme, unit: int) -> bool:
    """Whether a unit lies in the programme's area."""
    return unit >= 0 and study.area.units.area[unit] in areas_of(programme.area)


def _lock(site: str, tier: Tier, is_in_set: bool) -> Lock:
    return Lock(site, tier, "require", IN_SET) if is_in_set else Lock(site, tier, "forbid", NOT_IN_SET)


def fits(study: Study, programme: Programme, chosen: SiteSet) -> bool:
    """Whether what a set and the study's own locks build together is within the study's budget."""
    terms = terms_for(study.book, programme)
    if terms.new is None:
        return True
    here = set(candidate_places(study.area, programme, study.project.limits.spacing_m).id)
    word = {lock.site: lock.word for lock in study.project.locks if lock.tier == programme.tier}
    built = {site for site in here if word.get(site, "require" if site in chosen.new else "forbid") == "require"}
    return len(built) <= terms.new

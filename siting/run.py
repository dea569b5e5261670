"""The whole story on one page: a study file in, an audit, a plan and a verdict out."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from siting.audit import Audit
from siting.audit import audit as audit_area
from siting.blocks import divide
from siting.demand.ahead import is_ahead, looked_ahead
from siting.demand.seats import with_seats
from siting.errors import Fault, InputError, RuleError
from siting.inputs.placing import misread
from siting.inputs.reader import read_area
from siting.location import StagedSolution, solve
from siting.network.graph import RoadNetwork, Snapped
from siting.network.ground import Ground, ground_of
from siting.network.snapping import detached, pieces, snap, snap_faults
from siting.plan import Plan, TierPlan
from siting.programme import decided, plan_programme
from siting.progress import Tell, Turns, quietly
from siting.project import Programme, Project, areas_of
from siting.project_file import load_project
from siting.rules.base import RuleBook
from siting.rules.book import read_rulebook
from siting.rules.gather import terms_for
from siting.rules.verdict import Check
from siting.study import TIER_NAMES, FloatArray, Remark, StudyArea
from siting.verify import verify
from siting.words import Phrase

WORKERS = min(2, os.cpu_count() or 1)
"""Programmes that are worked on side by side: each keeps a core busy."""


@dataclass(frozen=True, slots=True)
class Base:
    """What the files of a study say, before anything is derived from them: what is asked, the rules, the place."""

    project: Project
    book: RuleBook
    area: StudyArea


@dataclass(frozen=True, slots=True)
class Study:
    """A study, read and checked: what is asked, the place (large urban units divided into blocks), the rules, the
    roads as a network and the demand points on it."""

    project: Project
    book: RuleBook
    area: StudyArea
    network: RoadNetwork
    points: Snapped


def read_study(path: Path | str) -> Study:
    """A study from its file. Raises InputError with every fault of every file."""
    study, faults = check_study(Path(path))
    if study is None or faults:
        raise InputError(faults)
    return study


def check_study(path: Path) -> tuple[Study | None, tuple[Fault, ...]]:
    """A study and every fault of every file; None where the faults leave no study."""
    base, faults = check_base(path)
    if base is None:
        return None, faults
    study, found = prepared(base)
    return study, (*faults, *found)


def check_base(path: Path) -> tuple[Base | None, tuple[Fault, ...]]:
    """What the files of a study say, and every fault of every file; None where the faults leave nothing."""
    project, faults = load_project(path)
    if project is None:
        return None, faults
    area, found = read_area(project)
    book, doubts = _rulebook(project)
    is_told_later = area is not None and is_ahead(area, project.ahead)
    faults = (*faults, *doubts, *found, *(() if is_told_later else _uncounted(project, area)))
    return (None if area is None or book is None else Base(project, book, area)), faults


def prepared(base: Base) -> tuple[Study, tuple[Fault, ...]]:
    """A study made of what its files say, and what is found wrong with places only once the roads are a network."""
    area, faults = looked_ahead(base.area, base.project)
    base = replace(base, area=area)
    study = study_of(base.project, base.book, divided(base))
    told = (*_doubtful_systems(study, base.area), *_never_enlarged(study))
    study = replace(study, area=replace(study.area, remarks=(*study.area.remarks, *told)))
    uncounted = _uncounted(base.project, base.area) if area.forecast else ()
    return study, (*faults, *uncounted, *_far_from_roads(study, base.area))


def divided(base: Base) -> StudyArea:
    """The place of a study in the year planned for, with seats where classes are known, its large units divided."""
    project, book = base.project, base.book
    area, _ = looked_ahead(base.area, project)
    area = with_seats(area, {asked.tier: terms_for(book, asked).class_size for asked in project.programmes})
    return divide(area, _most_residents(area, project, book))


def _rulebook(project: Project) -> tuple[RuleBook | None, tuple[Fault, ...]]:
    if not project.rulebook:
        return None, ()
    try:
        return read_rulebook(project.rulebook, project.folder), ()
    except RuleError as error:
        return None, (Fault(project.file.name, error.what, Phrase("", "")),)


def study_of(project: Project, book: RuleBook, area: StudyArea) -> Study:
    """A study of a place that is already there, its units as they are; what its roads are like is remarked."""
    ground = ground_of(area)
    remarks = (*area.remarks, *_about_roads(ground))
    return Study(project, book, replace(area, remarks=remarks), ground.network, ground.points)


def audit_study(study: Study, tell: Tell = quietly) -> Audit:
    """What exists and whom it serves."""
    return audit_area(study.area, study.project, study.book, tell)


def make_plan(
    study: Study,
    tell: Tell = quietly,
    solver: Callable[..., StagedSolution] = solve,
    workers: int = WORKERS,
    start: Plan | None = None,
) -> Plan:
    """The plan of every programme, two at a time, the study file's last begun first: higher tiers take longest. Their
    time is that of the limits.

    solver answers their instances, as ``siting.location.solve`` does; workers is how many are worked on side by side;
    start is a plan for a like study, from which the search begins. Raises SolverError where a solver's claim does not
    add up.
    """
    project, ground = study.project, Ground(study.area, study.network, study.points)
    works = project.programmes[::-1]
    turns = Turns(tell, len(works))
    before = {} if start is None else {part.programme: decided(part) for part in start.parts}
    seconds = project.limits.seconds * min(WORKERS, len(works)) / max(1, len(works))

    def part(turn: int) -> TierPlan:
        try:
            work = works[turn]
            answer = partial(solver, start=before.get(work.key))
            return plan_programme(ground, work, project, study.book, seconds, turns.of(turn), answer)
        finally:
            turns.finish(turn)

    with ThreadPoolExecutor(workers) as threads:
        parts = tuple(threads.map(part, range(len(works))))[::-1]
    return Plan(project.name, study.book.id, study.area.crs, study.area.notice, parts)


def verify_plan(plan: Plan, study: Study) -> tuple[Check, ...]:
    """What every rule says to a plan, measured again by other code."""
    return verify(plan, study.area, study.project, study.book)


# --- what a study needs beyond its files -----------------------------------------------------------------------


def _uncounted(project: Project, area: StudyArea | None) -> Iterator[Fault]:
    """Tiers that are planned for and whose children nobody counted or estimated."""
    if area is None:
        return
    for tier in dict.fromkeys(programme.tier for programme in project.programmes):
        counted = area.units.children.get(tier)
        lacking = len(area.units) if counted is None else int(np.isnan(counted).sum())
        if lacking and tier not in project.pupils_per_1000:
            name = TIER_NAMES[tier]
            yield Fault(
                project.file.name,
                Phrase(
                    f"{len(area.units)} 个单元中 {lacking} 个没有{name.zh}适龄人口。",
                    f"{lacking} of {len(area.units)} units have no count of children for the {name.en}.",
                ),
                Phrase(
                    f"请在村表补填，或在 [demand] 写 pupils_per_1000 = {{ {tier} = … }}。",
                    f"Fill them in, or state pupils_per_1000 = {{ {tier} = ... }} in [demand].",
                ),
            )


def _most_residents(area: StudyArea, project: Project, book: RuleBook) -> FloatArray:
    """Residents above which each unit (U,) is divided: a block's in towns; a school's where large villages get two."""
    is_urban = np.array([word != "rural" for word in area.units.area], dtype=bool)
    most = np.where(is_urban, project.limits.block_residents, math.inf)
    for programme in project.programmes:
        if programme.large_village == "second":
            upper = terms_for(book, programme).upper
            most = np.where(_lies_in(area, programme) & ~is_urban, np.fmin(most, upper), most)
    return most


def _lies_in(area: StudyArea, programme: Programme) -> np.ndarray:
    return np.isin(np.array(area.units.area), list(areas_of(programme.area)))


def _far_from_roads(study: Study, area: StudyArea) -> Iterator[Fault]:
    """Places farther from every road than the limit: each unit of the file once by its farthest point, schools,
    candidates. Where most units are, the roads are at fault."""
    network, limit_m = study.network, study.project.limits.snap_limit_m
    unit_of = area.points.unit
    farthest = np.zeros(len(area.units))
    np.maximum.at(farthest, unit_of[unit_of >= 0], study.points.leg_m[unit_of >= 0])
    if np.median(farthest) > limit_m:
        yield _roads_elsewhere(area, float(np.median(farthest)), limit_m)
        return
    homes = Snapped(np.zeros(len(farthest), dtype=np.int64), np.zeros(len(farthest)), farthest)
    yield from snap_faults(network, homes, area.units.name, limit_m, _file(area, "villages"))
    for places, layer in ((area.schools, "schools"), (area.candidates, "candidates")):
        gates = snap(network, places.x, places.y)
        yield from snap_faults(network, gates, places.name, limit_m, _file(area, layer))


def _roads_elsewhere(area: StudyArea, away_m: float, limit_m: float) -> Fault:
    return Fault(
        _file(area, "roads"),
        Phrase(
            f"多数村（社区）距道路超过 {limit_m:g} 米（中位 {away_m:.0f} 米），道路与村庄不在一处。",
            f"most units lie more than {limit_m:g} m from these roads (median {away_m:.0f} m): they are elsewhere.",
        ),
        Phrase(
            "请检查道路文件是否为本县、是否完整，以及两个图层的 crs；确属偏远的，调大 snap_limit_m。",
            "Check that the roads are the county's and whole, and the `crs` of both layers; or raise `snap_limit_m`.",
        ),
    )


FEWEST_SEATS = 30
"""Places below which nothing is concluded about their coordinate system."""

NEARER_SHARE = 0.8
FARTHEST_SEAT_M = 200.0


def _doubtful_systems(study: Study, area: StudyArea) -> Iterator[Remark]:
    """Layers that would lie clearly nearer to the roads, were their degrees in another system than stated."""
    layers = study.project.layers
    for layer, places in (("villages", area.units), ("schools", area.schools)):
        stated = next((held.crs for name, held in layers.items() if name == layer), "")
        legs = _seat_legs(study.network, places.x, places.y)
        others = misread(places.x, places.y, stated, area.crs) if len(legs) >= FEWEST_SEATS else {}
        nearer = {word: _seat_legs(study.network, *xy.T) for word, xy in others.items()}
        word = min(nearer, key=lambda word: nearer[word].mean(), default="")
        if word and _is_nearer(nearer[word], legs):
            yield _doubt(_file(area, layer), (stated, float(legs.mean())), (word, float(nearer[word].mean())))


def _seat_legs(network: RoadNetwork, x: FloatArray, y: FloatArray) -> FloatArray:
    """Metres to the road (N,); a few places in the fields count no more than FARTHEST_SEAT_M."""
    return np.minimum(snap(network, x, y).leg_m, FARTHEST_SEAT_M)


def _is_nearer(some: FloatArray, than: FloatArray) -> bool:
    """True if the mean is smaller by a fifth and by three times what chance would make it."""
    gain = than - some
    return bool(some.mean() < NEARER_SHARE * than.mean() and gain.mean() > 3.0 * gain.std() / math.sqrt(len(gain)))


def _doubt(file: str, stated: tuple[str, float], other: tuple[str, float]) -> Remark:
    return Remark(
        file,
        Phrase(
            f"坐标系可能写错：按所写的 {stated[0]}，各点到道路平均 {stated[1]:.0f} 米；若是 {other[0]}，"
            f"平均 {other[1]:.0f} 米。请核对（二者相差数百米）。",
            f"the coordinate system may be another: in {stated[0]}, as stated, places lie {stated[1]:.0f} m from "
            f"a road on average, in {other[0]} {other[1]:.0f} m. Check it; the two are hundreds of metres apart.",
        ),
    )


def _never_enlarged(study: Study) -> Iterator[Remark]:
    """Tiers of which no school says how many classes it may be enlarged to, though plans may extend schools."""
    schools, tiers = study.area.schools, np.array(study.area.schools.tier)
    asked = (one.tier for one in study.project.programmes if terms_for(study.book, one).extend != 0)
    silent = [
        TIER_NAMES[tier]
        for tier in dict.fromkeys(asked)
        if (tiers == tier).any() and np.isnan(schools.max_classes[tiers == tier]).all()
    ]
    if silent:
        zh, en = "、".join(one.zh for one in silent), ", ".join(one.en for one in silent)
        yield Remark(
            _file(study.area, "schools"),
            Phrase(
                f"所有{zh}都没有填“可扩至班数”，方案只会新建、不会扩建；要考虑扩建请补填（max_classes）。",
                f"no school says how many classes it may be enlarged to ({en}): plans build anew and extend none; "
                "state max_classes where schools may grow.",
            ),
        )


def _about_roads(ground: Ground) -> list[Remark]:
    """How connected the roads are, and who lives nearest a detached piece."""
    area, network, points = ground.area, ground.network, ground.points
    names: Sequence[str] = [area.units.name[unit] for unit in area.points.unit.tolist()]
    told = (
        pieces(network, _file(area, "roads")),
        detached(network, area.points.x, area.points.y, points, names, _file(area, "villages")),
    )
    return [remark for remark in told if remark is not None]


def _file(area: StudyArea, layer: str) -> str:
    return area.sources[layer][0] if layer in area.sources else layer

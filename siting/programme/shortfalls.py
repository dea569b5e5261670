"""Answers to wishes that cannot all be met: which clause gives way, where, by how much, and what would cure it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from siting.demand.estates import months_between
from siting.frames import SOMEBODY
from siting.location import Decision
from siting.location.decision import loads, seat_bounds, upper_bounds
from siting.programme.question import Question
from siting.programme.reasons import least_uncovered
from siting.project import programme_name
from siting.study import FloatArray
from siting.words import Phrase, name_some


def shortfalls(question: Question, decision: Decision) -> tuple[Phrase, ...]:
    """Every wish that gives way, the promise of distance first; empty where all are met."""
    found = (_unreached, _uncovered, _over, _short_of_seats, _under, _odd_budget, _late_for_estates)
    return tuple(said for ask in found for said in ask(question, decision))


def _unreached(question: Question, decision: Decision) -> Iterator[Phrase]:
    """Units without a school: those no place is near enough to, then those whose plots the budget leaves empty."""
    lacks, new = decision.arc < 0, question.terms.new
    has_pair = np.isin(np.arange(len(lacks)), question.instance.arcs.unit)
    yield from _without(
        question,
        np.flatnonzero(lacks & ~has_pair),
        Phrase("没有可分配的学校", "can reach no school"),
        Phrase("请核对道路、增加备选地块或调大 assign_limit_m", "check the roads, add sites or raise assign_limit_m"),
    )
    yield from _without(
        question,
        np.flatnonzero(lacks & has_pair),
        Phrase("附近只有备选地块，名额之内未建", "have only plots near, which the budget leaves empty"),
        Phrase(f"可增加新建名额（现 {new} 所）", f"allow more new builds (now {new})"),
    )


def _without(question: Question, units: np.ndarray, why: Phrase, cure: Phrase) -> Iterator[Phrase]:
    if len(units):
        names = _named(question, units, question.instance.residents)
        zh, en = f"{len(units)} 个单元{why.zh}：{names.zh}", f"{len(units)} units {why.en}: {names.en}"
        yield _said(question, Phrase(zh, en), cure)


def _uncovered(question: Question, decision: Decision) -> Iterator[Phrase]:
    one, terms = question.instance, question.terms
    given = decision.arc >= 0
    beyond = np.zeros(len(one.unit_id))
    beyond[given] = one.arcs.uncovered[decision.arc[given]]
    units = np.flatnonzero(beyond > SOMEBODY)
    if not len(units):
        return
    hopeless = least_uncovered(question, np.ones(len(one.site_id), dtype=bool)).sum()
    names = _named(question, units, beyond)
    total, radius, clause = beyond[units].sum(), terms.radius_m, terms.clause.get("radius_m", "")
    yield _said(
        question,
        Phrase(
            f"{clause} 让步：{len(units)} 个单元 {total:,.0f} 人在 {radius:g} 米以外：{names.zh}",
            f"{clause} gives way: {total:,.0f} residents of {len(units)} units live beyond {radius:g} m: {names.en}",
        ),
        _cure_of_distance(question, total, hopeless),
    )


def _cure_of_distance(question: Question, total: float, hopeless: float) -> Phrase:
    if hopeless >= total - SOMEBODY:
        return Phrase(
            "现有备选地块都到不了他们，须增加更近的地块或道路", "no candidate is near enough: add nearer sites or roads"
        )
    near = total - hopeless
    if question.terms.new is None:
        return Phrase(f"其中 {near:,.0f} 人因规模上限未能就近", f"{near:,.0f} of them are kept away by upper bounds")
    return Phrase(
        f"其中 {near:,.0f} 人可由增加新建名额（现 {question.terms.new} 所）覆盖",
        f"{near:,.0f} of them could be covered by more new builds (now {question.terms.new})",
    )


def _over(question: Question, decision: Decision) -> Iterator[Phrase]:
    one = question.instance
    above = loads(one, decision, one.residents) - upper_bounds(one, decision)
    sites = np.flatnonzero(decision.is_open & (above > SOMEBODY))
    if not len(sites):
        return
    names, clause = _sites_named(question, sites, above), question.terms.clause.get("upper", "")
    more, upper = above[sites].sum(), question.terms.upper
    yield _said(
        question,
        Phrase(
            f"{clause} 让步：{len(sites)} 所学校超过 {upper:,.0f} 人，共多 {more:,.0f} 人：{names.zh}",
            f"{clause} gives way: {len(sites)} schools exceed {upper:,.0f} residents, "
            f"by {more:,.0f} together: {names.en}",
        ),
        _more_projects(question, more / upper),
    )


def _short_of_seats(question: Question, decision: Decision) -> Iterator[Phrase]:
    one = question.instance
    above = loads(one, decision, one.pupils) - seat_bounds(one, decision)
    sites = np.flatnonzero(decision.is_open & (above > SOMEBODY))
    if not len(sites):
        return
    names, lacking = _sites_named(question, sites, above), above[sites].sum()
    yield _said(
        question,
        Phrase(
            f"{len(sites)} 所学校学位不足，共缺 {lacking:,.0f} 个：{names.zh}",
            f"{len(sites)} schools lack {lacking:,.0f} seats: {names.en}",
        ),
        _more_projects(question, lacking / _seats_of_one(question)),
    )


def _seats_of_one(question: Question) -> float:
    sizes = question.terms.menu or (1,)
    return float(max(sizes)) * question.terms.class_size


def _more_projects(question: Question, schools: float) -> Phrase:
    count, terms = max(1, math.ceil(schools - 1e-9)), question.terms
    budget = [
        Phrase(f"{zh} {most} 所", f"{en} {most}")
        for most, zh, en in ((terms.new, "新建", "new"), (terms.extend, "扩建", "extend"))
        if most is not None
    ]
    if not budget:
        return Phrase("须增加备选地块或可扩建规模", "add sites, or room to extend")
    zh, en = "、".join(word.zh for word in budget), ", ".join(word.en for word in budget)
    return Phrase(
        f"名额（{zh}）之外至少还需约 {count} 所", f"at least about {count} more than the budget ({en}) are needed"
    )


def _under(question: Question, decision: Decision) -> Iterator[Phrase]:
    one = question.instance
    lack = np.where(decision.is_open, one.lower - loads(one, decision, one.residents), 0.0)
    sites = np.flatnonzero(lack > SOMEBODY)
    if not len(sites):
        return
    served, clause = loads(one, decision, one.residents), question.terms.clause.get("lower", "")
    names = _sites_named(question, sites, served)
    yield _said(
        question,
        Phrase(
            f"{clause} 让步：{len(sites)} 所学校不足 {one.lower:,.0f} 人，共少 {lack[sites].sum():,.0f} 人：{names.zh}",
            f"{clause} gives way: {len(sites)} schools serve fewer than {one.lower:,.0f} residents, "
            f"{lack[sites].sum():,.0f} short together: {names.en}",
        ),
        Phrase(
            "覆盖是承诺，规模是原则；放宽服务半径、附设小班或与邻校合并方可补足",
            "coverage is the promise, the band a principle: a wider radius, attached classes or a merger",
        ),
    )


def _odd_budget(question: Question, decision: Decision) -> Iterator[Phrase]:
    """Exact project counts that the places at hand do not allow."""
    terms = question.terms
    done = (int((decision.is_open & (question.sites.school < 0)).sum()), int(question.is_extended(decision).sum()))
    asked = (
        (terms.new, terms.new_exact, "新建", "new builds"),
        (terms.extend, terms.extend_exact, "扩建", "extensions"),
    )
    for count, (wanted, is_exact, zh, en) in zip(done, asked, strict=True):
        if is_exact and wanted is not None and count != wanted:
            yield _said(
                question,
                Phrase(
                    f"要求{zh} {wanted} 所，可行的只有 {count} 所", f"{wanted} {en} are asked, only {count} possible"
                ),
                Phrase("请增加备选地块或可扩建的学校", "add sites or schools that can grow"),
            )


def _late_for_estates(question: Question, decision: Decision) -> Iterator[Phrase]:
    """New estates assigned to schools that are built after their first families have moved in."""
    area, ahead = question.area, question.area.forecast
    if ahead is None or not ahead.delivered:
        return
    opens, site = date(ahead.year_planned, 8, 31), decision.site(question.instance)
    months: dict[str, float] = {}
    for i, unit in enumerate(question.unit.tolist()):
        estate, has_people = area.units.part_of[unit], question.instance.residents[i] > 0
        if estate in ahead.delivered and has_people and site[i] >= 0 and question.sites.school[site[i]] < 0:
            months[estate.partition(":")[2]] = months_between(ahead.delivered[estate], opens)
    late = {estate: gap for estate, gap in sorted(months.items(), key=lambda one: -one[1]) if gap > 0}
    if late:
        zh = name_some([f"{estate}（{gap:.0f} 个月）" for estate, gap in late.items()]).zh
        en = name_some([f"{estate} ({gap:.0f} months)" for estate, gap in late.items()]).en
        yield _said(
            question,
            Phrase(
                f"定发〔2021〕40号 四(六) 同步交付：{len(late)} 个新建小区由新建学校服务，学校 {opens.year} 年秋开办，"
                f"晚于首期交付：{zh}",
                f"{len(late)} new estates wait for a school that is built, open in autumn {opens.year}, after their "
                f"first homes are handed over: {en}",
            ),
            Phrase("提前开办，或在此之前安排过渡学位", "open it earlier, or find seats for the years between"),
        )


def _said(question: Question, what: Phrase, cure: Phrase) -> Phrase:
    name = programme_name(question.programme)
    return Phrase(f"{name.zh}：{what.zh}。{cure.zh}。", f"{name.en}: {what.en}. To cure it: {cure.en}.")


def _named(question: Question, units: np.ndarray, people: FloatArray) -> Phrase:
    worst = units[np.argsort(-people[units], kind="stable")].tolist()
    names = question.area.units.name
    zh = name_some([f"{names[question.unit[i]]}（{people[i]:,.0f} 人）" for i in worst]).zh
    en = name_some([f"{names[question.unit[i]]} ({people[i]:,.0f})" for i in worst]).en
    return Phrase(zh, en)


def _sites_named(question: Question, sites: np.ndarray, people: FloatArray) -> Phrase:
    worst = sites[np.argsort(-people[sites], kind="stable")].tolist()
    zh = name_some([f"{question.sites.name[j]}（{people[j]:,.0f}）" for j in worst]).zh
    en = name_some([f"{question.sites.name[j]} ({people[j]:,.0f})" for j in worst]).en
    return Phrase(zh, en)

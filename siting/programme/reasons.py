"""Why a site is in the plan: the clause that asked for it, whom it serves, and what is lost without it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from siting.frames import SOMEBODY
from siting.location import Decision
from siting.location.decision import loads
from siting.programme.question import Question
from siting.study import FloatArray, IntArray
from siting.words import Phrase


def clause_of(question: Question, decision: Decision, j: int) -> str:
    """The id of the rule an action rests on; "" for a school that stays as it is."""
    is_new, terms = question.sites.school[j] < 0, question.terms
    if not is_new and not question.is_extended(decision)[j]:
        return ""
    if is_new and len(_large_here(question, decision, j)):
        return terms.clause.get("own_school_from", "")
    if is_new and "radius_m" in terms.clause and uncovered_today(question, decision, j) > SOMEBODY:
        return terms.clause["radius_m"]
    return terms.clause.get("upper", "") or terms.clause.get("class_size", "")


def reason_of(question: Question, decision: Decision, j: int) -> Phrase:
    """Why the plan does what it does at a site, in a sentence."""
    if question.sites.is_grown_anyway[j]:
        return _joined(_required(question, j), _whom_it_serves(question, decision, j))
    if question.sites.is_required[j]:
        return _joined(_required(question, j), _why_new(question, decision, j))
    if question.sites.school[j] < 0:
        return _joined(_why_new(question, decision, j), without(question, decision, j))
    if decision.is_extended[j]:
        return _why_extended(question, decision, j)
    return _why_kept(question, decision, j)


def _required(question: Question, j: int) -> Phrase:
    why = next(lock.reason for lock in question.locks if lock.site == question.sites.id[j])
    if question.sites.school[j] >= 0:
        return Phrase(f"规定扩建：{why.zh}。", f"Its extension is required: {why.en}.")
    return Phrase(f"规定建设：{why.zh}。", f"Required: {why.en}.")


def _why_new(question: Question, decision: Decision, j: int) -> Phrase:
    one, units = question.instance, _units(question, decision, j)
    people, pupils = one.residents[units].sum(), one.pupils[units].sum()
    served = Phrase(
        f"服务 {len(units)} 个单元 {people:,.0f} 人、适龄 {pupils:,.0f} 人",
        f"Serves {len(units)} units with {people:,.0f} residents, {pupils:,.0f} of school age",
    )
    large, today = _large_here(question, decision, j), uncovered_today(question, decision, j)
    if len(large):
        name = question.area.units.name[question.unit[large[0]]]
        served = Phrase(f"{served.zh}；大村独办：{name}", f"{served.en}; {name} is large enough for its own")
    if today > SOMEBODY:
        near = _near(question)
        return Phrase(
            f"{served.zh}；其中 {today:,.0f} 人现状{near.zh}无校。",
            f"{served.en}; {today:,.0f} of them have none {near.en} today.",
        )
    return Phrase(f"{served.zh}；分担现有学校。", f"{served.en}; relieves existing schools.")


def _near(question: Question) -> Phrase:
    """Within the radius; where none is promised, near enough to be assigned to."""
    radius = question.terms.radius_m
    if math.isfinite(radius):
        return Phrase(f" {radius:g} 米内", f"within {radius:g} m")
    return Phrase("在可分配的距离内", "near enough to be assigned to")


def _why_extended(question: Question, decision: Decision, j: int) -> Phrase:
    served = _whom_it_serves(question, decision, j)
    return replace(served, zh=f"{served.zh.removesuffix('。')}，扩建后足够。")


def _whom_it_serves(question: Question, decision: Decision, j: int) -> Phrase:
    pupils, seats = loads(question.instance, decision, question.instance.pupils)[j], question.sites.seats[j]
    people = loads(question.instance, decision, question.instance.residents)[j]
    return Phrase(
        f"服务 {people:,.0f} 人，适龄 {pupils:,.0f} 人，现有学位 {seats:,.0f} 个。",
        f"Serves {people:,.0f} residents, {pupils:,.0f} of school age; it has {seats:,.0f} seats today.",
    )


def _why_kept(question: Question, decision: Decision, j: int) -> Phrase:
    units = _units(question, decision, j)
    if not len(units):
        return Phrase("现有学校，保留；本方案未分配服务范围。", "Stays as it is; no unit is assigned to it.")
    people = question.instance.residents[units].sum()
    return Phrase(f"现有学校，保留，服务 {people:,.0f} 人。", f"Stays as it is and serves {people:,.0f} residents.")


def without(question: Question, decision: Decision, j: int) -> Phrase:
    """What is lost if a new site is dropped and everything else stays: residents no open site covers as well."""
    if not math.isfinite(question.terms.radius_m):
        return Phrase("", "")
    units = _units(question, decision, j)
    others = decision.is_open.copy()
    others[j] = False
    lost = (least_uncovered(question, others) - least_uncovered(question, decision.is_open))[units].sum()
    if lost <= SOMEBODY:
        return Phrase("不建则由邻近学校超出规模接收。", "Without it neighbouring schools would be overfull.")
    radius = question.terms.radius_m
    return Phrase(
        f"不建则 {lost:,.0f} 人在 {radius:g} 米内无校。",
        f"Without it {lost:,.0f} residents have none within {radius:g} m.",
    )


def _joined(first: Phrase, second: Phrase) -> Phrase:
    return Phrase(first.zh + second.zh, f"{first.en} {second.en}".strip())


def uncovered_today(question: Question, decision: Decision, j: int) -> float:
    """Residents of a site's units whom no existing school covers."""
    return float(least_uncovered(question, question.sites.school >= 0)[_units(question, decision, j)].sum())


def least_uncovered(question: Question, is_open: np.ndarray) -> FloatArray:
    """The fewest residents of each unit that some open site leaves beyond the radius (I,): all where none is near."""
    one, arcs = question.instance, question.instance.arcs
    least = one.residents.copy()
    usable = is_open[arcs.site]
    np.minimum.at(least, arcs.unit[usable], arcs.uncovered[usable])
    return least


def _units(question: Question, decision: Decision, j: int) -> IntArray:
    return np.flatnonzero(decision.site(question.instance) == j)


def _large_here(question: Question, decision: Decision, j: int) -> IntArray:
    """Units of a site's own village where that village is large enough to run its own."""
    units = _units(question, decision, j)
    village = question.area.units.part_of[question.sites.unit[j]]
    own = [i for i in units.tolist() if question.area.units.part_of[question.unit[i]] == village]
    people = question.instance.residents[own].sum()
    return np.array(own if people >= question.terms.own_school_from else [], dtype=np.int64)

"""What is said of the years ahead judged anew: every proposal's pupils, fill rates and verdicts, every estate's days.

The forecast of the study area is taken as it is, as residents and seats are; everything made of it is added up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from siting.demand.figures import LEAST_FILL, SMALL_SCHOOL
from siting.finished import Finished
from siting.plan import Site
from siting.rules.gather import terms_for
from siting.rules.terms import Terms
from siting.rules.verdict import Check
from siting.study import Forecast, StudyArea, Tier
from siting.verify.delivery import delivery_flaws
from siting.verify.flaws import Flaw, differ, said_of, told_check
from siting.verify.stated import Stated, number, read_record, told_flaws, unlike
from siting.words import Phrase

FILE = "ahead.json"

FINE = 1e-6
"""Tolerance of fill rates."""

LATER = 10
"""Years after opening at which a school is looked at again."""

SHAPE = {
    "year_planned": int,
    "method": {"zh": str, "en": str},
    "years": [int],
    "proposals": [{
        "programme": str, "site": str, "name": str, "opens": int, "seats": None, "service_population": None,
        "pupils": dict, "opening": None, "peak": None, "peak_year": int, "later": None, "is_compliant": None,
        "is_viable": None,
    }],
    "estates": [{
        "name": str, "township": str, "dwellings": None, "residents": None, "peak_pupils": dict, "delivered": str,
        "school_opens": None, "gap_months": None,
    }],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """A proposal as it should be told: its site, what the rules say of it, the least pupils of its tier, and the pupils
    of its units by year."""

    site: Site
    terms: Terms
    least_pupils: float
    opens: int
    pupils: Mapping[int, float]

    def fill(self, year: int) -> float:
        """Pupils per seat in a year; nan where there are no seats, or the year is not known."""
        return self.pupils.get(year, math.nan) / self.site.seats if self.site.seats > 0 else math.nan

    def peak(self) -> float:
        """The most pupils per seat of any year from opening on."""
        rates = [self.fill(year) for year in self.pupils if year >= self.opens]
        return max((rate for rate in rates if not math.isnan(rate)), default=math.nan)

    def is_compliant(self) -> bool | None:
        """Whether its residents are in the rules' band; None where nobody counted them."""
        people = self.site.service_population
        return None if math.isnan(people) else self.terms.lower - FINE <= people <= self.terms.upper + FINE

    def is_viable(self) -> bool | None:
        """Whether it is full enough and large enough on opening and ten years on, as far as that is known."""
        rates = [rate for rate in (self.fill(self.opens), self.fill(self.opens + LATER)) if not math.isnan(rate)]
        if not rates:
            return None
        least = min(rates) + FINE
        return least >= LEAST_FILL.value and least * self.site.seats >= self.least_pupils


def verify_ahead(text: str, judged: Finished) -> tuple[Check, ...]:
    """Whether the text of ahead.json says of a plan what its units and the estates of the study add up to.

    Checks AHEAD-FILE first, alone where the file is none or speaks of other years; then -PROPOSALS, -PUPILS, -FILL,
    -VERDICTS and -DELIVERY.
    """
    stated, damage = read_record(text, FILE, "siting ahead", SHAPE)
    ahead = judged.area.forecast
    damage = damage or list(_year_flaws(stated, ahead))
    file = _check("FILE", damage, 1, Phrase("个文件完整", "file is whole"))
    if damage or ahead is None:
        return (file,)
    expected, rows = dict(expected_proposals(judged, ahead)), stated["proposals"]
    estates = list(delivery_flaws(stated["estates"], judged.area, judged.project, ahead))
    delivered = Phrase("个小区的户数、人数和日期属实", "estates' homes, people and days are so")
    return (
        file,
        _check("PROPOSALS", list(_row_flaws(rows, expected)), len(expected), _PROPOSALS),
        *(_check(name, _each(rows, expected, look), len(expected), what) for name, (look, what) in _LOOKS.items()),
        _check("DELIVERY", estates, len(stated["estates"]), delivered),
    )


_PROPOSALS = Phrase("个新建、扩建项目各列一次", "proposals are each told once")


def _check(name: str, flaws: list[Flaw], count: int, what: Phrase) -> Check:
    return told_check(f"AHEAD-{name}", flaws, count, what, FILE)


def _year_flaws(stated: Stated, ahead: Forecast | None) -> Iterator[Flaw]:
    if ahead is None:
        yield said_of(FILE, "属于看未来的研究，而本研究只看现状", "looks ahead, and the study does not")
        return
    method = {"zh": ahead.said.zh, "en": ahead.said.en}
    expected = {"year_planned": ahead.year_planned, "years": ahead.year.tolist(), "method": method}
    for key, value in expected.items():
        if stated[key] != value:
            yield said_of(key, f"应为 {value}，写为 {stated[key]}", f"should be {value}, and is {stated[key]}")


# --- what should be told ---------------------------------------------------------------------------------------


def expected_proposals(judged: Finished, ahead: Forecast) -> Iterator[tuple[tuple[str, str], Expected]]:
    """Every site the plan builds or extends, by programme and id, of tiers whose children are known."""
    asked = {one.key: one for one in judged.project.programmes}
    shares = _shares(judged.area)
    for part in judged.plan.parts:
        if part.programme not in asked or part.tier not in ahead.children:
            continue
        terms = terms_for(judged.book, asked[part.programme])
        least = SMALL_SCHOOL.value if part.tier in ("primary", "junior") else 0.0
        for site in part.sites:
            if site.action != "keep":
                pupils = _pupils(site, part.tier, shares, ahead)
                yield (part.programme, site.id), Expected(site, terms, least, ahead.year_planned, pupils)


def _shares(area: StudyArea) -> Mapping[str, tuple[str, float]]:
    """Every unit's village, and the share of the village's residents who live in the unit."""
    residents: dict[str, float] = {}
    blocks: dict[str, int] = {}
    units = area.units
    for village, people in zip(units.part_of, units.residents.tolist(), strict=True):
        residents[village] = residents.get(village, 0.0) + people
        blocks[village] = blocks.get(village, 0) + 1
    return {
        unit: (village, people / residents[village] if residents[village] > 0 else 1.0 / blocks[village])
        for unit, village, people in zip(units.id, units.part_of, units.residents.tolist(), strict=True)
    }


def _pupils(site: Site, tier: Tier, shares: Mapping[str, tuple[str, float]], ahead: Forecast) -> Mapping[int, float]:
    """Pupils of a site's units in every year, unit by unit."""
    row = {village: place for place, village in enumerate(ahead.unit_id)}
    members = [shares[unit] for unit in site.units if unit in shares]
    return {
        year: ahead.rate[tier]
        * math.fsum(float(ahead.children[tier][row[village], at]) * share for village, share in members)
        for at, year in enumerate(ahead.year.tolist())
    }


# --- whether it is ---------------------------------------------------------------------------------------------


Known = Mapping[tuple[str, str], Expected]


def _name(row: Stated) -> str:
    return f"{row['programme']} {row['site']}"


def _row_flaws(rows: Sequence[Stated], expected: Known) -> Iterator[Flaw]:
    """Proposals left out, invented or told twice, and what they say of the site that the plan does not."""
    names = {" ".join(key) for key in expected}
    yield from told_flaws([_name(row) for row in rows], names, Phrase("项目", "a proposal"))
    for row in rows:
        one = expected.get((row["programme"], row["site"]))
        if one is None:
            continue
        if row["name"] != one.site.name:
            yield said_of(_name(row), f"应名为 {one.site.name}，写为 {row['name']}",
                          f"is called {one.site.name}, told as {row['name']}")  # fmt: skip
        if row["opens"] != one.opens:
            yield said_of(_name(row), f"应于 {one.opens} 年开办，写为 {row['opens']} 年",
                          f"opens in {one.opens}, told as {row['opens']}")  # fmt: skip
        yield from unlike(_name(row), "seats", one.site.seats, row["seats"])
        yield from unlike(_name(row), "service_population", one.site.service_population, row["service_population"])


def _each(rows: Sequence[Stated], expected: Known, look: Callable[[Stated, Expected], Iterator[Flaw]]) -> list[Flaw]:
    known = [(row, expected.get((row["programme"], row["site"]))) for row in rows]
    return [flaw for row, one in known if one is not None for flaw in look(row, one)]


def _pupil_flaws(row: Stated, one: Expected) -> Iterator[Flaw]:
    told = row["pupils"]
    for year in dict.fromkeys([*map(str, one.pupils), *told]):
        measured = one.pupils.get(int(year), math.nan) if year.isdecimal() else math.nan
        if (year in told) != (year.isdecimal() and int(year) in one.pupils):
            yield said_of(_name(row), f"的 {year} 年学生数多余或缺失", f"has pupils of {year} too many or missing")
        else:
            yield from unlike(_name(row), f"pupils {year}", measured, told[year], 0.01)


def _fill_flaws(row: Stated, one: Expected) -> Iterator[Flaw]:
    yield from rate_flaws(_name(row), row, one)


def rate_flaws(name: str, row: Stated, one: Expected) -> Iterator[Flaw]:
    """Pupils per seat on opening, at the peak and ten years on that a row tells otherwise, and another peak year."""
    measured = {"opening": one.fill(one.opens), "peak": one.peak(), "later": one.fill(one.opens + LATER)}
    for moment, rate in measured.items():
        yield from unlike(name, moment, rate, row[moment], FINE)
    year = number(row["peak_year"])
    is_peak = year >= one.opens and not differ(one.peak(), one.fill(int(year)), FINE)
    if not is_peak and not math.isnan(one.peak()):
        yield said_of(name, f"的最高使用率不在 {year:.0f} 年", f"is not fullest in {year:.0f}")


def _verdict_flaws(row: Stated, one: Expected) -> Iterator[Flaw]:
    for key, verdict in (("is_compliant", one.is_compliant()), ("is_viable", one.is_viable())):
        if row[key] is not verdict:
            said = {True: "true", False: "false", None: "null"}
            yield said_of(_name(row), f"的 {key} 应为 {said[verdict]}，写为 {row[key]}",
                          f"has {key} {said[verdict]}, told as {row[key]}")  # fmt: skip


_LOOKS: Mapping[str, tuple[Callable[[Stated, Expected], Iterator[Flaw]], Phrase]] = {
    "PUPILS": (_pupil_flaws, Phrase("个项目的逐年学生数与重算一致", "proposals' pupils agree with the recount")),
    "FILL": (_fill_flaws, Phrase("个项目的使用率与重算一致", "proposals' fill rates agree with the recount")),
    "VERDICTS": (_verdict_flaws, Phrase("个项目的两项判断成立", "proposals' two verdicts hold")),
}

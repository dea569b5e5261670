"""The table of needs and the fill rates of proposals, added up by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_place import area, births, book, estates, project

from siting.demand.ahead import looked_ahead
from siting.demand.needs import needs, proposals, pupils_of
from siting.plan import Action, Plan, Site, TierPlan
from siting.run import Base, divided
from siting.study import StudyArea
from siting.words import both


def ahead(place: StudyArea, **asked: object) -> StudyArea:
    seen, faults = looked_ahead(place, project(**asked))
    assert not faults
    return seen


def test_no_forecast_no_needs() -> None:
    assert needs(area(), project(), book()) == ()
    assert proposals(plan(), area(), project(), book()) == ()


def test_the_balance_of_a_township() -> None:
    """T1: 180 children x 0.92 = 165.6 pupils, 6 classes of 30, 180 seats, 90 there. T2: 82.8, 90, 180 there."""
    (one,) = needs(ahead(area(births=births())), project(), book())
    held = one.balance
    assert held.planning_unit == ("T1", "T2")
    assert held.year.tolist() == list(range(2025, 2041))
    assert one.children[:, 0] == pytest.approx([180.0, 90.0])
    assert held.pupils[:, 0] == pytest.approx([165.6, 82.8])
    assert held.needed_seats[:, 0].tolist() == [180.0, 90.0]
    assert held.existing_seats[:, 5].tolist() == [90.0, 180.0]
    assert held.seat_gap[:, 0].tolist() == [90.0, 0.0]
    assert held.spare_seats[:, 0].tolist() == [0.0, 90.0]
    assert one.rate == 0.92


def site(site_id: str, action: Action, seats: float, units: tuple[str, ...], people: float) -> Site:
    return Site(
        id=site_id,
        name=site_id,
        action=action,
        operator="public",
        x=0.0,
        y=0.0,
        unit_id="Va",
        township="乡镇T1",
        classes_before=0.0,
        classes=seats / 30.0,
        seats=seats,
        service_population=people,
        pupils=0.0,
        mean_m=0.0,
        farthest_m=0.0,
        units=units,
        clause="",
        reason=both(""),
    )


def plan() -> Plan:
    sites = (site("NB", "new", 180.0, ("Va", "Vb"), 4000.0), site("SC", "keep", 180.0, ("Vc", "Vd"), 2000.0))
    part = TierPlan("kindergarten-rural", "kindergarten", "rural", 1500.0, (), sites, (), ())
    return Plan("小县", "tiny", "EPSG:4547", both(""), (part,))


def test_a_proposal_on_opening_at_the_peak_and_ten_years_on() -> None:
    """165.6 pupils of 180 seats every year; low births fall by 4 % a year, so that the peak is the opening."""
    seen = ahead(area(births=births()), year=2027, births="low")
    (one,) = proposals(plan(), seen, project(year=2027), book())
    assert (one.site.id, one.opens, one.peak_year) == ("NB", 2027, 2027)
    # 2027: ages 3, 4, 5 were born by 2024 and before: 180 x 0.92
    assert one.opening == one.peak == pytest.approx(165.6 / 180.0)
    # 2037: ages 3 to 5 are thirds of births(2031) to (2034), each 0.96 times the last, from 60 in 2025
    born = 60.0 * 0.96 ** (np.arange(2031, 2035) - 2025)
    pupils = 0.92 * float((born[:-1] / 3 + born[1:] * 2 / 3).sum())
    assert one.later == pytest.approx(pupils / 180.0)
    assert one.verdict.is_compliant is True
    assert one.verdict.is_viable is True
    assert one.verdict.is_crowded is False


def test_ten_years_on_is_unknown_beyond_the_years_of_the_forecast() -> None:
    seen = ahead(area(births=births()), year=2035)
    (one,) = proposals(plan(), seen, project(year=2035), book())
    assert np.isnan(one.later)


def test_the_pupils_of_blocks_are_those_of_their_village() -> None:
    """Villages divided into blocks of the town: the pupils of all blocks in the planned year are Units.children."""
    place = area(births=births(), estates=estates())
    place = replace(place, units=replace(place.units, area=("city",) * 4))
    asked = project(year=2031)
    seen = divided(Base(asked, book(), place))
    assert len(seen.units) > 5
    assert seen.forecast is not None
    alone = [site(unit, "new", 30.0, (unit,), 0.0) for unit in seen.units.id]
    pupils = pupils_of(alone, "kindergarten", seen, seen.forecast)
    assert pupils[:, 6] == pytest.approx(seen.units.children["kindergarten"])
    assert pupils.sum(axis=0) == pytest.approx(seen.forecast.pupils("kindergarten").sum(axis=0))

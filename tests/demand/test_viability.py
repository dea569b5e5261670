from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from siting.demand.classes import Capacity
from siting.demand.viability import Opened, fill_rates, viability
from siting.errors import InputError

PRIMARY = Capacity("primary", 45.0)


def opened() -> Opened:
    """A opens in 2026 with 540 pupils, falling by 27 a year; B in 2028 with 90, rising by 54. Both have 540 seats."""
    year = np.arange(2026, 2039)
    since = np.arange(13.0)
    return Opened(
        name=("A", "B"),
        seats=np.array([540.0, 540.0]),
        opens=np.array([2026, 2028]),
        year=year,
        pupils=np.array([540.0 - 27.0 * since, 90.0 + 54.0 * np.maximum(since - 2.0, 0.0)]),
        residents=np.array([9000.0, 25_000.0]),
        lower=np.full(2, 7000.0),
        upper=np.full(2, 20_000.0),
    )


def test_fill_on_opening_at_the_peak_and_ten_years_on() -> None:
    """A: 540/540, the same, 270/540. B: 90/540; the peak is its last year, 630/540, and that is ten years on, too."""
    fill = fill_rates(opened())
    assert fill.opening.tolist() == pytest.approx([1.0, 1 / 6])
    assert fill.peak.tolist() == pytest.approx([1.0, 630 / 540])
    assert fill.peak_year.tolist() == [2026, 2038]
    assert fill.later.tolist() == pytest.approx([0.5, 630 / 540])


def test_what_is_before_opening_does_not_count() -> None:
    before = opened()
    crowded = before.pupils.copy()
    crowded[1, 0] = 9999.0
    assert fill_rates(replace(before, pupils=crowded)).peak[1] == pytest.approx(630 / 540)


def test_ten_years_beyond_the_projection_are_unknown() -> None:
    late = fill_rates(replace(opened(), opens=np.array([2029, 2038])))
    assert np.isnan(late.later).all()
    assert not np.isnan(late.opening).any()


def test_people_and_pupils_are_two_verdicts() -> None:
    """A serves people enough and is half empty later on; B has 90 pupils at first, too many people, and overflows."""
    a, b = viability(opened(), PRIMARY, least_fill=0.6)
    assert (a.is_compliant, a.is_viable, a.is_crowded, a.classes_on_opening) == (True, False, False, 12.0)
    assert (b.is_compliant, b.is_viable, b.is_crowded, b.classes_on_opening) == (False, False, True, 2.0)
    assert a.evidence.zh == ("服务人口 9,000 人，学位 540 个；使用率：开办 100%，最高 100%（2026 年），十年后 50%。")
    assert b.evidence.en == (
        "Serves 25,000 residents with 540 seats; filled 17% on opening, 117% at the peak (2038), 117% ten years on."
    )


def test_each_limit_speaks_for_itself() -> None:
    """At half full A is viable; B fails by its 90 pupils where 100 are the least, and as a kindergarten it does not."""
    assert [one.is_viable for one in viability(opened(), PRIMARY, least_fill=0.5)] == [True, False]
    assert [one.is_viable for one in viability(opened(), PRIMARY, least_fill=0.0)] == [True, False]
    kindergarten = viability(opened(), Capacity("kindergarten", 30.0), least_fill=0.0)
    assert [one.is_viable for one in kindergarten] == [True, True]


def test_what_nobody_counted_is_no_verdict() -> None:
    unknown = replace(opened(), seats=np.full(2, np.nan), residents=np.full(2, np.nan))
    assert [(one.is_compliant, one.is_viable, one.is_crowded) for one in viability(unknown, PRIMARY)] == [
        (None,) * 3
    ] * 2
    assert "服务人口 不详 人，学位 不详 个；使用率：开办 不详" in viability(unknown, PRIMARY)[0].evidence.zh


def test_openings_outside_the_years_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"1 of 2 rows open outside 2026-2038: B \(2040\)"):
        fill_rates(replace(opened(), opens=np.array([2026, 2040])))


def test_a_school_exactly_at_its_limits_keeps_them() -> None:
    """7000 residents less what adding up loses; 0.1 + 0.2 of 1000 seats is three tenths."""
    at = replace(opened(), residents=np.full(2, 7000.0 - 1e-10), seats=np.full(2, 900.0))
    told = viability(at, PRIMARY, least_fill=0.1 + 0.2)
    assert [one.is_compliant for one in told] == [True, True]
    assert told[0].is_viable is True

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import small_county

from siting.indicators import breaks_a_must, covered_share, is_unsolved


def test_the_covered_share_counts_residents() -> None:
    # All but the 1700 of village 7: (10800 - 1700) / 10800.
    share = covered_share(small_county.tier_plan(), small_county.study_area())
    assert share == pytest.approx(9100 / 10800)


def test_nobody_is_covered_where_no_distance_is_promised() -> None:
    part = replace(small_county.tier_plan(), radius_m=math.inf)
    assert math.isnan(covered_share(part, small_county.study_area()))


def test_only_a_broken_must_counts() -> None:
    assert breaks_a_must((small_county.check(False),))
    assert not breaks_a_must((small_county.check(False, "should"), small_county.check(None), small_county.check(True)))


def test_a_plan_that_assigns_nobody_is_none_unless_nobody_can_be() -> None:
    plan, part = small_county.plan(), small_county.tier_plan()
    proved = tuple(replace(stage, bound=stage.value, gap=0.0, status="optimal") for stage in part.stages)
    stopped = tuple(replace(stage, status="stopped early") for stage in part.stages)
    nobody = replace(part, assignments=tuple(replace(given, site_id="") for given in part.assignments))
    assert not is_unsolved(plan)
    assert is_unsolved(replace(plan, parts=(part, replace(nobody, stages=stopped))))
    assert is_unsolved(replace(plan, parts=(part, replace(nobody, stages=()))))
    assert not is_unsolved(replace(plan, parts=(part, replace(nobody, stages=proved))))

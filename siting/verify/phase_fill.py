"""How full the projects of a phase are said to be, judged anew from the units that go to them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from siting.verify.ahead import Expected, expected_proposals, rate_flaws
from siting.verify.flaws import Flaw
from siting.verify.phase_sums import name_of
from siting.verify.phase_view import Seen, is_open
from siting.verify.stated import Stated, unlike

RATES = ("opening", "peak", "peak_year", "later")


def fill_flaws(one: Seen) -> Iterator[Flaw]:
    """Rates on opening, at the peak and ten years on that are not those of the units; told where nobody can know."""
    ahead = one.result.area.forecast
    expected = {} if ahead is None else dict(expected_proposals(one.result, ahead))
    for its in one.projects:
        known = _opened(expected.get((its["programme"], its["site"])), its)
        if known is None:
            yield from (flaw for rate in RATES for flaw in unlike(name_of(its), rate, math.nan, its[rate]))
        else:
            yield from rate_flaws(name_of(its), its, known)


def _opened(one: Expected | None, its: Stated) -> Expected | None:
    """A proposal as it is opened in the year of its project; None where that is none, or of no known year."""
    if one is None or its["state"] == "fixed" or not is_open(its) or int(its["year"]) not in one.pupils:
        return None
    return replace(one, opens=int(its["year"]))

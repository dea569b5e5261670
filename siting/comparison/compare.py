"""Two finished plans side by side: what each measures, what moves, and what locks cost."""

from __future__ import annotations

from collections.abc import Mapping

from siting.comparison.changes import apart, reach_changes, site_changes, unit_changes, worst_served
from siting.comparison.figures import equity, figures, seat_wan_yuan, totals
from siting.comparison.locks import Locked, differ_only_in_locks, lock_prices, own_locks
from siting.comparison.matching import match_sites
from siting.comparison.records import Comparison, ProgrammeComparison
from siting.comparison.views import View, views
from siting.finished import Finished

BASE_NAME, OTHER_NAME = "基准方案", "对比方案"


def compare(
    base: Finished,
    other: Finished,
    names: tuple[str, str] = (BASE_NAME, OTHER_NAME),
    without: Mapping[Locked, Finished] | None = None,
) -> Comparison:
    """The comparison of a plan with another. Programmes are matched by key, units and sites as ``matching`` says.

    names are what the two are called (the base, the scenario). without maps locks of the other plan to finished
    plans of the same study free of them: what they cost is then told. Where the two differ in nothing but locks, the
    base is such a plan for all of them together, and need not be given. Nothing is solved here and nothing read.
    """
    before, after = views(base), views(other)
    own = own_locks(base, other)
    free = dict(without or ({own: base} if own and differ_only_in_locks(base, other) else {}))
    programmes = tuple(_programme(before[key], after[key]) for key in before if key in after)
    return Comparison(
        base_name=names[0],
        other_name=names[1],
        notice=other.area.notice,
        programmes=programmes,
        totals=totals([programme.figures for programme in programmes]),
        base_only=tuple(key for key in before if key not in after),
        other_only=tuple(key for key in after if key not in before),
        prices=lock_prices(base, other, free),
    )


def _programme(base: View, other: View) -> ProgrammeComparison:
    found = match_sites(base, other)
    seat = seat_wan_yuan(other.part.tier)
    return ProgrammeComparison(
        programme=other.part.programme,
        tier=other.part.tier,
        area=other.part.area,
        radius_m=(base.part.radius_m, other.part.radius_m),
        lower=(base.terms.lower, other.terms.lower),
        upper=(base.terms.upper, other.terms.upper),
        seat_wan_yuan=(seat, seat),
        figures=figures(base, other),
        equity=equity(base, other),
        sites=site_changes(found),
        units=unit_changes(base, other, found),
        reach=reach_changes(base, other),
        apart=apart(base, other),
        base_worst=worst_served(base),
        other_worst=worst_served(other),
    )

"""The projects of a plan as they are filed: numbered, estimated, each with its place and others beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import shapely

from siting.comparison.figures import added_at_sites
from siting.comparison.money import FLOOR_M2, SEAT_WAN_YUAN
from siting.comparison.views import View, views
from siting.export.result import Result
from siting.export.tables import responsible
from siting.filing.alternatives import Fared, Spot, lost, spots
from siting.filing.constraints import Surroundings, findings, surroundings
from siting.filing.dossier import Place, Plot, Work
from siting.filing.norms import HIGH, LAND_M2, LOW, estimate
from siting.filing.plots import Land, land_of, plot_at
from siting.network.ground import Ground, ground_of
from siting.plan import Site
from siting.study import TIER_NAMES
from siting.words import Phrase

NOTHING = Phrase("", "")
NO_OTHER = Phrase(
    "没有其他可比地点：服务范围内 200 米以外没有居民点，附近也没有未采用的备选地块。",
    "No other place to compare: the catchment has no populated place 200 m away, and no candidate nearby is free.",
)

Years = Mapping[tuple[str, str], float]
"""The year a project opens in, by programme and site."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every project is written with."""

    result: Result
    around: Surroundings
    land: Land
    years: Years


def works(result: Result, years: Years) -> tuple[Work, ...]:
    """Every project, programme by programme, new builds before extensions, in the order of the plan."""
    area = result.area
    ground = ground_of(area)
    desk = _Desk(result, surroundings(area), land_of(area.roads), years)
    found = chain.from_iterable(_of_programme(desk, ground, view) for view in views(result).values())
    return tuple(replace(work, number=number) for number, work in enumerate(found, 1))


def _of_programme(desk: _Desk, ground: Ground, view: View) -> Iterator[Work]:
    looked, added = spots(ground, view.asked, view.part, desk.result.project), added_at_sites(view)
    built = sorted((site for site in view.part.sites if site.action != "keep"), key=lambda site: site.action != "new")
    for count, site in enumerate(built, 1):
        own, others = looked.get(site.id, (_unserved(view, site), ()))
        yield _work(desk, view, site, (count, added[site.id]), (own, others))


def _unserved(view: View, site: Site) -> Spot:
    """The place of a project nobody is assigned to."""
    return Spot(site.id, site.name, view.row.get(site.unit_id, -1), site.x, site.y, Fared(0.0, 0.0, math.nan, math.nan))


def _work(desk: _Desk, view: View, site: Site, sums: tuple[int, float], looked: tuple[Spot, Sequence[Spot]]) -> Work:
    (count, added), (own, others), tier = sums, looked, view.part.tier
    land_m2 = estimate(LAND_M2, tier, site.seats)
    money, is_new = estimate(SEAT_WAN_YUAN, tier, added), site.action == "new"
    return Work(
        number=0,
        code=f"{_initials(view)}-{count:03d}",
        name=_called(view, site),
        part=view.part,
        site=site,
        classes_added=site.classes - (0.0 if is_new else site.classes_before),
        seats_added=added,
        land_m2=land_m2 if is_new else math.nan,
        floor_m2=estimate(FLOOR_M2, tier, added),
        money_wan=money,
        money_low_wan=LOW * money,
        money_high_wan=HIGH * money,
        year=desk.years.get((view.part.programme, site.id), math.nan),
        responsible=responsible(view.part, desk.result.book),
        recommended=_place(desk, view, own, own, land_m2),
        alternatives=tuple(_place(desk, view, own, _named(spot, view, n), land_m2) for n, spot in enumerate(others, 1)),
        why_none=NOTHING if others else NO_OTHER,
    )


def _initials(view: View) -> str:
    """KR for kindergarten-rural; the whole key in capitals where it has no such form."""
    words = view.part.programme.split("-")
    return "".join(word[0] for word in words).upper() if len(words) == 2 else view.part.programme.upper()


def _called(view: View, site: Site) -> Phrase:
    """新建某某幼儿园: the name of a project."""
    name, tier = site.name.replace("拟建", ""), TIER_NAMES[view.part.tier]
    if site.action == "new":
        return Phrase(f"新建{name}", f"New {tier.en}: {site.name}")
    return Phrase(f"扩建{name}", f"Extension of {site.name}")


def _place(desk: _Desk, view: View, own: Spot, spot: Spot, land_m2: float) -> Place:
    units, fared = view.area.units, spot.fared
    plot = plot_at(desk.land, spot.x, spot.y, land_m2) if land_m2 > 0 else None
    village = units.village(spot.unit) if spot.unit >= 0 else ""
    return Place(
        id=spot.id,
        name=spot.name,
        village=village,
        township=units.township[spot.unit] if spot.unit >= 0 else "",
        x=spot.x,
        y=spot.y,
        residents=fared.residents,
        covered=fared.covered,
        mean_m=fared.mean_m,
        farthest_m=fared.farthest_m,
        plot=plot,
        findings=findings(desk.around, _ground_of(plot, spot), view.part.tier),
        lost=NOTHING if spot is own else lost(own.fared, fared, view.part.radius_m),
    )


def _named(spot: Spot, view: View, number: int) -> Spot:
    """A crowded place has the name of its village and its number among the alternatives."""
    village = view.area.units.village(spot.unit) if spot.unit >= 0 else ""
    return spot if spot.name else replace(spot, name=f"{village}-{number}")


def _ground_of(plot: Plot | None, spot: Spot) -> shapely.Polygon | shapely.Point:
    return shapely.Polygon(plot.corners) if plot else shapely.Point(spot.x, spot.y)

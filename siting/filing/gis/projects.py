"""Layers of the projects: where they are recommended, where else they could be, and their illustrative plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from siting.export.bodies import bodies
from siting.filing.dossier import VERDICT_NAMES, Dossier, Finding, Place, Plot, Work
from siting.filing.gis import signs
from siting.filing.gis.layer import GisLayer, layer_frame, table_frame
from siting.filing.plots import SIDES
from siting.plan import ACTION_NAMES
from siting.project import programme_name
from siting.study import MU_M2, TIER_NAMES
from siting.words import Phrase

_OF_PLACE = (
    "place", "township", "village", "residents", "covered_residents", "covered_share", "mean_m", "farthest_m",
    "verdict", "evidence", "unchecked",
)  # fmt: skip
_BOUNDS = ("bounds_east", "bounds_south", "bounds_west", "bounds_north")


class Placed(NamedTuple):
    """A place of a project with its code: that of the project where it is recommended, else with a number behind it."""

    code: str
    work: Work
    place: Place
    is_recommended: bool


def placed(dossier: Dossier) -> Iterator[Placed]:
    """Every place looked at, a project's recommended one before its alternatives."""
    for work in dossier.works:
        yield Placed(work.code, work, work.recommended, True)
        for rank, place in enumerate(work.alternatives, 1):
            yield Placed(f"{work.code}-{rank}", work, place, False)


def plots(dossier: Dossier) -> tuple[tuple[Placed, Plot], ...]:
    """Places where land would be taken, and its plot: an extension stands on the school's own."""
    taken = (one for one in placed(dossier) if one.work.site.action == "new" or not one.is_recommended)
    return tuple((one, one.place.plot) for one in taken if one.place.plot is not None)


def project_layers(dossier: Dossier) -> tuple[GisLayer, ...]:
    """Projects, alternatives and plots."""
    return _projects(dossier), _alternatives(dossier), _plots(dossier)


def _projects(dossier: Dossier) -> GisLayer:
    columns = (
        "code", "project", "programme", "tier", "action", *_OF_PLACE[:3], "classes_added", "seats_added", "land_mu",
        "floor_m2", "money_wan", "year", "responsible", *_OF_PLACE[3:],
    )  # fmt: skip
    rows = [_project_row(work, dossier) | _place_row(work.recommended, dossier) for work in dossier.works]
    return GisLayer(
        "projects",
        "JSXM",
        Phrase("建设项目", "projects"),
        Phrase("建设项目的推荐地点", "recommended places of the projects"),
        "Point",
        signs.PROJECTS,
        layer_frame(columns, rows, _points([work.recommended for work in dossier.works]), dossier.result.area.crs),
    )


def _project_row(work: Work, dossier: Dossier) -> dict[str, Any]:
    return {
        "code": work.code,
        "project": dossier.said(work.name),
        "programme": dossier.said(programme_name(work.part)),
        "tier": dossier.said(TIER_NAMES[work.part.tier]),
        "action": dossier.said(ACTION_NAMES[work.site.action]),
        "classes_added": work.classes_added,
        "seats_added": work.seats_added,
        "land_mu": work.land_m2 / MU_M2,
        "floor_m2": work.floor_m2,
        "money_wan": work.money_wan,
        "year": work.year,
        "responsible": dossier.said(bodies(work.responsible)),
    }


def _place_row(place: Place, dossier: Dossier) -> dict[str, Any]:
    return {
        "place": place.name,
        "township": place.township,
        "village": place.village,
        "residents": place.residents,
        "covered_residents": place.covered,
        "covered_share": 100.0 * place.covered_share,
        "mean_m": place.mean_m,
        "farthest_m": place.farthest_m,
        "verdict": dossier.said(_counted(place.findings)),
        "evidence": dossier.said(_told(place.findings)),
        "unchecked": dossier.said(_unchecked(place.findings)),
    }


def _counted(findings: tuple[Finding, ...]) -> Phrase:
    """Verdicts with how often each was found, in the order of VERDICT_NAMES."""
    found: Mapping[str, int] = Counter(one.verdict for one in findings)
    counted = [(name, found[verdict]) for verdict, name in VERDICT_NAMES.items() if found.get(verdict)]
    return Phrase(
        "，".join(f"{name.zh}{count}项" for name, count in counted),
        ", ".join(f"{name.en}: {count}" for name, count in counted),
    )


def _told(findings: tuple[Finding, ...]) -> Phrase:
    """What stands in the way or should be known; what is clear or unchecked is left out."""
    found = [one for one in findings if one.verdict not in ("clear", "unchecked")]
    return Phrase(
        "；".join(f"{one.constraint.zh}：{VERDICT_NAMES[one.verdict].zh}，{one.evidence.zh}" for one in found),
        "; ".join(f"{one.constraint.en}: {VERDICT_NAMES[one.verdict].en}, {one.evidence.en}" for one in found),
    )


def _unchecked(findings: tuple[Finding, ...]) -> Phrase:
    names = [one.constraint for one in findings if one.verdict == "unchecked"]
    return Phrase("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def findings_frame(dossier: Dossier) -> pd.DataFrame:
    """Every constraint looked at for every place, a row each, clear and unchecked ones too."""
    rows = [_finding_row(one, finding, dossier) for one in placed(dossier) for finding in one.place.findings]
    return table_frame(("place_code", "code", "place", "constraint", "verdict", "evidence", "source"), rows)


def _finding_row(one: Placed, finding: Finding, dossier: Dossier) -> dict[str, Any]:
    return {
        "place_code": one.code,
        "code": one.work.code,
        "place": one.place.name,
        "constraint": dossier.said(finding.constraint),
        "verdict": dossier.said(VERDICT_NAMES[finding.verdict]),
        "evidence": dossier.said(finding.evidence),
        "source": finding.source,
    }


def _alternatives(dossier: Dossier) -> GisLayer:
    others = [one for one in placed(dossier) if not one.is_recommended]
    columns = ("place_code", "code", "project", "programme", *_OF_PLACE, "lost")
    rows = [
        _project_row(one.work, dossier)
        | _place_row(one.place, dossier)
        | {"place_code": one.code, "lost": dossier.said(one.place.lost)}
        for one in others
    ]
    return GisLayer(
        "alternatives",
        "BXFA",
        Phrase("备选地点", "alternatives"),
        Phrase("每个建设项目的备选地点，好者在前", "alternative places of the projects, the best first"),
        "Point",
        signs.ALTERNATIVES,
        layer_frame(columns, rows, _points([one.place for one in others]), dossier.result.area.crs),
    )


def _points(places: list[Place]) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy([place.x for place in places], [place.y for place in places])


def _plots(dossier: Dossier) -> GisLayer:
    columns = ("place_code", "code", "project", "scheme", "place", "township", "land_m2", "land_mu", *_BOUNDS)
    every = plots(dossier)
    return GisLayer(
        "plots",
        "DKSY",
        Phrase("选址地块示意", "plots"),
        Phrase(
            "选址地块（示意，非勘测定界；扩建用现有校址，不另画）", "plots of new places, illustrative: not surveyed"
        ),
        "MultiPolygon",
        signs.PLOTS,
        layer_frame(
            columns,
            [_plot_row(one, plot, dossier) for one, plot in every],
            [shapely.MultiPolygon([shapely.Polygon(plot.corners)]) for _, plot in every],
            dossier.result.area.crs,
        ),
    )


def _plot_row(one: Placed, plot: Plot, dossier: Dossier) -> dict[str, Any]:
    sides = {
        key: _beyond(dossier.said(bound), dossier.said(side))
        for key, bound, side in zip(_BOUNDS, plot.bounds, SIDES, strict=True)
    }
    return {
        "place_code": one.code,
        "code": one.work.code,
        "project": dossier.said(one.work.name),
        "scheme": dossier.said(signs.RECOMMENDED if one.is_recommended else signs.ALTERNATIVE),
        "place": one.place.name,
        "township": one.place.township,
        "land_m2": plot.area_m2,
        "land_mu": plot.area_m2 / MU_M2,
        **sides,
    }


def _beyond(bound: str, side: str) -> str:
    """What bounds a plot, without the side, which is the column's name."""
    return bound.removeprefix(side).lstrip("：: ")

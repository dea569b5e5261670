"""A dossier: a plan, and all that a bureau files with it, computed once before any file is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from siting.export.needs import YearsAhead
from siting.export.result import Result
from siting.plan import Site, TierPlan
from siting.study import FloatArray
from siting.words import Language, Phrase

Verdict = Literal["clear", "prohibit", "mitigate", "inform", "unchecked"]
"""What a constraint says of a place: nothing in the way; no school here; one with measures; to be known; no layer was
given to look at, which is never the same as clear."""

VERDICT_NAMES: Mapping[Verdict, Phrase] = {
    "clear": Phrase("未见冲突", "no conflict found"),
    "prohibit": Phrase("不得选址", "prohibited"),
    "mitigate": Phrase("须采取措施", "needs measures"),
    "inform": Phrase("提示", "to be noted"),
    "unchecked": Phrase("未核查", "not checked"),
}


VERDICT_ORDER: tuple[Verdict, ...] = ("prohibit", "mitigate", "inform", "clear", "unchecked")
"""What is against a place first, what nobody looked at last."""

AGAINST: frozenset[Verdict] = frozenset({"prohibit", "mitigate", "inform"})
"""Verdicts that are told with their evidence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One constraint looked at for one place: which, what was found in words with the distance, and its source."""

    constraint: Phrase
    verdict: Verdict
    evidence: Phrase
    source: str


@dataclass(frozen=True, slots=True)
class Plot:
    """An illustrative plot (示意): corners (4, 2) in the study's CRS, clockwise from the north-west, area in m2, and
    what bounds it to the east, south, west and north (四至), as far as roads tell. Real boundaries need a survey."""

    corners: FloatArray
    area_m2: float
    bounds: tuple[Phrase, Phrase, Phrase, Phrase]


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a project, and what it would be like there, with the same units assigned to it.

    x, y in the study's CRS. residents is the catchment's; covered those within the radius (all, where none is
    promised); mean_m and farthest_m by road, inf where somebody is not reached; lost: what is lost against the
    recommended place, in words ("" for that itself).
    """

    id: str
    name: str
    village: str
    township: str
    x: float
    y: float
    residents: float
    covered: float
    mean_m: float
    farthest_m: float
    plot: Plot | None
    findings: tuple[Finding, ...]
    lost: Phrase

    @property
    def covered_share(self) -> float:
        """Covered residents of all, nan without residents."""
        return self.covered / self.residents if self.residents > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Work:
    """One project of the plan, new build or extension, in the order it is filed.

    code is unique in the dossier ("KR-012"); name is that of the project ("新建某某幼儿园"). seats_added,
    classes_added: what the project adds. land_m2: of the plot of a new build, nan for an extension, whose plot is
    there; floor_m2: what is built; both by Dossier.norms, nan where there is none. money_wan is an estimate (估算)
    without land, with its range; year the autumn it opens, nan where the plan has no years. responsible: the bodies
    charged by the rulebook. recommended is the plan's own place, alternatives the others looked at, the best first;
    why_none says why there are none.
    """

    number: int
    code: str
    name: Phrase
    part: TierPlan
    site: Site
    classes_added: float
    seats_added: float
    land_m2: float
    floor_m2: float
    money_wan: float
    money_low_wan: float
    money_high_wan: float
    year: float
    responsible: str
    recommended: Place
    alternatives: tuple[Place, ...]
    why_none: Phrase


@dataclass(frozen=True, slots=True)
class Norm:
    """A figure that estimates rest on: name, value, unit, source, and whether it was read in the source's own text."""

    name: Phrase
    value: float
    unit: Phrase
    source: Phrase
    is_read: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What whoever exports chooses. prepared_by: 制图单位, "" leaves a blank. is_internal prints 内部资料 供审批使用.
    encoding is that of shapefiles' tables, gis_crs the CRS of GIS files other than GeoJSON, last_year the school each
    unit went to last year by programme's tier and unit id (None: not given), day the date printed."""

    language: Language = "zh"
    prepared_by: str = ""
    is_internal: bool = True
    encoding: Literal["utf-8", "gbk"] = "utf-8"
    gis_crs: str = ""
    last_year: Mapping[str, Mapping[str, str]] | None = None
    day: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A plan with everything that is filed with it. ahead is None where the study does not look ahead; norms are those
    of the tiers that have projects."""

    result: Result
    works: tuple[Work, ...]
    ahead: YearsAhead | None
    norms: tuple[Norm, ...]
    settings: Settings

    def said(self, phrase: Phrase) -> str:
        """A phrase in the dossier's language."""
        return phrase.said_in(self.settings.language)

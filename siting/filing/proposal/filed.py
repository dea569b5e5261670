"""What every chapter of a proposal is written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from siting.comparison.views import View, views
from siting.filing.dossier import Dossier, Work
from siting.plan import TierPlan
from siting.project import programme_name
from siting.words import Phrase


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """A dossier, its programmes looked up by key, and the coverage of the schools that exist: ``coverage`` and
    ``townships`` of an audit."""

    dossier: Dossier
    views: Mapping[str, View]
    coverage: pd.DataFrame
    townships: pd.DataFrame

    def said(self, zh: str, en: str) -> str:
        """A sentence in the dossier's language."""
        return zh if self.dossier.settings.language == "zh" else en

    def name(self, part: TierPlan) -> str:
        """A programme as planners call it."""
        return self.dossier.said(programme_name(part))

    def parts(self) -> Iterator[tuple[TierPlan, Sequence[Work]]]:
        """Every programme with its projects, in the order of the plan."""
        for part in self.dossier.result.plan.parts:
            yield part, [work for work in self.dossier.works if work.part.programme == part.programme]

    def existing(self, part: TierPlan) -> pd.Series:
        """What the existing schools of a programme do, a row of the audit's coverage; all nan where the study does not
        ask for it."""
        rows = self.coverage[self.coverage["programme"] == part.programme]
        return rows.reindex(rows.index[:1] if len(rows) else [-1]).iloc[0]

    def join(self, names: Sequence[str]) -> str:
        """Names one after the other."""
        return ("、" if self.dossier.settings.language == "zh" else ", ").join(names)


def filed(dossier: Dossier, coverage: pd.DataFrame, townships: pd.DataFrame) -> Filed:
    """A dossier made ready."""
    return Filed(dossier, views(dossier.result), coverage, townships)


def capital(phrase: Phrase) -> Phrase:
    """The phrase with a capital in English, as a heading has it."""
    return Phrase(phrase.zh, phrase.en[:1].upper() + phrase.en[1:])

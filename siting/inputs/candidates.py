"""Places where a school could be built: from a table to Candidates."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np

from siting.inputs.locating import located
from siting.inputs.notes import Notes, did_you_mean
from siting.inputs.schools import TIER_WORDS
from siting.inputs.values import codes, counts, one_code, plain_text, refuse_twins, some_rows, texts
from siting.study import TIERS, Candidates, Tier, Units
from siting.words import Phrase


def no_candidates() -> Candidates:
    """No place at all."""
    return Candidates((), (), (), np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty(0))


def read_candidates(frame: gpd.GeoDataFrame, units: Units | None, notes: Notes) -> Candidates | None:
    """Candidates in file order; None where some cannot be placed. A row that names no tier is good for all."""
    stated = codes(frame, "id", Phrase("地块编号", "ids"), notes)
    refuse_twins(frame, [one_code(code) for code in stated], Phrase("地块编号", "an id"), notes)
    ids = [code or f"C{row}" for code, row in zip(stated, frame.index, strict=True)]
    names = [name or own for name, own in zip(texts(frame, "name"), ids, strict=True)]
    frame = frame.assign(id=ids, name=names)
    tiers = [of or frozenset(TIERS) for of in read_tiers(frame, "tier", notes)]
    max_classes = counts(frame, "max_classes", Phrase("可建班数", "max_classes"), notes)
    if frame.geometry.isna().any() or units is None:
        return None
    return Candidates(
        id=tuple(ids),
        name=tuple(names),
        tiers=tuple(tiers),
        unit=located(frame, units, Phrase("备选地块", "candidate places"), notes),
        x=frame["x"].to_numpy(dtype=np.float64),
        y=frame["y"].to_numpy(dtype=np.float64),
        max_classes=max_classes,
    )


def read_tiers(frame: gpd.GeoDataFrame, column: str, notes: Notes) -> list[frozenset[Tier]]:
    """The tiers each row names in a column, none where it is blank; a word nobody knows is a fault."""
    stated = texts(frame, column)
    found = [_known(cell) for cell in stated]
    is_unknown = np.array([tiers is None for tiers in found], dtype=bool)
    if is_unknown.any():
        rows = some_rows(frame, is_unknown, stated)
        notes.fault(
            Phrase(
                f"{len(frame)} 行中 {is_unknown.sum()} 行的学段不认识：{rows.zh}。",
                f"{is_unknown.sum()} of {len(frame)} rows have an unknown tier: {rows.en}.",
            ),
            did_you_mean(stated[int(np.flatnonzero(is_unknown)[0])], TIER_WORDS),
        )
    return [tiers or frozenset() for tiers in found]


def _known(cell: str) -> frozenset[Tier] | None:
    """The tiers of "幼儿园、小学"; none stated is the empty set, None where a word is unknown."""
    words = [word for word in re.split(r"[;、,，/+和]", plain_text(cell)) if word]
    if any(word not in TIER_WORDS for word in words):
        return None
    return frozenset(tier for word in words for tier in TIER_WORDS[word])

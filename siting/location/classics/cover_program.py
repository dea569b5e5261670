"""Covering as a linear program over whole numbers, for what is small or has become so."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from siting.location.classics.cover_sets import Cover
from siting.location.program import Program


def program(cover: Cover, p: int | None) -> Program:
    """Columns: sites, then units left uncovered. Without p everybody is covered and open sites count; with p that many
    are open and the weight left uncovered counts."""
    units, sites = len(cover.unit), len(cover.site)
    names = tuple(str(unit) for unit in cover.unit)
    if p is None:
        return Program(
            cost=np.ones(sites),
            lower=np.zeros(sites),
            upper=np.ones(sites),
            is_whole=np.ones(sites, dtype=bool),
            matrix=cover.table,
            row_lower=np.ones(units),
            row_upper=np.full(units, np.inf),
            sentences=(("cover", names),),
        )
    counted = sparse.csr_array((np.arange(sites + units) < sites).astype(float)[None, :])
    table = sparse.hstack([cover.table, sparse.csr_array(sparse.eye_array(units))])
    return Program(
        cost=np.concatenate([np.zeros(sites), cover.weight]),
        lower=np.zeros(sites + units),
        upper=np.ones(sites + units),
        is_whole=np.arange(sites + units) < sites,
        matrix=sparse.csr_array(sparse.vstack([table, counted])),
        row_lower=np.append(np.ones(units), float(p)),
        row_upper=np.append(np.full(units, np.inf), float(p)),
        sentences=(("cover", names), ("open", ("",))),
    )

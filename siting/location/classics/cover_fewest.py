"""The fewest sites that cover everybody: made smaller, taken apart, bounded by prices, cuts and regions, the rest by
whole programs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from siting.location import highs
from siting.location.classics.cover_cuts import Cuts, fewest_cut, with_cuts
from siting.location.classics.cover_moves import fewest
from siting.location.classics.cover_prices import Priced, fewest_bound
from siting.location.classics.cover_program import program
from siting.location.classics.cover_regions import regional_bound
from siting.location.classics.cover_sets import Cover, reduced
from siting.location.classics.solution import Search
from siting.location.program import Effort
from siting.study import IntArray

Offer = Callable[[IntArray], None]

WORK = 400_000_000
"""Pairs looked at by moves, and as many by price steps, in one piece."""

MOVES = 2_000
"""Moves for every site of a piece at most."""

QUICK = 20
"""The first answer has so many times fewer moves than the last."""

NODES = 20_000
"""Nodes of the tree of one piece at most."""

ROUNDS = 12
"""Linear programs with ever more cuts at most."""

CUTTING = 0.75
"""Share of the time left that they may take."""

MANY, CUTTING_MANY, REGIONS = 2_000, 0.2, 0.95
"""Units above which a piece is too large for one tree, and is bounded by regions; the shares of the time left that its
cuts and its regions may take."""


@dataclass(slots=True)
class _Part:
    """A piece that shares nothing with the others: sites that cover it, and the least number that can."""

    cover: Cover
    sites: IntArray
    priced: Priced
    bound: int


def solve(cover: Cover, search: Search, more: int, offer: Offer) -> None:
    """Search for the fewest sites that cover the units, each of which some site covers. more sites are open already;
    offer takes sites by name."""
    core, forced = reduced(cover)
    share = len(core.by) / max(search.seconds, 1e-3)
    parts = [_begun(part, share) for part in core.parts()]

    def tell() -> None:
        offer(np.concatenate([forced, *(part.sites for part in parts)]))
        search.prove(float(more + len(forced) + sum(part.bound for part in parts)))

    tell()
    for place, part in enumerate(parts):
        if part.bound < len(part.sites) and search.left > 0:
            _close(part, search.left / (len(parts) - place))
            tell()


def _begun(cover: Cover, share: float) -> _Part:
    """A piece with an answer by moves and a bound by prices; share: pairs to a second that is given."""
    work = min(WORK, int(1e8 * len(cover.by) / share))
    reach = 1 + len(cover.by) ** 2 // (len(cover.unit) * len(cover.site))
    steps = min(2_000, max(50, work // (2 * len(cover.by))))
    moves = min(MOVES * len(cover.site), work // reach)
    found = fewest(cover, moves // QUICK)
    priced = fewest_bound(cover, float(len(found)), steps)
    if np.ceil(priced.bound - 1e-6) < len(found):
        found = fewest(cover, moves)
    return _Part(cover, cover.site[found], priced, max(1, int(np.ceil(priced.bound - 1e-6))))


def _close(part: _Part, seconds: float) -> None:
    """Raise the bound by cuts and regions, then look for fewer sites among what prices leave in doubt, by a whole
    program."""
    until, is_large = time.perf_counter() + seconds, len(part.cover.unit) > MANY
    spared = seconds * (1.0 - (CUTTING_MANY if is_large else CUTTING))
    cut = fewest_cut(part.cover, ROUNDS, lambda: until - time.perf_counter() - spared)
    if cut.priced.bound > part.priced.bound:
        part.priced = cut.priced
        _take(part, part.sites, cut.priced.bound)
    if part.bound < len(part.sites) and is_large:
        open_sites = np.isin(part.cover.site, part.sites)
        _take(part, part.sites, regional_bound(part.cover, open_sites, REGIONS * (until - time.perf_counter())))
    if part.bound < len(part.sites):
        _search(part, cut.cuts, until - time.perf_counter())


def _search(part: _Part, cuts: Cuts, seconds: float) -> None:
    limit = len(part.sites) - 1 - part.priced.bound + 1e-6
    is_in, is_out = part.priced.if_closed > limit, part.priced.if_opened > limit
    units = part.cover.table @ is_in.astype(float) == 0
    rest = part.cover.keep(units, ~is_in & ~is_out)
    if (np.diff(rest.start) == 0).any():
        part.bound = len(part.sites)
        return
    core, forced = reduced(rest)
    known = np.concatenate([part.cover.site[is_in], forced])
    if not len(core.unit):
        _take(part, known, len(known))
        return
    begin = np.isin(core.site, part.sites).astype(float)
    is_cover = bool((core.table @ begin > 0).all())
    asked = cuts.once_open(np.isin(part.cover.site, known), np.flatnonzero(np.isin(part.cover.site, core.site)))
    whole = with_cuts(program(core, None), asked, has_uncovered=False)
    said = highs.solve(whole, Effort(nodes=NODES, seconds=max(seconds, 0.0)), begin if is_cover else None)
    chosen = part.cover.site if said.x is None else np.concatenate([known, core.site[said.x > 0.5]])
    _take(part, chosen, len(known) + said.bound)


def _take(part: _Part, sites: IntArray, bound: float) -> None:
    """Sites that cover the piece, and a bound on all answers that are better than the one at hand."""
    if len(sites) < len(part.sites):
        part.sites = sites
    part.bound = min(len(part.sites), max(part.bound, int(np.ceil(max(bound, 0.0) - 1e-6))))

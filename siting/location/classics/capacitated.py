"""Sites that hold so much and no more, every unit served whole by one: capacitated p-median, capacitated location with
fixed costs, and assignment to the sites there are."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from siting.errors import SolverError
from siting.location.classics.adjacency import Adjacency
from siting.location.classics.beside import beside
from siting.location.classics.contiguous import solve_contiguous
from siting.location.classics.load_columns import cut_prices
from siting.location.classics.load_search import (
    LoadSearch,
    Prices,
    by_catchments,
    finish_sites,
    finished,
    is_whole,
    priced_root,
    reduced,
    solved,
)
from siting.location.classics.loads import Loads, loads_of
from siting.location.classics.neighbourhoods import improve_parts, keep_improving
from siting.location.classics.pairs import Pairs, pairs_of
from siting.location.classics.site_lists import Sites, can_list, listed_sites
from siting.location.classics.site_tree import search_tree
from siting.location.classics.solution import CLOSED, SMALL, Search, Solution
from siting.location.program import Effort
from siting.study import FloatArray

SMALL_NODES = 2_000
"""Nodes of the program that is the second method of a small instance."""

ROOT_NODES = 1_000
"""Nodes of the program for the sites that the prices open."""

LISTING = 0.4
"""Share of the time in which sets of sites are listed, and the answer improved beside that."""

FIRST_SHARE, FAR = 0.25, 0.01
"""Share of the time in which an answer that is farther than this from the bound is improved before anything is proved,
where sites cost: every later step looks only at what may be better than the answer."""


def capacitated_p_median(  # noqa: PLR0913
    metres: FloatArray | Pairs,
    weight: FloatArray,
    demand: FloatArray,
    capacity: FloatArray | float,
    p: int,
    *,
    fixed: Iterable[int] = (),
    contiguous: Adjacency | None = None,
    seconds: float = 60.0,
) -> Solution:
    """The p sites, and a site for every unit, with the least sum of weight x metres, no site loaded above its capacity.

    metres (I, J) with inf where a pair is not allowed, or Pairs; weight, demand (I,); capacity (J,) or one number, inf
    for no limit. fixed: sites that are open anyway.
    contiguous: units that touch, where catchments must be in one piece. Raises InputError on what makes no sense.
    Source: Mulvey and Beck (1984).
    """
    return _solved(loads_of(metres, (weight, demand), (0.0, capacity), p=p, fixed=fixed), contiguous, seconds)


def capacitated_location(  # noqa: PLR0913
    metres: FloatArray | Pairs,
    weight: FloatArray,
    demand: FloatArray,
    capacity: FloatArray | float,
    fixed_cost: FloatArray | float,
    *,
    lower: FloatArray | float = 0.0,
    fixed: Iterable[int] = (),
    contiguous: Adjacency | None = None,
    seconds: float = 60.0,
) -> Solution:
    """The sites, and a site for every unit, with the least sum of weight x metres and fixed costs.

    Every open site is loaded between its lower load and its capacity.

    As in capacitated_p_median; fixed_cost, lower (J,) or one number.
    Source: the single-source problem of Neebe and Rao (1983).
    """
    return _solved(loads_of(metres, (weight, demand), (lower, capacity), fixed_cost, fixed=fixed), contiguous, seconds)


def assignment(
    metres: FloatArray | Pairs,
    weight: FloatArray,
    demand: FloatArray,
    capacity: FloatArray | float,
    *,
    lower: FloatArray | float = 0.0,
    contiguous: Adjacency | None = None,
    seconds: float = 60.0,
) -> Solution:
    """A site for every unit with the least sum of weight x metres, all sites open.

    Each site is loaded between its lower load and its capacity.

    As in capacitated_p_median; lower (J,) or one number.
    Source: the generalised assignment problem of Ross and Soland (1975).
    """
    pairs = pairs_of(metres)
    return _solved(loads_of(pairs, (weight, demand), (lower, capacity), fixed=range(pairs.sites)), contiguous, seconds)


def _solved(loads: Loads, contiguous: Adjacency | None, seconds: float) -> Solution:
    return solve_loads(loads, seconds) if contiguous is None else solve_contiguous(loads, contiguous, seconds)


def solve_loads(loads: Loads, seconds: float) -> Solution:
    """The best answer found, and its bound."""
    one = LoadSearch(loads, Search(loads.pairs.units, seconds, is_whole(loads)))
    if (np.diff(loads.pairs.start) == 0).any():
        one.search.prove(np.inf)
        return one.search.solution()
    prices = priced_root(one)
    if np.isfinite(prices.bound) and not one.search.is_closed:
        _search(one, prices)
    if len(loads.pairs) <= SMALL:
        _compare(one)
    return one.search.solution()


def _compare(one: LoadSearch) -> None:
    """A second method for a small instance: the whole of it as one program. Raises SolverError where they disagree."""
    bound = one.search.bound
    effort = Effort(nodes=SMALL_NODES, seconds=max(one.search.left / 2, 1.0))
    outcome = solved(one, one.loads, effort, np.inf)
    if bound > outcome.value + CLOSED * max(1.0, abs(outcome.value)):
        raise SolverError(f"capacitated: prices prove {bound}, a program finds {outcome.value}")
    if outcome.status != "stopped early" and outcome.value > one.search.value + CLOSED * max(1.0, one.search.value):
        raise SolverError(f"capacitated: a program proves {outcome.value}, moves find {one.search.value}")
    one.search.prove(min(outcome.bound, outcome.value))


def _search(one: LoadSearch, prices: Prices) -> None:
    """The answer improved, and the bound, until they meet or time is up."""
    seconds, has_sets = one.search.seconds, can_list(one.loads)
    is_far = one.search.value - prices.bound > FAR * abs(prices.bound)
    if one.loads.p is None and is_far and not has_sets:
        improve_parts(one, prices, (1.0 - FIRST_SHARE) * seconds)
    cut_prices(one, prices, seconds / 3)
    left = finished(one, prices, Effort(nodes=ROOT_NODES, seconds=seconds / 4), by_catchments)
    one.search.prove(one.search.value if left >= one.search.upper else left)
    if one.search.is_closed:
        return
    if has_sets:
        search_tree(one, prices, 0.0, _listed(one, prices, LISTING * seconds))
    elif one.loads.p is None:
        search_tree(one, prices, seconds / 8)
        improve_parts(one, prices, 0.0)
    elif is_far:
        with beside(lambda is_over: keep_improving(one, prices, is_over)):
            search_tree(one, prices, 0.0)
    else:
        finish_sites(one, prices, one.search.open, Effort(nodes=ROOT_NODES, seconds=seconds / 6))
        improve_parts(one, prices, seconds / 2)
        search_tree(one, prices, 0.0)
        improve_parts(one, prices, 0.0)


def _listed(one: LoadSearch, prices: Prices, seconds: float) -> list[Sites]:
    """The sets of sites that are left, listed while the answer is improved."""
    small, until = reduced(one.loads, prices, one.search.upper), one.search.left - seconds
    with ThreadPoolExecutor(1) as threads:
        listing = threads.submit(listed_sites, small, lambda: one.search.upper, Effort(seconds=seconds))
        improve_parts(one, prices, until)
        return listing.result()

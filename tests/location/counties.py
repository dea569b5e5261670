"""Made-up counties of realistic size, seeded: villages on a plain, blocks of a town."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from siting.location.construct import by_unit, firsts
from siting.location.decision import Decision
from siting.location.instance import Arcs, Budget, Instance
from siting.project import GOALS, Goal
from siting.study import FloatArray


def villages(seed: int, count: int = 400, reach_m: float = 3000.0, new: float = float("inf")) -> Instance:
    """Rural kindergartens: a candidate at most village seats, existing schools at a third of them."""
    chance = np.random.default_rng(seed)
    side = np.sqrt(count * 2.56e6)
    place = chance.uniform(0, side, (count, 2))
    residents = np.round(np.minimum(np.exp(chance.normal(7.1, 0.6, count)), 9000))
    seat = place + chance.normal(0, 150, (count, 2))
    candidate, existing = (
        np.sort(chance.permutation(count)[: int(count * 0.7)]),
        chance.permutation(count)[: count // 3],
    )
    site = np.vstack([seat[existing], seat[candidate] + chance.normal(0, 100, (len(candidate), 2))])
    is_existing = np.arange(len(site)) < len(existing)
    seats = np.where(is_existing, chance.choice([90.0, 180.0, np.inf], len(site)), 360.0)
    return Instance(
        unit_id=tuple(f"village {i}" for i in range(count)),
        site_id=tuple(f"site {j}" for j in range(len(site))),
        residents=residents,
        pupils=residents * 0.035,
        is_existing=is_existing,
        seats=seats,
        extended_seats=np.where(is_existing & np.isfinite(seats), 360.0, np.nan),
        upper=np.full(len(site), 5000.0),
        extended_upper=np.full(len(site), 5000.0),
        arcs=_arcs(place, site, residents, 1500.0, reach_m, 400.0),
        lower=3000.0,
        is_alone_free=True,
        budget=Budget(new=new),
    )


def town(
    seed: int, blocks: int = 500, people: float = 1200.0, candidates: int = 200, goals: tuple[Goal, ...] = GOALS
) -> Instance:
    """Urban primary schools: blocks round a centre, existing schools with seats, candidates in every quarter."""
    chance = np.random.default_rng(seed)
    total = blocks * people
    place = chance.normal(0, 2800, (blocks, 2))
    residents = np.round(people * chance.uniform(0.5, 1.5, blocks))
    existing = int(total / 10_500)
    site = np.vstack([chance.normal(0, 2600, (existing, 2)), chance.normal(0, 3000, (candidates, 2))])
    is_existing = np.arange(len(site)) < existing
    seats = np.where(is_existing, chance.choice([540.0, 810.0, 1080.0, 1350.0], len(site)), 1620.0)
    return Instance(
        unit_id=tuple(f"block {i}" for i in range(blocks)),
        site_id=tuple(f"site {j}" for j in range(len(site))),
        residents=residents,
        pupils=residents * 0.075,
        is_existing=is_existing,
        seats=seats,
        extended_seats=np.where(is_existing & (chance.random(len(site)) < 0.5), seats + 270.0, np.nan),
        upper=np.full(len(site), 20_000.0),
        extended_upper=np.full(len(site), 20_000.0),
        arcs=_arcs(place, site, residents, 3000.0, 3500.0, 0.0),
        lower=7000.0,
        budget=Budget(new=5, extend=10),
        goals=goals,
    )


def _arcs(
    place: FloatArray, site: FloatArray, residents: FloatArray, radius_m: float, reach_m: float, spread_m: float
) -> Arcs:
    """Pairs within reach by a road a third longer than the straight line; cover falls off over the spread of a unit."""
    metres = 1.3 * np.hypot(*(place[:, None] - site[None]).transpose(2, 0, 1)) + 50.0
    share = np.clip(0.5 + (metres - radius_m) / max(2 * spread_m, 1e-9), 0.0, 1.0)
    unit, where = np.nonzero(metres <= reach_m)
    return Arcs(unit, where, metres[unit, where], np.round(residents[unit] * share[unit, where]))


def beside(*some: Instance) -> Instance:
    """Instances side by side, nothing in common."""
    first = some[0]
    starts = np.cumsum([0, *(len(one.unit_id) for one in some)]), np.cumsum([0, *(len(one.site_id) for one in some)])
    arcs = [one.arcs for one in some]
    return replace(
        first,
        unit_id=tuple(f"{k}-{name}" for k, one in enumerate(some) for name in one.unit_id),
        site_id=tuple(f"{k}-{name}" for k, one in enumerate(some) for name in one.site_id),
        **{
            name: np.concatenate([getattr(one, name) for one in some])
            for name in ("residents", "pupils", "is_existing", "seats", "extended_seats", "upper", "extended_upper")
        },
        arcs=Arcs(
            np.concatenate([one.unit + start for one, start in zip(arcs, starts[0], strict=False)]),
            np.concatenate([one.site + start for one, start in zip(arcs, starts[1], strict=False)]),
            np.concatenate([one.metres for one in arcs]),
            np.concatenate([one.uncovered for one in arcs]),
        ),
    )


def at_random(one: Instance, seed: int) -> Decision:
    """Every site open, every unit at any of those it may go to."""
    pairs = firsts(one.arcs, np.random.default_rng(seed).permutation(len(one.arcs)))
    return Decision(by_unit(one, pairs), np.ones(len(one.site_id), dtype=bool), np.zeros(len(one.site_id), dtype=bool))

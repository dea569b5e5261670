"""School facility siting and catchment planning with proof.

``read_study`` reads a study file (``write_study`` makes one from GeoDataFrames), ``audit`` measures what exists,
``make_plan`` proposes, ``verify`` checks anew. ``siting.frames`` gives results as GeoDataFrames.

The classic problems of facility location (``p_median``, ``set_covering``, ``capacitated_location``, ...) take arrays
and answer with a ``Solution``: open sites, assignment, value, bound and gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from siting.on_use import on_use

if TYPE_CHECKING:
    from siting.inputs.from_frames import write_study
    from siting.location.classics import (
        Adjacency,
        Pairs,
        Solution,
        assignment,
        capacitated_location,
        capacitated_p_median,
        frontier,
        maximal_covering,
        p_median,
        set_covering,
    )
    from siting.run import Study, make_plan, read_study
    from siting.run import audit_study as audit
    from siting.run import verify_plan as verify

__all__ = [
    "Adjacency",
    "Pairs",
    "Solution",
    "Study",
    "assignment",
    "audit",
    "capacitated_location",
    "capacitated_p_median",
    "frontier",
    "make_plan",
    "maximal_covering",
    "p_median",
    "read_study",
    "set_covering",
    "verify",
    "write_study",
]

on_use(
    __name__,
    {
        "Adjacency": "siting.location.classics:Adjacency",
        "Pairs": "siting.location.classics:Pairs",
        "Solution": "siting.location.classics:Solution",
        "Study": "siting.run:Study",
        "assignment": "siting.location.classics:assignment",
        "audit": "siting.run:audit_study",
        "capacitated_location": "siting.location.classics:capacitated_location",
        "capacitated_p_median": "siting.location.classics:capacitated_p_median",
        "frontier": "siting.location.classics:frontier",
        "make_plan": "siting.run:make_plan",
        "maximal_covering": "siting.location.classics:maximal_covering",
        "p_median": "siting.location.classics:p_median",
        "read_study": "siting.run:read_study",
        "set_covering": "siting.location.classics:set_covering",
        "verify": "siting.run:verify_plan",
        "write_study": "siting.inputs.from_frames:write_study",
    },
)

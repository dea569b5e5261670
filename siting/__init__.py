"""School facility siting and catchment planning with proof.

``read_study`` reads a study file (``write_study`` makes one from GeoDataFrames), ``audit`` measures what exists,
``make_plan`` proposes, ``verify`` checks anew. ``siting.frames`` gives results as GeoDataFrames.

The classic problems of facility location (``p_median``, ``set_covering``, ``capacitated_location``, ...) take arrays
and answer with a ``Solution``: open sites, assignment, value, bound and gap.
"""

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

"""School facility siting and catchment planning with proof.

``read_study`` reads a study file (``write_study`` makes one from GeoDataFrames), ``audit`` measures what exists,
``make_plan`` proposes, ``verify`` checks anew. ``siting.frames`` gives results as GeoDataFrames.
"""

from siting.inputs.from_frames import write_study
from siting.run import Study, make_plan, read_study
from siting.run import audit_study as audit
from siting.run import verify_plan as verify

__all__ = ["Study", "audit", "make_plan", "read_study", "verify", "write_study"]

"""Facts about a plan, measured anew, and what a rule says to them. Neither has met the optimiser."""

from __future__ import annotations

from dataclasses import dataclass

from siting.rules.base import Strength
from siting.study import FloatArray, IntArray, Operator
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Served:
    """One school as the plan leaves it (all recomputed): who operates it, how large it is, whom it serves.

    action is keep, extend or new. seats = classes x class size for extended and new schools, the counted seats
    for kept ones (nan if nobody counted). unit_id is the unit the gate lies in, "" for none.
    """

    id: str
    name: str
    operator: Operator
    action: str
    unit_id: str
    planning_unit: str
    classes_before: float
    classes: float
    seats: float
    residents: float
    pupils: float
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a programme's plan does, measured by the verifier.

    units of the programme: unit_id, unit_name, unit_part_of, planning_unit, residents, pupils (U,); school (U,)
    position in schools the unit is assigned to, -1 for none. Demand points of those units: point_unit (N,)
    position in the units, point_residents, point_metres to the assigned school (inf where no road leads, nan
    where the unit is assigned to none). schools: every school open in the plan, with or without a catchment.
    """

    tier: str
    area: str
    unit_id: tuple[str, ...]
    unit_name: tuple[str, ...]
    unit_part_of: tuple[str, ...]
    planning_unit: tuple[str, ...]
    residents: FloatArray
    pupils: FloatArray
    school: IntArray
    point_unit: IntArray
    point_residents: FloatArray
    point_metres: FloatArray
    schools: tuple[Served, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule says to one plan. A broken rule is not an error: it is kept=False with its evidence.

    programme is the programme's key, or "existing" for the audit of what exists. kept is None where the rule
    cannot be tested (the evidence says what is missing). where names the schools, units or planning units
    concerned (broken ones first); measured and limit are numbers in the rule's unit.
    """

    rule: str
    programme: str
    strength: Strength
    kept: bool | None
    measured: float
    limit: float
    where: tuple[str, ...]
    evidence: Phrase
    source: str

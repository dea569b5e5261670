"""What the rules allow a programme: the numbers a plan has to live with, gathered rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siting.study import Operator


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything the rulebook says to one programme, after every kind's ``restrict`` has spoken.

    radius_m: residents within it are covered (inf: no promise of distance). lower, upper: residents per school
    (0 and inf where free). own_school_from: a village of so many residents runs its own (inf: none).
    is_joint: smaller villages share a school as whole villages. per_school_lower, per_school_upper: residents of
    a planning unit per school. class_size: pupils per class. menu: allowed class counts, ascending.
    operators: those whose schools count (empty: all). new, extend: project counts, None where unlimited.
    clause maps each word above that a rule has set to that rule's id.
    """

    radius_m: float = float("inf")
    lower: float = 0.0
    upper: float = float("inf")
    own_school_from: float = float("inf")
    is_joint: bool = False
    per_school_lower: float = 0.0
    per_school_upper: float = float("inf")
    class_size: float = 45.0
    menu: tuple[int, ...] = ()
    operators: frozenset[Operator] = frozenset()
    new: int | None = None
    extend: int | None = None
    new_exact: bool = False
    extend_exact: bool = False
    clause: Mapping[str, str] = field(default_factory=dict)

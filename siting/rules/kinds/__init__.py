"""The kinds of rule there are. A new kind is a module of its own and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from siting.rules.kinds import (
    class_menu,
    class_size,
    indicator,
    joint_group,
    max_distance,
    new_operator,
    own_school_from,
    project_count,
    schools_per_population,
    service_population,
    share_target,
    small_school,
    statement,
)
from siting.rules.kinds.kind import Kind

KINDS: Mapping[str, Kind] = {
    module.__name__.rpartition(".")[2]: module.KIND
    for module in (
        max_distance,
        service_population,
        schools_per_population,
        own_school_from,
        joint_group,
        class_size,
        class_menu,
        share_target,
        project_count,
        new_operator,
        small_school,
        indicator,
        statement,
    )
}

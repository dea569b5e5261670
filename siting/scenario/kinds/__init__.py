"""The kinds of change there are. A new kind is a module of its own and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from siting.scenario.kinds import (
    add_estate,
    add_road,
    change_births,
    change_budget,
    change_enrolment,
    change_goals,
    change_migration,
    change_rule,
    close_school,
    convert_school,
    forbid_site,
    lock_site,
    remove_road,
    require_site,
)
from siting.scenario.kinds.kind import Kind

KINDS: Mapping[str, Kind] = {
    module.__name__.rpartition(".")[2]: module.KIND
    for module in (
        add_estate,
        change_births,
        change_migration,
        change_enrolment,
        forbid_site,
        require_site,
        lock_site,
        close_school,
        convert_school,
        add_road,
        remove_road,
        change_rule,
        change_budget,
        change_goals,
    )
}

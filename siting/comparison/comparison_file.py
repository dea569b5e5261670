"""A comparison as JSON: comparison.json.

    {"format": "siting comparison", "version": 1,
     "base_name", "other_name", "notice": {"zh", "en"},
     "programmes": [{"programme", "tier", "area",
        "radius_m", "lower", "upper", "seat_wan_yuan": [base, other],
        "figures", "equity": [PAIR],
        "sites":  [{"change": "gained" | "lost" | "changed" | "kept", "name", "township", "moved_m",
                    "base_id", "other_id", "base_action", "other_action", "base_classes", "other_classes",
                    "base_seats", "other_seats", "base_residents", "other_residents"}],
        "units":  [{"unit_id", "name", "township", "residents", "base_site", "other_site", "base_school",
                    "other_school", "base_m", "other_m"}],
        "reach":  [{"village_id", "name", "township", "residents", "gained", "lost"}],
        "apart":  [{"unit_id", "name", "township", "residents", "where": "base" | "other"}],
        "base_worst", "other_worst": [{"village_id", "name", "township", "residents", "mean_m", "school"}]}],
     "totals": [PAIR], "base_only", "other_only": [programme],
     "prices": [{"what", "reason": {"zh", "en"}, "programme", "measures": [PAIR]}]}

    PAIR = {"key", "name", "unit": {"zh", "en"}, "base", "other", "difference"}

Every record of `siting.comparison.records` is an object with that record's fields as keys, and means what is said
there. As in plan.json ``nan`` (nobody counted) is null, ``inf`` and ``-inf`` are the strings "inf" and "-inf".
Money is in 10,000 yuan, distances in metres, shares between 0 and 1.
"""

from __future__ import annotations

from siting.comparison.records import Comparison
from siting.plan_file import record_to_json

FORMAT, VERSION = "siting comparison", 1


def comparison_to_json(comparison: Comparison) -> str:
    """The comparison as readable JSON; the same comparison always gives the same text."""
    return record_to_json(FORMAT, VERSION, comparison)

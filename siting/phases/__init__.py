"""A plan over years: every phase planned on what earlier ones opened, its projects in years within the budgets."""

from siting.phases.recheck import verify_phases_folder
from siting.phases.run import Phased, plan_phases

__all__ = ["Phased", "plan_phases", "verify_phases_folder"]

"""Two plans side by side, several plans under several futures. Pure arithmetic: nothing is solved, read or written."""

from siting.comparison.compare import compare
from siting.comparison.comparison_file import comparison_to_json
from siting.comparison.locks import Locked, own_locks
from siting.comparison.records import Comparison, LockPrice, Pair, ProgrammeComparison
from siting.comparison.robust import RegretTable, SteadySite, no_regret, only_in_one, proposed_sites, regret_table
from siting.finished import Finished

__all__ = [
    "Comparison",
    "Finished",
    "LockPrice",
    "Locked",
    "Pair",
    "ProgrammeComparison",
    "RegretTable",
    "SteadySite",
    "compare",
    "comparison_to_json",
    "no_regret",
    "only_in_one",
    "own_locks",
    "proposed_sites",
    "regret_table",
]

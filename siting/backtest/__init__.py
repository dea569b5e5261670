"""What was really built beside the best that could have been: one programme asked again, with as many new builds."""

from siting.backtest.points import Backtest, backtest_of
from siting.backtest.run import Tested, plan_backtest

__all__ = ["Backtest", "Tested", "backtest_of", "plan_backtest"]

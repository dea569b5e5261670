"""How figures stand in a terminal."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from siting.console import firm, step_line
from siting.progress import Step
from siting.words import both


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (259944140.2, "就学路程  当前 259,944,140"),
        (12.0, "就学路程  当前 12"),
        (12.34, "就学路程  当前 12.3"),
        (float("nan"), "就学路程"),
    ],
)
def test_figures_without_idle_decimals(value: float, said: str) -> None:
    assert step_line(Step(both("就学路程"), value, float("nan")), "zh") == said


def test_no_number_is_broken_by_a_narrow_terminal() -> None:
    """Twenty columns for a name and two numbers of nine: the name gives way."""
    table = Table()
    for header, justify in (("项目", "left"), ("人口", "right"), ("学位", "right")):
        table.add_column(header, justify="right" if justify == "right" else "left", overflow="fold")
    table.add_row("农村幼儿园农村幼儿园", "1,234,567", "7,654,321")
    page = io.StringIO()
    Console(file=page, width=20).print(firm(table), crop=False)
    assert "1,234,567" in page.getvalue()
    assert "7,654,321" in page.getvalue()

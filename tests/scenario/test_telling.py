from __future__ import annotations

import pytest

from siting.scenario.telling import done_facts, done_line, what_if_code
from siting.scenario.works import Done
from siting.words import Phrase

NAME = Phrase("地块不可得", "plot vetoed")


def made(**said: object) -> Done:
    facts = {"is_new": True, "reused": 0, "seconds": 12.4, "solving": 3.6} | said
    return Done(key="plot_vetoed", name=NAME, **facts)  # type: ignore[arg-type]


def test_a_plan_that_was_made_says_how_long_it_took_and_how_long_of_that_it_was_solved() -> None:
    line = done_line(made())
    assert line.zh == "地块不可得：完成，12 秒（其中求解 4 秒）。"
    assert line.en == "plot vetoed: done in 12 s, 4 s of them solving."
    facts = done_facts(made())
    assert (facts["seconds"], facts["solving_seconds"], facts["breaks_a_must"]) == (12.4, 3.6, False)


def test_answers_that_were_known_are_counted() -> None:
    line = done_line(made(reused=3))
    assert line.zh.endswith("，3 个项目沿用已有答案。")
    assert line.en.endswith(", 3 answers reused.")


@pytest.mark.parametrize("is_new", [True, False])
def test_whoever_gets_exit_code_one_is_told_which_plan_and_where_to_read_why(is_new: bool) -> None:
    done = made(is_new=is_new, is_broken=True)
    assert what_if_code([made(), done]) == 1
    line = done_line(done)
    assert line.zh.endswith("核查不通过，见 plot_vetoed/plan.xlsx 的“核查”表。")
    assert line.en.endswith(" It does not pass verification; see the sheet 核查 of plot_vetoed/plan.xlsx.")
    assert what_if_code([made()]) == 0
    assert "核查" not in done_line(made(is_new=is_new)).zh

"""What is wrong with phases, told at once and before anything is solved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import line_county
import phase_county
import pytest
from phase_county import CANDIDATES, KEY, PEOPLE, TWO, base_of

from siting.errors import InputError
from siting.phases import plan_phases
from siting.phases.checking import faults_of_phases
from siting.run import Base


def base(new: int | None = 4) -> Base:
    return line_county.base(PEOPLE, CANDIDATES, new)


def written(text: str, folder: Path) -> list[str]:
    return list(phase_county.faults_of(text, folder, base()))


def asked(text: str, folder: Path, patch: pytest.MonkeyPatch, of: Base | None = None) -> list[str]:
    """What ``siting phases`` says against phases that are sound by themselves; nothing may be solved."""
    study = phase_county.study(text, folder, patch, of or base())
    with pytest.raises(InputError) as caught:
        plan_phases(study, folder / "out")
    assert not (folder / "out").exists()
    assert {fault.said_in("en") for fault in faults_of_phases(base_of(study))} >= {
        fault.said_in("en") for fault in caught.value.faults
    }
    return [fault.said_in("en") for fault in caught.value.faults]


def test_years_names_and_budgets_that_are_none(tmp_path: Path) -> None:
    text = f"""
[[phase]]
from = 2026
to = 2025
budget = {{ kindergarten-rurral = "new <= 1", {KEY} = "some" }}
mony_wan = 3
annual_projects = 1.5
new_from = 2030

[[phase]]
name = "远期"
from = 2026
to = "soon"
"""
    said = "\n".join(written(text, tmp_path))
    for part in (
        "[[phase]] 1: `name` is missing",
        "[[phase]] 1: to = 2025 should be a year from 2026 on",
        "unknown key 'kindergarten-rurral'. Did you mean 'kindergarten-rural'?",
        "kindergarten-rural = 'some' should be like",
        "unknown key 'mony_wan'. Did you mean 'money_wan'?",
        "annual_projects = 1.5 should be a whole number",
        "new_from = 2030 should be a year of 2026-2026",
        "[[phase]] 2: from = 2026 should be a year after 2026",
        "[[phase]] 2: to = 'soon' should be a year such as 2026",
    ):
        assert part in said


def test_settled_projects_that_do_not_fit(tmp_path: Path) -> None:
    fixed = """
[[phase.fixed]]
name = "园"
tier = "kindergarten"
action = "新建"
year = 2031
money_wan = 60

[[phase.fixed]]
name = "园二"
tier = "kindergarten"
action = "new"
year = 2026
money_wan = 60
programme = "primary-urban"

[[phase.fixed]]
name = "一中"
tier = "senior"
action = "new"
year = 2026
money_wan = 60

[[phase.fixed]]
name = "园三"
tier = "kindergarten"
action = "new"
year = 2026
money_wan = 60
"""
    limits = f'money_wan = 100\nannual_wan = 90\nannual_projects = 1\nbudget = {{ {KEY} = "new <= 0" }}'
    said = "\n".join(written(TWO.replace("to = 2027", f"to = 2027\n{limits}\n{fixed}"), tmp_path))
    for part in (
        "[[phase]] 1: [[phase.fixed]] 1: action = '新建' should be one of new, extend, rebuild, relocate.",
        "Did you mean 'new'?",
        "[[phase.fixed]] 1: year = 2031 should be a year of 2026-2027",
        "[[phase.fixed]] 2: programme = 'primary-urban' should be a programme of its tier",
        "money_wan = 100 should be at least the 120 of its settled projects",
        "annual_wan = 90 should be at least the 120",
        "annual_projects = 1 should be at least the 2",
        "kindergarten-rural = 'new <= 0' should be at least the 1 (new) of its settled projects",
    ):
        assert part in said


def test_changes_of_every_phase_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near = """
[[phase.change]]
kind = "close_school"
school = "S0"
reason = "r"

[[phase.change]]
kind = "lock_site"
site = "N2"
tier = "kindergarten"
reason = "r"
"""
    far = """
[[phase.change]]
kind = "require_site"
site = "N3"
tier = "kindergarten"
reason = "r"

[[phase.change]]
kind = "change_budget"
programme = "kindergarten-rural"
budget = "new <= 9"

[[phase.change]]
kind = "close_scool"
"""
    text = TWO.replace("to = 2027", f"to = 2027\n{near}").replace("to = 2030", f"to = 2030\n{far}")
    of = base()
    of = replace(of, project=replace(of.project, protected_schools=frozenset({"S0"})))
    said = asked(text.replace('[[phase.change]]\nkind = "close_scool"', ""), tmp_path, monkeypatch, of)
    assert "[[phase]] 1: [[phase.change]] 2: a phase has no lock_site. there is no base plan" in said[0]
    assert "[[phase]] 2: [[phase.change]] 2: a phase has no change_budget. Write it in the `budget`" in said[1]
    whole = text
    for kind in ("lock_site", "change_budget", "close_scool"):
        whole = _without(whole, kind)
    told = asked(whole, tmp_path, monkeypatch, of)
    assert "[[phase]] 1: [[phase.change]] 1: close_school: 'S0' is protected" in told[0]
    assert "[[phase]] 2: [[phase.change]] 1: require_site: there is no kindergarten site 'N3'" in told[1]
    (misspelt,) = [one for one in asked(text, tmp_path, monkeypatch, of) if "close_scool" in one]
    assert "Did you mean 'close_school'?" in misspelt


def _without(text: str, kind: str) -> str:
    tables = text.split("\n[[phase")
    return "\n[[phase".join(one for one in tables if f'kind = "{kind}"' not in one)


def test_counts_of_all_phases_that_are_more_than_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly 2 in the near term, two required in the far term, of a budget of 3."""
    require = "\n".join(
        f'[[phase.change]]\nkind = "require_site"\nsite = "{site}"\ntier = "kindergarten"\nreason = "r"'
        for site in ("N2", "N4")
    )
    text = TWO.replace("to = 2027", f'to = 2027\nbudget = {{ {KEY} = "new = 2" }}').replace(
        "to = 2030", f"to = 2030\n{require}"
    )
    (said,) = asked(text, tmp_path, monkeypatch, base(3))
    assert "settled, required and exact new builds of all phases are 4, and kindergarten-rural has 3" in said


def test_money_without_a_price_and_no_phases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = base()
    senior = replace(of.project.programmes[0], key="senior-rural", tier="senior")
    priceless = replace(
        of,
        project=replace(
            of.project,
            programmes=(*of.project.programmes, senior),
            pupils_per_1000={"kindergarten": 21.0, "senior": 20.0},
        ),
    )
    (said,) = asked(TWO.replace("to = 2027", "to = 2027\nmoney_wan = 9"), tmp_path, monkeypatch, priceless)
    assert "there is no cost of a seat for the senior high school. State its projects as [[phase.fixed]]" in said
    study = phase_county.study("", tmp_path, monkeypatch)
    with pytest.raises(InputError, match=r"there is no \[\[phase\]\]"):
        plan_phases(study, tmp_path / "out")
    assert faults_of_phases(base_of(study)) == ()


FIXED = """
[[phase.fixed]]
name = "一贯制"
tier = "primary"
action = "new"
year = 2026
money_wan = 0.1
"""
OTHER = FIXED.replace("primary", "junior").replace("0.1", "0.2")


def test_settled_projects_that_nobody_can_tell_apart(tmp_path: Path) -> None:
    """Two tiers of one name are two projects; one tier twice is a slip. 0.1 and 0.2 are no more than 0.3."""
    limits = "money_wan = 0.3\nannual_wan = 0.3"
    assert written(TWO.replace("to = 2027", f"to = 2027\n{limits}\n{FIXED}{OTHER}"), tmp_path) == []
    (said,) = written(TWO.replace("to = 2027", f"to = 2027\n{FIXED}{FIXED}"), tmp_path)
    assert "[[phase]] 1: 2 settled projects are the primary school '一贯制'. Make them one" in said


def test_a_budget_that_names_no_programme_shows_how(tmp_path: Path) -> None:
    (said,) = written(TWO.replace("to = 2027", 'to = 2027\nbudget = "new <= 1"'), tmp_path)
    assert "budget = 'new <= 1' should be a table by programme." in said
    assert f'For example budget = {{ {KEY} = "new <= 1" }}.' in said


def require(site: str) -> str:
    return f'[[phase.change]]\nkind = "require_site"\nsite = "{site}"\ntier = "kindergarten"\nreason = "r"\n'


def test_a_site_that_two_phases_require(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = require("N2"), require("N2") + require("N4")
    text = TWO.replace("to = 2027", f"to = 2027\n{near}").replace("to = 2030", f"to = 2030\n{far}")
    (said,) = asked(text, tmp_path, monkeypatch)
    assert "[[phase]] 2: 'N2' is required in phase 1 already. Keep one of the two." in said

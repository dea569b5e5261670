from __future__ import annotations

import hashlib
import math
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from siting.errors import RuleError
from siting.rules.book import built_in_books, read_rulebook

HEAD = '[rulebook]\nid = "mine"\ntitle = { zh = "我的", en = "mine" }\n'
REACH = """
[[rule]]
id = "R1"
kind = "max_distance"
tier = "kindergarten"
area = "rural"
value = 1500
unit = "m"
strength = "must"
in_force = 2021-10-10
source = "定发〔2021〕40号 三(三)"
says = { zh = "1.5公里", en = "1.5 km" }
"""
BAND = """
[[rule]]
id = "R2"
kind = "service_population"
tier = "primary"
area = "urban"
lower = 7000
upper = 20000
unit = "residents"
strength = "should"
in_force = 2021-10-10
source = "定发〔2021〕40号 四(六)"
says = { zh = "每0.7万-2万人", en = "7,000-20,000" }
"""


def _write(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return "mine.toml"


def test_a_book_of_ones_own(tmp_path: Path) -> None:
    book = read_rulebook(_write(tmp_path, HEAD + REACH + BAND), tmp_path)
    reach, band = book.rules
    assert (book.id, book.title.zh) == ("mine", "我的")
    assert (reach.value, reach.unit, reach.in_force) == (1500.0, "m", date(2021, 10, 10))
    assert math.isnan(reach.lower)
    assert (band.lower, band.upper, band.strength) == (7000.0, 20000.0, "should")
    assert book.sha256 == hashlib.sha256((HEAD + REACH + BAND).encode()).hexdigest()


def test_built_in_books_are_known_by_name() -> None:
    assert built_in_books() == ("dingzhou-2021", "gb50180-2018")
    text = files("siting.rules").joinpath("books/dingzhou-2021.toml").read_bytes()
    assert read_rulebook("dingzhou-2021").sha256 == hashlib.sha256(text).hexdigest()


def test_every_built_in_rule_has_source_date_and_both_languages() -> None:
    for name in built_in_books():
        for rule in read_rulebook(name).rules:
            assert rule.source and rule.says.zh and rule.says.en and rule.in_force <= date(2021, 10, 10)


def test_numbers_not_read_in_their_source_never_oblige() -> None:
    for name in built_in_books():
        for rule in read_rulebook(name).rules:
            assert rule.verify == (rule.certainty != "P")
            assert rule.strength == "should" or not rule.verify


def test_the_plan_names_who_is_responsible() -> None:
    rules = {rule.id: rule for rule in read_rulebook("dingzhou-2021").rules}
    assert rules["KG-R-REACH"].responsible == "市教育局、市发展改革局、市财政局，各乡镇（街道）"
    assert rules["KG-U-COUNT"].responsible.endswith("市自然资源和规划局，各城区办事处")
    assert rules["N0-3"].responsible.startswith("市卫生健康局")
    assert all(rule.responsible for rule in rules.values() if "40号 三" in rule.source or "40号 四" in rule.source)


def test_a_rule_speaks_to_its_tier_and_area() -> None:
    book = read_rulebook("dingzhou-2021")
    rural = {rule.id for rule in book.of("kindergarten", "rural")}
    town = {rule.id for rule in book.of("kindergarten", "town")}
    assert "KG-R-REACH" in rural and "KG-U-COUNT" not in rural
    assert "KG-U-COUNT" in town and "KG-U-PROJECTS-NEW" not in town  # the projects are for the city itself


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("source =", "sorce =", "rule R1: unknown key 'sorce'; did you mean 'source'?"),
        ('source = "定发〔2021〕40号 三(三)"\n', "", "rule R1: 'source' is missing"),
        ('unit = "m"\n', "", "rule R1: 'unit' is missing"),
        ("in_force = 2021-10-10\n", "", "rule R1: 'in_force' is missing"),
        ("in_force = 2021-10-10", "in_force = 2021-10-10T08:00:00", "'in_force' cannot be datetime"),
        ("in_force = 2021-10-10", 'in_force = "2021"', "'in_force' cannot be '2021'"),
        ('unit = "m"', 'unit = "km"', "a max_distance is not measured in 'km'; did you mean 'm'?"),
        ("value = 1500\n", "", "a max_distance needs 'value'"),
        ("value = 1500", 'value = "1500"', "'value' cannot be '1500'"),
        ("value = 1500", "value = true", "'value' cannot be True"),
        ("value = 1500", "value = -1", "value = -1 must be finite and not negative"),
        ("value = 1500", "value = inf", "value = inf must be finite and not negative"),
        ("value = 1500", "value = 1500\nlower = 3", "'lower' means nothing to a max_distance"),
        ('"max_distance"', '"max_distanze"', "kind cannot be 'max_distanze'; did you mean 'max_distance'?"),
        ('"must"', '"shall"', "strength cannot be 'shall'; known are must, should"),
        ('"kindergarten"', '"kindergarden"', "tier cannot be 'kindergarden'; did you mean 'kindergarten'?"),
        ('"rural"', '"urbane"', "area cannot be 'urbane'; did you mean 'urban'?"),
        (
            "value = 1500",
            'value = 1500\noperators = ["publik"]',
            "operators cannot be 'publik'; did you mean 'public'?",
        ),
        ("value = 1500", 'value = 1500\ncertainty = "maybe"', "certainty cannot be 'maybe'"),
        ('says = { zh = "1.5公里", en = "1.5 km" }', 'says = { zh = "1.5公里" }', "says must be { zh, en }"),
        ('id = "R1"', 'id = "R2"', "rule R2 appears 2 times"),
        ("lower = 7000\nupper = 20000", "lower = 7000\nupper = 2000", "rule R2: lower 7000 is above upper 2000"),
        ("lower = 7000\nupper = 20000\n", "", "rule R2: a service_population needs one of lower / upper"),
        ("[[rule]]", "[[rules]]", "the file: unknown key 'rules'; did you mean 'rule'?"),
        ('title = { zh = "我的", en = "mine" }', "", "[rulebook] must state id and title"),
        ('id = "mine"', 'id = "mine"\nyear = 2021', "[rulebook]: unknown key 'year'"),
        (HEAD + REACH + BAND, HEAD, "no [[rule]] in it"),
        ("[rulebook]", "[rulebook", "mine.toml is not valid TOML"),
    ],
)
def test_a_badly_written_book_is_refused(tmp_path: Path, good: str, bad: str, sentence: str) -> None:
    text = HEAD + REACH + BAND
    assert good in text
    with pytest.raises(RuleError) as caught:
        read_rulebook(_write(tmp_path, text.replace(good, bad, 1)), tmp_path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("mine.toml")
    assert caught.value.what.zh


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("menu = [6, 3]", "menu [6, 3] must be whole numbers, ascending"),
        ("menu = [3, 3]", "menu [3, 3] must be whole numbers, ascending"),
        ("menu = [1.5, 3]", "menu [1.5, 3] must be whole numbers, ascending"),
        ("menu = []", "menu [] must be whole numbers, ascending"),
        ("value = 3", "a class_menu needs 'menu'"),
    ],
)
def test_a_menu_is_whole_numbers_ascending(tmp_path: Path, numbers: str, sentence: str) -> None:
    menu = REACH.replace("max_distance", "class_menu").replace("value = 1500", numbers).replace('"m"', '"classes"')
    with pytest.raises(RuleError) as caught:
        read_rulebook(_write(tmp_path, HEAD + menu), tmp_path)
    assert sentence in str(caught.value)


def test_a_share_is_at_most_all(tmp_path: Path) -> None:
    share = REACH.replace("max_distance", "share_target").replace('"m"', '"% of seats"')
    share = share.replace("value = 1500", 'value = 101\noperators = ["public"]')
    with pytest.raises(RuleError, match="a share of 101 % is above 100"):
        read_rulebook(_write(tmp_path, HEAD + share), tmp_path)


def test_all_faults_come_in_one_message(tmp_path: Path) -> None:
    text = HEAD + REACH.replace("source =", "sorce =").replace('"must"', '"shall"')
    with pytest.raises(RuleError) as caught:
        read_rulebook(_write(tmp_path, text), tmp_path)
    assert len(str(caught.value).splitlines()) == 3  # sorce unknown, source missing, shall


def test_a_book_nobody_has_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"No rulebook 'dingzhou-2022': built in are dingzhou-2021, gb50180-2018"):
        read_rulebook("dingzhou-2022", tmp_path)


def test_a_book_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes((HEAD + REACH).encode("gbk"))
    with pytest.raises(RuleError, match=r"gbk\.toml is not valid TOML"):
        read_rulebook("gbk.toml", tmp_path)

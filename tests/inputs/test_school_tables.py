from datetime import date
from pathlib import Path

import numpy as np
import pytest
from county import SCHOOLS, STUDY, VILLAGES, area_of, remarks_of, said, write_county

nan = float("nan")
HEADER = "学校名称,学段,办学性质,班数,在校生,学位,lon,lat\n"


def same(found: object, expected: list[float]) -> bool:
    return np.array_equal(np.asarray(found), np.array(expected), equal_nan=True)


def test_schools_as_they_stand(tmp_path: Path) -> None:
    schools = area_of(write_county(tmp_path)).schools
    assert schools.id == ("01", "02")
    assert schools.name == ("甲村幼儿园", "东街小学")
    assert schools.tier == ("kindergarten", "primary")
    assert schools.operator == ("public", "public")
    assert schools.unit.tolist() == [0, 3]
    assert same(schools.classes, [3, 18])
    assert same(schools.enrolment, [60, 700])
    assert same(schools.seats, [90, 810])
    assert same(schools.max_classes, [6, nan])


def test_opening_years_are_read_as_people_write_them(tmp_path: Path) -> None:
    header = "学校名称,学段,班数,开办年份,lon,lat\n"
    cells = ("2019", "2019年", "2019年9月", "2019-09-01 00:00:00", "２０１９.9", "", "—")
    rows = [f"甲{k},小学,6,{cell},114.98,38.51\n" for k, cell in enumerate(cells)]
    schools = area_of(write_county(tmp_path, schools=header + "".join(rows))).schools
    assert same(schools.opened_year, [2019] * 5 + [nan] * 2)
    nine_year = "育才学校,九年一贯制,27,2020,114.98,38.51\n"
    assert same(area_of(write_county(tmp_path / "more", schools=header + nine_year)).schools.opened_year, [2020] * 2)
    assert np.isnan(area_of(write_county(tmp_path / "none")).schools.opened_year).all()


def test_an_opening_year_that_is_none_is_named(tmp_path: Path) -> None:
    header, last = "学校名称,学段,班数,建校年份,lon,lat\n", date.today().year + 10
    rows = [f"甲{year},小学,6,{year},114.98,38.51\n" for year in ("1899", last + 1, "19.5", "不详")]
    study = write_county(tmp_path, schools=header + "".join(rows))
    _, told = said(study)
    assert f"3 of 4 rows opened in no year from 1900 to {last}: 甲1899 (1899), 甲{last + 1} ({last + 1})" in told
    assert "1 of 4 rows have opening years that are no number: 甲不详 (不详)" in told


def test_migrant_pupils_and_bought_places_are_read_by_tier(tmp_path: Path) -> None:
    """30 migrants of a nine-year school over 6 + 3 grades: 20 and 10; where tiers are stated, as stated."""
    header = "学校名称,学段,办学性质,班数,在校生,进城务工人员随迁子女数（人）,政府购买学位,初中随迁子女,lon,lat\n"
    rows = "育才学校,九年一贯制,民办,27,900,30,9,,114.98,38.51\n甲校,九年一贯制,公办,9,90,,,7,114.98,38.51\n"
    schools = area_of(write_county(tmp_path, schools=header + rows)).schools
    assert same(schools.migrants, [20, 10, nan, 7])
    assert same(schools.bought, [6, 3, nan, nan])
    assert np.isnan(area_of(write_county(tmp_path / "none")).schools.migrants).all()


def test_more_migrant_pupils_than_pupils_are_named(tmp_path: Path) -> None:
    header = "学校名称,学段,班数,在校生,随迁子女,lon,lat\n"
    rows = "甲校,小学,6,60,61,114.98,38.51\n乙校,小学,6,60,60,114.98,38.51\n"
    _, told = said(write_county(tmp_path, schools=header + rows))
    assert "1 schools have more migrant pupils than pupils: 甲校 (61 / 60)" in told


def test_a_nine_year_school_counts_once_per_tier(tmp_path: Path) -> None:
    """27 classes over 6 + 3 grades: 18 and 9. 1,100 pupils: 1100 x 6/9 = 733.3, so 733 and 367."""
    area = area_of(write_county(tmp_path, schools=HEADER + "育才学校,九年一贯制,公办,27,1100,,114.98,38.51\n"))
    schools = area.schools
    assert schools.id == ("育才学校", "育才学校")
    assert schools.tier == ("primary", "junior")
    assert same(schools.classes, [18, 9])
    assert same(schools.enrolment, [733, 367])
    assert same(schools.seats, [nan, nan])
    assert schools.unit.tolist() == [2, 2]
    assert "have their classes, enrolment divided by grades (primary 6, junior 3, senior 3): 育才学校." in remarks_of(
        area
    )


def test_classes_per_tier_win_over_the_sum(tmp_path: Path) -> None:
    schools = "校名,学段,班数,小学班数,初中班数,小学在校生数,初中学位,lon,lat\n"
    schools += "育才学校,九年一贯制,27,15,12,600,500,114.98,38.51\n"
    area = area_of(write_county(tmp_path, schools=schools))
    assert same(area.schools.classes, [15, 12])
    assert same(area.schools.enrolment, [600, nan])
    assert same(area.schools.seats, [nan, 500])
    assert "divided" not in remarks_of(area)


@pytest.mark.parametrize(
    ("word", "tiers"),
    [
        ("幼儿园", ("kindergarten",)),
        ("教学点", ("primary",)),
        ("初级中学", ("junior",)),
        ("高中", ("senior",)),
        ("完全中学", ("junior", "senior")),
        ("十二年一贯制", ("primary", "junior", "senior")),
        ("小学、幼儿园", ("kindergarten", "primary")),
        ("Nine-year", ("primary", "junior")),
        ("primary;junior", ("primary", "junior")),
    ],
)
def test_words_for_tiers(tmp_path: Path, word: str, tiers: tuple[str, ...]) -> None:
    schools = area_of(write_county(tmp_path, schools=HEADER + f"甲校,{word},公办,,,,114.98,38.51\n")).schools
    assert schools.tier == tiers


@pytest.mark.parametrize(
    ("word", "operator"),
    [
        ("公办", "public"),
        ("公办性质", "quasi_public"),
        ("quasi-public", "quasi_public"),
        ("普惠性民办", "inclusive"),
        ("民办（普惠）", "inclusive"),
        ("民办", "private"),
        ("Private", "private"),
        ("", "public"),
    ],
)
def test_words_for_operators(tmp_path: Path, word: str, operator: str) -> None:
    area = area_of(write_county(tmp_path, schools=HEADER + f"甲园,幼儿园,{word},,,,114.98,38.51\n"))
    assert area.schools.operator == (operator,)
    assert ("1 schools state no operator; read as public." in remarks_of(area)) == (word == "")


def test_names_tell_tiers_where_no_column_does(tmp_path: Path) -> None:
    schools = "名称,lon,lat\n甲村幼儿园,114.95,38.5\n甲村小学,114.95,38.5\n甲校,114.95,38.5\n甲职业学校,114.95,38.5\n"
    area = area_of(write_county(tmp_path, schools=schools))
    assert area.schools.name == ("甲村幼儿园", "甲村小学", "甲校")
    assert area.schools.tier == ("kindergarten", "primary", "primary")
    assert "2 schools state no tier; their names tell." in remarks_of(area)
    assert "read as primary schools: 甲校." in remarks_of(area)
    assert "left out: 甲职业学校." in remarks_of(area)


def test_a_stated_unit_wins_over_the_nearest(tmp_path: Path) -> None:
    """The kindergarten stands in 甲村 but belongs to 乙村, by the other prefix of the county's codes."""
    schools = "学校名称,学段,所在村代码,lon,lat\n甲园,幼儿园,130682100202,114.95,38.5\n乙园,幼儿园,,114.95,38.5\n"
    assert area_of(write_county(tmp_path, schools=schools)).schools.unit.tolist() == [1, 0]
    zh, _ = said(write_county(tmp_path, schools=schools.replace("100202", "999999")))
    assert "2 行中 1 行的村代码不在村庄表中：甲园 (130682999999)。" in zh


def test_contradictions_are_remarked(tmp_path: Path) -> None:
    """700 pupils in 400 seats are 1.75 per seat; a plot for 2 classes under 3 classes cannot grow."""
    schools = SCHOOLS.replace(",810,", ",400,").replace(",90,6,", ",90,2,")
    area = area_of(write_county(tmp_path, schools=schools))
    assert "1 schools have over 1.5 pupils per seat (pupils / seats): 东街小学 (700 / 400)." in remarks_of(area)
    assert "read as not to be enlarged: 甲村幼儿园." in remarks_of(area)
    assert same(area.schools.max_classes, [3, nan])


def test_candidates(tmp_path: Path) -> None:
    study = STUDY + '[layers.candidates]\nfile = "plots.csv"\ncrs = "cgcs2000"\n'
    plots = "地块编号,地块名称,学段,规划班数,经度,纬度\nA1,村北,幼儿园、小学,12,114.97,38.501\n,,,,114.95,38.501\n"
    candidates = area_of(write_county(tmp_path, study=study, plots_csv=plots)).candidates
    assert candidates.id == ("A1", "C3")
    assert candidates.name == ("村北", "C3")
    assert candidates.tiers == ({"kindergarten", "primary"}, {"kindergarten", "primary", "junior", "senior"})
    assert candidates.unit.tolist() == [1, 0]
    assert same(candidates.max_classes, [12, nan])
    zh, _ = said(write_county(tmp_path, study=study, plots_csv=plots.replace("、小学", "、小雪")))
    assert "plots.csv: 2 行中 1 行的学段不认识：村北 (幼儿园、小雪)。" in zh


def test_a_county_without_schools_has_a_fault(tmp_path: Path) -> None:
    zh, en = said(write_county(tmp_path, schools=HEADER))
    assert zh == "schools.csv: 表中没有数据行。 请检查导出的文件或工作表。"
    assert en == "schools.csv: holds no rows of data. Check which file or sheet was exported."


def test_schools_are_looked_through_though_villages_cannot_be_read(tmp_path: Path) -> None:
    study = write_county(tmp_path, VILLAGES.replace("纬度", "y9"), SCHOOLS.replace(",幼儿园,", ",幼儿圆,"))
    _, en = said(study)
    assert "villages.csv: has no column for lon or lat" in en
    assert "schools.csv: 1 of 2 rows have an unknown tier: 甲村幼儿园 (幼儿圆). Did you mean '幼儿园'?" in en

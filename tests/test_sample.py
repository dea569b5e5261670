from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium
import pytest
import rasterio
import shapely
from pyproj import Transformer

from siting.demand.ahead import looked_ahead
from siting.inputs.reader import read_area
from siting.inputs.roads.walking import walked_as
from siting.network.build import build_network
from siting.network.distances import bounded_distances
from siting.network.graph import RoadNetwork
from siting.network.snapping import snap
from siting.project import Project
from siting.project_file import read_project
from siting.study import StudyArea, Tier

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "dingzhou"
SYNTHETIC = sorted(path for path in SAMPLE.iterdir() if "_synthetic" in path.name)

CENSUS, URBAN = 1_095_986, 577_440


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(SAMPLE / "study.toml")


@pytest.fixture(scope="module")
def area(project: Project) -> StudyArea:
    area, faults = read_area(project)
    assert faults == ()
    assert area is not None
    return area


@pytest.fixture(scope="module")
def network(area: StudyArea) -> RoadNetwork:
    return build_network(area.roads)


def _table(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


# --- real: names, codes, totals --------------------------------------------------------------------------------


def test_every_real_village_is_there_under_its_own_code_and_township() -> None:
    facts, rows = _table(SAMPLE / "facts" / "villages.csv"), _table(SAMPLE / "villages_synthetic.csv")
    assert [(row["代码"], row["乡镇代码"]) for row in rows] == [(fact["code"], fact["township_code"]) for fact in facts]
    assert len({row["代码"] for row in rows}) == 542
    assert len({row["乡镇代码"] for row in rows}) == 25
    township = {fact["code"]: fact["name"] for fact in _table(SAMPLE / "facts" / "townships.csv")}
    assert {row["乡镇代码"]: row["乡镇"] for row in rows} == township
    assert Counter(row["类型"] for row in rows) == {"village": 470, "community": 72}
    assert all(fact["name"].startswith(row["名称"].removesuffix("村")) for fact, row in zip(facts, rows, strict=True))


def test_residents_add_up_to_the_census(area: StudyArea) -> None:
    urban = np.isin(area.units.area, ("city", "town"))
    assert area.units.residents.sum() == CENSUS
    assert area.units.residents[urban].sum() == URBAN
    assert area.points.residents.sum() == pytest.approx(CENSUS)


def test_seats_that_geonames_knows_are_where_it_has_them(area: StudyArea) -> None:
    rows = _table(SAMPLE / "facts" / "places_geonames.csv")
    places = {row["name"]: (float(row["lon"]), float(row["lat"])) for row in rows}
    to_metres = Transformer.from_crs("EPSG:4490", area.crs, always_xy=True)
    for village, place in {"砖路社区": "Zhuanlu", "明月店村": "Mingyuedian", "小油村": "Xiaoyoucun"}.items():
        at = area.units.name.index(village)
        x, y = to_metres.transform(*places[place])
        assert np.hypot(area.units.x[at] - x, area.units.y[at] - y) < 1.0, village


# --- synthetic: how people live --------------------------------------------------------------------------------


def test_rural_villages_are_log_normal_around_1775(area: StudyArea) -> None:
    rural = area.units.residents[np.array(area.units.area) == "rural"]
    assert np.median(rural) == pytest.approx(1775, abs=15)
    logs = np.log(rural)
    skew = ((logs - logs.mean()) ** 3).mean() / logs.std() ** 3
    assert abs(skew) < 0.1
    assert 3 <= (rural > 5000).sum() <= 10


def test_towns_have_some_thousand_to_15000_residents(area: StudyArea) -> None:
    town = Counter[str]()
    for where, name, people in zip(area.units.area, area.units.planning_unit, area.units.residents, strict=True):
        town[name] += people if where == "town" else 0
    sizes = np.array([people for people in town.values() if people])
    assert len(sizes) == 21
    assert sizes.min() > 5000
    assert sizes.max() < 15_000


def test_children_are_those_of_recent_births(area: StudyArea) -> None:
    per_1000 = {tier: 1000 * counted.sum() / CENSUS for tier, counted in area.units.children.items()}
    assert 19 < per_1000["kindergarten"] < 21
    assert 65 < per_1000["primary"] < 70
    assert 41 < per_1000["junior"] < 43


def test_seats_keep_apart(area: StudyArea) -> None:
    rural = np.flatnonzero(np.array(area.units.area) == "rural")
    x, y = area.units.x[rural], area.units.y[rural]
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= 699


def test_the_grid_has_50000_cells_and_differs_from_the_census_by_about_two_per_cent(area: StudyArea) -> None:
    with rasterio.open(SAMPLE / "population_synthetic.tif") as grid:
        people = grid.read(1)
        assert grid.crs.to_epsg() == 4547
        assert grid.res == (100.0, 100.0)
    assert (people > 0).sum() >= 50_000
    assert 0.01 < abs(people.sum() / CENSUS - 1) < 0.03
    assert len(area.points) == (people > 0).sum()


# --- synthetic: roads ------------------------------------------------------------------------------------------


def test_roads_are_one_network_of_at_least_60000_nodes(network: RoadNetwork) -> None:
    assert len(network.x) >= 60_000
    assert (network.component == 0).mean() >= 0.995
    assert network.is_fragment.any()


def test_everybody_is_within_1500_m_by_road_from_the_seat_of_their_village(
    area: StudyArea, network: RoadNetwork
) -> None:
    seats, points = snap(network, area.units.x, area.units.y), snap(network, area.points.x, area.points.y)
    near = bounded_distances(network, seats, points, 1500.0)
    seat = np.repeat(np.arange(len(area.units)), np.diff(near.start))
    reached = near.point[area.points.unit[near.point] == seat]
    assert len(reached) == len(area.points)
    assert points.leg_m.max() < 120


def _segments() -> Iterator[tuple[list[tuple[float, float]], dict[str, str]]]:
    ways = osmium.FileProcessor(SAMPLE / "roads_synthetic.osm.pbf").with_locations()
    for way in ways:
        if way.is_way():
            tags = {tag.k: tag.v for tag in way.tags}
            if walked_as(tags) is not None:
                yield [(node.lon, node.lat) for node in way.nodes], tags


def test_barriers_are_crossed_only_by_bridges_and_underpasses() -> None:
    named = shapely.from_geojson((SAMPLE / "barriers_synthetic.geojson").read_text(encoding="utf-8"))
    lines = shapely.get_parts(named)
    assert len(lines) == 8
    ways = list(_segments())
    is_crossing = np.array([tags.get("bridge") == "yes" or tags.get("tunnel") == "yes" for _, tags in ways])
    shapes = np.array([shapely.LineString(corners) for corners, _ in ways])
    met = {int(at) for at in shapely.STRtree(shapes).query(lines, predicate="intersects")[1]}
    assert met == set(np.flatnonzero(is_crossing).tolist())
    per_line = [len(shapely.STRtree(shapes[is_crossing]).query(line, predicate="intersects")) for line in lines]
    assert min(per_line) >= 5


def test_main_roads_and_small_ones_are_there() -> None:
    kinds = Counter(tags["highway"] for _, tags in _segments())
    large, small = {"trunk", "primary", "secondary", "tertiary"}, {"residential", "unclassified", "track", "footway"}
    assert set(kinds) == large | small
    assert kinds["residential"] > 20 * kinds["trunk"]


# --- synthetic: schools ----------------------------------------------------------------------------------------


def test_schools_of_every_tier_and_three_nine_year_schools(area: StudyArea) -> None:
    assert len({*area.schools.tier}) == 4
    times = Counter(area.schools.id)
    nine_year = {school for school, count in times.items() if count == 2}
    assert len(nine_year) == 3
    assert {tier for school, tier in zip(area.schools.id, area.schools.tier, strict=True) if school in nine_year} == {
        "primary",
        "junior",
    }
    where = np.array(area.units.area)[area.schools.unit]
    assert 120 <= ((where == "rural") & (np.array(area.schools.tier) == "kindergarten")).sum() <= 170


@pytest.mark.parametrize(
    ("tier", "upper", "class_size", "new"),
    [("kindergarten", 12_000, 30, 6), ("primary", 20_000, 45, 4), ("junior", 40_000, 50, 2)],
)
def test_the_city_lacks_what_the_plan_of_2021_builds(
    area: StudyArea, tier: Tier, upper: float, class_size: int, new: int
) -> None:
    city = np.array(area.units.area) == "city"
    residents = area.units.residents[city].sum()
    per_pupil = residents / area.units.children[tier][city].sum()
    schools = area.schools
    its = city[schools.unit] & (np.array(schools.tier) == tier) & (np.array(schools.operator) == "public")
    today = np.minimum(schools.seats[its] * per_pupil, upper).sum()
    grown = np.minimum(schools.max_classes[its] * class_size * per_pupil, upper).sum()
    assert 0.7 * residents < today < 0.9 * residents
    assert 1.04 * residents < grown + new * upper < 1.15 * residents


def test_places_that_a_map_shows(area: StudyArea) -> None:
    assert len(area.estates) == 8
    assert (area.estates["dwellings"] > 0).all()
    assert len(area.barriers) == 8
    land = shapely.union_all(area.protected.geometry.to_numpy())
    rural = np.array(area.units.area) == "rural"
    assert not shapely.contains_xy(land, area.units.x[rural], area.units.y[rural]).any()
    assert area.boundary is not None
    assert shapely.contains_xy(area.boundary, area.units.x, area.units.y).all()
    assert area.boundary.area / 1e6 == pytest.approx(1283, rel=0.005)


# --- said to be synthetic, small, made again -------------------------------------------------------------------


def test_all_but_the_facts_is_called_synthetic(project: Project, area: StudyArea) -> None:
    assert {path.name for path in SAMPLE.iterdir()} - {path.name for path in SYNTHETIC} == {
        "facts",
        "README.md",
        "study.toml",
        "study_2030.toml",
        "study_phases.toml",
        "scenarios",
    }
    assert "合成" in area.notice.zh
    assert "Synthetic" in area.notice.en
    assert "合成" in project.name
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert all(word in text for word in ("合成", "synthetic", "WTFPL", "CC BY 4.0"))


def test_the_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 6_000_000


def test_births_are_hebeis_rates_on_the_samples_residents(area: StudyArea) -> None:
    """5.9 per 1000 in 2024, 13.2 in 2017: the fall that the county's schools have to live with."""
    rows = _table(SAMPLE / "births_synthetic.csv")
    assert {row["乡镇代码"] for row in rows} == {row["code"] for row in _table(SAMPLE / "facts" / "townships.csv")}
    assert {row["乡镇代码"] for row in rows} == set(area.units.township_id)
    born = {year: sum(int(row["出生人数"]) for row in rows if row["年份"] == year) for year in ("2017", "2024")}
    assert born["2017"] == pytest.approx(0.0132 * CENSUS, rel=0.001)
    assert born["2024"] == pytest.approx(0.0059 * CENSUS, rel=0.001)


def test_the_study_of_2030_looks_at_the_same_place_five_years_on(area: StudyArea) -> None:
    """Births alone give the children of 2026 within 8 % of those counted; by 2030 a third of 2025's pupils is gone."""
    place, faults = read_area(read_project(SAMPLE / "study_2030.toml"))
    assert not faults
    assert place is not None
    seen, faults = looked_ahead(place, read_project(SAMPLE / "study_2030.toml"))
    assert not faults
    assert seen.forecast is not None
    assert seen.forecast.year_planned == 2030
    assert len(seen.units) == len(area.units) + 8
    for tier, rate in (("kindergarten", 0.92), ("primary", 1.0), ("junior", 1.0)):
        of_2026 = seen.forecast.pupils(tier)[:, 1].sum() / rate
        assert of_2026 == pytest.approx(area.units.children[tier].sum(), rel=0.08), tier
    assert seen.units.children["primary"].sum() < 0.68 * seen.forecast.pupils("primary")[:, 0].sum()
    assert seen.points.residents.sum() == pytest.approx(seen.units.residents.sum())


def test_the_generator_makes_the_same_births(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from make_dingzhou_sample import chance, sample_county
    from sample.births import make_births
    from sample.files import births_table

    county = sample_county(SAMPLE / "facts")
    made = list(csv.DictReader(io.StringIO(births_table(county, make_births(county, chance("births"))))))
    assert made == _table(SAMPLE / "births_synthetic.csv")


def test_the_generator_makes_the_same_villages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from make_dingzhou_sample import sample_county
    from sample.files import village_table

    made = list(csv.DictReader(io.StringIO(village_table(sample_county(SAMPLE / "facts")))))
    kept = _table(SAMPLE / "villages_synthetic.csv")
    for column in ("代码", "名称", "城乡", "规划单元", "常住人口", "3-5岁", "6-11岁", "12-14岁"):
        assert [row[column] for row in made] == [row[column] for row in kept], column
    for column in ("经度", "纬度"):
        assert np.allclose(
            [float(row[column]) for row in made], [float(row[column]) for row in kept], rtol=0, atol=2e-6
        )


def test_people_say_the_short_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from sample.facts import Unit

    short = {
        "中心街社区居民委员会": "中心街社区",
        "兰家佐社区村民委员会": "兰家佐社区",
        "牛村村民委员会": "牛村",
        "东汶村村民委员会": "东汶村",
        "香家庄村民委员会": "香家庄村",
    }
    assert {official: Unit("", official, "").name for official in short} == short


def test_shares_become_whole_numbers_that_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from sample.people import log_normal, whole

    # 10 over 1 : 1 : 1 is 3.33 each, one is left over: the first of equals takes it
    assert whole(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    # 7 over 1 : 2 : 3 is 1.17, 2.33, 3.5: the largest remainder is the last one's
    assert whole(np.array([1.0, 2.0, 3.0]), 7).tolist() == [1, 2, 4]
    villages = log_normal(101, 1000.0, 120_000)
    assert villages.sum() == 120_000
    assert np.median(villages) == pytest.approx(1000, abs=1)

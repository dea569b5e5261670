from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import six_villages
from shapely.geometry import box

from siting.candidates import candidate_places
from siting.project import Programme
from siting.study import Candidates, StudyArea

RURAL = Programme("kindergarten-rural", "kindergarten", "rural")
URBAN = Programme("primary-urban", "primary", "urban")


def _without_candidates(area: StudyArea) -> StudyArea:
    none = np.zeros(0)
    return replace(area, candidates=Candidates((), (), (), none.astype(np.int64), none, none, none))


def test_the_planners_own_places_come_first() -> None:
    assert candidate_places(six_villages.study_area(), RURAL, 800.0).id == ("N4",)


def test_village_seats_where_nobody_named_any() -> None:
    places = candidate_places(_without_candidates(six_villages.study_area()), RURAL, 800.0)
    assert places.id == tuple(f"K-V{k}" for k in range(6))
    assert places.name[2] == "V2拟建幼儿园"
    assert np.isnan(places.max_classes).all()


def test_named_places_of_another_tier_do_not_count() -> None:
    places = candidate_places(six_villages.study_area(), replace(RURAL, tier="primary"), 800.0)
    assert places.id == tuple(f"P-V{k}" for k in range(6))


def test_compounds_of_higher_tiers_away_from_the_seat() -> None:
    """P2 made a primary school 300 m off the seat of V2: its compound takes a kindergarten, not another way round."""
    area = _without_candidates(six_villages.study_area())
    schools = area.schools
    moved = schools.x + np.array([0.0, 0.0, 300.0, 0.0])
    tiers = tuple("primary" if school == "P2" else tier for school, tier in zip(schools.id, schools.tier, strict=True))
    area = replace(area, schools=replace(schools, x=moved, tier=tiers))
    assert [place for place in candidate_places(area, RURAL, 800.0).id if "V2" in place] == ["K-V2(1)", "K-V2(2)"]
    junior = candidate_places(area, replace(RURAL, tier="junior"), 800.0)
    assert [place for place in junior.id if "V2" in place] == ["J-V2"]


def test_built_up_places_in_towns_are_spaced_and_crowded_first() -> None:
    """Two cells of C6 400 m apart, and one 1000 m on: at 800 m spacing the fuller of the first two, and the third."""
    area = _without_candidates(six_villages.study_area())
    points = area.points
    area = replace(
        area,
        points=replace(
            points,
            unit=np.concatenate((points.unit[:-1], [6, 6, 6])),
            x=np.concatenate((points.x[:-1], six_villages.X0 + np.array([7000.0, 7400.0, 8400.0]))),
            y=np.concatenate((points.y[:-1], np.full(3, six_villages.Y0))),
            residents=np.concatenate((points.residents[:-1], [1000.0, 2000.0, 1000.0])),
        ),
    )
    places = candidate_places(area, URBAN, 800.0)
    assert sorted((places.x - six_villages.X0).tolist()) == [7400.0, 8400.0]
    # A junior middle school stands 1600 m from the next.
    places = candidate_places(area, replace(URBAN, tier="junior"), 800.0)
    assert (places.x - six_villages.X0).tolist() == [7400.0]


def test_nothing_is_proposed_on_protected_land() -> None:
    area = _without_candidates(six_villages.study_area())
    land = box(six_villages.X0 + 1500, six_villages.Y0 - 100, six_villages.X0 + 3500, six_villages.Y0 + 100)
    area = replace(area, protected=gpd.GeoDataFrame({"name": ["基本农田"]}, geometry=[land], crs=area.crs))
    assert candidate_places(area, RURAL, 800.0).id == ("K-V0", "K-V1", "K-V4", "K-V5")


def test_a_place_in_a_block_is_named_after_the_community() -> None:
    area = _without_candidates(six_villages.study_area())
    units = area.units
    area = replace(
        area, units=replace(units, name=(*units.name[:6], "中心社区·02"), kind=("village",) * 6 + ("block",))
    )
    assert "中心社区拟建小学" in candidate_places(area, URBAN, 800.0).name

import dataclasses
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio.transform import Affine
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from siting.errors import Fault
from siting.inputs.coordinates import converter
from siting.inputs.notes import Notes
from siting.inputs.population import read_points
from siting.project import Layer
from siting.study import DemandPoints, Remark, Units

METRES = "EPSG:4547"
X0, Y0 = 500_000.0, 4_260_000.0
nan = float("nan")


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    return Affine(width, 0.0, west, 0.0, -height, north)


PEOPLE = [[10.0, 20.0, 30.0], [40.0, 0.0, 60.0]]
"""Six cells of 100 m, the upper row first; west to east. Their lower left corner is (X0, Y0)."""


def units(residents: list[float], polygons: list[BaseGeometry | None] | None = None) -> Units:
    """West, Middle, ...: villages 100 m apart with seats at (X0 + 50, Y0 + 100), (X0 + 150, Y0 + 100), ..."""
    count = len(residents)
    names = ("West", "Middle", "East", "Far")[:count]
    return Units(
        id=tuple(f"V{place}" for place in range(count)),
        name=names,
        township_id=("T",) * count,
        township=("T",) * count,
        area=("rural",) * count,
        kind=("village",) * count,
        planning_unit=("T",) * count,
        part_of=tuple(f"V{place}" for place in range(count)),
        x=X0 + 50.0 + 100.0 * np.arange(count),
        y=np.full(count, Y0 + 100.0),
        residents=np.array(residents),
        children={},
        polygon=tuple(polygons or [None] * count),
    )


def column(place: int) -> BaseGeometry:
    """The polygon around one column of cells."""
    return box(X0 + 100 * place, Y0, X0 + 100 * (place + 1), Y0 + 200)


COLUMNS: list[BaseGeometry | None] = [column(0), column(1), column(2)]


def grid(folder: Path, people: Any = PEOPLE, **kwargs: Any) -> Layer:
    """A GeoTIFF of people; any rasterio keyword may be given anew."""
    cells = np.asarray(people)
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": cells.shape[0],
        "width": cells.shape[1],
        "count": 1,
        "dtype": cells.dtype,
        "crs": METRES,
        "transform": from_origin(X0, Y0 + 200, 100, 100),
    }
    with rasterio.open(folder / "people.tif", "w", **profile | kwargs) as file:
        file.write(cells, 1)
    return Layer(folder / "people.tif")


def table(shapes: list[BaseGeometry | None], residents: list[float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"residents": residents}, geometry=shapes, crs=METRES)


def points(
    layer: Layer | None, of: Units, frame: gpd.GeoDataFrame | None = None, boundary: BaseGeometry | None = None
) -> tuple[Units, DemandPoints, str]:
    """The answer, and all remarks in English."""
    faults: list[Fault] = []
    remarks: list[Remark] = []
    answer = read_points(layer, frame, of, METRES, boundary, Notes("people.tif", faults, remarks))
    assert not faults
    assert answer is not None
    return *answer, "\n".join(remark.what.en for remark in remarks)


def faults(
    layer: Layer | None, of: Units, frame: gpd.GeoDataFrame | None = None, boundary: BaseGeometry | None = None
) -> str:
    found: list[Fault] = []
    assert read_points(layer, frame, of, METRES, boundary, Notes("people.tif", found)) is None
    return "\n".join(fault.said_in(language) for fault in found for language in ("en", "zh"))


def test_six_cells_spread_over_three_villages_by_polygon(tmp_path: Path) -> None:
    """West 10 + 40 = 50 in the grid but 100 counted: 20 and 80. Middle 20 is 20. East 30 + 60 = 90, counted 45."""
    counted, found, said = points(grid(tmp_path), units([100, 20, 45], COLUMNS))
    assert found.unit.tolist() == [0, 0, 1, 2, 2]
    assert found.residents.tolist() == pytest.approx([20, 80, 20, 15, 30])
    assert (found.x - X0).tolist() == pytest.approx([50, 50, 150, 250, 250])
    assert (found.y - Y0).tolist() == pytest.approx([150, 50, 150, 150, 50])
    assert found.cell_m == pytest.approx(100.0)
    assert counted.residents.tolist() == [100, 20, 45]
    assert "the grid counts 160 people and the units themselves 165, a difference of -5 (-3.0 %)" in said
    assert "2 units differ from the grid by more than 20% (count / grid): West (100 / 50), East (45 / 90)." in said


def test_without_polygons_the_nearest_seat_takes_a_cell(tmp_path: Path) -> None:
    _, found, _ = points(grid(tmp_path), units([50, 20, 90]))
    assert found.unit.tolist() == [0, 0, 1, 2, 2]
    assert found.residents.tolist() == pytest.approx([10, 40, 20, 30, 60])


def test_a_unit_without_polygon_takes_what_no_polygon_holds(tmp_path: Path) -> None:
    """The cell in the middle column lies in no polygon; Middle is the only unit without one."""
    _, found, said = points(grid(tmp_path), units([50, 20, 90], [column(0), None, column(2)]))
    assert found.unit.tolist() == [0, 0, 1, 2, 2]
    assert "left out" not in said


def test_cells_in_no_polygon_are_left_out_and_counted(tmp_path: Path) -> None:
    _, found, said = points(grid(tmp_path), units([50, 20], [column(0), column(1)]))
    assert found.unit.tolist() == [0, 0, 1]
    assert "2 populated places (90 people) belong to no unit" in said


def test_cells_over_5_km_from_every_seat_are_left_out(tmp_path: Path) -> None:
    """One row of two cells: one over the seat, one 5,100 m east of it."""
    people = np.zeros((1, 52))
    people[0, [0, 51]] = 7.0, 9.0
    _, found, said = points(grid(tmp_path, people), units([7]), boundary=box(X0, Y0, X0 + 9000, Y0 + 200))
    assert found.residents.tolist() == [7.0]
    assert "1 populated places (9 people) belong to no unit (in no polygon, or over 5000 m from a seat)" in said


def test_cells_outside_the_boundary_are_left_out_and_counted(tmp_path: Path) -> None:
    """The boundary takes in the lower row and cuts the upper one below its centres."""
    _, found, said = points(grid(tmp_path), units([40, 1, 60]), boundary=box(X0, Y0, X0 + 300, Y0 + 140))
    assert found.residents.tolist() == pytest.approx([40, 1, 60])
    assert "3 populated places (60 people) lie outside the boundary and are left out" in said


def test_a_unit_without_cells_has_its_people_at_its_seat(tmp_path: Path) -> None:
    far = dataclasses.replace(units([50, 20, 90, 300]), x=X0 + np.array([50.0, 150.0, 250.0, 90000.0]))
    _, found, said = points(grid(tmp_path), far)
    assert found.unit.tolist() == [0, 0, 1, 2, 2, 3]
    assert (found.x[-1], found.y[-1], found.residents[-1]) == (X0 + 90000.0, Y0 + 100.0, 300.0)
    assert "1 units have no populated cell; their residents are placed at their seats: Far." in said


def test_a_unit_nobody_counted_takes_the_grid(tmp_path: Path) -> None:
    counted, found, said = points(grid(tmp_path), units([50, nan, nan], COLUMNS))
    assert counted.residents.tolist() == pytest.approx([50, 20, 90])
    assert found.residents.sum() == pytest.approx(160)
    assert "2 units have no count and take the grid's, 110 people: Middle, East." in said
    assert "the grid counts 50 people and the units themselves 50, a difference of +0 (+0.0 %)" in said


def test_a_county_nobody_counted_is_compared_with_nothing(tmp_path: Path) -> None:
    _, found, said = points(grid(tmp_path), units([nan, nan, nan], COLUMNS))
    assert found.residents.tolist() == pytest.approx([10, 40, 20, 30, 60])
    assert "difference" not in said


def test_a_unit_where_nobody_lives_keeps_one_point_with_nobody(tmp_path: Path) -> None:
    _, found, _ = points(grid(tmp_path), units([0, 20, 90], COLUMNS))
    assert found.unit.tolist() == [0, 1, 2, 2]
    assert found.residents[0] == 0.0
    assert (found.x[0], found.y[0]) == (X0 + 50, Y0 + 100)


def test_without_a_layer_people_live_at_the_seats() -> None:
    counted, found, said = points(None, units([100, 20]))
    assert found.unit.tolist() == [0, 1]
    assert found.residents.tolist() == [100, 20]
    assert np.isnan(found.cell_m)
    assert counted.residents.tolist() == [100, 20]
    assert not said


@pytest.mark.parametrize(
    ("people", "kwargs"),
    [
        (np.array([[10, 20, 30], [40, 255, 60]], dtype=np.uint8), {"nodata": 255}),
        (np.array([[10, 20, 30], [40, -99999, 60]], dtype=np.int32), {}),
        (np.array([[10, 20, 30], [40, nan, 60]]), {}),
        (np.array([[10, 20, 30], [40, nan, 60]], dtype=np.float32), {"nodata": nan}),
        (np.array([[10, 20, 30], [40, -3.4e38, 60]], dtype=np.float32), {"nodata": -3.4e38}),
    ],
)
def test_no_data_not_a_number_and_below_zero_is_nobody(tmp_path: Path, people: Any, kwargs: dict[str, Any]) -> None:
    _, found, said = points(grid(tmp_path, people, **kwargs), units([50, 20, 90]))
    assert found.residents.tolist() == pytest.approx([10, 40, 20, 30, 60])
    assert "the grid counts 160 people" in said


def test_a_grid_in_degrees_lands_where_it_lies(tmp_path: Path) -> None:
    """Cells of 0.001 degrees at 38.5 N: about 87.2 m x 111.0 m, a spacing of about 98.4 m."""
    place = units([10])
    layer = grid(tmp_path, [[4.0, 6.0]], crs="EPSG:4326", transform=from_origin(114.0, 38.5, 0.001, 0.001))
    truth = converter("wgs84", METRES)(np.array([[114.0005, 38.4995], [114.0015, 38.4995]]))
    seat = dataclasses.replace(place, x=truth[:1, 0], y=truth[:1, 1])
    _, found, _ = points(layer, seat)
    assert np.column_stack((found.x, found.y)) == pytest.approx(truth, abs=1e-6)
    assert found.cell_m == pytest.approx(np.sqrt(87.2 * 111.0), rel=0.002)


def test_a_grid_with_the_south_above_is_the_same_grid(tmp_path: Path) -> None:
    layer = grid(tmp_path, PEOPLE[::-1], transform=Affine(100, 0, X0, 0, 100, Y0))
    _, found, _ = points(layer, units([50, 20, 90]))
    assert found.residents.tolist() == pytest.approx([40, 10, 20, 60, 30])
    assert (found.y - Y0).tolist() == pytest.approx([50, 150, 150, 50, 150])


def test_only_the_part_of_a_large_grid_around_the_study_is_read(tmp_path: Path) -> None:
    """A 3,000 x 200 grid, one person a cell: within the boundary of 20 x 1,500 cells there are 30,000 people."""
    people = np.ones((3000, 200), dtype=np.uint8)
    layer = grid(tmp_path, people, transform=from_origin(X0, Y0 + 300000, 100, 100), tiled=True)
    place = dataclasses.replace(units([60000]), polygon=(box(X0, Y0, X0 + 2000, Y0 + 150000),))
    _, found, said = points(layer, place, boundary=place.polygon[0])
    assert len(found) == 30000
    assert found.residents.sum() == pytest.approx(60000, rel=1e-9)
    assert "left out" not in said


def test_random_villages_keep_their_counts(tmp_path: Path) -> None:
    """Whatever the grid says, the points of every village add up to its count, and every village has one."""
    rng = np.random.default_rng(3)
    place = dataclasses.replace(
        units([1, 1, 1, 1]), x=X0 + rng.uniform(0, 2000, 4), residents=rng.uniform(0, 5000, 4).round()
    )
    counted, found, _ = points(grid(tmp_path, rng.exponential(5, (20, 20)).round()), place)
    total = np.bincount(found.unit, weights=found.residents, minlength=4)
    assert total == pytest.approx(counted.residents, rel=1e-9)
    assert (found.residents > 0).all()
    assert set(found.unit.tolist()) == {0, 1, 2, 3}


def test_points_of_a_layer(tmp_path: Path) -> None:
    """Points 100 m apart; one without people, one without a count, one below zero, one without place."""
    shapes = [Point(X0 + 100 * k, Y0) for k in range(5)]
    frame = table([*shapes, None], [5.0, 15.0, 0.0, nan, -1.0, 8.0])
    _, found, said = points(Layer(tmp_path / "people.csv"), units([40]), frame)
    assert found.residents.tolist() == pytest.approx([10, 30])
    assert found.cell_m == pytest.approx(100.0)
    assert "3 of 6 rows have no count, a negative one or no place and are left out." in said


def test_cells_of_a_layer_count_at_their_middle(tmp_path: Path) -> None:
    frame = table([box(X0, Y0, X0 + 250, Y0 + 250)], [8.0])
    _, found, _ = points(Layer(tmp_path / "people.gpkg"), units([8]), frame)
    assert (found.x[0] - X0, found.y[0] - Y0, found.cell_m) == (125.0, 125.0, 250.0)


def test_one_lonely_point_has_no_spacing(tmp_path: Path) -> None:
    _, found, _ = points(Layer(tmp_path / "people.csv"), units([8]), table([Point(X0, Y0)], [8.0]))
    assert np.isnan(found.cell_m)


def test_neither_count_nor_cells(tmp_path: Path) -> None:
    far = dataclasses.replace(units([50, 20, 90, nan]), x=X0 + np.array([50.0, 150.0, 250.0, 90000.0]))
    said = faults(grid(tmp_path), far)
    assert "people.tif: 1 of 4 units have neither a count nor populated cells: Far." in said
    assert "4 个村（社区）中 1 个既无常住人口，也无人口格网：Far。" in said


def test_no_count_and_no_layer() -> None:
    assert "1 of 2 units have neither" in faults(None, units([50, nan]))


def test_missing_file(tmp_path: Path) -> None:
    said = faults(Layer(tmp_path / "people.tif"), units([1]))
    assert "people.tif: the population file does not exist" in said
    assert "人口文件不存在" in said


def test_not_a_raster(tmp_path: Path) -> None:
    (tmp_path / "people.tif").write_text("x,y,people")
    said = faults(Layer(tmp_path / "people.tif"), units([1]))
    assert "people.tif: is not a readable raster" in said
    assert "不是可读的栅格" in said


def test_a_grid_without_crs(tmp_path: Path) -> None:
    layer = grid(tmp_path, crs=None)
    assert "the raster has no coordinate system" in faults(layer, units([1]))
    _, found, _ = points(dataclasses.replace(layer, crs=METRES), units([50, 20, 90]))
    assert len(found) == 5


def test_a_picture_is_no_grid(tmp_path: Path) -> None:
    Image.fromarray(np.ones((2, 3), dtype=np.float32)).save(tmp_path / "people.tif")
    assert "the raster has no coordinate system" in faults(Layer(tmp_path / "people.tif"), units([1]))
    assert "does not meet the study area" in faults(Layer(tmp_path / "people.tif", METRES), units([1]))


def test_a_grid_whose_crs_does_not_reach_the_study(tmp_path: Path) -> None:
    """A transverse Mercator at 60 W knows no place at 114 E."""
    layer = grid(tmp_path, crs="+proj=tmerc +lat_0=0 +lon_0=-60 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +approx +units=m")
    assert "does not meet the study area" in faults(layer, units([1]))


def test_a_grid_on_an_old_datum(tmp_path: Path) -> None:
    said = faults(grid(tmp_path, crs="EPSG:2383"), units([1]))
    assert "Xi'an 1980 datum" in said


def test_a_grid_elsewhere(tmp_path: Path) -> None:
    layer = grid(tmp_path, transform=from_origin(X0 + 90000, Y0 + 200, 100, 100))
    said = faults(layer, units([1, 1, 1]))
    assert "people.tif: the raster (590000, 4260000 to 590300, 4260200) does not meet" in said
    assert "与研究范围不重叠" in said


def test_a_grid_of_nobody(tmp_path: Path) -> None:
    said = faults(grid(tmp_path, np.zeros((2, 3))), units([1]))
    assert "people.tif: no populated cell or point lies in the study area." in said
    assert "没有人口大于 0" in said

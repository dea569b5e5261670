from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from answers import Broken, Row, chosen, read_rows
from benchmark.folders import HEAD, every_form, write
from instances import files_of, read_instance


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, Row]:
    """The rows of all forms by name, the last of each."""
    found, broken = read_rows(every_form(tmp_path))
    assert broken == []
    return {row.name: row for row in found}


def test_every_row_and_every_problem_of_a_file_of_many_is_found(rows: dict[str, Row]) -> None:
    assert list(rows) == ["points", "keywords", "graph", "many/1", "many/2", "corners", "town", "row1", "t"]
    many = rows["many/1"]
    assert (many.problem, many.distance, many.value, many.is_proved) == (
        "capacitated_p_median", "euclidean_floor", 1.0, True,
    )  # fmt: skip


def test_a_value_is_trusted_to_its_last_digit(rows: dict[str, Row]) -> None:
    assert (rows["row1"].unit, rows["corners"].unit, rows["graph"].unit) == (0.1, 0.01, 1.0)


def test_rows_are_chosen_by_instance_folder_problem_or_pattern(rows: dict[str, Row]) -> None:
    every = list(rows.values())
    assert [row.name for row in chosen(every, "many/*")] == ["many/1", "many/2"]
    assert [row.name for row in chosen(every, "cover")] == ["points", "keywords"]
    assert [row.name for row in chosen(every, "p_median")] == ["graph", "t"]
    with pytest.raises(Broken, match=r"--only nowhere: no such instance; there are points, keywords"):
        chosen(every, "nowhere")


def test_two_tables(rows: dict[str, Row]) -> None:
    one = read_instance(rows["town"])
    assert one.metres.tolist() == [[0, 4, 10], [3, 1, 7], [4, 0, 6], [10, 6, 0]]
    assert one.places.home.tolist() == [0, 2, 3] and one.radius == 4.0
    assert one.places.capacity is not None and one.places.capacity.tolist() == [100, 60, 45]


def test_one_table_whose_sites_are_the_rows_with_a_capacity(rows: dict[str, Row]) -> None:
    one = read_instance(rows["row1"])
    assert one.places.site == ("a", "c", "d") and one.places.home.tolist() == [0, 2, 3]
    assert one.places.neighbours is not None and one.places.neighbours.tolist() == [[0, 1], [1, 2], [2, 3]]


def test_of_repeated_edges_the_last_counts(rows: dict[str, Row]) -> None:
    one = read_instance(rows["graph"])
    assert one.p == 2 and one.metres.tolist() == [[0, 2, 5, 9], [2, 0, 3, 7], [5, 3, 0, 4], [9, 7, 4, 0]]


def test_points_with_loads(rows: dict[str, Row]) -> None:
    one = read_instance(rows["corners"])
    assert one.p == 1 and one.metres.tolist() == [[0, 3, 4], [3, 0, 5], [4, 5, 0]]
    assert one.places.demand is not None and one.places.demand.tolist() == [2, 3, 4]


def test_one_problem_of_many(rows: dict[str, Row]) -> None:
    one = read_instance(rows["many/2"])
    assert one.p == 2 and one.metres.tolist() == [[0, 1], [1, 0]]  # floor of 1.414
    assert one.places.demand is not None and one.places.demand.tolist() == [2, 3]


def test_points_with_demand_beside_them(rows: dict[str, Row]) -> None:
    one = read_instance(rows["points"])
    assert one.places.weight.tolist() == [5, 7, 11] and (one.metres <= one.radius).sum() == 5


def test_keywords_with_degrees_and_with_numbered_points(rows: dict[str, Row]) -> None:
    one = read_instance(rows["keywords"])
    assert one.places.weight.tolist() == [5, 7, 11]
    assert one.metres[0, 1] == pytest.approx(6378137 * np.radians(0.005))
    assert read_instance(rows["t"]).metres.tolist() == [[0, 1, 7], [1, 0, 6], [7, 6, 0]]  # floors of 1.41, 6.08


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("town,p_center,2,,euclidean_km,60,1", "places/answers.csv row 2 (town): unknown problem 'p_center'"),
        ("town,p_median,two,,euclidean_km,60,1", "places/answers.csv row 2 (town): p is 'two'"),
        ("town,p_median,2.5,,euclidean_km,60,1", "places/answers.csv row 2 (town): p is '2.5'"),
        ("town,p_median,2,,euclidean_km,,1", "places/answers.csv row 2 (town): value is ''"),
        ("town,p_median,2,,miles,60,1", "places/answers.csv row 2 (town): unknown distance 'miles'"),
        ("town,p_median,2,,euclidean_km,60,yes", "places/answers.csv row 2 (town): proved is 'yes'"),
        ("town,set_covering,,,euclidean_km,2,1", "places/answers.csv row 2 (town): set_covering needs radius_m"),
        (",p_median,2,,euclidean_km,60,1", "places/answers.csv row 2: no instance"),
        ("town,p_median", "places/answers.csv row 2 (town): unknown distance ''"),
    ],
)
def test_a_broken_row_is_named_and_the_others_stay(tmp_path: Path, line: str, words: str) -> None:
    good = "town,p_median,2,,euclidean_km,60,1\n"
    write(tmp_path / "places", {"answers.csv": f"{HEAD}{good}{line}\n{good}"})
    rows, broken = read_rows(tmp_path)
    assert len(rows) == 2
    assert len(broken) == 1 and str(broken[0]).startswith(words)


def test_a_table_without_its_columns_is_named(tmp_path: Path) -> None:
    write(tmp_path / "places", {"answers.csv": "instance,problem,value\ntown,p_median,60\n"})
    rows, broken = read_rows(tmp_path)
    assert rows == [] and str(broken[0]) == "places/answers.csv: no column p, radius_m, distance, proved"


def test_without_any_answers_there_is_nothing_to_do(tmp_path: Path) -> None:
    write(tmp_path / "places", {"notes.txt": ""})
    with pytest.raises(Broken, match=r"no answers\.csv here, nor in a folder below"):
        read_rows(tmp_path)


@pytest.mark.parametrize(
    ("row", "file", "text", "words"),
    [
        ("town", "places/town/sites.csv", None, "has no sites.csv"),
        ("t", "tsp/t.tsp", None, "there is no tsp/t, a folder or a file with any ending"),
        ("points", "cover/demand-points.dat", None, "there is no demand-points.dat beside it"),
        ("points", "cover/demand-points.dat", "1\n2\n", "demand-points.dat: 2 lines, where it announces 3"),
        ("points", "cover/points.txt", "3\n0 0\n1 x\n2 2\n", "points.txt line 3: '1 x' are not numbers"),
        ("graph", "library/graph.txt", "4 5 2\n1 2 9\n", "graph.txt: 1 lines, where it announces 5"),
        ("graph", "library/graph.txt", "2 1 1\n1 3 9\n", "graph.txt: a vertex outside 1..2"),
        ("corners", "loads/corners.dat", "3 1\n0 0 9\n1 1 9\n2 2 9\n", "a line holds 3 numbers, not 4"),
        ("corners", "loads/corners.dat", "3 4\n0 0 9 1\n1 1 9 1\n2 2 9 1\n", "p = 4, but corners has 3 sites"),
        ("t", "tsp/t.tsp", "DIMENSION : 3\nNODE_COORD_SECTION\n1 0 0\nEOF", "1 lines of numbers, where DIMENSION is 3"),
        ("row1", "rows/row1.csv", "id,x_m,y_m,population\na,0,0,1\n", "no column fixed_cost, capacity"),
        ("row1", "rows/adjacency_row.csv", "a,b\na,z\n", "adjacency_row.csv: 1 ids are no unit's, such as 'z'"),
        ("town", "places/town/demand.csv", "id,x_m,y_m,population\na,0,0,many\n", "row 1: population is 'many'"),
        ("town", "places/town/demand.csv", "id,x_m,y_m,population\na,0,0,1\na,0,0,1\n", "the id 'a' occurs 2 times"),
        ("keywords", "cover/keywords.txt", "1 2 3 4\n", "none of the known forms"),
    ],
)
def test_a_broken_file_is_named_with_its_row(
    tmp_path: Path, rows: dict[str, Row], row: str, file: str, text: str | None, words: str
) -> None:
    broken = tmp_path / file
    broken.unlink()
    if text is not None:
        broken.write_text(text, encoding="utf-8")
    with pytest.raises(Broken) as raised:
        read_instance(rows[row])
    assert rows[row].where in str(raised.value) and words in str(raised.value)


def test_a_problem_needs_what_its_file_says(tmp_path: Path, rows: dict[str, Row]) -> None:
    write(tmp_path / "tsp", {"answers.csv": f"{HEAD}t,capacitated_p_median,,,euclidean_floor,1,1\n"})
    row = next(row for row in read_rows(tmp_path)[0] if row.name == "t")
    with pytest.raises(Broken, match=r"capacitated_p_median needs p, capacity, which t does not say"):
        read_instance(row)


def test_the_nearest_named_table_of_neighbours_belongs_to_an_instance(tmp_path: Path, rows: dict[str, Row]) -> None:
    write(tmp_path / "rows", {"adjacency_r.csv": "a,b\n", "adjacency_other.csv": "a,b\n"})
    assert [file.name for file in files_of(rows["row1"])] == ["row1.csv", "adjacency_row.csv"]

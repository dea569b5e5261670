"""Tiny folders of published instances, one of every form, written by hand."""

from __future__ import annotations

from pathlib import Path

HEAD = "instance,problem,p,radius_m,distance,value,proved\n"

# Four villages on a line, 0, 3, 4 and 10 km; sites in the first, third and last. People 10, 20, 30 and 40.
TOWN_DEMAND = "id,x_m,y_m,population\na,0,0,10\nb,3000,0,20\nc,4000,0,30\nd,10000,0,40\n"
TOWN_SITES = "id,x_m,y_m,capacity,fixed_cost\na,0,0,100,50\nc,4000,0,60,50\nd,10000,0,45,50\n"

# The same villages in one table; a school's cost is 50. a-b-c-d touch in a row, and a touches c.
ROW = (
    "id,x_m,y_m,population,is_candidate,fixed_cost,capacity\n"
    "a,0,0,10,0,50,100\nb,3000,0,20,0,0,0\nc,4000,0,30,2,50,60\nd,10000,0,40,1,50,45\n"
)
TOUCHING = "a,b\na,b\nb,a\nb,c\nc,d\n"

# A path 1-2-3-4 of lengths 2, 3, 4, the edge 1-2 said twice; and 3-4 twice, of which the last counts.
GRAPH = " 4 5 2\n 1 2 9\n 2 1 2\n 2 3 3\n 3 4 7\n 3 4 4\n"

# x, y, capacity, demand: three corners of a 3-4-5 triangle.
LOADS = "3 1\n 0 0 9 2\n 3 0 9 3\n 0 4 9 4\n"

MANY = (
    " 2\n 1 1\n 3 2 6\n 1 0 0 2\n 2 1 1 3\n 3 9 9 5\n"
    " 2 0\n 2 2 6\n 1 0 0 2\n 2 1 1 3\n"
)  # fmt: skip

POINTS, POINTS_DEMAND = "3\r\n0 0\r\n600 0\r\n2000 0\r\n", "5\n7\n11\n"

KEYWORDS = (
    "NAME : k\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : COORD\nNODE_COORD_SECTION\n0.0 0.0\n0.0 0.005\n0.0 0.5\n5\n7\n11\nEOF"
)

TSP = "NAME : t\nTYPE : TSP\nDIMENSION : 3\nNODE_COORD_SECTION\n1 0 0\n2 1.0e+00 1\n3 0 7\nEOF\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    """The files of a folder, newlines as they are."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return folder


def every_form(folder: Path) -> Path:
    """A data folder with an instance of every form and a right answer for each.

    town, p = 2: open c and d: 10 x 4 + 20 x 1 = 60; capacities: c holds a, b, c = 60 of 60, d 40 of 45: 60 as well.
    town with cost: c and d too: 60 + 100 = 160 (all three 20 + 150 = 170, c alone 60 + 240 + 50 = 350). row alike.
    graph, p = 2: open 2 and 4: 2 + 0 + 3 + 0 = 5 (1 and 3: 0 + 2 + 0 + 4 = 6).
    corners, p = 1: the right angle, 0 + 3 + 4 = 7. many: 1 and 2 together, 5 of 6 and floor(1.41) = 1; then 0.
    points, p = 1 within 800 m: 5 + 7 = 12. keywords: 0.005 degrees are 556.6 m, within 600 m 12. t, p = 2: floor(1.41).
    """
    write(folder / "places", {"town/demand.csv": TOWN_DEMAND, "town/sites.csv": TOWN_SITES})
    town = "town,p_median,2,,euclidean_km,60,1\ntown,capacitated_p_median,2,,euclidean_km,60,1\n"
    town += "town,uncapacitated_location,,,euclidean_km,160,1\ntown,set_covering,,4000,euclidean_km,2,1\n"
    write(folder / "places", {"answers.csv": HEAD + town})
    write(folder / "rows", {"row1.csv": ROW, "adjacency_row.csv": TOUCHING})
    write(folder / "rows", {"answers.csv": f"{HEAD}row1,capacitated_location,,,euclidean_km,160.0,0\n"})
    write(folder / "library", {"graph.txt": GRAPH, "many.txt": MANY})
    write(folder / "library", {"answers.csv": f"{HEAD}graph,p_median,,,graph,5,1\n"})
    write(folder / "loads", {"corners.dat": LOADS})
    write(folder / "loads", {"answers.csv": f"{HEAD}corners,capacitated_p_median,,,euclidean,7.00,1\n"})
    write(folder / "cover", {"points.txt": POINTS, "demand-points.dat": POINTS_DEMAND, "keywords.txt": KEYWORDS})
    cover = "points,maximal_covering,1,800,euclidean,12,1\nkeywords,maximal_covering,1,600,haversine_6378137,12,1\n"
    write(folder / "cover", {"answers.csv": HEAD + cover})
    write(folder / "tsp", {"t.tsp": TSP, "answers.csv": f"{HEAD}t,p_median,2,,euclidean_floor,1,1\n"})
    write(folder / "no_answers_here", {"notes.txt": "nothing"})
    return folder

import pytest

from siting.inputs.roads.walking import walked_as
from siting.study import ROAD_CLASSES


@pytest.mark.parametrize(
    ("tags", "drawn_as"),
    [
        ({"highway": "residential"}, "local"),
        ({"highway": "trunk"}, "trunk"),
        ({"highway": "secondary_link"}, "secondary"),
        ({"highway": "footway"}, "path"),
        ({"highway": "track", "access": "agricultural"}, "path"),
        ({"highway": "cycleway"}, "path"),
        ({"highway": "residential", "oneway": "yes"}, "local"),
        ({"highway": "pedestrian", "area": "yes"}, "path"),
        ({"highway": "service", "access": "private", "foot": "yes"}, "local"),
        ({"highway": "trunk", "motorroad": "yes", "foot": "designated"}, "trunk"),
        ({"highway": "motorway", "foot": "yes"}, "trunk"),
        ({"highway": "residential", "railway": "tram"}, "local"),
    ],
)
def test_ways_a_child_may_walk(tags: dict[str, str], drawn_as: str) -> None:
    assert walked_as(tags) == ROAD_CLASSES.index(drawn_as)


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"railway": "rail"},
        {"highway": "motorway"},
        {"highway": "motorway_link"},
        {"highway": "trunk", "foot": "no"},
        {"highway": "trunk", "motorroad": "yes"},
        {"highway": "construction", "construction": "primary"},
        {"highway": "proposed", "foot": "yes"},
        {"highway": "service", "access": "private"},
        {"highway": "residential", "access": "no"},
        {"highway": "footway", "access": "yes", "foot": "private"},
        {"highway": "cycleway", "foot": "no"},
        {"highway": "cycleway", "foot": "use_sidepath"},
        {"highway": "busway"},
        {"highway": "service", "area": "yes"},
        {"highway": "platform"},
    ],
)
def test_ways_a_child_may_not_walk(tags: dict[str, str]) -> None:
    assert walked_as(tags) is None

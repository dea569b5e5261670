"""Makes the embedded sample: ``python scripts/make_dingzhou_sample.py [--out data/dingzhou]``.

Reads the real names, codes and totals in data/dingzhou/facts and draws everything else from seeded chance.
The same seed gives the same files.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sample.births import make_births
from sample.facts import read_facts
from sample.files import write_births, write_features, write_grid, write_schools, write_villages
from sample.ground import make_ground
from sample.layers import barrier_lines, make_estates, make_protected, urban_area
from sample.people import County, make_county, make_grid
from sample.roads import make_network
from sample.schools import School, make_schools, tally, with_years
from sample.ways import write_roads

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "dingzhou"
SEED = 20211010

LEAST_SLACK = 1.04
"""The city's schools after all of the plan's works must hold so many times its residents."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the synthetic files of the sample into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=SAMPLE)
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    county = sample_county(SAMPLE / "facts")
    grid = make_grid(county, chance("grid"))
    network = make_network(county, chance("roads"))
    schools = with_years(make_schools(county, grid, chance("schools")), chance("years"))
    say_enough(county, schools)
    write_villages(out / "villages_synthetic.csv", county)
    write_births(out / "births_synthetic.csv", county, make_births(county, chance("births")))
    write_grid(out / "population_synthetic.tif", grid)
    write_roads(out / "roads_synthetic.osm.pbf", network, county.ground.barriers)
    write_schools(out / "schools_synthetic.xlsx", schools)
    write_features(out / "estates_synthetic.geojson", make_estates(county, chance("estates")))
    write_features(out / "protected_synthetic.geojson", make_protected(county, chance("protected")))
    write_features(out / "barriers_synthetic.geojson", barrier_lines(county))
    write_features(out / "urban_area_synthetic.geojson", urban_area(county))
    print(f"{len(grid.people)} cells, {len(network.xy)} nodes, {len(network.ends)} segments, {len(schools)} schools")


def sample_county(facts: Path) -> County:
    """Units with seats, residents and children: the part of the sample that is quick to make."""
    read = read_facts(facts)
    return make_county(read, make_ground(read.outline), chance("county"))


def chance(what: str) -> np.random.Generator:
    """The seeded chance of one part of the sample; the others do not disturb it."""
    return np.random.default_rng([SEED, *what.encode()])


def say_enough(county: County, schools: Sequence[School]) -> None:
    """Prints what the city and the towns have and could have; stops where the plan's works would not suffice."""
    for row in tally(county, schools):
        if row.place == "定州城区" or row.today < row.need:
            print(f"{row.place} {row.tier}: {row.need:.0f} residents, today {row.today:.0f}, after {row.after:.0f}")
        if row.after < LEAST_SLACK * row.need:
            raise SystemExit(f"{row.place} {row.tier}: {row.after:.0f} for {row.need:.0f} residents is not enough")


if __name__ == "__main__":
    main()

"""From a project's files to a study area: every layer read, every fault of every file in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting.errors import Fault, InputError
from siting.inputs.ages import read_ages
from siting.inputs.births import read_births
from siting.inputs.candidates import no_candidates, read_candidates
from siting.inputs.coordinates import converter, moved
from siting.inputs.grid import GRID_FILES
from siting.inputs.hashes import sha256_of
from siting.inputs.headers import say_no_column
from siting.inputs.notes import Notes
from siting.inputs.places import read_area_shape, read_estates, read_named
from siting.inputs.population import read_points
from siting.inputs.roads import read_roads
from siting.inputs.school_facts import read_school_facts
from siting.inputs.schools import read_schools
from siting.inputs.tables import read_plain, read_table
from siting.inputs.values import numbers
from siting.inputs.villages import Around, read_villages
from siting.project import Layer, LayerName, Project
from siting.study import (
    AgeCounts,
    BirthCounts,
    Candidates,
    DemandPoints,
    Remark,
    Roads,
    SchoolFacts,
    Schools,
    StudyArea,
    Tier,
    Units,
    no_places,
)
from siting.words import Phrase, name_some


def read_area(project: Project) -> tuple[StudyArea | None, tuple[Fault, ...]]:
    """The study area, and every fault of every layer; None where there is any fault.

    Layers that the project does not have are empty. Villages and roads it must have: where it has not,
    ``load_project`` has said so, and the area is None.
    """
    reading = _Reading(project)
    boundary, urban_area = reading.outline("boundary"), reading.outline("urban_area")
    units = reading.units(urban_area)
    (schools, facts), candidates = reading.schools(units), reading.candidates(units)
    peopled = reading.people(units, boundary)
    estates, barriers, protected = reading.estates(), reading.named("barriers"), reading.named("protected")
    roads = reading.roads(boundary)
    births, ages = reading.births(units), reading.ages(units)
    reading.remark_outside(units, boundary)
    faults = tuple(reading.faults)
    if faults or peopled is None or roads is None or schools is None or candidates is None:
        return None, faults
    counted, points = peopled
    area = StudyArea(
        name=project.name,
        crs=project.crs,
        units=counted,
        points=points,
        schools=schools,
        candidates=candidates,
        roads=roads,
        boundary=boundary,
        urban_area=urban_area,
        estates=estates,
        barriers=barriers,
        protected=protected,
        notice=project.notice,
        remarks=tuple(reading.remarks),
        sources=sources_of(project),
        births=births,
        ages=ages,
        school_facts=facts,
    )
    return area, ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One pass over a project's files: each layer by its own reader, all faults and remarks in two lists."""

    project: Project
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def notes(self, layer: Layer) -> Notes:
        """Notes under the file's name, and the sheet's where one is stated."""
        return Notes("/".join(filter(None, (layer.file.name, layer.sheet))), self.faults, self.remarks)

    def table(self, name: LayerName) -> tuple[gpd.GeoDataFrame, Notes] | None:
        """A layer's rows and where to note what is wrong with them; None where there is nothing to read."""
        layer = self.project.layers.get(name)
        if layer is None:
            return None
        notes = self.notes(layer)
        frame = read_table(layer, name, self.project.crs, notes)
        return None if frame is None else (frame, notes)

    def outline(self, name: LayerName) -> BaseGeometry | None:
        read = self.table(name)
        return None if read is None else read_area_shape(*read)

    def units(self, urban_area: BaseGeometry | None) -> Units | None:
        read = self.table("villages")
        around = Around(self.project.name, urban_area, "population" in self.project.layers)
        return None if read is None else read_villages(read[0], around, read[1])

    def schools(self, units: Units | None) -> tuple[Schools | None, Mapping[tuple[str, Tier], SchoolFacts]]:
        read = self.table("schools")
        if read is None:
            return None, {}
        return read_schools(read[0], units, read[1]), read_school_facts(*read)

    def candidates(self, units: Units | None) -> Candidates | None:
        if "candidates" not in self.project.layers:
            return no_candidates()
        read = self.table("candidates")
        return None if read is None else read_candidates(read[0], units, read[1])

    def people(self, units: Units | None, boundary: BaseGeometry | None) -> tuple[Units, DemandPoints] | None:
        """Units with a count each, and the points their residents live at; not tried on villages with faults."""
        layer = self.project.layers.get("population")
        is_table = layer is not None and not layer.file.name.casefold().endswith(GRID_FILES)
        frame = self._people_table() if is_table else None
        if units is None or self._has_faults("villages") or (is_table and frame is None):
            return None
        notes = self.notes(layer or self.project.layers["villages"])
        return read_points(layer, frame, units, self.project.crs, boundary, notes)

    def _has_faults(self, name: LayerName) -> bool:
        file = self.notes(self.project.layers[name]).file
        return any(fault.file == file for fault in self.faults)

    def _people_table(self) -> gpd.GeoDataFrame | None:
        read = self.table("population")
        if read is None:
            return None
        frame, notes = read
        if "residents" not in frame:
            say_no_column(notes, "population", ("residents",), frame.attrs["headers"])
            return None
        return frame.assign(residents=numbers(frame, "residents", Phrase("人口", "residents"), notes))

    def estates(self) -> gpd.GeoDataFrame:
        read = self.table("estates")
        return no_places() if read is None else read_estates(*read)

    def named(self, name: LayerName) -> gpd.GeoDataFrame:
        read = self.table(name)
        return no_places() if read is None else read_named(read[0])

    def births(self, units: Units | None) -> BirthCounts | None:
        """Births of the units' townships; None without the layer, with faults, and where no unit could be read."""
        layer = self.project.layers.get("births")
        if layer is None:
            return None
        notes = self.notes(layer)
        frame = read_plain(layer, "births", notes)
        return None if frame is None else read_births(frame, units, notes)

    def ages(self, units: Units | None) -> AgeCounts | None:
        """Residents of the units by age, as births above."""
        layer = self.project.layers.get("ages")
        if layer is None or layer.counted is None:
            return None
        notes = self.notes(layer)
        frame = read_plain(layer, "ages", notes)
        return None if frame is None else read_ages(frame, units, layer.counted, notes)

    def roads(self, boundary: BaseGeometry | None) -> Roads | None:
        layer = self.project.layers.get("roads")
        if layer is None or not self._is_there(layer, boundary):
            return None
        return read_roads(layer, self.project.crs, self.faults, self.remarks)

    def _is_there(self, layer: Layer, boundary: BaseGeometry | None) -> bool:
        """True unless a download was asked for and failed; a file that is there is never fetched again.

        Where the study has a boundary, roads are fetched within it, whatever the place is called.
        """
        if not layer.place or layer.file.is_file():
            return True
        from siting.inputs.roads.download import download_roads  # here: loading OSMnx takes longer than most commands

        try:
            download_roads(layer.place, self._in_degrees(boundary), layer.file)
        except InputError as failure:
            self.faults.extend(failure.faults)
            return False
        return True

    def _in_degrees(self, shape: BaseGeometry | None) -> BaseGeometry | None:
        if shape is None:
            return None
        return moved(np.array([shape], dtype=object), converter(self.project.crs, "wgs84"))[0]

    def remark_outside(self, units: Units | None, boundary: BaseGeometry | None) -> None:
        """A remark naming the units whose seat lies outside the boundary."""
        if units is None or boundary is None:
            return
        outside = np.flatnonzero(~shapely.intersects_xy(boundary, units.x, units.y))
        if len(outside):
            rows = name_some([units.name[at] for at in outside])
            self.notes(self.project.layers["villages"]).remark(
                Phrase(
                    f"{len(units)} 个村（社区）中 {len(outside)} 个在边界以外：{rows.zh}。",
                    f"{len(outside)} of {len(units)} units lie outside the boundary: {rows.en}.",
                )
            )


def sources_of(project: Project) -> Mapping[str, tuple[str, str]]:
    """Each layer's file and its SHA-256; a Shapefile's is that of all its parts, in order of their names."""
    return {name: (layer.file.name, sha256_of(layer.file)) for name, layer in project.layers.items()}

"""Land-boundary text (报部格式): the plots' corners as land offices exchange them, X north and Y east with the zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Transformer

from siting.filing.dossier import Dossier, Plot
from siting.filing.fonts import one_line
from siting.filing.gis.letters import spelt_out
from siting.filing.gis.projects import Placed, plots
from siting.filing.gis.systems import Zone, zone_of
from siting.inputs.coordinates import crs_of
from siting.study import FloatArray, Tier
from siting.words import Phrase

RECOMMENDED = Phrase("地块坐标_推荐方案.txt", "plot_corners_recommended.txt")
ALTERNATIVES = Phrase("地块坐标_备选方案.txt", "plot_corners_alternatives.txt")
ENCODING = "gbk"


class LandUse(NamedTuple):
    """A class of the national classification of land use: what it is called, and its code."""

    name: str
    code: str


_SCHOOL = LandUse("中小学用地", "080403")
LAND_USES: dict[Tier, LandUse] = {
    "kindergarten": LandUse("幼儿园用地", "080404"),
    "primary": _SCHOOL,
    "junior": _SCHOOL,
    "senior": _SCHOOL,
}
"""国土空间调查、规划、用途管制用地用海分类指南: 0804 教育用地."""


def write_boundaries(dossier: Dossier, folder: Path) -> Phrase:
    """Files of the recommended plots and of the alternatives, where there are any; why there are none, else nothing."""
    zone = zone_of(dossier.result.area)
    if zone is None:
        return Phrase(
            "研究范围不在中国境内，没有 CGCS2000 三度带，未写地块坐标文件。",
            "The study area lies outside China, where CGCS2000 has no zone: no files of plot corners were written.",
        )
    every = plots(dossier)
    for name, is_recommended in ((RECOMMENDED, True), (ALTERNATIVES, False)):
        ours = [(one, plot) for one, plot in every if one.is_recommended is is_recommended]
        if ours:
            lines = [*_head(dossier, zone), "[地块坐标]", *_plots(dossier, zone, ours)]
            (folder / dossier.said(name)).write_bytes("".join(f"{line}\r\n" for line in lines).encode(ENCODING))
    return Phrase("", "") if every else Phrase("方案没有新建地块。", "The plan has no plots of new builds.")


def _head(dossier: Dossier, zone: Zone) -> Iterator[str]:
    settings = dossier.settings
    yield "[属性描述]"
    yield "格式版本号=1.01版本"
    yield f"数据产生单位={_word(settings.prepared_by)}"
    yield f"数据产生日期={settings.day:%Y-%m-%d}"
    yield "坐标系=2000国家大地坐标系"
    yield "几度分带=3"
    yield "投影类型=高斯克吕格"
    yield "计量单位=米"
    yield f"带号={zone.number}"
    yield "精度=0.001"
    yield "转换参数=,,,,,,"


def _plots(dossier: Dossier, zone: Zone, ours: Sequence[tuple[Placed, Plot]]) -> Iterator[str]:
    to_zone = Transformer.from_crs(crs_of(dossier.result.area.crs), zone.prefixed, always_xy=True)
    for one, plot in ours:
        ring = np.round(np.column_stack(to_zone.transform(*plot.corners.T)), 3)
        yield _plot(dossier, one, ring)
        yield from _corners(ring)


def _plot(dossier: Dossier, one: Placed, ring: FloatArray) -> str:
    """Corners with the first again, hectares of the ring as it is written, number, name, kind, sheet, use, code."""
    use = LAND_USES[one.work.part.tier]
    hectares = shapely.Polygon(ring).area / 1e4
    sketch = dossier.said(Phrase("（示意）", " (illustrative)"))
    name = f"{_word(dossier.said(one.work.name))}{sketch}"
    return f"{len(ring) + 1},{hectares:.4f},{_word(one.code)},{name},面,,{use.name},{use.code},@"


def _corners(ring: FloatArray) -> Iterator[str]:
    """J1, J2, ... clockwise and J1 again, all of ring 1; north before east."""
    for number, (east, north) in (*enumerate(ring.tolist(), 1), (1, ring[0].tolist())):
        yield f"J{number},1,{north:.3f},{east:.3f}"


_MARKS = str.maketrans({",": "，", "@": "＠"})
"""Marks the format itself uses, in their wide forms."""


def _word(text: str) -> str:
    return spelt_out(one_line(text).translate(_MARKS), ENCODING)

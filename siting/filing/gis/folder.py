"""The folder gis/ of a dossier, and the text in it that says what each file is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from siting.filing.dossier import Dossier
from siting.filing.fonts import one_line
from siting.filing.gis.boundaries import ALTERNATIVES, RECOMMENDED, write_boundaries
from siting.filing.gis.drawing import write_drawing
from siting.filing.gis.geojson import DECIMALS, write_geojson
from siting.filing.gis.geopackage import write_geopackage, write_styles
from siting.filing.gis.layer import GisLayer
from siting.filing.gis.layers import gis_layers
from siting.filing.gis.projects import findings_frame
from siting.filing.gis.shapefiles import FIELD_TABLE, Lost, write_shapefiles
from siting.filing.gis.systems import gis_crs, said, zone_of
from siting.words import Phrase

FOLDER = "gis"
GEOPACKAGE = Phrase("学校布局.gpkg", "schools.gpkg")
DRAWING = Phrase("学校布局.dxf", "schools.dxf")
STYLES = Phrase("样式", "styles")
SHAPEFILES, GEOJSON = "shp", "geojson"
README = Phrase("说明.txt", "README.txt")


def write_gis(dossier: Dossier, folder: Path) -> None:
    """gis/ in a folder that is there. Raises InputError where the CRS asked for cannot be used."""
    crs, home = gis_crs(dossier), folder / FOLDER
    layers = gis_layers(dossier)
    home.mkdir()
    write_geopackage(layers, findings_frame(dossier), crs, dossier.settings, home / dossier.said(GEOPACKAGE))
    write_styles(layers, dossier.settings.language, home / dossier.said(STYLES))
    lost = write_shapefiles(layers, crs, dossier, home / SHAPEFILES)
    write_geojson(layers, dossier.settings.language, home / GEOJSON)
    write_drawing(layers, dossier, home / dossier.said(DRAWING))
    why_none = write_boundaries(dossier, home)
    text = "\r\n".join(dossier.said(line) for line in _lines(dossier, layers, crs, lost, why_none))
    (home / dossier.said(README)).write_text(f"{text}\r\n", encoding="utf-8-sig", newline="")


def _lines(
    dossier: Dossier, layers: tuple[GisLayer, ...], crs: str, lost: tuple[Lost, ...], why_none: Phrase
) -> Iterator[Phrase]:
    yield from _title(dossier)
    yield from _files(dossier, crs, why_none)
    yield from _losses(lost)
    yield from _layer_list(layers)
    yield from _opening()


def _title(dossier: Dossier) -> Iterator[Phrase]:
    area, settings = dossier.result.area, dossier.settings
    name, unit = one_line(area.name), one_line(settings.prepared_by)
    yield Phrase(f"{name}　GIS 成果说明", f"{name}: GIS files")
    if area.notice.zh:
        yield Phrase(f"数据声明：{area.notice.zh}", f"Notice: {area.notice.en}")
    yield Phrase(f"制图单位：{unit}", f"Prepared by: {unit}")
    yield Phrase(f"日期：{settings.day:%Y-%m-%d}", f"Date: {settings.day:%Y-%m-%d}")
    if settings.is_internal:
        yield Phrase("内部资料 供审批使用", "Internal, for approval only")
    yield _BLANK


_BLANK = Phrase("", "")


def _files(dossier: Dossier, crs: str, why_none: Phrase) -> Iterator[Phrase]:
    encoding, study = dossier.settings.encoding.upper(), said(dossier.result.area.crs)
    yield Phrase("一、文件", "Files")
    yield Phrase(
        f"{GEOPACKAGE.zh}：全部图层及逐项约束核查表，坐标系 {said(crs)}，UTF-8，带样式；日常使用以此为准。",
        f"{GEOPACKAGE.en}: every layer and the table of constraints, CRS {said(crs)}, UTF-8, styled; use this one.",
    )
    yield Phrase(
        f"{STYLES.zh}/：各图层的 QGIS 样式（.qml），与 GeoPackage 内的默认样式相同。",
        f"{STYLES.en}/: the QGIS style of each layer (.qml), the same as in the GeoPackage.",
    )
    yield Phrase(
        f"{SHAPEFILES}/：Shapefile，坐标系 {said(crs)}，属性表编码 {encoding}（见 .cpg）；字段为代码，"
        f"含义见 {FIELD_TABLE.zh}.xlsx、{FIELD_TABLE.zh}.csv；与图层同名的 .qml 为样式。",
        f"{SHAPEFILES}/: Shapefiles, CRS {said(crs)}, tables in {encoding} (see .cpg); columns are codes, explained in "
        f"{FIELD_TABLE.en}.xlsx and {FIELD_TABLE.en}.csv; a .qml of the same name is the style.",
    )
    yield Phrase(
        f"{GEOJSON}/：GeoJSON（RFC 7946），经纬度 WGS84（EPSG:4326），经度在前，{DECIMALS} 位小数，UTF-8。",
        f"{GEOJSON}/: GeoJSON (RFC 7946), degrees of WGS84 (EPSG:4326), longitude first, {DECIMALS} decimals, UTF-8.",
    )
    yield Phrase(
        f"{DRAWING.zh}：CAD 图（DXF R2010），坐标系 {study}，单位米，图层按类别；X 为东、Y 为北（数学坐标）。",
        f"{DRAWING.en}: drawing (DXF R2010), CRS {study}, metres, layers by kind; X is east, Y is north.",
    )
    yield _boundary_line(dossier, why_none)
    yield _BLANK


def _boundary_line(dossier: Dossier, why_none: Phrase) -> Phrase:
    zone = zone_of(dossier.result.area)
    if zone is None or why_none.zh:
        return why_none
    return Phrase(
        f"{RECOMMENDED.zh}、{ALTERNATIVES.zh}：地块界址点（报部格式），GBK，{said(zone.prefixed)}，带号 {zone.number}；"
        "X 为北、Y 为东（带号在前），首点重复以闭合。扩建项目用现有校址，不列。"
        "地块均为示意，正式报件须以勘测定界成果替换。",
        f"{RECOMMENDED.en}, {ALTERNATIVES.en}: corners of the plots in the land offices' exchange format, whose own "
        f"words are Chinese; GBK, {said(zone.prefixed)}, zone {zone.number}; X is north, Y is east with the zone "
        "before it, the first corner repeated. Extensions stand on the school's own land and are not listed. Plots are "
        "illustrative; a survey must replace them before filing.",
    )


def _losses(lost: tuple[Lost, ...]) -> Iterator[Phrase]:
    """What the Shapefiles do not hold as it is."""
    cut = sum(one.loss.is_cut for one in lost)
    lacked = "".join(dict.fromkeys(letter for one in lost for letter in one.loss.lacked))
    if cut:
        yield Phrase(
            f"注意：Shapefile 有 {cut} 处文本超过 254 字节，已截短并以“…”结尾，全文见 "
            f"{FIELD_TABLE.zh}.xlsx 的“全文”表。",
            f"Note: {cut} texts are too long for a Shapefile (254 bytes); they end with '…' and stand in full in "
            f"{FIELD_TABLE.en}.xlsx, sheet 'In full'.",
        )
    if lacked:
        yield Phrase(
            f"注意：GBK 没有这些字：{' '.join(lacked)}，Shapefile 中写作 [U+编码]，原文见 "
            f"{FIELD_TABLE.zh}.xlsx 的“全文”表。",
            f"Note: GBK lacks these letters: {' '.join(lacked)}; the Shapefiles spell them [U+number], the texts stand "
            f"in {FIELD_TABLE.en}.xlsx, sheet 'In full'.",
        )
    if cut or lacked:
        yield _BLANK


def _layer_list(layers: tuple[GisLayer, ...]) -> Iterator[Phrase]:
    yield Phrase(
        "二、图层（GeoPackage 图层名 | Shapefile | 内容 | 行数）", "Layers (GeoPackage | Shapefile | what | rows)"
    )
    for layer in layers:
        rows = len(layer.frame)
        yield Phrase(
            f"{layer.name.zh} | {layer.stem}.shp | {layer.what.zh} | {rows}",
            f"{layer.name.en} | {layer.stem}.shp | {layer.what.en} | {rows}",
        )
    yield _BLANK


def _opening() -> Iterator[Phrase]:
    yield Phrase("三、如何打开", "How to open")
    yield Phrase(
        "QGIS：把 GeoPackage 拖入窗口，勾选图层，样式自动加载；Shapefile、GeoJSON 同名 .qml 也会自动加载。",
        "QGIS: drop the GeoPackage on the window and choose layers; they open in their style, as Shapefiles and "
        "GeoJSON do.",
    )
    yield Phrase(
        "ArcGIS：添加 GeoPackage 或 shp 文件夹中的图层；样式须自行设置（ArcGIS 不读 .qml）。",
        "ArcGIS: add layers of the GeoPackage or the folder shp; set the looks yourself (ArcGIS reads no .qml).",
    )
    yield Phrase(
        "CAD：直接打开 DXF，单位为米，汉字用黑体（SimHei）；国土软件：导入地块坐标 TXT。",
        "CAD: open the DXF, units are metres, Chinese text is set in SimHei; land offices' programs read the TXT.",
    )
    yield Phrase(
        "空值表示没有统计，0 表示已统计且为零；Shapefile 的空白数字在部分软件中显示为 0。"
        "不要在 EPSG:3857 中量距离或面积。",
        "Blank is not counted, 0 is counted and none; some programs show blank numbers of Shapefiles as 0. Measure "
        "nothing in EPSG:3857.",
    )

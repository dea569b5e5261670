"""Shapefiles: coded column names, tables in UTF-8 or GBK, what the codes mean, and what a table could not hold."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyogrio

from siting.export.in_language import Header, cover_in, table_in
from siting.export.tables import Table
from siting.export.workbook import save_workbook
from siting.filing.dossier import Dossier
from siting.filing.gis.dbase import MOST_BYTES, Loss, table_of
from siting.filing.gis.fields import FIELDS
from siting.filing.gis.layer import GisLayer
from siting.filing.gis.letters import code_point
from siting.filing.gis.qml import style_of
from siting.words import Phrase, both

FIELD_TABLE = Phrase("字段说明", "fields")
_CODE_PAGES = {"utf-8": "UTF-8", "gbk": "936"}
"""What .cpg says; 936 is the number of GBK."""


class Lost(NamedTuple):
    """What the table of one layer could not hold as it is."""

    layer: GisLayer
    loss: Loss


def write_shapefiles(layers: Iterable[GisLayer], crs: str, dossier: Dossier, folder: Path) -> tuple[Lost, ...]:
    """A Shapefile and its style for each layer, and the table of fields; returns what the tables could not hold."""
    folder.mkdir()
    listed = list(layers)
    lost = tuple(Lost(layer, loss) for layer in listed for loss in _write(layer, crs, dossier, folder))
    _write_field_tables(listed, lost, dossier, folder)
    return lost


def _write(layer: GisLayer, crs: str, dossier: Dossier, folder: Path) -> list[Loss]:
    settings, file = dossier.settings, folder / f"{layer.stem}.shp"
    pyogrio.write_dataframe(
        layer.frame[["geometry"]].to_crs(crs).assign(row=range(len(layer.frame))),
        file,
        driver="ESRI Shapefile",
        geometry_type="Polygon" if layer.geometry == "MultiPolygon" else "Point",
        layer_options={"ENCODING": "UTF-8"},
    )
    table, losses = table_of(layer.frame[layer.columns], settings.encoding, settings.day)
    file.with_suffix(".dbf").write_bytes(table)
    file.with_suffix(".cpg").write_text(_CODE_PAGES[settings.encoding], encoding="ascii")
    style = style_of(layer, lambda key: FIELDS[key].code, settings.language)
    file.with_suffix(".qml").write_text(style, encoding="utf-8")
    return losses


def _write_field_tables(layers: list[GisLayer], lost: tuple[Lost, ...], dossier: Dossier, folder: Path) -> None:
    name, language = dossier.said(FIELD_TABLE), dossier.settings.language
    fields = _fields_table(layers, dossier)
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.header for column in fields.columns])
        lines.writerows(fields.rows)
    notice = dossier.result.area.notice
    cover = cover_in(language, Phrase("Shapefile 字段说明", "Fields of the Shapefiles"), notice, _ABOUT)
    save_workbook(folder / f"{name}.xlsx", cover, (fields, *_lost_table(lost, dossier)), notice, language)


_ABOUT = (
    (
        Phrase("字段代码", "Codes"),
        Phrase(
            "Shapefile 的字段名最多 10 个字节，故用拼音代码。",
            "Column names of a Shapefile have at most 10 bytes, hence the codes.",
        ),
    ),
    (
        Phrase("空值", "Blanks"),
        Phrase(
            "空白表示没有统计，0 表示已统计且为零。部分软件把 Shapefile 的空白数字显示为 0，请以 GeoPackage 为准。",
            "Blank is not counted, 0 is counted and none. Some programs show a blank number of a Shapefile as 0; "
            "trust the GeoPackage.",
        ),
    ),
)


def _fields_table(layers: list[GisLayer], dossier: Dossier) -> Table:
    headers = (
        Header(Phrase("文件", "File"), 26),
        Header(Phrase("图层", "Layer"), 26),
        Header(Phrase("字段代码", "Code"), 12),
        *((Header(both("中文名称"), 18),) if dossier.settings.language == "zh" else ()),
        Header(Phrase("英文名称", "Name"), 20),
        Header(Phrase("类型", "Type"), 8),
        Header(Phrase("单位", "Unit"), 10),
        Header(Phrase("含义", "Meaning"), 44),
    )
    rows = [tuple(_field_row(layer, key, dossier)) for layer in layers for key in layer.columns]
    title = Phrase("Shapefile 字段说明", "Fields of the Shapefiles")
    return table_in(FIELD_TABLE, title, headers, rows, dossier.settings.language)


def _field_row(layer: GisLayer, key: str, dossier: Dossier) -> Iterator[str]:
    field = FIELDS[key]
    yield f"{layer.stem}.shp"
    yield dossier.said(layer.name)
    yield field.code
    if dossier.settings.language == "zh":
        yield field.zh
    yield field.key
    yield dossier.said(Phrase("文本", "text") if field.decimals is None else Phrase("数字", "number"))
    yield dossier.said(field.unit)
    yield dossier.said(field.meaning)


def _lost_table(lost: tuple[Lost, ...], dossier: Dossier) -> Iterator[Table]:
    """Texts that stand in full here, because the tables hold them cut or spelt."""
    if not lost:
        return
    headers = (
        Header(Phrase("文件", "File"), 26),
        Header(Phrase("第几行", "Row"), 8, "0"),
        Header(Phrase("字段代码", "Code"), 12),
        Header(Phrase("原因", "Why"), 30),
        Header(Phrase("全文", "In full"), 80),
    )
    rows = [
        (f"{layer.stem}.shp", loss.row, FIELDS[loss.key].code, dossier.said(_why(loss)), loss.text)
        for layer, loss in lost
    ]
    title = Phrase("表中放不下的文本，全文在此", "Texts the tables could not hold, in full")
    yield table_in(Phrase("全文", "In full"), title, headers, rows, dossier.settings.language)


def _why(loss: Loss) -> Phrase:
    letters = " ".join(f"{letter}={code_point(letter)}" for letter in loss.lacked)
    said = (
        [Phrase(f"超过 {MOST_BYTES} 字节，已截短", f"longer than {MOST_BYTES} bytes, cut")] if loss.is_cut else []
    ) + ([Phrase(f"GBK 没有的字：{letters}", f"letters GBK lacks: {letters}")] if letters else [])
    return Phrase("；".join(one.zh for one in said), "; ".join(one.en for one in said))

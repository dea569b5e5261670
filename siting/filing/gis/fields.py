"""The one list of what a column of a GIS layer is called, in which unit it counts and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from siting.export.fields import CLASSES, HOMES, M2, METRES, MU, PEOPLE, SEATS, WAN
from siting.words import Language, Phrase, both


class Field(NamedTuple):
    """One column. key is its English name, as in plan.gpkg where that has it; code its name in a Shapefile, at most ten
    ASCII letters. decimals is None for text, 0 for whole numbers."""

    key: str
    code: str
    zh: str
    meaning: Phrase
    unit: Phrase = both("")
    decimals: int | None = None

    def named_in(self, language: Language) -> str:
        """Its name in GeoPackage and GeoJSON."""
        return Phrase(self.zh, self.key).said_in(language)


_YEAR = Phrase("年", "year")

_NAMES = (
    Field("school_id", "XXDM", "学校代码", Phrase("学校或备选点的代码", "id of the school or candidate")),
    Field("school_name", "XXMC", "学校名称", Phrase("学校名称", "name of the school")),
    Field("tier", "XD", "学段", Phrase("学段", "school tier")),
    Field("operator", "BXXZ", "办学性质", Phrase("公办、公办性质、普惠性民办、民办", "who runs the school")),
    Field("programme", "XMLB", "项目类别", Phrase("学段与城乡", "tier and area planned for")),
    Field("township", "XZJD", "乡镇街道", Phrase("所在乡镇（街道）", "township")),
    Field("village", "SZC", "所在村社区", Phrase("所在村（社区）", "village or community it stands in")),
    Field(
        "unit_id", "CSDM", "村社区代码", Phrase("行政村（社区、地块）的代码", "id of the village, community or block")
    ),
    Field("unit_name", "CSMC", "村社区名称", Phrase("行政村（社区、地块）的名称", "its name")),
    Field("area", "CX", "城乡", Phrase("城区、镇区或乡村", "city, town or rural")),
    Field("action", "JSXZ", "建设性质", Phrase("新建、扩建或保留", "new build, extend or keep")),
    Field("clause", "YJTK", "依据条款", Phrase("建设所依据的规则条款", "rule the action rests on")),
    Field("reason", "LY", "理由", Phrase("为何这样安排", "why")),
)
_COUNTS = (
    Field("classes_before", "XYBS", "现状班数", Phrase("扩建前班数，新建为 0", "before; 0 for new"), CLASSES, 0),
    Field("classes", "BS", "班数", Phrase("办学规模", "classes"), CLASSES, 0),
    Field("classes_added", "XZBS", "新增班数", Phrase("项目新增班数", "classes the project adds"), CLASSES, 0),
    Field("seats", "XWS", "学位数", Phrase("学位", "seats"), SEATS, 0),
    Field("seats_added", "XZXW", "新增学位", Phrase("项目新增学位", "seats the project adds"), SEATS, 0),
    Field("enrolment", "ZXSS", "在校生数", Phrase("在校生（在园幼儿）", "enrolment"), PEOPLE, 0),
    Field(
        "max_classes", "KKBS", "可扩班数", Phrase("现有用地最多可办班数", "classes the plot has room for"), CLASSES, 0
    ),
    Field("opened_year", "JXNF", "建校年份", Phrase("建校年份", "year the school opened"), _YEAR, 0),
    Field("residents", "CZRK", "常住人口", Phrase("常住人口", "residents"), PEOPLE, 0),
    Field("service_population", "FWRK", "服务人口", Phrase("分配到该校的常住人口", "residents assigned"), PEOPLE, 0),
    Field("pupils", "SLRK", "适龄人口", Phrase("分配到该校的适龄儿童", "children assigned"), PEOPLE, 0),
    Field("covered_residents", "FGRK", "覆盖人口", Phrase("服务半径内人口", "within the radius"), PEOPLE, 0),
    Field("uncovered_residents", "WFGRK", "未覆盖人口", Phrase("服务半径外人口", "beyond the radius"), PEOPLE, 0),
    Field("covered_share", "FGL", "覆盖率", Phrase("覆盖人口占比", "share of residents covered"), both("%"), 1),
    Field("is_covered", "SFFG", "是否覆盖", Phrase("是、部分、否或未分配", "yes, partly, no or unassigned")),
    Field("unit_count", "CSS", "村社区数", Phrase("服务的村（社区）数", "units served"), Phrase("个", "units"), 0),
    Field("served", "FWFW", "服务范围", Phrase("服务的村（社区）名称", "names of the units served")),
    Field("radius_m", "FWBJ", "服务半径_m", Phrase("规定的服务半径，空为无规定", "promised distance"), METRES, 0),
    Field("distance_m", "LWJL", "路网距离_m", Phrase("居民到分配学校的平均路网距离", "mean road distance"), METRES, 0),
    Field("mean_m", "PJLC", "平均路程_m", Phrase("居民平均路网距离", "mean road distance"), METRES, 0),
    Field("farthest_m", "ZYLC", "最远路程_m", Phrase("最远居民的路网距离", "farthest road distance"), METRES, 0),
)
_WORKS = (
    Field("code", "XMBH", "项目编号", Phrase("项目编号，各附件一致", "project code, the same in every annex")),
    Field("project", "XMMC", "项目名称", Phrase("项目名称", "project")),
    Field("place_code", "DDBH", "地点编号", Phrase("推荐地点为项目编号，备选点加序号", "code of the place")),
    Field("scheme", "FA", "方案", Phrase("推荐方案或备选方案", "recommended or alternative")),
    Field("place", "DDMC", "地点名称", Phrase("选址地点", "place")),
    Field("land_mu", "YDMJM", "用地面积_亩", Phrase("用地面积，示意", "land, illustrative"), MU, 2),
    Field("land_m2", "YDMJ", "用地面积_㎡", Phrase("用地面积，示意", "land, illustrative"), M2, 0),
    Field("floor_m2", "JZMJ", "建筑面积_㎡", Phrase("按标准测算的建筑面积", "floor area by the norms"), M2, 0),
    Field("money_wan", "TZGS", "投资估算_万元", Phrase("投资估算，不含征地", "estimate without land"), WAN, 2),
    Field("year", "KBNF", "开办年份", Phrase("计划开办年份", "autumn it opens"), _YEAR, 0),
    Field("responsible", "ZRDW", "责任单位", Phrase("责任单位", "responsible bodies")),
    Field("verdict", "YSHC", "约束核查", Phrase("约束核查结论及条数", "verdicts on constraints, counted")),
    Field("evidence", "HCSM", "核查说明", Phrase("发现的约束与依据", "constraints found, and the evidence")),
    Field("unchecked", "WHCX", "未核查项", Phrase("没有图层可查的约束", "constraints no layer was given for")),
    Field("constraint", "YS", "约束", Phrase("核查的约束", "the constraint looked at")),
    Field("source", "YJ", "依据", Phrase("约束的出处", "where the constraint comes from")),
    Field("lost", "YTJBJ", "与推荐相比", Phrase("改用此处的损失", "what is lost against the recommended place")),
    Field("bounds_east", "DONGZ", "东至", Phrase("四至（道路所及）", "what bounds it to the east")),
    Field("bounds_south", "NANZ", "南至", Phrase("四至（道路所及）", "what bounds it to the south")),
    Field("bounds_west", "XIZ", "西至", Phrase("四至（道路所及）", "what bounds it to the west")),
    Field("bounds_north", "BEIZ", "北至", Phrase("四至（道路所及）", "what bounds it to the north")),
)
_OTHERS = (
    Field("name", "MC", "名称", Phrase("名称", "name")),
    Field("phase", "FQ", "分期", Phrase("分期", "phase")),
    Field("dwellings", "HS", "户数", Phrase("户数", "dwellings"), HOMES, 0),
    Field("delivery_year", "JFNF", "交付年份", Phrase("首次交付年份", "year of delivery"), _YEAR, 0),
    Field("area_km2", "MJ", "面积_km2", Phrase("平面面积", "planar area"), Phrase("平方公里", "km²"), 2),
    Field("colour", "PSH", "配色号", Phrase("仅供图面区分相邻学区", "only tells neighbours apart"), both(""), 0),
    Field("remark", "BZ", "备注", Phrase("备注", "remark")),
)

FIELDS: Mapping[str, Field] = {field.key: field for field in (*_NAMES, *_COUNTS, *_WORKS, *_OTHERS)}
"""By key."""

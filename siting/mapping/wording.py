"""Numbers and names as the map says them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from siting.words import Phrase


def number(value: float) -> str | None:
    """A whole number with thousands apart; None where nobody counted."""
    return None if math.isnan(value) else f"{value:,.0f}"


def metres(value: float) -> Phrase | None:
    """Metres by road; None where nothing was measured."""
    if math.isinf(value):
        return Phrase("无路可达", "no road")
    return None if math.isnan(value) else Phrase(f"{value:,.0f} 米", f"{value:,.0f} m")


def people(count: float) -> Phrase | None:
    """A number of people; None where nobody counted."""
    said = number(count)
    return None if said is None else Phrase(f"{said} 人", said)


WORDS: Mapping[str, Phrase] = {
    "legend": Phrase("图例", "Legend"),
    "facts": Phrase("概况", "Facts"),
    "layers": Phrase("图层", "Layers"),
    "answer": Phrase("点击所得", "Answer"),
    "themeLayers": Phrase("专题图层", "Its layers"),
    "groundLayers": Phrase("基础图层", "Common layers"),
    "unmet": Phrase("未能满足的要求", "Wishes not met:"),
    "find": Phrase("查找学校、村（社区）", "Find a school or village"),
    "north": Phrase("北", "N"),
    "zoomIn": Phrase("放大", "Zoom in"),
    "zoomOut": Phrase("缩小", "Zoom out"),
    "closer": Phrase("放大到服务范围", "Zoom to its units"),
    "close": Phrase("关闭", "Close"),
    "m": Phrase("米", "m"),
    "km": Phrase("公里", "km"),
    "noRoad": Phrase("无路可达", "no road"),
    "seats": Phrase("学位", "seats"),
    "pupils": Phrase("适龄儿童", "Pupils"),
    "nearPupils": Phrase("以本校为最近的适龄儿童", "Children it is nearest for"),
    "enrolled": Phrase("现有在校（园）", "Enrolled now"),
    "residents": Phrase("人常住", "residents"),
    "assigned": Phrase("分配学校", "Assigned school"),
    "nearest": Phrase("最近学校（多数居民）", "Nearest school (of most)"),
    "alsoNearest": Phrase("其余居民最近", "Nearest of others"),
    "noSchool": Phrase("没有学校", "no school"),
    "notAsked": Phrase("不在本项目范围内", "not part of this programme"),
    "roadMean": Phrase("平均路程（道路）", "Its mean distance by road"),
    "straight": Phrase("点击处直线距离", "Straight line from the click"),
    "distance": Phrase("服务距离", "Distance"),
    "within": Phrase("{m}以内的居民", "Residents within {m}"),
    "rule": Phrase("规定", "Rule"),
    "ofAssigned": Phrase("居民到分配学校（按道路）不超过", "Residents by road from their school within"),
    "ofNearest": Phrase("居民到最近学校（按道路）不超过", "Residents by road from the nearest school within"),
    "year": Phrase("年份", "Year"),
    "yearOf": Phrase("年", ":"),
    "worst": Phrase("路程最远的村（社区）", "Worst served"),
    "farthest": Phrase("最远", "Farthest"),
    "mostBeyond": Phrase("距离外人数最多", "Most beyond"),
    "beyond": Phrase("距离外", "beyond"),
    "nobody": Phrase("没有居民在所选距离外", "nobody is beyond the distance"),
    "left": Phrase("左侧方案", "Left plan"),
    "right": Phrase("右侧方案", "Right plan"),
    "online": Phrase("在线底图（可不用）", "Online base map (not needed)"),
    "onlineNote": Phrase(
        "选用后才联网；密钥只存在本机浏览器。", "Online only once chosen; a key stays in this browser."
    ),
    "offline": Phrase("不用", "None"),
    "vec": Phrase("天地图 矢量", "Tianditu map"),
    "img": Phrase("天地图 影像", "Tianditu imagery"),
    "tianditu": Phrase("天地图", "Tianditu"),
    "key": Phrase("天地图密钥 tk", "Tianditu key (tk)"),
    "useKey": Phrase("使用", "Use"),
}
"""What the page's own script says."""

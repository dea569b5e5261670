"""Bodies that a rulebook charges, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from siting.words import Phrase

BODY_NAMES: Mapping[str, str] = {
    "市政府": "city government",
    "市教育局": "city education bureau",
    "市发展改革局": "city development and reform bureau",
    "市财政局": "city finance bureau",
    "市自然资源和规划局": "city bureau of natural resources and planning",
    "市住房和城乡建设局": "city bureau of housing and urban-rural construction",
    "市人力资源和社会保障局": "city bureau of human resources and social security",
    "市卫生健康局": "city health bureau",
    "市市场监督管理局": "city market supervision bureau",
    "市民政局": "city civil affairs bureau",
    "市委编办": "city office of public posts",
    "市行政审批局": "city administrative approval bureau",
    "各乡镇": "townships",
    "各乡镇（街道）": "townships (subdistricts)",
    "各城区办事处": "subdistrict offices of the city",
}


def bodies(charged: str) -> Phrase:
    """The bodies of a list, as it stands and in English; one nobody has translated keeps its name."""
    names = [name for name in re.split(r"[、，,]", charged) if name]
    return Phrase(charged, ", ".join(BODY_NAMES.get(name, name) for name in names))

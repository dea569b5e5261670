"""Indicators of access and fairness as data: each with its formula, unit, target, source and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from siting.demand.figures import (
    BOARDING_LIMIT_M,
    CHILDCARE_TARGET,
    INCLUSIVE_TARGET,
    MIGRANT_TARGET,
    RECURRENT_YUAN,
    SMALL_SCHOOL,
    Certainty,
)
from siting.words import Phrase


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a measure is: its formula in words, unit, target (nan where there is none), source and certainty."""

    id: str
    name: Phrase
    formula: Phrase
    unit: str
    target: float
    source: str
    certainty: Certainty

    @property
    def verify(self) -> bool:
        """Whether its numbers should be looked up before they are printed."""
        return self.certainty.startswith("K")


_ALL = (
    Indicator(
        id="migrant_share",
        name=Phrase("随迁子女在公办学校就读比例", "migrant pupils in public schools"),
        formula=Phrase(
            "公办小学、初中的随迁子女 ÷ 全部小学、初中的随迁子女",
            "migrant pupils of public primary and junior schools / migrant pupils of all of them",
        ),
        unit="pupils/pupils",
        target=MIGRANT_TARGET.value,
        source=MIGRANT_TARGET.source,
        certainty=MIGRANT_TARGET.certainty,
    ),
    Indicator(
        id="migrant_share_with_bought",
        name=Phrase("随迁子女在公办学校就读比例（含购买学位）", "migrant pupils in public schools or bought places"),
        formula=Phrase(
            "（公办学校的随迁子女 + 民办学校中政府购买学位的随迁子女）÷ 全部随迁子女",
            "(migrant pupils of public schools + those in bought places of private ones) / migrant pupils",
        ),
        unit="pupils/pupils",
        target=math.nan,
        source="另行报告，不用于核对90%",
        certainty="C",
    ),
    Indicator(
        id="inclusive_share",
        name=Phrase("普惠性幼儿园覆盖率", "children in inclusive kindergartens"),
        formula=Phrase(
            "公办、公办性质和普惠性民办幼儿园的在园幼儿 ÷ 全部在园幼儿",
            "children in public, quasi-public and inclusive private kindergartens / children in kindergartens",
        ),
        unit="children/children",
        target=INCLUSIVE_TARGET.value,
        source=INCLUSIVE_TARGET.source,
        certainty=INCLUSIVE_TARGET.certainty,
    ),
    Indicator(
        id="inclusive_sites",
        name=Phrase("普惠性幼儿园所数占比", "inclusive kindergartens"),
        formula=Phrase(
            "公办、公办性质和普惠性民办幼儿园 ÷ 全部幼儿园",
            "public, quasi-public and inclusive private / all kindergartens",
        ),
        unit="kindergartens/kindergartens",
        target=math.nan,
        source="教育部2024年统计口径（全国按幼儿91.61%，按园87.26%）",
        certainty="S",
    ),
    Indicator(
        id="childcare_places",
        name=Phrase("幼儿园空余班可增托位", "places for under-threes in spare kindergarten classes"),
        formula=Phrase(
            "Σ（班数 - ⌈在园幼儿 ÷ 班额⌉）× 托班人数 ÷ 常住人口 × 1000",
            "sum of (classes - ceil(children / class size)) x places per nursery class / residents x 1000",
        ),
        unit=CHILDCARE_TARGET.unit,
        target=CHILDCARE_TARGET.value,
        source=CHILDCARE_TARGET.source,
        certainty=CHILDCARE_TARGET.certainty,
    ),
    Indicator(
        id="small_rural_schools",
        name=Phrase("乡村小规模学校", "small rural schools"),
        formula=Phrase(
            "乡村小学、初中中不足100人的所数", "rural primary and junior schools with fewer than 100 pupils"
        ),
        unit="schools",
        target=math.nan,
        source=SMALL_SCHOOL.source,
        certainty=SMALL_SCHOOL.certainty,
    ),
    Indicator(
        id="boarding_need",
        name=Phrase("寄宿需求", "boarding places needed"),
        formula=Phrase(
            "Σ 路程超过限值的单元的学生 × 可寄宿年级比例",
            "sum over units farther than the limit of pupils x share of grades that may board",
        ),
        unit="beds",
        target=math.nan,
        source=f"国办发〔2018〕27号（一至三年级不寄宿，K-H）；{BOARDING_LIMIT_M.source}",
        certainty="K-H",
    ),
    Indicator(
        id="recurrent_per_pupil",
        name=Phrase("生均公用经费", "recurrent money per pupil"),
        formula=Phrase(
            "Σ 拨款学生数 × 定额 ÷ 在校生；不足100人的乡村小学、初中按100人拨款",
            "sum of pupils funded x rate / pupils; rural compulsory schools below 100 pupils are funded as 100",
        ),
        unit=RECURRENT_YUAN["primary"].unit,
        target=math.nan,
        source=f"{RECURRENT_YUAN['kindergarten'].source}（幼儿园、高中，P）；{RECURRENT_YUAN['primary'].source}（K-M）",
        certainty="K-M",
    ),
)

INDICATORS: Mapping[str, Indicator] = {indicator.id: indicator for indicator in _ALL}

from __future__ import annotations

from pathlib import Path

import pytest
import six_villages

from siting.export import Result
from siting.filing.dossier import Dossier, Settings
from siting.filing.maps import write_maps
from siting.rules.book import read_rulebook
from siting.words import Language


@pytest.mark.parametrize(
    ("language", "names"),
    [("zh", {"现状图.html", "规划图.html"}), ("en", {"existing_schools.html", "plan.html"})],
)
def test_both_maps_are_pages_of_their_language(language: Language, names: set[str], tmp_path: Path) -> None:
    book = read_rulebook("dingzhou-2021")
    result = Result(six_villages.plan(), six_villages.study_area(), six_villages.project(), book, (), 0.0)
    write_maps(Dossier(result, (), None, (), Settings(language=language)), tmp_path)
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(pages) == names
    assert all(page.lstrip().casefold().startswith("<!doctype html>") for page in pages.values())

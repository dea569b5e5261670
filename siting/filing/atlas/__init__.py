"""The atlas 图集: maps of a plan on A3 sheets, and maps for the text of other documents."""

from siting.filing.atlas.book import Atlas, make_atlas, write_atlas
from siting.filing.atlas.pictures import picture_of_programme, picture_of_work

__all__ = ["Atlas", "make_atlas", "picture_of_programme", "picture_of_work", "write_atlas"]

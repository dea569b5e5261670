"""From a plan folder to the documents that are filed, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from siting.filing.dossier import Settings
from siting.filing.export import FilesOf, How, refuse_export, write_dossier
from siting.filing.gather import Given, gathered, given
from siting.inputs.last_year import read_last_year
from siting.progress import Step, Tell, quietly
from siting.words import Language, Phrase


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export is asked for: kinds (all where empty), the language (None: the study's), the files of the study
    and scenario where the plan folder does not lead to them, and whether edited files are replaced."""

    only: tuple[str, ...] = ()
    language: Language | None = None
    study: Path | None = None
    scenario: Path | None = None
    overwrite: bool = False


def export_plan(plan_dir: Path, out: Path, asked: Asked = Asked(), tell: Tell = quietly) -> FilesOf:
    """Everything that is filed of the plan in a folder, written into ``out`` whole or not at all: files by kind.

    Raises InputError where a kind is unknown, ``out`` holds what this program did not write, the folder holds no plan,
    its study is not to be found, or the study's layers have changed since.
    """
    refuse_export(out, asked.only, asked.overwrite)
    tell(Step(Phrase("读取方案与数据", "reading the plan and its study")))
    found = given(plan_dir, asked.study, asked.scenario)
    dossier = gathered(found, _settings(found, asked))
    return write_dossier(dossier, out, asked.only, How(asked.overwrite, tell, side_by_side=True))


def _settings(found: Given, asked: Asked) -> Settings:
    project, units = found.result.project, found.result.area.units
    told = project.filing
    return Settings(
        language=asked.language or project.language,
        prepared_by=told.prepared_by,
        is_internal=told.is_internal,
        encoding=told.encoding,
        gis_crs=told.crs,
        last_year=read_last_year(told.last_year, units) if told.last_year else None,
    )

"""The proposal from a dossier: its chapters in order, and the two files they are written as."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from siting.filing.dossier import Dossier
from siting.filing.existing import audited_once
from siting.filing.fonts import lacking, lacking_remark
from siting.filing.proposal.basis import basis
from siting.filing.proposal.blocks import Block, Heading, Paragraph, numbered, texts
from siting.filing.proposal.closing import annexes, blanks, verdicts
from siting.filing.proposal.filed import Filed, filed
from siting.filing.proposal.need import need
from siting.filing.proposal.pdf import pdf_of
from siting.filing.proposal.scale import scale
from siting.filing.proposal.schedule import charged, schedule
from siting.filing.proposal.sites import sites
from siting.filing.proposal.summary import front, summary, title
from siting.filing.proposal.word import word_of
from siting.words import Language

LOG = logging.getLogger(__name__)

NAMES: dict[Language, str] = {"zh": "选址建议书", "en": "siting_proposal"}
CHAPTERS = (front, summary, basis, need, sites, scale, schedule, charged, verdicts, blanks, annexes)


def write_proposal(dossier: Dossier, folder: Path) -> None:
    """选址建议书.docx and 选址建议书.pdf, in English siting_proposal.docx and .pdf."""
    made, settings = _filed(dossier), dossier.settings
    blocks, name = tuple(_blocks(made)), NAMES[settings.language]
    said = title(made)
    word = word_of(blocks, said, settings.prepared_by, settings.language, settings.day)
    (folder / f"{name}.docx").write_bytes(word)
    (folder / f"{name}.pdf").write_bytes(pdf_of(blocks, said, settings.language, settings.day))


def proposal(dossier: Dossier) -> tuple[Block, ...]:
    """The proposal's content, as both files hold it."""
    return tuple(_blocks(_filed(dossier)))


def _filed(dossier: Dossier) -> Filed:
    existing = audited_once(dossier.result)
    return filed(dossier, existing.coverage, existing.townships)


def _blocks(made: Filed) -> Iterator[Block]:
    blocks = list(numbered((block for chapter in CHAPTERS for block in chapter(made)), made.dossier.settings.language))
    yield from blocks
    missing = lacking("".join(texts(blocks)))
    if missing:
        remark = lacking_remark(missing)
        LOG.warning(made.dossier.said(remark))
        yield Heading(1, made.said("附件3　字体缺字", "Annex 3: characters no font has"), is_numbered=False)
        yield Paragraph(made.dossier.said(remark))

"""Drawings in pixels, for programs that do not draw SVG alike."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from siting.filing.fonts import compile_png

PPI = 200.0
COLOURS = 64
"""Maps have few colours; so many are kept, which makes files a third as large."""

_MARKUP = """
#for one in json(bytes(sys.inputs.data)) {
  page(width: one.width * 1mm, height: auto, margin: 0pt, image(bytes(one.svg), format: "svg", width: 100%))
}
"""


def as_png(drawings: Sequence[tuple[str, float]]) -> list[bytes]:
    """PNG files of SVG texts, each so many millimetres wide."""
    if not drawings:
        return []
    asked = [{"svg": svg, "width": width} for svg, width in drawings]
    return [_smaller(png) for png in compile_png(_MARKUP, asked, PPI)]


def _smaller(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", dpi=(PPI, PPI))
    return out.getvalue()

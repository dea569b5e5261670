"""The proposal as PDF, set by typst from the same blocks as the Word file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from siting.filing.fonts import SANS, SERIF, compile_pdf, one_line
from siting.filing.proposal.blocks import Block
from siting.words import Language


def pdf_of(blocks: Iterable[Block], title: str, language: Language, day: date) -> bytes:
    """The document as a PDF file. Every text is data to typst, never markup."""
    data = {"title": one_line(title), "lang": language, "blocks": [_data(block) for block in blocks]}
    return compile_pdf(_MARKUP, data, day)


def _data(block: Block) -> Mapping[str, Any]:
    cleaned: Mapping[str, Any] = _clean(asdict(block))
    return {"kind": type(block).__name__, **cleaned}


def _clean(value: Any) -> Any:
    """Control characters and line ends are no part of a printed text."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


_MARKUP = (
    f'#let serif = ("{SERIF}", "{SANS}")\n#let sans = ("{SANS}", "{SERIF}")\n'
    + r"""
#let d = json(bytes(sys.inputs.data))
#let pitch = 28.5pt
#set document(title: d.title)
#set page(
  paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), footer-descent: 7mm,
  footer: context {
    let n = counter(page).get().first()
    set text(font: serif, size: 14pt)
    align(if calc.odd(n) { right } else { left }, pad(x: 14pt)[— #n —])
  },
)
#set text(font: serif, size: 16pt, lang: d.lang, top-edge: 0.8em, bottom-edge: -0.2em, hyphenate: false)
#set par(leading: pitch - 16pt, spacing: pitch - 16pt, justify: true)
#show heading: it => block(above: if it.level == 3 { 4pt } else { pitch - 16pt },
  below: if it.level == 3 { 4pt } else { pitch - 16pt }, sticky: true, {
  set text(font: sans, weight: "regular", stroke: if it.level == 1 { 0.3pt } else { none },
    size: if it.level == 3 { 11pt } else { 16pt })
  set par(first-line-indent: 0pt, justify: false)
  it.body
})
#set table(stroke: 0.5pt + rgb("#555555"), inset: (x: 2.2pt, y: 2.4pt))
#set table.cell(breakable: false)

#let small(size, gap, body) = {
  set text(size: size, top-edge: 0.85em, bottom-edge: -0.2em)
  set par(leading: gap, spacing: gap, justify: false, first-line-indent: 0pt)
  body
}
#let said(b) = if b.look == "title" {
  v(48mm)
  align(center, par(justify: false, leading: 12pt, text(size: 22pt, stroke: 0.4pt, b.text)))
  v(8mm)
} else if b.look == "subtitle" {
  align(center, par(justify: false, text(size: 16pt, b.text)))
} else if b.look == "mark" {
  small(11pt, 4pt, align(center, text(font: sans, fill: rgb("#a01818"), b.text)))
} else if b.look == "note" {
  small(10pt, 4.5pt, block(above: 5pt, below: 9pt, b.text))
} else {
  par(first-line-indent: (amount: 2em, all: true), b.text)
}
#let drawn(p) = align(center, block(breakable: false, {
  image(bytes(p.svg), format: "svg", width: p.width_mm * 1mm)
  small(9pt, 3pt, align(center, text(font: sans, p.caption)))
}))
#let grid-of(b) = {
  if b.title != "" {
    small(11pt, 4pt, block(above: 11pt, below: 5pt, width: 100%, sticky: true,
      align(center, text(font: sans, b.title))))
  }
  small(if b.fields.len() > 8 { 8.5pt } else { 9.5pt }, 2.2pt, block(below: 10pt, table(
    columns: b.fields.map(f => f.width * 1fr),
    align: b.fields.map(f => (if f.is_number { right } else { left }) + horizon),
    fill: (x, y) => if y == 0 { rgb("#e4ebf3") } else if b.has_total and y == b.rows.len() { rgb("#f1f1f1") },
    table.header(..b.fields.map(f => table.cell(align: center + horizon, text(font: sans, f.header)))),
    ..b.rows.flatten(),
  )))
}
#let sheet-of(b) = block(breakable: false, above: 7pt, below: 5pt, {
  heading(level: 3, outlined: false, b.title)
  let n = b.headers.len()
  let has = b.picture != none
  small(8pt, 1.6pt, table(
    columns: (if has { (40mm,) } else { () }) + (14mm,) + (1fr,) * (n - 1),
    align: left + horizon, inset: (x: 2pt, y: 1.6pt),
    table.cell(colspan: if has { n + 1 } else { n }, b.said),
    ..if has { (table.cell(rowspan: b.rows.len() + 1, align: center + horizon, {
      image(bytes(b.picture.svg), format: "svg", width: 39mm)
      text(size: 7pt, font: sans, b.picture.caption)
    }),) } else { () },
    ..b.headers.map(h => table.cell(fill: rgb("#e4ebf3"), align: center + horizon, text(font: sans, h))),
    ..b.rows.flatten(),
    ..if b.below != "" { (table.cell(colspan: if has { n + 1 } else { n }, b.below),) } else { () },
  ))
})
#let contents(b) = {
  align(center, text(font: sans, size: 16pt, b.text))
  v(2mm)
  show outline.entry: it => link(it.element.location(), small(11.5pt, 4pt, block(above: 4pt, below: 0pt, pad(
    left: (it.level - 1) * 2em,
    { it.element.body; h(3pt); box(width: 1fr, repeat(gap: 2pt)[.]); h(3pt); it.page() },
  ))))
  outline(title: none, depth: 2)
}
#let blank(b) = small(12pt, 6pt, block(
  width: 100%, inset: 6pt, stroke: (dash: "dashed", thickness: 0.6pt), breakable: false,
  { text(fill: rgb("#666666"), b.text); v(16mm) },
))
#let set-block = (
  Heading: b => heading(level: b.level, b.text),
  Paragraph: said,
  Grid: grid-of,
  Picture: drawn,
  Sheet: sheet-of,
  Blank: blank,
  Contents: contents,
  PageBreak: b => pagebreak(weak: true),
)
#for b in d.blocks { (set-block.at(b.kind))(b) }
"""
)

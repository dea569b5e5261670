"""Site sheets 选址地块图: six projects a sheet, each with its surroundings, illustrative plot, corners and bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from siting.filing.atlas import looks
from siting.filing.atlas.corners import corner_rows, corners_note
from siting.filing.atlas.existing import metres, share, whole
from siting.filing.atlas.ground import ground_keys
from siting.filing.atlas.ink import Ink, Type, fitting, moved, paragraph, rect, shrunk, stroke, words
from siting.filing.atlas.legend import legend
from siting.filing.atlas.maps import map_marks
from siting.filing.atlas.pictures import Pictures
from siting.filing.atlas.places import place_frame, place_keys, place_theme, plot_frame, plot_theme
from siting.filing.atlas.sheets import HEIGHT, WIDTH, Sheet
from siting.filing.dossier import VERDICT_NAMES, Place, Plot, Verdict, Work
from siting.project import programme_name
from siting.study import MU_M2
from siting.words import Phrase

ACROSS, DOWN = 3, 2
EACH = ACROSS * DOWN
GAP, LEGEND = 4.0, 14.0
CARD_WIDTH = (WIDTH - GAP * (ACROSS - 1)) / ACROSS
CARD_HEIGHT = (HEIGHT - LEGEND - GAP * DOWN) / DOWN
MAP_WIDTH, MAP_HEIGHT = 80.0, 78.0
PLOT_HEIGHT = 43.0
TOP = 6.5
LINE = Type(2.15, "#222222")
FINE = Type(2.0, "#444444")

TITLE = Phrase("选址地块图", "Site plans")


def site_sheets(made: Pictures) -> Iterator[Sheet]:
    """The projects of a dossier in its order."""
    works = made.dossier.works
    groups = [works[k : k + EACH] for k in range(0, len(works), EACH)]
    for number, group in enumerate(groups, 1):
        codes = group[0].code if len(group) == 1 else f"{group[0].code}—{group[-1].code}"
        of = f"{number}/{len(groups)}" if len(groups) > 1 else ""
        title = Phrase(f"{TITLE.zh}{f'（{of}）' if of else ''}", f"{TITLE.en}{f' ({of})' if of else ''}")
        yield Sheet("sites", Phrase(f"{title.zh}　{codes}", f"{title.en}  {codes}"), "", _body(made, group))


def _body(made: Pictures, group: Sequence[Work]) -> str:
    cards = [
        moved(_card(made, work, f"card{k}"), k % ACROSS * (CARD_WIDTH + GAP), k // ACROSS * (CARD_HEIGHT + GAP))
        for k, work in enumerate(group)
    ]
    return "".join([*cards, moved(_legend(made, group), 0.0, HEIGHT - LEGEND)])


def _legend(made: Pictures, group: Sequence[Work]) -> str:
    """One legend for the cards of a sheet, and what is said of corners and estimates."""
    by_action = {work.site.action: work for work in group}
    keys = {key.words: key for work in by_action.values() for key in place_keys(work)}
    every = (*keys.values(), *ground_keys(made.ground, is_near=True))
    marks, _ = legend(every, made.dossier.settings.language, WIDTH, -(-len(every) // 2), 2.2)
    note = corners_note(made.dossier.result.area)
    said = Phrase(
        f"{note.zh}。地块、界址点和四至为示意，以勘测定界为准；投资为估算。",
        f"{note.en}. Plots, corners and bounds are illustrative until surveyed; money is an estimate.",
    )
    return marks + words(made.dossier.said(said), 0.0, LEGEND - 1.4, LINE)


def _card(made: Pictures, work: Work, name: str) -> str:
    dossier, place = made.dossier, work.recommended
    language = dossier.settings.language
    outline = made.outline(work)
    frame = place_frame(work, outline, MAP_WIDTH, MAP_HEIGHT)
    around = map_marks(made.ground, place_theme(made.ground, work, outline, language), frame, language, name)
    right, room = MAP_WIDTH + 2.5, CARD_WIDTH - MAP_WIDTH - 2.5
    facts = _facts(made, work, CARD_HEIGHT - TOP - MAP_HEIGHT - 1.2)
    return "".join(
        [
            _heading(made, work),
            moved(around, 0.0, TOP),
            moved(_plot(made, place, room, name), right, TOP),
            moved(facts, 0.0, TOP + MAP_HEIGHT + 1.2),
        ]
    )


def _heading(made: Pictures, work: Work) -> str:
    dossier = made.dossier
    kind = dossier.said(programme_name(work.part))
    said = f"{work.code} {dossier.said(work.name)}"
    size = fitting(said, 3.1, CARD_WIDTH - 34.0)
    return (
        rect(0, 0, CARD_WIDTH, 5.4, Ink("#ece8e1"))
        + words(said, 1.2, 3.8, Type(size, is_strong=True))
        + words(kind, CARD_WIDTH - 1.2, 3.8, Type(fitting(kind, 2.5, 31.0)), "end")
    )


def _plot(made: Pictures, place: Place, width: float, name: str) -> str:
    """The plot drawn near, its corners and what bounds it."""
    language, plot = made.dossier.settings.language, place.plot
    if plot is None:
        said = Phrase("示意地块：未测算", "illustrative plot: not estimated")
        return rect(0, 0, width, PLOT_HEIGHT, looks.EMPTY) + words(said.said_in(language), 2.0, 5.0, FINE)
    frame = plot_frame(plot, width, PLOT_HEIGHT)
    near = map_marks(made.ground, plot_theme(plot, language), frame, language, f"{name}plot")
    return near + moved(_corners(made, plot, width), 0.0, PLOT_HEIGHT + 1.0)


def _corners(made: Pictures, plot: Plot, width: float) -> str:
    dossier, step = made.dossier, 3.2
    said = dossier.said
    head = (said(Phrase("界址点", "corner")), said(Phrase("X（北）", "X (north)")), said(Phrase("Y（东）", "Y (east)")))
    rows = [head, *((said(j), x, y) for j, x, y in corner_rows(plot.corners, dossier.result.area))]
    drawn = [rect(0, 0, width, step, Ink("#ece8e1"))]
    for k, (corner, north, east) in enumerate(rows):
        y = k * step + 2.35
        drawn += [words(corner, 0.8, y, FINE), words(north, 0.57 * width, y, FINE, "end")]
        drawn += [words(east, width - 0.8, y, FINE, "end"), _rule(width, (k + 1) * step)]
    top = len(rows) * step + 1.0
    room = MAP_HEIGHT - PLOT_HEIGHT - 1.0 - top
    return "".join([*drawn, moved(_bounds(made, plot, width, room), 0.0, top)])


def _bounds(made: Pictures, plot: Plot, width: float, room: float) -> str:
    """What bounds a plot on its four sides."""
    drawn, top = [], 0.0
    for bound in plot.bounds:
        marks, tall = paragraph(made.dossier.said(bound), 0.0, top, FINE, width)
        drawn.append(marks)
        top += tall
    return shrunk("".join(drawn), top, room)


def _rule(width: float, y: float) -> str:
    return stroke(np.array([[0.0, y], [width, y]]), looks.HAIR)


# --- facts -------------------------------------------------------------------------------------------------------


def _facts(made: Pictures, work: Work, room: float) -> str:
    """What a project is, in a few lines below its map."""
    drawn, top = [], 0.0
    for line in (_where(work), _size(work), _served(work), _money(work), _checked(work), _others(work)):
        marks, tall = paragraph(made.dossier.said(line), 0.0, top, LINE, CARD_WIDTH)
        drawn.append(marks)
        top += tall + 0.35
    return shrunk("".join(drawn), top, room)


def _where(work: Work) -> Phrase:
    place = work.recommended
    at = " ".join(dict.fromkeys(name for name in (place.township, place.village) if name))
    return Phrase(f"推荐地点：{at.replace(' ', '')}", f"Recommended place: {at}")


def _size(work: Work) -> Phrase:
    site, added, seats = work.site, whole(work.classes_added), whole(work.seats_added)
    mu = "" if math.isnan(work.land_m2) else f"{work.land_m2 / MU_M2:.2f}"
    land_zh = f"；用地约 {mu} 亩（{whole(work.land_m2)} ㎡，示意）" if mu else "；用地为现有校址"
    land_en = f"; land about {mu} mu ({whole(work.land_m2)} m², illustrative)" if mu else "; on the school's own land"
    return Phrase(
        f"建设规模：{whole(site.classes)} 班，新增 {added} 班、{seats} 个学位{land_zh}",
        f"Size: {whole(site.classes)} classes, {added} classes and {seats} seats more{land_en}",
    )


def _served(work: Work) -> Phrase:
    place = work.recommended
    mean, far = metres(place.mean_m), metres(place.farthest_m)
    within = share(place.covered_share) if math.isfinite(work.part.radius_m) else ""
    return Phrase(
        f"服务人口 {whole(place.residents)} 人{f'，半径内 {within}' if within else ''}；"
        f"平均路程 {mean.zh} 米，最远 {far.zh} 米",
        f"Serves {whole(place.residents)} residents{f', {within} within the radius' if within else ''}; "
        f"mean way {mean.en} m, farthest {far.en} m",
    )


def _money(work: Work) -> Phrase:
    if math.isnan(work.money_wan):
        return Phrase("投资估算：　　　　万元（待估算）", "Estimate: ________ (none made)")
    between = f"{whole(work.money_low_wan)}–{whole(work.money_high_wan)}"
    return Phrase(
        f"投资估算：{whole(work.money_wan)} 万元（估算，{between} 万元，不含征地）",
        f"Estimate: {whole(work.money_wan)} wan yuan ({between}, without land)",
    )


def _checked(work: Work) -> Phrase:
    """How many constraints said what, with the names of all that are not clear."""
    found: dict[Verdict, list[Phrase]] = {}
    for finding in work.recommended.findings:
        found.setdefault(finding.verdict, []).append(finding.constraint)
    if not found:
        return Phrase("约束核查：未核查", "Constraints: not checked")
    order = sorted(found, key=list(VERDICT_NAMES).index)
    parts = [(VERDICT_NAMES[verdict], found[verdict], verdict != "clear") for verdict in order]
    zh = "；".join(
        f"{w.zh} {len(of)} 项{_named([c.zh for c in of], '（{}）', '、') if n else ''}" for w, of, n in parts
    )
    en = "; ".join(f"{w.en} {len(of)}{_named([c.en for c in of], ' ({})', ', ') if n else ''}" for w, of, n in parts)
    return Phrase(f"约束核查：{zh}", f"Constraints: {en}")


def _named(names: list[str], within: str, between: str) -> str:
    return within.format(between.join(names))


def _others(work: Work) -> Phrase:
    """What is lost at every alternative."""
    if not work.alternatives:
        return Phrase(f"备选：{work.why_none.zh}", f"Alternatives: {work.why_none.en}")
    named = [(k, place) for k, place in enumerate(work.alternatives, 1)]
    zh = "；".join(f"备{k} {place.village or place.name}（{place.lost.zh.rstrip('。')}）" for k, place in named)
    en = "; ".join(f"alt. {k} {place.village or place.name} ({place.lost.en.rstrip('.')})" for k, place in named)
    return Phrase(f"备选：{zh}", f"Alternatives: {en}")

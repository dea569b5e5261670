"""A Folium map that needs no network: scripts and styles come from files of installed packages, and data as data."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import cast

import folium
from branca.element import Element, Figure
from jinja2 import Template
from xstatic.pkg import leaflet

from siting.mapping.answers import ANSWERS
from siting.mapping.basemap import BASEMAP
from siting.mapping.reach import REACH
from siting.mapping.script import SCRIPT
from siting.mapping.served import SERVED
from siting.mapping.style import STYLE
from siting.mapping.swipe import SWIPE


class Verbatim(Element):
    """Text that stands in the page as it is. Branca reads whatever a macro wrote as a template once more, and a
    village called ``{{ 7 * 7 }}`` would be worked out; this text is never read again."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        """An element of this text alone."""
        super().__init__()
        self.text = text


class Statement(Verbatim):
    """A statement of the page's script, run after its parent's own."""

    def render(self, **_: object) -> str:
        """Put the statement into the script."""
        cast(Figure, self.get_root()).script.add_child(Verbatim(f"{self.text}\n"), name=self.get_name())
        return ""


class OfflineMap(folium.Map):
    """A Folium map without a single link: Leaflet and our own script stand in the page itself.

    Its name in the script is always ``map_siting``, so the same scene gives the same page.
    """

    def __init__(self, title: str, scene: object) -> None:
        """A map with a page title, and what our script draws on it."""
        super().__init__(
            location=(0, 0),
            tiles=None,
            prefer_canvas=True,
            zoom_control=False,
            zoom_snap=0.25,
            max_zoom=18,
        )
        self.default_js, self.default_css = [], []
        self._id = "siting"
        figure = cast(Figure, self.get_root())
        figure.title = escape(title)
        figure.header.add_child(Verbatim('<link rel="icon" href="data:,">'), name="no_icon")
        figure.header.add_child(Verbatim(f"<style>{_leaflet_style()}{STYLE}</style>"), name="styles")
        figure.header.add_child(Verbatim(f"<script>{_leaflet_script()}\n{_own_script()}</script>"), name="scripts")
        figure.html.add_child(Verbatim(f'<script type="application/json" id="scene">{script_json(scene)}</script>'))
        self.add_child(
            Statement(f"drawSiting({self.get_name()}, JSON.parse(document.getElementById('scene').textContent));")
        )

    def to_html(self) -> str:
        """The whole page."""
        return str(self.get_root().render())


def _own_script() -> str:
    return "".join(part.js_code for part in (SWIPE, SERVED, ANSWERS, REACH, BASEMAP, SCRIPT))


def script_json(value: object) -> str:
    """JSON that may stand inside a script: nothing in it can close the script or open a comment."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return said.translate(_SCRIPT_SAFE)


_SCRIPT_SAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@cache
def _leaflet_script() -> str:
    return re.sub(r"//# sourceMappingURL=\S*", "", _leaflet_file("leaflet.js"))


@cache
def _leaflet_style() -> str:
    """Leaflet's styles without the pictures of its own markers and layer switch, which are not used here."""
    return re.sub(r"url\((images/|#)[^)]*\)", "none", _leaflet_file("leaflet.css"))


def _leaflet_file(name: str) -> str:
    return Path(leaflet.BASE_DIR, name).read_text(encoding="utf-8")

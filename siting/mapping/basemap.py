"""Maps from the network under the page's own: off until a reader switches one on, and never needed."""

from folium.utilities import JsCode

BASEMAP = JsCode(r"""
function basemapSiting(page, parent) {
  const { map, words, put } = page;
  const STORE = "siting.tianditu.tk";
  const remembered = () => { try { return localStorage.getItem(STORE) || ""; } catch { return ""; } };
  const remember = (key) => {
    try { if (key) localStorage.setItem(STORE, key); else localStorage.removeItem(STORE); } catch { /* not kept */ }
  };
  const tianditu = (layer, key) => L.tileLayer(
    `https://t{s}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}`
    + "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    + `&tk=${encodeURIComponent(key)}`,
    { subdomains: "01234567", minZoom: 1, maxZoom: 18, attribution: words.tianditu },
  );
  const osm = () => L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", {
    maxZoom: 19, attribution: "\u00a9 OpenStreetMap contributors",
  });
  const kinds = {
    none: () => [],
    osm: () => [osm()],
    vec: (key) => [tianditu("vec", key), tianditu("cva", key)],
    img: (key) => [tianditu("img", key), tianditu("cia", key)],
  };
  const needsKey = (kind) => kind === "vec" || kind === "img";

  const box = put(parent, "details", "online");
  put(box, "summary", "", words.online);
  put(box, "p", "small", words.onlineNote);
  const asking = put(null, "form", "key");
  const entry = put(asking, "input"), keep = put(asking, "button", "", words.useKey);
  Object.assign(entry, { type: "text", autocomplete: "off", spellcheck: false, placeholder: words.key });
  entry.setAttribute("aria-label", words.key);
  keep.type = "submit";
  asking.hidden = true;

  let kind = "none", on = [];
  const show = () => {
    on.forEach((layer) => layer.remove());
    const key = remembered();
    asking.hidden = !needsKey(kind);
    on = needsKey(kind) && !key ? [] : kinds[kind](key);
    on.forEach((layer) => layer.addTo(map));
    map.getContainer().classList.toggle("online", on.length > 0);
  };
  const labels = { none: words.offline, osm: "OpenStreetMap", vec: words.vec, img: words.img };
  Object.entries(labels).forEach(([one, label]) => {
    const row = put(box, "label"), input = put(row, "input");
    Object.assign(input, { type: "radio", name: "online", value: one, checked: one === kind });
    input.addEventListener("change", () => { kind = one; entry.value = remembered(); show(); });
    put(row, "span", "", label);
  });
  box.append(asking);
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    remember(entry.value.trim());
    show();
  });
}
""")
"""The key of Tianditu is the reader's own: it stays in the browser's storage and in the addresses of its tiles."""

"""The page's own script: layers from data, popups from text, one legend, one switch, names that do not collide."""

from folium.utilities import JsCode

SCRIPT = JsCode(r"""
"use strict";
function drawSiting(map, scene) {
  const words = scene.words;
  const drawn = new Map();
  const put = (parent, tag, style, text) => {
    const made = document.createElement(tag);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  };

  const decoded = (coded) => {
    if (typeof coded[0] !== "number") return coded.map(decoded);
    const places = [];
    for (let k = 0, x = 0, y = 0; k < coded.length; k += 2) {
      x += coded[k]; y += coded[k + 1];
      places.push([x / scene.perDegree, y / scene.perDegree]);
    }
    return places;
  };
  const placed = (feature) => {
    const [type, coded] = feature.at;
    const at = decoded(coded);
    const geometry = { type, coordinates: type === "Point" ? at[0] : at };
    return { type: "Feature", properties: feature.properties, geometry };
  };

  const signs = {
    new: "M11 1.5l2.9 6.1 6.6.8-4.9 4.6 1.3 6.6L11 16.4l-5.9 3.2 1.3-6.6L1.5 8.4l6.6-.8z",
    extend: "M11 2l9 16H2z",
  };
  const svg = (width, height, shape, attributes) => {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    const inner = document.createElementNS(space, shape);
    const set = (on, all) => Object.entries(all).forEach(([name, value]) => on.setAttribute(name, value));
    set(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    set(inner, attributes);
    picture.append(inner);
    return picture;
  };
  const sign = (look) => svg(22, 22, "path", {
    d: signs[look.shape], fill: look.fillColor, stroke: look.color, "stroke-width": 1.5, "stroke-linejoin": "round",
  });
  const swatch = (look) => {
    if (look.shape in signs) return sign(look);
    const paint = {
      fill: look.fillColor || "none", "fill-opacity": look.fillOpacity ?? 0.2, stroke: look.color || "none",
      "stroke-width": look.weight ?? 1, "stroke-dasharray": look.dashArray || "none",
    };
    if (look.shape === "dot") return svg(22, 16, "circle", { ...paint, cx: 11, cy: 8, r: Math.min(look.radius, 6) });
    if (look.shape === "line") return svg(22, 16, "path", { ...paint, fill: "none", d: "M1 8h20" });
    return svg(22, 16, "rect", { ...paint, x: 2, y: 2, width: 18, height: 12 });
  };

  const popup = (layer, feature) => {
    const box = put(null, "div", "card");
    put(box, "h3", "", feature.properties.name);
    const table = put(box, "table");
    layer.columns.forEach((column, k) => {
      const value = feature.properties.values[k];
      if (value === null || value === undefined) return;
      const row = put(table, "tr");
      put(row, "th", "", column);
      put(row, "td", "", value);
    });
    return box;
  };
  const tip = (layer, feature) => put(null, "span", "", feature.properties.name);

  const point = (layer, side) => (feature, at) => {
    const { look: k, radius, name } = feature.properties;
    const look = layer.looks[k];
    const on = (pane) => (side ? { pane } : {});
    if (!(look.shape in signs)) return L.circleMarker(at, { radius: radius ?? look.radius, ...on(side) });
    const icon = L.divIcon({ html: sign(look), className: "sign " + look.shape, iconSize: [22, 22] });
    return L.marker(at, { icon, alt: name, keyboard: true, ...on(`${side}-marks`) });
  };
  const vector = (layer, side) => {
    const collection = { type: "FeatureCollection", features: layer.features.map(placed) };
    const shown = L.geoJSON(collection, {
      pane: side || (layer.pane === "live" ? undefined : layer.pane),
      interactive: layer.pane === "live",
      style: (feature) => layer.looks[feature.properties.look],
      pointToLayer: point(layer, side),
    });
    if (layer.pane === "live" && layer.columns.length) {
      const { topLeft, bottomRight } = margins();
      shown.bindPopup((one) => popup(layer, one.feature), {
        maxWidth: 360, maxHeight: 380, minWidth: 240,
        autoPanPaddingTopLeft: topLeft, autoPanPaddingBottomRight: bottomRight,
      });
      shown.bindTooltip((one) => tip(layer, one.feature), { sticky: true });
      shown.on("popupopen", () => shown.closeTooltip());
    }
    return shown;
  };
  const picture = (layer) => {
    const [south, west, north, east] = layer.picture.bounds;
    const at = [[south, west], [north, east]];
    return L.imageOverlay(layer.picture.uri, at, { pane: "pictures", className: "picture " + layer.key });
  };
  const shownAs = (layer) => {
    const sides = layer.side === "both" ? ["left", "right"] : [layer.side];
    const make = () => (layer.picture ? [picture(layer)] : sides.map((side) => vector(layer, side)));
    if (!drawn.has(layer)) drawn.set(layer, make());
    return drawn.get(layer);
  };

  const isOn = {};
  let theme = scene.themes[0];
  const panes = ["paper", "pictures", "backdrop", "live"];
  const height = (layer) => panes.indexOf(layer.pane) * 100 + layer.level;
  const every = () => [...scene.shared, ...(theme ? theme.layers : [])].sort((a, b) => height(a) - height(b));
  const active = () => every().filter((layer) => isOn[layer.key]);
  [...scene.shared, ...scene.themes.flatMap((one) => one.layers)].forEach((layer) => {
    isOn[layer.key] ??= layer.isOn;
  });

  const showLayers = () => {
    const wanted = new Set(active());
    drawn.forEach((shown, layer) => { if (!wanted.has(layer)) shown.forEach((one) => one.remove()); });
    wanted.forEach((layer) => shownAs(layer).forEach((one) => one.addTo(map).bringToFront()));
  };

  const panel = (position, style) => {
    const control = L.control({ position });
    const box = put(null, "section", "panel " + style);
    L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
    control.onAdd = () => box;
    control.addTo(map);
    return box;
  };

  const heading = panel("topleft", scene.swipe ? "heading two" : "heading");
  const legend = panel("bottomleft", "legend");
  const choice = panel("topright", "choice");

  const margins = () => {
    const isWide = map.getSize().x > 900;
    return {
      topLeft: isWide ? [heading.offsetWidth + 16, 12] : [8, 8],
      bottomRight: isWide ? [choice.offsetWidth + 16, 24] : [8, 24],
    };
  };

  const tellFacts = () => {
    heading.replaceChildren();
    put(heading, "h1", "", scene.title);
    if (scene.notice) put(heading, "p", "notice", scene.notice);
    if (!theme) return;
    put(heading, "h2", "", theme.title);
    const table = put(heading, "table");
    theme.facts.forEach(([label, ...values]) => {
      const row = put(table, "tr", label ? "" : "head");
      put(row, "th", "", label);
      values.forEach((value) => put(row, "td", "", value));
    });
    if (!theme.sentences.length) return;
    const more = put(heading, "details");
    put(more, "summary", "", `${words.unmet} ${theme.sentences.length}`);
    const list = put(more, "ul");
    theme.sentences.forEach((one) => put(list, "li", "", one));
  };

  const firstOfKey = (layers) => layers.filter((layer, k) => layers.findIndex((one) => one.key === layer.key) === k);
  const used = (layer) => {
    const same = every().filter((one) => one.key === layer.key);
    const numbers = new Set(same.flatMap((one) => one.features).map((feature) => feature.properties.look));
    const looks = layer.looks.filter((look, k) => look.words && (layer.picture || numbers.has(k)));
    return looks.filter((look, k) => looks.findIndex((one) => one.words === look.words) === k);
  };
  const legendRow = (layer, style) => {
    const row = put(legend, "div", style);
    row.dataset.layer = layer.key;
    return row;
  };
  const legendEntries = (layer) => used(layer).forEach((look) => {
    const row = legendRow(layer, "entry");
    put(row, "i").append(swatch(look));
    put(row, "span", "", look.words);
  });
  const legendScale = (layer) => {
    const box = legendRow(layer, "scale");
    put(box, "p", "", layer.scale);
    used(layer).forEach((look) => {
      const step = put(box, "span", "", look.words);
      step.style.borderTopColor = look.fillColor;
    });
  };
  const drawLegend = () => {
    legend.replaceChildren();
    put(legend, "h2", "", words.legend);
    firstOfKey(active().reverse()).forEach((layer) => (layer.scale ? legendScale : legendEntries)(layer));
  };

  const option = (parent, type, label, checked, chosen) => {
    const row = put(parent, "label");
    const input = put(row, "input");
    Object.assign(input, { type, checked, name: type === "radio" ? "theme" : "" });
    input.addEventListener("change", () => chosen(input.checked));
    put(row, "span", "", label);
    return input;
  };
  const switches = (title, layers) => {
    if (layers.length) put(choice, "h2", "", title);
    firstOfKey(layers).forEach((layer) => {
      const input = option(choice, "checkbox", layer.title, isOn[layer.key], (on) => {
        isOn[layer.key] = on;
        refresh();
      });
      input.dataset.layer = layer.key;
    });
  };
  const drawChoice = () => {
    choice.replaceChildren();
    if (scene.themes.length) put(choice, "h2", "", scene.choice);
    scene.themes.forEach((one) => option(choice, "radio", one.title, one === theme, () => {
      theme = one;
      map.closePopup();
      tellFacts();
      drawChoice();
      refresh();
    }));
    switches(words.themeLayers, theme ? [...theme.layers].reverse() : []);
    switches(words.groundLayers, [...scene.shared].reverse());
  };

  const names = map.createPane("names");
  const width = (text, size) => [...text].reduce((sum, sign) => sum + size * (sign > "\u2e7f" ? 1 : 0.58), 6);
  const sizes = { town: 14, site: 12, village: 11 };
  const tagged = () => active().filter((layer) => layer.tags && map.getZoom() >= layer.tags.fromZoom)
    .sort((a, b) => a.tags.rank - b.tags.rank);
  const drawNames = () => {
    const taken = [], area = map.getSize();
    names.replaceChildren();
    tagged().forEach((layer) => shownAs(layer)[0].eachLayer((one) => {
      const at = map.latLngToContainerPoint(one.getLatLng());
      if (swipe && !swipe.shows(layer.side, at.x)) return;
      if (at.x < 0 || at.y < 0 || at.x > area.x || at.y > area.y) return;
      const { style } = layer.tags, text = one.feature.properties.name, size = sizes[style];
      const half = width(text, size) / 2, below = style === "town" ? -size / 2 : style === "site" ? 10 : 5;
      const box = [at.x - half, at.y + below, at.x + half, at.y + below + size + 3];
      if (taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) return;
      taken.push(box);
      const tag = put(names, "span", "tag leaflet-zoom-hide " + style, text);
      L.DomUtil.setPosition(tag, map.containerPointToLayerPoint([box[0] + 3, box[1]]));
    }));
  };

  const refresh = () => { showLayers(); drawLegend(); drawNames(); };

  const furniture = () => {
    const position = "bottomright";
    const note = panel(position, "note");
    put(note, "span", "", scene.sources);
    L.control.scale({ position, imperial: false, maxWidth: 140 }).addTo(map);
    L.control.zoom({ position, zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    const north = panel(position, "north");
    north.append(svg(26, 34, "path", { d: "M13 1l9 31-9-6-9 6z", fill: "#3c3835" }));
    put(north, "b", "", words.north);
  };
  const fit = () => {
    const [south, west, north, east] = scene.bounds;
    const { topLeft, bottomRight } = margins();
    map.fitBounds([[south, west], [north, east]], {
      animate: false, paddingTopLeft: topLeft, paddingBottomRight: bottomRight,
    });
  };
  const painted = () => {
    const pictures = [...map.getPane("pictures").querySelectorAll("img")].map((one) => one.decode());
    Promise.all(pictures).then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      document.documentElement.dataset.painted = Math.round(performance.now());
    })));
  };

  panes.slice(0, 3).forEach((name, k) => { map.createPane(name).style.zIndex = 310 + 10 * k; });
  const swipe = scene.swipe ? swipeSiting(map, scene.swipe, put, () => drawNames()) : null;
  furniture();
  tellFacts();
  drawChoice();
  fit();
  if (swipe) swipe.centre(margins());
  refresh();
  map.on("moveend", drawNames);
  painted();
}
""")

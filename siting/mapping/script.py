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

  const served = servedSiting(scene);
  const placed = ({ at, geometry, properties }) => {
    return { type: "Feature", properties, geometry: geometry || served.placed(at) };
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

  const tip = (layer, feature) => put(null, "span", "", feature.properties.name);

  const point = (layer, side) => (feature, at) => {
    const { look: k, radius, name } = feature.properties;
    const look = layer.looks[k];
    const on = (pane) => (side ? { pane } : {});
    if (!(look.shape in signs)) return L.circleMarker(at, { radius: radius ?? look.radius, ...on(side) });
    const icon = L.divIcon({ html: sign(look), className: "sign " + look.shape, iconSize: [22, 22] });
    return L.marker(at, { icon, alt: name, title: name, keyboard: true, ...on(`${side}-marks`) });
  };
  const hears = (layer) => layer.pane === "live" && (layer.columns.length > 0 || layer.made === "units");
  const answer = (layer) => (event) => {
    if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
    L.DomEvent.stop(event);
    const one = event.propagatedFrom || event.layer;
    answers.open(layer, one.feature, one.getLatLng && one.feature.properties.site ? one.getLatLng() : event.latlng);
  };
  const vector = (layer, side) => {
    const collection = { type: "FeatureCollection", features: layer.features.map(placed) };
    const shown = L.geoJSON(collection, {
      pane: side || (layer.pane === "live" ? undefined : layer.pane),
      interactive: hears(layer),
      style: (feature) => layer.looks[feature.properties.look],
      pointToLayer: point(layer, side),
    });
    if (hears(layer)) {
      shown.bindTooltip((one) => tip(layer, one.feature), { sticky: true });
      shown.on("click keypress", answer(layer));
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

  const at = (layer) => (layer.side === "right" ? 1 : 0);
  const xy = (coded) => coded.map((one) => one / scene.perDegree);
  const makers = {
    units: (layer, service) => {
      const table = served.tables[at(layer)], rows = scene.swipe ? service.unit : table.name.map((_, k) => k);
      return rows.map((unit) => ({
        properties: { name: table.name[unit], unit, ...reach.look(table, service, unit) },
        at: ["Point", table.at[unit]],
      }));
    },
    links: (layer, service) => service.schools.map((school, k) => ({
      properties: { look: 0, name: school.name },
      geometry: {
        type: "MultiLineString",
        coordinates: service.unitsOf(k).map((to) => [xy(service.table.at[service.unit[to.at]]), xy(school.at)]),
      },
    })),
    fill: (layer, service) => service.schools.map((school, k) => ({
      properties: { look: reach.fill(service, k), name: school.name }, at: ["Point", school.at],
    })).filter((one) => one.properties.look !== null),
  };
  const remake = () => every().filter((layer) => layer.made).forEach((layer) => {
    (drawn.get(layer) || []).forEach((one) => one.remove());
    drawn.delete(layer);
    layer.features = makers[layer.made](layer, served.services(theme)[at(layer)]);
  });

  let isWhole = false;
  const waits = (layer) => layer.pane !== "paper";
  const showLayers = () => {
    const wanted = new Set(active().filter((layer) => isWhole || !waits(layer)));
    drawn.forEach((shown, layer) => { if (!wanted.has(layer)) shown.forEach((one) => one.remove()); });
    wanted.forEach((layer) => shownAs(layer).forEach((one) => one.addTo(map).bringToFront()));
  };

  const box = map.getContainer();
  const panel = (position, style, name) => {
    const control = L.control({ position });
    const made = put(null, "section", "panel " + style);
    if (name) made.setAttribute("aria-label", name);
    L.DomEvent.disableClickPropagation(made).disableScrollPropagation(made);
    control.onAdd = () => made;
    control.addTo(map);
    return made;
  };

  const heading = panel("topleft", scene.swipe ? "heading sheet two" : "heading sheet", words.facts);
  const legend = panel("bottomleft", "legend sheet", words.legend);
  const card = panel("bottomleft", "card sheet", words.answer);
  const choice = panel("topright", "choice sheet", words.layers);
  const distances = panel("topright", "reach sheet", words.distance);
  card.setAttribute("aria-live", "polite");

  const isWide = () => box.clientWidth > 900;
  const margins = () => {
    if (isWide()) return { topLeft: [heading.offsetWidth + 16, 12], bottomRight: [choice.offsetWidth + 16, 24] };
    const below = box.dataset.sheet ? box.clientHeight / 2 : 0;
    return { topLeft: [8, heading.offsetHeight + 14], bottomRight: [8, 52 + below] };
  };
  const tabs = put(box, "nav", "tabs");
  const sheet = (name) => {
    box.dataset.sheet = name;
    tabs.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", one.dataset.of === name));
  };
  L.DomEvent.disableClickPropagation(tabs);
  [["facts", words.facts], ["legend", words.legend], ["layers", words.layers], ["distance", words.distance]]
    .forEach(([of, label]) => {
      if (of === "distance" && !scene.themes.some((one) => one.services.length)) return;
      const made = put(tabs, "button", "", label);
      Object.assign(made, { type: "button" }).dataset.of = of;
      made.addEventListener("click", () => sheet(box.dataset.sheet === of ? "" : of));
    });

  const tellFacts = () => {
    heading.replaceChildren();
    put(heading, "h1", "", scene.title);
    if (scene.notice) put(heading, "p", "notice", scene.notice);
    if (!theme) return;
    const body = put(heading, "div", "facts");
    put(body, "h2", "", theme.title);
    const table = put(body, "table");
    theme.facts.forEach(([label, ...values]) => {
      const row = put(table, "tr", label ? "" : "head");
      put(row, "th", "", label);
      values.forEach((value) => put(row, "td", "", value));
    });
    if (!theme.sentences.length) return;
    const more = put(body, "details");
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

  const recount = (isYear) => {
    if (isYear && theme.layers.some((layer) => layer.key === "fill")) isOn.fill = true;
    if (isYear) drawChoice();
    remake();
    reach.shares();
    reach.tellWorst();
    answers.again();
    refresh();
  };
  const choose = (one) => {
    theme = one;
    answers.close();
    tellFacts();
    reach.draw();
    drawChoice();
    remake();
    refresh();
  };
  const sitesOf = () => (theme ? theme.layers : []).filter((layer) => layer.columns.length)
    .flatMap((layer) => layer.features.filter((one) => one.properties.site).map((one) => [layer, one]));
  const visit = (service, unit) => {
    const own = [], place = served.latLng(service.table.at[unit]);
    own[service.k] = unit;
    map.setView(place, Math.max(map.getZoom(), 14), { animate: false });
    answers.place(place, null, null, own);
  };
  const find = (name) => {
    const site = sitesOf().find(([, one]) => one.properties.name === name);
    if (site) {
      const place = served.latLng(site[1].at[1]);
      map.setView(place, Math.max(map.getZoom(), 13), { animate: false });
      return answers.open(...site, place);
    }
    served.tables.some((table, k) => {
      const unit = table.name.indexOf(name);
      if (unit >= 0) visit({ table, k }, unit);
      return unit >= 0;
    });
  };
  const finder = () => {
    const entry = put(choice, "input", "find"), names = put(choice, "datalist");
    names.id = "names";
    Object.assign(entry, { type: "search", placeholder: words.find });
    choice.prepend(entry, names);
    entry.setAttribute("list", "names");
    entry.setAttribute("aria-label", words.find);
    entry.addEventListener("focus", () => {
      const all = [...sitesOf().map(([, one]) => one.properties.name), ...served.tables.flatMap((table) => table.name)];
      names.replaceChildren(...[...new Set(all)].map((name) => Object.assign(put(null, "option"), { value: name })));
    });
    entry.addEventListener("change", () => find(entry.value.trim()));
  };

  const option = (parent, type, label, checked, chosen) => {
    const row = put(parent, "label");
    const input = put(row, "input");
    Object.assign(input, { type, checked, name: type === "radio" ? "theme" : "" });
    input.addEventListener("change", () => chosen(input.checked));
    put(row, "span", "", label);
    return input;
  };
  const switches = (parent, layers) => firstOfKey(layers).forEach((layer) => {
    const input = option(parent, "checkbox", layer.title, isOn[layer.key], (on) => {
      isOn[layer.key] = on;
      refresh();
    });
    input.dataset.layer = layer.key;
  });
  const programmes = put(choice, "div"), own = put(choice, "div");
  const ground = put(choice, "details", "ground");
  const drawChoice = () => {
    programmes.replaceChildren();
    own.replaceChildren();
    if (scene.themes.length) put(programmes, "h2", "", scene.choice);
    scene.themes.forEach((one) => option(programmes, "radio", one.title, one === theme, () => choose(one)));
    if (theme) put(own, "h2", "", words.themeLayers);
    switches(own, theme ? [...theme.layers].reverse() : []);
  };
  const drawGround = () => {
    put(ground, "summary", "", words.groundLayers);
    switches(ground, [...scene.shared].reverse());
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

  const page = {
    map, scene, words, put, served, card, reach: distances, margins, sheet, recount, visit, isWide,
    services: () => served.services(theme),
    siteOf: (id) => sitesOf().find(([, one]) => one.properties.site === id),
    isShown: (k, place) => !swipe || swipe.shows(["left", "right"][k], map.latLngToContainerPoint(place).x),
    year: () => reach.year(),
    cutoff: () => reach.cutoff(),
    cutoffWords: (service) => reach.cutoffWords(service),
  };
  const answers = page.answers = answersSiting(page);
  const reach = reachSiting(page);

  const refresh = () => { showLayers(); drawLegend(); drawNames(); };

  const furniture = () => {
    const position = "bottomright";
    map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
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
  const frame = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const complete = () => {
    isWhole = true;
    remake();
    refresh();
    const pictures = [...map.getPane("pictures").querySelectorAll("img")].map((one) => one.decode());
    Promise.all(pictures).then(() => frame(() => {
      document.documentElement.dataset.painted = Math.round(performance.now());
    }));
  };

  panes.slice(0, 3).forEach((name, k) => { map.createPane(name).style.zIndex = 310 + 10 * k; });
  const swipe = scene.swipe ? swipeSiting(map, scene.swipe, put, () => drawNames()) : null;
  furniture();
  finder();
  drawGround();
  basemapSiting(page, choice);
  sheet("");
  tellFacts();
  reach.draw();
  drawChoice();
  fit();
  if (swipe) swipe.centre(margins());
  showLayers();
  drawLegend();
  let enlarged = reach.enlarged();
  map.on("zoomend", () => {
    if (enlarged === reach.enlarged()) return;
    enlarged = reach.enlarged();
    remake();
    showLayers();
  });
  map.on("moveend", drawNames);
  frame(complete);
}
""")

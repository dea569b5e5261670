"""What a click is answered with: a card with the school's or the unit's figures, its land and lines on the map."""

from folium.utilities import JsCode

ANSWERS = JsCode(r"""
function answersSiting(page) {
  const { map, scene, words, put, served, card } = page;
  const box = map.getContainer();
  map.createPane("chosen").style.zIndex = 608;
  const renderer = L.svg({ pane: "chosen" });
  const drawn = L.layerGroup().addTo(map);
  const paint = { renderer, pane: "chosen", interactive: false };
  const ink = { ...paint, color: "#2b2825", weight: 1.3 };
  const land = { ...ink, fillColor: "#ffd23f", fillOpacity: 0.42 };
  const whole = (count) => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
  const share = (part) => {
    const isNearlyAll = part < 1 && part >= 0.9995;
    return `${(100 * part).toFixed(isNearlyAll ? 2 : 1)}%`;
  };
  const metres = (count) => (count === -1 ? words.noRoad : count === null ? "—" : `${whole(count)} ${words.m}`);

  let shown = null;
  const close = () => {
    if (!shown) return;
    const { back } = shown;
    shown = null;
    drawn.clearLayers();
    card.replaceChildren();
    page.sheet("");
    if (back && back.isConnected) back.focus({ preventScroll: true });
  };
  const begin = (key, title, again) => {
    const back = shown ? shown.back : document.activeElement === document.body ? null : document.activeElement;
    shown = { key, back, again };
    drawn.clearLayers();
    card.replaceChildren();
    const head = put(card, "header");
    put(head, "h3", "", title);
    const shut = put(head, "button", "shut", "\u00d7");
    Object.assign(shut, { type: "button", title: words.close });
    shut.setAttribute("aria-label", words.close);
    shut.addEventListener("click", close);
    page.sheet("card");
  };
  const table = (rows) => {
    const told = put(card, "table"), said = new Set();
    rows.forEach(([label, value]) => {
      if (value === null || value === undefined || said.has(label)) return;
      said.add(label);
      const row = put(told, "tr");
      put(row, "th", "", label);
      put(row, "td").append(value);
    });
  };
  const bar = (label, people, seats) => {
    if (people === null || seats === null || !seats) return;
    const part = people / seats, most = Math.max(people, seats, 1);
    const made = put(card, "div", "capacity");
    made.setAttribute("role", "img");
    const said = `${label} ${whole(people)} / ${words.seats} ${whole(seats)} (${share(part)})`;
    made.setAttribute("aria-label", said);
    put(made, "p", "", said);
    const track = put(made, "div", "track");
    put(track, "i").style.cssText = `width:${(100 * Math.min(people, seats)) / most}%`;
    if (part > 1) put(track, "i", "over").style.cssText = `width:${(100 * (people - seats)) / most}%`;
    put(track, "b").style.cssText = `left:${(100 * seats) / most}%`;
  };
  const year = () => (served.years ? ` ${served.years.year[page.year()]}` : "");
  const planName = (service) => {
    if (scene.swipe) put(card, "h4", service.side, `${words[service.side]} ${scene.swipe[service.k]}`);
  };
  const lines = (service, school) => service.unitsOf(service.number.get(school.id)).forEach(({ at }) => {
    const unit = service.unit[at], from = served.latLng(service.table.at[unit]);
    L.polyline([from, served.latLng(school.at)], ink).addTo(drawn);
    L.circleMarker(from, { ...ink, radius: 3, fillColor: "#fff", fillOpacity: 1 }).addTo(drawn);
  });
  const lands = (service, units) => units.forEach((unit) => {
    L.geoJSON(served.land(service.table, unit).shape, { ...land, style: land }).addTo(drawn);
  });
  const inView = (place) => map.panInside(place, {
    paddingTopLeft: L.point(page.margins().topLeft).add([24, 24]),
    paddingBottomRight: L.point(page.margins().bottomRight).add([24, 24]),
  });

  const schoolSide = (service, id) => {
    const k = service.number.get(id);
    if (k === undefined) return;
    const school = service.schools[k], units = service.unitsOf(k).map(({ at }) => service.unit[at]);
    planName(service);
    bar(`${service.isAssigned ? words.pupils : words.nearPupils}${year()}`, service.load(k, page.year()), school.seats);
    bar(words.enrolled, ...school.now);
    lands(service, units);
    lines(service, school);
  };
  const figures = (service, id) => {
    const k = service.number.get(id);
    if (k === undefined) return [];
    return scene.figures.map((label, at) => [label, service.schools[k].figures[at]]);
  };
  const told = (layer, feature) => layer.columns.map((column, k) => [column, feature.properties.values[k]]);
  const school = (layer, feature, place) => {
    const { site, name } = feature.properties, key = `school ${site}`;
    if (shown && shown.key === key) return close();
    const draw = () => {
      begin(key, name, draw);
      const services = page.services();
      services.forEach((service) => schoolSide(service, site));
      closer(services, site);
      const more = services.length === 1 ? figures(services[0], site) : [];
      table([...told(layer, feature), ...more]);
      L.circleMarker(place, { ...ink, radius: 12, weight: 3, fill: false }).addTo(drawn);
    };
    draw();
    inView(place);
  };

  const closer = (services, site) => {
    const places = services.filter((service) => service.number.has(site)).flatMap((service) => {
      const k = service.number.get(site);
      const units = service.unitsOf(k).map(({ at }) => service.table.at[service.unit[at]]);
      return [service.schools[k].at, ...units].map(served.latLng);
    });
    if (places.length < 2) return;
    const go = put(card, "button", "closer", words.closer), { topLeft, bottomRight } = page.margins();
    go.type = "button";
    go.addEventListener("click", () => map.fitBounds(L.latLngBounds(places).pad(0.5), {
      animate: false, maxZoom: 14, paddingTopLeft: topLeft, paddingBottomRight: bottomRight,
    }));
  };

  const goTo = (service, one) => {
    const go = put(null, "button", "go", one.name);
    go.type = "button";
    go.addEventListener("click", () => {
      const [layer, feature] = page.siteOf(one.id) || [];
      if (layer) school(layer, feature, served.latLng(one.at));
    });
    return go;
  };
  const unitSide = (service, unit, place) => {
    const at = service.position.get(unit);
    planName(service);
    if (scene.swipe) put(card, "p", "", service.table.name[unit]);
    lands(service, [unit]);
    if (at === undefined) return put(card, "p", "", words.notAsked);
    const [first, ...others] = service.schoolsOf(at), residents = service.residents[at];
    const near = service.within(page.cutoff()), pupils = service.pupils(at, page.year());
    const rows = [];
    if (first) {
      const to = served.latLng(first.school.at);
      const most = first.share < 0.995 ? ` (${share(first.share)})` : "";
      const named = put(null, "span");
      named.append(goTo(service, first.school), most);
      rows.push([service.isAssigned ? words.assigned : words.nearest, named]);
      rows.push([words.roadMean, metres(service.metres[at])]);
      rows.push([words.straight, metres(Math.round(map.distance(place, to)))]);
      L.polyline([place, to], { ...ink, dashArray: "5 4" }).addTo(drawn);
      L.circleMarker(to, { ...ink, radius: 12, weight: 3, fill: false }).addTo(drawn);
    } else rows.push([service.isAssigned ? words.assigned : words.nearest, words.noSchool]);
    others.filter((one) => one.share >= 0.05).forEach((one, k) => {
      rows.push([`${words.alsoNearest}${k ? ` ${k + 1}` : ""}`, `${one.school.name} (${share(one.share)})`]);
    });
    if (near && residents) rows.push([page.cutoffWords(service), `${whole(near[at])} / ${whole(residents)}`]);
    rows.push([`${words.pupils}${year()}`, pupils === null ? null : whole(pupils)]);
    table(rows);
  };
  const place = (at, layer, feature, unitOf) => {
    const services = page.services();
    const units = served.tables.map((one, k) => unitOf?.[k] ?? served.unitAt(one, at));
    const k = Math.max(units.findIndex((unit, side) => unit >= 0 && page.isShown(side, at)), 0);
    const unit = units[k] >= 0 ? units[k] : -1;
    const title = feature ? feature.properties.name : unit >= 0 ? served.tables[k].name[unit] : "";
    if (!title) return close();
    const [here, before] = [at, shown?.at].map((one) => one && map.latLngToContainerPoint(one));
    if (before && here.distanceTo(before) < 8 && shown.key === `place ${title}`) return close();
    const draw = () => {
      begin(`place ${title}`, title, draw);
      shown.at = at;
      if (feature) table(told(layer, feature));
      if (unit >= 0) {
        const table0 = served.tables[k], where = [table0.township[unit], table0.where[unit]];
        const people = table0.residents[unit];
        if (people !== null) where.push(`${whole(people)} ${words.residents}`);
        put(card, "p", "where", where.filter(Boolean).join(" \u00b7 "));
        if (feature && feature.properties.name !== table0.name[unit]) put(card, "p", "where", table0.name[unit]);
      }
      services.forEach((service, side) => { if (units[side] >= 0) unitSide(service, units[side], at); });
      L.circleMarker(at, { ...ink, radius: 4, fillColor: "#2b2825", fillOpacity: 1 }).addTo(drawn);
    };
    draw();
    inView(at);
  };

  const open = (layer, feature, at) => {
    const { site, unit } = feature.properties;
    if (site && layer.columns.length) return school(layer, feature, at);
    if (unit !== undefined) {
      const own = [];
      own[layer.side === "right" ? 1 : 0] = unit;
      return place(at, null, null, own);
    }
    return place(at, layer, feature);
  };
  map.on("click", (event) => place(event.latlng));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  return { open, close, place, again: () => { if (shown) shown.again(); }, whole, share, metres, box };
}
""")
"""open answers a click on a feature, place one on a piece of ground; again draws the card anew for another year."""

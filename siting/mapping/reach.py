"""The panel of distances: a cutoff and the share within it, the year, and who is worst off."""

from folium.utilities import JsCode

REACH = JsCode(r"""
function reachSiting(page) {
  const { scene, words, put, served, reach, answers } = page;
  const LISTED = 12, LARGEST = 9, SMALLEST = 3, OUTSIDE = 0, ALONE = 4;
  const state = { cutoff: "rule", year: 0, order: "far" };
  if (served.years) state.year = Math.max(served.years.year.indexOf(served.years.planned), 0);

  const metresOf = (service) => service.cutoff(cutoff());
  const said = (m) => (m >= 1000 ? `${m / 1000} ${words.km}` : `${m} ${words.m}`);
  const cutoffWords = (service) => words.within.replace("{m}", said(metresOf(service)));
  const hasRule = () => page.services().some((service) => service.radius !== null);
  const cutoff = () => (state.cutoff === "rule" && !hasRule() ? 1000 : state.cutoff);

  const lookOf = (service, at) => {
    const near = service.within(cutoff()), everybody = service.residents[at];
    if (!near || !everybody) return OUTSIDE;
    return near[at] >= everybody - 0.5 ? 1 : near[at] > 0.5 ? 2 : 3;
  };
  const sizes = new Map();
  const largest = (table) => {
    if (!sizes.has(table)) sizes.set(table, Math.max(1, ...table.residents.map((one) => one ?? 0)));
    return sizes.get(table);
  };
  const radius = (table, unit) => {
    const share = (table.residents[unit] ?? 0) / largest(table);
    return Math.max(SMALLEST, LARGEST * Math.sqrt(share));
  };
  const most = new Map();
  const mostPupils = (service) => {
    if (!most.has(service)) most.set(service, Math.max(1, ...(service.raw.pupils ?? []).flat().map((one) => one ?? 0)));
    return most.get(service);
  };
  const enlarged = () => (page.map.getZoom() >= 12.5 ? 1.7 : 1);
  const look = (table, service, unit) => {
    const at = service ? service.position.get(unit) : undefined;
    if (at === undefined) return { look: OUTSIDE, radius: radius(table, unit) * enlarged() };
    const pupils = served.years ? service.pupils(at, state.year) : null;
    const size = pupils === null ? radius(table, unit) : LARGEST * Math.sqrt(pupils / mostPupils(service));
    const isAlone = table.alone.includes(unit);
    const least = isAlone ? 4 : SMALLEST;
    return { look: isAlone ? ALONE : lookOf(service, at), radius: Math.max(least, size) * enlarged() };
  };

  const field = (parent, name, value, label, isChosen, chosen) => {
    const row = put(parent, "label", "chip");
    const input = put(row, "input");
    Object.assign(input, { type: "radio", name, value, checked: isChosen });
    input.addEventListener("change", () => chosen());
    put(row, "span", "", label);
  };
  const chips = () => {
    const row = put(reach, "div", "chips");
    row.setAttribute("role", "radiogroup");
    row.setAttribute("aria-label", words.distance);
    const rules = new Set(page.services().map((service) => service.radius).filter((one) => one !== null));
    const choose = (to) => () => { state.cutoff = to; page.recount(); };
    const own = [...rules].map(said).join(" | ");
    if (own) field(row, "cutoff", "rule", `${words.rule} ${own}`, cutoff() === "rule", choose("rule"));
    scene.cutoffs.filter((one) => rules.size !== 1 || !rules.has(one)).forEach((one) => {
      field(row, "cutoff", one, said(one), cutoff() === one, choose(one));
    });
  };
  const title = (service) => {
    if (scene.swipe) put(reach, "h4", service.side, `${words[service.side]} ${scene.swipe[service.k]}`);
  };
  const figures = put(null, "div", "shares");
  figures.setAttribute("aria-live", "polite");
  const shares = () => {
    figures.replaceChildren();
    page.services().forEach((service) => {
      const told = service.share(cutoff()), row = put(figures, "div", "share");
      if (!told) return;
      const [near, everybody] = told, part = near / everybody;
      if (scene.swipe) put(row, "em", service.side, scene.swipe[service.k]);
      put(row, "b", "", answers.share(part));
      const track = put(row, "span", "track");
      put(track, "i").style.width = `${100 * part}%`;
      const kind = service.isAssigned ? words.ofAssigned : words.ofNearest;
      put(row, "p", "", `${kind} ${said(metresOf(service))}: ${answers.whole(near)} / ${answers.whole(everybody)}`);
    });
  };

  const years = () => {
    if (!served.years) return;
    const row = put(reach, "label", "years");
    const name = put(row, "span"), slider = put(row, "input");
    Object.assign(slider, { type: "range", min: 0, max: served.years.year.length - 1, step: 1, value: state.year });
    slider.setAttribute("aria-label", words.year);
    const tell = () => {
      const all = page.services().map((service) => service.all(state.year)).filter((one) => one !== null);
      const year = served.years.year[state.year], counts = all.map(answers.whole).join(" | ");
      name.textContent = `${year}${words.yearOf} ${words.pupils} ${counts}`;
      slider.setAttribute("aria-valuetext", String(year));
    };
    slider.addEventListener("input", () => { state.year = Number(slider.value); tell(); page.recount(true); });
    tell();
  };

  const worst = (service) => {
    const near = service.within(cutoff());
    const rows = service.unit.map((unit, at) => ({
      unit, at, metres: service.metres[at], beyond: near ? service.residents[at] - near[at] : 0,
    })).filter((one) => service.residents[one.at] > 0);
    const far = ({ metres }) => (metres === -1 || metres === null ? Infinity : metres);
    const byFar = (a, b) => (far(b) === far(a) ? 0 : far(b) - far(a)) || b.beyond - a.beyond;
    const order = state.order === "far" ? byFar : (a, b) => b.beyond - a.beyond || byFar(a, b);
    return rows.filter((one) => state.order === "far" || one.beyond > 0.5).sort(order).slice(0, LISTED);
  };
  const list = put(null, "details", "worst");
  put(list, "summary", "", words.worst);
  const entries = put(list, "div");
  const tellWorst = () => {
    if (!list.open) return;
    entries.replaceChildren();
    const row = put(entries, "div", "chips");
    [["far", words.farthest], ["beyond", words.mostBeyond]].forEach(([key, label]) => {
      field(row, "order", key, label, state.order === key, () => { state.order = key; tellWorst(); });
    });
    page.services().forEach((service) => {
      if (scene.swipe) put(entries, "h4", service.side, scene.swipe[service.k]);
      const made = put(entries, "ol"), found = worst(service);
      if (!found.length) put(entries, "p", "", words.nobody);
      found.forEach(({ unit, metres, beyond }) => {
        const go = put(put(made, "li"), "button", "go");
        go.type = "button";
        put(go, "span", "", service.table.name[unit]);
        put(go, "small", "", `${answers.metres(metres)} \u00b7 ${words.beyond} ${answers.whole(beyond)}`);
        go.addEventListener("click", () => page.visit(service, unit));
      });
    });
  };
  list.addEventListener("toggle", tellWorst);

  const draw = () => {
    reach.replaceChildren();
    const isKnown = page.services().length > 0;
    reach.hidden = !isKnown;
    if (!isKnown) return;
    put(reach, "h2", "", words.distance);
    chips();
    reach.append(figures);
    shares();
    years();
    reach.append(list);
    tellWorst();
  };
  const fill = (service, school) => {
    const asked = service.load(school, state.year), { seats } = service.schools[school];
    if (asked === null || !seats) return null;
    const step = scene.fillSteps.findIndex((one) => asked / seats < one || (one === 1 && asked <= seats));
    return step < 0 ? scene.fillSteps.length : step;
  };
  return { draw, enlarged, shares, tellWorst, look, fill, cutoff, cutoffWords, year: () => state.year };
}
""")
"""look says how a unit's circle is drawn, fill the look of a school's ring."""

"""Who goes where, in the page: services read once, people within a distance, pupils of a year, the unit at a place."""

from folium.utilities import JsCode

SERVED = JsCode(r"""
function servedSiting(scene) {
  const { perDegree, shapes, years } = scene;
  const tables = scene.tables.map((table) => table ?? scene.tables[0]);
  const sides = tables.length > 1 ? ["left", "right"] : [""];
  const sum = (all) => all.reduce((total, one) => total + one, 0);

  const decoded = (coded) => {
    if (typeof coded[0] !== "number") return coded.map(decoded);
    const places = [];
    for (let k = 0, x = 0, y = 0; k < coded.length; k += 2) {
      x += coded[k]; y += coded[k + 1];
      places.push([x / perDegree, y / perDegree]);
    }
    return places;
  };
  const geometry = ([type, coded]) => {
    const at = decoded(coded);
    return { type, coordinates: type === "Point" ? at[0] : at };
  };
  const latLng = ([x, y]) => L.latLng(y / perDegree, x / perDegree);

  const lands = new Map();
  const land = (table, unit) => {
    const k = table.shape[unit];
    if (!lands.has(k)) {
      const shape = geometry(shapes[k]);
      const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
      const places = polygons.flatMap((rings) => rings[0]);
      const [x, y] = [0, 1].map((axis) => places.map((place) => place[axis]));
      lands.set(k, { shape, polygons, box: [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] });
    }
    return lands.get(k);
  };
  const isInRing = (ring, x, y) => ring.reduce((odd, [x1, y1], k) => {
    const [x0, y0] = ring[k ? k - 1 : ring.length - 1];
    const crosses = y0 > y !== y1 > y && x < ((x0 - x1) * (y - y1)) / (y0 - y1) + x1;
    return crosses ? !odd : odd;
  }, false);
  const isOn = ({ polygons, box }, x, y) => x >= box[0] && y >= box[1] && x <= box[2] && y <= box[3]
    && polygons.some((rings) => rings.reduce((odd, ring) => odd !== isInRing(ring, x, y), false));
  const unitAt = (table, { lat, lng }) => table.shape.findIndex((_, unit) => isOn(land(table, unit), lng, lat));

  const grouped = (keys, count) => {
    const groups = Array.from({ length: count }, () => []);
    keys.forEach((key, k) => groups[key].push(k));
    return groups;
  };
  const counted = (all) => all.filter((one) => one !== null);
  const added = (all) => (counted(all).length ? sum(counted(all)) : null);

  const readSide = (raw, k) => {
    const table = tables[k], { links, schools } = raw;
    const bySchool = grouped(links.school, schools.length), byUnit = grouped(links.unit, raw.unit.length);
    const residents = raw.unit.map((unit) => table.residents[unit] ?? 0);
    const position = new Map(raw.unit.map((unit, at) => [unit, at]));
    const number = new Map(schools.map((school, at) => [school.id, at]));
    const pupils = (at, year) => (raw.pupils ? raw.pupils[at][years ? year : 0] : null);
    const part = (link) => (links.share ? links.share[link] : 1);
    const cutoff = (asked) => (asked === "rule" ? raw.radius : asked);
    return {
      ...raw, raw, table, residents, position, number, pupils, cutoff, side: sides[k], k,
      schoolsOf: (at) => byUnit[at].map((link) => ({ school: schools[links.school[link]], share: part(link) })),
      unitsOf: (school) => bySchool[school].map((link) => ({ at: links.unit[link] })),
      load: (school, year) => {
        if (!years) return schools[school].pupils;
        return added(bySchool[school].map((link) => {
          const asked = pupils(links.unit[link], year);
          return asked === null ? null : part(link) * asked;
        }));
      },
      all: (year) => added(raw.unit.map((_, at) => pupils(at, year))),
      within: (asked) => raw.within[raw.cutoffs.indexOf(cutoff(asked))],
      share: (asked) => {
        const near = raw.within[raw.cutoffs.indexOf(cutoff(asked))], everybody = sum(residents);
        return near && everybody ? [sum(near), everybody] : null;
      },
    };
  };
  const known = new Map();
  const services = (theme) => {
    if (!theme) return [];
    if (!known.has(theme)) known.set(theme, theme.services.map(readSide));
    return known.get(theme);
  };

  const placed = ([type, coded]) => {
    return type === "Land" ? land(tables[coded[0]], coded[1]).shape : geometry([type, coded]);
  };

  return { placed, latLng, land, unitAt, services, tables, years };
}
""")
"""Positions ("at") count the members of a service, units the rows of its table; asked is metres or "rule"."""

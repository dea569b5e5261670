"""The bar between two plans: what lies left and right of it, drawn in panes that are clipped where it stands."""

from folium.utilities import JsCode

SWIPE = JsCode(r"""
function swipeSiting(map, names, put, moved) {
  const box = map.getContainer();
  box.classList.add("two-plans");
  const panes = ["left", "right"].map((side) => [side, `${side}-marks`].map((name, k) => {
    const pane = map.createPane(name);
    pane.style.zIndex = k ? 610 : 405;
    return pane;
  }));
  const bar = put(box, "div", "swipe");
  Object.entries({ role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": 100 })
    .forEach(([name, value]) => bar.setAttribute(name, value));
  bar.setAttribute("aria-label", names.join(" | "));
  put(bar, "span", "left", names[0]);
  put(bar, "span", "right", names[1]);
  put(bar, "b", "", "\u21d4");

  let share = 0.5;
  const cut = (pane, from, to) => {
    const a = map.containerPointToLayerPoint([from, 0]), b = map.containerPointToLayerPoint([to, map.getSize().y]);
    pane.style.clipPath = `polygon(${a.x}px ${a.y}px, ${b.x}px ${a.y}px, ${b.x}px ${b.y}px, ${a.x}px ${b.y}px)`;
  };
  const place = () => {
    const wide = map.getSize().x, at = Math.round(share * wide);
    bar.style.left = `${at}px`;
    bar.setAttribute("aria-valuenow", Math.round(share * 100));
    panes[0].forEach((pane) => cut(pane, 0, at));
    panes[1].forEach((pane) => cut(pane, at, wide));
  };
  const move = (to) => {
    share = Math.min(1, Math.max(0, to));
    place();
    moved();
  };

  let holding = false;
  ["mousedown", "touchstart", "click", "dblclick", "wheel"].forEach((kind) => {
    bar.addEventListener(kind, (event) => event.stopPropagation());
  });
  bar.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    bar.setPointerCapture(event.pointerId);
    holding = true;
  });
  bar.addEventListener("pointermove", (event) => {
    if (holding) move((event.clientX - box.getBoundingClientRect().left) / map.getSize().x);
  });
  ["pointerup", "pointercancel"].forEach((kind) => bar.addEventListener(kind, () => { holding = false; }));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (!step) return;
    event.stopPropagation();
    event.preventDefault();
    move(share + step);
  });
  map.on("move zoomend viewreset resize", place);

  return {
    centre: ({ topLeft, bottomRight }) => {
      const wide = map.getSize().x;
      move((topLeft[0] + wide - bottomRight[0]) / 2 / wide);
    },
    shows: (side, x) => {
      const isLeft = x < share * map.getSize().x;
      return side === "left" ? isLeft : side === "right" ? !isLeft : true;
    },
  };
}
""")
"""names: of the left and the right plan. put makes an element, moved is told when the bar stands elsewhere."""

"""How the page's own panels look: paper, ink and one red."""

STYLE = """
html, body { width: 100%; height: 100%; margin: 0; }
.folium-map, .folium-map.leaflet-container {
  background: #eceae5; font: 13px/1.45 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", sans-serif; color: #2b2825;
}
.leaflet-paper-pane, .leaflet-pictures-pane, .leaflet-backdrop-pane, .leaflet-names-pane { pointer-events: none; }
.leaflet-names-pane { z-index: 620; }
.picture.grid { image-rendering: pixelated; opacity: .9; }
.panel {
  background: rgba(255, 254, 251, .95); border: 1px solid #cfc9c0; border-radius: 3px; padding: 8px 12px;
  box-shadow: 0 1px 4px rgba(60, 50, 40, .18); box-sizing: border-box; overflow-y: auto;
}
.panel h1 { font-size: 17px; line-height: 1.3; margin: 0 0 2px; }
.panel h2 { font-size: 13px; margin: 8px 0 3px; padding-top: 6px; border-top: 1px solid #e3ddd3; color: #5b5148; }
.panel h2:first-child { border: 0; margin-top: 0; padding-top: 0; }
.panel p { margin: 0; }
.panel table, .card table { border-collapse: collapse; width: 100%; }
.panel th, .card th { text-align: left; font-weight: 400; color: #6d645a; padding: 1px 10px 1px 0; white-space: nowrap;
  vertical-align: top; }
.panel td, .card td { text-align: left; font-variant-numeric: tabular-nums; }
.heading { width: 290px; max-height: 36vh; }
.heading td { text-align: right; }
.heading .notice { color: #b3241c; font-weight: 600; }
.heading ul { margin: 4px 0 0; padding-left: 18px; }
.heading summary { cursor: pointer; color: #b3241c; margin-top: 4px; }
.legend { max-height: 59vh; width: 235px; }
.legend .entry { display: flex; align-items: center; gap: 8px; line-height: 18px; }
.legend i { flex: 0 0 24px; text-align: center; font-style: normal; line-height: 0; }
.choice { width: 190px; max-height: 78vh; }
.choice label { display: flex; align-items: center; gap: 6px; padding: 1px 0; cursor: pointer; }
.choice input { margin: 0; accent-color: #8c2f23; }
.north { text-align: center; padding: 4px 8px; line-height: 1.1; }
.north b { display: block; font-size: 11px; }
.note { font-size: 11px; color: #6d645a; padding: 1px 8px; max-width: 50vw; }
.legend .scale { display: flex; flex-wrap: wrap; padding: 3px 0 2px; }
.legend .scale p { flex: 1 0 100%; }
.legend .scale span { flex: 1; border-top: 10px solid; font-size: 11px; text-align: center; line-height: 15px; }
.tag { position: absolute; left: 0; top: 0; white-space: nowrap; font-size: 12px; line-height: 14px; color: #3c3835;
  text-shadow: 0 0 2px #fff, 0 0 2px #fff, 0 0 3px #fff; }
.tag.town { font-size: 14px; font-weight: 700; letter-spacing: 1px; color: #4c463f; }
.tag.site { font-weight: 600; color: #8f1220; }
.tag.village { font-size: 11px; color: #55504a; }
.card h3 { margin: 0 0 6px; font-size: 15px; padding-bottom: 4px; border-bottom: 2px solid #8c2f23; }
.leaflet-container .leaflet-popup-content { font-size: 13px; line-height: 1.5; margin: 12px 14px; }
.heading.two { width: 372px; max-height: 56vh; }
.heading.two .head td { color: #6d645a; line-height: 1.25; vertical-align: bottom; padding-bottom: 2px; }
.heading.two th { padding-right: 0; width: 122px; }
.heading.two td { padding-left: 8px; width: 68px; }
.heading.two td:last-child { font-weight: 600; }
.heading.two summary { color: #5b5148; }
.two-plans .legend { max-height: 39vh; }
.two-plans .heading:has(details[open]) { max-height: 94vh; }
.two-plans:has(details[open]) .legend { display: none; }
.swipe { position: absolute; top: 0; bottom: 0; width: 44px; margin-left: -22px; z-index: 900; cursor: ew-resize;
  touch-action: none; outline: none; }
.swipe::before { content: ""; position: absolute; left: 20px; width: 4px; top: 0; bottom: 0; background: #fffefb;
  box-shadow: 0 0 0 1px #8c2f23; }
.swipe b { position: absolute; left: 4px; top: 50%; width: 36px; height: 36px; margin-top: -18px; border-radius: 50%;
  background: #8c2f23; color: #fffefb; box-shadow: 0 0 0 3px #fffefb, 0 1px 5px 3px rgba(60, 50, 40, .4);
  font: 16px/36px sans-serif; text-align: center; }
.swipe:focus-visible b { box-shadow: 0 0 0 3px #fffefb, 0 0 0 6px #1f5a94; }
.swipe span { position: absolute; top: 10px; max-width: 24vw; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; padding: 4px 12px; background: #8c2f23; color: #fffefb; font-size: 15px; font-weight: 600;
  pointer-events: none; }
.swipe .left { right: 28px; border-radius: 3px 0 0 3px; background: #4c463f; }
.swipe .right { left: 28px; border-radius: 0 3px 3px 0; }
@media print { .choice, .leaflet-control-zoom { display: none; } }
@media (max-width: 900px) { .heading { width: 220px; } .legend { max-height: 30vh; } }
"""

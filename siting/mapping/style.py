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
.panel h1 { font-size: 15.5px; line-height: 1.3; margin: 0 0 2px; }
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
.panel button, .tabs button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
.panel :focus-visible, .tabs :focus-visible, .sign:focus-visible, .leaflet-control-zoom a:focus-visible {
  outline: 2px solid #1f5a94; outline-offset: 1px; border-radius: 2px; }
.panel summary { cursor: pointer; }
.panel h4 { margin: 8px 0 2px; font-size: 13px; color: #4c463f; }
.panel h4.right, .share em.right { color: #8c2f23; }
.panel .small { font-size: 11px; color: #6d645a; }
.card { display: none; width: 290px; max-height: 60vh; }
[data-sheet=card] .card { display: block; }
[data-sheet=card] .legend { display: none; }
.card header { display: flex; align-items: flex-start; gap: 8px; border-bottom: 2px solid #8c2f23; margin-bottom: 6px; }
.card h3 { flex: 1; margin: 0; font-size: 15px; padding-bottom: 3px; overflow-wrap: anywhere; }
.card .shut { font-size: 20px; line-height: 20px; padding: 0 4px; color: #6d645a; }
.card td { overflow-wrap: anywhere; }
.card th { white-space: normal; width: 112px; }
.card .where { color: #6d645a; margin-bottom: 4px; }
.card .go { text-decoration: underline; color: #1f5a94; text-align: left; }
.capacity { margin: 4px 0 6px; }
.capacity p { font-variant-numeric: tabular-nums; }
.track { display: flex; position: relative; height: 10px; background: #eee9e0; box-shadow: inset 0 0 0 1px #b9b1a5;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.track i { background: #4292c6; }
.track i.over { background: repeating-linear-gradient(135deg, #d55e00 0 4px, #ffd9b8 4px 7px); }
.track b { position: absolute; top: -2px; bottom: -2px; width: 2px; margin-left: -1px; background: #2b2825; }
.choice, .reach { width: 226px; min-height: 90px; flex: 0 1 auto; }
.leaflet-bottom.leaflet-right { display: grid; grid-template-columns: 1fr auto auto auto; align-items: end; }
.leaflet-bottom.leaflet-right > .note, .leaflet-bottom.leaflet-right > .leaflet-control-attribution {
  grid-column: 1 / -1; justify-self: end; }
.leaflet-bottom.leaflet-right > .north { grid-column: 2; }
@media (min-width: 901px) {
  .leaflet-top.leaflet-right { display: flex; flex-direction: column; align-items: flex-end;
    height: calc(100% - 130px); }
}
.card .closer { display: block; margin: 0 0 6px; color: #1f5a94; text-decoration: underline; }
.chips { display: flex; flex-wrap: wrap; gap: 4px; margin: 2px 0 6px; }
.chip { position: relative; cursor: pointer; }
.chip input { position: absolute; opacity: 0; inset: 0; margin: 0; cursor: pointer; }
.chip span { display: block; padding: 1px 7px; border: 1px solid #b9b1a5; border-radius: 10px; background: #fffefb; }
.chip input:checked + span { background: #8c2f23; border-color: #8c2f23; color: #fff; }
.chip input:focus-visible + span { outline: 2px solid #1f5a94; outline-offset: 1px; }
.share { display: grid; grid-template-columns: auto 1fr; align-items: center; column-gap: 8px; margin-bottom: 4px; }
.share b { font-size: 17px; font-variant-numeric: tabular-nums; }
.share em { grid-column: 1 / -1; font-style: normal; font-weight: 600; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.share p { grid-column: 1 / -1; font-size: 11px; line-height: 1.35; color: #6d645a; }
.years { display: block; margin: 4px 0; }
.years input { width: 100%; margin: 2px 0; accent-color: #8c2f23; }
.years span { font-variant-numeric: tabular-nums; }
.worst ol { margin: 4px 0; padding-left: 22px; }
.worst .go { display: block; width: 100%; text-align: left; padding: 1px 0; }
.worst .go:hover span, .worst .go:focus-visible span { text-decoration: underline; }
.worst small { display: block; color: #6d645a; font-size: 11px; }
.find { width: 100%; box-sizing: border-box; font: inherit; margin-bottom: 4px; padding: 2px 6px;
  border: 1px solid #b9b1a5; border-radius: 3px; background: #fff; }
.facts, .choice > div + div { margin-top: 6px; padding-top: 6px; border-top: 1px solid #e3ddd3; }
.facts:empty, .choice > div:empty { display: none; }
.ground, .online { margin-top: 6px; padding-top: 5px; border-top: 1px solid #e3ddd3; }
.key { display: flex; gap: 6px; margin-top: 4px; }
.key[hidden] { display: none; }
.key input { flex: 1; min-width: 0; font: inherit; }
.key button { border: 1px solid #8c2f23; border-radius: 3px; padding: 0 8px; color: #8c2f23; }
.online .leaflet-paper-pane { opacity: .3; }
.online .leaflet-pictures-pane { opacity: .45; }
.leaflet-container .leaflet-control-attribution { font-size: 10px; background: rgba(255, 254, 251, .8); }
.tabs { display: none; }
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
@media screen and (max-width: 900px) {
  .tabs { display: flex; position: absolute; left: 0; right: 0; bottom: 0; height: 44px; z-index: 1100;
    background: #fffefb; border-top: 1px solid #cfc9c0; }
  .tabs button { flex: 1; font-size: 14px; }
  .tabs button[aria-pressed=true] { color: #8c2f23; font-weight: 600; box-shadow: inset 0 3px #8c2f23; }
  .leaflet-bottom { bottom: 44px; }
  .leaflet-control-container .leaflet-left .sheet, .leaflet-control-container .leaflet-right .sheet {
    float: none; margin: 0; }
  .legend, .choice, .reach, .card { display: none; position: fixed; left: 0; right: 0; bottom: 44px; width: auto;
    max-height: 46vh; border-width: 1px 0 0; border-radius: 0; }
  .heading.sheet { position: fixed; left: 0; right: 0; top: 0; width: auto; max-height: 40vh; border-width: 0 0 1px;
    border-radius: 0; padding: 5px 12px; }
  .heading h1 { font-size: 15px; }
  .heading .notice { font-size: 11px; line-height: 1.3; }
  .heading .facts { display: none; }
  [data-sheet=facts] .facts, [data-sheet=legend] .legend, [data-sheet=layers] .choice,
    [data-sheet=distance] .reach { display: block; }
  .choice label, .reach .go { padding: 4px 0; }
  .chip span { padding: 4px 10px; border-radius: 14px; }
  .note { max-width: 62vw; font-size: 10px; }
  [data-sheet=legend] .leaflet-right .panel:not(.sheet), [data-sheet=layers] .leaflet-right .panel:not(.sheet),
    [data-sheet=distance] .leaflet-right .panel:not(.sheet), [data-sheet=card] .leaflet-right .panel:not(.sheet),
    [data-sheet]:not([data-sheet=""]) .leaflet-bottom .leaflet-bar,
    [data-sheet]:not([data-sheet=""]) .leaflet-control-scale,
    [data-sheet]:not([data-sheet=""]) .leaflet-control-attribution { display: none; }
  .two-plans .legend, .heading.two { max-height: 46vh; }
  .swipe span { top: 68px; font-size: 12px; }
}
@media print {
  @page { size: A4 landscape; margin: 8mm; }
  .choice, .reach .chips, .worst, .years input, .leaflet-control-zoom, .tabs, .card .shut { display: none; }
  .panel, .folium-map { print-color-adjust: exact; -webkit-print-color-adjust: exact; box-shadow: none; }
}
"""

/** What the colours of the compact layers of a map mean: one box for all of them, a part for each layer that is shown. */

import { svg } from "../core/dom.js";
import { shapePath, traceShape } from "../core/symbols.js";
import { setLine } from "../map/trace.js";
import { hatchOf } from "./marks.js";

const boxes = new WeakMap();

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

const [KEY_WIDTH, KEY_HEIGHT, SHAPE_PX] = [20, 13, 4.5];
const [MIDDLE_X, MIDDLE_Y] = [KEY_WIDTH / 2, KEY_HEIGHT / 2];
/** What a sample shows, as a path: a line as the map has it, a point's shape, an area. */
const PATHS = {
  line: () => `M0,${MIDDLE_Y}H${KEY_WIDTH}`,
  point: ({ shape }) => shapePath(shape, SHAPE_PX),
  polygon: () => `M1,1H${KEY_WIDTH - 1}V${KEY_HEIGHT - 1}H1Z`,
};

/** A sample of a look. */
function drawKey(look, type) {
  if (look.hatch && type !== "line") return drawHatch(look, type);
  const path = {
    d: PATHS[type](look),
    transform: type === "point" ? `translate(${MIDDLE_X} ${MIDDLE_Y})` : null,
    fill: (type !== "line" && look.fill) || "none",
    "fill-opacity": look.fillOpacity ?? 1,
    stroke: look.color,
    "stroke-width": (look.weight || 1) * (type === "line" ? 2 : 1),
    "stroke-dasharray": look.dash || null,
  };
  return svg("svg", { class: "geoplan-key", width: KEY_WIDTH, height: KEY_HEIGHT, "aria-hidden": "true" }, svg("path", path));
}

/** A sample of a hatching, painted as the map paints it. */
function drawHatch(look, type) {
  const key = make("canvas", "geoplan-key");
  const ratio = window.devicePixelRatio || 1;
  [key.width, key.height] = [KEY_WIDTH * ratio, KEY_HEIGHT * ratio];
  const context = key.getContext("2d", { willReadFrequently: true }); // too small to be worth a graphics card
  context.scale(ratio, ratio);
  context.beginPath();
  if (type === "point") traceShape(context, look.shape, MIDDLE_X, MIDDLE_Y, SHAPE_PX);
  else context.rect(1, 1, KEY_WIDTH - 2, KEY_HEIGHT - 2);
  context.fillStyle = hatchOf(context, look, ratio);
  context.globalAlpha = look.fillOpacity ?? 1;
  context.fill();
  context.globalAlpha = 1;
  setLine(context, look, 1);
  context.stroke();
  return key;
}

/** What a layer's colours mean; an empty place until the layer has come. */
function drawPart({ options, data }) {
  const part = make("section", "");
  if (!data) return part;
  part.append(make("b", "", options.title));
  for (const look of data.looks) {
    const row = make("div", "");
    row.append(drawKey(look, options.type), document.createTextNode(look.name));
    part.append(row);
  }
  return part;
}

/** The box of a map, made when the first layer comes. */
function boxOf(L, map) {
  if (!boxes.has(map)) {
    const control = L.control({ position: "bottomright" });
    const box = { element: make("div", "geoplan-legend geoplan-layers"), parts: new Map() };
    control.onAdd = () => box.element;
    control.addTo(map);
    boxes.set(map, box);
  }
  return boxes.get(map);
}

/** Puts a layer into its map's legend, or takes it out; one that is there stays in its place. */
export function tellLegend(L, map, layer, shown) {
  const { element, parts } = boxOf(L, map);
  const before = parts.get(layer);
  if (before && !shown) before.remove();
  if (!shown || !layer.options.legend) parts.delete(layer);
  else {
    const part = drawPart(layer);
    if (before) before.replaceWith(part);
    else element.append(part);
    parts.set(layer, part);
  }
  element.hidden = ![...parts.values()].some((part) => part.hasChildNodes());
}

/** The style sheet of legend and cards, once a page. */
export function addStyles() {
  const styles = document.createElement("style");
  styles.textContent = `.geoplan-layers{background:rgba(255,255,255,.92);border:1px solid #c9cfd2;border-radius:3px;padding:5px 9px;font:12px/1.5 "Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#22303a;max-height:50vh;overflow:auto}
.geoplan-layers b{display:block}.geoplan-layers section+section:not(:empty){margin-top:5px}.canvas-pane{pointer-events:none}.geoplan-hit .leaflet-overlay-pane *{pointer-events:none!important}.geoplan-key{display:inline-block;width:20px;height:13px;margin-right:6px;vertical-align:-2px}
.geoplan-card table{border-collapse:collapse}.geoplan-card th{text-align:right;font-weight:400;color:#67737c;padding-right:8px;white-space:nowrap;vertical-align:top}.geoplan-card td{overflow-wrap:anywhere}`;
  document.head.append(styles);
}

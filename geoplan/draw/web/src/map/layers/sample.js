/** What a layer or one of its looks is drawn like, in small, for the legend. */

import { svg } from "../../core/dom.js";
import { shapePath } from "../../core/symbols.js";

const HATCH = { "/": "M2,11.5L8,2.5M8,11.5L14,2.5M14,11.5L20,2.5", "\\": "M2,2.5L8,11.5M8,2.5L14,11.5M14,2.5L20,11.5", "-": "M2,7H20", "|": "M8,2.5V11.5M14,2.5V11.5" };
HATCH.x = HATCH["/"] + HATCH["\\"];

/** Whether lines stand for a layer: of towns and villages the map shows the outlines alone. */
export function isLine(layer) {
  return layer.type === "line" || layer.kind === "villages" || layer.kind === "towns";
}

function drawArea(look, common) {
  const box = svg("rect", { x: 2, y: 2.5, width: 18, height: 9, fill: look.fill || "none", "fill-opacity": look.fillOpacity ?? 1, ...common });
  return look.hatch ? [box, svg("path", { d: HATCH[look.hatch], fill: "none", stroke: look.color, "stroke-width": 1 })] : [box];
}

/** The sample of a look (by default a layer's own style) as an SVG element. */
export function lineSample(layer, look = layer.style) {
  const common = { stroke: look.color, "stroke-width": Math.max(1, look.weight || 1), "stroke-dasharray": look.dash || null };
  const drawn = isLine(layer)
    ? svg("path", { d: "M1,7H21", fill: "none", ...common })
    : layer.type === "point"
      ? svg("path", { d: shapePath(look.shape || "circle", Math.max(3, look.radius || 3)), transform: "translate(11 7)", fill: look.fill || look.color, ...common })
      : drawArea(look, common);
  return svg("svg", { class: "line-sample", width: 16, height: 14, viewBox: "0 0 22 14", preserveAspectRatio: "none", "aria-hidden": "true" }, drawn);
}

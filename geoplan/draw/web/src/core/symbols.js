/** The shape of each light, the same on the map, in the chart, in lists and legends. Centre 0,0; radius r. */

import { svg } from "./dom.js";
import { tOr } from "./text.js";

/** The lights from best to worst, then the two that say nothing; the order of legends. */
export const LIGHTS = ["done", "on-time", "late", "very-late", "not-started", "unreported"];
/** How badly a light needs eyes: higher is worse. */
export const GRAVITY = { unreported: 0, "not-started": 1, done: 2, "on-time": 3, late: 4, "very-late": 5 };

const POINTS = {
  triangle: [[0, -1.2], [1.12, 0.82], [-1.12, 0.82]],
  square: [[-0.92, -0.92], [0.92, -0.92], [0.92, 0.92], [-0.92, 0.92]],
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  dash: [[-1.25, -0.42], [1.25, -0.42], [1.25, 0.42], [-1.25, 0.42]],
};

/** How far a shape reaches at most, of its radius. */
export const SHAPE_REACH = 1.32;

/** The shape as SVG path data. */
export function shapePath(shape, r) {
  const points = POINTS[shape];
  if (points) return `M${points.map(([x, y]) => `${(x * r).toFixed(2)},${(y * r).toFixed(2)}`).join("L")}Z`;
  const q = shape === "ring" ? r * 0.88 : r;
  return `M${-q},0A${q},${q},0,1,1,${q},0A${q},${q},0,1,1,${-q},0Z`;
}

/** Adds the shape to a canvas path (no beginPath, no fill). */
export function traceShape(context, shape, x, y, r) {
  const points = POINTS[shape];
  if (!points) {
    const q = shape === "ring" ? r * 0.88 : r;
    context.moveTo(x + q, y);
    context.arc(x, y, q, 0, Math.PI * 2);
    return;
  }
  for (let i = 0; i < points.length + 2; i++) {
    // on to the second corner, as a path's end has no join
    const corner = points[i % points.length];
    if (i) context.lineTo(x + corner[0] * r, y + corner[1] * r);
    else context.moveTo(x + corner[0] * r, y + corner[1] * r);
  }
}

/** How a shape is painted in a colour: a ring is hollow, all others are full. */
export function paintOf(shape, color) {
  return shape === "ring" ? { fill: "#ffffff", stroke: color } : { fill: color, stroke: "none" };
}

/** The symbol of a light as an SVG element of `size` pixels, named for screen readers. */
export function lightSymbol(light, site, size = 14) {
  const { lights } = site.style;
  const entry = lights[light] || lights.unreported;
  return shapeSymbol(entry.shape, entry.color, size, tOr(`light.${light}`, light));
}

/** A shape in a colour as an SVG element. */
export function shapeSymbol(shape, color, size = 14, title = "") {
  const r = size * 0.38;
  const paint = paintOf(shape, color);
  return svg(
    "svg",
    { class: "symbol", width: size, height: size, viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, role: "img", "aria-label": title || null, "aria-hidden": title ? null : "true" },
    svg("path", { d: shapePath(shape, r), fill: paint.fill, stroke: paint.stroke, "stroke-width": size / 8 }),
  );
}

/** The name of a light. */
export function lightName(light) {
  return tOr(`light.${light}`, light);
}

/** The category of a project: its colour and one-character glyph. */
export function categoryOf(style, type) {
  const found = (style.categories || []).find((category) => category.name === type);
  return found || { name: type, color: "#7a8288", glyph: (type || "·").slice(0, 1) };
}

/** The one character that stands for a stage. */
export function stageGlyph(stage) {
  return stage ? tOr(`stage-glyph.${stage}`, stage.slice(0, 1)) : "";
}

/** The colour of a stage. */
export function stageColor(style, stage) {
  return (style.stages && style.stages[stage] && style.stages[stage].color) || "#8a9299";
}

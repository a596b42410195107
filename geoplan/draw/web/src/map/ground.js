/** What lies under the symbols: the land, the shading of villages, and the layers as lines, areas and dots. */

import { paintForeign, paintOutside } from "./outline.js";
import { setLine, traceDots, traceFeature, traceLayer } from "./trace.js";
import { HATCH, shadeOf } from "./shade.js";

const FINE_PX = 2;
const patterns = new Map();

/** A colour, or the hatching of villages that nobody reported from, as what a canvas fills with. */
export function paintFor(context, color, ratio) {
  if (color !== HATCH) return color;
  if (!patterns.has(ratio)) patterns.set(ratio, makeHatch(context, ratio));
  return patterns.get(ratio);
}

/** Thin slanting lines, fine at any ratio of canvas pixels to CSS pixels. */
function makeHatch(context, ratio) {
  const size = 6;
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(size * ratio);
  const pen = tile.getContext("2d");
  pen.scale(tile.width / size, tile.width / size);
  pen.fillStyle = "#fbfbfa";
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = "#98a2aa";
  pen.lineWidth = 1;
  pen.beginPath();
  for (const at of [-size, 0, size]) {
    pen.moveTo(at - 1, size + 1);
    pen.lineTo(at + size + 1, -1);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(size / tile.width));
  return pattern;
}

function fillLand(scene, context, view) {
  const land = scene.border || scene.towns || scene.villages;
  paintForeign(scene, context, view);
  if (!land || scene.under?.isSeen(view)) return;
  context.beginPath();
  for (let index = 0; index < land.size; index++) traceFeature(context, land, index, view);
  context.fillStyle = scene.style.ground.land;
  context.fill();
}

/** The land and the villages in the colours of the chosen shading. */
export function paintGround(scene, context, view) {
  fillLand(scene, context, view);
  layGround(scene, context, view, () => fillVillages(scene, context, view));
}

/** Paints areas between what of the ground lies below them and what above, so that it is seen through their colours. */
export function layGround(scene, context, view, paintAreas) {
  const { under } = scene;
  under?.paintBelow(scene, context, view);
  context.globalAlpha = under ? under.alpha(view) : 1;
  paintAreas();
  context.globalAlpha = 1;
  under?.paintAbove(scene, context, view);
}

function fillVillages(scene, context, view) {
  if (!scene.villages) return;
  const byColor = new Map();
  scene.values(scene.villages, "code").forEach((code, index) => {
    const color = shadeOf(scene, String(code));
    if (!color) return;
    if (!byColor.has(color)) byColor.set(color, []);
    byColor.get(color).push(index);
  });
  for (const [color, indexes] of byColor) {
    context.beginPath();
    indexes.forEach((index) => traceFeature(context, scene.villages, index, view));
    context.fillStyle = paintFor(context, color, view.ratio);
    context.fill();
  }
}

/** Every layer that is switched on and not too fine for this zoom. */
export function paintNetwork(scene, context, view) {
  for (const layer of scene.ground) if (scene.shown.has(layer.id) && view.zoom >= (layer.style.minZoom || 0)) paintLayer(scene.open(layer), context, view, scene.growth(view));
  paintOutside(scene, context, view);
}

function paintLayer(layer, context, view, growth) {
  const { style } = layer;
  const boundary = layer.kind === "villages" || layer.kind === "towns";
  context.beginPath();
  if (layer.type === "point") traceDots(context, layer, view, (style.radius || 3) * growth);
  else traceLayer(context, layer, view);
  if (style.fill && layer.type !== "line" && !boundary) {
    context.globalAlpha = style.fillOpacity || 0.5;
    context.fillStyle = style.fill;
    context.fill();
    context.globalAlpha = 1;
  }
  setLine(context, style, boundary ? Math.min(growth, 1.3) : growth);
  const fine = context.lineWidth < FINE_PX && !view.paper;
  context.lineJoin = fine ? "bevel" : "round";
  context.lineCap = fine ? "butt" : "round";
  context.stroke();
  context.setLineDash([]);
}

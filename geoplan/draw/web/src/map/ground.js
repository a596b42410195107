/** What lies under the symbols: the land, the shading of villages, and the layers as lines, areas and dots. */

import { hatchOf } from "../compact/marks.js";
import { gather, paintLayer } from "../compact/paint.js";
import { paintForeign, paintOutside } from "./outline.js";
import { traceFeature } from "./trace.js";
import { HATCH, shadeOf } from "./shade.js";

/** What is smaller than a pixel is a dot of so many across: a greenhouse has to be seen on the map of a county. */
const DOT_PX = 2;
const UNREPORTED = { hatch: "/", color: "#98a2aa", fill: "#fbfbfa" };

/** A colour, or the hatching of villages that nobody reported from, as what a canvas fills with. */
export function paintFor(context, color, ratio) {
  return color === HATCH ? hatchOf(context, UNREPORTED, ratio) : color;
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
  for (const layer of scene.ground) if (scene.shown.has(layer.id) && view.zoom >= (layer.style.minZoom || 0)) paintGroundLayer(scene.open(layer), context, view, scene.growth(view));
  paintOutside(scene, context, view);
}

/** What of a layer lies in a view: a filter asks again for the same view. */
function gatherOnce(layer, view) {
  const { scale, ox, oy, width, height, paper } = view;
  const key = [scale, ox, oy, width, height, paper].join("|");
  if (layer.gathered?.key !== key) layer.gathered = { key, parts: gather(layer, view) };
  return layer.gathered.parts;
}

/** Of towns and villages the outlines alone, never much wider than their style says: the shading lies under them. */
function paintGroundLayer(layer, context, view, growth) {
  const outline = layer.kind === "villages" || layer.kind === "towns";
  const own = { ...view, growth: outline ? Math.min(growth, 1.3) : growth, outline, dot: DOT_PX };
  context.globalAlpha = layer.opacity ?? 1;
  paintLayer(() => context, layer, own, gatherOnce(layer, own));
  context.globalAlpha = 1;
}

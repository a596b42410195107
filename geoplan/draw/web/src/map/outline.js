/** The county against its neighbours: what lies outside is veiled, its border a ribbon with a line, neighbours' names small and grey. */

import { isRing } from "./geometry.js";
import { traceFeature } from "./trace.js";

const VEIL = "rgba(247,248,248,.74)";
const FOREIGN = "#eceeef";
const RIBBON = "rgba(112,98,122,.20)";
const BORDER = "#6f6878";
const DASHES = [11, 3, 1.6, 3];

/** Whether a code is of another area than the page's. */
function isForeign(code, area) {
  return /^\d{4,}$/.test(code) && !code.startsWith(area);
}

/** The features of towns and villages that belong to neighbours: {layer, index, name, kind}. */
export function listForeign(scene) {
  const areas = scene.ground.filter((layer) => ["towns", "villages"].includes(layer.kind) && layer.type === "polygon");
  return areas.flatMap((layer) => {
    const names = scene.values(layer, "name");
    const codes = scene.values(layer, "code").map((code) => String(code ?? ""));
    const found = codes.flatMap((code, index) => (isForeign(code, scene.site.meta.code) ? [{ layer, index, name: String(names[index] ?? ""), kind: layer.kind }] : []));
    if (found.length) scene.open(layer);
    return found;
  });
}

/** The land of the neighbours, under everything. */
export function paintForeign(scene, context, view) {
  if (!scene.foreign.length) return;
  context.beginPath();
  for (const { layer, index } of scene.foreign) traceFeature(context, layer, index, view);
  context.fillStyle = FOREIGN;
  context.fill();
}

/** Greys all that lies outside the county, and draws its border: over the layers, under symbols and names. */
export function paintOutside(scene, context, view) {
  if (!scene.border) return;
  context.beginPath();
  context.rect(-9, -9, view.width + 18, view.height + 18);
  traceFeature(context, scene.border, 0, view);
  context.fillStyle = VEIL;
  context.fill("evenodd");
  paintBorder(scene, context, view);
}

/** A pale ribbon outside, a dashed and dotted line on the border itself, as county boundaries are drawn (GB/T 20257.3). */
function paintBorder(scene, context, view) {
  const growth = Math.min(1.6, scene.growth(view));
  context.lineJoin = "round";
  context.save();
  context.beginPath();
  context.rect(-9, -9, view.width + 18, view.height + 18);
  traceFeature(context, scene.border, 0, view);
  context.clip("evenodd");
  strokeOutline(scene, context, view, RIBBON, 9 * growth);
  context.restore();
  strokeOutline(scene, context, view, "rgba(255,255,255,.75)", 2.8 * growth);
  strokeOutline(scene, context, view, BORDER, 1.5 * growth, DASHES.map((dash) => dash * growth));
}

function strokeOutline(scene, context, view, color, width, dashes = []) {
  context.beginPath();
  traceFeature(context, scene.border, 0, view);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dashes);
  context.stroke();
  context.setLineDash([]);
}

/** The middle of the largest ring of a feature, in world units. */
export function middleOf({ layer, index }) {
  let best = { area: -1, x: 0, y: 0 };
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) if (isRing(layer, run)) best = pickLarger(best, measureRing(layer, run));
  return best;
}

function pickLarger(one, other) {
  return other.area > one.area ? other : one;
}

/** Area and centroid of a ring. */
function measureRing({ xy, runs }, run) {
  const [x0, y0] = [xy[runs[run]], xy[runs[run] + 1]];
  let [double, x, y] = [0, 0, 0];
  for (let i = runs[run]; i + 3 < runs[run + 1]; i += 2) {
    const [ax, ay, bx, by] = [xy[i] - x0, xy[i + 1] - y0, xy[i + 2] - x0, xy[i + 3] - y0];
    const cross = ax * by - bx * ay;
    double += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return double ? { area: Math.abs(double), x: x0 + x / (3 * double), y: y0 + y / (3 * double) } : { area: 0, x: x0, y: y0 };
}

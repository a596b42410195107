/** Paths of layers: only features in the frame, vertices nearer than a pixel skipped, one path for each style. */

import { isPoint, isRing, meets } from "./geometry.js";

const NEAR_PX = 0.7;
/** Half the side of the square that a point is among lines or areas. */
const SPOT_PX = 2;

/** How much wider or thinner lines are than at the zoom that their style is for. */
export function growthAt(zoom, plain) {
  return Math.min(2.2, Math.max(0.65, 2 ** ((zoom - plain) * 0.28)));
}

/** Sets the width, colour and dashes of a line. */
export function setLine(context, { color, weight, dash }, growth) {
  context.strokeStyle = color;
  context.lineWidth = (weight || 1) * growth;
  context.setLineDash(dash ? dash.split(/[ ,]+/).map(Number) : []);
}

function traceSpot(context, xy, at, { scale, ox, oy }) {
  context.rect(xy[at] * scale - ox - SPOT_PX, xy[at + 1] * scale - oy - SPOT_PX, 2 * SPOT_PX, 2 * SPOT_PX);
}

/**
 * Adds one run to the current path. A ring is closed by going on to its second vertex, so that its first has a join: closePath
 * looks through all of the path that there is, every time.
 */
export function traceRun(context, layer, run, view) {
  if (isPoint(layer, run)) return traceSpot(context, layer.xy, layer.runs[run], view);
  const { xy, runs } = layer;
  const { scale, ox, oy } = view;
  const start = runs[run];
  const last = runs[run + 1] - 2;
  let x = xy[start] * scale - ox;
  let y = xy[start + 1] * scale - oy;
  const firstX = x;
  const firstY = y;
  let secondX = NaN;
  let secondY = NaN;
  context.moveTo(x, y);
  for (let i = start + 2; i <= last; i += 2) {
    const nx = xy[i] * scale - ox;
    const ny = xy[i + 1] * scale - oy;
    if (i < last && Math.abs(nx - x) < NEAR_PX && Math.abs(ny - y) < NEAR_PX) continue;
    context.lineTo((x = nx), (y = ny));
    if (secondX === secondX) continue;
    secondX = x;
    secondY = y;
  }
  if (!isRing(layer, run)) return;
  context.lineTo(firstX, firstY);
  if (secondX === secondX) context.lineTo(secondX, secondY);
}

/** Adds one feature to the current path. */
export function traceFeature(context, layer, index, view) {
  if (!meets(layer.boxes, index * 4, view.frame)) return;
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) traceRun(context, layer, run, view);
}

/** Adds every feature of a line or polygon layer; what is smaller than a pixel becomes a dot. */
export function traceLayer(context, layer, view) {
  const { boxes } = layer;
  for (let index = 0, box = 0; index < layer.size; index++, box += 4) {
    if (!meets(boxes, box, view.frame)) continue;
    const width = (boxes[box + 2] - boxes[box]) * view.scale;
    const height = (boxes[box + 3] - boxes[box + 1]) * view.scale;
    if (width < 1 && height < 1 && !isPoint(layer, layer.features[index])) context.rect(boxes[box] * view.scale - view.ox, boxes[box + 1] * view.scale - view.oy, 1, 1);
    else for (let run = layer.features[index]; run < layer.features[index + 1]; run++) traceRun(context, layer, run, view);
  }
}

/** Adds a dot for every point of a point layer. */
export function traceDots(context, layer, view, radius) {
  const { xy } = layer;
  const [west, north, east, south] = view.frame;
  for (let i = 0; i < xy.length; i += 2) {
    if (xy[i] < west || xy[i] > east || xy[i + 1] < north || xy[i + 1] > south) continue;
    traceDot(context, xy, i, view, radius);
  }
}

/** Adds a dot at the vertex that stands at `at`. */
export function traceDot(context, xy, at, { scale, ox, oy }, radius) {
  const x = xy[at] * scale - ox;
  const y = xy[at + 1] * scale - oy;
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, Math.PI * 2);
}

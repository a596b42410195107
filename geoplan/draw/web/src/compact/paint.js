/** Paints a part of the world: features by their look, what is under a pixel as one dot, vertices nearer than a pixel skipped. */

import { isPoint, isRing } from "../map/geometry.js";
import { traceDot, traceRun } from "../map/trace.js";
import { visitFrame } from "./blocks.js";

/** How much wider than its frame a view looks, so that strokes and dots of neighbours are not cut. */
const REACH_PX = 14;

/** The features of a view, sorted by look: lists of those to trace, and grids of pixels that hold something tiny. */
function gather(layer, view) {
  const [west, north, east, south] = view.frame;
  const reach = REACH_PX / view.scale;
  const [across, down] = [Math.ceil(view.width), Math.ceil(view.height)];
  const lists = layer.looks.map(() => []);
  const grids = layer.looks.map(() => null);
  const { boxes, mask, lookOf, isDots } = layer;
  visitFrame(layer, [west - reach, north - reach, east + reach, south + reach], (i) => {
    if (mask && !mask[i]) return;
    const look = lookOf[i];
    const at = i * 4;
    if (isDots || (boxes[at + 2] - boxes[at]) * view.scale >= 1 || (boxes[at + 3] - boxes[at + 1]) * view.scale >= 1 || isPoint(layer, layer.features[i])) return lists[look].push(i);
    const x = Math.floor(boxes[at] * view.scale - view.ox);
    const y = Math.floor(boxes[at + 1] * view.scale - view.oy);
    if (x < 0 || y < 0 || x >= across || y >= down) return;
    if (!grids[look]) grids[look] = new Uint8Array(across * down);
    grids[look][y * across + x] = 1;
  });
  return { lists, grids, across };
}

/** Pixels that hold something tiny as strips, so that a crowded row is one. */
function paintGrid(context, grid, across, color) {
  context.fillStyle = color;
  for (let at = grid.indexOf(1); at >= 0; ) {
    let end = at + 1;
    const row = at - (at % across) + across;
    while (end < row && grid[end]) end++;
    context.fillRect(at % across, Math.floor(at / across), end - at, 1);
    at = grid.indexOf(1, end);
  }
}

function paintList(context, layer, view, look, list) {
  const lines = [];
  const radius = (look.radius || 3) * view.growth;
  context.beginPath();
  for (const i of list)
    for (let run = layer.features[i]; run < layer.features[i + 1]; run++) {
      if (isPoint(layer, run)) traceDot(context, layer.xy, layer.runs[run], view, radius);
      else if (isRing(layer, run)) traceRun(context, layer, run, view);
      else lines.push(run);
    }
  if (look.fill && look.fillOpacity !== 0) {
    context.globalAlpha = look.fillOpacity == null ? 0.5 : look.fillOpacity;
    context.fillStyle = look.fill;
    context.fill();
    context.globalAlpha = 1;
  }
  for (const run of lines) traceRun(context, layer, run, view); // only areas and dots are filled
  context.strokeStyle = look.color;
  context.lineWidth = (look.weight || 1) * view.growth;
  context.setLineDash(look.dash ? look.dash.split(/[ ,]+/).map(Number) : []);
  context.stroke();
  context.setLineDash([]);
}

/** Paints the features of a layer that its mask lets through; `begin()` gives the context once there is any. Whether there was. */
export function paintLayer(begin, layer, view) {
  const { lists, grids, across } = gather(layer, view);
  if (!grids.some(Boolean) && !lists.some((list) => list.length)) return false;
  const context = begin();
  context.lineJoin = context.lineCap = "round";
  layer.looks.forEach((look, n) => {
    if (grids[n]) paintGrid(context, grids[n], across, look.fill || look.color);
    if (lists[n].length) paintList(context, layer, view, look, lists[n]);
  });
  return true;
}

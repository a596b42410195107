/** Paints a part of the world: features by their look, what is under a pixel as one dot, vertices nearer than a pixel skipped. */

import { isPoint, isRing } from "../map/geometry.js";
import { setLine, traceDot, traceRun } from "../map/trace.js";
import { visitFrame } from "./blocks.js";

/** How much wider than its frame a view looks, so that strokes and dots of neighbours are not cut. */
const REACH_PX = 14;
/** Lines thinner than this have no round joins and ends: nobody would see them, and they take long. */
const FINE_PX = 2;

/**
 * What of a layer lies in a view: `traced` are features to draw; `dots` those under a pixel, and `at` their pixels.
 * It holds for the view whatever a filter lets through.
 */
export function gather(layer, view) {
  const [west, north, east, south] = view.frame;
  const reach = REACH_PX / view.scale;
  const { scale, ox, oy } = view;
  const [width, height] = gridOf(view);
  const { boxes } = layer;
  const [traced, dots, at] = [[], [], []];
  visitFrame(layer, [west - reach, north - reach, east + reach, south + reach], (i) => {
    const box = i * 4;
    if ((boxes[box + 2] - boxes[box]) * scale >= 1 || (boxes[box + 3] - boxes[box + 1]) * scale >= 1 || isPoint(layer, layer.features[i])) return traced.push(i);
    const [x, y] = [Math.floor(boxes[box] * scale - ox), Math.floor(boxes[box + 1] * scale - oy)];
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    dots.push(i);
    at.push(y * width + x);
  });
  return { traced: Uint32Array.from(traced), dots: Uint32Array.from(dots), at: Uint32Array.from(at) };
}

/** How many pixels the grid of a view has across and down. */
function gridOf({ width, height }) {
  return [Math.ceil(width), Math.ceil(height)];
}

/** Of what lies in a view, what a filter lets through, by look: lists of features, and grids of pixels. */
function choose({ traced, dots, at }, { looks, lookOf, mask }, size) {
  const lists = looks.map(() => []);
  const grids = looks.map(() => null);
  for (const i of traced) if (!mask || mask[i]) lists[lookOf[i]].push(i);
  for (let n = 0; n < dots.length; n++) {
    const i = dots[n];
    if (mask && !mask[i]) continue;
    const look = lookOf[i];
    (grids[look] || (grids[look] = new Uint8Array(size)))[at[n]] = 1;
  }
  return { lists, grids };
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
  if (look.fill && look.fillOpacity !== 0 && !view.outline) {
    const before = context.globalAlpha;
    context.globalAlpha = before * (look.fillOpacity == null ? 0.5 : look.fillOpacity);
    context.fillStyle = look.fill;
    context.fill();
    context.globalAlpha = before;
  }
  for (const run of lines) traceRun(context, layer, run, view); // only areas and dots are filled
  setLine(context, look, view.growth);
  const fine = context.lineWidth < FINE_PX && !view.paper;
  context.lineJoin = fine ? "bevel" : "round";
  context.lineCap = fine ? "butt" : "round";
  context.stroke();
  context.setLineDash([]);
}

/**
 * Paints what lies in a view (of `gather`) as far as the layer's mask lets it through; `begin()` gives the context once there
 * is any. With `view.outline` areas are not filled. Whether there was any.
 */
export function paintLayer(begin, layer, view, parts) {
  const [across, down] = gridOf(view);
  const { lists, grids } = choose(parts, layer, across * down);
  if (!grids.some(Boolean) && !lists.some((list) => list.length)) return false;
  const context = begin();
  layer.looks.forEach((look, n) => {
    if (grids[n]) paintGrid(context, grids[n], across, look.fill || look.color);
    if (lists[n].length) paintList(context, layer, view, look, lists[n]);
  });
  return true;
}

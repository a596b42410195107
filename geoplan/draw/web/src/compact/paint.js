/**
 * Paints a part of the world: features by their look, what is under a pixel as one dot, small ones as the pixels that they
 * touch, of the others vertices nearer than a pixel skipped.
 */

import { isPoint, isRing } from "../map/geometry.js";
import { setLine, traceRun } from "../map/trace.js";
import { visitFrame } from "./blocks.js";
import { hatchOf, traceMark } from "./marks.js";
import { Pixels, pixelOf, walkPixels } from "./pixels.js";

/** How much wider than its frame a view looks, so that strokes and dots of neighbours are not cut. */
const REACH_PX = 14;
/** Lines thinner than this have no round joins and ends: nobody would see them, and they take long. */
const FINE_PX = 2;
/** A line of at most this size, and this thin, is the pixels that it touches; so is an area that its outline fills. */
const [SMALL_PX, THIN_PX, FULL_PX] = [6, 1.5, 2];

/** Whether a layer's lines are thin enough in a view for their pixels to stand for them. */
function isThin(layer, view) {
  return !view.paper && layer.looks.every((look) => (look.weight || 1) * view.growth < THIN_PX);
}

/**
 * What of a layer lies in a view: `traced` are features to draw; `owners` those that are pixels alone, and `at` which pixel, a
 * pair a pixel: the first `edges` of them are of lines, the rest of dots, `view.dot` pixels wide. It holds for the view whatever
 * a filter lets through.
 */
export function gather(layer, view) {
  const [west, north, east, south] = view.frame;
  const reach = REACH_PX / view.scale;
  const { scale, ox, oy } = view;
  const [width, height] = gridOf(view);
  const { boxes } = layer;
  const thin = isThin(layer, view);
  const dot = view.dot || 1;
  const [traced, dots, dotsAt, owners, at] = [[], [], [], [], []];
  visitFrame(layer, [west - reach, north - reach, east + reach, south + reach], (i) => {
    const box = i * 4;
    const size = Math.max(boxes[box + 2] - boxes[box], boxes[box + 3] - boxes[box + 1]) * scale;
    const first = layer.features[i];
    if (isPoint(layer, first)) traced.push(i);
    else if (size < 1) {
      const [x, y] = [Math.floor(boxes[box] * scale - ox), Math.floor(boxes[box + 1] * scale - oy)];
      if (x < 0 || y < 0 || x >= width || y >= height) return;
      for (let dy = 0; dy < dot && y + dy < height; dy++)
        for (let dx = 0; dx < dot && x + dx < width; dx++) {
          dots.push(i);
          dotsAt.push((y + dy) * width + x + dx);
        }
    } else if (thin && size < (isRing(layer, first) ? FULL_PX : SMALL_PX)) {
      walkPixels(layer, i, view, width, height, (pixel) => {
        owners.push(i);
        at.push(pixel);
      });
    } else traced.push(i);
  });
  const edges = owners.length;
  return { traced: new Uint32Array(traced), owners: new Uint32Array(owners.concat(dots)), at: new Uint32Array(at.concat(dotsAt)), edges };
}

/** How many pixels the grid of a view has across and down. */
function gridOf({ width, height }) {
  return [Math.ceil(width), Math.ceil(height)];
}

/** Of the features to draw those that a filter lets through, by look. */
function sortTraced({ traced }, { looks, lookOf, mask }) {
  const lists = looks.map(() => []);
  for (const i of traced) if (!mask || mask[i]) lists[lookOf[i]].push(i);
  return lists;
}

/** Sets the pixels of what is pixels alone; whether there was any. */
function setPixels(pixels, { owners, at, edges }, { looks, lookOf, mask }, view) {
  const lines = looks.map((look) => pixelOf(look.color, Math.min(1, (look.weight || 1) * view.growth)));
  const dots = looks.map((look) => pixelOf(look.fill || look.color, 1));
  let any = false;
  for (let n = 0; n < owners.length; n++) {
    const i = owners[n];
    if (mask && !mask[i]) continue;
    pixels[at[n]] = (n < edges ? lines : dots)[lookOf[i]];
    any = true;
  }
  return any;
}

function paintList(context, layer, view, look, list) {
  const lines = [];
  const radius = (look.radius || 3) * view.growth;
  context.beginPath();
  for (const i of list)
    for (let run = layer.features[i]; run < layer.features[i + 1]; run++) {
      if (isPoint(layer, run)) traceMark(context, layer.xy, layer.runs[run], view, look.shape, radius);
      else if (isRing(layer, run)) traceRun(context, layer, run, view);
      else lines.push(run);
    }
  if ((look.fill || look.hatch) && look.fillOpacity !== 0 && !view.outline) {
    const before = context.globalAlpha;
    context.globalAlpha = before * (look.fillOpacity == null ? 0.5 : look.fillOpacity);
    context.fillStyle = look.hatch ? hatchOf(context, look, view.ratio) : look.fill;
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

const sheets = new Map();

/** The grid of pixels of a size: one is enough, as it is laid down before the next is asked for. */
function sheetOf(width, height) {
  const key = `${width}|${height}`;
  if (!sheets.has(key)) {
    if (sheets.size > 4) sheets.clear(); // a window that is drawn wider goes through many sizes
    sheets.set(key, new Pixels(width, height));
  }
  return sheets.get(key);
}

/**
 * Paints what lies in a view (of `gather`) as far as the layer's mask lets it through; `begin()` gives the context once there
 * is any. With `view.outline` areas are not filled. Whether there was any.
 */
export function paintLayer(begin, layer, view, parts) {
  const sheet = parts.owners.length ? sheetOf(...gridOf(view)) : null;
  const spotted = sheet && setPixels(sheet.pixels, parts, layer, view);
  const lists = sortTraced(parts, layer);
  if (!spotted && !lists.some((list) => list.length)) return false;
  const context = begin();
  if (spotted) sheet.layOn(context);
  layer.looks.forEach((look, n) => lists[n].length && paintList(context, layer, view, look, lists[n]));
  return true;
}

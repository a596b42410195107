/**
 * Paints a part of the world: features by their look, what is under a pixel as one dot, small ones as the pixels that they
 * touch, of the others vertices nearer than a pixel skipped.
 */

import { SHAPE_REACH } from "../core/symbols.js";
import { isPoint, isRing } from "../map/geometry.js";
import { setLine, traceRun } from "../map/trace.js";
import { visitFrame } from "./blocks.js";
import { hatchOf, traceMark } from "./marks.js";
import { Numbers } from "./numbers.js";
import { Pixels, pixelOf, walkPixels } from "./pixels.js";

/** How much wider than its own strokes and dots a view looks, so that those of neighbours are not cut. */
const REACH_PX = 2;
/** Lines thinner than this have no round joins and ends: nobody would see them, and they take long. */
const FINE_PX = 2;
/** A line of at most this size, and this thin, is the pixels that it touches; so is an area that its outline fills. */
const [SMALL_PX, THIN_PX, FULL_PX] = [6, 1.5, 2];

/** Whether a layer's lines are thin enough in a view for their pixels to stand for them. */
function isThin(layer, view) {
  return !view.paper && layer.looks.every((look) => (look.weight || 1) * view.growth < THIN_PX);
}

/** How many pixels beyond its vertices a feature may be seen. */
function reachOf({ looks }, { growth }) {
  return REACH_PX + growth * Math.max(...looks.map(({ weight, radius }) => (weight || 1) / 2 + SHAPE_REACH * (radius || 3)));
}

const traced = new Numbers();
const edges = { owners: new Numbers(), at: new Numbers() };
const dots = { owners: new Numbers(), at: new Numbers() };

/** Notes which pixel of the grid a feature has. */
function note({ owners, at }, owner, place) {
  owners.add(owner);
  at.add(place);
}

function takeNoted({ owners, at }) {
  return { owners: owners.take(), at: at.take() };
}

/**
 * What of a layer lies in a view: `traced` are features to draw; `edges` and `dots` are pixels, of lines and of features that are
 * but a dot (`view.dot` pixels wide): whose they are, and where they stand. It holds for the view whatever a filter lets through.
 */
export function gather(layer, view) {
  const [west, north, east, south] = view.frame;
  const { scale, shift = -1, ox, oy } = view;
  const reach = reachOf(layer, view) / scale;
  const [width, height] = gridOf(view);
  const { boxes, features } = layer;
  const pixel = 1 / scale;
  const [smallArea, smallLine] = isThin(layer, view) ? [FULL_PX / scale, SMALL_PX / scale] : [0, 0];
  const dot = view.dot || 1;
  let owner = 0;
  const noteEdge = (place) => note(edges, owner, place);
  visitFrame(layer, [west - reach, north - reach, east + reach, south + reach], (i) => {
    const box = i * 4;
    const size = Math.max(boxes[box + 2] - boxes[box], boxes[box + 3] - boxes[box + 1]);
    const first = features[i];
    if (isPoint(layer, first)) traced.add(i);
    else if (size < pixel) {
      const x = shift < 0 ? Math.floor(boxes[box] * scale - ox) : (boxes[box] >> shift) - ox;
      const y = shift < 0 ? Math.floor(boxes[box + 1] * scale - oy) : (boxes[box + 1] >> shift) - oy;
      if (x < 0 || y < 0 || x >= width || y >= height) return;
      for (let dy = 0; dy < dot && y + dy < height; dy++) for (let dx = 0; dx < dot && x + dx < width; dx++) note(dots, i, (y + dy) * width + x + dx);
    } else if (size < (isRing(layer, first) ? smallArea : smallLine)) {
      owner = i;
      walkPixels(layer, i, view, width, height, noteEdge);
    } else traced.add(i);
  });
  return { traced: traced.take(), edges: takeNoted(edges), dots: takeNoted(dots) };
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
function setPixels(pixels, parts, layer, view) {
  const lines = layer.looks.map((look) => pixelOf(look.color, Math.min(1, (look.weight || 1) * view.growth)));
  const fills = layer.looks.map((look) => pixelOf(look.fill || look.color, 1));
  const edged = setEach(pixels, parts.edges, layer, lines);
  return setEach(pixels, parts.dots, layer, fills) || edged;
}

function setEach(pixels, { owners, at }, { lookOf, mask }, colors) {
  let any = false;
  for (let n = 0; n < owners.length; n++) {
    const i = owners[n];
    if (mask && !mask[i]) continue;
    pixels[at[n]] = colors[lookOf[i]];
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
  const sheet = parts.edges.at.length || parts.dots.at.length ? sheetOf(...gridOf(view)) : null;
  const spotted = sheet && setPixels(sheet.pixels, parts, layer, view);
  const lists = sortTraced(parts, layer);
  if (!spotted && !lists.some((list) => list.length)) return false;
  const context = begin();
  if (spotted) sheet.layOn(context);
  layer.looks.forEach((look, n) => lists[n].length && paintList(context, layer, view, look, lists[n]));
  return true;
}

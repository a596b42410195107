/** The names of the features of compact layers, none over another: those of points and areas, then along lines. */

import { isPoint, isRing, contains } from "../map/geometry.js";
import { Boxes, drawLabels, placeLabels } from "../map/labels.js";
import { drawLineNames, placeLineNames } from "../map/linenames.js";
import { visitFrame } from "./blocks.js";

const LINE = { size: 12, weight: 400, color: "#22303a" };
/** So many of the greatest features of a view are tried: beyond them there is no room. */
const MOST = 1500;
const SMALL_PX = 20;

/** The middle of a feature's box where it lies inside, else a vertex of it. */
function findSpot(layer, i) {
  const { boxes, xy, runs, features } = layer;
  const [x, y] = [(boxes[i * 4] + boxes[i * 4 + 2]) / 2, (boxes[i * 4 + 1] + boxes[i * 4 + 3]) / 2];
  if (isPoint(layer, features[i]) || contains(layer, i, x, y)) return [x, y];
  return [xy[runs[features[i]]], xy[runs[features[i]] + 1]];
}

/** The points and areas of a view that are not too small for a name, the greatest first. */
function listSpots(layer, view) {
  const found = [];
  visitFrame(layer, view.frame, (i) => {
    const first = layer.features[i];
    if ((layer.mask && !layer.mask[i]) || !(isPoint(layer, first) || isRing(layer, first))) return;
    const box = i * 4;
    const size = (layer.boxes[box + 2] - layer.boxes[box]) * view.scale;
    if (isPoint(layer, first) || size > SMALL_PX) found.push({ i, size });
  });
  return found.sort((a, b) => b.size - a.size || a.i - b.i).slice(0, MOST);
}

function labelSpots(layer, view, column, radius) {
  return listSpots(layer, view).flatMap(({ i, size }) => {
    const text = layer.value(column, i);
    if (text == null || text === "") return [];
    const [x, y] = findSpot(layer, i);
    const line = { size: LINE.size, weight: LINE.weight, runs: [{ text: String(text), color: LINE.color }] };
    return { x: x * view.scale - view.ox, y: y * view.scale - view.oy, extent: size ? 0 : radius, variants: [[line]] };
  });
}

/** Paints the names of layers, the uppermost layer's first; each {data, column, radius}. */
export function paintLabels(context, view, layers) {
  const boxes = new Boxes();
  const frame = [0, 0, view.width, view.height];
  for (const { data, column, radius } of layers) {
    drawLabels(context, placeLabels(context, labelSpots(data, view, column, radius), boxes, frame));
    drawLineNames(context, placeLineNames(context, data, view, boxes, LINE, (i) => String(data.value(column, i) ?? "")));
  }
}

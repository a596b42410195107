/** Names along lines: of roads and rivers, each once a view, where its line is long and straight enough, upright to read. */

import { visitFrame } from "../compact/blocks.js";
import { isPoint, isRing } from "./geometry.js";
import { FONT } from "./marks.js";
import { widthOf } from "./labels.js";

/** A line this much longer than its name can carry it; its ends may be so much nearer than the way between them. */
const [ROOM, STRAIGHT] = [1.2, 0.94];
const TRIES = [0.5, 0.3, 0.7];
/** Two places of the same name lie at least so far apart. */
const APART_PX = 420;

/** The part of a run that lies in the view, as pixels: [x, y, way from the beginning] each; the longest where it comes and goes. */
function cutRun(layer, run, { scale, ox, oy, width, height }) {
  const { xy, runs } = layer;
  let [best, own] = [[], []];
  for (let i = runs[run]; i < runs[run + 1]; i += 2) {
    const [x, y] = [xy[i] * scale - ox, xy[i + 1] * scale - oy];
    const last = own[own.length - 1];
    if (x < 0 || y < 0 || x > width || y > height) own = [];
    else own.push([x, y, last ? last[2] + Math.hypot(x - last[0], y - last[1]) : 0]);
    if (own.length && (!best.length || own[own.length - 1][2] > best[best.length - 1][2])) best = own;
  }
  return best;
}

/** The point at a way along a part. */
function pointAt(part, way) {
  const next = Math.max(1, part.findIndex((vertex) => vertex[2] >= way));
  const [from, to] = [part[next - 1], part[next]];
  const share = (way - from[2]) / (to[2] - from[2] || 1);
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}

/** Where on a part a text of a width lies straight: {x, y, angle} of its middle, or null. */
function findStretch(part, width) {
  const way = part.length > 1 ? part[part.length - 1][2] : 0;
  if (way < width * ROOM) return null;
  for (const share of TRIES) {
    const start = (way - width) * share;
    const [[ax, ay], [bx, by]] = [pointAt(part, start), pointAt(part, start + width)];
    if (Math.hypot(bx - ax, by - ay) < width * STRAIGHT) continue;
    const angle = Math.atan2(by - ay, bx - ax);
    const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
    return { x: (ax + bx) / 2, y: (ay + by) / 2, angle: upright, way };
  }
  return null;
}

/** The squares that a text takes, one for each of its characters and more. */
function boxesOf({ x, y, angle }, width, size) {
  const count = Math.max(1, Math.ceil(width / size));
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  return Array.from({ length: count }, (_, n) => {
    const at = ((n + 0.5) / count - 0.5) * width;
    const [cx, cy, half] = [x + dx * at, y + dy * at, size * 0.62];
    return [cx - half, cy - half, cx + half, cy + half];
  });
}

/** Where the lines of a layer could bear their names, the longest first; `nameOf(index)` is "" for none. */
function listCandidates(context, layer, view, line, nameOf) {
  const found = [];
  visitFrame(layer, view.frame, (i) => {
    if (layer.mask && !layer.mask[i]) return;
    const box = i * 4;
    const size = Math.hypot(layer.boxes[box + 2] - layer.boxes[box], layer.boxes[box + 3] - layer.boxes[box + 1]) * view.scale;
    if (size < line.size * 2) return;
    const text = nameOf(i);
    const width = text ? widthOf(context, line, text) : 0;
    if (!width || size < width * 0.9) return;
    for (let run = layer.features[i]; run < layer.features[i + 1]; run++) {
      if (isPoint(layer, run) || isRing(layer, run)) continue;
      const stretch = findStretch(cutRun(layer, run, view), width);
      if (stretch) found.push({ ...stretch, text, width, line });
    }
  });
  return found.sort((a, b) => b.way - a.way);
}

/** Places the names of a line layer where nothing else stands; `line`: {size, weight, color, spacing}. */
export function placeLineNames(context, layer, view, boxes, line, nameOf) {
  const placed = [];
  for (const one of listCandidates(context, layer, view, line, nameOf)) {
    if (placed.some((other) => other.text === one.text && Math.hypot(other.x - one.x, other.y - one.y) < APART_PX)) continue;
    const taken = boxesOf(one, one.width, line.size);
    if (!taken.every((box) => boxes.free(box))) continue;
    taken.forEach((box) => boxes.add(box));
    placed.push(one);
  }
  return placed;
}

/** Draws placed names with a white halo. */
export function drawLineNames(context, placed) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { x, y, angle, text, line } of placed) {
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    context.font = `${line.weight} ${line.size}px ${FONT}`;
    context.strokeStyle = "rgba(255,255,255,.92)";
    context.lineWidth = 3;
    context.strokeText(text, 0, 0);
    context.fillStyle = line.color;
    context.fillText(text, 0, 0);
    context.restore();
  }
}

/** The shape of a point and the hatching of an area: what tells looks apart where colour alone would have to. */

import { traceShape } from "../core/symbols.js";

/** Side of the square that a hatching repeats, in CSS pixels, and the width of its lines. */
const [TILE_PX, LINE_PX] = [6, 1];
const patterns = new Map();

/** Adds a point's shape at the vertex that stands at `at` to the current path. */
export function traceMark(context, xy, at, { scale, ox, oy }, shape, radius) {
  traceShape(context, shape, xy[at] * scale - ox, xy[at + 1] * scale - oy, radius);
}

/** The lines of a hatching on one of its squares, those of its neighbours that reach in among them. */
const STROKES = {
  "/": (pen, size) => [-size, 0, size].forEach((at) => line(pen, at - 1, size + 1, at + size + 1, -1)),
  "\\": (pen, size) => [-size, 0, size].forEach((at) => line(pen, at - 1, -1, at + size + 1, size + 1)),
  x: (pen, size) => ["/", "\\"].forEach((kind) => STROKES[kind](pen, size)),
  "-": (pen, size) => line(pen, 0, size / 2, size, size / 2),
  "|": (pen, size) => line(pen, size / 2, 0, size / 2, size),
};

function line(pen, ax, ay, bx, by) {
  pen.moveTo(ax, ay);
  pen.lineTo(bx, by);
}

/** What a canvas fills with: lines of a colour over a ground, fine at any ratio of canvas pixels to CSS pixels. */
export function hatchOf(context, { hatch, color, fill }, ratio = 1) {
  const key = `${hatch}|${color}|${fill}|${ratio}`;
  if (!patterns.has(key)) patterns.set(key, makeHatch(context, hatch, color, fill, ratio));
  return patterns.get(key);
}

function makeHatch(context, hatch, color, fill, ratio) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(TILE_PX * ratio);
  const pen = tile.getContext("2d");
  pen.scale(tile.width / TILE_PX, tile.width / TILE_PX);
  pen.fillStyle = fill || "rgba(0,0,0,0)";
  pen.fillRect(0, 0, TILE_PX, TILE_PX);
  pen.strokeStyle = color;
  pen.lineWidth = LINE_PX;
  pen.beginPath();
  STROKES[hatch](pen, TILE_PX);
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(TILE_PX / tile.width));
  return pattern;
}

/** Names that never overlap: first come, first served, towns before villages, each in the first place that is free. */

import { FONT } from "./marks.js";

const CELL = 48;
const ROW = 0x2000000;
/** The size at which characters are measured, once each; a Chinese character is as wide as its size. */
const MEASURED = 20;
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u{20000}-\u{3ffff}]/u;
const widths = new Map();

/** Boxes [left, top, right, bottom] that are taken. */
export class Boxes {
  constructor() {
    this.cells = new Map();
  }

  /** Calls back with the key of each cell that a box lies in, until one answers true; whether one did. */
  some(box, found) {
    const [left, top, right, bottom] = box.map((side) => Math.floor(side / CELL));
    for (let i = left; i <= right; i++) for (let j = top; j <= bottom; j++) if (found(i * ROW + j)) return true;
    return false;
  }

  add(box) {
    this.some(box, (key) => {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    });
  }

  /** How much of a box is taken, in square pixels. */
  taken(box) {
    const found = new Set();
    this.some(box, (key) => (this.cells.get(key) || []).forEach((one) => found.add(one)));
    let area = 0;
    for (const one of found) area += Math.max(0, Math.min(box[2], one[2]) - Math.max(box[0], one[0])) * Math.max(0, Math.min(box[3], one[3]) - Math.max(box[1], one[1]));
    return area;
  }

  free(box) {
    const meets = (one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1];
    return !this.some(box, (key) => this.cells.has(key) && this.cells.get(key).some(meets));
  }
}

/** The width of a character in ems. */
function charWidth(context, weight, char) {
  if (WIDE.test(char)) return 1;
  const key = `${weight}${char}`;
  if (!widths.has(key)) {
    context.font = `${weight} ${MEASURED}px ${FONT}`;
    widths.set(key, context.measureText(char).width / MEASURED);
  }
  return widths.get(key);
}

/** The width of a text in pixels, in a line's size and weight. */
export function widthOf(context, line, text) {
  let ems = 0;
  let count = 0;
  for (const char of text) {
    ems += charWidth(context, line.weight, char);
    count++;
  }
  return ems * line.size + (line.spacing || 0) * count;
}

function measureLines(context, lines) {
  let width = 0;
  let height = 0;
  for (const line of lines) {
    line.width = line.runs.reduce((sum, run) => sum + widthOf(context, line, run.text), 0);
    width = Math.max(width, line.width);
    height += line.size * 1.2;
  }
  return [width, height];
}

function boxAt(label, dx, dy, width, height) {
  const [x, y] = [label.x + dx, label.y + dy];
  return [x - width / 2 - 1.5, y - height / 2, x + width / 2 + 1.5, y + height / 2];
}

/** Where a label may stand around a symbol of radius `extent`: below, above, right, left; at the point if there is none. */
function listPlaces(label, width, height) {
  const { extent } = label;
  if (!extent) return label.places || [[0, 0], [0, height * 0.8], [0, -height * 0.8], [width * 0.4, 0], [-width * 0.4, 0]];
  const down = extent + height / 2 + 1;
  const side = extent + width / 2 + 3;
  const [across, along] = [side * 0.8, down * 0.85];
  return [[0, down], [0, -down], [side, 0], [-side, 0], [across, along], [-across, along], [across, -along], [-across, -along]];
}

/** Places labels in their order: {x, y, extent, lead, variants: [lines…], keep}; `lead` pixels stay free before the text. Returns those that found a place. */
export function placeLabels(context, labels, boxes, frame) {
  const placed = [];
  for (const label of labels) {
    const found = placeLabel(context, label, boxes, frame);
    if (!found) continue;
    boxes.add(found.box);
    placed.push(found);
  }
  return placed;
}

function sizeOf(context, label, lines) {
  const [width, height] = measureLines(context, lines);
  return [width + (label.lead || 0), height];
}

function placeLabel(context, label, boxes, frame) {
  for (const lines of label.variants) {
    const [width, height] = sizeOf(context, label, lines);
    for (const [dx, dy] of listPlaces(label, width, height)) {
      const box = boxAt(label, dx, dy, width, height);
      if (box[0] > frame[0] && box[1] > frame[1] && box[2] < frame[2] && box[3] < frame[3] && boxes.free(box)) return { label, lines, box };
    }
  }
  if (!label.keep) return null;
  const lines = label.variants[label.variants.length - 1];
  const size = sizeOf(context, label, lines);
  const choices = listPlaces(label, ...size).map(([dx, dy]) => boxAt(label, dx, dy, ...size));
  const cost = choices.map((box, i) => boxes.taken(box) + i * 2);
  return { label, lines, box: choices[cost.indexOf(Math.min(...cost))] };
}

/** Texts with the place where each begins; set apart by character where the line is spaced. */
function splitRuns(context, line, x) {
  let left = x - line.width / 2;
  return line.runs.flatMap((run) =>
    (line.spacing ? [...run.text] : [run.text]).map((text) => {
      const part = { text, color: run.color, left };
      left += widthOf(context, line, text);
      return part;
    }),
  );
}

/** Draws placed labels with a white halo. */
export function drawLabels(context, placed) {
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  context.strokeStyle = "rgba(255,255,255,.95)";
  const lines = placed.flatMap((one) => layLines(context, one)).sort((a, b) => (a.font < b.font ? -1 : a.font > b.font ? 1 : 0));
  paintLines(context, lines, ({ text, left }, y) => context.strokeText(text, left, y));
  paintLines(context, lines, ({ text, left, color }, y) => {
    context.fillStyle = color;
    context.fillText(text, left, y);
  });
}

function layLines(context, { label, lines, box }) {
  const x = (box[0] + box[2] + (label.lead || 0)) / 2;
  let y = box[1];
  return lines.map((line) => {
    y += line.size * 1.2;
    return { font: `${line.weight} ${line.size}px ${FONT}`, halo: line.size > 13 ? 4 : 3.2, y: y - line.size * 0.26, parts: splitRuns(context, line, x) };
  });
}

function paintLines(context, lines, paint) {
  let font = "";
  for (const line of lines) {
    if (line.font !== font) context.font = font = line.font;
    context.lineWidth = line.halo;
    for (const part of line.parts) paint(part, line.y);
  }
}

/** Names that never overlap: first come, first served, towns before villages, each in the first place that is free. */

import { FONT } from "./sprites.js";

const CELL = 48;
const widths = new Map();

/** Boxes [left, top, right, bottom] that are taken. */
export class Boxes {
  constructor() {
    this.cells = new Map();
  }

  *over(box) {
    for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++) for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++) yield `${i},${j}`;
  }

  add(box) {
    for (const key of this.over(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }

  /** How much of a box is taken, in square pixels. */
  taken(box) {
    const found = new Set();
    for (const key of this.over(box)) for (const one of this.cells.get(key) || []) found.add(one);
    let area = 0;
    for (const one of found) area += Math.max(0, Math.min(box[2], one[2]) - Math.max(box[0], one[0])) * Math.max(0, Math.min(box[3], one[3]) - Math.max(box[1], one[1]));
    return area;
  }

  free(box) {
    for (const key of this.over(box))
      for (const one of this.cells.get(key) || []) if (box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]) return false;
    return true;
  }
}

function widthOf(context, font, text, spacing) {
  const key = `${font}|${text}`;
  if (!widths.has(key)) {
    context.font = font;
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key) + spacing * text.length;
}

function measureLines(context, lines) {
  let width = 0;
  let height = 0;
  for (const line of lines) {
    line.font = `${line.weight} ${line.size}px ${FONT}`;
    line.width = line.runs.reduce((sum, run) => sum + widthOf(context, line.font, run.text, line.spacing || 0), 0);
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

/** Places labels in their order: {x, y, extent, variants: [lines…], keep}. Returns those that found a place. */
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

function placeLabel(context, label, boxes, frame) {
  for (const lines of label.variants) {
    const [width, height] = measureLines(context, lines);
    for (const [dx, dy] of listPlaces(label, width, height)) {
      const box = boxAt(label, dx, dy, width, height);
      if (box[0] > frame[0] && box[1] > frame[1] && box[2] < frame[2] && box[3] < frame[3] && boxes.free(box)) return { label, lines, box };
    }
  }
  if (!label.keep) return null;
  const lines = label.variants[label.variants.length - 1];
  const size = measureLines(context, lines);
  const choices = label.places.map(([dx, dy]) => boxAt(label, dx, dy, ...size));
  const cost = choices.map((box, i) => boxes.taken(box) + i * 2);
  return { label, lines, box: choices[cost.indexOf(Math.min(...cost))] };
}

function drawRuns(context, line, x, y, halo) {
  let left = x - line.width / 2;
  for (const run of line.runs) {
    for (const char of line.spacing ? run.text : [run.text]) {
      if (halo) context.strokeText(char, left, y);
      else {
        context.fillStyle = run.color;
        context.fillText(char, left, y);
      }
      left += widthOf(context, line.font, char, line.spacing || 0);
    }
  }
}

/** Draws placed labels with a white halo. */
export function drawLabels(context, placed) {
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  for (const halo of [true, false])
    for (const { lines, box } of placed) {
      let y = box[1];
      for (const line of lines) {
        y += line.size * 1.2;
        context.font = line.font;
        context.strokeStyle = "rgba(255,255,255,.95)";
        context.lineWidth = line.size > 13 ? 4 : 3.2;
        drawRuns(context, line, (box[0] + box[2]) / 2, y - line.size * 0.26, halo);
      }
    }
}

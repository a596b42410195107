/** What was measured, as it is drawn over the map, on the screen and on paper. */

import { spotOf } from "../geometry.js";
import { FONT } from "../marks.js";
import { measureLeg, measureLegs } from "./geodesy.js";
import { tellArea, tellLength } from "./measure.js";

const INK = "#7a1f6b"; // no other line or symbol of the maps has it
const FILL = "rgba(122, 31, 107, .12)";
const DOT_PX = 4;
/** A leg that is shorter on the screen has no length written on it. */
const ROOM_PX = 46;

/** Where a point {lat, lng} of Leaflet stands on a canvas. */
export function spotAt({ lat, lng }, view) {
  return spotOf(lng, lat, view);
}

function write(context, text, [x, y]) {
  context.font = `700 12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = "rgba(255, 255, 255, .95)";
  context.strokeText(text, x, y);
  context.fillStyle = INK;
  context.fillText(text, x, y);
}

function stroke(context, color, width, dash = []) {
  context.setLineDash(dash);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
}

function trace(context, spots, closed) {
  context.beginPath();
  spots.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  if (closed) context.closePath();
}

function drawLine(context, spots, area) {
  context.lineJoin = context.lineCap = "round";
  trace(context, spots, area);
  if (area) {
    context.fillStyle = FILL;
    context.fill();
  }
  stroke(context, "rgba(255, 255, 255, .9)", 4.5);
  stroke(context, INK, 2);
}

function drawDots(context, spots) {
  for (const [x, y] of spots) {
    context.beginPath();
    context.arc(x, y, DOT_PX, 0, Math.PI * 2);
    context.fillStyle = "#fff";
    context.fill();
    stroke(context, INK, 2);
  }
}

/** The length of each leg at its middle, and all of them at the end of the line. */
function nameLegs(context, spots, legs) {
  legs.forEach((leg, i) => {
    const [[ax, ay], [bx, by]] = [spots[i], spots[i + 1]];
    if (legs.length > 1 && Math.hypot(bx - ax, by - ay) >= ROOM_PX) write(context, tellLength(leg), [(ax + bx) / 2, (ay + by) / 2]);
  });
  const [x, y] = spots[spots.length - 1];
  if (legs.length) write(context, tellLength(legs.reduce((sum, leg) => sum + leg, 0)), [x, y - 16]);
}

function nameArea(context, spots, m2) {
  const middle = [0, 1].map((axis) => spots.reduce((sum, spot) => sum + spot[axis], 0) / spots.length);
  tellArea(m2).forEach((text, i) => write(context, text, [middle[0], middle[1] - 8 + 16 * i]));
}

/** The leg from the last point to the pointer, with its length. */
function drawNext(context, view, measure) {
  const last = measure.points[measure.points.length - 1];
  const next = measure.centred ? measure.map.getCenter() : measure.pointer;
  if (!last || !next || measure.ended || view.paper) return;
  const [from, to] = [spotAt(last, view), spotAt(next, view)];
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) < DOT_PX) return;
  trace(context, [from, to]);
  stroke(context, INK, 1.5, [5, 4]);
  write(context, tellLength(measureLeg(last, next)), [to[0], to[1] + 20]);
}

/** A cross at the middle of the map, where the space bar sets a point. */
function drawCentre(context, view, map) {
  const [x, y] = spotAt(map.getCenter(), view);
  context.beginPath();
  for (const [dx, dy] of [[9, 0], [0, 9]]) {
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
  }
  stroke(context, "rgba(255, 255, 255, .95)", 4);
  stroke(context, INK, 1.6);
}

/** Paints what is being measured, or was and is still shown. */
export function paintMeasure(context, view, measure) {
  const area = measure.kind === "area" && measure.points.length > 2;
  const spots = measure.points.map((point) => spotAt(point, view));
  if (spots.length) drawLine(context, spots, area);
  drawNext(context, view, measure);
  drawDots(context, spots);
  if (area) nameArea(context, spots, measure.value);
  else if (spots.length) nameLegs(context, spots, measureLegs(measure.points));
  if (measure.centred && !measure.ended && !view.paper) drawCentre(context, view, measure.map);
}

/** The symbols of projects, painted all at once: shapes by colour, then the characters in them. */

import { traceShape } from "../core/symbols.js";
import { TOWN_GAP } from "./clusters.js";

/** The fonts of the map's text. */
export const FONT = '"Source Han Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",SimHei,sans-serif';
const INK = "#22303a";
const GLYPH_SHARE = { triangle: 0.98, dash: 1.02 };
const GLYPH_DROP = { triangle: 0.22 };
const GROWN = { triangle: 1.08 };

/** How light a colour is, 0 to 1 (Rec. 709). */
export function lightness(color) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white: what reads on a shape of a colour. */
export function inkOn(shape, color) {
  return shape === "ring" || lightness(color) > 0.36 ? INK : "#ffffff";
}

function tracePill(context, x, y, r) {
  const [w, h] = [r * 1.3, r * 0.72];
  context.moveTo(x - w + h, y - h);
  context.arc(x + w - h, y, h, -Math.PI / 2, Math.PI / 2);
  context.arc(x - w + h, y, h, Math.PI / 2, (Math.PI * 3) / 2);
  context.closePath();
}

function traceSymbol(context, shape, x, y, r) {
  if (shape === "dash") tracePill(context, x, y, r);
  else traceShape(context, shape, x, y, r * (GROWN[shape] || 1));
}

function groupBy(symbols, keyOf) {
  const groups = new Map();
  for (const symbol of symbols) {
    const key = keyOf(symbol);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(symbol);
  }
  return [...groups.values()];
}

function tracePath(context, group, r) {
  context.beginPath();
  for (const { look, x, y } of group) traceSymbol(context, look.shape, x, y, r);
}

function paintHalos(context, groups, r) {
  context.lineJoin = "round";
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2.4;
  for (const group of groups) {
    tracePath(context, group, r);
    context.stroke();
  }
}

function paintShapes(context, groups, r) {
  for (const group of groups) {
    const { shape, color } = group[0].look;
    const ring = shape === "ring";
    tracePath(context, group, r);
    context.fillStyle = ring ? "#ffffff" : color;
    context.fill();
    context.strokeStyle = ring ? color : "rgba(20,32,40,.45)";
    context.lineWidth = ring ? 1.7 : 0.7;
    context.stroke();
  }
}

function paintGlyphs(context, groups, r) {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const group of groups) {
    const { shape, color } = group[0].look;
    context.font = `700 ${(r * (GLYPH_SHARE[shape] || 1.2)).toFixed(1)}px ${FONT}`;
    context.fillStyle = inkOn(shape, color);
    const drop = r * (0.42 + (GLYPH_DROP[shape] || 0));
    for (const { look, x, y } of group) if (look.glyph) context.fillText(look.glyph, x, y + drop);
  }
}

/** A dashed circle: what stands in it is known to the town only. */
export function paintTownRings(context, circles) {
  for (const [color, width, dash] of [["#ffffff", 2.6, []], [INK, 1.1, [3, 2.2]]]) {
    context.beginPath();
    for (const [x, y, r] of circles) {
      context.moveTo(x + r + TOWN_GAP, y);
      context.arc(x, y, r + TOWN_GAP, 0, Math.PI * 2);
    }
    context.setLineDash(dash);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
  context.setLineDash([]);
}

/** Paints symbols [{look: {shape, color, glyph}, x, y}] of radius r. */
export function paintSymbols(context, symbols, r) {
  const groups = groupBy(symbols, ({ look }) => `${look.shape}|${look.color}`);
  paintHalos(context, groups, r);
  paintShapes(context, groups, r);
  paintGlyphs(context, groups, r);
}

/** Paints the round badge of many: the count, and a ring with the share of each colour. */
export function paintBadge(context, x, y, r, count, shares) {
  context.beginPath();
  context.arc(x, y, r + 1.5, 0, Math.PI * 2);
  context.fillStyle = "#ffffff";
  context.fill();
  let angle = -Math.PI / 2;
  for (const [color, share] of shares) {
    const next = angle + share * Math.PI * 2;
    context.beginPath();
    context.arc(x, y, r - 1.5, angle, next);
    context.strokeStyle = color;
    context.lineWidth = 4;
    context.stroke();
    angle = next;
  }
  context.beginPath();
  context.arc(x, y, r + 0.8, 0, Math.PI * 2);
  context.strokeStyle = "rgba(20,32,40,.35)";
  context.lineWidth = 0.7;
  context.stroke();
  context.fillStyle = INK;
  context.font = `700 ${count < 100 ? 11.5 : 11}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(String(count), x, y + 4.2);
}

/** Symbols as small pictures, drawn once for each look and stamped thereafter. */

import { traceShape } from "../core/symbols.js";

/** The fonts of the map's text. */
export const FONT = '"Source Han Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",SimHei,sans-serif';
const INK = "#22303a";
const sprites = new Map();

/** How light a colour is, 0 to 1 (Rec. 709). */
export function lightness(color) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function inkOn(shape, color) {
  return shape === "ring" || lightness(color) > 0.36 ? INK : "#ffffff";
}

const GLYPH_SHARE = { triangle: 0.98, square: 1.2, dash: 1.02 };
const GLYPH_DROP = { triangle: 0.22 };
const MAP_SHAPE = { dash: "pill" };

function tracePill(context, x, y, r) {
  const [w, h] = [r * 1.3, r * 0.72];
  context.moveTo(x - w + h, y - h);
  context.arc(x + w - h, y, h, -Math.PI / 2, Math.PI / 2);
  context.arc(x - w + h, y, h, Math.PI / 2, (Math.PI * 3) / 2);
  context.closePath();
}

function drawLook(context, look, x, y, r) {
  const { shape, color, glyph } = look;
  const grown = shape === "triangle" ? r * 1.08 : r;
  context.beginPath();
  if (MAP_SHAPE[shape]) tracePill(context, x, y, r);
  else traceShape(context, shape, x, y, grown);
  context.lineJoin = "round";
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2.4;
  context.stroke();
  context.fillStyle = shape === "ring" ? "#ffffff" : color;
  context.fill();
  context.strokeStyle = shape === "ring" ? color : "rgba(20,32,40,.45)";
  context.lineWidth = shape === "ring" ? 1.7 : 0.7;
  context.stroke();
  if (!glyph) return;
  context.fillStyle = inkOn(shape, color);
  context.font = `600 ${(r * (GLYPH_SHARE[shape] || 1.2)).toFixed(1)}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(glyph, x, y + r * (0.42 + (GLYPH_DROP[shape] || 0)));
}

function makeSprite(look, r, ratio) {
  const half = Math.ceil(r * 1.5 + 3);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = half * 2 * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  drawLook(context, look, half, half, r);
  return { canvas, half };
}

/** Puts a symbol {shape, color, glyph} of radius r at a place of the canvas: drawn for paper, stamped on the screen. */
export function stamp(context, look, x, y, r, { ratio, paper }) {
  if (paper) return drawLook(context, look, x, y, r);
  const key = `${look.shape}|${look.color}|${look.glyph}|${r}|${ratio}`;
  let sprite = sprites.get(key);
  if (!sprite) sprites.set(key, (sprite = makeSprite(look, r, ratio)));
  const { canvas, half } = sprite;
  context.drawImage(canvas, Math.round((x - half) * ratio) / ratio, Math.round((y - half) * ratio) / ratio, half * 2, half * 2);
}

/** Draws the round badge of many: the count, and a ring with the share of each colour. */
export function drawBadge(context, x, y, r, count, shares) {
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

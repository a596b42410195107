/** The map as a picture for a report: an A3 sheet at 200 dots an inch with title, legend, scale, date and imprint. */

import { stageName } from "../core/filters.js";
import { formatMonth, number } from "../core/format.js";
import { LIGHTS, lightName, stageGlyph } from "../core/symbols.js";
import { t } from "../core/text.js";
import { metresPerUnit, UNIT_ZOOM, worldX, worldY } from "./geometry.js";
import { paintFor } from "./ground.js";
import { listGround } from "./groundkey.js";
import { listShades, shadeUnit } from "./key.js";
import { listLayerKeys } from "./layers/sheet.js";
import { FONT, paintBadge, paintSymbols, paintTownRings } from "./marks.js";
import { tellScale } from "./print.js";

const [WIDTH, HEIGHT] = [1587, 1122]; // A3 in CSS pixels, 96 an inch
const RATIO = 200 / 96;
const [MARGIN, HEAD, FOOT, KEY, ROW] = [36, 74, 34, 250, 21];
const [INK, MUTED, LINE] = ["#22303a", "#67737c", "#c9cfd2"];

/** The view of a frame of the sheet that shows what the map shows. */
function frameView(map, width, height) {
  const bounds = map.getBounds();
  const [west, east] = [worldX(bounds.getWest()), worldX(bounds.getEast())];
  const [north, south] = [worldY(bounds.getNorth()), worldY(bounds.getSouth())];
  const scale = Math.min(width / (east - west), height / (south - north));
  const [ox, oy] = [((west + east) / 2) * scale - width / 2, ((north + south) / 2) * scale - height / 2];
  const frame = [ox / scale, oy / scale, (ox + width) / scale, (oy + height) / scale];
  return { scale, ox, oy, zoom: Math.log2(scale) + UNIT_ZOOM, ratio: RATIO, width, height, frame, paper: true, alone: true };
}

function write(context, text, x, y, { size = 13, bold = false, color = INK, align = "left" } = {}) {
  context.font = `${bold ? "700 " : ""}${size}px ${FONT}`;
  context.fillStyle = color;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.fillText(text, x, y);
}

/** The rows of the legend: headings, symbols, swatches and lines, each with its words. */
function listKeys(scene, zoom) {
  const { style, colorMode } = scene;
  const symbol = (look, name) => ({ look, name });
  const lights = LIGHTS.map((light) => symbol({ ...style.lights[light], glyph: "" }, lightName(light)));
  const stages = Object.entries(style.stages).map(([stage, look]) => symbol({ shape: "circle", color: look.color, glyph: stageGlyph(stage) }, stageName(stage)));
  const categories = style.categories.map(({ name, color, glyph }) => symbol({ shape: "circle", color: colorMode === "category" ? color : "#67737c", glyph }, name));
  const shades = listShades(scene).map(({ color, label }) => ({ swatch: color, name: label }));
  const shading = shades.length ? [{ head: [t("map.shade"), shadeUnit(scene)].filter(Boolean).join(" · ") }, ...shades] : [];
  const ground = listGround(scene.under);
  const under = ground ? [{ head: ground.head }, ...ground.classes.map(({ color, label }) => ({ swatch: color, name: label }))] : [];
  const own = { light: lights, stage: stages, category: categories }[colorMode];
  const glyphs = colorMode === "light" ? [{ head: t("map.glyphs") }, ...categories] : [];
  const rings = scene.anchors.some((anchor) => anchor.town) ? [{ ring: true, name: t("map.town-only") }] : [];
  const many = [{ badge: ["#2a9d74", "#e0a100"], name: t("map.badge") }, ...rings];
  return [{ head: t("map.symbols") }, ...own, ...glyphs, ...many, ...shading, ...under, { head: t("map.layers") }, ...listLayerKeys(scene, zoom)];
}

function drawKey(context, key, x, y) {
  if (key.head) return write(context, key.head, x, y, { bold: true });
  if (key.look) paintSymbols(context, [{ look: key.look, x: x + 9, y: y - 4 }], 7);
  else if (key.badge) paintBadge(context, x + 9, y - 4, 8, 8, key.badge.map((color) => [color, 1 / key.badge.length]));
  else if (key.ring) paintTownRings(context, [[x + 9, y - 4, 5]]);
  else {
    const { color, fill } = key.layer ? key.layer.style : { color: LINE, fill: key.swatch };
    context.fillStyle = fill ? paintFor(context, fill, RATIO) : "#ffffff";
    context.strokeStyle = color;
    context.lineWidth = 1;
    if (key.layer && (key.layer.type === "line" || !fill)) context.strokeRect(x, y - 4, 18, 0);
    else {
      context.fillRect(x, y - 10, 18, 12);
      context.strokeRect(x, y - 10, 18, 12);
    }
  }
  write(context, key.name, x + 26, y, { size: 12 });
}

/** The whole legend, a heading a little apart from what stands before it: rows move closer where there are many. */
function drawLegend(context, scene, zoom, x, y) {
  const keys = listKeys(scene, zoom);
  const room = (key) => (key.head ? 1.5 : 1);
  const step = Math.min(ROW, (HEIGHT - FOOT - MARGIN - y) / keys.reduce((sum, key) => sum + room(key), 0));
  let at = y - step / 2;
  for (const key of keys) drawKey(context, key, x, (at += room(key) * step));
}

/** A bar of a round length, as words and pixels. */
function drawScale(context, view, x, y) {
  const metres = metresPerUnit((view.frame[1] + view.frame[3]) / 2) / view.scale;
  const most = metres * 180;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((step) => step * power).find((step) => step <= most) || power;
  context.strokeStyle = INK;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x, y);
  context.lineTo(x + length / metres, y);
  context.lineTo(x + length / metres, y - 6);
  context.stroke();
  write(context, length >= 1000 ? `${number(length / 1000)} km` : `${number(length)} m`, x + 6, y - 5, { size: 12 });
  return tellScale(metres);
}

function drawNorth(context, x, y) {
  context.fillStyle = "#3d4a53";
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 8, y + 22);
  context.lineTo(x - 8, y + 22);
  context.fill();
  write(context, t("map.north"), x, y + 38, { align: "center" });
}

/** The sheet as a canvas. */
export function drawSheet(map, scene) {
  const { site } = scene;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(WIDTH * RATIO), Math.round(HEIGHT * RATIO)];
  const context = canvas.getContext("2d");
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  write(context, document.title.split(" · ")[0], MARGIN, 52, { size: 28, bold: true });
  write(context, document.querySelector(".sentence").textContent.trim(), WIDTH - MARGIN, 52, { align: "right", color: MUTED });
  const [width, height] = [WIDTH - 2 * MARGIN - KEY, HEIGHT - HEAD - FOOT - MARGIN];
  const view = frameView(map, width, height);
  context.save();
  context.translate(MARGIN, HEAD);
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  scene.paintMarks(context, view);
  context.restore();
  context.strokeStyle = LINE;
  context.strokeRect(MARGIN, HEAD, width, height);
  drawNorth(context, MARGIN + width - 30, HEAD + 16);
  const scale = drawScale(context, view, MARGIN + 16, HEAD + height - 14);
  drawLegend(context, scene, view.zoom, MARGIN + width + 20, HEAD - ROW + 6);
  drawFoot(context, site, scene.month, scale);
  scene.ask("marks"); // what lies where was laid out for the sheet
  return canvas;
}

function drawFoot(context, site, month, scale) {
  const { meta } = site;
  const facts = [`${t("common.publisher")}：${meta.publisher}`, `${t("common.as-of")}：${formatMonth(month)}`, scale, document.querySelector(".map-crs")?.textContent, document.querySelector(".map-approval")?.textContent];
  write(context, facts.filter(Boolean).join("　"), MARGIN, HEIGHT - 26, { size: 12, color: MUTED });
  if (meta.synthetic) write(context, t("common.synthetic"), WIDTH - MARGIN, HEIGHT - 26, { bold: true, color: "#b3261e", align: "right" });
}

/** Hands the sheet to the reader as a file. */
export function savePng(map, scene, done = () => {}) {
  drawSheet(map, scene).toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${document.title.split(" · ")[0]}_${scene.month}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    done(blob);
  }, "image/png");
}

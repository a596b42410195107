/**
 * A map as a picture for a report: an A3 sheet at 200 dots an inch with title, legend, scale, date and imprint. A page gives a
 * sheet: {scene, what paints the map; sentence; filter, in words or ""; month; room,
 * what of the map's left and lower edge is covered; keys(zoom), the entries of the legend}.
 */

import { number } from "../core/format.js";
import { saveBlob } from "../core/save.js";
import { tellShown } from "../core/timeline.js";
import { t } from "../core/text.js";
import { areaBounds } from "./base.js";
import { metresPerUnit, UNIT_ZOOM, worldX, worldY } from "./geometry.js";
import { paintFor } from "./ground.js";
import { drawLayerSample } from "./layers/sheet.js";
import { toLatLngBounds } from "./leaflet.js";
import { FONT, paintBadge, paintSymbols, paintTownRings } from "./marks.js";
import { tellScale } from "./print.js";

const [WIDTH, HEIGHT] = [1587, 1122]; // A3 in CSS pixels, 96 an inch
const RATIO = 200 / 96;
const DOTS_PER_M = Math.round(200 / 0.0254);
/** The signature and the first piece of a PNG. */
const HEAD_BYTES = 33;
const [MARGIN, HEAD, FOOT, KEY, ROW] = [36, 74, 34, 250, 21];
/** Of the area's width and height, the room for names beside it. */
const EDGE = 0.06;
const [INK, MUTED, LINE] = ["#22303a", "#67737c", "#c9cfd2"];

/** What the sheet shows: what the map shows; where that is the whole area, the area alone. */
function boundsShown(map, { scene, room = [0, 0] }) {
  const area = areaBounds(scene.site);
  if (map.getBounds().contains(area)) return area.pad(EDGE);
  const size = map.getSize();
  return toLatLngBounds([[room[0], 0], [size.x, size.y - room[1]]].map((corner) => map.containerPointToLatLng(corner)));
}

/** The view of a frame of the sheet. */
function frameView(bounds, width, height) {
  const [west, east] = [worldX(bounds.getWest()), worldX(bounds.getEast())];
  const [north, south] = [worldY(bounds.getNorth()), worldY(bounds.getSouth())];
  const scale = Math.min(width / (east - west), height / (south - north));
  const [ox, oy] = [((west + east) / 2) * scale - width / 2, ((north + south) / 2) * scale - height / 2];
  const frame = [ox / scale, oy / scale, (ox + width) / scale, (oy + height) / scale];
  return { scale, ox, oy, zoom: Math.log2(scale) + UNIT_ZOOM, ratio: RATIO, width, height, frame, paper: true, alone: true };
}

function write(context, text, x, y, { size = 13, bold = false, color = INK, align = "left", room = WIDTH } = {}) {
  context.font = `${bold ? "700 " : ""}${size}px ${FONT}`;
  context.fillStyle = color;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.fillText(text, x, y, room); // set closer where the words are too many
}

/** How an entry of the legend is drawn before its words, by its kind; `y` is the middle of the row. */
const SAMPLES = {
  look: (context, { look }, x, y) => paintSymbols(context, [{ look, x: x + 9, y }], 7),
  badge: (context, { badge }, x, y) => paintBadge(context, x + 9, y, 8, 8, badge.map((color) => [color, 1 / badge.length])),
  ring: (context, _, x, y) => paintTownRings(context, [[x + 9, y, 5]]),
  layer: (context, { layer }, x, y) => drawLayerSample(context, layer, x, y, RATIO),
  swatch: (context, { swatch }, x, y) => drawBox(context, x, y, swatch, LINE),
  square: (context, { square }, x, y) => drawBox(context, x + 4, y, square, INK, 10, 10),
  line: (context, { line }, x, y) => drawBox(context, x, y, line, line, 18, 2),
  dot: (context, { dot, edge }, x, y) => drawDot(context, x + 9, y, dot, edge),
  sign: (context, { sign }, x, y) => {
    drawBox(context, x + 1, y, sign.color, LINE, 16, 15);
    write(context, sign.sign, x + 9, y + 4, { size: 11, color: sign.ink, align: "center" });
  },
};

function drawBox(context, x, y, fill, color, width = 18, height = 12) {
  context.fillStyle = fill ? paintFor(context, fill, RATIO) : "#ffffff";
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.fillRect(x, y - height / 2, width, height);
  context.strokeRect(x, y - height / 2, width, height);
}

function drawDot(context, x, y, fill, edge = "") {
  context.beginPath();
  context.arc(x, y, 5, 0, Math.PI * 2);
  context.fillStyle = fill;
  context.fill();
  if (!edge) return;
  context.strokeStyle = edge;
  context.lineWidth = 2.5;
  context.stroke();
}

function drawKey(context, key, x, y) {
  if (key.head) return write(context, key.head, x, y, { bold: true, room: KEY - 20 });
  const kind = Object.keys(SAMPLES).find((name) => name in key);
  SAMPLES[kind](context, key, x, y - 4);
  write(context, key.name, x + 26, y, { size: 12, room: KEY - 46 });
}

/** The whole legend, a heading a little apart from what stands before it: rows move closer where there are many. */
function drawLegend(context, keys, x, y) {
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

/** The title, and beside it the sentence with the filter under it. */
function drawHead(context, sheet) {
  const title = sheetTitle();
  write(context, title, MARGIN, 52, { size: 28, bold: true });
  const room = WIDTH - 2 * MARGIN - context.measureText(title).width - 24;
  const lines = [sheet.sentence, sheet.filter].filter(Boolean);
  lines.forEach((line, i) => write(context, line, WIDTH - MARGIN, (lines.length > 1 ? 40 : 52) + 20 * i, { align: "right", color: MUTED, room }));
}

function drawMap(context, view, scene) {
  context.save();
  context.translate(MARGIN, HEAD);
  context.beginPath();
  context.rect(0, 0, view.width, view.height);
  context.clip();
  scene.paintMarks(context, view);
  context.restore();
  context.strokeStyle = LINE;
  context.lineWidth = 1;
  context.strokeRect(MARGIN, HEAD, view.width, view.height);
}

function makeCanvas() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(WIDTH * RATIO), Math.round(HEIGHT * RATIO)];
  const context = canvas.getContext("2d");
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  return { canvas, context };
}

/** The sheet as a canvas. */
export function drawSheet(map, sheet) {
  const { scene } = sheet;
  const { canvas, context } = makeCanvas();
  drawHead(context, sheet);
  const [width, height] = [WIDTH - 2 * MARGIN - KEY, HEIGHT - HEAD - FOOT - MARGIN];
  const view = frameView(boundsShown(map, sheet), width, height);
  drawMap(context, view, scene);
  drawNorth(context, MARGIN + width - 30, HEAD + 16);
  const scale = drawScale(context, view, MARGIN + 16, HEAD + height - 14);
  drawLegend(context, sheet.keys(view.zoom), MARGIN + width + 20, HEAD - ROW + 16);
  drawFoot(context, sheet, scale);
  scene.ask("marks"); // what lies where was laid out for the sheet
  return canvas;
}

function sheetTitle() {
  return document.title.split(" · ")[0];
}

function drawFoot(context, { scene, month }, scale) {
  const { meta } = scene.site;
  const approval = meta.approval ? `${t("common.approval")}：${meta.approval}` : t("common.no-approval");
  const facts = [`${t("common.publisher")}：${meta.publisher}`, tellShown(meta, month), scale, document.querySelector(".map-crs")?.textContent, approval];
  write(context, facts.filter(Boolean).join("　"), MARGIN, HEIGHT - 26, { size: 12, color: MUTED, room: WIDTH - 2 * MARGIN - 120 });
  if (meta.synthetic) write(context, t("common.synthetic"), WIDTH - MARGIN, HEIGHT - 26, { bold: true, color: "#b3261e", align: "right" });
}

/** The checksum of a PNG's piece (CRC-32, ISO 3309). */
function sumUp(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A PNG that says how fine it is (a piece pHYs behind its head), so that it comes out on A3 where it is printed. */
function tellResolution(blob) {
  const piece = new DataView(new ArrayBuffer(21));
  const fields = [9, 0x70485973, DOTS_PER_M, DOTS_PER_M];
  fields.forEach((field, i) => piece.setUint32(4 * i, field));
  piece.setUint8(16, 1); // the unit is the metre
  piece.setUint32(17, sumUp(new Uint8Array(piece.buffer, 4, 13)));
  return new Blob([blob.slice(0, HEAD_BYTES), piece, blob.slice(HEAD_BYTES)], { type: blob.type });
}

/** Hands the sheet to the reader as a file. */
export function savePng(map, sheet, done = () => {}) {
  drawSheet(map, sheet).toBlob((drawn) => {
    const blob = tellResolution(drawn);
    saveBlob(blob, `${sheetTitle()}_${sheet.month}.png`);
    done(blob);
  }, "image/png");
}

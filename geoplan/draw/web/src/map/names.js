/** The names on the map: towns big, villages with the number of their projects, as room allows. */

import { cutBrackets, list, money } from "../core/format.js";
import { t } from "../core/text.js";
import { spotOf } from "./geometry.js";
import { drawLabels, placeLabels } from "./labels.js";
import { drawLineNames, placeLineNames } from "./linenames.js";
import { middleOf } from "./outline.js";
import { sumMoney } from "./shade.js";

/** Where a town's name may stand, nearest first, in pixels from its label point. */
const TOWN_PLACES = spiral([0, 16, 30, 44, 58], 12);
const LEAD_GAP = 3;
/** The lines that bear their names, and from how much closer than the whole county on. */
const LINES = { rivers: { size: 11, weight: 400, color: "#3b77a6", closer: 0 }, roads: { size: 10.5, weight: 400, color: "#7a6047", closer: 1.5 } };
const INK = { town: "#2f3d46", busy: "#22303a", idle: "#5a6770", foreign: "#98a2a8", figure: "#4d5a63" };

function spiral(radii, directions) {
  return radii.flatMap((radius) =>
    Array.from({ length: radius ? directions : 1 }, (_, i) => {
      const angle = Math.PI / 2 + (i * 2 * Math.PI) / directions;
      return [Math.cos(angle) * radius * 1.15, Math.sin(angle) * radius];
    }),
  );
}

function frameOf(view) {
  return [0, 0, view.width, view.height];
}

/** Places the towns' names, each with the symbols of its own cluster (by code) before it, which are moved there. `boxes` holds what other symbols take. */
export function placeTowns(scene, context, view, boxes, clusters) {
  const placed = placeLabels(context, labelTowns(scene, view, clusters), boxes, frameOf(view));
  for (const { label, box } of placed) {
    if (!label.cluster) continue;
    label.cluster.x = view.ox + box[0] + label.cluster.extent;
    label.cluster.y = view.oy + (box[1] + box[3]) / 2;
  }
  return placed;
}

/** Places the villages' names and paints them and the towns'; `taken` tells where the symbols of each code stand: {extent, x, y}. */
export function paintNames(scene, context, view, boxes, taken, towns) {
  const villages = scene.options.plain ? [] : placeLabels(context, labelVillages(scene, view, taken), boxes, frameOf(view));
  if (!scene.options.plain) drawLineNames(context, nameLines(scene, context, view, boxes));
  const foreign = placeLabels(context, labelForeign(scene, view), boxes, frameOf(view));
  drawLabels(context, [...foreign, ...towns, ...villages]);
}

/** Names of the neighbours' towns, small and grey; of their villages when the map is nearer. */
function labelForeign(scene, view) {
  const near = view.zoom >= scene.fitZoom() + 1;
  return scene.foreign
    .filter(({ kind, name }) => name && (near || kind === "towns"))
    .map((area) => {
      const { x, y } = (area.middle ||= middleOf(area));
      const line = { size: area.kind === "towns" ? 11.5 : 10, weight: 400, spacing: 0, runs: [{ text: area.name, color: INK.foreign }] };
      return { x: x * view.scale - view.ox, y: y * view.scale - view.oy, extent: 0, variants: [[line]] };
    })
    .filter(({ x, y }) => x > 0 && y > 0 && x < view.width && y < view.height);
}

/** Whether the names of a layer are names: one word for all of many lines says what they are, not which. */
function tellsApart({ attrs, size }) {
  return attrs.name && (attrs.name.words?.length !== 1 || size < 4);
}

function nameLines(scene, context, view, boxes) {
  const closer = view.zoom - scene.fitZoom();
  const named = scene.ground.filter((layer) => layer.kind in LINES && scene.shown.has(layer.id) && closer >= LINES[layer.kind].closer && view.zoom >= (layer.style.minZoom || 0) && tellsApart(layer));
  return named.flatMap((layer) => placeLineNames(context, scene.open(layer), view, boxes, LINES[layer.kind], (i) => cutBrackets(String(layer.value("name", i) || ""))));
}

function spot(area, view) {
  const [x, y] = spotOf(area.x, area.y, view);
  return { x, y };
}

function labelTowns(scene, view, clusters) {
  const size = scene.options.plain ? 12.5 : Math.min(19, 15 + Math.max(0, view.zoom - scene.fitZoom()) * 1.5);
  return scene.site.towns
    .filter((town) => town.x != null)
    .map((town) => {
      const cluster = clusters.get(town.code);
      const name = { size, weight: 700, spacing: size * 0.12, runs: [{ text: town.name, color: INK.town }] };
      return { ...spot(town, view), extent: 0, cluster, lead: cluster ? 2 * cluster.extent + LEAD_GAP : 0, places: TOWN_PLACES, keep: true, variants: [[name]] };
    });
}

function labelVillages(scene, view, taken) {
  const selected = scene.store.selected();
  const chosen = new Set([...scene.store.get("village"), ...(selected ? selected.codes : [])]);
  const rank = (village) => (chosen.has(village.code) ? 1e6 : 0) + (scene.byVillage.get(village.code) || []).length;
  return scene.site.villages
    .filter((village) => village.x != null)
    .map((village) => ({ village, at: spot(village, view) }))
    .filter(({ at }) => at.x > 0 && at.y > 0 && at.x < view.width && at.y < view.height)
    .map((label) => ({ ...label, rank: rank(label.village) }))
    .sort((a, b) => b.rank - a.rank || (a.village.code < b.village.code ? -1 : 1))
    .map(({ village, at }) => ({ ...at, extent: 0, ...taken.get(village.code), variants: listVariants(scene, village, view) }));
}

/** What a village's label may say, the fullest first: name, number and money; name and number; name. Outside the filter: the name. */
function listVariants(scene, village, view) {
  const projects = scene.byVillage.get(village.code) || [];
  const closer = Math.max(0, view.zoom - scene.fitZoom());
  const size = Math.min(13, 11 + closer * 0.7);
  const name = { text: village.name, color: projects.length ? INK.busy : INK.idle };
  const line = (...runs) => ({ size, weight: 400, runs });
  if (scene.isOutside(village.code)) return [[line(name)]];
  const variants = [[line(name, { text: ` ${projects.length}`, color: INK.figure })], [line(name)]];
  if (closer < 1) return variants;
  return [[line(name), { size: size - 1.5, weight: 400, runs: [{ text: tellSum(projects), color: INK.figure }] }], ...variants];
}

function tellSum(projects) {
  const sum = sumMoney(projects);
  const count = t("common.count", { n: projects.length });
  return sum == null ? count : list([count, t("common.wan", { n: money(sum, 1) })]);
}

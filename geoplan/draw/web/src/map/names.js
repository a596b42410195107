/** The names on the map: towns big, villages with the number of their projects, as room allows. */

import { list, money } from "../core/format.js";
import { t } from "../core/text.js";
import { worldX, worldY } from "./geometry.js";
import { drawLabels, placeLabels } from "./labels.js";
import { sumMoney } from "./shade.js";

/** Where a town's name may stand, nearest first, in pixels from its label point. */
const TOWN_PLACES = spiral([0, 16, 30, 44, 58], 12);
const INK = { town: "#2f3d46", busy: "#22303a", idle: "#5a6770", figure: "#4d5a63" };

function spiral(radii, directions) {
  return radii.flatMap((radius) =>
    Array.from({ length: radius ? directions : 1 }, (_, i) => {
      const angle = Math.PI / 2 + (i * 2 * Math.PI) / directions;
      return [Math.cos(angle) * radius * 1.15, Math.sin(angle) * radius];
    }),
  );
}

/** Places and paints the names; `boxes` holds what symbols take, `taken` where the symbols of each code stand: {extent, x, y}. */
export function paintNames(scene, context, view, boxes, taken) {
  const labels = [...labelTowns(scene, view, taken), ...(scene.options.plain ? [] : labelVillages(scene, view, taken))];
  drawLabels(context, placeLabels(context, labels, boxes, [0, 0, view.width, view.height]));
}

function spot(area, view) {
  return { x: worldX(area.x) * view.scale - view.ox, y: worldY(area.y) * view.scale - view.oy };
}

function labelTowns(scene, view, taken) {
  const size = scene.options.plain ? 12.5 : Math.min(19, 15 + Math.max(0, view.zoom - scene.fitZoom()) * 1.5);
  return scene.site.towns
    .filter((town) => town.x != null)
    .map((town) => ({
      ...spot(town, view),
      extent: 0,
      places: taken.has(town.code) ? TOWN_PLACES.slice(1) : TOWN_PLACES,
      keep: true,
      variants: [[{ size, weight: 700, spacing: size * 0.12, runs: [{ text: town.name, color: INK.town }] }]],
    }));
}

function labelVillages(scene, view, taken) {
  const selected = scene.store.selected();
  const chosen = new Set([...scene.store.get("village"), ...(selected ? selected.codes : [])]);
  const rank = (village) => (chosen.has(village.code) ? 1e6 : 0) + (scene.byVillage.get(village.code) || []).length;
  return scene.site.villages
    .filter((village) => village.x != null)
    .map((village) => ({ village, at: spot(village, view) }))
    .filter(({ at }) => at.x > 0 && at.y > 0 && at.x < view.width && at.y < view.height)
    .sort((a, b) => rank(b.village) - rank(a.village) || (a.village.code < b.village.code ? -1 : 1))
    .map(({ village, at }) => ({ ...at, extent: 0, ...taken.get(village.code), variants: listVariants(scene, village, view) }));
}

/** What a village's label may say, the fullest first: name, number and money; name and number; name. */
function listVariants(scene, village, view) {
  const projects = scene.byVillage.get(village.code) || [];
  const closer = Math.max(0, view.zoom - scene.fitZoom());
  const size = Math.min(13, 11 + closer * 0.7);
  const name = { text: village.name, color: projects.length ? INK.busy : INK.idle };
  const line = (...runs) => ({ size, weight: 500, runs });
  const variants = [[line(name, { text: ` ${projects.length}`, color: INK.figure })], [line(name)]];
  if (closer < 1) return variants;
  return [[line(name), { size: size - 1.5, weight: 400, runs: [{ text: tellSum(projects), color: INK.figure }] }], ...variants];
}

function tellSum(projects) {
  const sum = sumMoney(projects);
  const count = t("common.count", { n: projects.length });
  return sum == null ? count : list([count, t("common.wan", { n: money(sum, 1) })]);
}

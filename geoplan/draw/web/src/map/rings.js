/** What is pointed at elsewhere on the page, ringed on the map, and the box that was drawn on it. */

import { readBox } from "../core/ranges.js";
import { spotOf } from "./geometry.js";

const ACCENT = "#1f6b69";
const GAP_PX = 4;

/** The circles [x, y, radius] around the symbols of the marked projects, and around the counts that hold one of them. */
export function listRings(scene, view) {
  const { clusters, r } = scene.lay(view);
  return clusters.flatMap((cluster) => {
    const held = cluster.projects.map((project, i) => (scene.marked.has(project) ? i : -1)).filter((i) => i >= 0);
    if (!held.length) return [];
    const spots = cluster.badge ? [[0, 0]] : held.map((i) => cluster.spots[i]);
    return spots.map(([dx, dy]) => [cluster.x - view.ox + dx, cluster.y - view.oy + dy, (cluster.badge ? cluster.extent : r) + GAP_PX]);
  });
}

/** Paints the rings: they lie under the symbols and show around them. */
export function paintRings(scene, context, view) {
  context.beginPath();
  for (const [x, y, radius] of listRings(scene, view)) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, Math.PI * 2);
  }
  context.fillStyle = "rgba(255,255,255,.92)";
  context.fill();
  strokeTwice(context, 3);
}

/** Paints the box of the filter. */
export function paintBox(scene, context, view) {
  const box = readBox(scene.store.get("box"));
  if (!box) return;
  const [west, south] = spotOf(box[0], box[1], view);
  const [east, north] = spotOf(box[2], box[3], view);
  context.beginPath();
  context.rect(west, north, east - west, south - north);
  context.fillStyle = "rgba(31,107,105,.05)";
  context.fill();
  strokeTwice(context, 1.8, [7, 4]);
}

function strokeTwice(context, width, dash = []) {
  context.strokeStyle = "rgba(255,255,255,.95)";
  context.lineWidth = width + 2.4;
  context.stroke();
  context.setLineDash(dash);
  context.strokeStyle = ACCENT;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
}

// Projects → groups in official order → rows with their tops, all plain values (no DOM).

import { GRAVITY } from "../core/symbols.js";
import { indexMonth } from "./months.js";

export const GROUPINGS = ["town", "village", "unit", "category", "light", "none"];
export const SORTINGS = ["plan", "behind"];
const SEVERAL = new Set(["town", "village", "unit"]);
const LIGHT_ORDER = Object.keys(GRAVITY).sort((a, b) => GRAVITY[b] - GRAVITY[a]);

/** Groups of projects: `{id, label, kind, several, projects, amount, priced, shared}`. A project in several villages stands
 *  in each of them, and counts in each (`shared` says how many do); totals are counted from the projects themselves. */
export function groupProjects(projects, by, site, month, only) {
  const orders = ORDERS[by](site);
  const groups = new Map();
  for (const project of projects) {
    const ids = KEYS[by](project, month);
    for (const id of ids) {
      if (only && only.size && !only.has(id)) continue;
      if (!groups.has(id)) groups.set(id, startGroup(id, by, orders));
      addProject(groups.get(id), project, ids.length > 1);
    }
  }
  return [...groups.values()].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
}

/** Priority first, then planned start; those without come last; the ledger's own order decides the rest. */
export function sortProjects(projects, by, month) {
  const keyed = projects.map((project, index) => ({ project, index, keys: SORT_KEYS[by](project, month) }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys) || a.index - b.index);
  return keyed.map((entry) => entry.project);
}

/** Rows one under the other: `items` with `top`, and the height of all. */
export function layRows(groups, collapsed, heights) {
  const items = [];
  let top = 0;
  const add = (item, height) => {
    items.push({ ...item, top, height });
    top += height;
  };
  for (const group of groups) {
    if (group.kind !== "none") add({ kind: "group", group, id: `g:${group.id}` }, heights.group(group));
    if (collapsed.has(group.id)) continue;
    for (const project of group.projects) add({ kind: "row", group, project, id: `${group.id}|${project.k}` }, heights.row);
  }
  return { items, height: top };
}

/** The items that are seen between two heights, by bisection. */
export function sliceRows(items, from, to) {
  const first = bisect(items, from);
  let last = first;
  while (last < items.length && items[last].top < to) last += 1;
  return items.slice(first, last);
}

/** How many stand at each light, worst first. */
export function countLights(projects, month) {
  const counted = new Map();
  for (const project of projects) {
    const light = stateOf(project, month).light || "unreported";
    counted.set(light, (counted.get(light) || 0) + 1);
  }
  return LIGHT_ORDER.filter((light) => counted.has(light)).map((light) => [light, counted.get(light)]);
}

/** A project as it stood in a month (the key is "" where there is no month at all). */
export function stateOf(project, month) {
  return (project.m && (project.m[month || ""] || project.m[""])) || {};
}

/** [actual start, actual end] of a project as they were known in a month's state. */
export function happenedAt(project, state) {
  return (state && state.happened) || project.actual || [null, null];
}

function startGroup(id, by, orders) {
  const known = orders.get(id);
  const rank = known ? known.rank : orders.size + (id.startsWith("~") ? 2 : 1);
  return { id, kind: by, label: known ? known.label : id, several: SEVERAL.has(by), rank: id === "~county" ? -1 : rank, projects: [], amount: 0, priced: 0, shared: 0 };
}

function addProject(group, project, shared) {
  group.projects.push(project);
  if (shared) group.shared += 1;
  if (project.amount !== null && project.amount !== undefined) {
    group.amount += project.amount;
    group.priced += 1;
  }
}

const unplaced = (project) => (project.codes && project.codes.length ? ["~county"] : ["~unplaced"]);
const KEYS = {
  town: (project) => (project.towns.length ? project.towns : unplaced(project)),
  village: (project) => {
    const codes = project.codes.filter((code) => code.length >= 9);
    return codes.length ? codes : unplaced(project);
  },
  unit: (project) => (project.lead.length ? project.lead : ["~none"]),
  category: (project) => [project.type || "~none"],
  light: (project, month) => [stateOf(project, month).light || "unreported"],
  none: () => ["all"],
};
const ORDERS = {
  town: (site) => rankAll(site.towns.map((town) => [town.code, town.name])),
  village: (site) => rankAll(listPlaces(site)),
  unit: (site) => rankAll([...new Set(site.projects.flatMap((project) => project.lead))].map((name) => [name, name])),
  category: (site) => rankAll(site.style.categories.map((entry) => [entry.name, entry.name])),
  light: () => rankAll(LIGHT_ORDER.map((light) => [light, light])),
  none: () => rankAll([["all", "all"]]),
};

function listPlaces(site) {
  const towns = site.towns.map((town) => [town.code, town.name]);
  const villages = site.villages.map((village) => [village.code, `${village.townName} · ${village.name}`]);
  return [...towns, ...villages].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function rankAll(pairs) {
  return new Map(pairs.map(([id, label], rank) => [id, { label, rank }]));
}

const LAST = Number.MAX_SAFE_INTEGER;
const SORT_KEYS = {
  plan: (project) => [readPriority(project.priority), indexMonth(project.plan[0]) ?? LAST, indexMonth(project.plan[1]) ?? LAST],
  behind: (project, month) => [-(stateOf(project, month).behind ?? -LAST), readPriority(project.priority)],
};

function readPriority(text) {
  const found = /\d+/.exec(String(text ?? ""));
  return found ? Number(found[0]) : LAST;
}

function compareKeys(a, b) {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

function bisect(items, y) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].top + items[middle].height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

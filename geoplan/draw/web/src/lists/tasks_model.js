// Tasks → the lists of a level, sorted and summed; plain values, no DOM.

import { fold } from "../core/format.js";
import { holds } from "../core/sounds.js";
import { LEVEL_WORDS, rankPerson, rankUnit } from "./ranks.js";

export const ROLES = ["lead", "coop", "responsible"];

/** The lists of a level in official order: `{id, label, tasks, projects}`; a task of two villages is in both lists. */
export function listLists(level, tasks, site) {
  const kept = LEVEL_WORDS[level] ? tasks.filter((task) => task.level === LEVEL_WORDS[level]) : tasks;
  const lists = new Map();
  for (const task of kept) {
    for (const id of KEYS[level](task)) {
      if (!lists.has(id)) lists.set(id, { id, level, tasks: [] });
      lists.get(id).tasks.push(task);
    }
  }
  const rank = rankLists(level, site);
  const projects = listProjects(level, site);
  return [...lists.values()]
    .map((list) => ({ ...list, label: nameList(level, list.id, site), projects: projects.get(list.id) || [] }))
    .sort((a, b) => rank(a) - rank(b));
}

/** Whether a task is asked for: by words, town, village and unit. A county's own task concerns every town. */
export function matchTask(task, { search, town, village, unit }) {
  return (
    within(town, task.towns) &&
    within(village, task.villages) &&
    (!unit.length || unit.some((name) => listUnits(task).includes(name))) &&
    (!search || holds(haystack(task), fold(search)))
  );
}

/** Every unit of a task, each once. */
export function listUnits(task) {
  return [...new Set(ROLES.flatMap((role) => task[role] || []))];
}

/** What part a unit has in a task: lead, coop, responsible. */
export function listRoles(task, unit) {
  return ROLES.filter((role) => (task[role] || []).includes(unit));
}

/** Tasks in the order of a column; empty cells last; the list's own order decides the rest. */
export function sortTasks(tasks, column, down, locale) {
  const value = SORT_VALUES[column];
  if (!value) return tasks;
  const collate = new Intl.Collator(locale, { numeric: true }).compare;
  const keyed = tasks.map((task, index) => ({ task, index, key: value(task) }));
  keyed.sort((a, b) => {
    if (!a.key || !b.key) return !a.key - !b.key || a.index - b.index;
    return (down ? -1 : 1) * compare(a.key, b.key, collate) || a.index - b.index;
  });
  return keyed.map((entry) => entry.task);
}

/** For each task that is broken down: how many parts, their sum, and whether it equals the target (null: cannot be added,
 *  undefined: the task has no number for a target). */
export function breakDown(tasks) {
  const parts = new Map();
  for (const task of tasks) {
    if (!task.parent) continue;
    if (!parts.has(task.parent)) parts.set(task.parent, []);
    parts.get(task.parent).push(task);
  }
  const told = new Map();
  for (const task of tasks) if (task.id && parts.has(task.id)) told.set(task.id, sumParts(task, parts.get(task.id)));
  return told;
}

function sumParts(task, parts) {
  const target = readNumber(task.quantity);
  if (target === null) return { count: parts.length, sum: null, equal: undefined };
  const numbers = parts.map((part) => (part.unit === task.unit ? readNumber(part.quantity) : null));
  const known = numbers.every((number) => number !== null);
  const sum = known ? Math.round(numbers.reduce((a, b) => a + b, 0) * 1e6) / 1e6 : null;
  return { count: parts.length, sum, equal: known ? Math.abs(sum - target) < 1e-6 : null };
}

const KEYS = {
  county: () => ["county"],
  towns: (task) => (task.towns.length ? task.towns : [""]),
  villages: (task) => (task.villages.length ? task.villages : [""]),
  units: (task) => (listUnits(task).length ? listUnits(task) : [""]),
  persons: (task) => [task.person || ""],
};

/** Places in official order, units of the county before those of towns, persons by level; what has no name comes last. */
function rankLists(level, site) {
  const areas = { towns: site.towns, villages: site.villages }[level] || [];
  const order = new Map(areas.map((area, rank) => [area.code, rank]));
  return ({ id, tasks }) => {
    if (id === "") return Number.MAX_SAFE_INTEGER;
    if (level === "units") return rankUnit(id, site);
    return level === "persons" ? rankPerson(tasks) : (order.get(id) ?? order.size);
  };
}

function nameList(level, id, site) {
  if (level === "county") return site.meta.name;
  if (level === "towns") return (site.towns.find((town) => town.code === id) || { name: id }).name;
  if (level !== "villages") return id;
  const village = site.villages.find((entry) => entry.code === id);
  return village ? `${village.townName} · ${village.name}` : id;
}

/** The projects that stand beside each list: in its place, led by its unit, or answered for by its person. */
function listProjects(level, site) {
  const found = new Map();
  for (const project of site.projects) {
    for (const id of PROJECT_KEYS[level](project)) {
      if (!found.has(id)) found.set(id, []);
      found.get(id).push(project);
    }
  }
  return found;
}

const PROJECT_KEYS = {
  county: () => ["county"],
  towns: (project) => project.towns,
  villages: (project) => project.codes,
  units: (project) => project.lead || [],
  persons: (project) => (project.person ? [project.person] : []),
};

const SORT_VALUES = {
  id: (task) => task.id,
  content: (task) => task.name || task.content,
  target: (task) => readNumber(task.quantity),
  due: (task) => task.due,
  lead: (task) => (task.lead || []).join(" "),
  coop: (task) => (task.coop || []).join(" "),
  responsible: (task) => (task.responsible || []).join(" "),
  person: (task) => task.person,
  source: (task) => `${task.file} ${task.sheet} ${String(task.row).padStart(7, "0")}`,
};

function within(wanted, codes) {
  return !wanted.length || !codes.length || wanted.some((code) => codes.includes(code));
}

function haystack(task) {
  return fold([task.id, task.name, task.content, task.person, ...listUnits(task)].join("|"));
}

function compare(a, b, collate) {
  return typeof a === "number" && typeof b === "number" ? a - b : collate(String(a), String(b));
}

function readNumber(value) {
  if (typeof value === "number") return value;
  const text = String(value ?? "").replace(/[,，\s]/g, "");
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

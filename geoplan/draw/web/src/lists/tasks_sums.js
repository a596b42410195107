// The levels held against each other: how many tasks in each place's list, whether targets add up, who is missing.

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { LEVEL_WORDS } from "./ranks.js";

const { county: COUNTY, towns: TOWN, villages: VILLAGE } = LEVEL_WORDS;

/** Draw every row of `part.sums` into `el`: county and towns, the villages folded, and what the comparison says; who has
 *  no person only where `persons` may be named. */
export function drawSums(el, part, parts, persons) {
  const rows = (part.sums || []).map((row) => countLevels(row, part.tasks));
  const villages = rows.filter((row) => row.level === VILLAGE);
  const draw = (chosen) => drawTable(chosen, persons);
  replace(el,
    rows.length ? draw([...rows.filter((row) => row.level !== VILLAGE && row.code), ...addTowns(rows, part.tasks)]) : null,
    villages.length ? h("details", { class: "sums-villages" }, h("summary", {}, t("tasks.sums-each-village", { count: villages.length })), draw(villages)) : null,
    rows.length ? [TOWN, VILLAGE].map((level) => tellLevel(level, rows, part.tasks)) : null,
    h("p", { class: "sums-note" }, rows.length ? t("tasks.sums-rule") : "", " ", tellTargets(parts)));
}

/** A row's tasks by level; `off` where they do not make up the count that came with the data. */
export function countLevels(row, tasks) {
  const here = tasks.filter((task) => belongs(task, row));
  const levels = Object.values(LEVEL_WORDS).map((level) => here.filter((task) => task.level === level).length);
  return { ...row, levels, off: levels.reduce((a, b) => a + b, 0) !== row.count };
}

/** The towns together, each task once, and what is in no town: the two must make up the county. */
export function addTowns(rows, tasks) {
  const given = rows.filter((row) => row.level === TOWN && !row.code).reduce((sum, row) => sum + row.own, 0);
  const county = rows.find((row) => row.level === COUNTY);
  const all = sumTasks("tasks.sums-towns-once", tasks.filter((task) => task.towns.length));
  const rest = sumTasks("tasks.sums-rest-towns", tasks.filter((task) => !task.towns.length));
  all.off = Boolean(county) && all.count + rest.count !== county.count;
  rest.off = rest.levels[1] !== given;
  return rest.count || rest.off ? [all, rest] : [all];
}

function sumTasks(key, tasks) {
  const levels = Object.values(LEVEL_WORDS).map((level) => tasks.filter((task) => task.level === level).length);
  const without_unit = tasks.filter((task) => !task.lead.length && !task.responsible.length).length;
  return { level: TOWN, code: "", label: t(key), levels, count: tasks.length, without_unit, without_person: tasks.filter((task) => !task.person).length };
}

function belongs(task, { level, code }) {
  if (level === COUNTY) return true;
  const places = level === TOWN ? task.towns : task.villages;
  return code ? places.includes(code) : task.level === level && !places.length;
}

/** Tasks of a level: in places, in no place, and whether the two make up all of them. */
export function compareLevel(level, rows, tasks) {
  const all = tasks.filter((task) => task.level === level);
  const placed = all.filter((task) => (level === TOWN ? task.towns : task.villages).length).length;
  const rest = rows.filter((row) => row.level === level && !row.code).reduce((sum, row) => sum + row.count, 0);
  return { all: all.length, placed, rest, off: placed + rest !== all.length };
}

function tellLevel(level, rows, tasks) {
  const { all, placed, rest, off } = compareLevel(level, rows, tasks);
  if (!all) return null;
  const name = t(level === TOWN ? "tasks.sums-towns" : "tasks.sums-villages");
  return h("p", { class: off ? "sums-level off" : "sums-level" },
    t("tasks.sums-level", { name, all, placed, rest }), h("b", {}, t(off ? "tasks.sums-off" : "tasks.sums-agrees")));
}

function drawTable(rows, persons) {
  const names = ["place", "county", "towns", "villages", "all", "unit", ...(persons ? ["person"] : []), "check"];
  const heading = names.map((name, index) => h("th", { scope: "col", class: index && name !== "check" ? "number" : null }, t(`tasks.sums-${name}`)));
  return h("table", { class: "sums-table" }, h("thead", {}, h("tr", {}, heading)), h("tbody", {}, rows.map((row) => drawRow(row, persons))));
}

function drawRow(row, persons) {
  const figures = [...row.levels, row.count, row.without_unit, ...(persons ? [row.without_person] : [])];
  return h("tr", { class: row.off ? "off" : null, data: { code: row.code, level: row.level } },
    h("th", { scope: "row" }, row.label || t("tasks.sums-rest-villages")),
    figures.map((figure) => h("td", { class: "number" }, number(figure))),
    h("td", { class: "sums-check" }, t(row.off ? "tasks.sums-off" : "tasks.sums-agrees")));
}

function tellTargets(parts) {
  const told = [...parts.values()].filter((entry) => entry.equal !== undefined);
  if (!told.length) return "";
  const count = (value) => told.filter((entry) => entry.equal === value).length;
  return t("tasks.sums-target", { parents: told.length, equal: count(true), different: count(false), uncounted: count(null) });
}

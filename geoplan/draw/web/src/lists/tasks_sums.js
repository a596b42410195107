// The levels held against each other: how many tasks in each place's list, whether targets add up, who is missing.

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { LEVEL_WORDS } from "./tasks_model.js";

const PLACES = [LEVEL_WORDS.county, LEVEL_WORDS.towns];

/** Draw the table of `part.sums` (county and towns; villages are counted in their town) and a sentence into `el`. */
export function drawSums(el, part, parts) {
  const rows = (part.sums || []).filter((row) => PLACES.includes(row.level)).map((row) => countLevels(row, part.tasks));
  replace(el, rows.length ? drawTable(rows) : null, h("p", { class: "sums-note" }, rows.length ? t("tasks.sums-rule") : "", " ", tellTargets(parts)));
}

/** A place's tasks by level; `off` where they do not make up the count that came with the data. */
export function countLevels(row, tasks) {
  const here = row.level === LEVEL_WORDS.county ? tasks : tasks.filter((task) => task.towns.includes(row.code));
  const levels = Object.values(LEVEL_WORDS).map((level) => here.filter((task) => task.level === level).length);
  return { ...row, levels, off: levels.reduce((a, b) => a + b, 0) !== row.count };
}

function drawTable(rows) {
  const names = ["place", "county", "towns", "villages", "all", "unit", "person"];
  const heading = names.map((name, index) => h("th", { scope: "col", class: index ? "number" : null }, t(`tasks.sums-${name}`)));
  return h("table", { class: "sums-table" }, h("thead", {}, h("tr", {}, heading)), h("tbody", {}, rows.map(drawRow)));
}

function drawRow(row) {
  const figures = [...row.levels, row.count, row.without_unit, row.without_person];
  return h("tr", { class: row.off ? "off" : null, data: { code: row.code } },
    h("th", { scope: "row" }, row.label),
    figures.map((figure) => h("td", { class: "number" }, number(figure))),
    row.off ? h("td", {}, t("tasks.sums-off")) : null);
}

function tellTargets(parts) {
  const told = [...parts.values()].filter((entry) => entry.equal !== undefined);
  if (!told.length) return "";
  const count = (value) => told.filter((entry) => entry.equal === value).length;
  return t("tasks.sums-target", { parents: told.length, equal: count(true), different: count(false), uncounted: count(null) });
}

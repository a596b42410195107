/** What the charts count: projects and money by town, category, light, stage and month, once for each change (no DOM). */

import { monthIndex, writeMonth } from "../../core/format.js";
import { listWork } from "../../core/ranges.js";
import { atMonth, stageAt } from "../../core/store.js";
import { LIGHTS } from "../../core/symbols.js";

/** In place of a town: of the whole area, or without a place. */
export const [COUNTY, UNPLACED] = ["~county", "~unplaced"];
const MOST_AWAY = 120;

/** The values of a project in each chart; a project of several towns stands at each. */
export const KEYS = {
  town: (project) => (project.towns.length ? project.towns : [project.codes.length ? COUNTY : UNPLACED]),
  category: (project) => [project.type],
  light: (project, month) => [atMonth(project, month).light],
  stage: (project, month) => [stageAt(project, month)],
};

/** The months in which a project stands in the month chart: while it is worked on, or where its plan begins or ends. */
const MONTHS = {
  work: listWork,
  start: ({ plan: [start] }) => (start ? [[start, start]] : []),
  end: ({ plan: [, end] }) => (end ? [[end, end]] : []),
};
/** The ways in which the month chart counts. */
export const MONTH_MODES = Object.keys(MONTHS);
/** The one way by which the span filters, so that only its bars are brushed. */
export const BRUSHED = "work";

/** The months of the site's axis, as far as they lie within ten years of its cut-off: a slip of the pen makes no axis of centuries. */
export function listMonths({ axis, month }) {
  if (!axis.length) return [];
  const [first, last] = axis.map(monthIndex);
  const cutoff = month ? monthIndex(month) : last;
  const from = Math.max(first, cutoff - MOST_AWAY);
  const to = Math.max(from, Math.min(last, cutoff + MOST_AWAY));
  return Array.from({ length: to - from + 1 }, (_, i) => writeMonth(from + i));
}

/** The values of each chart in the order of the legend, and of whatever else the projects bring. */
export function listValues(site) {
  const { towns, style, projects } = site;
  const known = {
    town: [...towns.map((town) => town.code), COUNTY, UNPLACED],
    category: style.categories.map((category) => category.name),
    light: LIGHTS,
    stage: Object.keys(style.stages),
  };
  const found = { town: projects.flatMap(KEYS.town), category: projects.map((project) => project.type), light: [], stage: projects.flatMap(allStages) };
  return Object.fromEntries(Object.entries(known).map(([name, values]) => [name, keepFound(name, values, new Set(found[name]))]));
}

function allStages(project) {
  return [project.stage, ...Object.values(project.m || {}).map((at) => at.stage || project.stage)];
}

/** Towns, lights and stages stand there without projects too; what only data bring, and what stands in no town, only where there is any. */
function keepFound(name, values, found) {
  const kept = values.filter((value) => found.has(value) || !value.startsWith("~"));
  return [...kept, ...[...found].filter((value) => !values.includes(value))];
}

/** Sums by chart and value: {town: Map(code → {count, money}), …}, and `month` by its place in `months`. */
export function countProjects(projects, months, month, mode) {
  const sums = { town: new Map(), category: new Map(), light: new Map(), stage: new Map(), month: months.map(() => ({ count: 0, money: 0 })) };
  for (const project of projects) {
    const amount = project.amount || 0;
    for (const name of Object.keys(KEYS)) for (const value of KEYS[name](project, month)) add(sums[name], value, amount);
    addMonths(sums.month, MONTHS[mode](project, month), months, amount);
  }
  return sums;
}

function add(sums, value, amount) {
  const sum = sums.get(value);
  if (!sum) return void sums.set(value, { count: 1, money: amount });
  sum.count += 1;
  sum.money += amount;
}

/** A project counts once in each month, however many of its spans meet there. */
function addMonths(sums, spans, months, amount) {
  for (let i = 0; i < months.length; i++) {
    if (!spans.some(([first, last]) => first <= months[i] && months[i] <= last)) continue;
    sums[i].count += 1;
    sums[i].money += amount;
  }
}

/** Whether a project stands in a month of the month chart. */
export function standsInMonth(project, text, month, mode) {
  return MONTHS[mode](project, month).some(([first, last]) => first <= text && text <= last);
}

/** The steps of time of the map: years in which something was built, the months of the projects, and those with returns. */

import { formatMonth, monthIndex, writeMonth } from "./format.js";
import { t } from "./text.js";

/** A first month that is further back is a slip of the pen (1923) and must not fill the slider. */
const FURTHEST_MONTHS = 120;
const [BUILDING, EFFECTIVE] = ["建设", "达效"];

/** The first month of the steps that are months; "" where no cut-off is known. */
function firstMonth({ axis, month }) {
  if (!month) return "";
  const furthest = writeMonth(monthIndex(month) - FURTHEST_MONTHS);
  const first = axis[0] || month;
  return first > month ? month : first < furthest ? furthest : first;
}

const known = new WeakMap();

/** Every step, oldest first: "2019-12" for a year before the projects, then the months up to the cut-off. Worked out once a site. */
export function listSteps(meta) {
  if (!known.has(meta)) known.set(meta, makeSteps(meta));
  return known.get(meta);
}

function makeSteps(meta) {
  const first = firstMonth(meta);
  if (!first) return meta.months;
  const years = (meta.years || []).map((year) => `${year}-12`).filter((step) => step < first);
  const count = monthIndex(meta.month) - monthIndex(first) + 1;
  const months = Array.from({ length: count }, (_, i) => writeMonth(monthIndex(first) + i));
  return [...new Set([...years, ...months, ...meta.months])].sort();
}

/** Whether a step has no returns, so that only the dates of the ledgers are known. */
export function isPast(meta, month) {
  return Boolean(month) && !meta.months.includes(month) && listSteps(meta).includes(month);
}

/** The last month with returns up to a step, else the first. */
export function nearestMonth(months, step) {
  return months.filter((month) => month <= step).pop() || months[0] || "";
}

/** A step in words: "2019年" for one of the years before the projects, else its month. */
export function tellStep(meta, step) {
  return step < firstMonth(meta) && !meta.months.includes(step) ? t("common.year", { year: step.slice(0, 4) }) : formatMonth(step);
}

/** The cut-off in words; where a map shows another step, that step and behind it the cut-off. */
export function tellShown(meta, step) {
  if (!meta.month || step === meta.month) return `${t("common.as-of")}：${tellStep(meta, step)}`;
  return t("map.shown-at", { month: tellStep(meta, step), latest: formatMonth(meta.month) });
}

/** Whether a project has begun by a month: by its actual start, else its planned one; what has ended has begun. */
export function hasBegun(project, month) {
  const [actual, end] = project.actual || [];
  const start = actual || (project.plan || [])[0];
  return [start, end].some((one) => one && one <= month);
}

/** What the dates of the ledger tell of a project at a month without returns: never how far it was. */
export function standAt(project, month) {
  const [start, end] = project.actual || [];
  if (end && end <= month) return { light: "done", stage: EFFECTIVE };
  const building = (start && start <= month) || project.stage === EFFECTIVE;
  return { light: "unreported", stage: building ? BUILDING : project.stage };
}

// S-curves: planned against actual, by count and by money, month by month (no DOM).

import { indexMonth } from "./months.js";
import { happenedAt, stateOf } from "./rows.js";

/** By count: how many should be finished by the end of each month, and how many are, up to the cut-off `cutoff` (an index,
 *  the month `known` in words, by which the ends are known). */
export function countCurves(projects, months, cutoff, known) {
  const planned = projects.map((project) => indexMonth(project.plan[1])).filter((index) => index !== null);
  const ended = projects.map((project) => findEnd(project, known)).filter((index) => index !== null);
  return {
    total: planned.length,
    missing: projects.length - planned.length,
    planned: accumulate(planned, months),
    actual: accumulate(ended, months).map((count, i) => (cutoff !== null && months[i] <= cutoff ? count : null)),
  };
}

/** The month in which a project ended, as known in the month `known`: as written, else the first month in which it counts
 *  as done. */
export function findEnd(project, known) {
  const written = indexMonth(happenedAt(project, stateOf(project, known))[1]);
  if (written !== null) return written;
  const done = Object.keys(project.m || {}).filter((month) => project.m[month].light === "done" && (!known || month <= known)).sort();
  return done.length ? indexMonth(done[0]) : null;
}

/** By money (分): amount × planned share, amount × reported completion, and what has been paid.
 *  Only projects with an amount and planned months; a project that is not reported keeps what it last reported. */
export function moneyCurves(projects, months, returns, cutoff, month) {
  const priced = projects.filter((project) => isNumber(project.amount));
  const known = priced.filter((project) => indexMonth(project.plan[0]) !== null && indexMonth(project.plan[1]) !== null);
  const shown = new Set(returns.map(indexMonth).filter((index) => index !== null && (cutoff === null || index <= cutoff)));
  return {
    total: sum(known.map((project) => project.amount)),
    missing: projects.length - priced.length,
    unplanned: priced.length - known.length,
    planned: months.map((index) => sum(known.map((project) => project.amount * sharePlanned(project, index)))),
    actual: months.map((index) => (shown.has(index) ? sumActual(known, index, returns, month) : null)),
    paid: months.map((index) => (shown.has(index) ? sumPaid(known, index, returns) : null)),
  };
}

/** The share of a project's own planned months that have ended by the end of a month, 0 to 1. */
export function sharePlanned(project, index) {
  const [start, end] = project.plan.map(indexMonth);
  const length = Math.max(1, end - start + 1);
  return Math.min(1, Math.max(0, (index - start + 1) / length));
}

/** The months in which at least one project has figures. */
export function listReturns(projects, months) {
  return months.filter((month) => projects.some((project) => isNumber(stateOf(project, month).actual) || isNumber(stateOf(project, month).paid)));
}

function sumActual(projects, index, returns, month) {
  const known = projects.map((project) => lastKnown(project, index, returns, "actual") ?? (hasEnded(project, index, month) ? 100 : null));
  return known.some(isNumber) ? sum(projects.map((project, i) => (project.amount * (known[i] ?? 0)) / 100)) : null;
}

function sumPaid(projects, index, returns) {
  const known = projects.map((project) => lastKnown(project, index, returns, "paid"));
  return known.some(isNumber) ? sum(known.map((fen) => fen ?? 0)) : null;
}

function lastKnown(project, index, returns, name) {
  for (let i = returns.length - 1; i >= 0; i -= 1) {
    if (indexMonth(returns[i]) > index) continue;
    const value = stateOf(project, returns[i])[name];
    if (isNumber(value)) return value;
  }
  return null;
}

function hasEnded(project, index, month) {
  const ended = findEnd(project, month);
  return ended !== null && ended <= index;
}

function accumulate(indexes, months) {
  const sorted = [...indexes].sort((a, b) => a - b);
  let done = 0;
  return months.map((month) => {
    while (done < sorted.length && sorted[done] <= month) done += 1;
    return done;
  });
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}


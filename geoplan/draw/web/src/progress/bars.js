// Where a project's bars, diamonds and the cut-off line stand on the axis, as shares of its width (0 to 1).

import { indexMonth } from "./months.js";

/** The bars of one project as they stood at the end of `month` (an index, or null without a cut-off). */
export function placeBars(project, state, month, axis) {
  const [planFrom, planTo] = readSpan(project.plan);
  const [from, to] = readSpan(project.actual);
  return {
    plan: planFrom === null && planTo === null ? null : placeSpan(planFrom ?? planTo, planTo ?? planFrom, axis),
    actual: placeActual(from, to, state, month, axis),
    marks: placeMarks(planFrom, planTo, from, to, month, axis),
  };
}

/** The line at the end of a month. */
export function placeCutoff(month, axis) {
  return month === null || !axis ? null : clamp((month + 1 - axis.first) / axis.count);
}

function placeActual(from, to, state, month, axis) {
  if (from === null || (month !== null && from > month)) return null;
  const ended = to !== null && (month === null || to <= month);
  const last = ended ? to : (month ?? from);
  const span = placeSpan(from, Math.max(from, last), axis);
  const share = ended ? 1 : state && state.actual !== null && state.actual !== undefined ? clamp(state.actual / 100) : null;
  return span && { ...span, ended, share };
}

function placeMarks(planFrom, planTo, from, to, month, axis) {
  const marks = [
    ["plan-start", planFrom, 0],
    ["plan-end", planTo, 1],
    ["actual-end", to !== null && (month === null || to <= month) ? to : null, 1],
  ];
  return marks
    .filter(([, index]) => index !== null && index >= axis.first && index < axis.first + axis.count)
    .map(([kind, index, edge]) => ({ kind, at: clamp((index + edge - axis.first) / axis.count) }));
}

function placeSpan(from, to, axis) {
  const [low, high] = from <= to ? [from, to] : [to, from];
  const left = clamp((low - axis.first) / axis.count);
  const right = clamp((high + 1 - axis.first) / axis.count);
  return right > left ? { left, width: right - left } : null;
}

function readSpan(pair) {
  return [indexMonth(pair && pair[0]), indexMonth(pair && pair[1])];
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}

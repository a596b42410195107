// Where a project's bars, diamonds and the cut-off line stand on the axis, as shares of its width (0 to 1).

import { indexMonth } from "./months.js";
import { happenedAt } from "./rows.js";

/** The bars of one project as they stood at the end of `month` (an index, or null without a cut-off).
 *  The planned bar is filled to the share of its own length that is reported as complete: under a plan of even months a
 *  fill that reaches the cut-off line is on schedule. The actual bar only says when: from start to end, or to the cut-off. */
export function placeBars(project, state, month, axis) {
  const [planFrom, planTo] = readSpan(project.plan);
  const [from, to] = readSpan(happenedAt(project, state)).map((index) => (month !== null && index > month ? null : index));
  const actual = from === null ? null : placeSpan(from, Math.max(from, to ?? month ?? from), axis);
  return {
    plan: placePlan(planFrom, planTo, readShare(state, to), axis),
    actual,
    marks: placeMarks(planFrom, planTo, to, axis),
    due: from === null && to === null && planFrom !== null && month !== null && planFrom <= month,
    tellAt: actual ? actual.left + actual.width : placeCutoff(to ?? month, axis),
  };
}

/** The line at the end of a month. */
export function placeCutoff(month, axis) {
  return month === null || !axis ? null : clamp((month + 1 - axis.first) / axis.count);
}

function readShare(state, to) {
  if (typeof state.actual === "number") return clamp(state.actual / 100);
  return to === null ? null : 1;
}

/** The planned bar with `fill`, the share of the bar to fill (null: nothing is known, or the plan has no length). */
function placePlan(from, to, share, axis) {
  if (from === null && to === null) return null;
  const span = placeSpan(from ?? to, to ?? from, axis);
  if (!span || share === null || from === null || to === null || to < from) return span && { ...span, fill: null };
  const reached = clamp((from + share * (to + 1 - from) - axis.first) / axis.count);
  return { ...span, fill: clamp((reached - span.left) / span.width) };
}

function placeMarks(planFrom, planTo, to, axis) {
  return [["plan-start", planFrom, 0], ["plan-end", planTo, 1], ["actual-end", to, 1]]
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

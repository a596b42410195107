// Months as whole numbers (months since the year 0), so that they can be subtracted and laid on an axis.

import { monthIndex } from "../core/format.js";

const FURTHEST_YEARS = 10;

/** Months since the year 0; null for a text that is no month. */
export function indexMonth(text) {
  return /^\d{4}-\d{2}$/.test(text || "") ? monthIndex(text) : null;
}

/** Whole years from the first to the last month of any plan or actual; the cut-off's year is always among them.
 *  A year that is a slip of the pen (1923) must not squeeze all others: years further off than ten are left out. */
export function spanAxis(axis, month) {
  const known = [...(axis || []).map(indexMonth), indexMonth(month)].filter((index) => index !== null);
  if (!known.length) return null;
  const centre = Math.floor((indexMonth(month) ?? known[0]) / 12);
  const years = known
    .map((index) => Math.floor(index / 12))
    .map((year) => Math.min(centre + FURTHEST_YEARS, Math.max(centre - FURTHEST_YEARS, year)));
  const first = Math.min(...years) * 12;
  const count = (Math.max(...years) + 1) * 12 - first;
  return { first, count, years: Array.from({ length: count / 12 }, (_, i) => first / 12 + i) };
}

/** Every month of an axis, as indexes. */
export function listAxis(axis) {
  return Array.from({ length: axis.count }, (_, i) => axis.first + i);
}

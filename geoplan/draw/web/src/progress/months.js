// Months as whole numbers (months since the year 0), so that they can be subtracted and laid on an axis.

const FURTHEST_YEARS = 10;

export function indexMonth(text) {
  const found = /^(\d{4})-(\d{2})$/.exec(text || "");
  return found ? Number(found[1]) * 12 + Number(found[2]) - 1 : null;
}

export function writeMonth(index) {
  return `${String(Math.floor(index / 12)).padStart(4, "0")}-${String((index % 12) + 1).padStart(2, "0")}`;
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

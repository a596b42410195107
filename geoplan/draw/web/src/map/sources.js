/** The list of sources on the sheet: as many as there is room for, and how many there are where that is not all. */

import { $ } from "../core/dom.js";
import { t } from "../core/text.js";

/** A line, by which the browser's own sheet may differ from what is measured before it. */
const SPARE = 16;

function tellSources(names, count) {
  const told = names.slice(0, count).join(t("common.comma"));
  return count < names.length ? t("map.sources-more", { names: told, n: names.length }) : told;
}

/** Shortens the list until the legend's column holds it; `names` are all. */
export function fitSources(names) {
  const [list, column] = [$(".sources p"), $(".map-key")];
  if (!list) return;
  const isOver = () => list.getBoundingClientRect().bottom > column.getBoundingClientRect().bottom - SPARE;
  let count = names.length;
  do list.textContent = tellSources(names, count);
  while (isOver() && --count > 0);
}

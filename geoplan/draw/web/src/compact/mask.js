/** Which features a filter lets through: a byte a feature. */

import { valuesOf } from "../map/geometry.js";
import { askEach } from "./ask.js";

/** `keep` gets the values of the columns, null for none. */
export function makeMask(layer, columns, keep) {
  if (columns.length === 1 && layer.attrs[columns[0]]) return askEach(layer, columns[0], (value) => (keep(value) ? 1 : 0));
  const lists = columns.map((name) => valuesOf(layer, name, layer.streams));
  return Uint8Array.from({ length: layer.size }, (_, i) => (keep(...lists.map((list) => list[i])) ? 1 : 0));
}

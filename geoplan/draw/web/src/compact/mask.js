/** Which features a filter lets through: a byte a feature. */

import { codesOf, valueOf, valuesOf } from "../map/geometry.js";

const [OUT, IN, UNASKED] = [0, 1, 2];
/** A column of more different values is asked feature by feature. */
const MOST_CODES = 1 << 20;

/** A column of codes is asked once for each value. */
function maskByCode(layer, name, keep, mask) {
  const told = layer.attrs[name];
  const codes = codesOf(told, layer.streams);
  const most = codes.reduce((found, code) => (code > found ? code : found), 0);
  if (most >= MOST_CODES) return false;
  const answers = new Uint8Array(most + 1).fill(UNASKED);
  for (let i = 0; i < mask.length; i++) {
    const code = codes[i];
    if (answers[code] === UNASKED) answers[code] = keep(valueOf(told, code)) ? IN : OUT;
    mask[i] = answers[code];
  }
  return true;
}

/** `keep` gets the values of the columns, null for none. */
export function makeMask(layer, columns, keep) {
  const mask = new Uint8Array(layer.size);
  if (columns.length === 1 && layer.attrs[columns[0]]?.codes != null && maskByCode(layer, columns[0], keep, mask)) return mask;
  const lists = columns.map((name) => valuesOf(layer, name, layer.streams));
  for (let i = 0; i < layer.size; i++) mask[i] = keep(...lists.map((list) => list[i])) ? IN : OUT;
  return mask;
}

/** A question asked of each feature's value, once for each value where the column tells them by codes. */

import { codesOf, valueOf, valuesOf } from "../map/geometry.js";

/** A byte a feature: what `ask(value)` answers, null for no value. */
export function askEach(layer, name, ask) {
  const told = layer.attrs[name];
  if (told.codes == null) return Uint8Array.from(valuesOf(layer, name, layer.streams), ask);
  const known = new Map();
  return Uint8Array.from(codesOf(told, layer.streams), (code) => {
    if (!known.has(code)) known.set(code, Number(ask(valueOf(told, code))));
    return known.get(code);
  });
}

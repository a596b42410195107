/** A question asked of each feature's value, once for each value where the column tells them by codes. */

import { codesOf, valueOf, valuesOf } from "../map/geometry.js";

/** Codes of at most so many bytes have a table of answers: looking one up takes no time at all. */
const TABLE_BYTES = 2;

/** A byte a feature: what `ask(value)` answers, null for no value. */
export function askEach(layer, name, ask) {
  const told = layer.attrs[name];
  if (told.codes == null) return Uint8Array.from(valuesOf(layer, name, layer.streams), ask);
  const codes = codesOf(told, layer.streams);
  const value = (code) => valueOf(told, code, layer.streams);
  const answer = codes.BYTES_PER_ELEMENT > TABLE_BYTES ? rememberAll(value, ask) : rememberFew(value, ask, codes);
  const answers = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; i++) answers[i] = answer(codes[i]);
  return answers;
}

function rememberFew(value, ask, codes) {
  const known = new Int16Array(1 << (8 * codes.BYTES_PER_ELEMENT)).fill(-1);
  return (code) => (known[code] < 0 ? (known[code] = Number(ask(value(code)))) : known[code]);
}

function rememberAll(value, ask) {
  const known = new Map();
  return (code) => {
    if (!known.has(code)) known.set(code, Number(ask(value(code))));
    return known.get(code);
  };
}

/** Which look each feature has: the one of the style, or of its category or class. */

import { codesOf, valueOf, valuesOf } from "../map/geometry.js";

/** The class of a number: the first whose upper bound it does not pass; the last for any beyond; -1 for none. */
function classOf(value, bounds) {
  if (typeof value !== "number") return -1;
  const found = bounds.findIndex((bound) => value <= bound);
  return found < 0 ? bounds.length - 1 : found;
}

/** {looks, of}: the looks of a style, and the number of each feature's look (a byte a feature). */
export function sortLooks(layer, style) {
  const plain = { name: "", ...style };
  const of = new Uint8Array(layer.size);
  if (!style.by) return { looks: [plain], of };
  const looks = style.looks.map((look) => ({ ...style, ...look }));
  const rest = looks.push({ ...plain, name: style.other }) - 1;
  const numbers = new Map(style.looks.map((look, i) => [look.value, i]));
  const bounds = style.looks.map((look) => look.upto);
  const find = style.looks.some((look) => look.upto != null) ? (value) => classOf(value, bounds) : (value) => (numbers.has(value) ? numbers.get(value) : -1);
  const place = (value) => ((look) => (look < 0 ? rest : look))(find(value));
  const told = layer.attrs[style.by];
  if (told.codes == null) valuesOf(layer, style.by, layer.streams).forEach((value, i) => (of[i] = place(value)));
  else {
    const known = new Map();
    codesOf(told, layer.streams).forEach((code, i) => (of[i] = known.has(code) ? known.get(code) : known.set(code, place(valueOf(told, code))).get(code)));
  }
  if (!of.includes(rest)) looks.length = rest;
  return { looks, of };
}

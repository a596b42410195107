/** Which look each feature has: the one of the style, or of its category or class. */

import { askEach } from "./ask.js";

/** The class of a number: the first whose upper bound it does not pass; the last for any beyond; -1 for none. */
function classOf(value, bounds) {
  if (typeof value !== "number") return -1;
  const found = bounds.findIndex((bound) => value <= bound);
  return found < 0 ? bounds.length - 1 : found;
}

/** {looks, of}: the looks of a style, and the number of each feature's look (a byte a feature). */
export function sortLooks(layer, style) {
  const plain = { name: "", ...style };
  if (!style.by) return { looks: [plain], of: new Uint8Array(layer.size) };
  const looks = style.looks.map((look) => ({ ...style, ...look }));
  const rest = looks.push({ ...plain, name: style.other }) - 1;
  const numbers = new Map(style.looks.map((look, i) => [look.value, i]));
  const bounds = style.looks.map((look) => look.upto);
  const find = style.looks.some((look) => look.upto != null) ? (value) => classOf(value, bounds) : (value) => (numbers.has(value) ? numbers.get(value) : -1);
  const of = askEach(layer, style.by, (value) => ((look) => (look < 0 ? rest : look))(find(value)));
  if (!of.includes(rest)) looks.length = rest;
  return { looks, of };
}

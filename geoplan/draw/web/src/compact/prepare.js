/** A layer that was read, with all that drawing, picking and filtering it needs. */

import { codesOf, openLayer, valueOf, valuesOf } from "../map/geometry.js";
import { boxBlocks } from "./blocks.js";
import { sortLooks } from "./looks.js";

/** Opens a layer once: blocks of neighbours, the look of each feature in a style, and a mask that lets all through. */
export function prepareLayer(layer, streams, style) {
  if (layer.blocks) return layer;
  openLayer(layer, streams);
  layer.streams = streams;
  const { looks, of } = sortLooks(layer, style);
  const value = (name, i) => valueAt(layer, name, i);
  return Object.assign(layer, { blocks: boxBlocks(layer), looks, lookOf: of, value, mask: layer.mask || null });
}

/** A feature's value of a column, null for none. */
function valueAt(layer, name, i) {
  const told = layer.attrs[name];
  if (!told) return null;
  return told.codes == null ? valuesOf(layer, name, layer.streams)[i] : valueOf(told, codesOf(told, layer.streams)[i], layer.streams);
}

/** Lets go of the bytes that a layer came in: of their columns, and of words that nobody has asked for, the layer keeps its own. */
export function letGo(layer) {
  for (const [name, told] of Object.entries(layer.attrs)) {
    if (told.codes == null) valuesOf(layer, name, layer.streams);
    else told.own = codesOf(told, layer.streams).slice();
    if (typeof told.words === "number") told.letters = layer.streams.bytes(told.words).slice();
  }
  layer.streams = null;
  return layer;
}

/** The filters of one layer: its words as buttons with counts, its numbers from one to another. */

import { h } from "../../core/dom.js";
import { number } from "../../core/format.js";
import { NO_WORD, listLayerFilters, nameLayerValue, readRange, titleColumn, writeRange } from "../../core/layerfilters.js";
import { t } from "../../core/text.js";

function wordChip(store, name, told, word, count) {
  const chosen = store.get(name);
  const on = chosen.includes(word);
  const attrs = { type: "button", class: chosen.length && !on ? "word off" : "word", "aria-pressed": String(on), data: { word: `${name}=${word}`, filter: name, value: word } };
  return h("button", { ...attrs, onclick: () => store.toggle(name, word) }, h("span", {}, nameLayerValue(told, word)), h("span", { class: "key-count" }, number(count)));
}

/** A button for each word that any feature has, and one for those that have none. */
function wordFilter(scene, layer, name, told) {
  const counts = scene.layering.masks.countWords(layer, name, told.column);
  const words = [...told.words, ...(counts.get(NO_WORD) || scene.store.get(name).includes(NO_WORD) ? [NO_WORD] : [])];
  return h("div", { class: "words", role: "group", "aria-label": titleColumn(told.column) }, words.map((word) => wordChip(scene.store, name, told, word, counts.get(word) || 0)));
}

/** Two boxes for the least and the greatest number; an empty one leaves that end open. */
function rangeFilter(scene, name, { column, range }) {
  const { store } = scene;
  const ends = readRange(store.get(name)) || [null, null];
  const title = titleColumn(column);
  const end = (at, word) => {
    const take = (event) => {
      const next = ends.map((value, i) => (i !== at ? value : event.target.value === "" ? null : Number(event.target.value)));
      if (next[0] != null && next[1] != null && next[0] > next[1]) next[1 - at] = next[at];
      store.set(name, writeRange(next));
    };
    return h("input", { type: "number", class: "range-end", step: "any", value: ends[at] ?? "", placeholder: String(range[at]), data: { end: `${name}.${at}`, filter: name }, "aria-label": t(`layers.${word}`, { column: title }), onchange: take });
  };
  return h("div", { class: "range" }, end(0, "from"), h("span", { "aria-hidden": "true" }, "–"), end(1, "to"));
}

/** All filters of a layer, each under its heading; [] where it has none. */
export function layerFilters(scene, layer) {
  const own = [...listLayerFilters(scene.site.meta)].filter(([, told]) => told.layer.id === layer.id && layer.attrs[told.column]);
  return own.map(([name, told]) => h("div", { class: "layer-filter" }, h("h4", {}, titleColumn(told.column)), told.words ? wordFilter(scene, layer, name, told) : rangeFilter(scene, name, told)));
}

/**
 * Which features of each layer are shown: those that its own filters, the chosen towns and villages and the month let through.
 * What a condition answers is kept until its input changes, so that a filter asks only what is new.
 */

import { askEach } from "../../compact/ask.js";
import { NO_WORD, listLayerFilters, readRange } from "../../core/layerfilters.js";
import { codesOf, wordsOf } from "../geometry.js";

const TOWN_DIGITS = 9;

/** The column of a layer that holds the numbers of another: itself, unless they are written otherwise. */
export function numbersOf(layer, column) {
  return layer.attrs[`${column}_number`] ? `${column}_number` : column;
}

function isEmpty(value) {
  return value == null || value === "";
}

function askWords(words) {
  return (value) => (isEmpty(value) ? words.includes(NO_WORD) : words.includes(value));
}

function askRange([from, to]) {
  return (value) => typeof value === "number" && (from == null || value >= from) && (to == null || value <= to);
}

function askTown(towns) {
  return (place) => place != null && towns.includes(place.slice(0, TOWN_DIGITS));
}

/** Which conditions hold for the features of a layer: {name, key, column, ask} each. */
function listConditions(layer, store, month) {
  const conditions = [];
  const add = (name, value, column, ask) => value.length && layer.attrs[column] && conditions.push({ name, key: JSON.stringify([name, value]), column, ask });
  for (const [name, { layer: told, column, words }] of listLayerFilters(store.site.meta)) {
    if (told.id !== layer.id) continue;
    const value = store.get(name);
    if (words) add(name, value, column, askWords(value));
    else add(name, value, numbersOf(layer, column), askRange(readRange(value) || []));
  }
  add("town", store.get("town"), "place", askTown(store.get("town")));
  add("village", store.get("village"), "place", (place) => store.get("village").includes(place));
  const year = month.slice(0, 4);
  add("month", year, numbersOf(layer, "year"), (built) => typeof built !== "number" || built <= Number(year));
  return conditions;
}

/** The bytes of several answers, 1 where all are; null for none. */
function joinBytes(all) {
  if (!all.length) return null;
  const joined = all[0].slice();
  for (const bytes of all.slice(1)) for (let i = 0; i < joined.length; i++) joined[i] &= bytes[i];
  return joined;
}

function sum(bytes) {
  let total = 0;
  for (let i = 0; i < bytes.length; i++) total += bytes[i];
  return total;
}

export class LayerMasks {
  constructor(scene) {
    this.scene = scene;
    this.asked = new Map(scene.ground.map((layer) => [layer, { key: "", conditions: [] }]));
    scene.ground.forEach((layer) => Object.assign(layer, { streams: scene.streams, shownCount: layer.size }));
  }

  /** Works out the masks whose conditions have changed; whether there was any. */
  refresh() {
    return this.scene.ground.map((layer) => this.refreshLayer(layer)).some(Boolean);
  }

  refreshLayer(layer) {
    const before = this.asked.get(layer);
    const conditions = listConditions(layer, this.scene.store, this.scene.month);
    const key = conditions.map((one) => one.key).join();
    if (key === before.key) return false;
    for (const one of conditions) one.bytes = before.conditions.find((old) => old.key === one.key)?.bytes || askEach(layer, one.column, (value) => (one.ask(value) ? 1 : 0));
    this.asked.set(layer, { key, conditions });
    const mask = joinBytes(conditions.map((one) => one.bytes));
    layer.shownCount = mask ? sum(mask) : layer.size;
    layer.mask = layer.shownCount < layer.size ? mask : null;
    return true;
  }

  /** Whether a condition of some name takes away any feature of the layers that are switched on. */
  takesAway(...names) {
    return this.scene.ground.some((layer) => this.scene.shown.has(layer.id) && this.asked.get(layer).conditions.some((one) => names.includes(one.name) && sum(one.bytes) < layer.size));
  }

  /** How many features have each word of a column, of those that all other conditions let through: Map of word to count, NO_WORD for none. */
  countWords(layer, name, column) {
    const others = joinBytes(this.asked.get(layer).conditions.filter((one) => one.name !== name).map((one) => one.bytes));
    const told = layer.attrs[column];
    const codes = codesOf(told, layer.streams);
    const words = wordsOf(told, layer.streams);
    const counts = new Uint32Array(words.length + 1);
    for (let i = 0; i < codes.length; i++) if (!others || others[i]) counts[codes[i]]++;
    const found = new Map([[NO_WORD, counts[0]]]);
    words.forEach((word, i) => found.set(word || NO_WORD, (found.get(word || NO_WORD) || 0) + counts[i + 1]));
    return found;
  }
}

/**
 * The filters of the layers that a site declares, as they stand in the address: "greenhouses.status=闲置" is a list of words,
 * "sewers.year=2015..2020" a range of numbers that may be open at one end; and how the layers are shown: "layers=roads:0.5,-sheds".
 */

import { cutBrackets, list } from "./format.js";
import { t, tOr } from "./text.js";

/** Stands for features that have no word in a column. */
export const NO_WORD = "-";
const NUMBER = /^-?\d+(\.\d+)?$/;
const VIEW = /^(-?)([a-z]+(?:_\d+)?)(?::(0(?:\.\d+)?|1))?(?:@(\d+))?(?:\*([a-z]+))?$/;

const known = new WeakMap();

/** Each filter by its name in the address: {layer, column, words} or {layer, column, range: [least, greatest]}. */
export function listLayerFilters(meta) {
  if (!known.has(meta)) known.set(meta, new Map((meta.layers || []).flatMap(filtersOf)));
  return known.get(meta);
}

function filtersOf(layer) {
  return Object.entries(layer.filters).map(([column, values]) => {
    const kind = typeof values[0] === "number" ? "range" : "words";
    return [`${layer.id}.${column}`, { layer, column, [kind]: values }];
  });
}

/** "2015..2020" → [2015, 2020], "2015.." → [2015, null]; null for anything else, also where the end lies before the start. */
export function readRange(text) {
  const ends = String(text).split("..");
  if (ends.length !== 2 || !ends.every((end) => end === "" || NUMBER.test(end))) return null;
  const [from, to] = ends.map((end) => (end === "" ? null : Number(end)));
  if (from == null && to == null) return null;
  return from != null && to != null && from > to ? null : [from, to];
}

/** A range as it stands in the address; "" for one that is open at both ends. */
export function writeRange([from, to]) {
  return from == null && to == null ? "" : `${from ?? ""}..${to ?? ""}`;
}

/** The words of a filter that its layer has, or a range that can be read, as the store keeps it. */
export function tidyLayerFilter({ words }, value) {
  if (words) return value.filter((word) => word === NO_WORD || words.includes(word));
  const range = readRange(value);
  return range ? writeRange(range) : "";
}

/** How the layers are shown, entry by entry: {id, on, opacity, place, by}; what cannot be read is left out. */
export function readView(text) {
  return String(text)
    .split(",")
    .map((entry) => entry.match(VIEW))
    .filter(Boolean)
    .map(([, off, id, opacity, place, by]) => ({ id, on: !off, opacity: opacity == null ? 1 : Number(opacity), place: Number(place || 0), by: by || "" }));
}

/** The view as the store keeps it: of layers and columns that the site declares. */
export function tidyView(layers, text) {
  const told = new Map((layers || []).map((layer) => [layer.id, Object.keys(layer.filters)]));
  const entries = readView(text).filter(({ id }) => told.has(id));
  return writeView(entries.map((entry) => ({ ...entry, by: told.get(entry.id).includes(entry.by) ? entry.by : "" })));
}

/** The same as it stands in the address. */
export function writeView(entries) {
  const tell = ({ id, on, opacity, place, by }) => `${on ? "" : "-"}${id}${opacity < 1 ? `:${Number(opacity.toFixed(2))}` : ""}${place ? `@${place}` : ""}${by ? `*${by}` : ""}`;
  return entries.map(tell).join(",");
}

/** A layer's title without what stands in brackets after it. */
export function titleLayer(layer) {
  const title = layer.title || layer.id;
  return tOr(`map.layer-${layer.kind}`, cutBrackets(title) || title);
}

/** The heading of a column. */
export function titleColumn(column) {
  return tOr(`layers.column.${column}`, column);
}

/** What a filter is called: "设施大棚·使用状态". */
export function nameLayerFilter({ layer, column }) {
  return t("layers.filter", { layer: titleLayer(layer), column: titleColumn(column) });
}

/** What a value of a filter is called. */
export function nameLayerValue({ words }, value) {
  if (words) return value === NO_WORD ? t("layers.none") : value;
  const [from, to] = readRange(value) || [];
  if (from != null && to != null) return t("layers.range", { from, to });
  return from != null ? t("layers.range-from", { from }) : t("layers.range-to", { to });
}

/** The filters of layers in words: "设施大棚·使用状态 闲置 · 道路·路面 土路、砂石"; empty where none is set. */
export function layerWords(store) {
  const set = [...listLayerFilters(store.site.meta)].filter(([name]) => store.get(name).length);
  return set.map(([name, told]) => `${nameLayerFilter(told)} ${list([].concat(store.get(name)).map((value) => nameLayerValue(told, value)))}`).join(" · ");
}

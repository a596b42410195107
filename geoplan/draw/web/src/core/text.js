/** The page's sentences: the catalogue section [page] of the workspace's language. */

let catalogue = {};

/** Takes the catalogue that came with the data. */
export function useText(text) {
  catalogue = text || {};
}

function find(key) {
  return key.split(".").reduce((at, part) => (at == null ? undefined : at[part]), catalogue);
}

/** The sentence of a dotted key with its {placeholders} filled; the key itself where there is none. */
export function t(key, facts = {}) {
  const entry = find(key);
  if (typeof entry !== "string") return key;
  return entry.replace(/\{(\w+)\}/g, (all, name) => (name in facts ? String(facts[name]) : all));
}

/** The sentence of a key, or `fallback` where the catalogue has none (for names that data may bring). */
export function tOr(key, fallback, facts = {}) {
  return typeof find(key) === "string" ? t(key, facts) : fallback;
}

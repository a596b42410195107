/** The data parts that stand beside the page as classic scripts: base64 of gzip of JSON or of a packed document. */

import { useLanguage } from "./format.js";
import { isPacked, readPack } from "./packed.js";
import { useSounds } from "./sounds.js";
import { useText } from "./text.js";
import { unzip, readBase64 } from "./unzip.js";

const loaded = new Map();

async function readPart(name) {
  const parts = window.GEOPLAN_PARTS || {};
  if (!(name in parts)) throw new Error(`data part "${name}" is missing`);
  const bytes = await unzip(readBase64(parts[name]));
  const value = isPacked(bytes) ? readPack(bytes) : JSON.parse(new TextDecoder().decode(bytes));
  delete parts[name];
  return value;
}

/** Whether a part has come with the page. */
export function hasPart(name) {
  return loaded.has(name) || name in (window.GEOPLAN_PARTS || {});
}

/** Reads the named parts; each is decoded once. Rejects where one is missing or broken. */
export async function loadParts(...names) {
  for (const name of names) if (!loaded.has(name)) loaded.set(name, readPart(name));
  const values = await Promise.all(names.map((name) => loaded.get(name)));
  const parts = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  if (parts.site) {
    useText(parts.site.text);
    useLanguage(parts.site.meta.language);
    useSounds(parts.site.sounds);
  }
  return parts;
}

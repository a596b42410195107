/** The data parts that stand beside the page as classic scripts: base64 of gzip of JSON or of a packed document. */

import { useLanguage } from "./format.js";
import { isPacked, readPack } from "./packed.js";
import { useText } from "./text.js";

const loaded = new Map();

function readBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function join(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Unzips bytes, piece by piece: far quicker to start than a Response around the stream. */
async function unzip(bytes) {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const told = (error) => error; // the reader meets the same error, and tells it
  writer.write(bytes).catch(told);
  writer.close().catch(told);
  const reader = stream.readable.getReader();
  const pieces = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
  return join(pieces);
}

async function readPart(name) {
  const parts = window.GEOPLAN_PARTS || {};
  if (!(name in parts)) throw new Error(`data part "${name}" is missing`);
  const bytes = await unzip(readBase64(parts[name]));
  const value = isPacked(bytes) ? readPack(bytes) : JSON.parse(new TextDecoder().decode(bytes));
  delete parts[name];
  return value;
}

/** Reads the named parts; each is decoded once. Rejects where one is missing or broken. */
export async function loadParts(...names) {
  for (const name of names) if (!loaded.has(name)) loaded.set(name, readPart(name));
  const values = await Promise.all(names.map((name) => loaded.get(name)));
  const parts = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  if (parts.site) {
    useText(parts.site.text);
    useLanguage(parts.site.meta.language);
  }
  return parts;
}

/** Bytes from base64, and from gzip. */

import { readPack } from "./packed.js";

/** Bytes from base64. */
export function readBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** How many bytes a gzip holds, as its last four say. */
function sizeOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
}

/** Unzips bytes, piece by piece: far quicker to start than a Response around the stream. */
export async function unzip(bytes) {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const told = (error) => error; // the reader meets the same error, and tells it
  writer.write(bytes).catch(told);
  writer.close().catch(told);
  const reader = stream.readable.getReader();
  const whole = new Uint8Array(sizeOf(bytes));
  let at = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    whole.set(part.value, at);
    at += part.value.length;
  }
  return whole;
}

/** A packed document from base64 of its gzip. */
export async function unpackBase64(text) {
  return readPack(await unzip(readBase64(text)));
}

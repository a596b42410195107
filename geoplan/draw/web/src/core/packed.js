/** Packed documents, version 1 (the format stands in geoplan/draw/packed.py): JSON and the streams of numbers it points to. */

const MAGIC = "GPL1";
const ALIGN = 8;
const WIDTHS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };

/** Whether bytes are a packed document. */
export function isPacked(bytes) {
  return String.fromCharCode(...bytes.subarray(0, 4)) === MAGIC;
}

function readVarints(bytes, numbers) {
  for (let at = 0, i = 0; i < numbers.length; i++) {
    let byte = bytes[at++];
    let value = byte & 0x7f;
    for (let bits = 7; byte > 0x7f; bits += 7) value |= ((byte = bytes[at++]) & 0x7f) << bits;
    numbers[i] = value;
  }
  return numbers;
}

function readStream(bytes, [type, count, size], at) {
  if (type === "var") return readVarints(bytes.subarray(at, at + size), new Uint32Array(count));
  if (type !== "zig") return new WIDTHS[type](bytes.buffer, bytes.byteOffset + at, count);
  const numbers = readVarints(bytes.subarray(at, at + size), new Int32Array(count));
  for (let i = 0; i < count; i++) numbers[i] = (numbers[i] >>> 1) ^ -(numbers[i] & 1);
  return numbers;
}

/** The document, with `streams(i)` on it: the numbers of a stream as a typed array; `streams.bytes(i)`: the bytes of it. Little-endian machines only. */
export function readPack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const { streams, document } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const starts = [];
  streams.reduce((at, [, , size]) => (starts.push(at), at + Math.ceil(size / ALIGN) * ALIGN), 8 + length);
  document.streams = (i) => readStream(bytes, streams[i], starts[i]);
  document.streams.bytes = (i) => bytes.subarray(starts[i], starts[i] + streams[i][2]);
  return document;
}

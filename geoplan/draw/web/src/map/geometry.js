/**
 * Compact layers (the format stands in geoplan/draw/compact.py) as typed arrays in world units: Web Mercator, the whole
 * world 2^28 wide, so that a unit is 0.15 m at the equator.
 */

export const WORLD_BITS = 28;
export const WORLD = 2 ** WORLD_BITS;
/** The way round the world at the equator, as Web Mercator has it. */
const ROUND_M = 40075016.686;
/** Zoom at which a world unit is a pixel: Leaflet's world is 2^8 pixels wide at zoom 0. */
export const UNIT_ZOOM = WORLD_BITS - 8;
const [POINT, LINE, POLYGON, COLLECTION, NONE] = [0, 1, 3, 7, 255];
/** The kind of a part of features of many parts. */
const PART = { 4: POINT, 5: LINE, 6: POLYGON };

/** Longitude in degrees → world x. */
export function worldX(lon) {
  return ((lon + 180) / 360) * WORLD;
}

/** Latitude in degrees → world y (downwards). */
export function worldY(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

/** Where a place in degrees stands on the canvas of a view, in pixels. */
export function spotOf(lon, lat, { scale, ox, oy }) {
  return [worldX(lon) * scale - ox, worldY(lat) * scale - oy];
}

/** World x → longitude. */
export function lonOf(x) {
  return (x / WORLD) * 360 - 180;
}

/** World y → latitude. */
export function latOf(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
}

/** Metres on the ground of one world unit at a world y. */
export function metresPerUnit(y) {
  return (ROUND_M / WORLD) * Math.cos((latOf(y) * Math.PI) / 180);
}

/** Where each of so many things begins in a list, `each` numbers for one that is counted; one more at the end. */
function startsOf(counts, each = 1) {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0, at = 0; i < counts.length; i++) starts[i + 1] = at += each * counts[i];
  return starts;
}

/** The first run of each feature (one more at the end), how many vertices each run has, and the kind of a run. */
function readRuns(layer, streams) {
  const { kinds, size } = layer;
  if (typeof kinds !== "object" || kinds.all > POLYGON) return new Runs(layer, streams);
  const kind = kinds.all; // of what is all alike, as most layers are, the counts say it at once
  const ones = () => new Uint8Array(size).fill(1);
  const features = startsOf(kind === POLYGON ? streams(layer.rings) : ones());
  return { features, lengths: kind === POINT ? ones() : streams(layer.runs), kindOf: () => kind };
}

/** The same of features of any kinds, feature by feature. */
class Runs {
  constructor(layer, streams) {
    const take = (name) => {
      const numbers = name in layer ? streams(layer[name]) : [];
      let at = 0;
      return () => numbers[at++];
    };
    const { size, kinds } = layer;
    const kindOf = typeof kinds === "object" ? () => kinds.all : ((own) => (i) => own[i])(streams(kinds));
    Object.assign(this, { parts: take("parts"), piece: take("piece"), rings: take("rings"), runs: take("runs"), lengths: [], kinds: [], features: new Uint32Array(size + 1) });
    for (let i = 0; i < size; i++) {
      this.addFeature(kindOf(i));
      this.features[i + 1] = this.lengths.length;
    }
    const own = Uint8Array.from(this.kinds);
    this.kindOf = (run) => own[run];
  }

  addFeature(kind) {
    if (kind === NONE) return;
    if (kind <= POLYGON) return this.addPart(kind);
    for (let left = this.parts(); left > 0; left--) this.addPart(kind === COLLECTION ? this.piece() : PART[kind]);
  }

  addPart(kind) {
    for (let left = kind === POLYGON ? this.rings() : 1; left > 0; left--) {
      this.lengths.push(kind === POINT ? 1 : this.runs());
      this.kinds.push(kind);
    }
  }
}

/**
 * Vertices on one axis from the bytes of their steps (a vertex less the one before, the first of a run less the first of the run
 * before), with the least and greatest of each feature. All in one loop: calls for each would take a page that has just begun
 * most of its time.
 */
function addUp({ xy, runs, features, boxes, size }, bytes, side, shift) {
  let first = 0;
  let at = 0;
  for (let feature = 0; feature < size; feature++) {
    let least = WORLD >> shift;
    let most = -least;
    for (let run = features[feature]; run < features[feature + 1]; run++) {
      let sum = first;
      const end = runs[run + 1];
      for (let i = runs[run] + side; i < end; i += 2) {
        let value = bytes[at++];
        if (value > 0x7f) {
          value &= 0x7f;
          let byte = 0x80;
          for (let bits = 7; byte > 0x7f; bits += 7) value |= ((byte = bytes[at++]) & 0x7f) << bits;
        }
        sum += (value >>> 1) ^ -(value & 1);
        if (sum < least) least = sum;
        if (sum > most) most = sum;
        xy[i] = sum << shift;
      }
      if (runs[run] < end) first = xy[runs[run] + side] >> shift;
    }
    boxes[feature * 4 + side] = least << shift;
    boxes[feature * 4 + 2 + side] = most << shift;
  }
}

/**
 * Gives a layer its {xy, runs, features, boxes, kindOf}, once, when it is first needed: the vertices; where each run begins
 * (one more at the end); the first run of each feature (one more at the end); the box of each (west, north, east, south); the
 * kind of a run.
 */
export function openLayer(layer, streams) {
  if (layer.xy) return layer;
  const { features, lengths, kindOf } = readRuns(layer, streams);
  const runs = startsOf(lengths, 2);
  Object.assign(layer, { xy: new Int32Array(runs[lengths.length]), runs, features, boxes: new Int32Array(layer.size * 4), kindOf });
  ["x", "y"].forEach((name, side) => addUp(layer, streams.bytes(layer[name]), side, WORLD_BITS - layer.bits));
  return layer;
}

/** Whether a run is a ring; whether it is a point. */
export function isRing(layer, run) {
  return layer.kindOf(run) === POLYGON;
}

export function isPoint(layer, run) {
  return layer.kindOf(run) === POINT;
}

/** The first vertex of each feature as world coordinates, [NaN, NaN] for one without. */
export function listPoints(layer) {
  const { xy, runs, features, size } = layer;
  const first = (i) => runs[features[i]];
  return Array.from({ length: size }, (_, i) => (features[i] === features[i + 1] ? [NaN, NaN] : [xy[first(i)], xy[first(i) + 1]]));
}

/** Whether a world point lies in the areas of a feature (even-odd, so that holes are holes). */
export function contains(layer, index, x, y) {
  const box = index * 4;
  const { boxes, xy, runs, features } = layer;
  if (x < boxes[box] || y < boxes[box + 1] || x > boxes[box + 2] || y > boxes[box + 3]) return false;
  let inside = false;
  for (let run = features[index]; run < features[index + 1]; run++) {
    if (!isRing(layer, run)) continue;
    const end = runs[run + 1];
    for (let i = runs[run], j = end - 2; i < end; j = i, i += 2) {
      const crosses = xy[i + 1] > y !== xy[j + 1] > y;
      if (crosses && x < ((xy[j] - xy[i]) * (y - xy[i + 1])) / (xy[j + 1] - xy[i + 1]) + xy[i]) inside = !inside;
    }
  }
  return inside;
}

/** Whether the box that begins at `at` meets a frame: west, north, east, south. */
export function meets(boxes, at, [west, north, east, south]) {
  return boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= south && boxes[at + 3] >= north;
}

/** The box of several features, or null for none. */
export function joinBoxes(layer, indexes) {
  const joined = [Infinity, Infinity, -Infinity, -Infinity];
  for (const index of indexes) {
    const box = layer.boxes.subarray(index * 4, index * 4 + 4);
    joined[0] = Math.min(joined[0], box[0]);
    joined[1] = Math.min(joined[1], box[1]);
    joined[2] = Math.max(joined[2], box[2]);
    joined[3] = Math.max(joined[3], box[3]);
  }
  return joined[0] <= joined[2] ? joined : null;
}

/** The values of a column of a layer, null for none; [] where the layer has no such column. Worked out once. */
export function valuesOf(layer, name, streams) {
  const told = layer.attrs[name];
  if (!told) return [];
  if (!told.list) told.list = readColumn(told, streams);
  return told.list;
}

/** The codes of a column: 0 for none. */
export function codesOf(told, streams) {
  if (!told.own) told.own = streams(told.codes);
  return told.own;
}

const DAY_MS = 86400000;

/** A date as "2023-03-01", a time as "2023-03-01 08:30:00": so they are read, and in their order as texts. Any other number as it is. */
function tellTime(type, value) {
  if (type === "date") return new Date(value * DAY_MS).toISOString().slice(0, 10);
  return type === "time" ? new Date(value).toISOString().slice(0, 19).replace("T", " ") : value;
}

/** The words of a column; of many they are read when the first is asked for. */
export function wordsOf(told, streams) {
  if (typeof told.words !== "number") return told.words;
  told.words = JSON.parse(new TextDecoder().decode(told.letters || streams.bytes(told.words)));
  told.letters = null;
  return told.words;
}

/** What a code of a column stands for. */
export function valueOf(told, code, streams) {
  if (!code) return null;
  if (told.type === "text") return wordsOf(told, streams)[code - 1];
  return told.type === "bool" ? code === 2 : tellTime(told.type, (code - 1 + told.base) / told.scale);
}

function readColumn(told, streams) {
  if (told.codes == null) return Array.from(streams(told.values), (value) => (Number.isNaN(value) ? null : tellTime(told.type, value)));
  return Array.from(codesOf(told, streams), (code) => valueOf(told, code, streams));
}

/** All columns of a table as lists. */
export function readColumns(columns, streams) {
  return Object.fromEntries(Object.entries(columns).map(([name, told]) => [name, readColumn(told, streams)]));
}

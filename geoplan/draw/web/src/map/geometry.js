/** Layers as typed arrays in world units: Web Mercator, the whole world 256 wide, as Leaflet has it at zoom 0. */

const WORLD = 256;

/** Longitude in degrees → world x. */
export function worldX(lon) {
  return ((lon + 180) / 360) * WORLD;
}

/** Latitude in degrees → world y (downwards). */
export function worldY(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

/** World x → longitude. */
export function lonOf(x) {
  return (x / WORLD) * 360 - 180;
}

/** World y → latitude. */
export function latOf(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
}

function listRuns(type, feature) {
  if (type === "polygon") return feature.length === 1 ? feature[0] : feature.flat();
  return type === "line" ? feature : [feature];
}

/** All runs of a layer in their order; `features` gets the first run of each feature, and one more at the end. */
function collectRuns(layer, features) {
  const runs = [];
  layer.g.forEach((feature, index) => {
    features[index] = runs.length;
    for (const run of listRuns(layer.type, feature)) runs.push(run);
  });
  features[layer.g.length] = runs.length;
  return runs;
}

/** Writes a run of the payload as world units from `at` on: the first pair absolute, the others steps. */
function decodeRun(numbers, xy, at, scale, absolute) {
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    lon = absolute ? numbers[i] : lon + numbers[i];
    lat = absolute ? numbers[i + 1] : lat + numbers[i + 1];
    xy[at + i] = worldX(lon / scale);
    xy[at + i + 1] = worldY(lat / scale);
  }
}

/** Writes west, north, east, south of the vertices from `start` to `end`. */
function writeBox(boxes, box, xy, start, end) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = start; i < end; i += 2) {
    if (xy[i] < west) west = xy[i];
    if (xy[i] > east) east = xy[i];
    if (xy[i + 1] < north) north = xy[i + 1];
    if (xy[i + 1] > south) south = xy[i + 1];
  }
  boxes[box] = west;
  boxes[box + 1] = north;
  boxes[box + 2] = east;
  boxes[box + 3] = south;
}

/**
 * Gives a layer of the payload its {size, xy, runs, features, boxes}, once, when it is first needed: the vertices;
 * where each run begins (one more at the end); the first run of each feature (one more at the end); the box of each.
 */
export function openLayer(layer, scale) {
  if (layer.xy) return layer;
  const size = layer.g.length;
  const features = new Uint32Array(size + 1);
  const list = collectRuns(layer, features);
  const runs = new Uint32Array(list.length + 1);
  list.forEach((run, i) => (runs[i + 1] = runs[i] + run.length));
  const xy = new Float64Array(runs[list.length]);
  list.forEach((run, i) => decodeRun(run, xy, runs[i], scale, layer.type === "point"));
  const boxes = new Float64Array(size * 4);
  for (let i = 0; i < size; i++) writeBox(boxes, i * 4, xy, runs[features[i]], runs[features[i + 1]]);
  return Object.assign(layer, { g: null, size, xy, runs, features, boxes });
}

/** Whether a world point lies in a polygon feature (even-odd, so that holes are holes). */
export function contains(layer, index, x, y) {
  const box = index * 4;
  const { boxes, xy, runs, features } = layer;
  if (x < boxes[box] || y < boxes[box + 1] || x > boxes[box + 2] || y > boxes[box + 3]) return false;
  let inside = false;
  for (let run = features[index]; run < features[index + 1]; run++) {
    const end = runs[run + 1];
    for (let i = runs[run], j = end - 2; i < end; j = i, i += 2) {
      const crosses = xy[i + 1] > y !== xy[j + 1] > y;
      if (crosses && x < ((xy[j] - xy[i]) * (y - xy[i + 1])) / (xy[j + 1] - xy[i + 1]) + xy[i]) inside = !inside;
    }
  }
  return inside;
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

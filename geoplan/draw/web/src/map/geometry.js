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
  if (type === "polygon") return feature.flat();
  return type === "line" ? feature : [feature];
}

function countVertices(layer) {
  let vertices = 0;
  let runs = 0;
  for (const feature of layer.g)
    for (const run of listRuns(layer.type, feature)) {
      vertices += run.length / 2;
      runs++;
    }
  return [vertices, runs];
}

/**
 * A layer of the payload as {xy, runs, features, boxes}: the vertices; where each run begins (one more at the end);
 * the first run of each feature (one more at the end); west, north, east, south of each feature.
 */
export function decodeLayer(layer, scale) {
  const [vertices, count] = countVertices(layer);
  const xy = new Float64Array(vertices * 2);
  const runs = new Uint32Array(count + 1);
  const features = new Uint32Array(layer.g.length + 1);
  const boxes = new Float64Array(layer.g.length * 4);
  const absolute = layer.type === "point";
  let at = 0;
  let run = 0;
  layer.g.forEach((feature, index) => {
    features[index] = run;
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const numbers of listRuns(layer.type, feature)) {
      runs[run++] = at;
      let lon = 0;
      let lat = 0;
      for (let i = 0; i < numbers.length; i += 2) {
        lon = absolute ? numbers[i] : lon + numbers[i];
        lat = absolute ? numbers[i + 1] : lat + numbers[i + 1];
        const x = worldX(lon / scale);
        const y = worldY(lat / scale);
        xy[at++] = x;
        xy[at++] = y;
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < north) north = y;
        if (y > south) south = y;
      }
    }
    boxes.set([west, north, east, south], index * 4);
  });
  runs[run] = at;
  features[layer.g.length] = run;
  return { ...layer, g: null, size: layer.g.length, xy, runs, features, boxes };
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

/** Lengths and areas of features on the ellipsoid of CGCS2000, good to a few parts in a hundred thousand for what lies in a county. */

import { E2, MU_M2, SEMI_MAJOR_M } from "../ellipsoid.js";
import { isPoint, isRing, latOf, WORLD, WORLD_BITS } from "../geometry.js";

/** What is smaller than so many steps of the grid that a layer was rounded to has no size that is worth telling. */
const STEPS = 8;

/** Metres of a world unit eastwards and northwards at a world y: Web Mercator has the sphere, the ground the ellipsoid. */
function metresAt(y) {
  const lat = (latOf(y) * Math.PI) / 180;
  const flat = 1 - E2 * Math.sin(lat) ** 2;
  const unit = (2 * Math.PI * SEMI_MAJOR_M * Math.cos(lat)) / WORLD;
  return [unit / Math.sqrt(flat), (unit * (1 - E2)) / flat ** 1.5];
}

function middleOf(layer, index) {
  return (layer.boxes[index * 4 + 1] + layer.boxes[index * 4 + 3]) / 2;
}

function lengthOf({ xy, runs }, run, [east, north]) {
  let sum = 0;
  for (let i = runs[run] + 2; i < runs[run + 1]; i += 2) sum += Math.hypot((xy[i] - xy[i - 2]) * east, (xy[i + 1] - xy[i - 1]) * north);
  return sum;
}

/** Twice the area of a ring in square world units, holes below zero: they turn the other way than outlines. */
function turnOf({ xy, runs }, run) {
  const [start, end] = [runs[run], runs[run + 1]];
  let sum = 0;
  for (let i = start + 2; i + 2 < end; i += 2) sum += (xy[i] - xy[start]) * (xy[i + 3] - xy[start + 1]) - (xy[i + 2] - xy[start]) * (xy[i + 1] - xy[start + 1]);
  return -sum;
}

/** {metres} of the lines or {m2, mu} of the areas of a feature; null for points, and where it is too small for how finely its layer was drawn. */
export function measureFeature(layer, index) {
  const metres = metresAt(middleOf(layer, index));
  const step = 2 ** (WORLD_BITS - layer.bits) * metres[0];
  let [length, twice] = [0, 0];
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) {
    if (isRing(layer, run)) twice += turnOf(layer, run);
    else if (!isPoint(layer, run)) length += lengthOf(layer, run, metres);
  }
  const m2 = (Math.abs(twice) / 2) * metres[0] * metres[1];
  if (m2 >= (STEPS * step) ** 2) return { m2, mu: m2 / MU_M2 };
  return length >= STEPS * step ? { metres: length } : null;
}

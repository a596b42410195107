/** Which feature is under a point of the map. */

import { contains, isPoint, isRing } from "../map/geometry.js";
import { visitFrame } from "./blocks.js";

function farFromLine({ xy }, start, end, x, y) {
  let least = Infinity;
  for (let i = start + 2; i < end; i += 2) {
    const [ax, ay, dx, dy] = [xy[i - 2], xy[i - 1], xy[i] - xy[i - 2], xy[i + 1] - xy[i - 1]];
    const length = dx * dx + dy * dy;
    const share = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    least = Math.min(least, Math.hypot(x - ax - share * dx, y - ay - share * dy));
  }
  return least;
}

/** How far a world point is from the outlines of the areas of a feature. */
function farFromOutline(layer, index, x, y) {
  let least = Infinity;
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) if (isRing(layer, run)) least = Math.min(least, farFromLine(layer, layer.runs[run], layer.runs[run + 1], x, y));
  return least;
}

/** How far a world point is from the points and lines of a feature, less the radius of a point. */
function farFrom(layer, index, x, y, radius) {
  let least = Infinity;
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) {
    const [start, end] = [layer.runs[run], layer.runs[run + 1]];
    if (isPoint(layer, run)) least = Math.min(least, Math.hypot(x - layer.xy[start], y - layer.xy[start + 1]) - radius);
    else if (!isRing(layer, run)) least = Math.min(least, farFromLine(layer, start, end, x, y));
  }
  return least;
}

/** The feature on top at a world point, within `near` world units; points and lines before the area that it lies in, that before one beside it; -1 for none. */
export function pickFeature(layer, x, y, near, radius) {
  let [best, least] = [-1, near];
  let area = -1;
  let [beside, gap] = [-1, near];
  const reach = near + radius;
  visitFrame(layer, [x - reach, y - reach, x + reach, y + reach], (i) => {
    if (layer.mask && !layer.mask[i]) return;
    const far = farFrom(layer, i, x, y, radius);
    if (far <= least) [best, least] = [i, far];
    else if (contains(layer, i, x, y)) area = i;
    else if (area < 0) {
      const off = farFromOutline(layer, i, x, y);
      if (off <= gap) [beside, gap] = [i, off];
    }
  });
  return best >= 0 ? best : area >= 0 ? area : beside;
}

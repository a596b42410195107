/** Lengths and areas of what is measured on the map, on the ellipsoid. */

import { E2, FLATTENING, SEMI_MAJOR_M } from "../ellipsoid.js";

const E = Math.sqrt(E2);

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres between two points {lat, lng}: Andoyer and Lambert (Meeus, Astronomical Algorithms, ch. 11), good to some metres in 1000 km. */
export function measureLeg(from, to) {
  const [f, g, l] = [radians(from.lat + to.lat) / 2, radians(from.lat - to.lat) / 2, radians(from.lng - to.lng) / 2];
  const [sinF, cosF, sinG, cosG] = [Math.sin(f) ** 2, Math.cos(f) ** 2, Math.sin(g) ** 2, Math.cos(g) ** 2];
  const s = sinG * Math.cos(l) ** 2 + cosF * Math.sin(l) ** 2;
  const c = cosG * Math.cos(l) ** 2 + sinF * Math.sin(l) ** 2;
  if (!s || !c) return 0;
  const angle = Math.atan(Math.sqrt(s / c));
  const r = Math.sqrt(s * c) / angle;
  const [h1, h2] = [(3 * r - 1) / (2 * c), (3 * r + 1) / (2 * s)];
  return 2 * angle * SEMI_MAJOR_M * (1 + FLATTENING * (h1 * sinF * cosG - h2 * cosF * sinG));
}

/** Metres of each leg of a line. */
export function measureLegs(points) {
  return points.slice(1).map((point, i) => measureLeg(points[i], point));
}

/** What of the ellipsoid lies between the equator and a latitude, in units of a²/2 for each radian round it (Snyder 1987, 3-12). */
function zone(lat) {
  const sine = Math.sin(radians(lat));
  return (1 - E2) * (sine / (1 - E2 * sine * sine) - Math.log((1 - E * sine) / (1 + E * sine)) / (2 * E));
}

/** Square metres inside a ring of points: the ring in the equal-area cylinder, which is the sphere of the authalic radius unrolled. */
export function measureArea(points) {
  const corners = points.map(({ lat, lng }) => [radians(lng), zone(lat)]);
  const twice = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    return sum + (nextX - x) * (nextY + y);
  }, 0);
  return (Math.abs(twice) / 2) * (SEMI_MAJOR_M ** 2 / 2);
}

function side(a, b, c) {
  return Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
}

function cross(a, b, c, d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Whether sides of a ring cross, so that it has no area of its own. */
export function crossesItself(points) {
  const sides = points.map((point, i) => [point, points[(i + 1) % points.length]]);
  return sides.some(([a, b], i) => sides.slice(i + 1).some(([c, d]) => cross(a, b, c, d)));
}

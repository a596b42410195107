/** The room that an open legend leaves for the map: the county is shown beside it or above it, whichever shows it larger. */

/** A map so narrow is not made narrower still. */
const NARROW_PX = 420;

/** [pixels at the left, pixels at the foot] that the map keeps free of `bounds`. */
export function roomBeside(map, bounds, legend) {
  const size = map.getSize();
  if (size.x < NARROW_PX || !legend.querySelector("details[open]")) return [0, 0];
  const [frame, box] = [map.getContainer(), legend].map((element) => element.getBoundingClientRect());
  const [left, foot] = [box.right - frame.left, frame.bottom - box.top];
  if (left <= 0 || left > size.x / 2) return [0, 0];
  const zoomWith = (x, y) => map.getBoundsZoom(bounds, false, { x, y });
  const beside = zoomWith(left + 24, 46);
  if (beside < zoomWith(24, foot + 24)) return [0, foot];
  const width = map.project(bounds.getNorthEast(), beside).x - map.project(bounds.getSouthWest(), beside).x;
  return [(size.x - width) / 2 > left + 12 ? 0 : left, 0]; // where the middle is free, the county stays there
}

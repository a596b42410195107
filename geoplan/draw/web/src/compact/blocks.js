/** Features in blocks of 64 neighbours (they lie along a Hilbert curve), so that most are passed over by one look. */

import { meets } from "../map/geometry.js";

const SIZE = 64;

/** The boxes of the blocks of a layer: west, north, east, south each. */
export function boxBlocks(layer) {
  const count = Math.ceil(layer.size / SIZE);
  const blocks = new Int32Array(count * 4);
  for (let block = 0; block < count; block++) {
    let [west, north, east, south] = [2147483647, 2147483647, -2147483648, -2147483648];
    for (let i = block * SIZE * 4; i < Math.min(layer.size, (block + 1) * SIZE) * 4; i += 4) {
      west = Math.min(west, layer.boxes[i]);
      north = Math.min(north, layer.boxes[i + 1]);
      east = Math.max(east, layer.boxes[i + 2]);
      south = Math.max(south, layer.boxes[i + 3]);
    }
    blocks.set([west, north, east, south], block * 4);
  }
  return blocks;
}

/** Calls `visit(index)` for each feature whose box meets a frame. */
export function visitFrame(layer, frame, visit) {
  const { blocks, boxes, size } = layer;
  for (let block = 0; block * 4 < blocks.length; block++) {
    if (!meets(blocks, block * 4, frame)) continue;
    const end = Math.min(size, (block + 1) * SIZE);
    for (let i = block * SIZE; i < end; i++) if (meets(boxes, i * 4, frame)) visit(i);
  }
}

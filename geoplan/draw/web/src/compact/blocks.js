/** Features in blocks of 64 neighbours (they lie along a Hilbert curve), so that most are passed over by one look. */

const SIZE = 64;

/** The boxes of the blocks of a layer: west, north, east, south each. */
export function boxBlocks({ boxes, size }) {
  const blocks = new Int32Array(Math.ceil(size / SIZE) * 4);
  for (let block = 0; block < blocks.length; block += 4) {
    let west = 2147483647;
    let north = 2147483647;
    let east = -2147483648;
    let south = -2147483648;
    const end = Math.min(size * 4, (block + 4) * SIZE);
    for (let i = block * SIZE; i < end; i += 4) {
      if (boxes[i] < west) west = boxes[i];
      if (boxes[i + 1] < north) north = boxes[i + 1];
      if (boxes[i + 2] > east) east = boxes[i + 2];
      if (boxes[i + 3] > south) south = boxes[i + 3];
    }
    blocks[block] = west;
    blocks[block + 1] = north;
    blocks[block + 2] = east;
    blocks[block + 3] = south;
  }
  return blocks;
}

/** Calls `visit(index)` for each feature whose box meets a frame. */
export function visitFrame({ blocks, boxes, size }, [west, north, east, south], visit) {
  for (let block = 0; block < blocks.length; block += 4) {
    if (blocks[block] > east || blocks[block + 2] < west || blocks[block + 1] > south || blocks[block + 3] < north) continue;
    const end = Math.min(size * 4, (block + 4) * SIZE);
    for (let i = block * SIZE; i < end; i += 4)
      if (boxes[i] <= east && boxes[i + 2] >= west && boxes[i + 1] <= south && boxes[i + 3] >= north) visit(i / 4);
  }
}

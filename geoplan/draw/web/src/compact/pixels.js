/** Pixels set one by one and laid on a canvas at once: for what is too small for a canvas' own lines to be worth their time. */

const known = new Map();
let probe = null;

/** A colour of CSS as a pixel of a canvas, at an opacity of 0 to 1. */
export function pixelOf(color, opacity) {
  const key = `${color}|${opacity}`;
  if (!known.has(key)) known.set(key, readPixel(color, opacity));
  return known.get(key);
}

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

function readPixel(color, opacity) {
  const hex = HEX.exec(color);
  const data = hex ? Uint8ClampedArray.of(...hex.slice(1).map((pair) => parseInt(pair, 16)), 255) : probeColor(color);
  data[3] = Math.round(data[3] * opacity);
  return new Uint32Array(data.buffer)[0];
}

/** Red, green, blue and opacity of a colour that is written in any way that CSS has. */
function probeColor(color) {
  if (!probe) {
    probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    probe.canvas.width = probe.canvas.height = 1;
  }
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  return probe.getImageData(0, 0, 1, 1).data;
}

/** A grid of pixels, as wide and high as a view. */
export class Pixels {
  constructor(width, height) {
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [width, height];
    this.context = this.canvas.getContext("2d", { willReadFrequently: true }); // the processor sets its pixels
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Lays what was set on a canvas, over what is there, and is empty again. */
  layOn(context) {
    this.context.putImageData(this.image, 0, 0);
    const smooth = context.imageSmoothingEnabled;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas, 0, 0);
    context.imageSmoothingEnabled = smooth;
    this.pixels.fill(0);
  }
}

/**
 * Tells each pixel of a grid that the lines and outlines of a feature touch, one after the other. Where a pixel is a power of two
 * of world units (`shift`), whole numbers do: a page that has just begun would make and drop an object for each fraction, as for
 * each pair.
 */
export function walkPixels({ xy, runs, features }, index, { scale, shift = -1, ox, oy }, width, height, tell) {
  const put = (x, y) => x >= 0 && y >= 0 && x < width && y < height && tell(y * width + x);
  for (let run = features[index]; run < features[index + 1]; run++) {
    const start = runs[run];
    let x = 0;
    let y = 0;
    for (let i = start; i < runs[run + 1]; i += 2) {
      const nx = shift < 0 ? Math.floor(xy[i] * scale - ox) : (xy[i] >> shift) - ox;
      const ny = shift < 0 ? Math.floor(xy[i + 1] * scale - oy) : (xy[i + 1] >> shift) - oy;
      if (i > start) {
        if (nx === x && ny === y) continue;
        walkBetween(x, y, nx, ny, put);
      }
      put(nx, ny);
      x = nx;
      y = ny;
    }
  }
}

/** Tells the pixels between two (Bresenham): `overX` and `overY` are what is left of a pixel, in parts of `whole`. */
function walkBetween(x, y, endX, endY, put) {
  const acrossX = 2 * (endX - x);
  const acrossY = 2 * (endY - y);
  const steps = Math.max(Math.abs(endX - x), Math.abs(endY - y));
  const whole = 2 * steps;
  let overX = steps;
  let overY = steps;
  for (let step = 1; step < steps; step++) {
    overX += acrossX;
    if (overX >= whole) (overX -= whole), x++;
    else if (overX < 0) (overX += whole), x--;
    overY += acrossY;
    if (overY >= whole) (overY -= whole), y++;
    else if (overY < 0) (overY += whole), y--;
    put(x, y);
  }
}

/** Pixels set one by one and laid on a canvas at once: for what is too small for a canvas' own lines to be worth their time. */

const known = new Map();
let probe = null;

/** A colour of CSS as a pixel of a canvas, at an opacity of 0 to 1. */
export function pixelOf(color, opacity) {
  const key = `${color}|${opacity}`;
  if (!known.has(key)) known.set(key, readPixel(color, opacity));
  return known.get(key);
}

function readPixel(color, opacity) {
  if (!probe) {
    probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    probe.canvas.width = probe.canvas.height = 1;
  }
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const { data } = probe.getImageData(0, 0, 1, 1);
  data[3] = Math.round(data[3] * opacity);
  return new Uint32Array(data.buffer)[0];
}

/** A grid of pixels, as wide and high as a view. */
export class Pixels {
  constructor(width, height) {
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [width, height];
    this.context = this.canvas.getContext("2d");
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

/** Tells each pixel of a grid that the lines and outlines of a feature touch, one after the other. */
export function walkPixels(layer, index, { scale, ox, oy }, width, height, tell) {
  const { xy, runs } = layer;
  const put = (x, y) => x >= 0 && y >= 0 && x < width && y < height && tell(y * width + x);
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) {
    let [x, y] = [NaN, NaN];
    for (let i = runs[run]; i < runs[run + 1]; i += 2) {
      const [nx, ny] = [Math.floor(xy[i] * scale - ox), Math.floor(xy[i + 1] * scale - oy)];
      if (nx === x && ny === y) continue;
      const steps = Number.isNaN(x) ? 1 : Math.max(Math.abs(nx - x), Math.abs(ny - y));
      for (let step = 1; step < steps; step++) put(Math.round(x + ((nx - x) * step) / steps), Math.round(y + ((ny - y) * step) / steps));
      put(nx, ny);
      [x, y] = [nx, ny];
    }
  }
}

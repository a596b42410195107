/** What lies under the map: terrain as pictures, or a base map of tiles; the reader chooses one, or none. */

import { hasPart, loadParts } from "../core/data.js";
import { WORLD } from "./geometry.js";
import { makeTiles } from "./tiles.js";
import { traceFeature } from "./trace.js";

const RELIEF = ["shade", "elevation", "slope"];
/** How much of a village's colour remains over classes of the ground, and over a base map. */
const OVER_CLASSES = 0.55;
const OVER_TILES = 0.5;

/** The ground that came with the page; null where there is none. */
export async function loadUnder() {
  if (!hasPart("ground")) return null;
  const { ground } = await loadParts("ground");
  const under = new Under(ground);
  await under.prepare();
  return under;
}

function decodePicture(bytes) {
  return createImageBitmap(new Blob([bytes], { type: "image/png" }));
}

export class Under {
  constructor(ground) {
    Object.assign(this, { relief: ground.relief, basemaps: ground.basemaps, streams: ground.streams, pictures: {}, layer: null, opacity: 1 });
    const tiles = ground.basemaps.map((_, i) => `tiles-${i}`);
    this.modes = [...(this.relief ? RELIEF : []), ...tiles, "none"];
    this.mode = this.relief ? this.relief.shown : "none";
    this.told = () => {}; // a base map begins to be seen, or cannot be had
  }

  /** Decodes the pictures that the chosen ground needs, each once. */
  async prepare() {
    const { relief } = this;
    if (!relief || !RELIEF.includes(this.mode)) return;
    const wanted = ["shade", this.mode].filter((name) => name in relief.pictures && !this.pictures[name]);
    const found = await Promise.all(wanted.map((name) => decodePicture(this.streams(relief.pictures[name]))));
    wanted.forEach((name, i) => (this.pictures[name] = found[i]));
  }

  /** Chooses a ground; `scene` is painted anew when it is there. */
  async choose(mode, scene) {
    this.mode = mode;
    this.layTiles(scene.map, scene);
    scene.ask();
    await this.prepare();
    scene.ask();
  }

  /** The base map that is chosen; null where none is. */
  get basemap() {
    return this.mode.startsWith("tiles-") ? this.basemaps[Number(this.mode.slice(6))] : null;
  }

  layTiles(map, scene) {
    if (this.layer) this.layer.remove();
    this.layer = this.basemap ? makeTiles(this.basemap, this.streams, () => (this.told(), scene.ask())) : null;
    this.layer?.setOpacity(this.opacity).addTo(map);
    this.told();
  }

  /** How strongly the base map is seen, 0 to 1. */
  setOpacity(opacity) {
    this.opacity = opacity;
    this.layer?.setOpacity(opacity);
  }

  /** Whether tiles are seen through the canvases of a view. */
  isSeen(view) {
    return Boolean(this.layer && this.layer.seen && !view.alone);
  }

  /** The classes that the ground shows; none where it shows no classes. */
  get classes() {
    return (this.relief && this.relief.classes[this.mode]) || [];
  }

  /** How much of a village's colour remains over the ground. */
  alpha(view) {
    return this.isSeen(view) ? OVER_TILES : this.classes.length ? OVER_CLASSES : 1;
  }

  /** The classes, above the land and below the villages. */
  paintBelow(scene, context, view) {
    if (this.classes.length) this.paintPicture(this.mode, scene, context, view);
  }

  /** The relief, above the villages: what is flat stays clear. */
  paintAbove(scene, context, view) {
    if (["shade", "elevation"].includes(this.mode)) this.paintPicture("shade", scene, context, view);
  }

  paintPicture(name, scene, context, view) {
    const picture = this.pictures[name];
    if (!picture) return;
    context.save();
    if (scene.border) {
      context.beginPath();
      traceFeature(context, scene.border, 0, view);
      context.clip("evenodd");
    }
    context.imageSmoothingQuality = "high";
    drawPart(context, picture, this.relief.frame, view);
    context.restore();
  }
}

/** Draws of a picture what the view shows, and two pixels more, so that none is stretched beyond what a canvas bears. */
function drawPart(context, picture, [west, north, east, south], view) {
  const [sx, sy] = [(picture.width / (east - west)) / WORLD, (picture.height / (south - north)) / WORLD];
  const cut = (value, most) => Math.min(most, Math.max(0, value));
  const left = cut(Math.floor((view.frame[0] - west * WORLD) * sx) - 2, picture.width);
  const top = cut(Math.floor((view.frame[1] - north * WORLD) * sy) - 2, picture.height);
  const right = cut(Math.ceil((view.frame[2] - west * WORLD) * sx) + 2, picture.width);
  const bottom = cut(Math.ceil((view.frame[3] - north * WORLD) * sy) + 2, picture.height);
  if (right <= left || bottom <= top) return;
  const x = (west * WORLD + left / sx) * view.scale - view.ox;
  const y = (north * WORLD + top / sy) * view.scale - view.oy;
  context.drawImage(picture, left, top, right - left, bottom - top, x, y, ((right - left) / sx) * view.scale, ((bottom - top) / sy) * view.scale);
}

/** What lies under the map: terrain or a photo as pictures, or a base map of tiles; the reader chooses one, or none. */

import { hasPart, loadParts } from "../core/data.js";
import { WORLD } from "./geometry.js";
import { makeTiles } from "./tiles.js";
import { traceFeature } from "./trace.js";

const RELIEF = ["shade", "elevation", "slope"];
/** How much of a village's colour remains over classes of the ground, and over a base map. */
const OVER_CLASSES = 0.55;
const OVER_PHOTOS = 0.5;
/** Pixels for each CSS pixel of a picture that is stretched on paper. */
const FINE = 1.5;
/** Tiles fade in; and so long is waited for them before a print. */
const [FADE_MS, LONGEST_MS] = [300, 8000];

/** The ground that came with the page; null where there is none. */
export async function loadUnder() {
  if (!hasPart("ground")) return null;
  const { ground } = await loadParts("ground");
  const under = new Under(ground);
  await under.prepare();
  return under;
}

/** The pictures of a ground by name: the stream of each, its type and where it lies. */
function listPictures({ relief, pictures }) {
  const found = Object.entries(relief ? relief.pictures : {}).map(([name, picture]) => [name, { picture, frame: relief.frame, type: "image/png" }]);
  return new Map([...found, ...pictures.map(({ picture, frame }, i) => [`picture-${i}`, { picture, frame, type: "image/webp" }])]);
}

export class Under {
  constructor(ground) {
    Object.assign(this, { relief: ground.relief, photos: ground.pictures, basemaps: ground.basemaps, streams: ground.streams, layer: null, opacity: 1 });
    this.pictures = listPictures(ground);
    this.modes = [...(this.relief ? RELIEF : []), ...this.photos.map((_, i) => `picture-${i}`), ...this.basemaps.map((_, i) => `tiles-${i}`), "none"];
    this.mode = this.relief ? this.relief.shown : "none";
    this.told = () => {}; // a base map begins to be seen, or cannot be had
  }

  /** The names of the pictures that the chosen ground is made of. */
  get drawn() {
    return [this.mode, this.mode === "elevation" ? "shade" : ""].filter((name) => this.pictures.has(name));
  }

  /** Decodes the pictures that the chosen ground needs, each once. */
  async prepare() {
    for (const name of this.drawn) {
      const told = this.pictures.get(name);
      told.image ||= await createImageBitmap(new Blob([this.streams(told.picture)], { type: told.type }));
    }
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

  /** Whether tiles are seen through the canvases of a view; on paper only if all have come. */
  isSeen(view) {
    return Boolean(this.layer && this.layer.seen && !view.alone && !(view.paper && this.layer.isLoading()));
  }

  /** Waits until the tiles that the map shows have come or could not be had, but no longer than is bearable. */
  settle() {
    const { layer } = this;
    if (!layer || !layer.isLoading()) return Promise.resolve();
    return new Promise((done) => {
      layer.once("load", () => setTimeout(done, FADE_MS));
      setTimeout(done, LONGEST_MS);
    });
  }

  /** The raster that lies under the map as it is; null where none does. */
  get photo() {
    return this.mode.startsWith("picture-") ? this.photos[Number(this.mode.slice(8))] : null;
  }

  /** The classes that the ground shows; none where it shows no classes. */
  get classes() {
    return (this.relief && this.relief.classes[this.mode]) || [];
  }

  /** How much of a village's colour remains over the ground. */
  alpha(view) {
    return this.photo || this.isSeen(view) ? OVER_PHOTOS : this.classes.length ? OVER_CLASSES : 1;
  }

  /** Classes or a photo, above the land and below the villages. */
  paintBelow(scene, context, view) {
    if (this.mode !== "shade") this.paintPicture(this.mode, scene, context, view);
  }

  /** The relief, above the villages: what is flat stays clear. */
  paintAbove(scene, context, view) {
    if (this.drawn.includes("shade")) this.paintPicture("shade", scene, context, view);
  }

  paintPicture(name, scene, context, view) {
    const { image, frame } = this.pictures.get(name) || {};
    if (!image) return;
    context.save();
    if (scene.border) {
      context.beginPath();
      traceFeature(context, scene.border, 0, view);
      context.clip("evenodd");
    }
    context.imageSmoothingQuality = "high";
    const isStretched = ((frame[2] - frame[0]) * WORLD * view.scale) / image.width > 1;
    (view.paper && isStretched ? drawFine : drawPart)(context, image, frame, view);
    context.restore();
  }
}

/** A canvas is played again on paper, where a stretched picture in it comes out in blocks; so it is stretched beforehand. */
function drawFine(context, picture, frame, view) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [view.width, view.height].map((length) => Math.ceil(length * FINE));
  const fine = canvas.getContext("2d");
  fine.scale(FINE, FINE);
  fine.imageSmoothingQuality = "high";
  drawPart(fine, picture, frame, view);
  context.drawImage(canvas, 0, 0, canvas.width / FINE, canvas.height / FINE);
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

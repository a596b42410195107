/**
 * The canvas tiles that all compact layers of a map are painted on: Leaflet's own grid, once a map, so that each tile is held and
 * laid out once however many layers there are, and a filter of many layers paints it once.
 */

import { UNIT_ZOOM } from "../map/geometry.js";
import { growthAt } from "../map/trace.js";
import { paintHighlight } from "./highlight.js";
import { paintLabels } from "./labels.js";
import { gather, paintLayer } from "./paint.js";
import { PAPER_RATIO, makePaneClass } from "./pane.js";
import { queue } from "./turns.js";

const TILE_PX = 256;
/** Lines are as wide as the style says at this zoom, that of a county. */
const PLAIN_ZOOM = 10.5;
/** How much wider than itself what is pointed at is drawn. */
const MORE_PX = 1.5;
/** The pane of a stack that lies over shapes of Leaflet's own: over theirs, under names and markers; the pointer goes through it. */
const OVER = { name: "geoplan", zIndex: 450 };
const stacks = new WeakMap();

/** How much wider or thinner than their style lines are at a zoom. */
export function growthOf(zoom) {
  return growthAt(zoom, PLAIN_ZOOM);
}

/** The stack of a map, made when its first layer comes. */
export function stackOf(map, Stack) {
  if (!stacks.has(map)) stacks.set(map, new Stack());
  return stacks.get(map);
}

function makeOver(map) {
  const pane = map.createPane(OVER.name);
  pane.style.zIndex = OVER.zIndex;
  pane.style.pointerEvents = "none";
}

/** The class of the stack over a page's Leaflet. */
export function makeStackClass(L) {
  const Pane = makePaneClass(L);
  return L.GridLayer.extend({
    options: { tileSize: TILE_PX, updateWhenZooming: false, keepBuffer: 1, zIndex: 400, className: "geoplan-compact" },

    initialize() {
      this.layers = [];
      this._print = () => this._layOnPaper();
      this._printed = () => this._takeFromPaper();
    },

    /** Lays a layer on top. The first that is shown decides for all, and for good, whether they lie over Leaflet's own shapes. */
    add(map, layer) {
      this.layers.push(layer);
      if (this.layers.length === 1) this._begin(map);
      layer.settled.then(() => this._welcome());
    },

    /** A layer that has come is painted into the tiles that are done; those that are still to be painted have waited for it. */
    _welcome() {
      if (Object.values(this._tiles || {}).some(({ el }) => el.painted)) this.ask();
      else if (this.over) this.over.ask();
    },

    /** Once the page's script is through: until then it may still say where the map shall look. */
    async _begin(map) {
      if (!this.covered) this._findPlace(map);
      await null;
      if (this.layers.length) map.addLayer(this);
    },

    /** Over the shapes that the map has by now; where it has none, under those to come. */
    _findPlace(map) {
      let shapes = false;
      map.eachLayer((one) => (shapes ||= one instanceof L.Path));
      if (shapes) makeOver(map);
      L.setOptions(this, { pane: shapes ? OVER.name : "tilePane" });
      this.covered = new Set(); // the layers that have a feature under the pointer
    },

    /** Where a layer has a feature under the pointer, Leaflet's own shapes below do not hear of it. */
    cover(layer, hits) {
      if (!this._map || this.options.pane !== OVER.name) return;
      this.covered[hits() ? "add" : "delete"](layer);
      this._map.getContainer().classList.toggle("geoplan-hit", this.covered.size > 0);
    },

    onAdd(map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      const needed = () => this.layers.some((layer) => layer.options.label || layer.pointed >= 0);
      this.over = new Pane((context, view) => this._paintOver(context, view), { padding: 0.1, pane: "shadowPane", needed });
      map.addLayer(this.over);
      window.addEventListener("beforeprint", this._print);
      window.addEventListener("afterprint", this._printed);
    },

    onRemove(map) {
      window.removeEventListener("beforeprint", this._print);
      window.removeEventListener("afterprint", this._printed);
      this._takeFromPaper();
      map.removeLayer(this.over);
      L.GridLayer.prototype.onRemove.call(this, map);
    },

    /** What lies over the tiles: the feature that is pointed at, and names. */
    _paintOver(context, view) {
      this.layers.forEach(({ data, pointed }) => pointed >= 0 && this._paintPointed(context, view, data, pointed));
      paintLabels(context, view, this._listLabelled(view));
    },

    _paintPointed(context, view, data, index) {
      const { weight, radius, shape } = data.looks[data.lookOf[index]];
      const growth = growthOf(view.zoom);
      paintHighlight(context, data, index, view, { width: (weight || 1) * growth + MORE_PX, radius: (radius || 3) * growth + MORE_PX, shape });
    },

    /** On paper all layers lie on one canvas in the place of the tiles: seams between tiles would be seen there. */
    _layOnPaper() {
      if (this.sheet) return;
      this.sheet = new Pane((context, view) => this._paintAll(context, view), { padding: 0, pane: this.options.pane, zIndex: this.options.zIndex });
      this.sheet.setPaper(PAPER_RATIO);
      this._map.addLayer(this.sheet);
      this._container.style.display = "none";
      this.over.setPaper(PAPER_RATIO);
      this.over.paint();
    },

    _takeFromPaper() {
      if (!this.sheet) return;
      this._map.removeLayer(this.sheet);
      this.sheet = null;
      this._container.style.display = "";
      this.over.setPaper(null);
      this.over.paint();
    },

    _paintAll(context, view) {
      const own = { ...view, growth: growthOf(view.zoom) };
      for (const { data, options } of this.layers) {
        if (!data || view.zoom < (options.style.minZoom || 0)) continue;
        context.globalAlpha = options.opacity;
        paintLayer(() => context, data, own, gather(data, own));
      }
      context.globalAlpha = 1;
    },

    /** Lays a layer over all others, or under them. */
    move(layer, up) {
      const others = this.layers.filter((one) => one !== layer);
      this.layers = up ? [...others, layer] : [layer, ...others];
      this.ask();
    },

    /** The layers whose features bear names in a view, the uppermost first. */
    _listLabelled({ zoom }) {
      const shown = this.layers.filter(({ data, options }) => data && options.label && zoom >= (options.style.minZoom || 0));
      return shown.reverse().map(({ data, options }) => ({ data, column: options.label, radius: (options.style.radius || 3) * growthOf(zoom) }));
    },

    drop(map, layer) {
      this.layers = this.layers.filter((one) => one !== layer);
      if (this.layers.length) this.ask();
      else map.removeLayer(this);
    },

    /** A tile is ready once it is painted, and that waits for the decoding of all layers that are there by then. */
    createTile(coords, done) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 0;
      tile.parts = new Map();
      const wait = () => {
        const late = this.layers.filter((layer) => !layer.over);
        if (late.length) return Promise.all(late.map((layer) => layer.settled)).then(wait);
        queue(() => {
          if (tile.parentNode) this._paintTile(tile, coords);
          done(null, tile);
        });
      };
      wait();
      return tile;
    },

    /** A tile that shows nothing has no pixels: they would have to be kept and laid over the map all the same. */
    _paintTile(tile, coords) {
      tile.painted = true;
      const view = this._viewOf(coords);
      let context = null;
      const begin = () => context || (context = beginTile(tile, view));
      for (const layer of this.layers) if (layer.data && coords.z >= (layer.options.style.minZoom || 0)) this._paintLayer(begin, tile, layer, view);
      if (!context) tile.width = 0;
    },

    /** What lies in a tile is looked up once: a filter only looks who of them may stay. */
    _paintLayer(begin, tile, layer, view) {
      if (!tile.parts.has(layer)) tile.parts.set(layer, gather(layer.data, view));
      const { opacity } = layer.options;
      const begun = () => Object.assign(begin(), { globalAlpha: opacity });
      paintLayer(begun, layer.data, view, tile.parts.get(layer));
    },

    _viewOf({ x, y, z }) {
      const { x: width, y: height } = this.getTileSize();
      const scale = 2 ** (z - UNIT_ZOOM);
      const [ox, oy] = [x * width, y * height];
      const frame = [ox / scale, oy / scale, (ox + width) / scale, (oy + height) / scale];
      const shift = Number.isInteger(z) ? UNIT_ZOOM - z : -1;
      return { scale, shift, ox, oy, frame, width, height, growth: growthOf(z), ratio: window.devicePixelRatio || 1 };
    },

    /** Paints again in the next frame, once however often it is asked. */
    ask() {
      if (!this._asked) this._asked = requestAnimationFrame(() => this._repaint());
    },

    /** What is in view at once, the tiles that are kept beside it when there is time. */
    _repaint() {
      this._asked = 0;
      if (!this._map) return;
      this.over.ask();
      const seen = this._pxBoundsToTileRange(this._getTiledPixelBounds(this._map.getCenter()));
      for (const { el, coords } of Object.values(this._tiles || {})) {
        if (!el.painted) continue; // its turn is still to come
        if (coords.z === this._tileZoom && seen.contains(coords)) this._paintTile(el, coords);
        else {
          el.painted = false;
          queue(() => el.parentNode && !el.painted && this._paintTile(el, coords));
        }
      }
    },

    /** Once for all tiles that a task paints: Leaflet asks for it after each. */
    _pruneTiles() {
      cancelAnimationFrame(this._pruning);
      this._pruning = requestAnimationFrame(() => L.GridLayer.prototype._pruneTiles.call(this));
    },

    /** Tiles stand there at once: fading in would only make them late. */
    _tileReady(...told) {
      const map = this._map;
      if (!map) return;
      const fades = map._fadeAnimated;
      map._fadeAnimated = false;
      L.GridLayer.prototype._tileReady.apply(this, told);
      map._fadeAnimated = fades;
    },
  });
}

/** A tile's context, empty, with its pixels as fine as the screen's. */
function beginTile(tile, { width, height, ratio }) {
  const fresh = tile.width !== width * ratio;
  if (fresh) [tile.width, tile.height] = [width * ratio, height * ratio];
  const context = tile.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!fresh) context.clearRect(0, 0, width, height);
  return context;
}

/** The layer on the map: canvas tiles of Leaflet's own grid, painted from typed arrays; a filter paints them again. */

import { UNIT_ZOOM, worldX, worldY } from "../map/geometry.js";
import { growthAt } from "../map/trace.js";
import { listShown, tellLegend } from "./legend.js";
import { gather, paintLayer } from "./paint.js";
import { makeMask } from "./mask.js";
import { pickFeature } from "./pick.js";
import { prepareLayer } from "./prepare.js";
import { makeCard, makeTip } from "./tips.js";

const TILE_PX = 256;
const NEAR_PX = 5;
/** Lines are as wide as the style says at this zoom, that of a county. */
const PLAIN_ZOOM = 10.5;

/** Work that waits its turn: tasks of a few milliseconds, so that the map never waits for long. */
const waiting = [];
const TASK_MS = 8;
const channel = new MessageChannel(); // a timeout would wait for at least 4 ms
channel.port1.onmessage = drain;

function queue(work) {
  if (waiting.push(work) === 1) channel.port2.postMessage(0);
}

function drain() {
  const end = performance.now() + TASK_MS;
  do waiting.shift()();
  while (waiting.length && performance.now() < end);
  if (waiting.length) channel.port2.postMessage(0);
}

/** The class of the layer over a page's Leaflet. */
export function makeLayerClass(L) {
  return L.GridLayer.extend({
    options: { tileSize: TILE_PX, updateWhenZooming: false, keepBuffer: 1, tooltip: [], popup: [], title: "", legend: true, type: "polygon", className: "geoplan-compact" },

    initialize(decoding, options) {
      L.setOptions(this, options);
      this.ready = decoding.then((document) => this._take(document));
      this.ready.catch((error) => console.error(error));
    },

    _take(document) {
      this.data = prepareLayer(document.layer, document.streams, this.options.style);
      this.data.names = this.options.names || {};
      if (this._map) tellLegend(L, this._map, this, true);
      this.fire("decoded");
      return this;
    },

    onAdd(map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      tellLegend(L, map, this, true);
      map.on("mousemove", this._hover, this).on("mouseout", this._leave, this).on("click", this._click, this);
      return this;
    },

    onRemove(map) {
      map.off("mousemove", this._hover, this).off("mouseout", this._leave, this).off("click", this._click, this);
      this._leave();
      tellLegend(L, map, this, false);
      return L.GridLayer.prototype.onRemove.call(this, map);
    },

    /** A tile is ready once it is painted, and that waits for the decoding. */
    createTile(coords, done) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 0;
      const paint = () => {
        this._paintTile(tile, coords);
        done(null, tile);
      };
      this.ready.then(() => queue(paint), done);
      return tile;
    },

    /** A tile that shows nothing has no pixels: they would have to be kept and laid over the others all the same. */
    _paintTile(tile, coords) {
      const drawn = coords.z >= (this.options.style.minZoom || 0) && this._paintFrame(tile, coords);
      if (!drawn) tile.width = 0;
    },

    _paintFrame(tile, coords) {
      const { x: width, y: height } = this.getTileSize();
      const scale = 2 ** (coords.z - UNIT_ZOOM);
      const [ox, oy] = [coords.x * width, coords.y * height];
      const frame = [ox / scale, oy / scale, (ox + width) / scale, (oy + height) / scale];
      const begin = () => {
        const ratio = window.devicePixelRatio || 1;
        if (tile.width !== width * ratio) [tile.width, tile.height] = [width * ratio, height * ratio];
        const context = tile.getContext("2d");
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, width, height);
        return context;
      };
      const view = { scale, ox, oy, frame, width, height, growth: growthAt(coords.z, PLAIN_ZOOM) };
      if (!tile.parts) tile.parts = gather(this.data, view); // once a tile: a filter only looks who of them may stay
      return paintLayer(begin, this.data, view, tile.parts);
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

    _repaint() {
      for (const { el, coords } of Object.values(this._tiles || {})) this._paintTile(el, coords);
    },

    /** Shows only features for which `keep(value of a column, …)` is true; all where `keep` is left out. */
    filter(columns, keep) {
      const { data } = this;
      data.mask = keep ? makeMask(data, columns, keep) : null;
      this._repaint();
      return this;
    },

    /** How many features are shown. */
    count() {
      return this.data.mask ? this.data.mask.reduce((sum, one) => sum + one, 0) : this.data.size;
    },

    /** The number of the feature under a place of the map; -1 for none. */
    pick(latlng) {
      if (!this.data || this._map.getZoom() < (this.options.style.minZoom || 0)) return -1;
      const scale = 2 ** (this._map.getZoom() - UNIT_ZOOM);
      const radius = ((this.options.style.radius || 3) * growthAt(this._map.getZoom(), PLAIN_ZOOM)) / scale;
      return pickFeature(this.data, worldX(latlng.lng), worldY(latlng.lat), NEAR_PX / scale, radius);
    },

    /** The feature to tell of under a place: of layers that lie over one another the uppermost has the word. */
    _pickFor(what, latlng) {
      if (!this.options[what].length) return -1;
      const above = listShown(this._map).slice(listShown(this._map).indexOf(this) + 1);
      return above.some((layer) => layer.options[what].length && layer.pick(latlng) >= 0) ? -1 : this.pick(latlng);
    },

    _hover({ latlng }) {
      const index = this._pickFor("tooltip", latlng);
      const tip = index < 0 ? null : makeTip(this.data, index, this.options.tooltip);
      if (!tip) return this._leave();
      if (!this._tip) this._tip = L.tooltip({ sticky: true, direction: "top" });
      this._tip.setLatLng(latlng).setContent(tip);
      if (!this._map.hasLayer(this._tip)) this._map.openTooltip(this._tip);
    },

    _leave() {
      if (this._tip && this._map) this._map.closeTooltip(this._tip);
    },

    _click({ latlng }) {
      const index = this._pickFor("popup", latlng);
      const card = index < 0 ? null : makeCard(this.data, index, this.options.popup, this.options.title);
      if (card) this._map.openPopup(L.popup({ maxWidth: 340 }).setLatLng(latlng).setContent(card));
    },
  });
}

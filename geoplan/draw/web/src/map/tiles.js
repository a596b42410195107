/** A base map of tiles under the canvases: of a server that the workspace names, or of files beside the page or in it. */

import { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";

/** In place of a tile that a file does not hold: a clear picture of one pixel. */
const CLEAR = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const TYPES = { png: "image/png", jpg: "image/jpeg", webp: "image/webp" };

/** The place of each tile of a set in the order of its spans, by "zoom/column/row". */
function numberTiles(spans) {
  const places = new Map();
  for (const zoom of Object.keys(spans).sort((a, b) => a - b))
    for (const [column, first, last] of spans[zoom]) for (let row = first; row <= last; row++) places.set(`${zoom}/${column}/${row}`, places.size);
  return places;
}

/** Tiles of a file: only those that are there are asked for. */
const FileTiles = TileLayer.extend({
  take(basemap, streams) {
    this._places = numberTiles(basemap.spans);
    this._own = "bytes" in basemap ? { bytes: streams(basemap.bytes), starts: listStarts(streams(basemap.sizes)), urls: new Map() } : null;
    return Object.assign(this, { _set: basemap });
  },

  getTileUrl({ x, y }) {
    const key = `${this._getZoomForUrl()}/${x}/${y}`;
    const place = this._places.get(key);
    if (place == null) return CLEAR;
    return this._own ? this._embedded(place) : `${this._set.folder}/${key}.${this._set.ending}`;
  },

  _embedded(place) {
    const { bytes, starts, urls } = this._own;
    const type = TYPES[this._set.ending];
    if (!urls.has(place)) urls.set(place, URL.createObjectURL(new Blob([bytes.subarray(starts[place], starts[place + 1])], { type })));
    return urls.get(place);
  },
});

function listStarts(sizes) {
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1] + size);
  return starts;
}

/** The layer of a base map; `told` is called when the first tile has come, and when the first one could not be had. */
export function makeTiles(basemap, streams, told) {
  const options = { maxZoom: 18, minNativeZoom: basemap.least, maxNativeZoom: basemap.most, attribution: "" };
  const layer = basemap.url ? new TileLayer(basemap.url, { ...options, subdomains: basemap.subdomains }) : new FileTiles("", options).take(basemap, streams);
  Object.assign(layer, { seen: false, failed: false });
  const note = (name) => () => {
    if (layer[name]) return;
    layer[name] = true;
    told();
  };
  layer.on("tileload", ({ tile }) => tile.src !== CLEAR && note("seen")());
  return layer.on("tileerror", note("failed"));
}
